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

/// The department's open leads, most urgent first; before them what other departments offer it.
pub fn queue(
    store: &dyn Store,
    company: &Company,
    department: &DepartmentId,
    who: &MemberId,
    now: Timestamp,
) -> Result<Notice, StoreError> {
    if company.department(department).is_none() {
        return Ok(Refusal::because(format!("There is no department called “{department}”.")).into());
    }
    let asked = Queue::Department(department.clone());
    let open = store.queue(&asked, ROWS)?;
    let total = store.queue_length(&asked, COUNTED)?;
    let offered = store.queue(&Queue::OfferedTo(department.clone()), ROWS)?;
    let offers = store.queue_length(&Queue::OfferedTo(department.clone()), COUNTED)?;

    let mut text = match total {
        0 => format!("{}: nothing is open.", company.department_name(department)),
        1 => format!("{}: 1 lead is open.", company.department_name(department)),
        total => format!(
            "{}: {} leads are open, most urgent first{}.",
            company.department_name(department),
            at_most(total),
            shown(open.len(), total)
        ),
    };
    if offers > 0 {
        text.push_str(&format!(
            " {} by other departments and waiting for an answer.",
            match offers {
                1 => "1 lead is offered".to_owned(),
                offers => format!("{} leads are offered", at_most(offers)),
            }
        ));
    }
    let mut notice = Notice::new(Tone::Plain, text);
    let named = |lead: &Lead| lead_row::for_member(company, lead, who, Naming::Department, now);
    let plain = |lead: &Lead| lead_row::for_member(company, lead, who, Naming::Nothing, now);
    notice.rows.extend(offered.iter().map(named));
    notice.rows.extend(open.iter().map(plain));
    Ok(notice)
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
        format!("; the first {rows} are shown")
    } else {
        String::new()
    }
}
