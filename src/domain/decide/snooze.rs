//! Snooze: sets a lead aside until a named time. The promise to the public runs on: a snooze never stops the response clock.

use jiff::{SignedDuration, Timestamp};

use super::super::event::Ask;
use super::super::ids::MemberId;
use super::super::lead::Snooze;
use super::super::refusal::Refusal;
use super::super::timeline::Happened;
use super::change::Change;
use super::permission::span;

const LONGEST_SNOOZE: SignedDuration = SignedDuration::from_hours(90 * 24);

pub(super) fn may_snooze(change: &Change<'_>, by: &MemberId) -> Result<(), Refusal> {
    change.must_be_open()?;
    change.must_hold(by, "snooze")?;
    change.no_reply_under_way()?;
    change.no_hand_off_open()
}

pub(super) fn snooze(change: &mut Change<'_>, ask: &Ask, until: Timestamp) -> Result<String, Refusal> {
    may_snooze(change, &ask.by)?;
    let length = change.now.duration_until(until);
    if length <= SignedDuration::ZERO {
        return Err(Refusal::of_field(
            "until",
            "That moment has passed; name one in the future, such as `2h` or `tomorrow 9:00`.",
        ));
    }
    if length > LONGEST_SNOOZE {
        return Err(Refusal::of_field(
            "until",
            "That is more than 90 days away; resolve the lead instead, it reopens when the author writes.",
        ));
    }
    change.lead.snooze = Some(Snooze {
        until,
        by: ask.by.clone(),
    });
    change.renew_lease();
    change.line(Happened::Snoozed { until });
    let id = change.lead.id;
    let due = change
        .lead
        .clock
        .due
        .filter(|due| change.lead.clock.waiting_since.is_some() && *due < until);
    Ok(match due {
        Some(due) if due > change.now => format!(
            "{id} sleeps for {}. Mind that its answer is due in {}.",
            span(length),
            span(change.now.duration_until(due))
        ),
        Some(_) => format!(
            "{id} sleeps for {}. Mind that its answer is overdue.",
            span(length)
        ),
        None => format!("{id} sleeps for {}.", span(length)),
    })
}

/// The time has come.
pub(super) fn wake(change: &mut Change<'_>) {
    let Some(snooze) = change.lead.snooze.take() else {
        return;
    };
    change.renew_lease();
    change.line(Happened::Woke);
    let id = change.lead.id;
    let whom = change.lead.owner().cloned().unwrap_or(snooze.by);
    change.notify(&whom, format!("{id} is awake again; you set it aside until now."));
}
