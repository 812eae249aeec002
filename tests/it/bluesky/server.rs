//! A server of the AT Protocol on this machine, as far as an account that reads and answers meets one: sessions that run
//! out and are renewed once, notifications in pages, records that are written under a chosen key. Shapes and refusals are
//! those of the recordings of the official server; faults are what the test asks for.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::{Value, json};

pub const OWN: &str = "did:plc:own";
pub const PASSWORD: &str = "abcd-efgh-ijkl-mnop";

pub enum Fault {
    /// Nothing is done.
    Status(u16, Value),
    /// Too many requests; how many seconds until there are new ones.
    Limited(i64),
    /// It is done, and the connection ends before the answer does.
    CutAfter,
}

#[derive(Default)]
pub struct World {
    pub sign_ins: usize,
    pub renewals: usize,
    access: String,
    refresh: String,
    /// Newest first, as they are listed.
    pub notifications: Vec<Value>,
    pub posts: HashMap<String, Value>,
    pub records: BTreeMap<String, Value>,
    /// How many posts were made; the same record under the same key makes none.
    pub written: usize,
    pub handles: HashMap<String, String>,
    pub faults: HashMap<String, VecDeque<Fault>>,
    pub calls: Vec<String>,
}

#[derive(Clone)]
pub struct Server {
    pub address: String,
    world: Arc<Mutex<World>>,
}

impl Server {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            world: Arc::default(),
        };
        let app = Router::new()
            .route("/xrpc/{method}", any(answer))
            .with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        server
    }

    /// The same world under an address where nobody answers.
    pub fn moved(&self, address: &str) -> Self {
        Self {
            address: address.to_owned(),
            ..self.clone()
        }
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    pub fn fail(&self, method: &str, fault: Fault) {
        let mut world = self.world();
        world
            .faults
            .entry(method.to_owned())
            .or_default()
            .push_back(fault);
    }

    /// The access token runs out; so does the one that renews it where `both`.
    pub fn expire(&self, both: bool) {
        let mut world = self.world();
        world.access = "expired".to_owned();
        if both {
            world.refresh = "expired".to_owned();
        }
    }

    /// Somebody writes to us. Returns the post's address.
    pub fn told(&self, reason: &str, key: &str, at: &str, record: Value) -> String {
        let uri = format!("at://did:plc:mara/app.bsky.feed.post/{key}");
        let author = json!({"did": "did:plc:mara", "handle": "mara.test", "displayName": "Mara"});
        let mut world = self.world();
        world
            .posts
            .insert(uri.clone(), json!({"uri": uri, "author": author, "viewer": {}}));
        world.notifications.insert(
            0,
            json!({"uri": uri, "cid": format!("bafy{key}"), "author": author, "reason": reason,
                   "record": record, "isRead": false, "indexedAt": at, "labels": []}),
        );
        uri
    }

    /// How often somebody signed in, and how often a session was renewed.
    pub fn sessions(&self) -> (usize, usize) {
        let world = self.world();
        (world.sign_ins, world.renewals)
    }

    pub fn calls_of(&self, method: &str) -> usize {
        self.world().calls.iter().filter(|call| *call == method).count()
    }
}

fn refusal(status: u16, error: &str, message: &str) -> (u16, Value) {
    (status, json!({"error": error, "message": message}))
}

async fn answer(
    State(server): State<Server>,
    Path(method): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let method = method.rsplit('.').next().unwrap_or_default().to_owned();
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let bearer = bearer
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    let fault = {
        let mut world = server.world();
        world.calls.push(method.clone());
        world.faults.get_mut(&method).and_then(VecDeque::pop_front)
    };
    match fault {
        Some(Fault::Status(status, body)) => return said(status, &body),
        Some(Fault::Limited(seconds)) => {
            let reset = jiff::Timestamp::now().as_second() + seconds;
            let mut limited = said(
                429,
                &json!({"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}),
            );
            limited
                .headers_mut()
                .insert("RateLimit-Remaining", "0".parse().unwrap());
            limited
                .headers_mut()
                .insert("RateLimit-Reset", reset.to_string().parse().unwrap());
            return limited;
        }
        Some(Fault::CutAfter) => {
            server.world().done(&method, &query, bearer, &body);
            let cut = futures::stream::iter([
                Ok(Bytes::from_static(b"{\"uri\":")),
                Err(std::io::Error::other("cut")),
            ]);
            return Body::from_stream(cut).into_response();
        }
        None => {}
    }
    let (status, body) = server.world().done(&method, &query, bearer, &body);
    said(status, &body)
}

fn said(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        body.to_string(),
    )
        .into_response()
}

impl World {
    fn done(&mut self, method: &str, query: &[(String, String)], bearer: &str, body: &[u8]) -> (u16, Value) {
        let asked = |name: &str| {
            query
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.as_str())
        };
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        match method {
            "createSession" => {
                self.sign_ins += 1;
                if body["identifier"] != "larkspur.test" || body["password"] != PASSWORD {
                    return refusal(401, "AuthenticationRequired", "Invalid identifier or password");
                }
                return self.session();
            }
            "refreshSession" => {
                self.renewals += 1;
                if bearer != self.refresh {
                    return refusal(400, "ExpiredToken", "Token has been revoked");
                }
                return self.session();
            }
            "resolveHandle" => {
                return match asked("handle").and_then(|handle| self.handles.get(handle)) {
                    Some(did) => (200, json!({ "did": did })),
                    None => refusal(400, "HandleNotFound", "Unable to resolve handle"),
                };
            }
            "getRecord" => {
                let key = asked("rkey").unwrap_or_default();
                return match self.records.get(key) {
                    Some(record) => (200, json!({"uri": uri(key), "cid": "bafyown", "value": record})),
                    None => refusal(400, "RecordNotFound", "Could not locate record"),
                };
            }
            _ => {}
        }
        if bearer != self.access {
            return match bearer {
                "" => refusal(401, "AuthMissing", "Authentication Required"),
                _ => refusal(400, "ExpiredToken", "Token has expired"),
            };
        }
        match method {
            "listNotifications" => {
                let limit: usize = asked("limit").unwrap().parse().unwrap();
                assert!(limit <= 100, "the real server refuses more");
                let from: usize = asked("cursor").map_or(0, |cursor| cursor.parse().unwrap());
                let wanted = |one: &&Value| {
                    let mut reasons = query.iter().filter(|(name, _)| name == "reasons").peekable();
                    reasons.peek().is_none() || reasons.any(|(_, reason)| one["reason"] == reason.as_str())
                };
                let all: Vec<_> = self.notifications.iter().filter(wanted).cloned().collect();
                let page: Vec<_> = all.iter().skip(from).take(limit).cloned().collect();
                let mut answer = json!({"notifications": page, "priority": false});
                if from + limit < all.len() {
                    answer["cursor"] = json!((from + limit).to_string());
                }
                (200, answer)
            }
            "getProfiles" => {
                let actors = query.iter().filter(|(name, _)| name == "actors");
                let profiles: Vec<_> = actors
                    .map(|(_, did)| json!({"did": did, "followersCount": 77}))
                    .collect();
                assert!(profiles.len() <= 25, "the real server refuses more");
                (200, json!({ "profiles": profiles }))
            }
            "getPosts" => {
                let posts: Vec<_> = query.iter().filter_map(|(_, uri)| self.posts.get(uri)).collect();
                (200, json!({ "posts": posts }))
            }
            "putRecord" => {
                let key = body["rkey"].as_str().unwrap();
                assert!(
                    body.get("swapRecord").is_some_and(Value::is_null),
                    "only where nothing stands"
                );
                match self.records.get(key) {
                    Some(stands) if *stands == body["record"] => {
                        (200, json!({"uri": uri(key), "cid": "bafyown"}))
                    }
                    Some(_) => refusal(400, "InvalidSwap", "Record was at bafyown"),
                    None => {
                        self.written += 1;
                        self.records.insert(key.to_owned(), body["record"].clone());
                        (
                            200,
                            json!({"uri": uri(key), "cid": "bafyown", "commit": {"cid": "b", "rev": "3m"}}),
                        )
                    }
                }
            }
            _ => refusal(501, "MethodNotImplemented", "Method Not Implemented"),
        }
    }

    /// Each session has tokens of its own; the ones before are dead.
    fn session(&mut self) -> (u16, Value) {
        let number = self.sign_ins + self.renewals;
        (self.access, self.refresh) = (format!("access-{number}"), format!("refresh-{number}"));
        let doc = json!({"service": [{"id": "#atproto_pds", "serviceEndpoint": "https://pds.invalid"}]});
        let session = json!({"accessJwt": self.access, "refreshJwt": self.refresh, "did": OWN,
                             "handle": "larkspur.test", "didDoc": doc, "active": true});
        (200, session)
    }
}

fn uri(key: &str) -> String {
    format!("at://{OWN}/app.bsky.feed.post/{key}")
}
