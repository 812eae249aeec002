//! The social port: what a connector to one network can do. Push connectors hand their deliveries to the front desk
//! themselves; polled ones return a batch.

use async_trait::async_trait;
use jiff::Timestamp;

use super::delivery_error::DeliveryError;
use super::finding::Finding;
use crate::domain::capability::Capabilities;
use crate::domain::ids::{ConnectorId, NetworkId};
use crate::domain::mention::{Mention, Upstream};

/// Mentions in the order of the network, what became of earlier ones, and how far the connector has read once all of it is
/// on disk.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    pub mentions: Vec<Mention>,
    /// Edits and deletions of messages that may have been delivered before; those of unknown messages are passed over.
    pub changes: Vec<Upstream>,
    /// None: nothing new to remember.
    pub cursor: Option<String>,
}

/// A reply to publish. `key` is the same for every attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicReply {
    pub key: String,
    pub network: NetworkId,
    /// Native id of the message it answers, and the conversation it belongs to.
    pub answers: String,
    pub conversation: String,
    pub reply_target: Option<String>,
    pub text: String,
    /// When the reply was asked for; the same for every attempt.
    pub asked: Timestamp,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    pub native_id: Option<String>,
    pub permalink: Option<String>,
}

/// The answer to "is our reply already there?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reconciled {
    Found(Published),
    /// Certain: it is not there and will not appear.
    Absent,
    CannotTell(String),
}

/// One configured connector.
#[async_trait]
pub trait Connector: Send + Sync {
    fn id(&self) -> &ConnectorId;

    /// What the given network can do through this connector (a scripted or webhook connector carries several networks).
    fn capabilities(&self, network: &NetworkId) -> Capabilities;

    /// How long to wait between polls; none for a connector that is pushed to.
    fn poll_every(&self) -> Option<std::time::Duration>;

    /// One poll from `cursor`. Must not wait longer than its own request time-outs, and keeps no cursor of its own. A
    /// connector that follows a stream keeps its socket between polls, and comes back within half a minute with what came.
    /// With no cursor it is the first contact: the newest that a person would still want to see, and always a cursor.
    async fn poll(&self, cursor: Option<&str>) -> Result<Batch, DeliveryError>;

    /// One attempt. A time-out after the request was written is `Uncertain`, never `Transient`.
    async fn publish(&self, reply: &PublicReply) -> Result<Published, DeliveryError>;

    /// Looks for our own earlier reply with this key.
    async fn reconcile(&self, reply: &PublicReply) -> Result<Reconciled, DeliveryError>;

    /// Asks the network whether everything is ready, and changes nothing there.
    async fn check(&self) -> Vec<Finding> {
        Vec::new()
    }
}
