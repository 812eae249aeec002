//! Release: an owner gives a lead back to the queue; a lead of the department may take it from somebody, and says why.

use super::super::event::Ask;
use super::super::refusal::Refusal;
use super::super::timeline::Happened;
use super::change::Change;

pub(super) fn release(change: &mut Change<'_>, ask: &Ask, reason: Option<&str>) -> Result<String, Refusal> {
    change.must_be_open()?;
    let Some(owner) = change.lead.owner().cloned() else {
        return Err(Refusal::because(format!(
            "Nobody has {}; it is in the queue.",
            change.lead.id
        )));
    };
    change.must_hold(&ask.by, "release")?;
    change.no_reply_under_way()?;
    change.no_hand_off_open()?;
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    if owner != ask.by && reason.is_none() {
        return Err(Refusal::of_field(
            "reason",
            format!(
                "{} has {}; say why you take it back.",
                change.name(&owner),
                change.lead.id
            ),
        ));
    }
    change.lead.claim = None;
    change.lead.snooze = None;
    change.line(Happened::Released {
        reason: reason.map(str::to_owned),
    });
    let taker = change.name(&ask.by);
    let id = change.lead.id;
    change.notify(
        &owner,
        format!(
            "{taker} put {id} back into the queue: {}",
            reason.unwrap_or("no reason given")
        ),
    );
    Ok(format!("{id} is back in the queue."))
}
