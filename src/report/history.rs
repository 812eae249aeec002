//! History in plain words: one line per entry of a timeline, for `show`, exports and the card's story.
//! Deliberately without times and places, which the surface adds; what was said in public stays `PublicText`.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::words::names;
use crate::domain::company::Company;
use crate::domain::lead::Priority;
use crate::domain::mention::{Mention, MentionKind, PublicText};
use crate::domain::timeline::{Actor, Entry, Happened};

/// One entry in words, and what was said in public with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    pub text: String,
    pub said: Option<PublicText>,
}

/// Tells one entry: `Dana Okafor claimed it`. Times within the sentence are in `zone`, the department's.
pub fn sentence(company: &Company, zone: &TimeZone, entry: &Entry) -> Sentence {
    let who = actor(company, &entry.by);
    let department = |id| company.department_name(id);
    let mut said = None;
    let text = match &entry.what {
        Happened::Opened {
            department: opened_in,
            priority,
            reasons,
        } => {
            let urgency = match priority {
                Priority::Normal => String::new(),
                other => format!(" as {}", other.word()),
            };
            because(
                format!("Opened in {}{urgency}", department(opened_in)),
                &reasons.join("; "),
            )
        }
        Happened::MentionReceived { mention } => {
            said = Some(mention.text.clone());
            wrote(mention)
        }
        Happened::MentionEdited { text, .. } => {
            said = Some(text.clone());
            "The author changed it".to_owned()
        }
        Happened::MentionDeleted { .. } => "The author deleted it".to_owned(),
        Happened::PublicReplySeen { post } => {
            said = Some(post.text.clone());
            "One of our accounts answered in public".to_owned()
        }
        Happened::Claimed => format!("{who} claimed it"),
        Happened::Released { reason } => because(
            format!("{who} released it"),
            reason.as_deref().unwrap_or_default(),
        ),
        Happened::Nudged => "The owner was reminded".to_owned(),
        Happened::ClaimLapsed { owner } => format!(
            "The claim of {} lapsed; back in the queue",
            company.name_of(owner)
        ),
        Happened::Assigned { to, from } => {
            let before = from.as_ref().map_or(String::new(), |from| {
                format!(" (before: {})", company.name_of(from))
            });
            format!("{who} assigned it to {}{before}", company.name_of(to))
        }
        Happened::ReplyRequested { text, .. } => {
            said = Some(PublicText::new(text));
            format!("{who} sent a reply")
        }
        Happened::ReplyPublished { text, .. } => {
            said = Some(PublicText::new(text));
            "The reply is public".to_owned()
        }
        Happened::ReplyFailed { why, .. } => because("The reply was not published".to_owned(), why),
        Happened::ReplyUncertain { why, .. } => {
            because("Nobody can tell whether the reply is public".to_owned(), why)
        }
        Happened::ReplyDropped { .. } => format!("{who} dropped the unpublished reply"),
        Happened::AnsweredThere { .. } => format!("{who} answered on the network itself"),
        Happened::Noted { text } => because(format!("{who} noted"), text),
        Happened::HandOffOffered { to, packet, .. } => {
            because(format!("{who} offered it to {}", department(to)), &packet.summary)
        }
        Happened::HandOffAccepted { from, to } => {
            format!(
                "{who} accepted it for {}, from {}",
                department(to),
                department(from)
            )
        }
        Happened::HandOffDeclined { to, reason } => {
            because(format!("{who} declined it for {}", department(to)), reason)
        }
        Happened::HandOffExpired { to } => format!(
            "{} did not answer in time; it stays with the sender",
            department(to)
        ),
        Happened::HandOffWithdrawn { to } => format!("{who} withdrew the offer to {}", department(to)),
        Happened::Escalated { rung, told, reason } => because(
            format!(
                "{who} escalated it to {} (step {})",
                names(company, told),
                rung + 1
            ),
            reason,
        ),
        Happened::Acknowledged => format!("{who} acknowledged the escalation"),
        Happened::Snoozed { until } => format!("{who} snoozed it until {}", moment(*until, zone)),
        Happened::Woke => "The snooze is over".to_owned(),
        Happened::Breached { due } => {
            format!("Breached: an answer was due {}", moment(*due, zone))
        }
        Happened::Resolved {
            outcome,
            note,
            duplicate_of,
        } => {
            let twin = duplicate_of.map_or(String::new(), |twin| format!(" of {twin}"));
            because(
                format!("{who} resolved it as {}{twin}", outcome.label()),
                note.as_deref().unwrap_or_default(),
            )
        }
        Happened::Reopened { reason } => because(format!("{who} reopened it"), reason),
    };
    Sentence { text, said }
}

/// Who made an entry, as a sentence begins.
pub fn actor<'a>(company: &'a Company, actor: &'a Actor) -> &'a str {
    match actor {
        Actor::Member(member) => company.name_of(member),
        Actor::Author => "The author",
        Actor::Account => "One of our accounts",
        Actor::Switchboard => "Switchboard",
    }
}

/// The word that exports use for what happened; the same that the store's records carry.
pub fn did(what: &Happened) -> &'static str {
    match what {
        Happened::Opened { .. } => "opened",
        Happened::MentionReceived { .. } => "mention_received",
        Happened::MentionEdited { .. } => "mention_edited",
        Happened::MentionDeleted { .. } => "mention_deleted",
        Happened::PublicReplySeen { .. } => "public_reply_seen",
        Happened::Claimed => "claimed",
        Happened::Released { .. } => "released",
        Happened::Nudged => "nudged",
        Happened::ClaimLapsed { .. } => "claim_lapsed",
        Happened::Assigned { .. } => "assigned",
        Happened::ReplyRequested { .. } => "reply_requested",
        Happened::ReplyPublished { .. } => "reply_published",
        Happened::ReplyFailed { .. } => "reply_failed",
        Happened::ReplyUncertain { .. } => "reply_uncertain",
        Happened::ReplyDropped { .. } => "reply_dropped",
        Happened::AnsweredThere { .. } => "answered_there",
        Happened::Noted { .. } => "noted",
        Happened::HandOffOffered { .. } => "hand_off_offered",
        Happened::HandOffAccepted { .. } => "hand_off_accepted",
        Happened::HandOffDeclined { .. } => "hand_off_declined",
        Happened::HandOffExpired { .. } => "hand_off_expired",
        Happened::HandOffWithdrawn { .. } => "hand_off_withdrawn",
        Happened::Escalated { .. } => "escalated",
        Happened::Acknowledged => "acknowledged",
        Happened::Snoozed { .. } => "snoozed",
        Happened::Woke => "woke",
        Happened::Breached { .. } => "breached",
        Happened::Resolved { .. } => "resolved",
        Happened::Reopened { .. } => "reopened",
    }
}

fn wrote(mention: &Mention) -> String {
    match (mention.kind, mention.rating) {
        (MentionKind::Mention, _) => "The author wrote".to_owned(),
        (MentionKind::Comment, _) => "The author commented".to_owned(),
        (MentionKind::DirectMessage, _) => "The author wrote in private".to_owned(),
        (MentionKind::Review, Some(stars)) => format!("The author left a review, {stars} of 5"),
        (MentionKind::Review, None) => "The author left a review".to_owned(),
    }
}

fn because(text: String, reason: &str) -> String {
    match reason.trim() {
        "" => text,
        reason => format!("{text}: {reason}"),
    }
}

fn moment(at: Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(at).strftime("%-d %b %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::LeadId;
    use crate::domain::lead::{Outcome, Packet};
    use crate::domain::timeline::GENESIS;

    fn review() -> Box<Mention> {
        Box::new(Mention {
            connector: "shop".into(),
            network: "reviews".into(),
            id: "r1".to_owned(),
            kind: MentionKind::Review,
            author: Default::default(),
            text: "never again".into(),
            created: Timestamp::UNIX_EPOCH,
            account: None,
            language: None,
            url: None,
            in_reply_to: None,
            conversation: None,
            media: Vec::new(),
            rating: Some(2),
            reply_target: None,
            own: false,
        })
    }

    #[test]
    fn every_entry_has_its_sentence_and_the_word_of_its_record() {
        use Happened::*;
        let key = || "k".to_owned();
        let text = || "We are sorry.".to_owned();
        let why = || "rate limit".to_owned();
        for (what, told) in [
            (
                Opened {
                    department: "support".into(),
                    priority: Priority::Urgent,
                    reasons: vec!["route “outage”".to_owned(), "a follower count".to_owned()],
                },
                "Opened in support as urgent: route “outage”; a follower count",
            ),
            (
                MentionReceived { mention: review() },
                "The author left a review, 2 of 5",
            ),
            (
                PublicReplySeen { post: review() },
                "One of our accounts answered in public",
            ),
            (Claimed, "dana claimed it"),
            (Released { reason: None }, "dana released it"),
            (
                Released {
                    reason: Some("lunch".to_owned()),
                },
                "dana released it: lunch",
            ),
            (Nudged, "The owner was reminded"),
            (
                ClaimLapsed { owner: "lee".into() },
                "The claim of lee lapsed; back in the queue",
            ),
            (
                Assigned {
                    to: "lee".into(),
                    from: None,
                },
                "dana assigned it to lee",
            ),
            (
                Assigned {
                    to: "lee".into(),
                    from: Some("mo".into()),
                },
                "dana assigned it to lee (before: mo)",
            ),
            (
                ReplyRequested {
                    key: key(),
                    text: text(),
                },
                "dana sent a reply",
            ),
            (
                ReplyPublished {
                    key: key(),
                    text: text(),
                    permalink: None,
                    native_id: None,
                },
                "The reply is public",
            ),
            (
                ReplyFailed {
                    key: key(),
                    why: why(),
                },
                "The reply was not published: rate limit",
            ),
            (
                ReplyUncertain {
                    key: key(),
                    why: why(),
                },
                "Nobody can tell whether the reply is public: rate limit",
            ),
            (ReplyDropped { key: key() }, "dana dropped the unpublished reply"),
            (
                AnsweredThere { permalink: None },
                "dana answered on the network itself",
            ),
            (
                Noted {
                    text: "call back".to_owned(),
                },
                "dana noted: call back",
            ),
            (
                HandOffOffered {
                    to: "sales".into(),
                    packet: Packet {
                        summary: "wants a quote".to_owned(),
                        ..Packet::default()
                    },
                    expires: Timestamp::UNIX_EPOCH,
                },
                "dana offered it to sales: wants a quote",
            ),
            (
                HandOffAccepted {
                    from: "support".into(),
                    to: "sales".into(),
                },
                "dana accepted it for sales, from support",
            ),
            (
                HandOffDeclined {
                    to: "sales".into(),
                    reason: "no stock".to_owned(),
                },
                "dana declined it for sales: no stock",
            ),
            (
                HandOffExpired { to: "sales".into() },
                "sales did not answer in time; it stays with the sender",
            ),
            (
                HandOffWithdrawn { to: "sales".into() },
                "dana withdrew the offer to sales",
            ),
            (
                Escalated {
                    rung: 1,
                    told: vec!["mo".into(), "kim".into(), "lee".into()],
                    reason: "a journalist asks".to_owned(),
                },
                "dana escalated it to mo, kim and lee (step 2): a journalist asks",
            ),
            (Acknowledged, "dana acknowledged the escalation"),
            (
                Snoozed {
                    until: Timestamp::UNIX_EPOCH,
                },
                "dana snoozed it until 1 Jan 00:00",
            ),
            (Woke, "The snooze is over"),
            (
                Breached {
                    due: Timestamp::UNIX_EPOCH,
                },
                "Breached: an answer was due 1 Jan 00:00",
            ),
            (
                Resolved {
                    outcome: Outcome::Duplicate,
                    note: Some("same parcel".to_owned()),
                    duplicate_of: Some(LeadId(3)),
                },
                "dana resolved it as duplicate of L-3: same parcel",
            ),
            (
                Reopened {
                    reason: "it broke again".to_owned(),
                },
                "dana reopened it: it broke again",
            ),
        ] {
            let record = serde_json::to_value(&what).expect("a record");
            assert_eq!(record["did"], did(&what));
            let by = Actor::Member("dana".into());
            let entry = Entry::chained(GENESIS, LeadId(1), 0, Timestamp::UNIX_EPOCH, by, None, what);
            let sentence = sentence(&Company::default(), &TimeZone::UTC, &entry);
            assert_eq!(sentence.text, told);
        }
    }
}
