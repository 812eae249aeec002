//! Couriers: they carry errands out of the durable outbox and report each outcome as an event. One step leases what is
//! ready, runs it lane by lane (a lane is one chat channel or one connector), and hands the reports in as one batch.
//! `step` is public so that tests drain the outbox deterministically.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures::stream::{FuturesUnordered, StreamExt};
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::domain::effect::{Effect, Errand};
use crate::domain::event::{Event, Report};
use crate::domain::ids::{ConnectorId, PlatformId};
use crate::port::chat::ChatPlatform;
use crate::port::delivery_error::DeliveryError;
use crate::port::front_desk::NotTaken;
use crate::port::social::Connector;
use crate::port::store::{Store, StoreError};

use super::desk::DeskQueue;
use super::setup::Setup;

mod chat;
mod lanes;
mod reply;
mod running;

pub use lanes::Lanes;
pub use running::run;

/// Errands of one lane leased at once.
const LEASED: usize = 256;
/// How long a lease lasts: longer than any attempt's time-outs together.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// No attempt waits longer than this for the other side.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(60);
/// How long to wait before a report that the desk could not take is handed in again.
const AFTER_FAILURE: Duration = Duration::from_secs(5);
/// Attempts after which a chat errand is given up and shown as dead; with the back-off about a day.
const ATTEMPTS: u32 = 300;
/// A public reply is given up sooner: people wait for it, and it stays on the card to be retried.
const REPLY_ATTEMPTS: u32 = 12;

/// How long a closed way rests before it is tried again.
const CLOSED: SignedDuration = SignedDuration::from_mins(2);

/// What became of one attempt.
enum Attempted {
    /// An outcome, to be reported.
    Over(Event),
    /// The errand is no longer wanted.
    Unwanted,
    /// Nothing was done, and nothing else can go this way for a while; with what administrators must hear.
    LaneRests(Option<Event>),
}

/// Where errands can be carried to.
pub struct Couriers {
    pub store: Arc<dyn Store>,
    pub setup: Setup,
    pub desk: DeskQueue,
    pub platforms: BTreeMap<PlatformId, Arc<dyn ChatPlatform>>,
    pub connectors: BTreeMap<ConnectorId, Arc<dyn Connector>>,
    pub lanes: Lanes,
    /// When this process began. What was asked for before may have been posted by one that ended since.
    pub started: Timestamp,
}

/// Why a step could not be made; the errands are still in the outbox.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    #[error("the outbox cannot be read: {0}")]
    Store(#[from] StoreError),
    #[error("{0}")]
    NotTaken(#[from] NotTaken),
}

impl Couriers {
    /// Leases what is ready, runs it to its end, reports it. Returns how many errands were run.
    pub async fn step(&self) -> Result<usize, StepError> {
        let lanes = self.lease(&BTreeSet::new())?;
        let stop = CancellationToken::new();
        let mut running: FuturesUnordered<_> = lanes
            .into_values()
            .map(|lane| self.run_lane(lane, &stop))
            .collect();
        let mut done = 0;
        while let Some(lane) = running.next().await {
            done += lane?;
        }
        Ok(done)
    }

    /// Errands that are ready, by lane; lanes that are busy have their turn later.
    fn lease(&self, busy: &BTreeSet<String>) -> Result<BTreeMap<String, Vec<Errand>>, StoreError> {
        let now = (self.setup.clock)();
        let until = now.checked_add(LEASE).unwrap_or(Timestamp::MAX);
        let mut lanes: BTreeMap<String, Vec<Errand>> = BTreeMap::new();
        let mut out = self.lanes.resting(now);
        out.extend(busy.iter().cloned());
        for errand in self.store.lease_errands(now, until, LEASED, &out)? {
            lanes.entry(errand.effect.lane()).or_default().push(errand);
        }
        Ok(lanes)
    }

    /// Runs one lane's errands in order, until `stop`.
    async fn run_lane(&self, errands: Vec<Errand>, stop: &CancellationToken) -> Result<usize, StepError> {
        let leased: Vec<_> = errands
            .iter()
            .map(|errand| (errand.effect.key(), errand.id))
            .collect();
        let ran = self.run_in_order(errands, stop).await;
        // Whatever was replaced or refused meanwhile may run again at once; what is over is gone from the outbox.
        for (key, id) in leased {
            self.store.release_errand(&key, id);
        }
        ran
    }

    /// Reports on chat errands are handed in together. What the public may read is recorded before anything else is
    /// tried: only the courier knows it, and after a crash a network that cannot be asked would leave it uncertain.
    async fn run_in_order(&self, errands: Vec<Errand>, stop: &CancellationToken) -> Result<usize, StepError> {
        let mut reports = Vec::new();
        let mut done = 0;
        for errand in errands {
            if stop.is_cancelled() {
                break;
            }
            let is_public = matches!(errand.effect, Effect::PublishReply { .. });
            let report = match self.attempt(errand).await? {
                Attempted::Over(report) => report,
                Attempted::Unwanted => continue,
                // The rest of the lane keeps its place; by then newer requests may have replaced some of it.
                Attempted::LaneRests(trouble) => {
                    reports.extend(trouble);
                    break;
                }
            };
            done += 1;
            if is_public {
                self.hand_in_for_sure(report, stop).await?;
            } else {
                reports.push(report);
            }
        }
        self.desk.submit(reports).await?;
        Ok(done)
    }

    /// Hands in a report that must not get lost, as often as it takes.
    async fn hand_in_for_sure(&self, report: Event, stop: &CancellationToken) -> Result<(), NotTaken> {
        loop {
            match self.desk.submit(vec![report.clone()]).await {
                Err(NotTaken::Busy | NotTaken::Store(_)) if !stop.is_cancelled() => {}
                handed_in => return handed_in.map(drop),
            }
            tokio::select! {
                () = tokio::time::sleep(AFTER_FAILURE) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    async fn attempt(&self, mut errand: Errand) -> Result<Attempted, StepError> {
        let report = if let Effect::PublishReply { .. } = &errand.effect {
            let began = self
                .desk
                .submit(vec![Event::AttemptBegan(Box::new(errand.clone()))])
                .await?;
            if began
                .iter()
                .any(|notice| notice.tone == crate::domain::notice::Tone::Refused)
            {
                return Ok(Attempted::Unwanted);
            }
            let report = self.publish(&errand).await;
            errand.attempts += 1;
            // A reply that certainly did not go out may be sent again without looking; any other must be looked for.
            errand.begun = matches!(report, Outcome::LookAgain { .. });
            self.reply_report(&errand, report)
        } else {
            errand.attempts += 1;
            match self.deliver(&errand).await {
                Ok(report) => {
                    let lane = errand.effect.lane();
                    if self.lanes.open(&lane) {
                        tracing::info!(lane, "the way is open again");
                    }
                    report
                }
                Err(DeliveryError::Wait { wait, .. }) => {
                    self.lanes.rest(&errand.effect.lane(), self.after(wait));
                    return Ok(Attempted::LaneRests(None));
                }
                Err(DeliveryError::Blocked(why)) => {
                    return Ok(Attempted::LaneRests(self.close(&errand, why)));
                }
                Err(error) => self.chat_report(&errand, error),
            }
        };
        metrics::counter!("switchboard_attempts_total", "outcome" => report.word()).increment(1);
        if let Report::Dead { why } | Report::Uncertain { why } = &report {
            tracing::warn!(errand = errand.effect.key(), why, "an errand needs a person");
        }
        Ok(Attempted::Over(Event::Reported {
            errand: Box::new(errand),
            report,
        }))
    }

    /// The way is closed: its lane rests, and administrators are told, once.
    fn close(&self, errand: &Errand, why: String) -> Option<Event> {
        let lane = errand.effect.lane();
        let is_news = self.lanes.close(&lane, &why, self.after(CLOSED));
        is_news.then(|| {
            tracing::warn!(lane, why, "a way is closed; its errands wait");
            Event::TroubleFound { text: why }
        })
    }

    fn chat_report(&self, errand: &Errand, error: DeliveryError) -> Report {
        match error {
            DeliveryError::Permanent(why) | DeliveryError::Gone(why) => Report::Dead { why },
            other if errand.attempts >= ATTEMPTS => Report::Dead {
                why: other.to_string(),
            },
            // These two rest the lane before it comes to a report.
            DeliveryError::Wait { why, .. } | DeliveryError::Blocked(why) => Report::Later {
                at: self.after(CLOSED),
                why,
            },
            // A card that may have been posted is posted again under the same key; the platform knows it.
            DeliveryError::Transient(why) | DeliveryError::Uncertain(why) => Report::Later {
                at: self.after(backoff(errand)),
                why,
            },
        }
    }

    fn reply_report(&self, errand: &Errand, outcome: Outcome) -> Report {
        match outcome {
            Outcome::Public(published) => Report::Published {
                permalink: published.permalink,
                native_id: published.native_id,
            },
            Outcome::Never(why) => Report::Dead { why },
            Outcome::NotYet { why, .. } if errand.attempts >= REPLY_ATTEMPTS => Report::Dead { why },
            Outcome::NotYet { why, wait } => Report::Later {
                at: self.after(wait.unwrap_or_else(|| backoff(errand))),
                why,
            },
            Outcome::LookAgain { why } if errand.attempts >= REPLY_ATTEMPTS => Report::Uncertain { why },
            Outcome::LookAgain { why } => Report::Later {
                at: self.after(backoff(errand)),
                why,
            },
            Outcome::CannotTell { why } => Report::Uncertain { why },
        }
    }

    fn after(&self, wait: SignedDuration) -> Timestamp {
        (self.setup.clock)().checked_add(wait).unwrap_or(Timestamp::MAX)
    }
}

/// What became of one attempt to publish.
enum Outcome {
    Public(crate::port::social::Published),
    /// Certainly not public, and never will be as it is.
    Never(String),
    /// Certainly not public; worth another attempt.
    NotYet {
        why: String,
        wait: Option<SignedDuration>,
    },
    /// It may be public; look before the next attempt.
    LookAgain {
        why: String,
    },
    /// It may be public and the network cannot be asked.
    CannotTell {
        why: String,
    },
}

/// One second, doubled with every attempt, at most five minutes; spread by the errand's number, so that errands that
/// failed together do not come back together.
fn backoff(errand: &Errand) -> SignedDuration {
    let doubled = 1_000_i64 << errand.attempts.min(9);
    let capped = doubled.min(300_000);
    let spread = (errand.id.0.wrapping_mul(0x9E37_79B9) % 250) as i64;
    SignedDuration::from_millis(capped + capped * spread / 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{Channel, ErrandId, LeadId};

    #[test]
    fn back_off_grows_is_spread_and_ends_at_about_five_minutes() {
        let wait = |id, attempts| {
            let effect = Effect::SyncCard {
                lead: LeadId(1),
                channel: Channel::new("web", "support"),
            };
            let errand = Errand {
                id: ErrandId(id),
                effect,
                created: Timestamp::UNIX_EPOCH,
                not_before: Timestamp::UNIX_EPOCH,
                attempts,
                begun: false,
                dead: None,
            };
            backoff(&errand).as_millis()
        };
        assert!((2_000..2_600).contains(&wait(1, 1)));
        assert!((300_000..380_000).contains(&wait(1, 4_000_000_000)));
        assert!((1..50).any(|id| wait(id, 3) != wait(0, 3)));
    }
}
