//! Mastodon, and servers that speak its client API: GoToSocial, Pleroma, Akkoma, Pixelfed, Friendica, Takahe. The API:
//! <https://docs.joinmastodon.org/client/intro/>; limits are read from the server
//! (<https://docs.joinmastodon.org/methods/instance/>). `docs/networks/mastodon.md` is written for who sets it up.
//!
//! Reads the account's mentions and direct messages, follows their edits and deletions, and publishes replies. Polling
//! by `min_id` loses nothing; the stream only makes it faster. It does not search, post on its own, or boost.

mod check;
mod cursor;
mod html;
mod mention;
mod reading;
pub mod register;
mod reply;
mod same;
mod server;
mod settings;
mod stream;
mod wire;

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::Clock;
use crate::domain::capability::{Arrival, Capabilities, Counting};
use crate::domain::ids::{ConnectorId, NetworkId};
use crate::domain::mention::MentionKind;
use crate::port::delivery_error::DeliveryError;
use crate::port::finding::Finding;
use crate::port::social::{Batch, Connector, PublicReply, Published, Reconciled};

use cursor::Cursor;
use mention::Reader;
use reading::Reading;
use server::{Server, SignedIn};
use stream::{Happening, Socket};

pub use settings::Settings;

/// How long a poll waits for the stream.
const PATIENCE: Duration = Duration::from_secs(20);
/// What comes within this time of the first is one batch.
const TOGETHER: Duration = Duration::from_millis(50);
const BATCH: usize = 100;
/// How often the newest mentions are looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(120);
/// The rest before a stream is dialled again, doubled up to the longest.
const REDIAL: Duration = Duration::from_secs(15);
const LONGEST_REDIAL: Duration = Duration::from_secs(600);
/// Room for the `@name ` that a reply begins with; Mastodon counts no hosts.
const ROOM: usize = 40;
const ROOM_WITH_HOST: usize = 100;

pub struct Mastodon {
    id: ConnectorId,
    network: NetworkId,
    every: Duration,
    streaming: bool,
    server: Server,
    between: Mutex<Between>,
}

/// What is kept between polls; all of it may be lost.
struct Between {
    socket: Option<Socket>,
    /// When the server may be asked again.
    read: Instant,
    look_again: Instant,
    dial: Instant,
    failed_dials: u32,
}

impl Mastodon {
    /// Reads the token; a relative file is looked for in `folder`. Nothing is asked yet.
    pub fn open(settings: &Settings, folder: &Path, clock: Clock) -> Result<Self, Vec<String>> {
        let problems = settings.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        let base = settings::server(&settings.server).map_err(|why| vec![format!("server: {why}")])?;
        let token = settings
            .access_token
            .resolve(folder)
            .map_err(|why| vec![format!("access_token: {why}")])?;
        let now = Instant::now();
        Ok(Self {
            id: ConnectorId::new(settings.name.clone()),
            network: NetworkId::new(settings.network.trim().to_lowercase()),
            every: settings.poll_every,
            streaming: settings.streaming,
            server: Server::new(base, token, clock).map_err(|why| vec![why])?,
            between: Mutex::new(Between {
                socket: None,
                read: now,
                look_again: now,
                dial: now,
                failed_dials: 0,
            }),
        })
    }

    fn reading<'a>(&'a self, signed_in: &'a SignedIn, cursor: Cursor) -> Reading<'a> {
        Reading {
            server: &self.server,
            signed_in,
            reader: Reader {
                connector: &self.id,
                network: &self.network,
                own: &signed_in.account,
                now: self.server.now(),
            },
            cursor,
            budget: None,
        }
    }

    /// Opens the stream where there is none. Without it polling goes on as before.
    async fn dial(&self, between: &mut Between, signed_in: &SignedIn) {
        if !self.streaming || between.socket.is_some() || Instant::now() < between.dial {
            return;
        }
        match stream::dial(&self.server, signed_in).await {
            Ok(socket) => {
                tracing::info!(connector = %self.id, "following the account's stream");
                between.socket = Some(socket);
                between.failed_dials = 0;
                // What came while nobody listened is not repeated.
                between.read = Instant::now();
            }
            Err(why) => {
                let rest = REDIAL * 2_u32.saturating_pow(between.failed_dials.min(10));
                between.dial = Instant::now() + rest.min(LONGEST_REDIAL);
                if between.failed_dials == 0 {
                    tracing::info!(connector = %self.id, why, "no stream; the server is asked from time to time");
                }
                between.failed_dials += 1;
            }
        }
    }

    /// Waits until the server may be asked, or the stream says something.
    async fn wait(&self, between: &mut Between, reading: &mut Reading<'_>, batch: &mut Batch) {
        let patience = if self.streaming { PATIENCE } else { Duration::ZERO };
        let mut until = between.read.min(Instant::now() + patience);
        while Instant::now() < until && batch.changes.len() < BATCH {
            let Some(socket) = between.socket.as_mut() else {
                tokio::time::sleep_until(until).await;
                return;
            };
            match socket.next(until).await {
                Happening::Notification => between.read = Instant::now(),
                Happening::Edited(status) => batch.changes.extend(reading.edited(&status)),
                Happening::Deleted(id) => batch.changes.push(reading.deleted(&id)),
                Happening::Closed => {
                    between.socket = None;
                    // Not at once: a server that closes every stream would be asked without end.
                    between.dial = Instant::now() + REDIAL;
                    return;
                }
                Happening::Nothing => return,
            }
            until = until.min(Instant::now() + TOGETHER);
        }
    }
}

#[async_trait]
impl Connector for Mastodon {
    fn id(&self) -> &ConnectorId {
        &self.id
    }

    fn capabilities(&self, _network: &NetworkId) -> Capabilities {
        let known = self.server.known();
        let limit = known.map_or(500, SignedIn::limit);
        // Others than Mastodon may count links and hosts in full.
        let (counting, room) = match known {
            Some(other) if !other.is_mastodon() => (Counting::Characters, ROOM_WITH_HOST),
            _ => (Counting::GraphemesShortLinks, ROOM),
        };
        Capabilities {
            reads: vec![
                MentionKind::Mention,
                MentionKind::Comment,
                MentionKind::DirectMessage,
            ],
            arrival: if self.streaming {
                Arrival::Stream
            } else {
                Arrival::Poll
            },
            replies: true,
            text_limit: Some(limit.saturating_sub(room).max(1)),
            counting,
            // A key is good for an hour on Mastodon and for nothing elsewhere: in doubt the conversation is read.
            idempotent: false,
            reconciles: true,
            ..Capabilities::default()
        }
    }

    /// With a stream the poll itself waits.
    fn poll_every(&self) -> Option<Duration> {
        Some(if self.streaming {
            Duration::ZERO
        } else {
            self.every
        })
    }

    async fn poll(&self, cursor: Option<&str>) -> Result<Batch, DeliveryError> {
        let signed_in = self.server.signed_in().await?;
        let mut between = self.between.lock().await;
        let mut batch = Batch::default();
        let mut reading = self.reading(signed_in, cursor.map(Cursor::read).unwrap_or_default());
        let before = reading.cursor.clone();
        if cursor.is_none() {
            batch.mentions = reading.backlog().await?;
            batch.cursor = reading.cursor.written();
            return Ok(batch);
        }
        self.dial(&mut between, signed_in).await;
        self.wait(&mut between, &mut reading, &mut batch).await;
        if Instant::now() >= between.read {
            batch.mentions = reading.news().await?;
            if Instant::now() >= between.look_again {
                batch.changes.extend(reading.look_again().await);
                between.look_again = Instant::now() + LOOK_AGAIN.max(self.every);
            }
            let rest = reading.rest(self.every);
            // Without a stream the usual rest is made between polls, and only what the budget asks for beyond it is left.
            let made = if self.streaming {
                Duration::ZERO
            } else {
                self.every
            };
            between.read = Instant::now() + rest.saturating_sub(made);
        }
        if reading.cursor != before {
            batch.cursor = reading.cursor.written();
        }
        Ok(batch)
    }

    async fn publish(&self, reply: &PublicReply) -> Result<Published, DeliveryError> {
        reply::publish(&self.server, reply).await
    }

    async fn reconcile(&self, reply: &PublicReply) -> Result<Reconciled, DeliveryError> {
        reply::reconcile(&self.server, reply).await
    }

    async fn check(&self) -> Vec<Finding> {
        check::check(&self.server, self.id.as_str(), self.streaming).await
    }
}
