//! The way in over HTTP: three addresses that Slack calls, each proved by the signature over the raw body, bounded, and
//! answered within Slack's three seconds by whoever answers in Socket Mode too. Nothing of a body is logged.
//!
//! | answer | when |
//! |---|---|
//! | 200 | understood, or not for us; the body is the answer, or empty |
//! | 400 | signed, and yet not readable |
//! | 401 | the signature is missing, wrong or stale |
//! | 413 | the body is larger than a mebibyte |

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tokio_util::task::TaskTracker;

use super::door::Door;
use super::payload::{self, Incoming};
use super::signature::Signature;
use crate::platform::slack::Slack;
use crate::port::front_desk::FrontDesk;

/// Slack's own payloads stay far below it.
const LARGEST_BODY: usize = 1024 * 1024;

struct Gate {
    door: Arc<Door>,
    /// None: nobody can prove to be Slack, and nobody comes in.
    signature: Option<Signature>,
}

/// The three addresses. Work that outlives its answer is given to `tasks`.
pub fn router(slack: Arc<Slack>, front: Arc<dyn FrontDesk>, tasks: TaskTracker) -> Router {
    let signature = slack.signing_secret.as_ref().and_then(Signature::new);
    let door = Door::new(slack, front, tasks);
    door.prepare();
    Router::new()
        .route("/slack/commands", post(commands))
        .route("/slack/interactivity", post(interactivity))
        .route("/slack/events", post(events))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(Arc::new(Gate { door, signature }))
}

async fn commands(State(gate): State<Arc<Gate>>, headers: HeaderMap, body: Bytes) -> Response {
    let fields = form(&body);
    // Slack looks whether the certificate holds; that does nothing, and is not signed.
    if fields["ssl_check"] == "1" && fields["command"].is_null() {
        return StatusCode::OK.into_response();
    }
    if let Err(why) = gate.check(&headers, &body) {
        return denied(why);
    }
    gate.answer(payload::typed(&fields)).await
}

async fn interactivity(State(gate): State<Arc<Gate>>, headers: HeaderMap, body: Bytes) -> Response {
    if let Err(why) = gate.check(&headers, &body) {
        return denied(why);
    }
    let fields = form(&body);
    let payload = fields["payload"].as_str().unwrap_or_default();
    match serde_json::from_str(payload) {
        Ok(payload) => gate.answer(payload::interaction(payload)).await,
        Err(_) => unreadable(),
    }
}

async fn events(State(gate): State<Arc<Gate>>, headers: HeaderMap, body: Bytes) -> Response {
    if let Err(why) = gate.check(&headers, &body) {
        return denied(why);
    }
    let Ok(payload) = serde_json::from_slice::<Value>(&body) else {
        return unreadable();
    };
    if payload["type"] == "url_verification" {
        return axum::Json(json!({ "challenge": payload["challenge"] })).into_response();
    }
    gate.answer(payload::happening(payload)).await
}

impl Gate {
    fn check(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), &'static str> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let (time, given) = (header("x-slack-request-timestamp"), header("x-slack-signature"));
        match &self.signature {
            Some(signature) => signature.check(time, given, body, self.door.now().as_second()),
            None => Err("no signing secret is set here"),
        }
    }

    async fn answer(&self, incoming: Incoming) -> Response {
        match self.door.take(incoming).await.body {
            Some(body) => axum::Json(body).into_response(),
            // An empty body closes a window; `{}` or a word would not.
            None => StatusCode::OK.into_response(),
        }
    }
}

/// The fields of a form as JSON, as Socket Mode sends them.
fn form(body: &[u8]) -> Value {
    url::form_urlencoded::parse(body)
        .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn denied(why: &str) -> Response {
    (StatusCode::UNAUTHORIZED, format!("{why}\n")).into_response()
}

fn unreadable() -> Response {
    (StatusCode::BAD_REQUEST, "the body is not what Slack sends\n").into_response()
}
