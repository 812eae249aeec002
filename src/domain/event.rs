//! Everything that can reach the desk. Three ways in, one door: a network delivered something, a person asked for
//! something, time or a delivery came back.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::effect::Errand;
use super::ids::{ConnectorId, DepartmentId, LeadId, MemberId, MessageRef, PlatformId};
use super::lead::{Draft, Outcome, Packet};
use super::mention::{Mention, Upstream};

/// What a person asks of a lead. Each verb has its file in `decide/`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum Verb {
    Claim,
    Release {
        reason: Option<String>,
    },
    Assign {
        to: MemberId,
    },
    /// `seen` is the lead's number of entries when the form was opened; none when the person typed a command.
    Reply {
        text: String,
        seen: Option<u32>,
    },
    /// Publish the failed reply once more, word for word.
    Retry,
    /// The person looked: an uncertain reply is public (with its link), or it is not and may be sent again.
    Settle {
        published: bool,
        permalink: Option<String>,
    },
    /// Answered outside of Switchboard, where it cannot publish.
    AnsweredThere {
        permalink: Option<String>,
    },
    Note {
        text: String,
    },
    HandOff {
        to: DepartmentId,
        packet: Packet,
    },
    Accept,
    Decline {
        reason: String,
    },
    Withdraw,
    Escalate {
        reason: String,
    },
    Acknowledge,
    Snooze {
        until: Timestamp,
    },
    Resolve {
        outcome: Outcome,
        note: Option<String>,
        duplicate_of: Option<LeadId>,
    },
    Reopen {
        reason: Option<String>,
    },
}

impl Verb {
    /// The name of the command that asks for it.
    pub fn command(&self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Release { .. } => "release",
            Self::Assign { .. } => "assign",
            Self::Reply { .. } => "reply",
            Self::Retry => "retry",
            Self::Settle { .. } => "settle",
            Self::AnsweredThere { .. } => "answered",
            Self::Note { .. } => "note",
            Self::HandOff { .. } => "hand-off",
            Self::Accept => "accept",
            Self::Decline { .. } => "decline",
            Self::Withdraw => "withdraw",
            Self::Escalate { .. } => "escalate",
            Self::Acknowledge => "acknowledge",
            Self::Snooze { .. } => "snooze",
            Self::Resolve { .. } => "resolve",
            Self::Reopen { .. } => "reopen",
        }
    }
}

/// One request of one person about one lead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    pub lead: LeadId,
    pub by: MemberId,
    pub via: PlatformId,
    pub verb: Verb,
    /// Names this click or submission; a second arrival of the same key changes nothing.
    pub key: String,
}

/// What a courier brings back for one errand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Report {
    /// A card, digest or notice is where it belongs. `message` is where, so that it can be edited later.
    Posted { message: MessageRef },
    /// A digest was posted, with the figures of that moment.
    Digested {
        message: MessageRef,
        digest: Box<Digest>,
    },
    Published {
        permalink: Option<String>,
        native_id: Option<String>,
    },
    /// Try again at the given time.
    Later { at: Timestamp, why: String },
    /// It will never work; `why` is for people.
    Dead { why: String },
    /// A publish whose outcome nobody can tell.
    Uncertain { why: String },
    /// Done, with nothing to remember: an edited card, an empty digest.
    Done,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A network delivered a mention, or one of our own accounts' posts (`mention.own`). `backlog`: from a connector's
    /// first contact, so that old mentions ping nobody.
    MentionReceived {
        mention: Box<Mention>,
        backlog: bool,
    },
    /// A network says that a message was edited or deleted there; it may be one that we never took in.
    ChangedUpstream(Upstream),
    /// Everything up to here was delivered before this event.
    CursorAdvanced {
        connector: ConnectorId,
        cursor: String,
    },
    Asked(Ask),
    /// Somebody wrote in a form and has not sent it: kept with the lead, seen by nobody else.
    DraftKept {
        lead: LeadId,
        draft: Draft,
    },
    /// Something outside is in the way of the work and only an administrator can mend it; the text says what to do.
    TroubleFound {
        text: String,
    },
    /// The lead's `next_due` has passed.
    DeadlinePassed(LeadId),
    /// A department's digest for a local day is due.
    DigestDue {
        department: DepartmentId,
        day: Date,
    },
    /// A courier is about to make an attempt that the public could see; on disk before it is made (law 2).
    AttemptBegan(Box<Errand>),
    Reported {
        errand: Box<Errand>,
        report: Report,
    },
}

impl Event {
    /// The word that figures and logs use.
    pub fn word(&self) -> &'static str {
        match self {
            Self::MentionReceived { .. } => "mention",
            Self::ChangedUpstream(_) => "upstream",
            Self::CursorAdvanced { .. } => "cursor",
            Self::Asked(_) => "request",
            Self::DraftKept { .. } => "draft",
            Self::TroubleFound { .. } => "trouble",
            Self::DeadlinePassed(_) => "deadline",
            Self::DigestDue { .. } => "digest",
            Self::AttemptBegan(_) => "attempt",
            Self::Reported { .. } => "report",
        }
    }
}

impl Report {
    pub fn word(&self) -> &'static str {
        match self {
            Self::Posted { .. } => "posted",
            Self::Digested { .. } => "digested",
            Self::Published { .. } => "published",
            Self::Later { .. } => "later",
            Self::Dead { .. } => "dead",
            Self::Uncertain { .. } => "uncertain",
            Self::Done => "done",
        }
    }
}
