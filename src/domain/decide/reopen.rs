//! Reopen: brings a resolved lead back. Its former owner keeps it; otherwise it returns to the queue.

use super::super::event::Ask;
use super::super::refusal::Refusal;
use super::super::timeline::Happened;
use super::change::Change;

pub(super) fn reopen(change: &mut Change<'_>, ask: &Ask, reason: Option<&str>) -> Result<String, Refusal> {
    change.must_be_agent(&ask.by, "reopen")?;
    let id = change.lead.id;
    if change.lead.is_open() {
        return Err(Refusal::because(match change.lead.owner() {
            Some(owner) => format!("{id} is open; {} has it.", change.name(owner)),
            None => format!("{id} is open and waits in the queue."),
        }));
    }
    let reason = reason
        .map(str::trim)
        .filter(|reason| !reason.is_empty())
        .unwrap_or("no reason given");
    change.lead.resolution = None;
    change.line(Happened::Reopened {
        reason: reason.to_owned(),
    });
    change.renew_lease();
    let asker = change.name(&ask.by);
    Ok(match change.lead.owner().cloned() {
        Some(owner) if owner == ask.by => format!("{id} is open again, and yours."),
        Some(owner) => {
            change.notify(
                &owner,
                format!("{asker} reopened {id}, which is still yours: {reason}"),
            );
            format!("{id} is open again; {} has it.", change.name(&owner))
        }
        None => format!("{id} is open again and waits in the queue."),
    })
}
