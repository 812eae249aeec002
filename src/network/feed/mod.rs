//! RSS, Atom and JSON Feed, polled: trade press, blogs, forums, review portals. Formats:
//! <https://www.rssboard.org/rss-specification>, <https://www.rfc-editor.org/rfc/rfc4287>,
//! <https://www.jsonfeed.org/version/1.1/>; conditional requests: <https://www.rfc-editor.org/rfc/rfc9110#section-13>.
//!
//! A feed is only read: nothing can be answered through it. Its address comes from the configuration, but where it
//! redirects to comes from strangers, so no hop may lead into the company's own network unless the settings allow it.
//! Push (WebSub) is not here.

mod address;
mod entries;
mod fetch;

use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use super::Clock;
use crate::domain::capability::Capabilities;
use crate::domain::ids::{ConnectorId, NetworkId};
use crate::port::delivery_error::DeliveryError;
use crate::port::social::{Batch, Connector, PublicReply, Published, Reconciled};

use fetch::{Fetched, Fetcher};

/// The largest feed that is read, in bytes after decompression.
pub const BODY_LIMIT: usize = 4_000_000;
/// How many redirects are followed.
pub const REDIRECT_LIMIT: usize = 5;
/// How often a feed is asked unless the settings say otherwise.
const EVERY_MINUTES: u32 = 15;
/// How long one poll may take unless the settings say otherwise.
const TIMEOUT_SECONDS: u32 = 20;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The connector's name; with it goes what is known of the feed.
    pub name: String,
    /// Where the feed is, `https://…` or `http://…`.
    pub url: String,
    /// The network that its entries count as.
    #[serde(default = "network")]
    pub network: String,
    /// How often it is asked.
    #[serde(default = "every_minutes")]
    pub every_minutes: u32,
    /// How long one poll may take, redirects included.
    #[serde(default = "timeout_seconds")]
    pub timeout_seconds: u32,
    /// May the feed, or what it redirects to, be in a private network or on this machine? Also lets a proxy of the
    /// environment be used, which would otherwise choose the address in our place.
    #[serde(default)]
    pub allow_private: bool,
}

fn network() -> String {
    "feed".to_owned()
}

fn every_minutes() -> u32 {
    EVERY_MINUTES
}

fn timeout_seconds() -> u32 {
    TIMEOUT_SECONDS
}

impl Settings {
    /// Every mistake in the settings at once.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        match Url::parse(&self.url) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.host().is_some() => {}
            _ => problems.push("url: a feed's address begins with https:// or http://".to_owned()),
        }
        if !(1..=7 * 24 * 60).contains(&self.every_minutes) {
            problems.push(format!(
                "every_minutes: {} is not from 1 to 10080 (a week)",
                self.every_minutes
            ));
        }
        if !(1..=300).contains(&self.timeout_seconds) {
            problems.push(format!(
                "timeout_seconds: {} is not from 1 to 300",
                self.timeout_seconds
            ));
        }
        problems
    }
}

/// What is known of the feed; the connector's cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Known {
    /// As the server sent them, byte for byte.
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified: Option<String>,
    /// SHA-256 of the last body, for servers that know neither: an unchanged feed is not delivered again.
    body: String,
}

pub struct Feed {
    id: ConnectorId,
    network: NetworkId,
    url: Url,
    every: Duration,
    fetcher: Fetcher,
    clock: Clock,
}

impl Feed {
    pub fn new(settings: &Settings, clock: Clock) -> Result<Self, Vec<String>> {
        let problems = settings.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        let url = Url::parse(&settings.url).map_err(|error| vec![format!("url: {error}")])?;
        let timeout = Duration::from_secs(settings.timeout_seconds.into());
        Ok(Self {
            id: ConnectorId::new(settings.name.clone()),
            network: NetworkId::new(settings.network.to_lowercase()),
            url,
            every: Duration::from_secs(u64::from(settings.every_minutes) * 60),
            fetcher: Fetcher::new(timeout, settings.allow_private).map_err(|why| vec![why])?,
            clock,
        })
    }
}

fn digest(body: &[u8]) -> String {
    Sha256::digest(body)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[async_trait]
impl Connector for Feed {
    fn id(&self) -> &ConnectorId {
        &self.id
    }

    fn capabilities(&self, _network: &NetworkId) -> Capabilities {
        Capabilities::read_only()
    }

    fn poll_every(&self) -> Option<Duration> {
        Some(self.every)
    }

    async fn poll(&self, cursor: Option<&str>) -> Result<Batch, DeliveryError> {
        let now = (self.clock)();
        // A cursor that cannot be read costs one repeated delivery, which the desk swallows.
        let before: Known = cursor
            .and_then(|cursor| serde_json::from_str(cursor).ok())
            .unwrap_or_default();
        let page = match self.fetcher.fetch(&self.url, &before, now).await? {
            Fetched::Unchanged => return Ok(Batch::default()),
            Fetched::Page(page) => page,
        };
        let known = Known {
            etag: page.etag,
            last_modified: page.last_modified,
            body: digest(&page.body),
        };
        let mentions = if known.body == before.body {
            Vec::new()
        } else {
            let (origin, url) = ((self.id.clone(), self.network.clone()), page.url);
            // Parsing a large feed takes a while, and a mistake in a parser must cost no more than this poll.
            tokio::task::spawn_blocking(move || {
                entries::mentions(&page.body, &url, &origin.0, &origin.1, now)
            })
            .await
            .map_err(|_| DeliveryError::Transient("the feed's reader failed on it".to_owned()))?
            .map_err(DeliveryError::Transient)?
        };
        let cursor = if known == before {
            None
        } else {
            serde_json::to_string(&known).ok()
        };
        Ok(Batch {
            mentions,
            cursor,
            ..Batch::default()
        })
    }

    async fn publish(&self, _reply: &PublicReply) -> Result<Published, DeliveryError> {
        Err(DeliveryError::Permanent("a feed cannot be answered".to_owned()))
    }

    async fn reconcile(&self, _reply: &PublicReply) -> Result<Reconciled, DeliveryError> {
        Ok(Reconciled::Absent)
    }
}
