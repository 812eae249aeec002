//! The test server's REST half: who may ask, pages, statuses, conversations, and registration of an application.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::server::{Fault, Kind, OWN, Posted, TOKEN, World, account, as_html};

type Shared = State<Arc<Mutex<World>>>;

pub fn router(world: Arc<Mutex<World>>) -> Router {
    let signed_in = Router::new()
        .route(
            "/api/v1/accounts/verify_credentials",
            get(|| async { Json(account(OWN)) }),
        )
        .route("/api/v1/apps/verify_credentials", get(application))
        .route("/api/v2/instance", get(instance))
        .route("/api/v1/instance", get(instance_v1))
        .route("/api/v1/notifications", get(notifications))
        .route("/api/v2/notifications/policy", get(policy))
        .route("/api/v1/statuses", post(publish))
        .route("/api/v1/statuses/{id}", get(one))
        .route("/api/v1/statuses/{id}/context", get(context))
        .layer(middleware::from_fn_with_state(Arc::clone(&world), gate));
    Router::new()
        .route("/api/v1/apps", post(apps))
        .route("/oauth/token", post(token))
        .merge(signed_in)
        .with_state(world)
}

fn held(world: &Arc<Mutex<World>>) -> std::sync::MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

fn no(status: u16, why: &str) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    (status, Json(json!({ "error": why }))).into_response()
}

async fn gate(State(world): Shared, request: Request, next: Next) -> Response {
    let kind = {
        let mut world = held(&world);
        let call = format!("{} {}", request.method(), request.uri());
        world.calls.push(call);
        world.kind
    };
    let given = request
        .headers()
        .get("authorization")
        .and_then(|value| value.to_str().ok());
    if given != Some(&format!("Bearer {TOKEN}")) {
        return match kind {
            Kind::Takahe => (StatusCode::BAD_REQUEST, "Invalid Bearer token").into_response(),
            _ => no(401, "The access token is invalid"),
        };
    }
    let mut response = next.run(request).await;
    let world = held(&world);
    let resets = world.now() + jiff::SignedDuration::from_mins(5);
    for (name, value) in [
        ("x-ratelimit-remaining", "299".to_owned()),
        ("x-ratelimit-reset", resets.to_string()),
    ] {
        response
            .headers_mut()
            .insert(name, value.parse().expect("a header"));
    }
    response
}

async fn application(State(world): Shared) -> Response {
    match held(&world).kind {
        Kind::Mastodon => Json(json!({ "name": "x", "scopes": ["read", "write:media"] })).into_response(),
        _ => Json(json!({ "name": "x" })).into_response(),
    }
}

async fn instance(State(world): Shared) -> Response {
    let world = held(&world);
    let version = match world.kind {
        Kind::Mastodon => "4.4.2",
        Kind::GoToSocial => "0.20.0-local+git-57cb4fe",
        Kind::Takahe => return (StatusCode::INTERNAL_SERVER_ERROR, "<h1>Server Error</h1>").into_response(),
    };
    Json(json!({
        "version": version,
        "configuration": {
            "statuses": { "max_characters": world.limit },
            "urls": { "streaming": world.streaming },
        },
    }))
    .into_response()
}

async fn instance_v1(State(world): Shared) -> Json<Value> {
    let world = held(&world);
    Json(
        json!({ "version": "takahe/0.11.0", "urls": {}, "configuration": { "statuses": { "max_characters": world.limit } } }),
    )
}

async fn policy(State(world): Shared) -> Response {
    match held(&world).policy {
        Some(rule) => {
            Json(json!({ "for_not_following": rule, "for_not_followers": "accept", "summary": {} }))
                .into_response()
        }
        None => no(404, "Not Found"),
    }
}

pub fn status(world: &World, number: u64) -> Value {
    let status = &world.statuses[&number];
    json!({
        "id": status.id, "uri": format!("https://our.example/statuses/{}", status.id),
        "url": format!("https://our.example/@{}/{}", status.by, status.id),
        "created_at": status.at, "edited_at": status.edited, "in_reply_to_id": status.answers,
        "visibility": status.visibility, "content": status.html, "spoiler_text": status.spoiler, "language": "en",
        "account": account(&status.by), "mentions": [], "tags": [], "poll": null,
        "media_attachments": [{ "id": "1", "type": "image", "url": "https://our.example/1.png", "description": "A cracked lamp" }],
    })
}

pub fn notification(world: &World, note: u64) -> Value {
    let about = world.notifications[&note];
    let status = about.map(|number| status(world, number));
    let kind = if about.is_some() { "mention" } else { "follow" };
    let by = about.map_or("mara", |number| world.statuses[&number].by.as_str());
    json!({ "id": world.id(note), "type": kind, "created_at": world.now(), "account": account(by), "status": status })
}

/// Newest first, as Mastodon: the newest page, the one before `max_id`, or the one right after `min_id`.
async fn notifications(State(world): Shared, request: Request) -> Json<Value> {
    let world = held(&world);
    let query: Vec<(String, String)> =
        url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
    let asked = |name: &str| {
        query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let after = asked("min_id").and_then(|id| world.number(id));
    let before = asked("max_id")
        .and_then(|id| world.number(id))
        .unwrap_or(u64::MAX);
    let limit = asked("limit")
        .and_then(|limit| limit.parse().ok())
        .unwrap_or(40_usize)
        .min(80);
    // Takahe tells all kinds whatever it is asked for.
    let only_mentions = world.kind != Kind::Takahe && query.iter().any(|(key, _)| key == "types[]");
    let fits = |(note, about): &(&u64, &Option<u64>)| {
        **note < before && after.is_none_or(|after| **note > after) && (about.is_some() || !only_mentions)
    };
    let fitting = world.notifications.iter().filter(fits).map(|(note, _)| *note);
    let mut page: Vec<u64> = match after {
        Some(_) => fitting.take(limit).collect(),
        None => {
            let all: Vec<u64> = fitting.collect();
            all[all.len().saturating_sub(limit)..].to_vec()
        }
    };
    page.reverse();
    Json(page.into_iter().map(|note| notification(&world, note)).collect())
}

async fn one(State(world): Shared, Path(id): Path<String>) -> Response {
    let world = held(&world);
    match world
        .number(&id)
        .filter(|number| world.statuses.contains_key(number))
    {
        Some(number) => Json(status(&world, number)).into_response(),
        None => no(404, "Record not found"),
    }
}

async fn context(State(world): Shared, Path(id): Path<String>) -> Response {
    let world = held(&world);
    if world
        .number(&id)
        .is_none_or(|number| !world.statuses.contains_key(&number))
    {
        return no(404, "Record not found");
    }
    let mut thread = vec![id];
    let mut descendants = Vec::new();
    for (number, posted) in &world.statuses {
        if posted
            .answers
            .as_ref()
            .is_some_and(|answers| thread.contains(answers))
        {
            thread.push(posted.id.clone());
            descendants.push(status(&world, *number));
        }
    }
    Json(json!({ "ancestors": [], "descendants": descendants })).into_response()
}

/// A connection that ends instead of an answer.
fn cut() -> Response {
    let broken = futures::stream::once(async { Err::<axum::body::Bytes, _>(std::io::Error::other("cut")) });
    Response::new(Body::from_stream(broken))
}

async fn publish(State(world): Shared, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let mut world = held(&world);
    let fault = world.faults.pop_front();
    match fault {
        Some(Fault::CutBefore) => return cut(),
        Some(Fault::Refuse(429)) => return no(429, "Too many requests"),
        Some(Fault::Refuse(status)) => return no(status, "refused"),
        _ => {}
    }
    let key = headers
        .get("idempotency-key")
        .and_then(|key| key.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let known = world
        .keys
        .get(&key)
        .copied()
        .filter(|_| world.kind == Kind::Mastodon);
    let number = match known {
        Some(number) => number,
        None => {
            let text = body["status"].as_str().unwrap_or_default().to_owned();
            let answers = body["in_reply_to_id"].as_str().map(str::to_owned);
            if text.chars().count() > world.limit {
                return no(422, "Validation failed: Text character limit exceeded");
            }
            if let Some(answers) = &answers
                && world
                    .number(answers)
                    .is_none_or(|number| !world.statuses.contains_key(&number))
            {
                return no(404, "Record not found");
            }
            let at = world.now();
            world.add(|id| Posted {
                id,
                by: OWN.to_owned(),
                html: as_html(&text),
                visibility: body["visibility"].as_str().unwrap_or("public").to_owned(),
                spoiler: body["spoiler_text"].as_str().unwrap_or_default().to_owned(),
                answers,
                at,
                edited: None,
            })
        }
    };
    world.keys.insert(key, number);
    match fault {
        Some(Fault::CutAfter) => cut(),
        Some(Fault::StrangeAnswer) => "<html>welcome to the hotel</html>".into_response(),
        _ => Json(status(&world, number)).into_response(),
    }
}

fn fields(body: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect()
}

async fn apps(body: String) -> Response {
    let form = fields(&body);
    let has = |name: &str, value: &str| {
        form.iter()
            .any(|(key, given)| key == name && given.contains(value))
    };
    if !has("redirect_uris", "urn:ietf:wg:oauth:2.0:oob") || !has("scopes", "write:statuses") {
        return no(422, "Validation failed");
    }
    Json(json!({ "id": "2", "name": "Switchboard", "client_id": "client-1", "client_secret": "secret-1", "vapid_key": null }))
        .into_response()
}

async fn token(body: String) -> Response {
    let form = fields(&body);
    let given = |name: &str| {
        form.iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let is_right = given("code") == Some("code-1") && given("client_secret") == Some("secret-1");
    match is_right {
        true => Json(json!({ "access_token": TOKEN, "token_type": "Bearer", "scope": "read write" }))
            .into_response(),
        false => no(400, "invalid_grant"),
    }
}
