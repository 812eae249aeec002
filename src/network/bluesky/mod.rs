//! Bluesky, or any other server of the AT Protocol: mentions, replies and quotes of an account are read from its
//! notifications, and answered. <https://docs.bsky.app/docs/get-started>; limits:
//! <https://docs.bsky.app/docs/advanced-guides/rate-limits>; set-up: docs/networks/bluesky.md.
//!
//! One account, signed in with an app password. A post counts as one mention by its address, whoever tells of it.
//! Deletions are not in the notifications; the post is looked at before it is answered, and the `jetstream` connector
//! hears of those that it brought.

mod facets;
mod mark;
mod read;
mod session;
mod tid;
mod write;

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use jiff::SignedDuration;
use serde::Deserialize;
use url::{Host, Url};

use super::Clock;
use super::http::{self, Means, Purpose};
use crate::domain::capability::{Capabilities, Counting};
use crate::domain::ids::{ConnectorId, NetworkId};
use crate::domain::mention::MentionKind;
use crate::port::delivery_error::DeliveryError;
use crate::port::finding::Finding;
use crate::port::secret::SecretRef;
use crate::port::social::{Batch, Connector, PublicReply, Published, Reconciled};

use session::Sessions;

/// The longest post; both hold (lexicon `app.bsky.feed.post`).
pub const GRAPHEME_LIMIT: usize = 300;
pub const BYTE_LIMIT: usize = 3_000;
/// One request to the server.
const TIMEOUT: Duration = Duration::from_secs(20);

/// What the network's words for errors mean; what is not here means what its status means.
const ERRORS: &[(u16, &str, Means)] = &[
    (0, "AccountTakedown", Means::Blocked),
    (0, "AccountDeactivated", Means::Blocked),
    (0, "AccountSuspended", Means::Blocked),
    // They remain only where a new session does not help.
    (400, "ExpiredToken", Means::Blocked),
    (400, "InvalidToken", Means::Blocked),
    (400, "RecordNotFound", Means::Gone),
    // Something stands under the key already, perhaps our own earlier attempt.
    (400, "InvalidSwap", Means::Uncertain),
];

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The connector's name; with it goes how far the account was read.
    pub name: String,
    /// The account: `larkspur.example` or `larkspur.bsky.social`.
    pub handle: String,
    /// An app password of the account, from Settings, Privacy and security.
    pub app_password: SecretRef,
    /// Where to sign in; the address of a self-hosted server otherwise.
    #[serde(default = "server")]
    pub server: String,
    /// How often the account is looked at.
    #[serde(default = "poll_every")]
    pub poll_every: SignedDuration,
}

fn server() -> String {
    "https://bsky.social".to_owned()
}

fn poll_every() -> SignedDuration {
    SignedDuration::from_secs(30)
}

impl Settings {
    /// Every mistake in the settings at once.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if !facets::is_handle(self.handle.trim().trim_start_matches('@')) {
            problems.push(format!(
                "handle: “{}” is no handle; write it like larkspur.bsky.social",
                self.handle
            ));
        }
        if let Err(why) = sound_server(&self.server) {
            problems.push(format!("server: {why}"));
        }
        if !(SignedDuration::from_secs(5)..=SignedDuration::from_hours(24)).contains(&self.poll_every) {
            problems.push("poll_every: write a time from \"5s\" to \"24h\"".to_owned());
        }
        problems
    }
}

/// The password goes there, so it must be encrypted on the way, or stay on this machine.
fn sound_server(server: &str) -> Result<(), String> {
    let url = Url::parse(server).map_err(|_| "write the address like https://bsky.social".to_owned())?;
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" if url.has_host() => {}
        "http" if here => {}
        _ => return Err("the address begins with https://; http:// is for this machine only".to_owned()),
    }
    if url.path() != "/" || url.query().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err("the address is only https:// and the server's name".to_owned());
    }
    Ok(())
}

pub struct Bluesky {
    id: ConnectorId,
    network: NetworkId,
    every: Duration,
    sessions: Sessions,
    handle: String,
    clock: Clock,
}

impl Bluesky {
    /// Reads the app password; a relative file is looked for in `folder`.
    pub fn open(settings: &Settings, folder: &Path, clock: Clock) -> Result<Self, Vec<String>> {
        let problems = settings.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        let password = settings.app_password.resolve(folder);
        let password = password.map_err(|why| vec![format!("app_password: {why}")])?;
        let client = http::client(TIMEOUT).map_err(|why| vec![why])?;
        Ok(Self {
            id: ConnectorId::new(settings.name.clone()),
            network: "bluesky".into(),
            every: Duration::try_from(settings.poll_every).unwrap_or(Duration::from_secs(30)),
            sessions: Sessions::new(settings, password, client, clock.clone()),
            handle: settings.handle.trim().trim_start_matches('@').to_lowercase(),
            clock,
        })
    }
}

#[async_trait]
impl Connector for Bluesky {
    fn id(&self) -> &ConnectorId {
        &self.id
    }

    fn capabilities(&self, _network: &NetworkId) -> Capabilities {
        Capabilities {
            reads: vec![MentionKind::Mention, MentionKind::Comment],
            replies: true,
            text_limit: Some(GRAPHEME_LIMIT),
            counting: Counting::Graphemes,
            idempotent: true,
            reconciles: true,
            ..Capabilities::default()
        }
    }

    fn poll_every(&self) -> Option<Duration> {
        Some(self.every)
    }

    async fn poll(&self, cursor: Option<&str>) -> Result<Batch, DeliveryError> {
        self.news(cursor).await
    }

    async fn publish(&self, reply: &PublicReply) -> Result<Published, DeliveryError> {
        self.send(reply).await
    }

    async fn reconcile(&self, reply: &PublicReply) -> Result<Reconciled, DeliveryError> {
        self.look(reply).await
    }

    async fn check(&self) -> Vec<Finding> {
        let about = self.id.as_str();
        let session = match self.sessions.get().await {
            Ok(session) => session,
            Err(why @ DeliveryError::Blocked(_)) => {
                let todo = "make an app password and put it where app_password points";
                return vec![Finding::problem(about, why.to_string(), todo)];
            }
            Err(why) => {
                let todo = "see that this machine reaches the server, and that `server` is right";
                return vec![Finding::problem(about, why.to_string(), todo)];
            }
        };
        let (handle, did, server) = (&session.handle, &session.did, &session.server);
        let mut findings = vec![Finding::fine(
            about,
            format!("signed in as @{handle} ({did}) at {server}"),
        )];
        if let Some(status) = &session.status {
            let what = format!("the account cannot act: it is {status}");
            findings.push(Finding::problem(
                about,
                what,
                "sign in to Bluesky with this account and follow what it says",
            ));
        }
        if handle.to_lowercase() != self.handle {
            let what = format!("the account is called @{handle} now");
            findings.push(Finding::note(about, what, "write the new name in `handle`"));
        }
        let read = self
            .sessions
            .call(Purpose::Read, |client, session| {
                let address = format!("{}/xrpc/app.bsky.notification.listNotifications", session.server);
                client.get(address).query(&[("limit", "1")])
            })
            .await;
        findings.push(match read {
            Ok(_) => Finding::fine(about, "notifications can be read"),
            Err(why) => Finding::problem(about, why.to_string(), "see docs/networks/bluesky.md"),
        });
        findings
    }
}
