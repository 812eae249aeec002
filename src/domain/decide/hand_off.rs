//! Hand off: two phases, so that a lead cannot go cold between two chairs. The sender stays owner, and its clock runs,
//! until somebody in the other department accepts; a decline or a time-out returns it with the reason.

use super::super::event::Ask;
use super::super::ids::{DepartmentId, MemberId};
use super::super::lead::{HandOff, Packet};
use super::super::refusal::Refusal;
use super::super::timeline::Happened;
use super::change::Change;
use super::permission::needed;

pub(super) fn may_offer(change: &Change<'_>, by: &MemberId) -> Result<(), Refusal> {
    change.must_be_open()?;
    change.must_hold_or_be_free(by, "hand off")?;
    change.no_reply_under_way()?;
    change.no_hand_off_open()
}

/// Whether the asker may accept or decline the open offer.
pub(super) fn may_answer(change: &Change<'_>, by: &MemberId, what: &str) -> Result<HandOff, Refusal> {
    let hand_off = open_offer(change)?;
    change.must_be_agent_of(&hand_off.to, by, what)?;
    Ok(hand_off)
}

pub(super) fn offer(
    change: &mut Change<'_>,
    ask: &Ask,
    to: &DepartmentId,
    packet: &Packet,
) -> Result<String, Refusal> {
    may_offer(change, &ask.by)?;
    let id = change.lead.id;
    let Some(target) = change.company().department(to) else {
        return Err(Refusal::of_field(
            "department",
            format!("There is no department “{to}”; `/who` lists them."),
        ));
    };
    if *to == change.lead.department {
        return Err(Refusal::of_field(
            "department",
            format!(
                "{id} is with {} already; to give it to a colleague, assign it.",
                target.name
            ),
        ));
    }
    let summary = needed(
        &packet.summary,
        "summary",
        "Say in a sentence what the other department needs to know; they start from it.",
    )?;
    let expires = change
        .now
        .checked_add(target.hand_off_timeout)
        .unwrap_or(change.now);
    if change.lead.claim.is_none() {
        // Somebody must stand for the lead while the offer is open.
        change.give_to(&ask.by);
        change.line(Happened::Claimed);
    }
    let by = change.lead.owner().cloned().unwrap_or_else(|| ask.by.clone());
    let packet = Packet {
        summary: summary.to_owned(),
        promised: packet.promised.trim().to_owned(),
        suggested_reply: packet.suggested_reply.trim().to_owned(),
    };
    change.lead.snooze = None;
    change.lead.hand_off = Some(HandOff {
        to: to.clone(),
        by,
        packet: packet.clone(),
        offered: change.now,
        expires,
    });
    change.line(Happened::HandOffOffered {
        to: to.clone(),
        packet,
        expires,
    });
    Ok(format!(
        "{id} is offered to {}. It stays yours, and its clock runs, until they accept.",
        target.name
    ))
}

pub(super) fn accept(change: &mut Change<'_>, ask: &Ask) -> Result<String, Refusal> {
    let hand_off = may_answer(change, &ask.by, "accept")?;
    let from = change.lead.department.clone();
    let sender = change.lead.owner().cloned();
    change.lead.hand_off = None;
    change.lead.escalation = None;
    change.lead.department = hand_off.to.clone();
    change.give_to(&ask.by);
    if change.lead.clock.waiting_since.is_some() {
        change.set_due(change.now);
    }
    change.line(Happened::HandOffAccepted {
        from,
        to: hand_off.to.clone(),
    });
    let (id, name) = (change.lead.id, change.name(&ask.by));
    let department = change.department_name(&hand_off.to);
    for member in [Some(hand_off.by), sender]
        .into_iter()
        .flatten()
        .collect::<std::collections::BTreeSet<_>>()
    {
        change.notify(
            &member,
            format!("{name} accepted {id} for {department}. It is off your desk."),
        );
    }
    Ok(format!("{id} is yours and belongs to {department} now."))
}

pub(super) fn decline(change: &mut Change<'_>, ask: &Ask, reason: &str) -> Result<String, Refusal> {
    let hand_off = may_answer(change, &ask.by, "decline")?;
    let reason = needed(
        reason,
        "reason",
        "Say why, so that the sender knows what to do next.",
    )?;
    change.lead.hand_off = None;
    change.renew_lease();
    change.line(Happened::HandOffDeclined {
        to: hand_off.to.clone(),
        reason: reason.to_owned(),
    });
    let (id, name) = (change.lead.id, change.name(&ask.by));
    let department = change.department_name(&hand_off.to);
    change.notify(
        &hand_off.by,
        format!("{name} declined {id} for {department}: {reason}. It is still yours."),
    );
    Ok(format!("{id} goes back to {}.", change.name(&hand_off.by)))
}

pub(super) fn withdraw(change: &mut Change<'_>, ask: &Ask) -> Result<String, Refusal> {
    let hand_off = open_offer(change)?;
    change.must_hold(&ask.by, "withdraw the offer of")?;
    change.lead.hand_off = None;
    change.renew_lease();
    change.line(Happened::HandOffWithdrawn { to: hand_off.to });
    Ok(format!("The offer of {} is withdrawn.", change.lead.id))
}

/// Nobody answered in time: the lead stays with its sender, who is told.
pub(super) fn expire(change: &mut Change<'_>) {
    let Some(hand_off) = change.lead.hand_off.take() else {
        return;
    };
    change.line(Happened::HandOffExpired {
        to: hand_off.to.clone(),
    });
    change.renew_lease();
    let (id, department) = (change.lead.id, change.department_name(&hand_off.to));
    change.notify(
        &hand_off.by,
        format!(
            "Nobody in {department} took {id} in time. It is still yours; offer it again, or escalate it."
        ),
    );
}

fn open_offer(change: &Change<'_>) -> Result<HandOff, Refusal> {
    change.lead.hand_off.clone().ok_or_else(|| {
        let id = change.lead.id;
        let owner = match change.lead.owner() {
            Some(owner) => format!("{} has it", change.name(owner)),
            None => "it is in the queue".to_owned(),
        };
        let department = change.department_name(&change.lead.department);
        Refusal::because(format!(
            "No hand-off of {id} is open; it belongs to {department} and {owner}."
        ))
    })
}
