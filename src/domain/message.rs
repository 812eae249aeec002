//! What was posted to a chat channel and where: the link between a lead and the messages that show it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::ids::{Channel, LeadId, MessageRef};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// The lead's card, rendered from the lead whenever it is shown.
    Card(LeadId),
    Digest(Box<Digest>),
    Notice {
        lead: Option<LeadId>,
        text: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub channel: Channel,
    /// The platform's own name for it; sorts in the order of posting within a channel of the web board.
    pub message: MessageRef,
    pub posted: Timestamp,
    pub content: Content,
}
