//! The embedded store: one folder, one process, on disk when `commit` returns.
//!
//! Everything is in one tree, so that one `sled::Batch` per commit is atomic; `docs/decisions/store.md` says why it is laid
//! out like this, and what sled alone does not promise. <https://docs.rs/sled/0.34.7/sled/>
//!
//! - `open`: the lock, a left-over snapshot set aside, damage turned into an error
//! - `rows`: which row is where; `value`: how a record becomes bytes, and a long one several rows
//! - `commit`: a commit as rows; `disk`: those rows on the platter, or a refusal
//! - `read`, `outbox`: the short reads; `backup`, `verify`: the long ones

use std::collections::BTreeSet;
use std::fs::File;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::outbox::Outbox;
use crate::domain::digest::Figures;
use crate::domain::effect::Errand;
use crate::domain::ids::{Channel, ConnectorId, DepartmentId, ErrandId, LeadId, MessageRef, NetworkId};
use crate::domain::lead::Lead;
use crate::domain::message::Message;
use crate::domain::timeline::Entry;
use crate::port::store::{Commit, Conversation, Queue, Seen, Store, StoreError, Totals};

mod backup;
mod commit;
mod disk;
mod open;
mod outbox;
mod read;
mod rows;
mod value;
mod verify;

/// The version of the layout as a whole; a store with a newer one is refused.
const FORMAT: u32 = 1;

/// The one row that every commit may change: the layout's version, the next free numbers and the totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Meta {
    format: u32,
    next_lead: LeadId,
    next_errand: ErrandId,
    leads: u64,
    open: u64,
    /// Waiting errands, the dead ones not among them.
    errands: u64,
    dead: u64,
    /// A restore has begun and not ended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    restoring: bool,
}

impl Default for Meta {
    fn default() -> Self {
        Self {
            format: FORMAT,
            next_lead: LeadId(1),
            next_errand: ErrandId(1),
            leads: 0,
            open: 0,
            errands: 0,
            dead: 0,
            restoring: false,
        }
    }
}

/// What a writer needs to itself.
#[derive(Debug, Default)]
struct Writing {
    /// Why nothing more may be written until the store is opened again: after a failed write nobody can tell what of it
    /// is on disk, and such a state must never be acknowledged.
    refused: Option<String>,
    /// A backup that is under way, and what commits must keep for it.
    backup: Option<backup::Kept>,
}

pub struct SledStore {
    // Fields are dropped in this order: the database must be closed before the lock is given back.
    tree: sled::Tree,
    db: sled::Db,
    /// The database's file once more, read-only: sled's `flush` alone is not an fsync on Linux.
    file: File,
    meta: RwLock<Meta>,
    outbox: Mutex<Outbox>,
    writing: Mutex<Writing>,
    /// Held for reading while a record is put together from several rows, for writing while a batch is applied.
    gate: RwLock<()>,
    _lock: File,
}

impl SledStore {
    fn gate(&self) -> RwLockReadGuard<'_, ()> {
        self.gate.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn writing(&self) -> MutexGuard<'_, Writing> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn outbox(&self) -> MutexGuard<'_, Outbox> {
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn meta(&self) -> Meta {
        *self.meta.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An engine's error while reading.
fn unreadable(error: sled::Error) -> StoreError {
    StoreError::Damaged(format!("the database cannot be read: {error}"))
}

impl Store for SledStore {
    fn commit(&self, commit: &Commit) -> Result<(), StoreError> {
        self.write_commit(commit)
    }

    fn lead(&self, id: LeadId) -> Result<Option<Lead>, StoreError> {
        self.record(&rows::lead(id))
    }

    fn timeline(&self, id: LeadId, from_seq: u32, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.read_timeline(id, from_seq, limit)
    }

    fn seen(&self, network: &NetworkId, native_id: &str) -> Result<Option<Seen>, StoreError> {
        self.record(&rows::seen(network, native_id))
    }

    fn conversation(
        &self,
        network: &NetworkId,
        conversation: &str,
    ) -> Result<Option<Conversation>, StoreError> {
        self.record(&rows::conversation(network, conversation))
    }

    fn queue(&self, queue: &Queue, limit: usize) -> Result<Vec<Lead>, StoreError> {
        self.read_queue(queue, limit)
    }

    fn queue_length(&self, queue: &Queue, limit: usize) -> Result<usize, StoreError> {
        self.count(self.tree.scan_prefix(rows::queue(queue)), limit)
    }

    fn leads_of_author(
        &self,
        network: &NetworkId,
        author: &str,
        limit: usize,
    ) -> Result<Vec<LeadId>, StoreError> {
        let newest_first = self.tree.scan_prefix(rows::author(network, author)).rev();
        self.leads_named(newest_first, limit)
    }

    fn leads_before(&self, below: Option<LeadId>, limit: usize) -> Result<Vec<Lead>, StoreError> {
        let end = below.map_or(rows::after_leads(), rows::lead);
        self.records(self.tree.range(rows::lead(LeadId(0))..end).rev(), limit)
    }

    fn leads_from(&self, from: LeadId, limit: usize) -> Result<Vec<Lead>, StoreError> {
        self.records(self.tree.range(rows::lead(from)..rows::after_leads()), limit)
    }

    fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<LeadId>, StoreError> {
        let range = rows::due(Timestamp::MIN, LeadId(0))..=rows::due(now, LeadId(u64::MAX));
        self.leads_named(self.tree.range(range), limit)
    }

    fn lease_errands(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
        busy: &BTreeSet<String>,
    ) -> Result<Vec<Errand>, StoreError> {
        self.lease(now, until, limit, busy)
    }

    fn release_errand(&self, key: &str, id: ErrandId) {
        self.outbox().release(key, id);
    }

    fn errand(&self, key: &str) -> Result<Option<Errand>, StoreError> {
        self.record(&rows::errand(key))
    }

    fn dead_errands(&self, limit: usize) -> Result<Vec<Errand>, StoreError> {
        self.read_dead_errands(limit)
    }

    fn messages(
        &self,
        channel: &Channel,
        before: Option<&MessageRef>,
        limit: usize,
    ) -> Result<Vec<Message>, StoreError> {
        match before {
            Some(before) => {
                let range = rows::channel(channel)..rows::message(channel, before);
                self.records(self.tree.range(range).rev(), limit)
            }
            None => self.records(self.tree.scan_prefix(rows::channel(channel)).rev(), limit),
        }
    }

    fn messages_after(
        &self,
        channel: &Channel,
        after: Option<&MessageRef>,
        limit: usize,
    ) -> Result<usize, StoreError> {
        let newest_first = self.tree.scan_prefix(rows::channel(channel)).rev();
        let after = after.map(|after| rows::message(channel, after));
        let newer = newest_first.take_while(|row| match (row, &after) {
            (Ok((key, _)), Some(after)) => key.as_ref() > after.as_slice(),
            _ => true,
        });
        self.count(newer, limit)
    }

    fn cards(&self, lead: LeadId) -> Result<Vec<(Channel, MessageRef)>, StoreError> {
        self.read_cards(lead)
    }

    fn cursor(&self, connector: &ConnectorId) -> Result<Option<String>, StoreError> {
        self.record(&rows::cursor(connector))
    }

    fn last_digest(&self, department: &DepartmentId) -> Result<Option<Date>, StoreError> {
        self.record(&rows::digest(department))
    }

    fn figures(&self, department: &DepartmentId, day: Date) -> Result<Figures, StoreError> {
        let figures = self.record(&rows::figures(department, day))?;
        Ok(figures.unwrap_or_default())
    }

    fn next_numbers(&self) -> Result<(LeadId, ErrandId), StoreError> {
        let meta = self.meta();
        Ok((meta.next_lead, meta.next_errand))
    }

    fn totals(&self) -> Result<Totals, StoreError> {
        let meta = self.meta();
        Ok(Totals {
            leads: meta.leads,
            open: meta.open,
            errands: meta.errands,
            dead_errands: meta.dead,
            bytes_on_disk: self.db.size_on_disk().map_err(unreadable)?,
        })
    }

    fn backup(&self, out: &mut dyn std::io::Write) -> Result<u64, StoreError> {
        self.write_backup(out)
    }

    fn restore(&self, input: &mut dyn std::io::BufRead) -> Result<u64, StoreError> {
        self.read_backup(input)
    }

    fn verify(&self) -> Result<Vec<String>, StoreError> {
        self.verify_rows()
    }
}
