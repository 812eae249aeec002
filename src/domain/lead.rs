//! A lead, `L-142`: the unit of work. One author's mentions in one conversation, owned by one department, claimed by at most one person.
//! This file holds what a lead *is* and what follows from it (its state, its next deadline); how it changes is in `decide/`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{ConnectorId, DepartmentId, LeadId, MemberId, NetworkId};
use super::mention::{Author, MentionKind, PublicText};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    Urgent,
    High,
    #[default]
    Normal,
    Low,
}

impl Priority {
    pub const ALL: [Self; 4] = [Self::Urgent, Self::High, Self::Normal, Self::Low];

    pub fn word(self) -> &'static str {
        match self {
            Self::Urgent => "urgent",
            Self::High => "high",
            Self::Normal => "normal",
            Self::Low => "low",
        }
    }
}

/// How a lead ended. `Answered` also stands for praise that was thanked and questions that were settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Answered,
    Won,
    Lost,
    NotALead,
    Spam,
    Duplicate,
}

impl Outcome {
    pub const ALL: [Self; 6] = [
        Self::Answered,
        Self::Won,
        Self::Lost,
        Self::NotALead,
        Self::Spam,
        Self::Duplicate,
    ];

    /// The word that commands and exports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Won => "won",
            Self::Lost => "lost",
            Self::NotALead => "not_a_lead",
            Self::Spam => "spam",
            Self::Duplicate => "duplicate",
        }
    }

    /// The words a person reads.
    pub fn label(self) -> &'static str {
        match self {
            Self::NotALead => "not a lead",
            other => other.word(),
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase().replace([' ', '-'], "_");
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}

/// Who holds a lead, and since when. `renewed` is the last sign of work; the department's lease runs from there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub by: MemberId,
    pub since: Timestamp,
    pub renewed: Timestamp,
    /// When an idle owner is reminded, and when the lead returns to the queue; none where the department sets no lease.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nudge_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lapses_at: Option<Timestamp>,
}

/// What the sender tells the department that is asked to take over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    pub summary: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub promised: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suggested_reply: String,
}

/// A hand-off that was offered and not yet answered. The sender stays owner, and its clock runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOff {
    pub to: DepartmentId,
    pub by: MemberId,
    pub packet: Packet,
    pub offered: Timestamp,
    pub expires: Timestamp,
}

/// A climb on the department's ladder, until somebody acknowledges it or the ladder ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// Index of the rung that was told last.
    pub rung: usize,
    pub reason: String,
    pub told: Vec<MemberId>,
    pub at: Timestamp,
    /// When the next rung is told; none when this is the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub climbs_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<MemberId>,
}

/// A reply on its way to the public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Idempotency key; the same for every attempt of this text.
    pub key: String,
    pub text: String,
    pub by: MemberId,
    pub at: Timestamp,
    /// When this text was first asked for; a retry does not change it.
    #[serde(default)]
    pub asked: Timestamp,
    /// The native id it answers, and what the connector needs to address it.
    pub answers: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_target: Option<String>,
    /// Nobody could tell at one time whether it was public.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub doubted: bool,
    pub state: OutgoingState,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutgoingState {
    Sending,
    /// The network refused it for good; the text is kept for *Retry* or a new reply.
    Failed {
        why: String,
    },
    /// Nobody can tell whether it is public; the card asks the person (law 2).
    Uncertain {
        why: String,
    },
}

/// What somebody has written in a form about this lead and not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub by: MemberId,
    pub command: String,
    /// The form's fields and their values.
    pub fields: Vec<(String, String)>,
}

/// The response clock: runs while the author waits for the company, pauses while the ball is with the author.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseClock {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub breached: bool,
    /// When the company first answered, and when it last did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_response: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_response: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    pub outcome: Outcome,
    pub by: Option<MemberId>,
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<LeadId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snooze {
    pub until: Timestamp,
    pub by: MemberId,
}

/// The newest thing the author wrote: what a reply answers and what lists show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latest {
    pub id: String,
    pub at: Timestamp,
    /// The first words, at most 160 characters.
    pub excerpt: PublicText,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Position in the timeline.
    pub seq: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_target: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    pub id: LeadId,
    /// Grows by one with every change; a commit names the version it started from.
    pub version: u64,
    pub opened: Timestamp,
    pub connector: ConnectorId,
    pub network: NetworkId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    pub kind: MentionKind,
    pub conversation: String,
    /// Who wrote. None only while all we have seen is our own public reply to a message that never reached us.
    pub author: Option<Author>,
    pub latest: Latest,
    pub department: DepartmentId,
    pub priority: Priority,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub watchers: Vec<MemberId>,
    pub clock: ResponseClock,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hand_off: Option<HandOff>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation: Option<Escalation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outgoing: Option<Outgoing>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snooze: Option<Snooze>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
    pub mentions: u32,
    #[serde(default)]
    pub duplicates: u32,
    #[serde(default)]
    pub replies: u32,
    /// Entries in the timeline, and the hash of the last one (see `timeline`).
    pub entries: u32,
    pub head: String,
    /// Position in the timeline of the newest public turn, whoever spoke.
    #[serde(default)]
    pub last_turn: u32,
    /// Unsent forms, one for each member and command; private to whoever wrote them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drafts: Vec<Draft>,
    /// The keys of the last few requests, so that a repeated click or a retried delivery changes nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recent_keys: Vec<String>,
}

/// Where a lead stands, in the order a person would check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Waiting,
    Claimed,
    Snoozed,
    HandingOff,
    Resolved,
}

impl State {
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Claimed => "claimed",
            Self::Snoozed => "snoozed",
            Self::HandingOff => "handing off",
            Self::Resolved => "resolved",
        }
    }
}

impl Lead {
    pub fn state(&self) -> State {
        if self.resolution.is_some() {
            State::Resolved
        } else if self.hand_off.is_some() {
            State::HandingOff
        } else if self.snooze.is_some() {
            State::Snoozed
        } else if self.claim.is_some() {
            State::Claimed
        } else {
            State::Waiting
        }
    }

    pub fn is_open(&self) -> bool {
        self.resolution.is_none()
    }

    pub fn owner(&self) -> Option<&MemberId> {
        self.claim.as_ref().map(|claim| &claim.by)
    }

    /// The earliest moment at which time alone changes this lead. The store keeps one due row per lead from this;
    /// there is no second list of deadlines that could disagree.
    pub fn next_due(&self) -> Option<Timestamp> {
        let clock = self
            .clock
            .due
            .filter(|_| !self.clock.breached && self.clock.waiting_since.is_some());
        let (nudge, lapse) = match &self.claim {
            Some(claim) if self.lease_runs() => (claim.nudge_at, claim.lapses_at),
            _ => (None, None),
        };
        let climbs = self
            .escalation
            .as_ref()
            .filter(|escalation| escalation.acknowledged.is_none())
            .and_then(|escalation| escalation.climbs_at);
        if !self.is_open() {
            return None;
        }
        [
            clock,
            nudge,
            lapse,
            climbs,
            self.hand_off.as_ref().map(|hand_off| hand_off.expires),
            self.snooze.as_ref().map(|snooze| snooze.until),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// A claim is a lease only while the author waits for us: not after an answer, nor while snoozed or offered elsewhere.
    pub fn lease_runs(&self) -> bool {
        self.clock.waiting_since.is_some() && self.snooze.is_none() && self.hand_off.is_none()
    }

    /// What a person sorts a queue by: urgent first, then whoever has waited longest.
    pub fn urgency(&self) -> (Priority, Timestamp) {
        (self.priority, self.clock.waiting_since.unwrap_or(self.latest.at))
    }
}
