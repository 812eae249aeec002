//! The chat port: what a chat platform (web board, Slack, Discord) can be asked to do. Inbound halves use `front_desk`.

use async_trait::async_trait;
use jiff::Timestamp;

use super::delivery_error::DeliveryError;
use crate::domain::card::Card;
use crate::domain::digest::Digest;
use crate::domain::ids::{Channel, LeadId, MemberId, MessageRef, PlatformId};
use crate::domain::notice::Row;

/// A chart, drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// A file name of plain ASCII: `response-times.png`.
    pub file: String,
    pub title: String,
    /// What it shows, for those who do not see it.
    pub alt: String,
    pub png: Vec<u8>,
}

/// Names one posting, so that a repeat posts nothing new. What an earlier attempt of this process left in doubt, a platform
/// remembers itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    pub key: String,
    /// An earlier process may have posted this since then, and ended before it could say so: look first. None: it was
    /// asked for after this process began.
    pub since: Option<Timestamp>,
}

impl From<&str> for Posting {
    /// Nobody can have posted it yet.
    fn from(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            since: None,
        }
    }
}

/// One chat system. Every call is one attempt: no retries inside. A platform that limits its pace answers `Wait` at once,
/// without asking the network; the courier then rests that lane.
#[async_trait]
pub trait ChatPlatform: Send + Sync {
    fn id(&self) -> PlatformId;

    /// Posts the lead's card. The posting's name is the same for every state of the lead: where an earlier attempt did go
    /// through, that message is found and brought up to date.
    async fn post_card(
        &self,
        channel: &Channel,
        card: &Card,
        posting: &Posting,
    ) -> Result<MessageRef, DeliveryError>;

    /// Replaces a card that was posted before. `Gone` when the message no longer exists.
    async fn edit_card(
        &self,
        channel: &Channel,
        message: &MessageRef,
        card: &Card,
    ) -> Result<(), DeliveryError>;

    /// Tells one member something that nobody else sees. `Gone` when the member has no identity on this platform.
    async fn notify(
        &self,
        member: &MemberId,
        lead: Option<LeadId>,
        text: &str,
        posting: &Posting,
    ) -> Result<MessageRef, DeliveryError>;

    /// Tells one line of a lead's history in the thread under its card. Asked for only where the platform is listed
    /// among those with threads.
    async fn tell_thread(
        &self,
        channel: &Channel,
        card: &MessageRef,
        line: &Row,
        posting: &Posting,
    ) -> Result<MessageRef, DeliveryError>;

    /// Whether digests come with pictures here; where not, none are drawn.
    fn shows_pictures(&self) -> bool {
        false
    }

    async fn post_digest(
        &self,
        channel: &Channel,
        digest: &Digest,
        pictures: &[Picture],
        posting: &Posting,
    ) -> Result<MessageRef, DeliveryError>;
}
