//! `queue`, a department's open leads, most urgent first; and `mine`, what one member holds.

use jiff::Timestamp;

use crate::domain::company::Company;
use crate::domain::ids::{DepartmentId, MemberId};
use crate::domain::lead::Lead;
use crate::domain::notice::{Notice, Tone};
use crate::domain::refusal::Refusal;
use crate::port::store::{Queue, Store, StoreError};
use crate::report::lead_row::{self, Naming};
use crate::report::words::{count, thousands};

/// Rows of one list.
const ROWS: usize = 20;
/// Beyond this, a list says “more than”.
const COUNTED: usize = 10_000;

/// A department's open leads, most urgent first; before them what other departments offer it. Without a department,
/// those of every department in which the member works, together.
pub fn queue(
    store: &dyn Store,
    company: &Company,
    department: Option<&DepartmentId>,
    who: &MemberId,
    now: Timestamp,
) -> Result<Notice, StoreError> {
    let asked: Vec<&DepartmentId> = match department {
        Some(department) if company.department(department).is_none() => {
            let text = format!("There is no department called “{department}”.");
            return Ok(Refusal::because(text).into());
        }
        Some(department) => vec![department],
        None => company
            .departments
            .keys()
            .filter(|department| company.role(department, who).is_some())
            .collect(),
    };
    let (mut open, mut offered) = (Vec::new(), Vec::new());
    let (mut totals, mut offers) = (Vec::new(), 0);
    for department in &asked {
        let queue = Queue::Department((*department).clone());
        open.extend(store.queue(&queue, ROWS)?);
        totals.push((
            company.department_name(department),
            store.queue_length(&queue, COUNTED)?,
        ));
        let queue = Queue::OfferedTo((*department).clone());
        offered.extend(store.queue(&queue, ROWS)?);
        offers += store.queue_length(&queue, COUNTED)?;
    }
    open.sort_by_key(|lead| (lead.urgency(), lead.id));
    open.truncate(ROWS);
    offered.truncate(ROWS);

    let mut text = match totals[..] {
        [] => "You work in no department; say which one to look at.".to_owned(),
        [(name, 0)] => format!("{name}: nothing is open."),
        [(name, 1)] => format!("{name}: 1 lead is open."),
        [(name, total)] => format!(
            "{name}: {} leads are open, most urgent first{}.",
            at_most(total),
            shown(open.len(), total)
        ),
        _ => together(&totals, open.len()),
    };
    match offers {
        0 => {}
        1 => text.push_str(" 1 lead is offered by another department and waits for an answer."),
        offers => text.push_str(&format!(
            " {} leads are offered by other departments and wait for an answer.",
            at_most(offers)
        )),
    }
    let naming = match asked[..] {
        [_] => Naming::Nothing,
        _ => Naming::Department,
    };
    let row = |lead: &Lead, naming| lead_row::for_member(company, lead, who, naming, now);
    let mut notice = Notice::new(Tone::Plain, text);
    notice
        .rows
        .extend(offered.iter().map(|lead| row(lead, Naming::Department)));
    notice.rows.extend(open.iter().map(|lead| row(lead, naming)));
    Ok(notice)
}

/// `Open: Sales 2, Support 12; the 20 most urgent are shown.`
fn together(totals: &[(&str, usize)], rows: usize) -> String {
    let open: Vec<String> = totals
        .iter()
        .filter(|(_, total)| *total > 0)
        .map(|(name, total)| format!("{name} {}", at_most(*total)))
        .collect();
    if open.is_empty() {
        return "Nothing is open where you work.".to_owned();
    }
    let total = totals.iter().map(|(_, total)| total).sum();
    format!("Open: {}{}.", open.join(", "), shown(rows, total))
}

/// What the member holds: breached first, then by what is due next.
pub fn mine(
    store: &dyn Store,
    company: &Company,
    who: &MemberId,
    now: Timestamp,
) -> Result<Notice, StoreError> {
    let asked = Queue::Owner(who.clone());
    let mut held = store.queue(&asked, COUNTED.min(500))?;
    let total = store.queue_length(&asked, COUNTED)?;
    held.sort_by_key(|lead| {
        let due = lead.clock.due.filter(|_| lead.clock.waiting_since.is_some());
        (due.unwrap_or(Timestamp::MAX), lead.urgency(), lead.id)
    });
    held.truncate(ROWS);
    let text = if total == 0 {
        "You hold no open lead.".to_owned()
    } else {
        let open = count(total, "open lead", "open leads");
        format!("You hold {open}{}.", shown(held.len(), total))
    };
    let mut notice = Notice::new(Tone::Plain, text);
    notice.rows = held
        .iter()
        .map(|lead| lead_row::for_member(company, lead, who, Naming::Department, now))
        .collect();
    Ok(notice)
}

fn at_most(total: usize) -> String {
    match total {
        COUNTED.. => format!("at least {}", thousands(COUNTED)),
        total => thousands(total),
    }
}

fn shown(rows: usize, total: usize) -> String {
    if rows < total {
        format!("; {rows} are shown")
    } else {
        String::new()
    }
}
