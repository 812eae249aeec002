//! Keyword listening on all of Bluesky, without an account: Jetstream tells of every post of the network, and what matches
//! the query becomes a mention. <https://docs.bsky.app/blog/jetstream>, <https://github.com/bluesky-social/jetstream>; set-up: docs/networks/jetstream.md.
//!
//! Posts are only read here; they are answered where the `bluesky` connector has the account. What Jetstream says is not
//! signed. It keeps about a day and a half; a longer absence is not made good, and it does not say so. Compression needs
//! the vendor's dictionary and is not used.

mod frame;
mod line;

use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use tokio::sync::Mutex;
use url::{Host, Url};

use super::{Clock, ReadQuery, Wanted};
use crate::domain::capability::{Arrival, Capabilities};
use crate::domain::ids::{ConnectorId, NetworkId};
use crate::domain::mention::MentionKind;
use crate::port::delivery_error::DeliveryError;
use crate::port::finding::Finding;
use crate::port::social::{Batch, Connector, PublicReply, Published, Reconciled};

use line::Line;

/// The vendor's public servers.
const HOSTS: [&str; 4] = [
    "wss://jetstream2.us-east.bsky.network",
    "wss://jetstream1.us-east.bsky.network",
    "wss://jetstream2.us-west.bsky.network",
    "wss://jetstream1.us-west.bsky.network",
];
/// Between polls; the socket stays open, and this is also where the rest after failures begins.
const EVERY: Duration = Duration::from_millis(100);

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The connector's name; with it goes how far the stream was read.
    pub name: String,
    /// Servers of Jetstream, the first that answers is used.
    #[serde(default = "hosts")]
    pub hosts: Vec<String>,
    /// What to listen for, in the query language: `acme OR @acme.example`.
    pub listen: String,
    /// The identity (`did:plc:…`) of an account that a `bluesky` connector answers for: what it writes, and what names it,
    /// is left to that connector.
    #[serde(default)]
    pub account: Option<String>,
}

fn hosts() -> Vec<String> {
    HOSTS.map(str::to_owned).into()
}

impl Settings {
    /// To listen on the public servers.
    pub fn new(name: impl Into<String>, listen: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            hosts: hosts(),
            listen: listen.into(),
            account: None,
        }
    }

    /// Every mistake in the settings at once; the query is read by who knows the language.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.hosts.is_empty() {
            problems.push("hosts: name at least one server, or leave the line out".to_owned());
        }
        for host in &self.hosts {
            if let Err(why) = address(host) {
                problems.push(format!("hosts: “{host}”: {why}"));
            }
        }
        if self.listen.trim().is_empty() {
            problems.push("listen: say what to listen for, like acme OR @acme.example".to_owned());
        }
        if let Some(account) = &self.account
            && !account.starts_with("did:")
        {
            let what = "account: an identity begins with did:; `switchboard check --online` shows yours";
            problems.push(what.to_owned());
        }
        problems
    }
}

/// Where posts are subscribed to on this server.
fn address(host: &str) -> Result<Url, String> {
    let mut url =
        Url::parse(host).map_err(|_| "write it like wss://jetstream2.us-east.bsky.network".to_owned())?;
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "wss" if url.has_host() => {}
        "ws" if here => {}
        _ => return Err("the address begins with wss://; ws:// is for this machine only".to_owned()),
    }
    if url.path() == "/" {
        url.set_path("/subscribe");
    }
    url.set_query(None);
    url.query_pairs_mut()
        .append_pair("wantedCollections", super::atproto::POSTS);
    Ok(url)
}

pub struct Jetstream {
    id: ConnectorId,
    line: Mutex<Line>,
    hosts: Vec<Url>,
}

impl Jetstream {
    pub fn open(settings: &Settings, read_query: &ReadQuery, clock: Clock) -> Result<Self, Vec<String>> {
        let mut problems = settings.problems();
        let wanted = match read_query(&settings.listen) {
            Ok(wanted) => Some(wanted),
            Err(why) => {
                problems.push(format!("listen: {why}"));
                None
            }
        };
        let Some(wanted) = wanted.filter(|_| problems.is_empty()) else {
            return Err(problems);
        };
        let hosts: Vec<Url> = settings
            .hosts
            .iter()
            .filter_map(|host| address(host).ok())
            .collect();
        let id = ConnectorId::new(settings.name.clone());
        let sieve = Sieve {
            connector: id.clone(),
            network: "bluesky".into(),
            wanted,
            account: settings.account.clone(),
            clock,
        };
        Ok(Self {
            line: Mutex::new(Line::new(hosts.clone(), sieve)),
            id,
            hosts,
        })
    }
}

/// What of the stream is kept.
struct Sieve {
    connector: ConnectorId,
    network: NetworkId,
    wanted: Wanted,
    account: Option<String>,
    clock: Clock,
}

#[async_trait]
impl Connector for Jetstream {
    fn id(&self) -> &ConnectorId {
        &self.id
    }

    fn capabilities(&self, _network: &NetworkId) -> Capabilities {
        Capabilities {
            reads: vec![MentionKind::Mention, MentionKind::Comment],
            arrival: Arrival::Stream,
            ..Capabilities::default()
        }
    }

    fn poll_every(&self) -> Option<Duration> {
        Some(EVERY)
    }

    async fn poll(&self, cursor: Option<&str>) -> Result<Batch, DeliveryError> {
        self.line.lock().await.read(cursor).await
    }

    async fn publish(&self, _reply: &PublicReply) -> Result<Published, DeliveryError> {
        let why = "this post was overheard without an account; open the link and answer there";
        Err(DeliveryError::Permanent(why.to_owned()))
    }

    async fn reconcile(&self, _reply: &PublicReply) -> Result<Reconciled, DeliveryError> {
        Ok(Reconciled::Absent)
    }

    async fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for host in &self.hosts {
            let name = host.host_str().unwrap_or_default();
            findings.push(match line::dial(host).await {
                Ok(_) => Finding::fine(self.id.as_str(), format!("{name} answers")),
                Err(why) => Finding::note(
                    self.id.as_str(),
                    why,
                    "the next server of `hosts` is used meanwhile",
                ),
            });
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_the_subscription() {
        assert_eq!(
            address("wss://jetstream1.us-west.bsky.network").unwrap().as_str(),
            "wss://jetstream1.us-west.bsky.network/subscribe?wantedCollections=app.bsky.feed.post"
        );
        assert!(address("ws://127.0.0.1:6008/subscribe").is_ok());
        for (host, part) in [
            ("ws://jetstream.example", "wss://"),
            ("https://jetstream.example", "wss://"),
            ("jetstream", "write it like"),
        ] {
            assert!(address(host).unwrap_err().contains(part), "{host}");
        }
        let wrong: Settings =
            toml::from_str("name = \"j\"\nhosts = []\nlisten = \" \"\naccount = \"@me\"").unwrap();
        assert_eq!(wrong.problems().len(), 3);
        assert!(Settings::new("j", "acme").problems().is_empty());
    }
}
