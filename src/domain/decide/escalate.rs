//! Escalate: climbs the department's ladder. Whoever is told acknowledges, or the next rung is told by time.

use super::super::company::Role;
use super::super::event::Ask;
use super::super::ids::MemberId;
use super::super::lead::{Escalation, Priority};
use super::super::refusal::Refusal;
use super::super::timeline::Happened;
use super::change::Change;
use super::permission::{ago, needed};

pub(super) fn may_escalate(change: &Change<'_>, by: &MemberId) -> Result<(), Refusal> {
    change.must_be_open()?;
    change.must_be_agent(by, "escalate").map(drop)
}

pub(super) fn escalate(change: &mut Change<'_>, ask: &Ask, reason: &str) -> Result<String, Refusal> {
    may_escalate(change, &ask.by)?;
    let reason = needed(
        reason,
        "reason",
        "Say why this cannot wait; the people you call read it first.",
    )?
    .to_owned();
    let department = change.department_name(&change.lead.department);
    let Some(rungs) = change
        .department()
        .map(|department| department.ladder.len())
        .filter(|rungs| *rungs > 0)
    else {
        return Err(Refusal::because(format!(
            "{department} has no escalation ladder; an administrator adds one as `ladder` in the department’s settings."
        )));
    };
    let rung = change
        .lead
        .escalation
        .as_ref()
        .map_or(0, |escalation| escalation.rung + 1);
    if rung >= rungs {
        let id = change.lead.id;
        let told = change.lead.escalation.as_ref().map(|escalation| {
            let names: Vec<_> = escalation.told.iter().map(|member| change.name(member)).collect();
            format!("{} {}", names.join(" and "), ago(escalation.at, change.now))
        });
        return Err(Refusal::because(format!(
            "{id} is at the top of {department}’s ladder already; told: {}.",
            told.unwrap_or_default()
        )));
    }
    change.lead.priority = change.lead.priority.min(Priority::High);
    let told = climb(change, rung, reason);
    Ok(format!("{} is escalated; told: {told}.", change.lead.id))
}

pub(super) fn acknowledge(change: &mut Change<'_>, ask: &Ask) -> Result<String, Refusal> {
    let id = change.lead.id;
    let role = change.role(&ask.by);
    let name = change.name(&ask.by);
    let Some(escalation) = &mut change.lead.escalation else {
        return Err(Refusal::because(format!(
            "{id} is not escalated; there is nothing to acknowledge."
        )));
    };
    if let Some(by) = escalation.acknowledged.clone() {
        return Err(Refusal::because(format!(
            "{} acknowledged {id} already.",
            change.name(&by)
        )));
    }
    if !escalation.told.contains(&ask.by) && role.is_none_or(|role| role < Role::Lead) {
        return Err(Refusal::because(format!(
            "The alarm about {id} did not go to you; those who were told, or a lead of the department, acknowledge it."
        )));
    }
    escalation.acknowledged = Some(ask.by.clone());
    change.line(Happened::Acknowledged);
    if let Some(owner) = change.lead.owner().cloned() {
        change.notify(&owner, format!("{name} acknowledged the escalation of {id}."));
    }
    Ok(format!("Acknowledged; {id} climbs no further."))
}

/// Nobody acknowledged in time: the next rung is told.
pub(super) fn climb_on(change: &mut Change<'_>) {
    let Some(escalation) = change.lead.escalation.clone() else {
        return;
    };
    let rungs = change
        .department()
        .map_or(0, |department| department.ladder.len());
    if escalation.rung + 1 < rungs {
        climb(change, escalation.rung + 1, escalation.reason);
    } else if let Some(escalation) = &mut change.lead.escalation {
        escalation.climbs_at = None;
    }
}

/// Tells the people on one rung; returns their names.
fn climb(change: &mut Change<'_>, rung: usize, reason: String) -> String {
    let Some(department) = change.department() else {
        return String::new();
    };
    let Some(step) = department.ladder.get(rung) else {
        return String::new();
    };
    let climbs_at = (rung + 1 < department.ladder.len())
        .then(|| change.now.checked_add(step.wait).ok())
        .flatten();
    let earlier = change
        .lead
        .escalation
        .take()
        .map(|escalation| escalation.told)
        .unwrap_or_default();
    let told: Vec<_> = earlier
        .into_iter()
        .filter(|member| !step.tell.contains(member))
        .chain(step.tell.clone())
        .collect();
    change.lead.escalation = Some(Escalation {
        rung,
        reason: reason.clone(),
        told,
        at: change.now,
        climbs_at,
        acknowledged: None,
    });
    let id = change.lead.id;
    change.line(Happened::Escalated {
        rung,
        told: step.tell.clone(),
        reason: reason.clone(),
    });
    for member in &step.tell {
        change.notify(
            member,
            format!("{id} in {} needs you: {reason}. Acknowledge it (`/acknowledge {id}`), or the next rung is called.", department.name),
        );
    }
    let names: Vec<_> = step.tell.iter().map(|member| change.name(member)).collect();
    names.join(" and ")
}
