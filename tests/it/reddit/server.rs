//! A Reddit on this machine, as its documentation describes the wire: tokens, listings that end and shift, errors inside
//! HTTP 200, the budget in headers. What a test does to it stands in its `World`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

pub const AGENT: &str = "server:com.example.desk:v1 (by /u/demo_shop)";

/// What a comment meets.
#[derive(Clone, Debug, Default)]
pub enum Fate {
    #[default]
    Posted,
    /// `json.errors`, and nothing is posted.
    Refused(&'static str, &'static str),
    /// Posted, and the answer is an error.
    PostedAndBroken,
    /// Posted, and no thing is named.
    PostedUnnamed,
}

#[derive(Default)]
pub struct World {
    /// Newest first, by the listing's path.
    pub listings: HashMap<String, Vec<Value>>,
    pub info: HashMap<String, Value>,
    pub comments: Vec<Value>,
    pub fate: Fate,
    pub asked: Vec<String>,
    pub tokens: usize,
    /// The token that is good now; another is refused with 401.
    pub good: usize,
    pub scopes: Option<&'static str>,
    pub remaining: Option<f64>,
    pub refresh_refused: bool,
    pub closed: Vec<&'static str>,
}

#[derive(Clone, Default)]
pub struct Server(Arc<Mutex<World>>);

impl Server {
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap()
    }

    pub async fn start() -> (Self, String) {
        let server = Self::default();
        let api = Router::new()
            .route(
                "/api/v1/me",
                get(async || Json(json!({"name": "demo_shop", "id": "me1"}))),
            )
            .route("/api/info", get(info))
            .route("/api/comment", post(comment))
            .route("/message/{listing}", get(listing))
            .route("/r/{subreddit}/{listing}", get(listing))
            .route("/user/demo_shop/comments", get(own_comments))
            .layer(middleware::from_fn_with_state(server.clone(), guard));
        let app = api
            .route("/api/v1/access_token", post(token))
            .with_state(server.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        (server, address)
    }
}

async fn token(State(server): State<Server>, headers: HeaderMap, body: String) -> Response {
    let form = form(&body);
    // app-id:app-secret
    assert_eq!(headers[header::AUTHORIZATION], "Basic YXBwLWlkOmFwcC1zZWNyZXQ=");
    assert_eq!(headers[header::USER_AGENT], AGENT);
    assert_eq!(form["grant_type"], "refresh_token");
    let mut world = server.world();
    if world.refresh_refused || form["refresh_token"] != "refresh-me" {
        return (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))).into_response();
    }
    world.tokens += 1;
    world.good = world.tokens;
    let scope = world
        .scopes
        .unwrap_or("identity read submit privatemessages history");
    let token = format!("token-{}", world.tokens);
    Json(json!({"access_token": token, "token_type": "bearer", "expires_in": 3600, "scope": scope}))
        .into_response()
}

async fn guard(State(server): State<Server>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let (remaining, good) = {
        let mut world = server.world();
        let address = request.uri().to_string();
        world.asked.push(address);
        if world.closed.contains(&path.as_str()) {
            return (
                StatusCode::FORBIDDEN,
                Json(json!({"reason": "private", "error": 403})),
            )
                .into_response();
        }
        (world.remaining, format!("Bearer token-{}", world.good))
    };
    assert_eq!(
        request.headers()[header::USER_AGENT],
        AGENT,
        "every call says who asks"
    );
    if request.headers()[header::AUTHORIZATION] != good.as_str() {
        return (
            StatusCode::UNAUTHORIZED,
            Json(json!({"message": "Unauthorized", "error": 401})),
        )
            .into_response();
    }
    let mut answer = next.run(request).await;
    if let Some(remaining) = remaining {
        let headers = answer.headers_mut();
        headers.insert("x-ratelimit-remaining", remaining.to_string().parse().unwrap());
        headers.insert("x-ratelimit-used", "900".parse().unwrap());
        headers.insert("x-ratelimit-reset", "240".parse().unwrap());
    }
    answer
}

fn page(all: &[Value], query: &HashMap<String, String>) -> Json<Value> {
    assert_eq!(query["raw_json"], "1");
    assert!(
        !query.contains_key("before"),
        "a dead end once that item is deleted"
    );
    let limit: usize = query["limit"].parse().unwrap();
    let start = match query.get("after") {
        Some(after) => {
            1 + all
                .iter()
                .position(|item| item["data"]["name"] == after.as_str())
                .unwrap()
        }
        None => 0,
    };
    let children: Vec<&Value> = all[start..].iter().take(limit).collect();
    let after =
        (start + children.len() < all.len()).then(|| children.last().unwrap()["data"]["name"].clone());
    Json(
        json!({"kind": "Listing", "data": {"after": after, "before": null, "dist": children.len(), "children": children}}),
    )
}

async fn listing(
    State(server): State<Server>,
    request: axum::http::Uri,
    Query(query): Query<HashMap<String, String>>,
) -> Json<Value> {
    let world = server.world();
    page(
        world.listings.get(request.path()).map_or(&[], Vec::as_slice),
        &query,
    )
}

async fn own_comments(
    State(server): State<Server>,
    Query(query): Query<HashMap<String, String>>,
) -> Json<Value> {
    page(&server.world().comments, &query)
}

async fn info(State(server): State<Server>, Query(query): Query<HashMap<String, String>>) -> Json<Value> {
    let world = server.world();
    let children: Vec<&Value> = query["id"]
        .split(',')
        .filter_map(|id| world.info.get(id))
        .collect();
    Json(json!({"kind": "Listing", "data": {"after": null, "children": children}}))
}

async fn comment(State(server): State<Server>, body: String) -> Response {
    let form = form(&body);
    assert_eq!(form["api_type"], "json");
    let mut world = server.world();
    let fate = world.fate.clone();
    if let Fate::Refused(code, words) = fate {
        return Json(json!({"json": {"errors": [[code, words, "text"]]}})).into_response();
    }
    let id = format!("own{}", world.comments.len());
    let made = json!({"kind": "t1", "data": {
        "name": format!("t1_{id}"), "id": id, "author": "demo_shop", "body": form["text"], "parent_id": form["thing_id"],
        "permalink": format!("/r/tea/comments/1pxyz/title/{id}/"), "created_utc": 1795169600.0, "edited": false,
    }});
    world.comments.insert(0, made.clone());
    match fate {
        Fate::PostedAndBroken => StatusCode::BAD_GATEWAY.into_response(),
        Fate::PostedUnnamed => Json(json!({"json": {"errors": [], "data": {"things": []}}})).into_response(),
        _ => Json(json!({"json": {"errors": [], "data": {"things": [made]}}})).into_response(),
    }
}

fn form(body: &str) -> HashMap<String, String> {
    url::form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect()
}
