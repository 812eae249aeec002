//! Calls to Slack: one attempt each, with a time limit, answers as raw JSON. slack-morphism carries them; its typed answers
//! are too strict for a service that adds and drops fields, and its own rate control counts posts per workspace where Slack
//! counts them per channel (docs/decisions/07). Does not decide whether to try again.
//!
//! Methods: <https://docs.slack.dev/reference/methods>

use std::time::Duration;

use hyper_rustls::HttpsConnectorBuilder;
use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use slack_morphism::errors::SlackClientError;
use slack_morphism::prelude::{SlackClientHttpConnector, SlackClientHyperConnector, SlackHyperClient};
use slack_morphism::{SlackApiToken, SlackClient, SlackClientApiCallContext};

/// No call waits longer for Slack.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Why a call did not succeed. Carries no body and no address: either may hold secrets or strangers' words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// Slack answered no, with this code; nothing was done.
    Refused(String),
    /// Too fast for this method; nothing was done.
    TooFast(SignedDuration),
    /// The request never reached Slack.
    NotSent(String),
    /// It may or may not have been done.
    Unknown(String),
}

pub(super) struct Client {
    slack: SlackHyperClient,
    bot: SlackApiToken,
    app: Option<SlackApiToken>,
}

impl Client {
    /// `api_url` ends in `/api`. Needs the process's provider of TLS to be installed.
    pub fn new(api_url: &str, bot: &SecretString, app: Option<&SecretString>) -> Result<Self, String> {
        let https = HttpsConnectorBuilder::new()
            .with_native_roots()
            .map_err(|error| {
                format!(
                    "this machine has no certificates to know Slack by (Debian: ca-certificates): {error}"
                )
            })?
            .https_or_http()
            .enable_http1()
            .build();
        let connector =
            SlackClientHyperConnector::from(https).with_slack_api_url(api_url.trim_end_matches('/'));
        let token = |secret: &SecretString| SlackApiToken::new(secret.expose_secret().to_owned().into());
        Ok(Self {
            slack: SlackClient::new(connector),
            bot: token(bot),
            app: app.map(token),
        })
    }

    /// A method that takes JSON.
    pub async fn post(&self, method: &str, body: &Value) -> Result<Value, Failure> {
        let session = self.slack.open_session(&self.bot);
        let call = session.http_session_api.http_post(method, body, None);
        within(method, call)
            .await
            .and_then(|answer| really_ok(method, answer))
    }

    /// A method that only reads.
    pub async fn get(&self, method: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
        let session = self.slack.open_session(&self.bot);
        let query: Vec<(&str, Option<&str>)> =
            query.iter().map(|(name, value)| (*name, Some(*value))).collect();
        let call = session.http_session_api.http_get(method, &query, None);
        within(method, call)
            .await
            .and_then(|answer| really_ok(method, answer))
    }

    /// A fresh address for a socket: single use, secret, soon stale.
    pub async fn open_socket(&self) -> Result<SecretString, Failure> {
        let method = "apps.connections.open";
        let Some(app) = &self.app else {
            return Err(Failure::NotSent("there is no app-level token".to_owned()));
        };
        let nothing = serde_json::json!({});
        let session = self.slack.open_session(app);
        let call = session.http_session_api.http_post(method, &nothing, None);
        let answer = within(method, call)
            .await
            .and_then(|answer| really_ok(method, answer))?;
        match answer["url"].as_str() {
            Some(url) => Ok(url.to_owned().into()),
            None => Err(Failure::Unknown(format!("{method} answered without an address"))),
        }
    }

    /// A response URL: good for five answers within thirty minutes, sent at most once, without our token.
    pub async fn respond(&self, url: &str, body: &Value) -> Result<(), Failure> {
        let address = url
            .parse()
            .map_err(|_| Failure::NotSent("the response address is not one".to_owned()))?;
        let span = tracing::Span::none();
        let context = SlackClientApiCallContext {
            rate_control_params: None,
            token: None,
            tracing_span: &span,
            is_sensitive_url: true,
        };
        let call = self
            .slack
            .http_api
            .connector
            .http_post_uri::<Value, Value>(address, body, context);
        // An address that is used up or too old says so by its status: nothing was said then.
        let call = async {
            match call.await {
                Err(SlackClientError::HttpError(error)) if error.status_code.is_client_error() => {
                    Ok(Some(error.status_code.as_u16()))
                }
                answer => answer.map(|_| None),
            }
        };
        match within("the response address", call).await? {
            Some(status) => Err(Failure::Refused(format!("http_{status}"))),
            None => Ok(()),
        }
    }

    /// The bytes of a file, to the address that `files.getUploadURLExternal` named.
    pub async fn upload(&self, url: &str, bytes: &[u8]) -> Result<(), Failure> {
        let address = url
            .parse()
            .map_err(|_| Failure::NotSent("the upload address is not one".to_owned()))?;
        let span = tracing::Span::none();
        let context = SlackClientApiCallContext {
            rate_control_params: None,
            token: None,
            tracing_span: &span,
            is_sensitive_url: true,
        };
        let connector = &self.slack.http_api.connector;
        let kind = "application/octet-stream".to_owned();
        let call = connector.http_post_uri_binary::<Value>(address, kind, bytes, context);
        within("the upload address", call).await.map(drop)
    }
}

async fn within<T>(
    what: &str,
    call: impl Future<Output = Result<T, SlackClientError>>,
) -> Result<T, Failure> {
    match tokio::time::timeout(TIME_LIMIT, call).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(failure(what, error)),
        Err(_) => Err(Failure::Unknown(format!(
            "no answer from Slack to {what} within {} s",
            TIME_LIMIT.as_secs()
        ))),
    }
}

/// Something between us and Slack may answer 200 with a page of its own, which the library takes for an empty answer.
fn really_ok(method: &str, answer: Value) -> Result<Value, Failure> {
    match answer["ok"].as_bool() {
        Some(true) => Ok(answer),
        _ => Err(Failure::Unknown(format!(
            "{method} was not answered by Slack’s API"
        ))),
    }
}

/// The library's errors print whole bodies, so none of their texts is passed on.
fn failure(what: &str, error: SlackClientError) -> Failure {
    match error {
        // These two, says Slack, may come after the work was done.
        SlackClientError::ApiError(error)
            if matches!(error.code.as_str(), "internal_error" | "fatal_error") =>
        {
            Failure::Unknown(format!("Slack answered {} to {what}", error.code))
        }
        SlackClientError::ApiError(error)
            if matches!(error.code.as_str(), "service_unavailable" | "request_timeout") =>
        {
            Failure::Unknown(format!("Slack answered {} to {what}", error.code))
        }
        SlackClientError::ApiError(error)
            if matches!(error.code.as_str(), "ratelimited" | "rate_limited") =>
        {
            Failure::TooFast(SignedDuration::from_secs(30))
        }
        SlackClientError::ApiError(error) => Failure::Refused(error.code),
        SlackClientError::RateLimitError(error) => {
            let wait = error.retry_after.unwrap_or(Duration::from_secs(30));
            Failure::TooFast(SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_secs(30)))
        }
        SlackClientError::HttpError(error) => Failure::Unknown(format!(
            "Slack answered HTTP {} to {what}",
            error.status_code.as_u16()
        )),
        SlackClientError::HttpProtocolError(error) => {
            let cause = error.cause.as_ref();
            let client = cause.and_then(|cause| cause.downcast_ref::<hyper_util::client::legacy::Error>());
            match client.is_some_and(hyper_util::client::legacy::Error::is_connect) {
                true => Failure::NotSent("Slack cannot be reached".to_owned()),
                false => Failure::Unknown(format!("the connection broke during {what}")),
            }
        }
        SlackClientError::ProtocolError(_) => {
            Failure::Unknown(format!("Slack’s answer to {what} is not readable"))
        }
        SlackClientError::EndOfStream(_)
        | SlackClientError::SystemError(_)
        | SlackClientError::SocketModeProtocolError(_) => {
            Failure::Unknown(format!("{what} did not end well"))
        }
    }
}
