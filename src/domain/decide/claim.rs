//! Claim: of any number of simultaneous claims exactly one wins, and each loser is told who won (law 3).

use super::super::event::Ask;
use super::super::refusal::Refusal;
use super::super::timeline::Happened;
use super::change::Change;
use super::permission::ago;

pub(super) fn claim(change: &mut Change<'_>, ask: &Ask) -> Result<String, Refusal> {
    change.must_be_agent(&ask.by, "claim")?;
    change.must_be_open()?;
    if let Some(claim) = &change.lead.claim {
        let id = change.lead.id;
        return Err(Refusal::because(if claim.by == ask.by {
            format!(
                "{id} is yours already; you claimed it {}.",
                ago(claim.since, change.now)
            )
        } else {
            format!(
                "{} claimed {id} {}.",
                change.name(&claim.by),
                ago(claim.since, change.now)
            )
        }));
    }
    change.give_to(&ask.by);
    change.line(Happened::Claimed);
    if let Some(escalation) = &mut change.lead.escalation {
        // Whoever takes the lead has plainly heard the alarm.
        escalation.acknowledged.get_or_insert(ask.by.clone());
    }
    Ok(format!("{} is yours.", change.lead.id))
}
