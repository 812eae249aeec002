//! A department's morning summary: figures, lists, charts where there are any, and a button to the queue. Stands alone
//! without pictures.
//!
//! Pictures of our own: <https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object/>

use serde_json::Value;

use super::blocks::{ALWAYS, BLOCKS_OF_A_MESSAGE, LONGEST_MESSAGE, Layout};
use super::blocks::{actions, bold, context, fields, header, paragraph, rich, span, uploaded};
use super::text::{harmless, mrkdwn, notification, plain_line, words};
use super::{Message, button, rows};
use crate::domain::digest::{Digest, Figures};

const ROWS: usize = 15;
/// What one list may take of the message.
const ROOM: usize = 4_000;
/// Breached leads that are named; the rest are counted.
const NAMED: usize = 15;
const PICTURES: usize = 6;
const AGES: [&str; 5] = ["under 1 h", "1–4 h", "4–24 h", "1–3 d", "over 3 d"];
const WAITS: [&str; 6] = ["15 min", "1 h", "4 h", "24 h", "3 d", "longer"];

/// `pictures` are files that were uploaded to Slack: id, title, and what each shows for those who do not see it.
pub fn digest(digest: &Digest, pictures: &[(String, String, String)]) -> Message {
    let title = format!(
        "{} · {}",
        words(&digest.department_name, 80),
        digest.day.strftime("%A, %-d %B %Y")
    );
    let mut layout = Layout::default();
    layout.add("header", ALWAYS, vec![header(&title)]);
    layout.add("figures", ALWAYS, vec![fields(figures(digest))]);
    for (at, (file, name, alt)) in pictures.iter().take(PICTURES).enumerate() {
        layout.add(format!("picture-{at}"), 1, vec![uploaded(file, name, alt)]);
    }
    let lists = [
        ("oldest", "Waiting longest", &digest.oldest),
        ("stale", "Stale claims", &digest.stale_claims),
        ("offers", "Hand-offs without an answer", &digest.open_hand_offs),
    ];
    for (rank, (name, title, list)) in (2..).zip(lists) {
        if !list.is_empty() {
            let mut elements = vec![paragraph(vec![bold(title), span("\n")])];
            let (rows, left) = rows::rows(list, ROWS, ROOM);
            elements.extend(rows);
            elements.extend(rows::and_more(left));
            layout.add(name, rank, vec![rich(elements)]);
        }
    }
    if digest.unexamined > 0 {
        let more = format!(
            "{} more are open; the lists and ages above are of the most urgent ones.",
            digest.unexamined
        );
        layout.add("unexamined", ALWAYS, vec![context(vec![plain_line(&more, 300)])]);
    }
    let queue = button::button("queue", "Open the queue", digest.department.as_str());
    layout.add("actions", ALWAYS, vec![actions(vec![queue])]);
    let open: u64 = digest.open_by_age.iter().map(|count| u64::from(*count)).sum();
    let prefix = format!("digest:{}", digest.day);
    let (blocks, _) = layout.fit(&prefix, BLOCKS_OF_A_MESSAGE, LONGEST_MESSAGE);
    Message {
        text: notification(&format!(
            "{title}: {open} open, {} breached",
            digest.breached.len()
        )),
        blocks,
    }
}

fn figures(digest: &Digest) -> Vec<Value> {
    let mut figures = Vec::new();
    let mut add = |name: &str, value: String| figures.push(mrkdwn(&format!("*{name}*\n{value}"), 1_000));
    let counted = |names: &[&str], counts: &[u32]| {
        let named = names.iter().zip(counts).filter(|(_, count)| **count > 0);
        let parts: Vec<String> = named.map(|(name, count)| format!("{name}: {count}")).collect();
        match parts.is_empty() {
            true => "none".to_owned(),
            false => parts.join(" · "),
        }
    };
    add("Open, by how long they wait", counted(&AGES, &digest.open_by_age));
    add("Breached", breached(digest));
    let Figures {
        mentions,
        leads,
        replies,
        resolved,
        won,
        breaches,
        handed_on,
        first_responses,
    } = digest.yesterday;
    add(
        "Yesterday",
        format!("{mentions} mentions · {leads} leads · {replies} replies"),
    );
    add(
        "Ended yesterday",
        format!("{resolved} resolved ({won} won) · {handed_on} handed on"),
    );
    add("Targets missed yesterday", breaches.to_string());
    add("First answers within", counted(&WAITS, &first_responses));
    figures
}

fn breached(digest: &Digest) -> String {
    if digest.breached.is_empty() {
        return "none".to_owned();
    }
    let named: Vec<String> = digest
        .breached
        .iter()
        .take(NAMED)
        .map(ToString::to_string)
        .collect();
    let named = harmless(&named.join(", "), 600);
    match digest.breached.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
