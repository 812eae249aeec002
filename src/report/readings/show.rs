//! `show`: one lead with its history, oldest first.

use jiff::Timestamp;

use crate::domain::company::Company;
use crate::domain::ids::{LeadId, MemberId};
use crate::domain::lead::{Lead, Priority, State};
use crate::domain::notice::{Notice, Row, Tone};
use crate::domain::refusal::Refusal;
use crate::domain::timeline::Entry;
use crate::port::store::{Store, StoreError};
use crate::report::history;
use crate::report::lead_row::{self, clock};
use crate::report::words::{count, excerpt, when};

/// Entries shown; what is older is counted.
const ENTRIES: u32 = 50;
/// Characters of a public text in one line of history.
const EXCERPT: usize = 280;

/// The lead in one line, and its history as rows: `Dana Okafor claimed it · 10:02 · web`.
pub fn show(
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
    let earlier = lead.entries.saturating_sub(ENTRIES);
    let entries = store.timeline(lead.id, earlier, ENTRIES as usize)?;
    let mut notice = Notice::new(Tone::Plain, header(company, &lead, now));
    notice.earlier = Some(earlier as usize);
    let line = |entry| line(company, &lead, entry, now);
    notice.rows.extend(entries.iter().map(line));
    Ok(notice)
}

/// What a colleague elsewhere is told of a confidential lead.
pub(super) fn confidential(company: &Company, lead: &Lead) -> Notice {
    let department = company.department_name(&lead.department);
    Notice::new(
        Tone::Plain,
        format!(
            "{} · {department} · {} · only {department} may read it.",
            lead.id,
            lead.state().word()
        ),
    )
}

/// `L-142 · Support · urgent · claimed by Dana Okafor · due in 12 min · 2 mentions, 1 reply`.
pub(super) fn header(company: &Company, lead: &Lead, now: Timestamp) -> String {
    let zone = lead_row::zone_of(company, lead);
    let owner = lead.owner().map(|owner| company.name_of(owner));
    let mut parts = vec![
        lead.id.to_string(),
        company.department_name(&lead.department).to_owned(),
    ];
    if lead.priority != Priority::Normal {
        parts.push(lead.priority.word().to_owned());
    }
    parts.push(match (lead.state(), owner) {
        (State::Claimed, Some(owner)) => format!("claimed by {owner}"),
        (State::Waiting, _) => "waiting for somebody to claim it".to_owned(),
        (State::Snoozed, _) => match &lead.snooze {
            Some(snooze) => format!(
                "snoozed until {} by {}",
                when(snooze.until, &zone, now),
                company.name_of(&snooze.by)
            ),
            None => "snoozed".to_owned(),
        },
        (State::HandingOff, _) => match &lead.hand_off {
            Some(hand_off) => format!(
                "offered to {} by {}",
                company.department_name(&hand_off.to),
                company.name_of(&hand_off.by)
            ),
            None => "handing off".to_owned(),
        },
        (State::Resolved, _) => match &lead.resolution {
            Some(resolution) => format!(
                "resolved as {} {}",
                resolution.outcome.label(),
                when(resolution.at, &zone, now)
            ),
            None => "resolved".to_owned(),
        },
        (state, None) => state.word().to_owned(),
    });
    parts.extend(clock(lead, now));
    parts.push(format!(
        "{}, {}",
        count(lead.mentions as usize, "mention", "mentions"),
        count(lead.replies as usize, "reply", "replies")
    ));
    parts.join(" · ")
}

fn line(company: &Company, lead: &Lead, entry: &Entry, now: Timestamp) -> Row {
    let zone = lead_row::zone_of(company, lead);
    let sentence = history::sentence(company, &zone, entry);
    let via = entry
        .via
        .as_ref()
        .map_or(String::new(), |via| format!(" · {via}"));
    Row {
        lead: None,
        text: format!("{} · {}{via}", sentence.text, when(entry.at, &zone, now)),
        said: sentence.said.map(|said| excerpt(&said, EXCERPT)),
        at: Some(entry.at),
    }
}
