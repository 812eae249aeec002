//! The generic signed webhook: listening tools, automations and a company's own programs hand in mentions by HTTP POST.
//! Any JSON shape through a mapping; signatures as Standard Webhooks
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>), as HMAC over the
//! body, as `t=…,v1=…`, or a secret header for tools that cannot sign. `docs/mentions.md` is written for senders.
//!
//! It only reads. A body is taken whole or not at all: with one unreadable item nothing of it is taken, so that the
//! sender repeats it whole. Ed25519 signatures (`v1a`) are not verified.

mod body;
mod headers;
mod key;
mod router;
mod scheme;
mod verifier;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;
use serde::Deserialize;

use super::mapping::{Mapping, Origin, Pointer};
use crate::domain::capability::{Arrival, Capabilities};
use crate::domain::ids::{ConnectorId, NetworkId};
use crate::port::delivery_error::DeliveryError;
use crate::port::secret::SecretRef;
use crate::port::social::{Batch, Connector, PublicReply, Published, Reconciled};

pub use router::router;
pub use scheme::{Algorithm, Encoding, Scheme};

use verifier::Verifier;

/// The largest body that is taken, in bytes, unless the settings say otherwise; and the most they may say.
pub const BODY_LIMIT: usize = 1_000_000;
const BODY_LIMIT_MOST: usize = 50_000_000;

/// All paths begin with this.
const PREFIX: &str = "/hooks/";

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The connector's name.
    pub name: String,
    /// The path that senders post to; `/hooks/NAME` unless given. It must begin with `/hooks/`.
    #[serde(default)]
    pub path: Option<String>,
    /// How senders prove who they are.
    pub scheme: Scheme,
    /// The network of items that name none; the connector's name unless given.
    #[serde(default)]
    pub network: Option<String>,
    /// Where the items are in the body, as a JSON pointer: `/data`. An object there is one item, an array many.
    #[serde(default)]
    pub items: String,
    /// Which place of an item fills which field; our own form unless given.
    #[serde(default)]
    pub mapping: BTreeMap<String, String>,
    /// What fills a field of which nothing is found.
    #[serde(default)]
    pub defaults: BTreeMap<String, String>,
    /// Leave HTML entities in texts as they are.
    #[serde(default)]
    pub keep_entities: bool,
    /// The largest body, in bytes.
    #[serde(default = "body_limit")]
    pub body_limit: usize,
}

fn body_limit() -> usize {
    BODY_LIMIT
}

impl Settings {
    /// The secrets' places, in the order in which `Webhook::new` takes the secrets.
    pub fn secrets(&self) -> &[SecretRef] {
        self.scheme.secrets()
    }

    pub fn path(&self) -> String {
        match &self.path {
            Some(path) => path.clone(),
            None => format!("{PREFIX}{}", self.name),
        }
    }

    /// Every mistake in the settings at once; the secrets themselves are looked at by `Webhook::new`.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let path = self.path();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
        match path.strip_prefix(PREFIX) {
            Some(rest) if !rest.is_empty() && rest.chars().all(plain) => {}
            _ => problems.push(format!(
                "path: “{path}” must be {PREFIX} and then letters, digits, “-”, “_”, “.” or “/”"
            )),
        }
        if let Err(why) = Pointer::parse(&self.items) {
            problems.push(format!("items: {why}"));
        }
        if let Err(why) = Mapping::from_settings(&self.mapping, &self.defaults) {
            problems.extend(why);
        }
        if !(1..=BODY_LIMIT_MOST).contains(&self.body_limit) {
            problems.push(format!(
                "body_limit: {} is not from 1 to {BODY_LIMIT_MOST} bytes",
                self.body_limit
            ));
        }
        problems.extend(self.scheme.problems());
        problems
    }
}

/// One configured webhook, ready to verify and read.
pub struct Webhook {
    path: String,
    verifier: Verifier,
    items: Pointer,
    mapping: Mapping<Pointer>,
    origin: Origin,
    body_limit: usize,
}

impl Webhook {
    /// `secrets` are those of [`Settings::secrets`], in their order. Every problem is named at once.
    pub fn new(settings: &Settings, secrets: &[SecretString]) -> Result<Self, Vec<String>> {
        let mut problems = settings.problems();
        let verifier = Verifier::new(&settings.scheme, secrets)
            .map_err(|why| problems.push(why))
            .ok();
        let items = Pointer::parse(&settings.items).ok();
        let mapping = Mapping::from_settings(&settings.mapping, &settings.defaults).ok();
        let (Some(verifier), Some(items), Some(mut mapping), true) =
            (verifier, items, mapping, problems.is_empty())
        else {
            return Err(problems);
        };
        mapping.keep_entities = settings.keep_entities;
        let network = settings.network.as_deref().unwrap_or(&settings.name);
        Ok(Self {
            path: settings.path(),
            verifier,
            items,
            mapping,
            origin: Origin {
                connector: ConnectorId::new(settings.name.clone()),
                network: NetworkId::new(network),
            },
            body_limit: settings.body_limit,
        })
    }

    /// Resolves the secrets (relative files beside the configuration, in `folder`) and makes the webhook.
    pub fn open(settings: &Settings, folder: &Path) -> Result<Self, Vec<String>> {
        let (secrets, mut problems): (Vec<_>, Vec<_>) = {
            let mut found = Vec::new();
            let mut missing = Vec::new();
            for secret in settings.secrets() {
                match secret.resolve(folder) {
                    Ok(secret) => found.push(secret),
                    Err(why) => missing.push(why),
                }
            }
            (found, missing)
        };
        if problems.is_empty() {
            return Self::new(settings, &secrets);
        }
        problems.extend(settings.problems());
        Err(problems)
    }

    pub fn path(&self) -> &str {
        &self.path
    }
}

/// What is said to whoever wants to answer through a webhook.
const READ_ONLY: &str = "this source cannot be answered through Switchboard";

#[async_trait]
impl Connector for Webhook {
    fn id(&self) -> &ConnectorId {
        &self.origin.connector
    }

    fn capabilities(&self, _network: &NetworkId) -> Capabilities {
        Capabilities {
            arrival: Arrival::Push,
            ..Capabilities::read_only()
        }
    }

    /// It is pushed to.
    fn poll_every(&self) -> Option<Duration> {
        None
    }

    async fn poll(&self, _cursor: Option<&str>) -> Result<Batch, DeliveryError> {
        Ok(Batch::default())
    }

    async fn publish(&self, _reply: &PublicReply) -> Result<Published, DeliveryError> {
        Err(DeliveryError::Permanent(READ_ONLY.to_owned()))
    }

    async fn reconcile(&self, _reply: &PublicReply) -> Result<Reconciled, DeliveryError> {
        Ok(Reconciled::Absent)
    }
}
