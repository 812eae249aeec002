//! The scripted network: plays a script of invented mentions on several invented networks, takes replies, and keeps
//! them in a file that is "the public". It makes the demo, and it is the honest network of the kill tests: what stands
//! in `scripted/public.jsonl` went out, whatever became of the answer.
//!
//! It speaks to nobody. The script's form is in `docs/mentions.md`; the limits are those of the real networks.

mod faults;
mod networks;
mod public;
mod script;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Clock;
use crate::domain::capability::Capabilities;
use crate::domain::ids::{ConnectorId, NetworkId};
use crate::domain::mention::Mention;
use crate::port::delivery_error::DeliveryError;
use crate::port::social::{Batch, Connector, PublicReply, Published, Reconciled};

pub use faults::Faults;
pub use public::{Post, read_public};

use faults::Fate;
use public::Public;
use script::Script;

/// How often the script is looked at; the demo feels alive with this.
const POLL_EVERY: Duration = Duration::from_millis(500);

/// The most mentions that one poll delivers.
const BATCH_LIMIT: usize = 1_000;

/// The invented sample that ships with Switchboard.
const SAMPLE: &str = include_str!("../../../config/demo/mentions.jsonl");

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The connector's name; with it goes how far the script was played.
    pub name: String,
    /// The script, a file of JSON Lines; none plays the bundled sample.
    #[serde(default)]
    pub script: Option<PathBuf>,
    /// How many times faster than written the script is played.
    #[serde(default = "one")]
    pub speed: f64,
    /// Does a second publish with the same key publish nothing? None: as the real network does.
    #[serde(default)]
    pub idempotent: Option<bool>,
    /// What goes wrong on purpose; nothing unless it is written here.
    #[serde(default)]
    pub faults: Faults,
}

fn one() -> f64 {
    1.0
}

impl Settings {
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            script: None,
            speed: one(),
            idempotent: None,
            faults: Faults::default(),
        }
    }

    /// Every mistake in the settings at once.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = self.faults.problems();
        if !(self.speed.is_finite() && self.speed > 0.0) {
            problems.push(format!("speed: {} is not above 0", self.speed));
        }
        problems
    }
}

/// How far the script was played; the connector's cursor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Progress {
    started: Timestamp,
    /// How many of the script's own entries went out, in their order.
    played: usize,
    /// Follow-ups that went out, by id.
    #[serde(default)]
    followed: Vec<String>,
}

pub struct Scripted {
    id: ConnectorId,
    settings: Settings,
    script: Script,
    public: Arc<Public>,
    clock: Clock,
}

impl Scripted {
    /// Opens the connector; its public file is `DATA/scripted/public.jsonl`. The error names the file and the line.
    pub fn open(settings: Settings, data: &Path, clock: Clock) -> Result<Self, String> {
        if let Some(problem) = settings.problems().into_iter().next() {
            return Err(problem);
        }
        let id = ConnectorId::new(settings.name.clone());
        let script = match &settings.script {
            None => Script::parse(SAMPLE, &id).map_err(|why| format!("the bundled script, {why}"))?,
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| error.to_string())
                .and_then(|text| Script::parse(&text, &id))
                .map_err(|why| format!("{}: {why}", path.display()))?,
        };
        let public = Public::open(&public_file(data))?;
        Ok(Self {
            id,
            settings,
            script,
            public: Arc::new(public),
            clock,
        })
    }

    /// What was published in a conversation, oldest first.
    pub fn public_thread(&self, network: &NetworkId, conversation: &str) -> Vec<Post> {
        self.public.thread(network, conversation)
    }

    fn after(&self, start: Timestamp, seconds: f64) -> Timestamp {
        // What is negative stands for the past of the first poll, and is not stretched by the speed.
        let seconds = if seconds > 0.0 {
            seconds / self.settings.speed
        } else {
            seconds
        };
        SignedDuration::try_from_secs_f64(seconds)
            .ok()
            .and_then(|wait| start.checked_add(wait).ok())
            .unwrap_or(Timestamp::MAX)
    }

    fn due(&self, progress: &mut Progress, now: Timestamp) -> Vec<Mention> {
        let mut due = Vec::new();
        for entry in self.script.entries.iter().skip(progress.played).take(BATCH_LIMIT) {
            let at = self.after(progress.started, entry.after_seconds);
            if at > now {
                break;
            }
            progress.played += 1;
            due.push(entry.at(at));
        }
        for entry in &self.script.follow_ups {
            let Some(parent) = &entry.when_replied_to else {
                continue;
            };
            if progress.followed.contains(&entry.mention.id) {
                continue;
            }
            let Some(replied) = self.public.first_reply_to(&entry.mention.network, parent) else {
                continue;
            };
            let at = self.after(replied, entry.after_seconds.max(0.0));
            if at <= now {
                progress.followed.push(entry.mention.id.clone());
                due.push(entry.at(at));
            }
        }
        due
    }

    fn refusal(&self, reply: &PublicReply) -> Option<DeliveryError> {
        let can = self.capabilities(&reply.network);
        if !can.replies {
            let why = format!("{} takes no replies through Switchboard", reply.network);
            return Some(DeliveryError::Permanent(why));
        }
        let length = can.counting.count(&reply.text);
        match can.text_limit {
            Some(limit) if length > limit => Some(DeliveryError::Permanent(format!(
                "the reply counts {length}, {} allows {limit}",
                reply.network
            ))),
            _ => None,
        }
    }
}

/// Where the scripted network keeps what went out.
pub fn public_file(data: &Path) -> PathBuf {
    data.join("scripted").join("public.jsonl")
}

#[async_trait]
impl Connector for Scripted {
    fn id(&self) -> &ConnectorId {
        &self.id
    }

    fn capabilities(&self, network: &NetworkId) -> Capabilities {
        let mut can = networks::capabilities(network.as_str());
        can.idempotent = can.replies && self.settings.idempotent.unwrap_or(can.idempotent);
        can.reconciles = can.replies && !self.settings.faults.blind;
        can
    }

    fn poll_every(&self) -> Option<Duration> {
        Some(POLL_EVERY)
    }

    async fn poll(&self, cursor: Option<&str>) -> Result<Batch, DeliveryError> {
        let now = (self.clock)();
        let before: Option<Progress> = cursor.and_then(|cursor| {
            serde_json::from_str(cursor)
                .inspect_err(
                    |error| tracing::warn!(%error, "the script starts anew: its cursor cannot be read"),
                )
                .ok()
        });
        let mut progress = before.clone().unwrap_or(Progress {
            started: now,
            played: 0,
            followed: Vec::new(),
        });
        let mentions = self.due(&mut progress, now);
        let cursor = if before.as_ref() == Some(&progress) {
            None
        } else {
            serde_json::to_string(&progress).ok()
        };
        Ok(Batch {
            mentions,
            cursor,
            ..Batch::default()
        })
    }

    async fn publish(&self, reply: &PublicReply) -> Result<Published, DeliveryError> {
        let faults = &self.settings.faults;
        if faults.latency_ms > 0 {
            tokio::time::sleep(Duration::from_millis(faults.latency_ms)).await;
        }
        let fate = self.public.fate(faults);
        if fate == Fate::Refused {
            return Err(DeliveryError::Transient(
                "the scripted network refused the reply, as its settings ask".to_owned(),
            ));
        }
        if let Some(refusal) = self.refusal(reply) {
            return Err(refusal);
        }
        let once = self.capabilities(&reply.network).idempotent;
        let (public, reply, now) = (self.public.clone(), reply.clone(), (self.clock)());
        let published = tokio::task::spawn_blocking(move || public.publish(&reply, once, now))
            .await
            .map_err(|error| DeliveryError::Uncertain(error.to_string()))??;
        if fate == Fate::AnswerLost {
            return Err(DeliveryError::Uncertain(
                "the scripted network took the reply and its answer was lost, as its settings ask".to_owned(),
            ));
        }
        Ok(published)
    }

    async fn reconcile(&self, reply: &PublicReply) -> Result<Reconciled, DeliveryError> {
        if self.settings.faults.blind {
            return Ok(Reconciled::CannotTell(
                "the scripted network shows nobody its replies, as its settings ask".to_owned(),
            ));
        }
        Ok(match self.public.find(&reply.key) {
            Some(published) => Reconciled::Found(published),
            None => Reconciled::Absent,
        })
    }
}
