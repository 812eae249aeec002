//! When a department's digest is due. Pure: the last day asked for comes from the store, the time is an argument.
//!
//! A department that was never seen has no last day. The caller then writes down `first_day` once, so that the first
//! digest comes at the next digest time and not at once; from there on `due_day` alone decides.

use jiff::civil::Date;
use jiff::{Span, Timestamp};

use crate::domain::company::Department;

/// The local day whose digest is due now: the newest one, so that after any downtime there is exactly one. None when
/// it was asked for already, when the department has no digest, or when it was never seen (`last` is none).
pub fn due_day(department: &Department, last: Option<Date>, now: Timestamp) -> Option<Date> {
    let last = last?;
    first_day(department, now).filter(|newest| *newest > last)
}

/// The newest local day whose digest time has passed: what to write down as the last day of a department seen for the first time.
pub fn first_day(department: &Department, now: Timestamp) -> Option<Date> {
    let today = department.calendar.zone.to_datetime(now).date();
    if moment(department, today)? <= now {
        Some(today)
    } else {
        today.yesterday().ok()
    }
}

/// When the next digest is due; in the past where one is due already.
pub fn next_due(department: &Department, last: Option<Date>, now: Timestamp) -> Option<Timestamp> {
    if let Some(day) = due_day(department, last, now) {
        return moment(department, day);
    }
    let passed = first_day(department, now)?;
    let last = last.map_or(passed, |last| last.max(passed));
    moment(department, last.checked_add(Span::new().days(1)).ok()?)
}

/// The digest time of one local day. A time that summer time skips is taken as much later as the clock was put
/// forward; one that comes twice is the first.
fn moment(department: &Department, day: Date) -> Option<Timestamp> {
    let local = day.to_datetime(department.digest_at?);
    department
        .calendar
        .zone
        .to_ambiguous_timestamp(local)
        .compatible()
        .ok()
}
