//! Decisions, one file per verb: `(view, event, now) → Decision`, or a `Refusal`. Pure: no clock, no store, no randomness.
//! The view holds everything a decision may look at; the desk commits what comes back, whole or not at all.

use jiff::Timestamp;

use super::assessment::Assessment;
use super::capability::Capabilities;
use super::company::Company;
use super::effect::Effect;
use super::event::{Ask, Event, Report, Verb};
use super::ids::{LeadId, PlatformId};
use super::lead::Lead;
use super::refusal::Refusal;
use super::timeline::{Actor, Happened};

mod assign;
mod change;
mod claim;
mod deadline;
mod delivery;
mod draft;
mod escalate;
mod hand_off;
mod intake;
mod may;
mod note;
mod permission;
mod release;
mod reopen;
mod reply;
mod resolve;
mod snooze;
mod upstream;

pub use may::may;
pub use permission::{ago, span};

use change::Change;

/// What a decision may look at.
pub struct View<'a> {
    pub company: &'a Company,
    /// The subject as it is now; none for a mention that opens a new lead.
    pub lead: Option<&'a Lead>,
    /// The number a new lead would take.
    pub next_lead: LeadId,
    /// The conversation a mention belongs to.
    pub conversation: &'a str,
    /// The mention was delivered before: count it and change nothing else. For a report: the reply was seen in public before.
    pub repeat: bool,
    /// What listening makes of the mention; none for every other event.
    pub assessment: Option<&'a Assessment>,
    /// What the lead's network can do.
    pub capabilities: &'a Capabilities,
}

/// One line for the lead's timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub at: Timestamp,
    pub by: Actor,
    pub via: Option<PlatformId>,
    pub what: Happened,
}

/// A lead as it will be, what happened to it, and the errands that follow.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    pub lead: Lead,
    pub lines: Vec<Line>,
    /// Whether the lead's cards, wherever they are, must be brought up to date.
    pub card: bool,
    /// Errands besides the cards.
    pub effects: Vec<Effect>,
    /// What the person who asked is told; empty when nobody asked.
    pub answer: String,
}

/// How many request keys a lead remembers; a platform's retries come within minutes.
const REMEMBERED_KEYS: usize = 8;

/// Decides what an event means for one lead. Events that concern no lead (cursors, digests, attempts) never come here.
pub fn decide(view: &View<'_>, event: &Event, now: Timestamp) -> Result<Decision, Refusal> {
    match event {
        Event::MentionReceived { mention, backlog } => intake::received(view, mention, *backlog, now),
        Event::ChangedUpstream(news) => upstream::changed(view, news, now),
        Event::Asked(ask) => asked(view, ask, now),
        Event::DeadlinePassed(_) => deadline::passed(view, now),
        Event::Reported { errand, report } => reported(view, &errand.effect, report, now),
        Event::DraftKept { draft, .. } => match view.lead.filter(|lead| lead.is_open()) {
            Some(lead) => draft::kept(Change::by_switchboard(view, lead, now), draft),
            None => Err(Refusal::because("a draft is kept only for an open lead")),
        },
        Event::TroubleFound { .. }
        | Event::CursorAdvanced { .. }
        | Event::DigestDue { .. }
        | Event::AttemptBegan(_) => Err(Refusal::because("this event concerns no lead")),
    }
}

fn asked(view: &View<'_>, ask: &Ask, now: Timestamp) -> Result<Decision, Refusal> {
    let Some(lead) = view.lead else {
        return Err(Refusal::because(format!(
            "There is no {}. `/queue` lists what is open; `/find` searches.",
            ask.lead
        )));
    };
    if lead.recent_keys.contains(&ask.key) {
        return Err(Refusal::because(format!(
            "That was done already; {} is as it should be.",
            lead.id
        )));
    }
    let mut change = Change::by_member(view, lead, ask, now);
    let answer = match &ask.verb {
        Verb::Claim => claim::claim(&mut change, ask),
        Verb::Release { reason } => release::release(&mut change, ask, reason.as_deref()),
        Verb::Assign { to } => assign::assign(&mut change, ask, to),
        Verb::Reply { text, seen } => reply::reply(&mut change, ask, text, *seen),
        Verb::Retry => reply::retry(&mut change, ask),
        Verb::Settle { published, permalink } => {
            delivery::settle(&mut change, ask, *published, permalink.as_deref())
        }
        Verb::AnsweredThere { permalink } => reply::answered_there(&mut change, ask, permalink.as_deref()),
        Verb::Note { text } => note::note(&mut change, ask, text),
        Verb::HandOff { to, packet } => hand_off::offer(&mut change, ask, to, packet),
        Verb::Accept => hand_off::accept(&mut change, ask),
        Verb::Decline { reason } => hand_off::decline(&mut change, ask, reason),
        Verb::Withdraw => hand_off::withdraw(&mut change, ask),
        Verb::Escalate { reason } => escalate::escalate(&mut change, ask, reason),
        Verb::Acknowledge => escalate::acknowledge(&mut change, ask),
        Verb::Snooze { until } => snooze::snooze(&mut change, ask, *until),
        Verb::Resolve {
            outcome,
            note,
            duplicate_of,
        } => resolve::resolve(&mut change, ask, *outcome, note.as_deref(), *duplicate_of),
        Verb::Reopen { reason } => reopen::reopen(&mut change, ask, reason.as_deref()),
    }?;
    let sent = ask.verb.command();
    change
        .lead
        .drafts
        .retain(|draft| draft.by != ask.by || draft.command != sent);
    if !change.lead.is_open() {
        change.lead.drafts.clear();
    }
    let keys = &mut change.lead.recent_keys;
    keys.push(ask.key.clone());
    if keys.len() > REMEMBERED_KEYS {
        keys.remove(0);
    }
    Ok(change.decided(answer))
}

fn reported(view: &View<'_>, effect: &Effect, report: &Report, now: Timestamp) -> Result<Decision, Refusal> {
    let (Some(lead), Effect::PublishReply { key, .. }) = (view.lead, effect) else {
        return Err(Refusal::because("this report changes no lead"));
    };
    delivery::reported(Change::by_switchboard(view, lead, now), key, report)
}
