//! A card: the platform-neutral picture of a lead as it is now, for one channel. Adapters render it; none adds to it.
//! Public text stays `PublicText` until an adapter escapes it for its surface.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{DepartmentId, LeadId, MemberId, NetworkId};
use super::lead::{Priority, State};
use super::mention::{Author, Media, MentionKind, PublicText};
use super::notice::Tone;

/// A button. A click carries only `verb:L-142`; the desk decides what it means now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// The name of the command behind it: `claim`, `hand-off`.
    pub command: String,
    pub label: String,
    /// Opens a form instead of acting at once.
    pub form: bool,
    pub emphasis: Emphasis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Emphasis {
    Primary,
    Normal,
    Danger,
}

/// Something a person must know before acting, above the buttons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Banner {
    pub tone: Tone,
    pub text: String,
    /// Lines of a packet, a failed text, a reason: written by staff.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

/// One turn of the public conversation, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    pub at: Timestamp,
    /// None: the company.
    pub author: Option<PublicText>,
    pub text: PublicText,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    pub lead: LeadId,
    pub version: u64,
    pub department: DepartmentId,
    pub department_name: String,
    pub state: State,
    /// One line: `Claimed by Dana Okafor`, `Resolved as won by Lee`.
    pub status: String,
    pub priority: Priority,
    pub tags: Vec<String>,
    pub network: NetworkId,
    pub kind: MentionKind,
    pub opened: Timestamp,
    pub owner: Option<MemberId>,
    pub owner_name: Option<String>,
    /// When the response is due; none while the clock stands.
    pub due: Option<Timestamp>,
    pub breached: bool,
    pub first_response: Option<Timestamp>,
    /// None on a stub.
    pub author: Option<Author>,
    pub url: Option<String>,
    pub media: Vec<Media>,
    /// The last turns of the conversation; empty on a stub.
    pub turns: Vec<Turn>,
    /// Turns before these that are not shown.
    pub earlier: u32,
    pub mentions: u32,
    pub duplicates: u32,
    pub reasons: Vec<String>,
    pub banners: Vec<Banner>,
    pub actions: Vec<Action>,
    /// Confidential elsewhere: no author, no text, no actions.
    pub stub: bool,
}
