//! A backup while the desk goes on: the state of the moment it began, read in short stretches.
//!
//! A stretch of rows is read under the writer's lock, so a commit waits for one stretch at the most (a few
//! milliseconds), and never for the file. What a commit changes ahead of the backup is first put aside as it was, and
//! the backup takes it from there. Nothing of sled's own snapshot machinery is used: it has none.

use std::collections::BTreeMap;

use sled::IVec;

use super::rows::{self, Key};
use super::{Meta, SledStore, unreadable, value};
use crate::domain::effect::Errand;
use crate::domain::ids::{ConnectorId, DepartmentId, NetworkId};
use crate::domain::lead::Lead;
use crate::domain::message::Message;
use crate::domain::timeline::Entry;
use crate::port::store::StoreError;
use crate::store::record::{self, Record, Writer};

/// The kinds that a backup holds, in the order of their bytes; a continuation is read with its row.
const KINDS: [u8; 9] = [
    rows::ERRAND,
    rows::FIGURES,
    rows::DIGEST,
    rows::LEAD,
    rows::MESSAGE,
    rows::SEEN,
    rows::TIMELINE,
    rows::CURSOR,
    rows::CONVERSATION,
];

/// Rows that are read between two commits.
const STRETCH: usize = 500;

/// What commits put aside for a backup: rows ahead of it as they were when it began; none for one that was not there.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// The backup has read everything before this.
    next: Key,
    rows: BTreeMap<Key, Option<IVec>>,
}

impl Kept {
    /// Called before rows are written.
    pub fn keep<'a>(&mut self, tree: &sled::Tree, keys: impl Iterator<Item = &'a Key>) -> sled::Result<()> {
        for key in keys {
            if *key >= self.next && !self.rows.contains_key(key) {
                self.rows.insert(key.clone(), tree.get(key)?);
            }
        }
        Ok(())
    }
}

/// Ends the putting aside, also when the backup's file cannot be written.
struct UnderWay<'a>(&'a SledStore);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.writing().backup = None;
    }
}

impl SledStore {
    pub(super) fn write_backup(&self, out: &mut dyn std::io::Write) -> Result<u64, StoreError> {
        let numbers = {
            let mut writing = self.writing();
            if writing.backup.is_some() {
                return Err(StoreError::CannotOpen(
                    "a backup is being written already; wait until it is done".into(),
                ));
            }
            writing.backup = Some(Kept::default());
            self.meta()
        };
        let _under_way = UnderWay(self);
        let mut writer = Writer::begin(out)?;
        writer.write(&Record::NextNumbers {
            lead: numbers.next_lead,
            errand: numbers.next_errand,
        })?;
        for kind in KINDS {
            let mut from = vec![kind];
            while let Some(next) = self.stretch(kind, &from, &mut writer)? {
                from = next;
            }
        }
        writer.end()
    }

    /// Reads some rows of a kind and writes their records; returns where to go on, none at the end.
    fn stretch(&self, kind: u8, from: &[u8], writer: &mut Writer) -> Result<Option<Key>, StoreError> {
        let mut records = Vec::new();
        let next = {
            let mut writing = self.writing();
            let end = vec![kind + 1];
            let mut there = BTreeMap::new();
            for row in self.tree.range(from..end.as_slice()).take(STRETCH) {
                let (key, head) = row.map_err(unreadable)?;
                there.insert(key.to_vec(), head);
            }
            let last = there.last_key_value().filter(|_| there.len() == STRETCH);
            let next = last.map(|(key, _)| [key.as_slice(), &[0]].concat());
            let following = next.clone().unwrap_or(end);
            let kept = writing.backup.get_or_insert_default();
            for (key, row) in kept.rows.range(from.to_vec()..following.clone()) {
                match row {
                    Some(head) => there.insert(key.clone(), head.clone()),
                    None => there.remove(key),
                };
            }
            for (key, head) in &there {
                records.extend(self.records_of(kind, key, head, kept)?);
            }
            kept.rows = kept.rows.split_off(&following);
            kept.next = following;
            next
        };
        for record in &records {
            writer.write(record)?;
        }
        Ok(next)
    }

    /// The records that a row holds, with the continuation as the backup must see it.
    pub(super) fn records_of(
        &self,
        kind: u8,
        key: &[u8],
        head: &[u8],
        kept: &Kept,
    ) -> Result<Vec<Record>, StoreError> {
        let part = |part: &[u8]| match kept.rows.get(part) {
            Some(row) => Ok(row.clone()),
            None => self.raw(part),
        };
        let one = |record| Ok(vec![record]);
        match kind {
            rows::LEAD => one(Record::Lead(Box::new(value::decode::<Lead>(key, head, part)?))),
            rows::ERRAND => one(Record::Errand(Box::new(value::decode::<Errand>(
                key, head, part,
            )?))),
            rows::MESSAGE => one(Record::Message(Box::new(value::decode::<Message>(
                key, head, part,
            )?))),
            rows::TIMELINE => {
                let lead = named(key, rows::first_lead)?;
                let run: Vec<Entry> = value::decode(key, head, part)?;
                let entries = run.into_iter().map(|entry| Record::Entry {
                    lead,
                    entry: Box::new(entry),
                });
                Ok(entries.collect())
            }
            rows::SEEN => {
                let (network, id) = named(key, rows::two_texts)?;
                one(Record::Seen {
                    network: NetworkId::new(network),
                    id: id.to_owned(),
                    seen: value::decode(key, head, part)?,
                })
            }
            rows::CONVERSATION => {
                let (network, id) = named(key, rows::two_texts)?;
                one(Record::Conversation {
                    network: NetworkId::new(network),
                    id: id.to_owned(),
                    conversation: value::decode(key, head, part)?,
                })
            }
            rows::CURSOR => one(Record::Cursor {
                connector: ConnectorId::new(named(key, rows::one_text)?),
                cursor: value::decode(key, head, part)?,
            }),
            rows::DIGEST => one(Record::Digest {
                department: DepartmentId::new(named(key, rows::one_text)?),
                day: value::decode(key, head, part)?,
            }),
            rows::FIGURES => {
                let (department, day) = named(key, rows::two_texts)?;
                one(Record::Figures {
                    department: DepartmentId::new(department),
                    day: day.parse().map_err(|_| StoreError::Damaged(rows::name(key)))?,
                    figures: value::decode(key, head, part)?,
                })
            }
            _ => Ok(Vec::new()),
        }
    }

    pub(super) fn read_backup(&self, input: &mut dyn std::io::BufRead) -> Result<u64, StoreError> {
        if self.tree.iter().nth(1).is_some() || self.meta() != Meta::default() {
            return Err(record::not_empty());
        }
        self.write_meta(Meta {
            restoring: true,
            ..Meta::default()
        })?;
        let records = record::restore(input, |commit| self.write_commit(commit))?;
        self.write_meta(Meta {
            restoring: false,
            ..self.meta()
        })?;
        Ok(records)
    }
}

/// What a key names, or which row is damaged.
fn named<'a, T>(key: &'a [u8], part: impl FnOnce(&'a [u8]) -> Option<T>) -> Result<T, StoreError> {
    part(key).ok_or_else(|| StoreError::Damaged(format!("{}: the key cannot be understood", rows::name(key))))
}
