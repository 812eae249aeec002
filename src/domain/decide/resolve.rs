//! Resolve: the end of a lead's story, with its outcome. A follow-up of the author reopens it (see `intake`).

use super::super::event::Ask;
use super::super::ids::{LeadId, MemberId};
use super::super::lead::{Outcome, Resolution};
use super::super::refusal::Refusal;
use super::super::timeline::Happened;
use super::change::Change;

pub(super) fn may_resolve(change: &Change<'_>, by: &MemberId) -> Result<(), Refusal> {
    change.must_be_open()?;
    change.must_hold_or_be_free(by, "resolve")?;
    change.no_reply_under_way()?;
    change.no_hand_off_open()
}

pub(super) fn resolve(
    change: &mut Change<'_>,
    ask: &Ask,
    outcome: Outcome,
    note: Option<&str>,
    duplicate_of: Option<LeadId>,
) -> Result<String, Refusal> {
    may_resolve(change, &ask.by)?;
    let id = change.lead.id;
    match (outcome, duplicate_of) {
        (Outcome::Duplicate, None) => {
            return Err(Refusal::of_field(
                "duplicate_of",
                format!("Say which lead {id} repeats: `/resolve {id} duplicate of L-7`."),
            ));
        }
        (Outcome::Duplicate, Some(other)) if other == id => {
            return Err(Refusal::of_field(
                "duplicate_of",
                format!("{id} cannot be a duplicate of itself."),
            ));
        }
        (Outcome::Duplicate, Some(_)) | (_, None) => {}
        (other, Some(_)) => {
            return Err(Refusal::of_field(
                "outcome",
                format!(
                    "A lead resolved as {} repeats no other; leave that field empty.",
                    other.label()
                ),
            ));
        }
    }
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    change.lead.resolution = Some(Resolution {
        outcome,
        by: Some(ask.by.clone()),
        at: change.now,
        duplicate_of,
    });
    change.lead.snooze = None;
    change.drop_failed_reply();
    change.lead.escalation = None;
    change.lead.clock.waiting_since = None;
    change.lead.clock.due = None;
    change.line(Happened::Resolved {
        outcome,
        note: note.map(str::to_owned),
        duplicate_of,
    });
    Ok(format!("{id} is resolved as {}.", outcome.label()))
}
