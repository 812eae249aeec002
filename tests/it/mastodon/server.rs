//! A Mastodon for tests: one account on one server, on this machine, in the shapes of recorded answers. It keeps the rules
//! that matter to a client (pages by `min_id`, `Idempotency-Key` or its absence, who may see what, the stream without
//! replay) and breaks on demand. It federates with nobody and waits for nothing.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::{SinkExt, StreamExt};
use jiff::Timestamp;
use serde_json::{Value, json};
use switchboard::network::Clock;
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};

use super::routes;

pub const TOKEN: &str = "the-accounts-token";
pub const OWN: &str = "77";

/// Which server it plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Mastodon,
    /// Ignores `Idempotency-Key`; ids are ULIDs.
    GoToSocial,
    /// Has no second version of the instance, and answers errors in HTML.
    Takahe,
}

/// How the next post of a status goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Posted, and the connection ends before the answer.
    CutAfter,
    /// The connection ends, and nothing was posted.
    CutBefore,
    /// This status, with nothing posted.
    Refuse(u16),
    /// Posted, and a page of a proxy as answer.
    StrangeAnswer,
}

#[derive(Clone, Debug)]
pub struct Posted {
    pub id: String,
    pub by: String,
    pub html: String,
    pub visibility: String,
    pub spoiler: String,
    pub answers: Option<String>,
    pub at: Timestamp,
    pub edited: Option<Timestamp>,
}

pub struct World {
    pub kind: Kind,
    pub clock: Clock,
    pub statuses: BTreeMap<u64, Posted>,
    /// The notification's number, and the status it is about; a follow is about none.
    pub notifications: BTreeMap<u64, Option<u64>>,
    pub keys: HashMap<String, u64>,
    pub faults: VecDeque<Fault>,
    pub policy: Option<&'static str>,
    pub limit: usize,
    pub streaming: Option<String>,
    /// Method, path and query of every request.
    pub calls: Vec<String>,
    next: u64,
    happenings: broadcast::Sender<String>,
}

impl World {
    pub fn id(&self, number: u64) -> String {
        match self.kind {
            Kind::Mastodon => (115_000_000_000_000_000 + number).to_string(),
            Kind::GoToSocial => format!("01M80EG3SN{number:016}"),
            Kind::Takahe => number.to_string(),
        }
    }

    pub fn number(&self, id: &str) -> Option<u64> {
        (1..self.next).find(|number| self.id(*number) == id)
    }

    pub fn add(&mut self, post: impl FnOnce(String) -> Posted) -> u64 {
        let number = self.fresh();
        let id = self.id(number);
        self.statuses.insert(number, post(id));
        number
    }

    fn fresh(&mut self) -> u64 {
        let number = self.next;
        self.next += 1;
        number
    }

    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    fn tell(&self, event: &str, payload: String) {
        let frame = json!({ "stream": ["user"], "event": event, "payload": payload });
        // Nobody may be listening.
        let _ = self.happenings.send(frame.to_string());
    }
}

#[derive(Clone)]
pub struct TestServer {
    pub address: String,
    world: Arc<Mutex<World>>,
}

impl TestServer {
    pub async fn start(kind: Kind, clock: Clock) -> Self {
        let (happenings, _) = broadcast::channel(100);
        let world = World {
            kind,
            clock,
            statuses: BTreeMap::new(),
            notifications: BTreeMap::new(),
            keys: HashMap::new(),
            faults: VecDeque::new(),
            policy: None,
            limit: 500,
            streaming: None,
            calls: Vec::new(),
            next: 1,
            happenings,
        };
        let world = Arc::new(Mutex::new(world));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let router = routes::router(Arc::clone(&world));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, world }
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on there is a stream.
    pub async fn stream(&self) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("ws://{}", listener.local_addr().expect("an address"));
        self.world().streaming = Some(address);
        let world = Arc::clone(&self.world);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let happenings = {
                    let world = world.lock().unwrap_or_else(PoisonError::into_inner);
                    world.happenings.subscribe()
                };
                tokio::spawn(serve(stream, happenings));
            }
        });
    }

    /// Somebody writes to us. `html` is what stands in the post.
    pub fn written(&self, by: &str, html: &str) -> String {
        self.posted(by, html, "public", "", None)
    }

    pub fn posted(
        &self,
        by: &str,
        html: &str,
        visibility: &str,
        spoiler: &str,
        answers: Option<&str>,
    ) -> String {
        let mut world = self.world();
        let at = world.now();
        let number = world.add(|id| Posted {
            id,
            by: by.to_owned(),
            html: format!(
                "<p><span class=\"h-card\"><a href=\"https://our.example/@shop\" class=\"u-url mention\">@<span>shop</span></a></span> {html}</p>"
            ),
            visibility: visibility.to_owned(),
            spoiler: spoiler.to_owned(),
            answers: answers.map(str::to_owned),
            at,
            edited: None,
        });
        let note = world.fresh();
        world.notifications.insert(note, Some(number));
        let payload = routes::notification(&world, note).to_string();
        world.tell("notification", payload);
        world.id(number)
    }

    /// Somebody follows us: a notification that is no mention.
    pub fn follow(&self) {
        let mut world = self.world();
        let note = world.fresh();
        world.notifications.insert(note, None);
    }

    pub fn edit(&self, id: &str, html: &str, at: Timestamp) {
        let mut world = self.world();
        let number = world.number(id).expect("a status");
        let status = world.statuses.get_mut(&number).expect("a status");
        status.html = format!("<p>{html}</p>");
        status.edited = Some(at);
        let payload = routes::status(&world, number).to_string();
        world.tell("status.update", payload);
    }

    pub fn delete(&self, id: &str) {
        let mut world = self.world();
        let number = world.number(id).expect("a status");
        world.statuses.remove(&number);
        world.notifications.retain(|_, about| *about != Some(number));
        world.tell("delete", id.to_owned());
    }

    pub fn fails(&self, fault: Fault) {
        self.world().faults.push_back(fault);
    }

    /// What we have posted.
    pub fn ours(&self) -> Vec<Posted> {
        let world = self.world();
        world
            .statuses
            .values()
            .filter(|status| status.by == OWN)
            .cloned()
            .collect()
    }

    pub fn asked(&self, part: &str) -> usize {
        self.world()
            .calls
            .iter()
            .filter(|call| call.contains(part))
            .count()
    }
}

#[allow(clippy::result_large_err)]
async fn serve(stream: tokio::net::TcpStream, mut happenings: broadcast::Receiver<String>) {
    let check = |request: &Request, response: Response| {
        let given = request
            .headers()
            .get("authorization")
            .and_then(|value| value.to_str().ok());
        let is_ours =
            given == Some(&format!("Bearer {TOKEN}")) && request.uri().path() == "/api/v1/streaming";
        match is_ours {
            true => Ok(response),
            false => {
                let mut refusal = ErrorResponse::new(None);
                *refusal.status_mut() = tokio_tungstenite::tungstenite::http::StatusCode::UNAUTHORIZED;
                Err(refusal)
            }
        }
    };
    let Ok(socket) = tokio_tungstenite::accept_hdr_async(stream, check).await else {
        return;
    };
    let (mut sink, mut frames) = socket.split();
    loop {
        tokio::select! {
            said = happenings.recv() => {
                let Ok(said) = said else { return };
                if sink.send(Message::text(said)).await.is_err() {
                    return;
                }
            }
            frame = frames.next() => if !matches!(frame, Some(Ok(_))) { return },
        }
    }
}

/// What a server makes of a text.
pub fn as_html(text: &str) -> String {
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let words: Vec<String> = escaped
        .split(' ')
        .map(|word| match word.strip_prefix('@') {
            Some(name) if !name.is_empty() => {
                let user = name.split('@').next().unwrap_or(name);
                format!("<span class=\"h-card\"><a href=\"https://our.example/@{name}\" class=\"u-url mention\">@<span>{user}</span></a></span>")
            }
            _ => word.to_owned(),
        })
        .collect();
    let paragraphs = words.join(" ").replace("\n\n", "</p><p>").replace('\n', "<br>");
    format!("<p>{paragraphs}</p>")
}

pub fn account(id: &str) -> Value {
    let (acct, name) = match id {
        OWN => ("shop", "Larkspur Home"),
        other => (other, "Mara M."),
    };
    json!({
        "id": id, "username": acct.split('@').next(), "acct": acct, "display_name": name, "bot": id == "weatherbot",
        "url": format!("https://our.example/@{acct}"), "followers_count": 1200, "note": "", "emojis": [], "fields": []
    })
}
