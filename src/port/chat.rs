//! The chat port: what a chat platform (web board, Slack, Discord) can be asked to do. Inbound halves use `front_desk`.

use async_trait::async_trait;

use super::delivery_error::DeliveryError;
use crate::domain::card::Card;
use crate::domain::digest::Digest;
use crate::domain::ids::{Channel, LeadId, MemberId, MessageRef, PlatformId};

/// One chat system. Every call is one attempt: no retries inside, no waiting for rate limits beyond the call's own time-out.
#[async_trait]
pub trait ChatPlatform: Send + Sync {
    fn id(&self) -> PlatformId;

    /// Posts the lead's card. `key` names this posting; a platform with idempotency uses it so that a repeat posts nothing new.
    async fn post_card(&self, channel: &Channel, card: &Card, key: &str)
    -> Result<MessageRef, DeliveryError>;

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
        key: &str,
    ) -> Result<MessageRef, DeliveryError>;

    async fn post_digest(
        &self,
        channel: &Channel,
        digest: &Digest,
        key: &str,
    ) -> Result<MessageRef, DeliveryError>;
}
