//! The short reads: rows put together into records under the gate, collected before anything is returned.

use serde::de::DeserializeOwned;
use sled::IVec;

use super::{SledStore, rows, unreadable, value};
use crate::domain::ids::{Channel, LeadId, MessageRef};
use crate::domain::lead::Lead;
use crate::domain::timeline::Entry;
use crate::port::store::{Queue, StoreError};

type Row = sled::Result<(IVec, IVec)>;

impl SledStore {
    /// The bytes of one row.
    pub(super) fn raw(&self, key: &[u8]) -> Result<Option<IVec>, StoreError> {
        self.tree.get(key).map_err(unreadable)
    }

    /// The record under a key.
    pub(super) fn record<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, StoreError> {
        let _gate = self.gate();
        self.record_ungated(key)
    }

    fn record_ungated<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, StoreError> {
        let head = self.raw(key)?;
        head.map(|head| value::decode(key, &head, |part| self.raw(part)))
            .transpose()
    }

    /// The records of a range of rows.
    pub(super) fn records<T: DeserializeOwned>(
        &self,
        rows: impl Iterator<Item = Row>,
        limit: usize,
    ) -> Result<Vec<T>, StoreError> {
        let _gate = self.gate();
        rows.take(limit)
            .map(|row| {
                let (key, head) = row.map_err(unreadable)?;
                value::decode(&key, &head, |part| self.raw(part))
            })
            .collect()
    }

    /// How many rows, counted no further than `limit`.
    pub(super) fn count(&self, rows: impl Iterator<Item = Row>, limit: usize) -> Result<usize, StoreError> {
        rows.take(limit)
            .try_fold(0, |count, row| row.map(|_| count + 1))
            .map_err(unreadable)
    }

    /// The leads that index rows name.
    pub(super) fn leads_named(
        &self,
        rows: impl Iterator<Item = Row>,
        limit: usize,
    ) -> Result<Vec<LeadId>, StoreError> {
        rows.take(limit)
            .map(|row| {
                let (key, _) = row.map_err(unreadable)?;
                rows::last_lead(&key).ok_or_else(|| StoreError::Damaged(rows::name(&key)))
            })
            .collect()
    }

    pub(super) fn read_queue(&self, queue: &Queue, limit: usize) -> Result<Vec<Lead>, StoreError> {
        let _gate = self.gate();
        let ids = self.leads_named(self.tree.scan_prefix(rows::queue(queue)), limit)?;
        ids.into_iter()
            .filter_map(|id| self.record_ungated(&rows::lead(id)).transpose())
            .collect()
    }

    /// Runs start at or before the wanted position, so the first row may hold some entries that are not asked for.
    pub(super) fn read_timeline(
        &self,
        lead: LeadId,
        from_seq: u32,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let _gate = self.gate();
        let first = self.run_at(lead, from_seq)?;
        let first = first.map_or_else(|| rows::timeline(lead, from_seq), |(key, _)| key.to_vec());
        let mut entries: Vec<Entry> = Vec::new();
        for row in self.tree.range(first..=rows::timeline(lead, u32::MAX)) {
            if entries.len() >= limit {
                break;
            }
            let (key, head) = row.map_err(unreadable)?;
            let run: Vec<Entry> = value::decode(&key, &head, |part| self.raw(part))?;
            entries.extend(run.into_iter().filter(|entry| entry.seq >= from_seq));
        }
        entries.truncate(limit);
        Ok(entries)
    }

    /// The last run of entries that begins at or before a position.
    pub(super) fn run_at(&self, lead: LeadId, seq: u32) -> Result<Option<(IVec, IVec)>, StoreError> {
        let range = rows::timeline(lead, 0)..=rows::timeline(lead, seq);
        self.tree.range(range).next_back().transpose().map_err(unreadable)
    }

    pub(super) fn read_cards(&self, lead: LeadId) -> Result<Vec<(Channel, MessageRef)>, StoreError> {
        let rows = self.tree.scan_prefix(rows::cards(lead));
        let mut cards = rows
            .map(|row| {
                let (key, _) = row.map_err(unreadable)?;
                rows::posted(&key).ok_or_else(|| StoreError::Damaged(rows::name(&key)))
            })
            .collect::<Result<Vec<_>, _>>()?;
        cards.sort_unstable();
        Ok(cards)
    }
}
