//! One account on one server: its address and token, one attempt per question, and what is asked once and then known: who
//! we are there, and what the server allows.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::sync::OnceCell;
use url::Url;

use super::wire::{Account, Instance};
use crate::network::Clock;
use crate::network::http::{self, Answer, Means, Purpose, refused};
use crate::port::delivery_error::DeliveryError;

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(20);
/// What a server allows that does not say.
const CHARACTERS: usize = 500;

/// Refusals that mean something else than their status does elsewhere.
const REFUSALS: [(u16, &str, Means); 6] = [
    // Takahe.
    (400, "Invalid Bearer token", Means::Blocked),
    (403, "outside the authorized scopes", Means::Blocked),
    (403, "insufficient scope", Means::Blocked),
    (403, "currently disabled", Means::Blocked),
    (403, "suspended", Means::Blocked),
    // Mastodon's word for an answer to a post that is gone.
    (422, "does not appear to exist", Means::Gone),
];

/// Who we are there, and what the server is.
pub(super) struct SignedIn {
    pub account: Account,
    pub instance: Instance,
}

impl SignedIn {
    pub fn limit(&self) -> usize {
        let instance = &self.instance;
        let stated = instance.configuration.statuses.max_characters;
        stated.or(instance.max_toot_chars).unwrap_or(CHARACTERS)
    }

    /// Mastodon itself or a fork of it. Others name themselves in their version, as “2.7.2 (compatible; Pleroma 2.6)”, or
    /// count theirs from the beginning, as GoToSocial does.
    pub fn is_mastodon(&self) -> bool {
        let version = &self.instance.version;
        let major = version
            .split('.')
            .next()
            .and_then(|major| major.parse::<u32>().ok());
        major.is_some_and(|major| major >= 2)
            && !version.contains("compatible")
            && !self.instance.source_url.contains("gotosocial")
    }

    /// Quotes are a kind of notification of their own since Mastodon 4.5; older servers may stumble over the word.
    pub fn tells_quotes(&self) -> bool {
        self.instance.api_versions.mastodon >= 7
    }
}

pub(super) struct Server {
    pub base: Url,
    pub token: SecretString,
    client: Client,
    clock: Clock,
    signed_in: OnceCell<SignedIn>,
}

impl Server {
    pub fn new(base: Url, token: SecretString, clock: Clock) -> Result<Self, String> {
        Ok(Self {
            base,
            token,
            client: http::client(TIMEOUT)?,
            clock,
            signed_in: OnceCell::new(),
        })
    }

    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    pub fn host(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        match self.base.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// An address below the server's own; the parts are escaped, since ids come from outside.
    pub fn address(&self, parts: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        url
    }

    pub async fn get(&self, parts: &[&str], query: &[(&str, &str)]) -> Result<Answer, DeliveryError> {
        let mut url = self.address(parts);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.ask(self.client.get(url), Purpose::Read).await
    }

    /// `key` is the same for every attempt; servers that honour it give the first status back.
    pub async fn post(&self, parts: &[&str], body: &Value, key: &str) -> Result<Answer, DeliveryError> {
        let request = self
            .client
            .post(self.address(parts))
            .header("Content-Type", "application/json")
            .body(body.to_string());
        self.ask(request.header("Idempotency-Key", key), Purpose::Write)
            .await
    }

    async fn ask(&self, request: RequestBuilder, purpose: Purpose) -> Result<Answer, DeliveryError> {
        let request = request.bearer_auth(self.token.expose_secret());
        let answer = http::send(request, purpose).await?;
        if answer.is_success() {
            Ok(answer)
        } else {
            Err(refused(&answer, purpose, &REFUSALS, self.now()))
        }
    }

    /// Known after the first time, until the next start.
    pub async fn signed_in(&self) -> Result<&SignedIn, DeliveryError> {
        self.signed_in
            .get_or_try_init(|| async {
                let account: Account = self
                    .get(&["api", "v1", "accounts", "verify_credentials"], &[])
                    .await?
                    .json()?;
                if account.id.is_empty() {
                    let why = format!("{} does not say which account the token is for", self.host());
                    return Err(DeliveryError::Transient(why));
                }
                let instance = self.instance().await;
                Ok(SignedIn { account, instance })
            })
            .await
    }

    pub fn known(&self) -> Option<&SignedIn> {
        self.signed_in.get()
    }

    /// The second version where there is one; a server that states neither has Mastodon's usual limits.
    async fn instance(&self) -> Instance {
        for version in ["v2", "v1"] {
            if let Ok(answer) = self.get(&["api", version, "instance"], &[]).await
                && let Ok(instance) = answer.json()
            {
                return instance;
            }
        }
        Instance::default()
    }
}
