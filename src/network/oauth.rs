//! Access tokens out of a refresh token (<https://www.rfc-editor.org/rfc/rfc6749#section-6>), one at a time: whoever needs a
//! token waits for the one request that is under way, since a second one could log the account out. Tokens stay in memory
//! and reach no message.

use jiff::{SignedDuration, Timestamp};
use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::Clock;
use super::http::{Answer, Purpose, refused, send};
use crate::port::delivery_error::DeliveryError;

/// A token is renewed this long before its end, so that none runs out on its way.
const MARGIN: SignedDuration = SignedDuration::from_secs(60);
/// The life of a token whose network does not say.
const LIFE: SignedDuration = SignedDuration::from_mins(30);
/// A token that is refused at this age was never good: a new one would be refused too.
const YOUNG: SignedDuration = SignedDuration::from_secs(60);

/// How the application names itself: in the header (Reddit), or in the form (Google).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientIn {
    Header,
    Form,
}

/// What an application was given for one account.
pub struct Grant {
    /// The network in a person's words.
    pub network: &'static str,
    /// The token endpoint.
    pub url: String,
    pub client_id: String,
    pub client_secret: SecretString,
    pub client_in: ClientIn,
    pub refresh_token: SecretString,
    pub user_agent: String,
}

/// An access token, and what it may do where the network says so.
#[derive(Clone)]
pub struct Token {
    pub secret: SecretString,
    pub scopes: Vec<String>,
    since: Timestamp,
    until: Timestamp,
}

pub struct Access {
    client: Client,
    grant: Grant,
    clock: Clock,
    held: Mutex<Option<Token>>,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    expires_in: Option<f64>,
    /// Words in one text; some servers make a list of them.
    #[serde(default)]
    scope: serde_json::Value,
}

impl Access {
    pub fn new(client: Client, grant: Grant, clock: Clock) -> Self {
        Self {
            client,
            grant,
            clock,
            held: Mutex::new(None),
        }
    }

    /// The token at hand, or a new one.
    pub async fn token(&self) -> Result<Token, DeliveryError> {
        let mut held = self.held.lock().await;
        let now = (self.clock)();
        if let Some(token) = held.as_ref().filter(|token| now < token.until) {
            return Ok(token.clone());
        }
        let token = self.renew(now).await?;
        *held = Some(token.clone());
        Ok(token)
    }

    /// The network refused this token. The next call takes a new one, unless this one was new itself.
    pub async fn was_refused(&self, token: &Token) -> DeliveryError {
        let mut held = self.held.lock().await;
        if held.as_ref().is_some_and(|held| held.since == token.since) {
            *held = None;
        }
        let network = self.grant.network;
        if (self.clock)().duration_since(token.since) < YOUNG {
            return DeliveryError::Blocked(format!(
                "{network} refuses a token that it has just given: sign the account in again"
            ));
        }
        DeliveryError::Transient(format!(
            "{network} no longer takes the token; the next call has a new one"
        ))
    }

    async fn renew(&self, now: Timestamp) -> Result<Token, DeliveryError> {
        let grant = &self.grant;
        let mut form = vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", grant.refresh_token.expose_secret()),
        ];
        let mut request = self.client.post(&grant.url);
        match grant.client_in {
            ClientIn::Header => {
                request = request.basic_auth(&grant.client_id, Some(grant.client_secret.expose_secret()));
            }
            ClientIn::Form => form.extend([
                ("client_id", grant.client_id.as_str()),
                ("client_secret", grant.client_secret.expose_secret()),
            ]),
        }
        let request = request
            .header(reqwest::header::USER_AGENT, &grant.user_agent)
            .form(&form);
        // Nobody sees a token that was made and lost on its way, so a broken answer is no doubt.
        let answer = send(request, Purpose::Read).await?;
        if !answer.is_success() {
            return Err(self.no_token(&answer, now));
        }
        let granted: Granted = answer.json().map_err(|_| {
            let why = format!(
                "{} answered the request for a token with something else",
                grant.network
            );
            DeliveryError::Transient(why)
        })?;
        let life = granted
            .expires_in
            .and_then(|seconds| SignedDuration::try_from_secs_f64(seconds).ok())
            .unwrap_or(LIFE)
            .clamp(MARGIN * 2, SignedDuration::from_hours(24 * 60));
        Ok(Token {
            secret: granted.access_token.into(),
            scopes: scopes(&granted.scope),
            since: now,
            until: now + (life - MARGIN),
        })
    }

    fn no_token(&self, answer: &Answer, now: Timestamp) -> DeliveryError {
        let network = self.grant.network;
        match answer.status {
            400 | 401 | 403 => DeliveryError::Blocked(format!(
                "{network} gives no token (HTTP {}): the application's id or secret is wrong, or its access to the account was taken back; sign the account in again",
                answer.status
            )),
            _ => refused(answer, Purpose::Read, &[], now),
        }
    }
}

fn scopes(scope: &serde_json::Value) -> Vec<String> {
    let texts = match scope {
        serde_json::Value::Array(all) => all.iter().filter_map(|one| one.as_str()).collect(),
        one => vec![one.as_str().unwrap_or_default()],
    };
    let words = texts.into_iter().flat_map(|text| text.split([' ', ',']));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
