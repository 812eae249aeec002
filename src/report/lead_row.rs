//! One lead as one row of a list: what a busy person needs to choose what to do next. And the stub that stands for a
//! confidential lead where it may not be read.

use jiff::Timestamp;

use super::words::when;
use crate::domain::company::Company;
use crate::domain::decide::span;
use crate::domain::ids::MemberId;
use crate::domain::lead::{Lead, OutgoingState, Priority};
use crate::domain::mention::PublicText;
use crate::domain::notice::Row;

/// Does the list already say which department it is about?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    Department,
    Nothing,
}

/// The lead as this member may see it.
pub fn for_member(company: &Company, lead: &Lead, who: &MemberId, naming: Naming, now: Timestamp) -> Row {
    if company.may_read(&lead.department, who) {
        full(company, lead, naming, now)
    } else {
        stub(company, lead)
    }
}

/// Number, department and state: all that a colleague elsewhere sees of a confidential lead.
pub fn stub(company: &Company, lead: &Lead) -> Row {
    Row {
        lead: Some(lead.id),
        text: format!(
            "{} · {} · confidential",
            company.department_name(&lead.department),
            lead.state().word()
        ),
        said: None,
        at: None,
    }
}

/// Everything in short: `urgent · waiting 3 h · Dana Okafor · due in 12 min`.
pub fn full(company: &Company, lead: &Lead, naming: Naming, now: Timestamp) -> Row {
    let mut parts = Vec::new();
    if naming == Naming::Department {
        parts.push(company.department_name(&lead.department).to_owned());
    }
    if lead.priority != Priority::Normal {
        parts.push(lead.priority.word().to_owned());
    }
    if lead.is_open()
        && let Some(since) = lead.clock.waiting_since
    {
        parts.push(format!("waiting {}", span(now.duration_since(since))));
    }
    parts.push(match lead.owner() {
        Some(owner) => company.name_of(owner).to_owned(),
        None => "unclaimed".to_owned(),
    });
    parts.push(standing(company, lead, now));
    parts.extend(clock(lead, now));
    parts.extend(trouble(lead).map(str::to_owned));
    parts.retain(|part| !part.is_empty());
    Row {
        lead: Some(lead.id),
        text: parts.join(" · "),
        said: Some(said(lead)),
        at: Some(match &lead.resolution {
            Some(resolution) => resolution.at,
            None => lead.urgency().1,
        }),
    }
}

/// Who wrote, and the first words of the newest message: `@mara: where is my parcel`.
pub fn said(lead: &Lead) -> PublicText {
    let excerpt = lead.latest.excerpt.as_written();
    match &lead.author {
        Some(author) if !author.handle.is_empty() => PublicText::new(format!(
            "@{}: {excerpt}",
            author.handle.as_written().trim_start_matches('@')
        )),
        _ => PublicText::new(excerpt),
    }
}

/// The response clock in words: `due in 12 min`, `breached 2 h ago`, `ball with the author`; none where there is no target.
pub fn clock(lead: &Lead, now: Timestamp) -> Option<String> {
    if !lead.is_open() {
        return None;
    }
    if lead.clock.waiting_since.is_none() {
        return Some("ball with the author".to_owned());
    }
    match lead.clock.due {
        Some(due) if due > now => Some(format!("due in {}", span(due.duration_since(now)))),
        Some(due) => Some(format!("breached {} ago", span(now.duration_since(due)))),
        None if lead.clock.breached => Some("breached".to_owned()),
        None => None,
    }
}

/// What the lead waits for besides its clock; empty where the owner and the clock say it all.
fn standing(company: &Company, lead: &Lead, now: Timestamp) -> String {
    if let Some(resolution) = &lead.resolution {
        let ago = span(now.duration_since(resolution.at));
        return format!("resolved as {} {ago} ago", resolution.outcome.label());
    }
    if let Some(hand_off) = &lead.hand_off {
        return format!("offered to {}", company.department_name(&hand_off.to));
    }
    if let Some(snooze) = &lead.snooze {
        let zone = zone_of(company, lead);
        return format!("snoozed until {}", when(snooze.until, &zone, now));
    }
    String::new()
}

/// The local time of the lead's department; UTC where the department has left the configuration.
pub fn zone_of(company: &Company, lead: &Lead) -> jiff::tz::TimeZone {
    company
        .department(&lead.department)
        .map_or(jiff::tz::TimeZone::UTC, |department| {
            department.calendar.zone.clone()
        })
}

fn trouble(lead: &Lead) -> impl Iterator<Item = &'static str> {
    let escalated = lead
        .escalation
        .as_ref()
        .filter(|escalation| lead.is_open() && escalation.acknowledged.is_none())
        .map(|_| "escalated");
    let reply = lead.outgoing.as_ref().map(|outgoing| match outgoing.state {
        OutgoingState::Sending => "reply on its way",
        OutgoingState::Failed { .. } => "reply failed",
        OutgoingState::Uncertain { .. } => "reply uncertain",
    });
    escalated.into_iter().chain(reply)
}
