//! A lead's timeline: its conversation and its history in one append-only list, chained by hash, so that a changed,
//! missing or reordered entry shows. The history *is* the audit: who did what, when, from where.
//!
//! Public texts enter the chain by their own hash, so that a text which a network's terms oblige us to erase can be
//! erased later without breaking the chain.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::ids::{DepartmentId, LeadId, MemberId, PlatformId};
use super::lead::{Outcome, Packet, Priority};
use super::mention::{Mention, PublicText};

/// Who made an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    Member(MemberId),
    /// The stranger who wrote the mention.
    Author,
    /// One of the company's own accounts, seen on the network.
    Account,
    /// Switchboard itself: a deadline passed, a delivery came back.
    Switchboard,
}

/// What happened, in the past tense. Each is one line of history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "snake_case")]
pub enum Happened {
    Opened {
        department: DepartmentId,
        priority: Priority,
        reasons: Vec<String>,
    },
    MentionReceived {
        mention: Box<Mention>,
    },
    /// The author changed the message of this native id.
    MentionEdited {
        id: String,
        text: PublicText,
    },
    /// The message of this native id is gone from its network.
    MentionDeleted {
        id: String,
    },
    PublicReplySeen {
        post: Box<Mention>,
    },
    Claimed,
    Released {
        reason: Option<String>,
    },
    Nudged,
    ClaimLapsed {
        owner: MemberId,
    },
    Assigned {
        to: MemberId,
        from: Option<MemberId>,
    },
    ReplyRequested {
        key: String,
        text: String,
    },
    ReplyPublished {
        key: String,
        text: String,
        permalink: Option<String>,
        /// The network's own id, where it told us.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        native_id: Option<String>,
    },
    ReplyFailed {
        key: String,
        why: String,
    },
    ReplyUncertain {
        key: String,
        why: String,
    },
    ReplyDropped {
        key: String,
    },
    AnsweredThere {
        permalink: Option<String>,
    },
    Noted {
        text: String,
    },
    HandOffOffered {
        to: DepartmentId,
        packet: Packet,
        expires: Timestamp,
    },
    HandOffAccepted {
        from: DepartmentId,
        to: DepartmentId,
    },
    HandOffDeclined {
        to: DepartmentId,
        reason: String,
    },
    HandOffExpired {
        to: DepartmentId,
    },
    HandOffWithdrawn {
        to: DepartmentId,
    },
    Escalated {
        rung: usize,
        told: Vec<MemberId>,
        reason: String,
    },
    Acknowledged,
    Snoozed {
        until: Timestamp,
    },
    Woke,
    Breached {
        due: Timestamp,
    },
    Resolved {
        outcome: Outcome,
        note: Option<String>,
        duplicate_of: Option<LeadId>,
    },
    Reopened {
        reason: String,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Position, from 0.
    pub seq: u32,
    pub at: Timestamp,
    pub by: Actor,
    /// The platform on which a member acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<PlatformId>,
    pub what: Happened,
    /// SHA-256, in hex, over the previous entry's hash and this entry with its public text replaced by that text's hash.
    pub hash: String,
}

/// The hash before the first entry.
pub const GENESIS: &str = "";

impl Entry {
    /// Makes the next entry of a chain whose last hash is `previous`.
    pub fn chained(
        previous: &str,
        lead: LeadId,
        seq: u32,
        at: Timestamp,
        by: Actor,
        via: Option<PlatformId>,
        what: Happened,
    ) -> Self {
        let mut entry = Self {
            seq,
            at,
            by,
            via,
            what,
            hash: String::new(),
        };
        entry.hash = entry.expected_hash(previous, lead);
        entry
    }

    /// What `hash` must be if nothing was changed.
    pub fn expected_hash(&self, previous: &str, lead: LeadId) -> String {
        let mut digest = Sha256::new();
        digest.update(previous.as_bytes());
        digest.update(lead.0.to_be_bytes());
        digest.update(self.seq.to_be_bytes());
        digest.update(self.at.to_string().as_bytes());
        digest.update(json(&self.by));
        digest.update(json(&self.via));
        match &self.what {
            Happened::MentionReceived { mention } => hash_mention(&mut digest, "mention", mention),
            Happened::PublicReplySeen { post } => hash_mention(&mut digest, "post", post),
            Happened::MentionEdited { id, text } => {
                digest.update(b"edited");
                digest.update(Sha256::digest(text.as_written().as_bytes()));
                digest.update(id.as_bytes());
            }
            other => digest.update(json(other)),
        }
        hex(&digest.finalize())
    }
}

fn hash_mention(digest: &mut Sha256, word: &str, mention: &Mention) {
    digest.update(word.as_bytes());
    digest.update(Sha256::digest(mention.text.as_written().as_bytes()));
    for part in [mention.network.as_str(), &mention.id, &mention.author.id] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    digest.update(mention.created.to_string().as_bytes());
    digest.update(mention.url.as_deref().unwrap_or_default().as_bytes());
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half & 0xf)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(*byte)])
        .collect()
}

/// Canonical JSON of the small parts of an entry; these types are ours and always serialise.
fn json(part: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(part).unwrap_or_default()
}

/// Where a chain is broken, in words for `verify`.
pub fn verify_chain(lead: LeadId, entries: &[Entry], count: u32, head: &str) -> Result<(), String> {
    let mut previous = GENESIS.to_owned();
    for (index, entry) in entries.iter().enumerate() {
        if entry.seq as usize != index {
            return Err(format!(
                "{lead}: entry {index} is missing or out of order (found {})",
                entry.seq
            ));
        }
        if entry.hash != entry.expected_hash(&previous, lead) {
            return Err(format!("{lead}: entry {index} was changed after it was written"));
        }
        previous.clone_from(&entry.hash);
    }
    if entries.len() as u32 != count {
        return Err(format!(
            "{lead}: {count} entries are recorded, {} were found",
            entries.len()
        ));
    }
    if previous != head {
        return Err(format!("{lead}: the last entry is not the one the lead names"));
    }
    Ok(())
}
