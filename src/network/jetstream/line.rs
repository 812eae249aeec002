//! The line to one of the servers: dialled from where we stopped, kept between polls, and dialled again at the next server
//! when it breaks. What comes twice after that is swallowed here and by the desk.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use url::Url;

use super::Sieve;
use super::frame::Told;
use crate::port::delivery_error::DeliveryError;
use crate::port::social::Batch;

/// Before where we stopped, in microseconds: servers order what comes at once differently.
const REWIND: i64 = 5_000_000;
const DIAL_LIMIT: Duration = Duration::from_secs(10);
/// One poll waits so long for a post; then it says how far the stream was read.
const POLL: Duration = Duration::from_secs(10);
/// The whole network is never silent so long; neither is a server that answers pings.
const SILENT_AT_MOST: Duration = Duration::from_secs(45);
/// Posts handed on at once, and posts remembered to follow what becomes of them.
const BATCH: usize = 200;
const REMEMBERED: usize = 50_000;
const LARGEST_FRAME: usize = 1 << 20;
/// The cursor before the first frame.
const NOW: &str = "now";

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub(super) struct Line {
    hosts: Vec<Url>,
    sieve: Sieve,
    /// The server in use.
    host: usize,
    socket: Option<Socket>,
    heard: Instant,
    /// The time of the last frame, in microseconds; none before the first.
    at: Option<i64>,
    /// The cursor that was handed out last. Another one means that the batch before it was not kept.
    handed: Option<String>,
    brought: Brought,
    /// Brought in by the batch that was handed out last.
    last: Vec<String>,
}

/// The addresses of posts that were handed on, the newest so many.
#[derive(Default)]
struct Brought {
    known: HashSet<String>,
    order: VecDeque<String>,
}

impl Brought {
    /// False where it was known.
    fn remember(&mut self, id: &str) -> bool {
        if !self.known.insert(id.to_owned()) {
            return false;
        }
        self.order.push_back(id.to_owned());
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }

    fn forget(&mut self, ids: &[String]) {
        for id in ids {
            self.known.remove(id);
        }
        self.order.retain(|id| self.known.contains(id));
    }
}

impl Line {
    pub fn new(hosts: Vec<Url>, sieve: Sieve) -> Self {
        Self {
            hosts,
            sieve,
            host: 0,
            socket: None,
            heard: Instant::now(),
            at: None,
            handed: None,
            brought: Brought::default(),
            last: Vec::new(),
        }
    }

    /// One poll from `cursor`.
    pub async fn read(&mut self, cursor: Option<&str>) -> Result<Batch, DeliveryError> {
        // A poll that is dropped half-way leaves no cursor here, so the next one dials again from the one that was kept.
        let handed = self.handed.take();
        if handed.is_none() || handed.as_deref() != cursor {
            self.socket = None;
            self.at = cursor.and_then(|cursor| cursor.parse().ok());
            self.brought.forget(&std::mem::take(&mut self.last));
        }
        self.last.clear();
        let mut batch = Batch::default();
        let until = Instant::now() + POLL;
        let mut refused = 0;
        while Instant::now() < until {
            if self.socket.is_none() {
                match self.dial().await {
                    Ok(socket) => {
                        self.socket = Some(socket);
                        self.heard = Instant::now();
                    }
                    Err(why) => {
                        refused += 1;
                        self.host = (self.host + 1) % self.hosts.len();
                        if refused >= self.hosts.len() {
                            return Err(DeliveryError::Transient(why));
                        }
                        continue;
                    }
                }
            }
            if !self.listen(&mut batch, until).await {
                self.socket = None;
                self.host = (self.host + 1) % self.hosts.len();
            }
            if !batch.mentions.is_empty() || !batch.changes.is_empty() {
                break;
            }
        }
        let reached = self.at.map_or_else(|| NOW.to_owned(), |at| at.to_string());
        self.handed = Some(reached.clone());
        batch.cursor = (cursor != Some(reached.as_str())).then_some(reached);
        Ok(batch)
    }

    async fn dial(&self) -> Result<Socket, String> {
        let mut url = self.hosts[self.host].clone();
        if let Some(at) = self.at {
            let from = at.saturating_sub(REWIND).max(0).to_string();
            url.query_pairs_mut().append_pair("cursor", &from);
        }
        let socket = dial(&url).await;
        if let Err(why) = &socket {
            tracing::warn!(connector = %self.sieve.connector, "{why}");
        }
        socket
    }

    /// Reads until there is something to hand on and nothing more at hand, or until the time is up. False where the line
    /// broke.
    async fn listen(&mut self, batch: &mut Batch, until: Instant) -> bool {
        let Some(socket) = self.socket.as_mut() else {
            return false;
        };
        let began = Instant::now();
        loop {
            let something = !batch.mentions.is_empty() || !batch.changes.is_empty();
            if batch.mentions.len() + batch.changes.len() >= BATCH {
                return true;
            }
            // With something in hand, only what has arrived already is still taken along.
            let wait = if something { Instant::now() } else { until };
            let frame = match timeout_at(wait, socket.next()).await {
                Err(_) if self.heard < began && began.duration_since(self.heard) > SILENT_AT_MOST => {
                    return false;
                }
                Err(_) if something => return true,
                // A server that lives answers this before the next poll ends.
                Err(_) => return socket.send(Message::Ping(Vec::new().into())).await.is_ok(),
                Ok(None | Some(Err(_))) => return false,
                Ok(Some(Ok(frame))) => frame,
            };
            self.heard = Instant::now();
            let Message::Text(text) = frame else {
                continue;
            };
            let brought = &self.brought;
            let Some((at, told)) = self.sieve.read(&text, |id| brought.known.contains(id)) else {
                continue;
            };
            // Repeats after a rewind are older than where we were.
            self.at = self.at.max(Some(at));
            match told {
                Told::Post(mention) => {
                    if self.brought.remember(&mention.id) {
                        self.last.push(mention.id.clone());
                        batch.mentions.push(*mention);
                    }
                }
                Told::Change(change) => batch.changes.push(change),
                Told::Nothing => {}
            }
            if Instant::now() >= until {
                return true;
            }
        }
    }
}

/// Opens a socket; the reason names the server and never more of the address.
pub(super) async fn dial(url: &Url) -> Result<Socket, String> {
    let name = url.host_str().unwrap_or("the server");
    let config = WebSocketConfig::default()
        .max_message_size(Some(LARGEST_FRAME))
        .max_frame_size(Some(LARGEST_FRAME));
    match timeout(
        DIAL_LIMIT,
        connect_async_with_config(url.as_str(), Some(config), true),
    )
    .await
    {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(why)) => Err(format!("{name} cannot be listened to: {why}")),
        Err(_) => Err(format!("{name} did not answer within {} s", DIAL_LIMIT.as_secs())),
    }
}
