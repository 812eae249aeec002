//! Signing a channel in without a browser on this machine: a code that a person types on another screen.
//! <https://developers.google.com/identity/protocols/oauth2/limited-input-device>. For `switchboard connect youtube`.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::network::http::{self, Purpose};
use crate::port::delivery_error::DeliveryError;

/// The OAuth client of the kind “TVs and Limited Input devices”.
pub struct Device {
    client: Client,
    auth_url: String,
    id: String,
    secret: SecretString,
}

/// What the person does: opens the page and types the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    pub page: String,
    pub code: String,
    /// How often we may ask, and until when.
    pub every: Duration,
    pub lasts: Duration,
    device_code: String,
}

/// What came of it so far.
pub enum Outcome {
    /// Nobody has answered yet.
    Pending,
    /// We ask too often.
    Slower,
    /// The refresh token, to be kept where the configuration says.
    Granted(SecretString),
}

impl Device {
    pub fn new(auth_url: &str, id: String, secret: SecretString) -> Result<Self, String> {
        Ok(Self {
            client: http::client(Duration::from_secs(20))?,
            auth_url: auth_url.trim_end_matches('/').to_owned(),
            id,
            secret,
        })
    }

    pub async fn start(&self, scope: &str) -> Result<Started, DeliveryError> {
        let form = [("client_id", self.id.as_str()), ("scope", scope)];
        let request = self
            .client
            .post(format!("{}/device/code", self.auth_url))
            .form(&form);
        let answer = http::send(request, Purpose::Read).await?;
        if !answer.is_success() {
            return Err(http::refused(&answer, Purpose::Read, &[], Timestamp::now()));
        }
        let value: Value = answer.json()?;
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let seconds = |key: &str, usual: u64| {
            let said = value.get(key).and_then(Value::as_u64).unwrap_or(usual);
            Duration::from_secs(said.clamp(1, 3600))
        };
        let page = text("verification_url").or_else(|| text("verification_uri"));
        match (page, text("user_code"), text("device_code")) {
            (Some(page), Some(code), Some(device_code)) => Ok(Started {
                page,
                code,
                every: seconds("interval", 5),
                lasts: seconds("expires_in", 1800),
                device_code,
            }),
            _ => Err(DeliveryError::Permanent("Google gave no code".to_owned())),
        }
    }

    /// Asks once whether the person has answered.
    pub async fn ask(&self, started: &Started) -> Result<Outcome, DeliveryError> {
        let form = [
            ("client_id", self.id.as_str()),
            ("client_secret", self.secret.expose_secret()),
            ("device_code", started.device_code.as_str()),
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ];
        let request = self.client.post(format!("{}/token", self.auth_url)).form(&form);
        let answer = http::send(request, Purpose::Read).await?;
        let value: Value = answer.json()?;
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        match (answer.is_success(), text("error"), text("refresh_token")) {
            (true, _, Some(token)) => Ok(Outcome::Granted(token.to_owned().into())),
            (true, ..) => Err(DeliveryError::Permanent(
                "Google gave no refresh token: take the access back at https://myaccount.google.com/permissions and try again".to_owned(),
            )),
            (_, Some("authorization_pending"), _) => Ok(Outcome::Pending),
            (_, Some("slow_down"), _) => Ok(Outcome::Slower),
            (_, Some("access_denied"), _) => Err(DeliveryError::Permanent("it was not allowed".to_owned())),
            (_, Some("expired_token"), _) => Err(DeliveryError::Permanent("the code has run out; begin again".to_owned())),
            _ => Err(http::refused(&answer, Purpose::Read, &[], Timestamp::now())),
        }
    }
}
