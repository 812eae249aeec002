//! The app's home: what is about to be late or is, what a member holds, and what their departments' queues hold.
//!
//! Home tabs: <https://docs.slack.dev/surfaces/app-home/>

use jiff::Timestamp;
use serde_json::{Value, json};

use super::blocks::{ALWAYS, BLOCKS_OF_A_VIEW, Layout, actions, context, header, section};
use super::button;
use super::card::sign;
use super::text::{date, harmless, mrkdwn, plain, plain_line, words};
use crate::domain::card::Action;
use crate::domain::ids::{DepartmentId, LeadId, NetworkId};
use crate::domain::lead::Priority;
use crate::domain::mention::PublicText;

/// Leads of one list; the queue itself is a command away.
const LISTED: usize = 8;
const DEPARTMENTS: usize = 8;
/// Far below what Slack takes for one view.
const LONGEST_VIEW: usize = 100_000;

/// A lead in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    pub lead: LeadId,
    pub priority: Priority,
    pub said: PublicText,
    pub network: NetworkId,
    pub department_name: String,
    pub owner_name: Option<String>,
    pub due: Option<Timestamp>,
    pub breached: bool,
    pub actions: Vec<Action>,
}

/// A department's queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub department: DepartmentId,
    pub department_name: String,
    /// The most urgent ones.
    pub leads: Vec<Summary>,
    /// How many there are in all.
    pub open: usize,
}

/// What one member sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Home {
    pub breaching: Vec<Summary>,
    pub mine: Vec<Summary>,
    pub queues: Vec<Waiting>,
}

pub fn home(home: &Home) -> Value {
    let mut layout = Layout::default();
    if !home.breaching.is_empty() {
        layout.add("late", ALWAYS, vec![header("⏰ Late, or soon")]);
        list(&mut layout, "breaching", 1, &home.breaching, home.breaching.len());
    }
    layout.add("held", ALWAYS, vec![header("Your leads")]);
    if home.mine.is_empty() {
        let nothing = "You hold no lead. Claim one below, or in a channel.";
        layout.add("idle", ALWAYS, vec![section(plain(nothing, 200))]);
    }
    list(&mut layout, "mine", 2, &home.mine, home.mine.len());
    for (at, waiting) in home.queues.iter().take(DEPARTMENTS).enumerate() {
        let title = format!("{} · {} open", words(&waiting.department_name, 80), waiting.open);
        let mut blocks = vec![header(&title)];
        let queue = button::button("queue", "Whole queue", waiting.department.as_str());
        if waiting.open > 0 {
            blocks.push(actions(vec![queue]));
        }
        layout.add(format!("department-{at}"), ALWAYS, blocks);
        let leads = &waiting.leads;
        list(
            &mut layout,
            &format!("queue{at}"),
            3,
            leads,
            waiting.open.max(leads.len()),
        );
    }
    let (blocks, _) = layout.fit("home", BLOCKS_OF_A_VIEW, LONGEST_VIEW);
    json!({ "type": "home", "callback_id": "home", "blocks": blocks })
}

/// `name` keeps a lead that stands in two lists apart from itself.
fn list(layout: &mut Layout, name: &str, rank: u32, leads: &[Summary], all: usize) {
    let shown = leads.len().min(LISTED);
    for (at, lead) in leads.iter().take(LISTED).enumerate() {
        layout.add(format!("{name}-{at}-{}", lead.lead), rank, summary(lead));
    }
    if all > shown && shown > 0 {
        let more = format!("… and {} more", all - shown);
        layout.add(
            format!("{name}more"),
            rank,
            vec![context(vec![plain(&more, 100)])],
        );
    }
}

fn summary(lead: &Summary) -> Vec<Value> {
    let said = words(lead.said.as_written(), 200);
    let first = format!("{} {} · {said}", sign(lead.priority), lead.lead);
    let owner = lead.owner_name.as_deref();
    let mut parts = vec![
        harmless(lead.network.label(), 60),
        harmless(&lead.department_name, 80),
        owner.map_or("unclaimed".to_owned(), |owner| harmless(owner, 80)),
    ];
    match lead.due {
        Some(due) if lead.breached => parts.push(format!("⏰ was due {}", date(due))),
        Some(due) => parts.push(format!("due {}", date(due))),
        None if lead.breached => parts.push("⏰ overdue".to_owned()),
        None => {}
    }
    let mut blocks = vec![
        section(plain_line(&first, 400)),
        context(vec![mrkdwn(&parts.join(" · "), 1_000)]),
    ];
    let mut rows = button::rows(&lead.actions, lead.lead, None);
    // One row a lead; the rest is on its card.
    if !rows.is_empty() {
        blocks.push(actions(rows.swap_remove(0)));
    }
    blocks
}
