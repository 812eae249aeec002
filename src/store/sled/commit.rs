//! A commit as rows: what changed and nothing else. Index rows are the difference between a lead's rows before and after.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::disk::Rows;
use super::rows::Key;
use super::{Meta, SledStore, disk, rows, value};
use crate::domain::effect::Errand;
use crate::domain::ids::{ErrandId, LeadId};
use crate::domain::lead::Lead;
use crate::domain::message::Message;
use crate::domain::timeline::Entry;
use crate::port::store::{Commit, LeadChange, StoreError};

/// What the outbox in memory is told once the commit is on disk.
enum Outboxed {
    Put {
        key: String,
        errand: Errand,
        replaced: Option<Errand>,
    },
    Done {
        key: String,
        id: ErrandId,
        waiting: Option<Errand>,
    },
}

struct Changes<'a> {
    store: &'a SledStore,
    rows: Rows,
    meta: Meta,
    outboxed: Vec<Outboxed>,
}

impl SledStore {
    pub(super) fn write_commit(&self, commit: &Commit) -> Result<(), StoreError> {
        let mut writing = self.writing();
        disk::may_write(&writing)?;
        let before = self.meta();
        let mut changes = Changes {
            store: self,
            rows: Rows::new(),
            meta: before,
            outboxed: Vec::new(),
        };
        changes.collect(commit)?;
        if changes.meta != before {
            let meta = changes.meta;
            changes.put(rows::meta(), &meta)?;
        }
        let Changes {
            rows, meta, outboxed, ..
        } = changes;
        // Nothing to write is no reason to say nothing: the report of an errand that was replaced meanwhile ends its lease.
        if !rows.is_empty() {
            self.write_rows(&mut writing, rows)?;
        }
        *self.meta.write().unwrap_or_else(PoisonError::into_inner) = meta;
        let mut outbox = self.outbox();
        for change in outboxed {
            match change {
                Outboxed::Put {
                    key,
                    errand,
                    replaced,
                } => outbox.put(&key, &errand, replaced.as_ref()),
                Outboxed::Done { key, id, waiting } => outbox.done(&key, id, waiting.as_ref()),
            }
        }
        Ok(())
    }

    /// Writes the totals alone: in a new store, and around a restore.
    pub(super) fn write_meta(&self, meta: Meta) -> Result<Meta, StoreError> {
        let mut writing = self.writing();
        disk::may_write(&writing)?;
        let key = rows::meta();
        let encoded = value::encode(&key, &meta)?;
        self.write_rows(&mut writing, Rows::from([(key, Some(encoded.head))]))?;
        *self.meta.write().unwrap_or_else(PoisonError::into_inner) = meta;
        Ok(meta)
    }
}

impl Changes<'_> {
    fn collect(&mut self, commit: &Commit) -> Result<(), StoreError> {
        let mut known_entries = BTreeMap::new();
        for change in &commit.leads {
            let entries = change.before.as_ref().map_or(0, |before| before.entries);
            known_entries.entry(change.after.id).or_insert(entries);
            self.lead(change)?;
        }
        self.entries(&commit.entries, &known_entries)?;
        for (network, id, seen) in &commit.seen {
            self.put(rows::seen(network, id), seen)?;
        }
        for (network, id, conversation) in &commit.conversations {
            self.put(rows::conversation(network, id), conversation)?;
        }
        for errand in &commit.errands {
            self.errand(errand)?;
        }
        for (key, id) in &commit.errands_done {
            self.errand_done(key, *id)?;
        }
        for message in &commit.messages {
            self.message(message)?;
        }
        for (connector, cursor) in &commit.cursors {
            self.put(rows::cursor(connector), cursor)?;
        }
        for (department, day) in &commit.digests {
            self.put(rows::digest(department), day)?;
        }
        let mut figures = BTreeMap::new();
        for (department, day, more) in &commit.figures {
            let key = rows::figures(department, *day);
            if !figures.contains_key(&key) {
                figures.insert(key.clone(), self.record(&key)?.unwrap_or_default());
            }
            if let Some(sum) = figures.get_mut(&key) {
                let sum: &mut crate::domain::digest::Figures = sum;
                sum.add(more);
            }
        }
        for (key, sum) in figures {
            self.put(key, &sum)?;
        }
        self.meta.next_lead = self.meta.next_lead.max(commit.next_lead.unwrap_or(LeadId(0)));
        self.meta.next_errand = commit.next_errand.unwrap_or(self.meta.next_errand);
        Ok(())
    }

    /// One row as it will be after what was collected so far.
    fn raw(&self, key: &[u8]) -> Result<Option<sled::IVec>, StoreError> {
        match self.rows.get(key) {
            Some(row) => Ok(row.as_deref().map(Into::into)),
            None => self.store.raw(key),
        }
    }

    fn record<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, StoreError> {
        let head = self.raw(key)?;
        head.map(|head| value::decode(key, &head, |part| self.raw(part)))
            .transpose()
    }

    fn put(&mut self, key: Key, record: &impl Serialize) -> Result<(), StoreError> {
        let encoded = value::encode(&key, record)?;
        self.put_encoded(key, encoded)
    }

    fn put_encoded(&mut self, key: Key, encoded: value::Encoded) -> Result<(), StoreError> {
        let old_parts = self.raw(&key)?.map_or(0, |old| value::parts(&old));
        for part in encoded.parts.len()..usize::from(old_parts) {
            self.rows.insert(rows::continued(&key, part as u16 + 1), None);
        }
        for (part, bytes) in encoded.parts {
            // A long value mostly grows at its end: the parts before stay as they are.
            if old_parts == 0 || self.raw(&part)?.as_deref() != Some(bytes.as_slice()) {
                self.rows.insert(part, Some(bytes));
            }
        }
        self.rows.insert(key, Some(encoded.head));
        Ok(())
    }

    fn remove(&mut self, key: Key) -> Result<(), StoreError> {
        let old_parts = self.raw(&key)?.map_or(0, |old| value::parts(&old));
        for part in 1..=old_parts {
            self.rows.insert(rows::continued(&key, part), None);
        }
        self.rows.insert(key, None);
        Ok(())
    }

    fn index(&mut self, before: &[Key], after: &[Key]) {
        for key in before.iter().filter(|key| !after.contains(key)) {
            self.rows.insert(key.clone(), None);
        }
        for key in after.iter().filter(|key| !before.contains(key)) {
            self.rows.insert(key.clone(), Some(Vec::new()));
        }
    }

    fn lead(&mut self, change: &LeadChange) -> Result<(), StoreError> {
        #[derive(Deserialize)]
        struct Version {
            version: u64,
        }
        let LeadChange { before, after } = change;
        let key = rows::lead(after.id);
        let stored: Option<Version> = self.record(&key)?;
        if stored.map(|stored| stored.version) != before.as_ref().map(|before| before.version) {
            return Err(StoreError::Conflict(after.id));
        }
        let index_before = before.as_ref().map(rows::index_of_lead).unwrap_or_default();
        self.index(&index_before, &rows::index_of_lead(after));
        self.meta.leads += u64::from(before.is_none());
        // A number is given once, whatever the caller says.
        self.meta.next_lead.0 = self.meta.next_lead.0.max(after.id.0.saturating_add(1));
        let was_open = before.as_ref().is_some_and(Lead::is_open);
        self.meta.open = (self.meta.open + u64::from(after.is_open())).saturating_sub(was_open.into());
        self.put(key, after)
    }

    fn entries(
        &mut self,
        entries: &[(LeadId, Entry)],
        known: &BTreeMap<LeadId, u32>,
    ) -> Result<(), StoreError> {
        let mut by_lead: BTreeMap<LeadId, BTreeMap<u32, &Entry>> = BTreeMap::new();
        for (lead, entry) in entries {
            by_lead.entry(*lead).or_default().insert(entry.seq, entry);
        }
        for (lead, entries) in by_lead {
            let known = known.get(&lead).copied();
            let mut new = Vec::with_capacity(entries.len());
            for entry in entries.into_values() {
                // An entry beyond what the lead had is new; any other may be one that is written again, without a text
                // that had to be erased.
                if known.is_some_and(|known| entry.seq >= known) || !self.replace_entry(lead, entry)? {
                    new.push(entry);
                }
            }
            self.append_entries(lead, &new)?;
        }
        Ok(())
    }

    fn replace_entry(&mut self, lead: LeadId, entry: &Entry) -> Result<bool, StoreError> {
        let Some((key, _)) = self.store.run_at(lead, entry.seq)? else {
            return Ok(false);
        };
        let run: Option<Vec<Entry>> = self.record(&key)?;
        let mut run = run.unwrap_or_default();
        let Some(old) = run.iter_mut().find(|old| old.seq == entry.seq) else {
            return Ok(false);
        };
        old.clone_from(entry);
        self.put(key.to_vec(), &run)?;
        Ok(true)
    }

    /// Entries that follow each other share a row while they fit into one, also with those that were written before.
    fn append_entries(&mut self, lead: LeadId, entries: &[&Entry]) -> Result<(), StoreError> {
        let Some(first) = entries.first() else {
            return Ok(());
        };
        let (written, mut size) = self.open_run(lead, first.seq)?;
        let mut run: Vec<&Entry> = written.iter().collect();
        for entry in entries {
            let json = serde_json::to_vec(entry).map_err(|error| StoreError::Write(error.to_string()))?;
            let follows = run.last().is_some_and(|last| last.seq + 1 == entry.seq);
            if !run.is_empty() && (!follows || size + json.len() + 8 > value::LIMIT) {
                self.put(rows::timeline(lead, run[0].seq), &run)?;
                run.clear();
                size = 0;
            }
            size += json.len() + 1;
            run.push(entry);
        }
        match run.first() {
            Some(first) => self.put(rows::timeline(lead, first.seq), &run),
            None => Ok(()),
        }
    }

    /// The last run of a lead's timeline, if it ends just before `seq` and lies in one row; and its size.
    fn open_run(&self, lead: LeadId, seq: u32) -> Result<(Vec<Entry>, usize), StoreError> {
        let none = (Vec::new(), 0);
        let Some(before) = seq.checked_sub(1) else {
            return Ok(none);
        };
        let Some((key, _)) = self.store.run_at(lead, before)? else {
            return Ok(none);
        };
        let head = self.raw(&key)?.filter(|head| value::parts(head) == 0);
        let run: Option<Vec<Entry>> = head.as_ref().map(|_| self.record(&key)).transpose()?.flatten();
        match (run, head) {
            (Some(run), Some(head)) if run.last().is_some_and(|last| last.seq == before) => {
                Ok((run, head.len()))
            }
            _ => Ok(none),
        }
    }

    fn errand(&mut self, errand: &Errand) -> Result<(), StoreError> {
        let effect_key = errand.effect.key();
        let key = rows::errand(&effect_key);
        let replaced: Option<Errand> = self.record(&key)?;
        self.count_errand(replaced.as_ref(), Some(errand));
        self.put(key, errand)?;
        self.outboxed.push(Outboxed::Put {
            key: effect_key,
            errand: errand.clone(),
            replaced,
        });
        Ok(())
    }

    fn errand_done(&mut self, effect_key: &str, id: ErrandId) -> Result<(), StoreError> {
        let key = rows::errand(effect_key);
        let waiting: Option<Errand> = self.record(&key)?;
        if let Some(over) = waiting.as_ref().filter(|errand| errand.id == id) {
            self.count_errand(Some(over), None);
            self.remove(key)?;
        }
        self.outboxed.push(Outboxed::Done {
            key: effect_key.to_owned(),
            id,
            waiting,
        });
        Ok(())
    }

    fn count_errand(&mut self, before: Option<&Errand>, after: Option<&Errand>) {
        let count = |errand: Option<&Errand>, dead: bool| {
            u64::from(errand.is_some_and(|errand| errand.dead.is_some() == dead))
        };
        self.meta.errands = (self.meta.errands + count(after, false)).saturating_sub(count(before, false));
        self.meta.dead = (self.meta.dead + count(after, true)).saturating_sub(count(before, true));
        let index = |errand: Option<&Errand>| Vec::from_iter(errand.and_then(rows::index_of_errand));
        self.index(&index(before), &index(after));
    }

    fn message(&mut self, message: &Message) -> Result<(), StoreError> {
        let key = rows::message(&message.channel, &message.message);
        let before: Option<Message> = self.record(&key)?;
        let index = |message: Option<&Message>| Vec::from_iter(message.and_then(rows::index_of_message));
        self.index(&index(before.as_ref()), &index(Some(message)));
        self.put(key, message)
    }
}
