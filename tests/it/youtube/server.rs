//! A YouTube on this machine, as its documentation describes the wire: tokens, pages, units that run out, errors by reason.
//! What a test does to it stands in its `World`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::{Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

pub const CHANNEL: &str = "UCour";

/// What a new comment meets.
#[derive(Clone, Copy, Debug, Default)]
pub enum Fate {
    #[default]
    Posted,
    /// A status and a reason.
    Refused(u16, &'static str),
    /// Posted, and the answer is an error.
    PostedAndBroken,
}

#[derive(Default)]
pub struct World {
    /// Newest first.
    pub threads: Vec<Value>,
    pub held: Vec<Value>,
    /// Answers by their thread.
    pub replies: HashMap<String, Vec<Value>>,
    pub deleted: Vec<String>,
    pub fate: Fate,
    pub asked: Vec<String>,
    pub refused: Option<(u16, &'static str)>,
    pub device_answers: Vec<&'static str>,
}

#[derive(Clone, Default)]
pub struct Server(Arc<Mutex<World>>);

impl Server {
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap()
    }

    /// How often an address was asked that begins so.
    pub fn count(&self, beginning: &str) -> usize {
        self.world()
            .asked
            .iter()
            .filter(|asked| asked.starts_with(beginning))
            .count()
    }

    pub async fn start() -> (Self, String) {
        let server = Self::default();
        let own = json!({"kind": "youtube#channelListResponse", "items": [{"id": CHANNEL}]});
        let api = Router::new()
            .route("/channels", get(async || Json(own)))
            .route("/commentThreads", get(threads))
            .route("/comments", get(comments).post(insert))
            .layer(middleware::from_fn_with_state(server.clone(), guard));
        let app = api
            .route("/token", post(token))
            .route("/device/code", post(device_code))
            .with_state(server.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        (server, address)
    }
}

pub fn error(status: u16, reason: &str) -> Response {
    let body = json!({"error": {"code": status, "message": "no", "errors": [{"message": "no", "domain": "youtube.comment", "reason": reason}]}});
    (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
}

async fn token(State(server): State<Server>, body: String) -> Response {
    let form = form(&body);
    assert_eq!(form["client_id"], "app-id");
    assert_eq!(form["client_secret"], "app-secret");
    if form["grant_type"] == "refresh_token" {
        if form["refresh_token"] != "refresh-me" {
            return (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))).into_response();
        }
        return Json(json!({"access_token": "good", "expires_in": 3599, "token_type": "Bearer"}))
            .into_response();
    }
    assert_eq!(form["grant_type"], "urn:ietf:params:oauth:grant-type:device_code");
    assert_eq!(form["device_code"], "device-1");
    match server.world().device_answers.remove(0) {
        "granted" => Json(json!({"access_token": "good", "refresh_token": "refresh-me", "expires_in": 3599}))
            .into_response(),
        error => (StatusCode::PRECONDITION_REQUIRED, Json(json!({"error": error}))).into_response(),
    }
}

async fn device_code(body: String) -> Json<Value> {
    let form = form(&body);
    assert_eq!(form["client_id"], "app-id");
    assert!(form["scope"].ends_with("/auth/youtube.force-ssl"));
    Json(
        json!({"device_code": "device-1", "user_code": "GQVQ-JKEC", "verification_url": "https://www.google.com/device", "expires_in": 1800, "interval": 5}),
    )
}

async fn guard(State(server): State<Server>, request: Request, next: Next) -> Response {
    let refused = {
        let mut world = server.world();
        world
            .asked
            .push(format!("{} {}", request.method(), request.uri()));
        world.refused
    };
    assert_eq!(request.headers()[header::AUTHORIZATION], "Bearer good");
    if let Some((status, reason)) = refused {
        return error(status, reason);
    }
    next.run(request).await
}

/// A page of `maxResults`; the token is where the next one begins.
fn page(kind: &str, all: &[Value], query: &HashMap<String, String>) -> Json<Value> {
    let start: usize = query.get("pageToken").map_or(0, |token| token.parse().unwrap());
    let size: usize = query["maxResults"].parse().unwrap();
    let items: Vec<&Value> = all.iter().skip(start).take(size).collect();
    let next = (start + items.len() < all.len()).then(|| (start + items.len()).to_string());
    let mut answer = json!({"kind": kind, "pageInfo": {"totalResults": all.len(), "resultsPerPage": size}, "items": items});
    if let Some(next) = next {
        answer["nextPageToken"] = next.into();
    }
    Json(answer)
}

async fn threads(State(server): State<Server>, Query(query): Query<HashMap<String, String>>) -> Json<Value> {
    assert_eq!(query["allThreadsRelatedToChannelId"], CHANNEL);
    assert_eq!(query["textFormat"], "plainText");
    let world = server.world();
    let held = query
        .get("moderationStatus")
        .is_some_and(|status| status == "heldForReview");
    page(
        "youtube#commentThreadListResponse",
        if held { &world.held } else { &world.threads },
        &query,
    )
}

async fn comments(State(server): State<Server>, Query(query): Query<HashMap<String, String>>) -> Json<Value> {
    let world = server.world();
    let all: Vec<Value> = match (query.get("parentId"), query.get("id")) {
        (Some(parent), _) => world.replies.get(parent).cloned().unwrap_or_default(),
        (_, Some(ids)) => ids
            .split(',')
            .filter(|id| !world.deleted.iter().any(|deleted| deleted == id))
            .map(|id| json!({"kind": "youtube#comment", "id": id}))
            .collect(),
        _ => panic!("neither a parent nor ids"),
    };
    page("youtube#commentListResponse", &all, &query)
}

async fn insert(State(server): State<Server>, body: String) -> Response {
    let body: Value = serde_json::from_str(&body).unwrap();
    let mut world = server.world();
    if let Fate::Refused(status, reason) = world.fate {
        return error(status, reason);
    }
    let (parent, text) = (
        body["snippet"]["parentId"].as_str().unwrap(),
        &body["snippet"]["textOriginal"],
    );
    assert!(!parent.contains('.'), "only a first comment takes answers");
    let made = json!({"kind": "youtube#comment", "id": format!("{parent}.own"), "snippet": {
        "parentId": parent, "videoId": "vid123", "textDisplay": text, "textOriginal": text,
        "authorDisplayName": "@demo_shop", "authorChannelId": {"value": CHANNEL},
        "publishedAt": "2026-11-20T12:00:01Z", "updatedAt": "2026-11-20T12:00:01Z"}});
    world
        .replies
        .entry(parent.to_owned())
        .or_default()
        .push(made.clone());
    match world.fate {
        Fate::PostedAndBroken => StatusCode::BAD_GATEWAY.into_response(),
        _ => Json(made).into_response(),
    }
}

fn form(body: &str) -> HashMap<String, String> {
    url::form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect()
}
