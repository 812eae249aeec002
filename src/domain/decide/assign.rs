//! Assign: gives a lead to a colleague. Agents pass on what they hold; leads of the department assign anything.

use super::super::company::Role;
use super::super::event::Ask;
use super::super::ids::MemberId;
use super::super::refusal::Refusal;
use super::super::timeline::Happened;
use super::change::Change;

pub(super) fn may_assign(change: &Change<'_>, by: &MemberId) -> Result<(), Refusal> {
    change.must_be_open()?;
    change.must_hold_or_be_free(by, "assign")?;
    change.no_reply_under_way()?;
    change.no_hand_off_open()
}

pub(super) fn assign(change: &mut Change<'_>, ask: &Ask, to: &MemberId) -> Result<String, Refusal> {
    may_assign(change, &ask.by)?;
    let id = change.lead.id;
    let Some(member) = change.company().members.get(to) else {
        return Err(Refusal::of_field(
            "member",
            format!("There is no member “{to}”; `/who` lists everybody."),
        ));
    };
    let department = change.department_name(&change.lead.department);
    if change
        .company()
        .role(&change.lead.department, to)
        .is_none_or(|role| role < Role::Agent)
    {
        return Err(Refusal::of_field(
            "member",
            format!(
                "{} is not an agent of {department}. To pass {id} to another department, hand it off (`/hand-off {id}`).",
                member.name
            ),
        ));
    }
    if change.lead.owner() == Some(to) {
        return Err(Refusal::of_field(
            "member",
            format!("{} has {id} already.", member.name),
        ));
    }
    let from = change.lead.owner().cloned();
    change.give_to(to);
    change.line(Happened::Assigned {
        to: to.clone(),
        from: from.clone(),
    });
    let asker = change.name(&ask.by);
    change.notify(to, format!("{asker} assigned {id} to you."));
    if let Some(from) = from {
        change.notify(&from, format!("{asker} assigned {id} to {}.", member.name));
    }
    Ok(match &member.away {
        Some(away) => format!("{id} is with {} now, who is away ({away}).", member.name),
        None => format!("{id} is with {} now.", member.name),
    })
}
