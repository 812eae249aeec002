//! What a decision wants done outside: effects, and the errands that carry them through the outbox.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ids::{Channel, ConnectorId, DepartmentId, ErrandId, LeadId, MemberId, PlatformId};

/// An errand to run, in the imperative. None carries content that could grow stale, except what must be said word for word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Effect {
    /// Bring the lead's card in this channel up to date. Rendered when it is carried out, not when it is asked for.
    SyncCard { lead: LeadId, channel: Channel },
    /// Tell one entry of the lead's timeline in the thread under its card.
    TellThread {
        lead: LeadId,
        channel: Channel,
        seq: u32,
    },
    PublishReply {
        lead: LeadId,
        connector: ConnectorId,
        key: String,
        text: String,
        /// The native id it answers.
        answers: String,
        reply_target: Option<String>,
        /// An earlier attempt was in doubt until a person said that it is not public: where the network can be asked, it
        /// is asked all the same; where it cannot, the person's word counts.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        doubted: bool,
    },
    /// A private notice to one member on one platform.
    Notify {
        platform: PlatformId,
        member: MemberId,
        lead: Option<LeadId>,
        text: String,
    },
    PostDigest {
        department: DepartmentId,
        channel: Channel,
        day: Date,
    },
}

impl Effect {
    /// Two errands with the same key are the same work: the newer request replaces the waiting one.
    pub fn key(&self) -> String {
        match self {
            Self::SyncCard { lead, channel } => format!("card:{:020}:{channel}", lead.0),
            Self::TellThread { lead, channel, seq } => format!("thread:{:020}:{channel}:{seq:010}", lead.0),
            Self::PublishReply { lead, key, .. } => format!("reply:{:020}:{key}", lead.0),
            Self::Notify {
                platform,
                member,
                lead,
                text,
            } => {
                let lead = lead.map_or(0, |lead| lead.0);
                format!(
                    "notice:{lead:020}:{platform}:{member}:{:08x}",
                    crc32fast::hash(text.as_bytes())
                )
            }
            Self::PostDigest { channel, day, .. } => format!("digest:{day}:{channel}"),
        }
    }

    /// The lane whose order and pace this errand shares: a chat channel, or a connector.
    pub fn lane(&self) -> String {
        match self {
            Self::SyncCard { channel, .. }
            | Self::TellThread { channel, .. }
            | Self::PostDigest { channel, .. } => format!("chat {channel}"),
            Self::PublishReply { connector, .. } => format!("network {connector}"),
            Self::Notify { platform, member, .. } => format!("chat {platform}/@{member}"),
        }
    }
}

/// A durable errand: an effect with its attempts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errand {
    pub id: ErrandId,
    pub effect: Effect,
    pub created: Timestamp,
    pub not_before: Timestamp,
    pub attempts: u32,
    /// An attempt that the public could see has begun and no outcome is known: reconcile before sending again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub begun: bool,
    /// Gave up, and why; kept so that a person can see it and try again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dead: Option<String>,
}
