//! Builds a department's digest from the store. Bounded: it examines the most urgent open leads and says how many it
//! did not. When a digest is due is in `schedule`; how it looks is for each platform (`digest_text` for plain text).

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::lead_row::{self, Naming};
use crate::domain::company::Company;
use crate::domain::decide::span;
use crate::domain::digest::Digest;
use crate::domain::ids::DepartmentId;
use crate::domain::lead::{HandOff, Lead};
use crate::domain::notice::Row;
use crate::port::store::{Queue, Store, StoreError};

/// Open leads examined for one digest.
pub const EXAMINED: usize = 2_000;
/// Beyond this, a digest does not go on counting.
const COUNTED: usize = 100_000;
/// Rows of one list; a last row says how many more there are.
const ROWS: usize = 10;

/// Bounds of `Digest::open_by_age` in hours; the last group has none.
const AGES: [i64; 4] = [1, 4, 24, 72];

/// The digest of `day`, a local day of the department, as things are at `now`.
pub fn build(
    store: &dyn Store,
    company: &Company,
    department: &DepartmentId,
    day: Date,
    now: Timestamp,
) -> Result<Digest, StoreError> {
    let queue = Queue::Department(department.clone());
    let mut open = store.queue(&queue, EXAMINED)?;
    let unexamined = if open.len() < EXAMINED {
        0
    } else {
        store.queue_length(&queue, COUNTED)?.saturating_sub(open.len())
    };
    open.sort_by_key(|lead| (waiting_since(lead), lead.id));

    let mut open_by_age = [0; 5];
    for lead in &open {
        let hours = now.duration_since(waiting_since(lead)).as_hours();
        let group = AGES.iter().position(|bound| hours < *bound).unwrap_or(AGES.len());
        open_by_age[group] += 1;
    }
    let oldest = open
        .iter()
        .take(ROWS)
        .map(|lead| lead_row::full(company, lead, Naming::Nothing, now))
        .collect();
    let breached = open
        .iter()
        .filter(|lead| lead.clock.breached && lead.clock.waiting_since.is_some())
        .map(|lead| lead.id)
        .collect();
    let stale_claims = open
        .iter()
        .filter_map(|lead| stale_claim(company, lead, now))
        .collect();
    let given = open
        .iter()
        .filter_map(|lead| Some(offered_by_us(company, lead, lead.hand_off.as_ref()?, now)));
    let offered = store.queue(&Queue::OfferedTo(department.clone()), EXAMINED)?;
    let asked = offered.iter().filter_map(|lead| {
        Some(offered_to_us(
            company,
            department,
            lead,
            lead.hand_off.as_ref()?,
            now,
        ))
    });
    let yesterday = match day.yesterday() {
        Ok(yesterday) => store.figures(department, yesterday)?,
        Err(_) => Default::default(),
    };
    Ok(Digest {
        department: department.clone(),
        department_name: company.department_name(department).to_owned(),
        day,
        open_by_age,
        oldest,
        breached,
        stale_claims: shortened(stale_claims),
        open_hand_offs: shortened(asked.chain(given).collect()),
        yesterday,
        unexamined: u32::try_from(unexamined).unwrap_or(u32::MAX),
    })
}

/// Since when the author waits; where the ball is with the author, since the newest message.
fn waiting_since(lead: &Lead) -> Timestamp {
    lead.urgency().1
}

/// A claim whose owner has been idle for longer than the department allows, while the author waits.
fn stale_claim(company: &Company, lead: &Lead, now: Timestamp) -> Option<Row> {
    let claim = lead.claim.as_ref().filter(|_| lead.lease_runs())?;
    let patience = company
        .department(&lead.department)
        .and_then(|department| department.lease.as_ref())
        .map_or(SignedDuration::from_hours(24), |lease| lease.nudge_after);
    (now.duration_since(claim.renewed) >= patience).then(|| Row {
        lead: Some(lead.id),
        text: format!(
            "{} · no sign of work for {}",
            company.name_of(&claim.by),
            span(now.duration_since(claim.renewed))
        ),
        said: Some(lead_row::said(lead)),
        at: Some(claim.renewed),
    })
}

fn offered_by_us(company: &Company, lead: &Lead, hand_off: &HandOff, now: Timestamp) -> Row {
    Row {
        lead: Some(lead.id),
        text: format!(
            "offered to {} by {} · {}",
            company.department_name(&hand_off.to),
            company.name_of(&hand_off.by),
            answer_due(hand_off, now)
        ),
        said: Some(lead_row::said(lead)),
        at: Some(hand_off.offered),
    }
}

/// A lead that another department offers; a stub where that department is confidential, since a digest is read by a whole channel.
fn offered_to_us(
    company: &Company,
    department: &DepartmentId,
    lead: &Lead,
    hand_off: &HandOff,
    now: Timestamp,
) -> Row {
    let confidential = company
        .department(&lead.department)
        .is_some_and(|owner| owner.confidential && owner.id != *department);
    if confidential {
        return lead_row::stub(company, lead);
    }
    Row {
        lead: Some(lead.id),
        text: format!(
            "offered by {} ({}) · {}",
            company.department_name(&lead.department),
            company.name_of(&hand_off.by),
            answer_due(hand_off, now)
        ),
        said: Some(lead_row::said(lead)),
        at: Some(hand_off.offered),
    }
}

fn answer_due(hand_off: &HandOff, now: Timestamp) -> String {
    if hand_off.expires > now {
        format!("goes back in {}", span(hand_off.expires.duration_since(now)))
    } else {
        "goes back now".to_owned()
    }
}

fn shortened(mut rows: Vec<Row>) -> Vec<Row> {
    if rows.len() > ROWS {
        let more = rows.len() - ROWS;
        rows.truncate(ROWS);
        rows.push(Row {
            lead: None,
            text: format!("and {more} more"),
            said: None,
            at: None,
        });
    }
    rows
}
