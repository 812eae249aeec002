//! The HTTP side of the webhooks: one POST, verified, read, handed to the front desk, and answered only when the desk
//! says that it is on disk.
//!
//! | answer | when |
//! |---|---|
//! | 200 `{"taken":n,"duplicates":m}` | everything is on disk |
//! | 400 | not UTF-8, not JSON, too deep: the place is named |
//! | 401 | a header is missing, the signature is wrong, its time is off |
//! | 404 | no webhook has this path |
//! | 408 | the body did not arrive in time |
//! | 413 | the body is larger than the webhook allows |
//! | 422 | some items cannot be read; they are listed, and **nothing** was taken |
//! | 503 | the desk could not take it; the sender tries again |

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use bytes::BytesMut;
use futures::StreamExt;
use serde_json::json;

use super::body::{ITEMS_LISTED, Unreadable};
use super::headers::Denied;
use super::{PREFIX, Webhook};
use crate::domain::event::Event;
use crate::domain::notice::Tone;
use crate::port::front_desk::{FrontDesk, NotTaken};

/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);
/// How much of a body that is too large is still read and thrown away, so that the sender can hear the answer.
const READ_ON: usize = 32_000_000;
/// What a sender is told to wait when the desk is busy, in seconds.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

struct Hooks {
    front: Arc<dyn FrontDesk>,
    by_path: HashMap<String, Arc<Webhook>>,
}

/// The routes of all webhooks. Two with the same path are the configuration's mistake; the first is served.
pub fn router(front: Arc<dyn FrontDesk>, webhooks: Vec<Arc<Webhook>>) -> Router {
    let mut by_path = HashMap::new();
    for webhook in webhooks {
        by_path.entry(webhook.path.clone()).or_insert(webhook);
    }
    Router::new()
        .route(&format!("{PREFIX}{{*name}}"), post(take))
        .with_state(Arc::new(Hooks { front, by_path }))
}

async fn take(State(hooks): State<Arc<Hooks>>, uri: Uri, headers: HeaderMap, body: Body) -> Response {
    let Some(webhook) = hooks.by_path.get(uri.path()) else {
        return refused(StatusCode::NOT_FOUND, "no webhook has this path");
    };
    match taken(&*hooks.front, webhook, &headers, body).await {
        Ok(answer) | Err(answer) => answer,
    }
}

async fn taken(
    front: &dyn FrontDesk,
    webhook: &Webhook,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Response> {
    webhook.verifier.check_headers(headers).map_err(denied)?;
    let body = whole(body, headers, webhook.body_limit).await?;
    let now = front.now();
    webhook
        .verifier
        .verify(headers, &body, now.as_second())
        .map_err(denied)?;
    let mentions = webhook
        .mentions(&body, is_form(headers), now)
        .map_err(unreadable)?;
    drop(body);
    if mentions.is_empty() {
        return Ok(counted(0, 0));
    }
    let events = mentions
        .into_iter()
        .map(|mention| Event::MentionReceived {
            mention: Box::new(mention),
            backlog: false,
        })
        .collect();
    let notices = front.submit(events).await.map_err(not_taken)?;
    let duplicates = notices.iter().filter(|notice| notice.tone == Tone::Plain).count();
    Ok(counted(notices.len() - duplicates, duplicates))
}

/// Reads the body up to the limit. A body that arrives in one piece is not copied.
async fn whole(body: Body, headers: &HeaderMap, limit: usize) -> Result<Bytes, Response> {
    let told = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if told.is_some_and(|length| length > READ_ON) {
        return Err(too_large(limit));
    }
    let mut pieces = body.into_data_stream();
    let reading = async {
        let mut first = Bytes::new();
        let mut joined = BytesMut::new();
        let mut length = 0;
        while let Some(piece) = pieces.next().await {
            let Ok(piece) = piece else {
                return Err(refused(StatusCode::BAD_REQUEST, "the body broke off"));
            };
            length += piece.len();
            if length > READ_ON {
                break;
            } else if length > limit {
                continue;
            } else if length == piece.len() {
                first = piece;
            } else {
                if joined.is_empty() {
                    joined.reserve(told.unwrap_or(0).clamp(length, limit));
                    joined.extend_from_slice(&first);
                }
                joined.extend_from_slice(&piece);
            }
        }
        match length {
            _ if length > limit => Err(too_large(limit)),
            _ if joined.is_empty() => Ok(first),
            _ => Ok(joined.freeze()),
        }
    };
    match tokio::time::timeout(BODY_TIME, reading).await {
        Ok(read) => read,
        Err(_) => Err(refused(
            StatusCode::REQUEST_TIMEOUT,
            "the body took longer than 30 seconds",
        )),
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"))
}

/// Written by hand: this is the answer to nearly every request.
fn counted(taken: usize, duplicates: usize) -> Response {
    let text = format!("{{\"taken\":{taken},\"duplicates\":{duplicates}}}");
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

fn refused(status: StatusCode, why: &str) -> Response {
    (status, axum::Json(json!({ "error": why }))).into_response()
}

fn too_large(limit: usize) -> Response {
    refused(
        StatusCode::PAYLOAD_TOO_LARGE,
        &format!("the body is larger than {limit} bytes"),
    )
}

fn denied(denied: Denied) -> Response {
    refused(StatusCode::UNAUTHORIZED, &denied.why())
}

fn unreadable(why: Unreadable) -> Response {
    match why {
        Unreadable::Body(why) => refused(StatusCode::BAD_REQUEST, &why),
        Unreadable::Items { of, mut items } => {
            let error = format!("{} of {of} items cannot be read; nothing was taken", items.len());
            items.truncate(ITEMS_LISTED);
            let answer = axum::Json(json!({ "error": error, "items": items }));
            (StatusCode::UNPROCESSABLE_ENTITY, answer).into_response()
        }
    }
}

fn not_taken(why: NotTaken) -> Response {
    // What the store says is for the log and `/readyz`, not for senders.
    let text = match why {
        NotTaken::Store(_) => "nothing can be written at the moment; try again later".to_owned(),
        other => other.to_string(),
    };
    let mut answer = refused(StatusCode::SERVICE_UNAVAILABLE, &text);
    answer.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
    answer
}
