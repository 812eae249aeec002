//! Exports: leads and history as CSV or JSON Lines, streamed from the store in pages, never whole in memory.
//!
//! JSON Lines (<https://jsonlines.org>) carry every text exactly as it was written. CSV (RFC 4180, UTF-8) is made for
//! spreadsheets, so its texts are made safe (see `cell`), and lists are joined with a blank.
//!
//! An export reads confidential leads as well: whoever can read the data folder may.

mod cell;
mod columns;
mod writer;

use std::io::Write;

use jiff::Timestamp;

use crate::domain::company::Company;
use crate::domain::ids::{DepartmentId, LeadId};
use crate::domain::lead::Lead;
use crate::domain::mention::Mention;
use crate::domain::timeline::{Entry, Happened};
use crate::port::store::{Store, StoreError};

pub use cell::{Cell, safe};
pub use columns::{HISTORY_COLUMNS, LEAD_COLUMNS};
use writer::Rows;

/// Leads and entries read at once.
const PAGE: usize = 500;
/// Entries read at once for the first mention, which nearly always follows the opening.
const FIRST_ENTRIES: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    JsonLines,
}

/// Which rows to export; the default is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Leads of these departments, as they are owned now; none given means all.
    pub departments: Vec<DepartmentId>,
    /// Opened, or for history happened, at or after this moment.
    pub since: Option<Timestamp>,
    /// Opened or happened before this moment.
    pub until: Option<Timestamp>,
}

impl Filter {
    fn wants(&self, lead: &Lead) -> bool {
        self.departments.is_empty() || self.departments.contains(&lead.department)
    }

    fn within(&self, at: Timestamp) -> bool {
        self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at < until)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the export could not be written: {0}")]
    Write(#[from] std::io::Error),
}

/// Writes one row per lead, in order of number; returns how many.
pub fn leads(
    store: &dyn Store,
    filter: &Filter,
    format: Format,
    out: impl Write,
) -> Result<u64, ExportError> {
    let mut rows = Rows::new(format, &LEAD_COLUMNS, out)?;
    each_lead(store, filter, |lead| {
        if !filter.within(lead.opened) {
            return Ok(());
        }
        let first = first_mention(store, lead)?;
        Ok(rows.write(&columns::of_lead(lead, first.as_ref()))?)
    })?;
    Ok(rows.finish()?)
}

/// Writes one row per entry of history, lead by lead, in the order in which it happened; returns how many.
pub fn history(
    store: &dyn Store,
    company: &Company,
    filter: &Filter,
    format: Format,
    out: impl Write,
) -> Result<u64, ExportError> {
    let mut rows = Rows::new(format, &HISTORY_COLUMNS, out)?;
    each_lead(store, filter, |lead| {
        each_entry(store, lead, |entry| {
            if filter.within(entry.at) {
                rows.write(&columns::of_entry(company, lead, entry))?;
            }
            Ok(())
        })
    })?;
    Ok(rows.finish()?)
}

fn each_lead(
    store: &dyn Store,
    filter: &Filter,
    mut with: impl FnMut(&Lead) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let mut from = LeadId(0);
    loop {
        let page = store.leads_from(from, PAGE)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        let Some(next) = last.id.0.checked_add(1) else {
            return Ok(());
        };
        from = LeadId(next);
        for lead in page.iter().filter(|lead| filter.wants(lead)) {
            with(lead)?;
        }
    }
}

/// None while all we have seen of a lead is our own public reply.
fn first_mention(store: &dyn Store, lead: &Lead) -> Result<Option<Mention>, StoreError> {
    let mut from = 0;
    while lead.mentions > 0 && from < lead.entries {
        let page = store.timeline(lead.id, from, FIRST_ENTRIES)?;
        let Some(last) = page.last() else { break };
        from = last.seq + 1;
        for entry in page {
            if let Happened::MentionReceived { mention } = entry.what {
                return Ok(Some(*mention));
            }
        }
    }
    Ok(None)
}

fn each_entry(
    store: &dyn Store,
    lead: &Lead,
    mut with: impl FnMut(&Entry) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let mut from = 0;
    loop {
        let page = store.timeline(lead.id, from, PAGE)?;
        for entry in &page {
            with(entry)?;
        }
        match page.last() {
            Some(last) if page.len() == PAGE => from = last.seq + 1,
            _ => return Ok(()),
        }
    }
}
