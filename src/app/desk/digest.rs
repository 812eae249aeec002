//! Digests at the desk: asked for exactly once per department and local day, whatever restarts lie between.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::company::Company;
use crate::domain::effect::Effect;
use crate::domain::ids::DepartmentId;
use crate::domain::notice::{Notice, Tone};
use crate::port::store::StoreError;

use super::errands;
use super::working_set::WorkingSet;

pub(super) fn due(
    set: &mut WorkingSet<'_>,
    company: &Company,
    department: &DepartmentId,
    day: Date,
    now: Timestamp,
) -> Result<Notice, StoreError> {
    let last = set.last_digest(department)?;
    if last.is_some_and(|last| last >= day) {
        return Ok(Notice::new(Tone::Plain, "asked for already"));
    }
    if last.is_none() {
        // A department's first digest comes at its next digest time, not at the moment it is set up.
        set.put_digest(department, day);
        return Ok(Notice::done("the first digest comes at the next digest time"));
    }
    let Some(found) = company.department(department) else {
        return Ok(Notice::new(Tone::Plain, "no such department"));
    };
    set.put_digest(department, day);
    for channel in &found.channels {
        let effect = Effect::PostDigest {
            department: department.clone(),
            channel: channel.clone(),
            day,
        };
        errands::ask(set, effect, now)?;
    }
    Ok(Notice::done("asked for"))
}
