//! `who`: of a lead, who owns it, who may act and who is next; of a department, its members and their load; of a
//! member, where they work and what they hold; of nobody in particular, who is at work.

use jiff::Timestamp;

use super::show::{confidential, header};
use crate::domain::company::{Company, Department, Member, Role};
use crate::domain::decide::span;
use crate::domain::ids::{DepartmentId, LeadId, MemberId};
use crate::domain::lead::Lead;
use crate::domain::notice::{Notice, Row, Tone};
use crate::domain::refusal::Refusal;
use crate::port::store::{Queue, Store, StoreError};
use crate::report::words::{count, names};

/// Beyond this, a load is `100 or more`.
const LOAD: usize = 100;
const COUNTED: usize = 10_000;

/// Who is at work and with how much, who is away.
pub fn who_of_everybody(store: &dyn Store, company: &Company) -> Result<Notice, StoreError> {
    let (away_now, at_work): (Vec<&Member>, Vec<&Member>) =
        company.members.values().partition(|member| member.away.is_some());
    let mut notice = Notice::new(
        Tone::Plain,
        format!("At work: {} of {}.", at_work.len(), company.members.len()),
    );
    for member in at_work.into_iter().chain(away_now) {
        let departments: Vec<&str> = company
            .departments
            .values()
            .filter(|department| department.role(&member.id).is_some())
            .map(|department| department.name.as_str())
            .collect();
        notice.rows.push(line(format!(
            "{} · {} · holds {}{}",
            member.name,
            if departments.is_empty() {
                "no department".to_owned()
            } else {
                departments.join(", ")
            },
            load(store, &member.id)?,
            away(company, &member.id)
        )));
    }
    Ok(notice)
}

/// Owner, who may act, who is away, who is next on the ladder.
pub fn who_of_lead(
    store: &dyn Store,
    company: &Company,
    lead: LeadId,
    who: &MemberId,
    now: Timestamp,
) -> Result<Notice, StoreError> {
    let Some(lead) = store.lead(lead)? else {
        return Ok(Refusal::because(format!("There is no lead {lead}.")).into());
    };
    if !company.may_read(&lead.department, who) {
        return Ok(confidential(company, &lead));
    }
    let mut notice = Notice::new(Tone::Plain, header(company, &lead, now));
    notice.rows.push(line(match lead.owner() {
        Some(owner) => format!("Owner: {}{}", company.name_of(owner), away(company, owner)),
        None => "Owner: nobody yet".to_owned(),
    }));
    notice.rows.push(line(format!(
        "May act: {}",
        listed(company, acting(company, &lead.department))
    )));
    if let Some(department) = company.department(&lead.department) {
        notice
            .rows
            .push(line(next_on_ladder(company, department, &lead, now)));
    }
    if let Some(hand_off) = &lead.hand_off {
        notice.rows.push(line(format!(
            "{} may accept: {}",
            company.department_name(&hand_off.to),
            listed(company, acting(company, &hand_off.to))
        )));
    }
    Ok(notice)
}

/// Members by role, who is away, what each holds.
pub fn who_of_department(
    store: &dyn Store,
    company: &Company,
    department: &DepartmentId,
) -> Result<Notice, StoreError> {
    let Some(department) = company.department(department) else {
        return Ok(Refusal::because(format!("There is no department called “{department}”.")).into());
    };
    let open = store.queue_length(&Queue::Department(department.id.clone()), COUNTED)?;
    let mut notice = Notice::new(
        Tone::Plain,
        format!(
            "{}: {}, {}.",
            department.name,
            count(department.roles.len(), "member", "members"),
            match open {
                COUNTED.. => "10,000 or more open leads".to_owned(),
                open => count(open, "open lead", "open leads"),
            }
        ),
    );
    let mut members: Vec<_> = department.roles.iter().collect();
    members.sort_by_key(|(member, role)| (std::cmp::Reverse(**role), company.name_of(member).to_owned()));
    for (member, role) in members {
        notice.rows.push(line(format!(
            "{} · {} · holds {}{}",
            company.name_of(member),
            role.word(),
            load(store, member)?,
            away(company, member)
        )));
    }
    Ok(notice)
}

/// Where the member works, and what the member holds in all departments together.
pub fn who_of_member(store: &dyn Store, company: &Company, member: &MemberId) -> Result<Notice, StoreError> {
    let mut notice = Notice::new(
        Tone::Plain,
        format!(
            "{} holds {}{}.",
            company.name_of(member),
            load(store, member)?,
            away(company, member)
        ),
    );
    if company.admins.contains(member) {
        notice.rows.push(line("The whole company · admin".to_owned()));
    }
    for department in company.departments.values() {
        if let Some(role) = department.role(member) {
            notice
                .rows
                .push(line(format!("{} · {}", department.name, role.word())));
        }
    }
    Ok(notice)
}

/// Who may work on the department's leads, by name.
fn acting(company: &Company, department: &DepartmentId) -> Vec<MemberId> {
    let roles = company
        .department(department)
        .into_iter()
        .flat_map(|department| &department.roles)
        .filter(|(_, role)| **role >= Role::Agent)
        .map(|(member, _)| member);
    let mut members: Vec<MemberId> = roles.chain(&company.admins).cloned().collect();
    members.sort_by_key(|member| company.name_of(member).to_owned());
    members.dedup();
    members
}

fn listed(company: &Company, members: Vec<MemberId>) -> String {
    if members.is_empty() {
        return "nobody".to_owned();
    }
    members
        .iter()
        .map(|member| format!("{}{}", company.name_of(member), away(company, member)))
        .collect::<Vec<_>>()
        .join(", ")
}

fn next_on_ladder(company: &Company, department: &Department, lead: &Lead, now: Timestamp) -> String {
    let rung = match &lead.escalation {
        None => 0,
        Some(escalation) => {
            if let Some(by) = &escalation.acknowledged {
                return format!("Escalated: {} acknowledged it", company.name_of(by));
            }
            escalation.rung + 1
        }
    };
    let waits = lead
        .escalation
        .as_ref()
        .and_then(|escalation| escalation.climbs_at)
        .map_or(String::new(), |at| {
            format!(", in {}", span(at.duration_since(now)))
        });
    match department.ladder.get(rung) {
        Some(next) => format!(
            "Next on the ladder: {} (step {} of {}{waits})",
            names(company, &next.tell),
            rung + 1,
            department.ladder.len()
        ),
        None if department.ladder.is_empty() => "Next on the ladder: there is no ladder".to_owned(),
        None => "Next on the ladder: nobody, the last step was told".to_owned(),
    }
}

fn load(store: &dyn Store, member: &MemberId) -> Result<String, StoreError> {
    Ok(match store.queue_length(&Queue::Owner(member.clone()), LOAD)? {
        0 => "no open lead".to_owned(),
        LOAD.. => format!("{LOAD} or more open leads"),
        held => count(held, "open lead", "open leads"),
    })
}

/// ` (away until Monday)` where the member is away; `away` is until when, in words.
fn away(company: &Company, member: &MemberId) -> String {
    company
        .members
        .get(member)
        .and_then(|member| member.away.as_deref())
        .map_or(String::new(), |until| format!(" (away until {until})"))
}

fn line(text: String) -> Row {
    Row {
        lead: None,
        text,
        said: None,
        at: None,
    }
}
