//! The store port: one write (`commit`, atomic and durable when it returns) and short reads. Free of any engine's shapes:
//! optimistic versions per lead and leases on errands are what a store with several writers needs as well.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use thiserror::Error;

use crate::domain::digest::Figures;
use crate::domain::effect::Errand;
use crate::domain::ids::{
    Channel, ConnectorId, DepartmentId, ErrandId, LeadId, MemberId, MessageRef, NetworkId,
};
use crate::domain::lead::Lead;
use crate::domain::message::Message;
use crate::domain::timeline::Entry;
use serde::{Deserialize, Serialize};

#[derive(Debug, Error)]
pub enum StoreError {
    /// Another process holds the folder, or the folder cannot be used; says what to do.
    #[error("{0}")]
    CannotOpen(String),
    /// The disk refused: full, unplugged, read-only. Nothing of the commit was acknowledged.
    #[error("the disk refused to write: {0}")]
    Write(String),
    /// What is on disk is not what was written; `verify` tells more, `restore` mends.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// Somebody else changed the lead since it was read (only with several writers).
    #[error("{0} was changed by somebody else in the meantime")]
    Conflict(LeadId),
}

/// What is known of one message of a network: its conversation, and the lead it is on.
/// A message that was only named as a parent has a conversation and no lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    pub conversation: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<LeadId>,
}

/// The leads of one conversation, by author id, newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    pub leads: Vec<(String, LeadId)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct LeadChange {
    /// As it was read; none for a new lead. Its version is checked, and index rows that no longer hold are removed by it.
    pub before: Option<Lead>,
    pub after: Lead,
}

/// All that one batch of events changed: on disk whole, or not at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Commit {
    pub leads: Vec<LeadChange>,
    pub entries: Vec<(LeadId, Entry)>,
    pub seen: Vec<(NetworkId, String, Seen)>,
    pub conversations: Vec<(NetworkId, String, Conversation)>,
    /// New and changed errands; each replaces a waiting one with the same `Effect::key`.
    pub errands: Vec<Errand>,
    /// Errands that are over, by effect key and id: removed only while the id is still the one given.
    pub errands_done: Vec<(String, ErrandId)>,
    pub messages: Vec<Message>,
    pub cursors: Vec<(ConnectorId, String)>,
    pub digests: Vec<(DepartmentId, Date)>,
    /// Increments, added to what is there.
    pub figures: Vec<(DepartmentId, Date, Figures)>,
    /// The next free numbers, when they moved.
    pub next_lead: Option<LeadId>,
    pub next_errand: Option<ErrandId>,
}

impl Commit {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Which leads a list wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Queue {
    /// Open leads of a department, most urgent first (`Lead::urgency`).
    Department(DepartmentId),
    /// Open leads of an owner.
    Owner(MemberId),
    /// Open leads offered to a department and not yet accepted.
    OfferedTo(DepartmentId),
}

/// Totals that `/metrics`, `/readyz` and start-up need; cheap enough for every second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// All leads ever opened.
    pub leads: u64,
    pub open: u64,
    pub errands: u64,
    pub dead_errands: u64,
    pub bytes_on_disk: u64,
}

/// Reads are short and collected: nothing returned holds a lock or borrows from the engine.
pub trait Store: Send + Sync {
    /// Atomic, and on disk when it returns.
    fn commit(&self, commit: &Commit) -> Result<(), StoreError>;

    fn lead(&self, id: LeadId) -> Result<Option<Lead>, StoreError>;
    /// Entries from `from_seq` on, at most `limit`, in order.
    fn timeline(&self, id: LeadId, from_seq: u32, limit: usize) -> Result<Vec<Entry>, StoreError>;
    fn seen(&self, network: &NetworkId, native_id: &str) -> Result<Option<Seen>, StoreError>;
    fn conversation(
        &self,
        network: &NetworkId,
        conversation: &str,
    ) -> Result<Option<Conversation>, StoreError>;

    fn queue(&self, queue: &Queue, limit: usize) -> Result<Vec<Lead>, StoreError>;
    /// How many a queue holds, counted no further than `limit`.
    fn queue_length(&self, queue: &Queue, limit: usize) -> Result<usize, StoreError>;
    /// Leads by this author on this network, newest first.
    fn leads_of_author(
        &self,
        network: &NetworkId,
        author: &str,
        limit: usize,
    ) -> Result<Vec<LeadId>, StoreError>;
    /// Leads in order of number, downwards from `below` (exclusive; none: from the newest).
    fn leads_before(&self, below: Option<LeadId>, limit: usize) -> Result<Vec<Lead>, StoreError>;
    /// Leads in order of number, upwards from `from` (inclusive).
    fn leads_from(&self, from: LeadId, limit: usize) -> Result<Vec<Lead>, StoreError>;

    /// Leads whose `next_due` is at or before `now`, earliest first.
    fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<LeadId>, StoreError>;

    /// Errands that may run now in lanes that are not `busy` (`Effect::lane`): from each lane the oldest, at most `limit`.
    /// They are leased to the caller until `until`: what waits under their keys is not handed out again before that,
    /// unless the lease is given back, the errand is over, or the process ends.
    fn lease_errands(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
        busy: &BTreeSet<String>,
    ) -> Result<Vec<Errand>, StoreError>;
    /// Gives back a lease; the errand may run again at once.
    fn release_errand(&self, key: &str, id: ErrandId);
    /// The errand that waits under an effect key.
    fn errand(&self, key: &str) -> Result<Option<Errand>, StoreError>;
    fn dead_errands(&self, limit: usize) -> Result<Vec<Errand>, StoreError>;

    /// Messages of a channel, newest first, older than `before` (exclusive).
    fn messages(
        &self,
        channel: &Channel,
        before: Option<&MessageRef>,
        limit: usize,
    ) -> Result<Vec<Message>, StoreError>;
    /// How many messages of a channel are newer than `after`, counted no further than `limit`.
    fn messages_after(
        &self,
        channel: &Channel,
        after: Option<&MessageRef>,
        limit: usize,
    ) -> Result<usize, StoreError>;
    /// Where the lead's cards are.
    fn cards(&self, lead: LeadId) -> Result<Vec<(Channel, MessageRef)>, StoreError>;

    fn cursor(&self, connector: &ConnectorId) -> Result<Option<String>, StoreError>;
    /// The last local day for which a department's digest was asked for.
    fn last_digest(&self, department: &DepartmentId) -> Result<Option<Date>, StoreError>;
    fn figures(&self, department: &DepartmentId, day: Date) -> Result<Figures, StoreError>;
    fn next_numbers(&self) -> Result<(LeadId, ErrandId), StoreError>;
    fn totals(&self) -> Result<Totals, StoreError>;

    /// Writes every record, one JSON line each, in an order that `restore` reads back; consistent although the desk goes on.
    fn backup(&self, out: &mut dyn std::io::Write) -> Result<u64, StoreError>;
    /// Fills an empty store from `backup`'s lines; returns how many records were read.
    fn restore(&self, input: &mut dyn std::io::BufRead) -> Result<u64, StoreError>;
    /// Re-reads every record: checksums, decoding, index rows against leads. One line per finding.
    fn verify(&self) -> Result<Vec<String>, StoreError>;
}
