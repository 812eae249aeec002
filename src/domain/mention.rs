//! A mention: one post, comment, reply, review or direct message that a network delivered, in one normal form.
//! Nothing here parses a network's wire format; connectors do, and keep their wire types to themselves.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{ConnectorId, NetworkId};

/// What a stranger wrote. It has no `Display` on purpose: whoever shows it must escape it for the surface at hand
/// (law 4), and says so by asking for `as_written`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PublicText(String);

impl PublicText {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text byte for byte; escape it before it reaches a page, a chat, a log or a cell.
    pub fn as_written(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for PublicText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MentionKind {
    #[default]
    Mention,
    Comment,
    DirectMessage,
    Review,
}

impl MentionKind {
    pub const ALL: [Self; 4] = [Self::Mention, Self::Comment, Self::DirectMessage, Self::Review];

    /// The word that routes, logs and exports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mention => "mention",
            Self::Comment => "comment",
            Self::DirectMessage => "direct_message",
            Self::Review => "review",
        }
    }

    /// Reads the word, and the short forms that senders use.
    pub fn parse(word: &str) -> Option<Self> {
        match word.trim().to_lowercase().as_str() {
            "mention" | "post" | "tweet" | "alert" => Some(Self::Mention),
            "comment" | "reply" => Some(Self::Comment),
            "dm" | "direct_message" | "message" => Some(Self::DirectMessage),
            "review" | "rating" => Some(Self::Review),
            _ => None,
        }
    }
}

/// Who wrote a mention, as the network tells it. `id` is the network's own stable key; where a network gives none, the handle stands in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    pub id: String,
    pub handle: PublicText,
    #[serde(default, skip_serializing_if = "PublicText::is_empty")]
    pub name: PublicText,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub followers: Option<u64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub verified: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    pub url: String,
    /// The description its author gave; shown in place of the picture.
    #[serde(default, skip_serializing_if = "PublicText::is_empty")]
    pub description: PublicText,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    pub connector: ConnectorId,
    pub network: NetworkId,
    /// The network's own id; with `network` it is the seen key that swallows repeats.
    pub id: String,
    #[serde(default)]
    pub kind: MentionKind,
    pub author: Author,
    pub text: PublicText,
    pub created: Timestamp,
    /// Our account that was addressed, where the network says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The native id of the message this one answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<String>,
    /// The network's own id of the conversation, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Media>,
    /// Stars of a review, one to five.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<u8>,
    /// What the sender wants a reply to be addressed to, kept word for word for its connector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_target: Option<String>,
    /// Written by one of the company's own accounts: a public reply, not a mention.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
}

/// What became of a message after it was delivered, as its network tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upstream {
    pub network: NetworkId,
    /// The message's own id there.
    pub id: String,
    pub at: Timestamp,
    pub what: UpstreamChange,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpstreamChange {
    Edited { text: PublicText },
    Deleted,
}
