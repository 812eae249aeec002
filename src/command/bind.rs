//! What each command means: the one place where a name becomes a verb or a reading. One arm per command; which options it
//! has and how they are read stands in its TOML.

use std::collections::BTreeMap;

use super::value::{Complaint, Value};
use super::{Reading, WhoAbout};
use crate::domain::event::Verb;
use crate::domain::lead::Packet;

#[derive(Clone, Copy, Debug)]
pub(super) enum Binding {
    Verb(fn(&Given) -> Result<Verb, Complaint>),
    Reading(fn(&Given) -> Result<Reading, Complaint>),
}

/// The values of a command's options, by name.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub values: BTreeMap<String, Value>,
    /// Entries in the lead's timeline when the form was opened; none on a line.
    pub seen: Option<u32>,
}

pub(super) fn binding(name: &str) -> Option<Binding> {
    use Binding::{Reading as Read, Verb as Ask};
    Some(match name {
        "claim" => Ask(|_| Ok(Verb::Claim)),
        "release" => Ask(|given| {
            Ok(Verb::Release {
                reason: given.text("reason"),
            })
        }),
        "assign" => Ask(|given| {
            given.need("member", |value| match value {
                Value::Member(to) => Some(Verb::Assign { to: to.clone() }),
                _ => None,
            })
        }),
        "reply" => Ask(|given| {
            Ok(Verb::Reply {
                text: given.need_text("text")?,
                seen: given.seen,
            })
        }),
        "retry" => Ask(|_| Ok(Verb::Retry)),
        "settle" => Ask(|given| {
            let published = given.need_text("found")? == "sent";
            Ok(Verb::Settle {
                published,
                permalink: given.text("link"),
            })
        }),
        "answered" => Ask(|given| {
            Ok(Verb::AnsweredThere {
                permalink: given.text("link"),
            })
        }),
        "note" => Ask(|given| {
            Ok(Verb::Note {
                text: given.need_text("text")?,
            })
        }),
        "hand-off" => Ask(|given| {
            let to = given.need("department", |value| match value {
                Value::Department(department) => Some(department.clone()),
                _ => None,
            })?;
            let packet = Packet {
                summary: given.need_text("summary")?,
                promised: given.text("promised").unwrap_or_default(),
                suggested_reply: given.text("suggested_reply").unwrap_or_default(),
            };
            Ok(Verb::HandOff { to, packet })
        }),
        "accept" => Ask(|_| Ok(Verb::Accept)),
        "decline" => Ask(|given| {
            Ok(Verb::Decline {
                reason: given.need_text("reason")?,
            })
        }),
        "withdraw" => Ask(|_| Ok(Verb::Withdraw)),
        "escalate" => Ask(|given| {
            Ok(Verb::Escalate {
                reason: given.need_text("reason")?,
            })
        }),
        "acknowledge" => Ask(|_| Ok(Verb::Acknowledge)),
        "snooze" => Ask(|given| {
            given.need("until", |value| match value {
                Value::Moment(until) => Some(Verb::Snooze { until: *until }),
                _ => None,
            })
        }),
        "resolve" => Ask(|given| {
            let outcome = given.need("outcome", |value| match value {
                Value::Outcome(outcome) => Some(*outcome),
                _ => None,
            })?;
            Ok(Verb::Resolve {
                outcome,
                note: given.text("note"),
                duplicate_of: given.lead("duplicate_of").ok(),
            })
        }),
        "reopen" => Ask(|given| {
            Ok(Verb::Reopen {
                reason: given.text("reason"),
            })
        }),
        "queue" => Read(|given| {
            Ok(Reading::Queue {
                department: given.department(),
            })
        }),
        "mine" => Read(|_| Ok(Reading::Mine)),
        "show" => Read(|given| {
            Ok(Reading::Show {
                lead: given.lead("lead")?,
            })
        }),
        "find" => Read(|given| {
            Ok(Reading::Find {
                words: given.need_text("words")?,
            })
        }),
        "who" => Read(|given| {
            let about = match given.values.get("about") {
                Some(Value::Lead(lead)) => WhoAbout::Lead(*lead),
                Some(Value::Department(department)) => WhoAbout::Department(department.clone()),
                Some(Value::Member(member)) => WhoAbout::Member(member.clone()),
                _ => WhoAbout::Everybody,
            };
            Ok(Reading::Who { about })
        }),
        "help" => Read(|given| {
            Ok(Reading::Help {
                command: given.text("command"),
            })
        }),
        "digest" => Read(|given| {
            Ok(Reading::Digest {
                department: given.department(),
            })
        }),
        _ => return None,
    })
}
