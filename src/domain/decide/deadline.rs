//! Deadlines: what time alone does to a lead. Everything that is due at `now` is done in one decision, in a fixed order,
//! so that downtime of any length ends in the same state.

use jiff::Timestamp;

use super::super::refusal::Refusal;
use super::super::timeline::Happened;
use super::change::Change;
use super::permission::span;
use super::{Decision, View, escalate, hand_off, snooze};

pub(super) fn passed(view: &View<'_>, now: Timestamp) -> Result<Decision, Refusal> {
    let Some(lead) = view
        .lead
        .filter(|lead| lead.next_due().is_some_and(|due| due <= now))
    else {
        return Err(Refusal::because("nothing is due on this lead"));
    };
    let mut change = Change::by_switchboard(view, lead, now);
    let is_due = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);

    if change.lead.clock.waiting_since.is_some()
        && !change.lead.clock.breached
        && is_due(change.lead.clock.due)
    {
        breach(&mut change);
    }
    if is_due(change.lead.hand_off.as_ref().map(|hand_off| hand_off.expires)) {
        hand_off::expire(&mut change);
    }
    if let Some(escalation) = &change.lead.escalation
        && escalation.acknowledged.is_none()
        && is_due(escalation.climbs_at)
    {
        escalate::climb_on(&mut change);
    }
    if is_due(change.lead.snooze.as_ref().map(|snooze| snooze.until)) {
        snooze::wake(&mut change);
    }
    lease(&mut change);
    Ok(change.decided(String::new()))
}

fn breach(change: &mut Change<'_>) {
    let Some(due) = change.lead.clock.due else { return };
    change.lead.clock.breached = true;
    change.line(Happened::Breached { due });
    let id = change.lead.id;
    if let Some(owner) = change.lead.owner().cloned() {
        change.notify(
            &owner,
            format!("The answer to {id} is overdue; its author still waits."),
        );
    }
}

/// An idle owner is reminded; later the lead returns to the queue.
fn lease(change: &mut Change<'_>) {
    if !change.lead.lease_runs() {
        return;
    }
    let now = change.now;
    let Some(claim) = change.lead.claim.clone() else {
        return;
    };
    let id = change.lead.id;
    let idle = span(claim.renewed.duration_until(now));
    // A reply whose fate is open keeps its owner: somebody must be there to settle it.
    let lapses = claim.lapses_at.is_some_and(|at| at <= now);
    if lapses && change.no_reply_under_way().is_err() {
        change.renew_lease();
    } else if lapses {
        change.lead.claim = None;
        change.line(Happened::ClaimLapsed {
            owner: claim.by.clone(),
        });
        change.notify(
            &claim.by,
            format!("{id} went back to the queue after {idle} without a reply, note or snooze."),
        );
    } else if claim.nudge_at.is_some_and(|at| at <= now) {
        if let Some(claim) = &mut change.lead.claim {
            claim.nudge_at = None;
        }
        change.line(Happened::Nudged);
        let left = claim.lapses_at.map(|at| span(now.duration_until(at)));
        change.notify(
            &claim.by,
            format!(
                "{id} has waited {idle} for you{}. A reply, note or snooze keeps it yours.",
                left.map(|left| format!("; in {left} it returns to the queue"))
                    .unwrap_or_default()
            ),
        );
    }
}
