//! The lines of a backup: one record each, as JSON that names what it is; first a heading, last the count and a SHA-256
//! of everything before. Index rows are not in it: whoever reads the records back derives them again, so that a backup
//! outlives changes in how a store lays out its rows.

use std::io::{BufRead, Write};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::digest::Figures;
use crate::domain::effect::Errand;
use crate::domain::ids::{ConnectorId, DepartmentId, ErrandId, LeadId, NetworkId};
use crate::domain::lead::Lead;
use crate::domain::message::Message;
use crate::domain::timeline::Entry;
use crate::port::store::{Commit, Conversation, LeadChange, Seen, StoreError};

/// The version of the lines below; a newer one is refused.
pub const FORMAT: u32 = 1;

/// Records that one commit of a restore takes in.
const BATCH: usize = 1000;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    NextNumbers {
        lead: LeadId,
        errand: ErrandId,
    },
    Lead(Box<Lead>),
    Entry {
        lead: LeadId,
        entry: Box<Entry>,
    },
    Seen {
        network: NetworkId,
        id: String,
        seen: Seen,
    },
    Conversation {
        network: NetworkId,
        id: String,
        conversation: Conversation,
    },
    Errand(Box<Errand>),
    Message(Box<Message>),
    Cursor {
        connector: ConnectorId,
        cursor: String,
    },
    Digest {
        department: DepartmentId,
        day: Date,
    },
    Figures {
        department: DepartmentId,
        day: Date,
        figures: Figures,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Frame {
    SwitchboardBackup { format: u32 },
    End { records: u64, sha256: String },
}

/// Writes a backup line by line.
pub struct Writer<'a> {
    out: &'a mut dyn Write,
    digest: Sha256,
    records: u64,
}

impl<'a> Writer<'a> {
    pub fn begin(out: &'a mut dyn Write) -> Result<Self, StoreError> {
        let mut writer = Self {
            out,
            digest: Sha256::new(),
            records: 0,
        };
        writer.line(&Frame::SwitchboardBackup { format: FORMAT })?;
        Ok(writer)
    }

    pub fn write(&mut self, record: &Record) -> Result<(), StoreError> {
        self.records += 1;
        self.line(record)
    }

    /// The closing line; returns how many records were written.
    pub fn end(mut self) -> Result<u64, StoreError> {
        let frame = Frame::End {
            records: self.records,
            sha256: hex(&self.digest.clone().finalize()),
        };
        self.line(&frame)?;
        self.out.flush().map_err(refused)?;
        Ok(self.records)
    }

    fn line(&mut self, line: &impl Serialize) -> Result<(), StoreError> {
        let mut bytes = serde_json::to_vec(line).map_err(|error| StoreError::Write(error.to_string()))?;
        bytes.push(b'\n');
        self.digest.update(&bytes);
        self.out.write_all(&bytes).map_err(refused)
    }
}

fn refused(error: std::io::Error) -> StoreError {
    StoreError::Write(format!("the backup could not be written: {error}"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads a backup whole and checks its count and sum, without keeping anything; returns how many records it holds.
/// A first pass with this, before a store is touched, is how `switchboard restore` refuses a damaged file.
pub fn check(input: &mut dyn BufRead) -> Result<u64, StoreError> {
    read(input, |_| Ok(()))
}

/// Reads a backup and hands its records over in commits of moderate size.
pub fn restore(
    input: &mut dyn BufRead,
    mut commit: impl FnMut(&Commit) -> Result<(), StoreError>,
) -> Result<u64, StoreError> {
    let mut pending = Commit::default();
    let mut held = 0;
    let records = read(input, |record| {
        add(&mut pending, record);
        held += 1;
        if held < BATCH {
            return Ok(());
        }
        held = 0;
        commit(&std::mem::take(&mut pending))
    })?;
    commit(&pending)?;
    Ok(records)
}

fn add(commit: &mut Commit, record: Record) {
    match record {
        Record::NextNumbers { lead, errand } => {
            commit.next_lead = Some(lead);
            commit.next_errand = Some(errand);
        }
        Record::Lead(lead) => commit.leads.push(LeadChange {
            before: None,
            after: *lead,
        }),
        Record::Entry { lead, entry } => commit.entries.push((lead, *entry)),
        Record::Seen { network, id, seen } => commit.seen.push((network, id, seen)),
        Record::Conversation {
            network,
            id,
            conversation,
        } => commit.conversations.push((network, id, conversation)),
        Record::Errand(errand) => commit.errands.push(*errand),
        Record::Message(message) => commit.messages.push(*message),
        Record::Cursor { connector, cursor } => commit.cursors.push((connector, cursor)),
        Record::Digest { department, day } => commit.digests.push((department, day)),
        Record::Figures {
            department,
            day,
            figures,
        } => commit.figures.push((department, day, figures)),
    }
}

fn read(
    input: &mut dyn BufRead,
    mut each: impl FnMut(Record) -> Result<(), StoreError>,
) -> Result<u64, StoreError> {
    let mut digest = Sha256::new();
    let mut records = 0;
    let mut number = 0_u64;
    let mut line = Vec::new();
    loop {
        line.clear();
        number += 1;
        let damaged = |why: String| StoreError::Damaged(format!("backup, line {number}: {why}"));
        input
            .read_until(b'\n', &mut line)
            .map_err(|error| damaged(format!("cannot be read: {error}")))?;
        if line.is_empty() {
            return Err(damaged(
                "the file ends before its closing line; it was cut off".into(),
            ));
        }
        if number == 1 {
            match serde_json::from_slice(&line) {
                Ok(Frame::SwitchboardBackup { format }) if format <= FORMAT => {}
                Ok(Frame::SwitchboardBackup { format }) => {
                    return Err(damaged(format!(
                        "written by a newer Switchboard (format {format}, this one reads up to {FORMAT}); restore with that version"
                    )));
                }
                _ => return Err(damaged("this is not a backup of Switchboard".into())),
            }
        } else if line.starts_with(b"{\"end\":") {
            let sum = hex(&digest.finalize());
            return match serde_json::from_slice(&line) {
                Ok(Frame::End { records: count, .. }) if count != records => Err(damaged(format!(
                    "{count} records were written, {records} are here"
                ))),
                Ok(Frame::End { sha256, .. }) if sha256 != sum => Err(damaged(
                    "the file was altered after it was written (its SHA-256 differs)".into(),
                )),
                Ok(Frame::End { .. }) => Ok(records),
                _ => Err(damaged("the closing line is damaged".into())),
            };
        } else {
            let record = serde_json::from_slice(&line)
                .map_err(|error| damaged(format!("not a record of a backup: {error}")))?;
            records += 1;
            each(record)?;
        }
        digest.update(&line);
    }
}

pub(super) fn not_empty() -> StoreError {
    StoreError::CannotOpen(
        "this store is not empty; restore fills a new one, so choose another folder".into(),
    )
}
