//! Jetstream from a server on this machine that speaks the same protocol: drops, cursors, and the demo on its posts.

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures::{SinkExt, StreamExt};
use jiff::Timestamp;
use serde_json::{Value, json};
use switchboard::domain::mention::UpstreamChange;
use switchboard::network::jetstream::{Jetstream, Settings};
use switchboard::network::{ReadQuery, Wanted};
use switchboard::port::social::{Batch, Connector};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};

const START: i64 = 1_795_169_472_000_123;
const SECOND: i64 = 1_000_000;

#[derive(Default)]
struct Told {
    frames: Vec<(i64, String)>,
    /// From where each connection asked to be told.
    asked: Vec<Option<i64>>,
}

#[derive(Clone)]
struct Server {
    address: String,
    told: Arc<Mutex<Told>>,
    grown: watch::Sender<usize>,
}

impl Server {
    /// A connection is cut after so many frames, without a good-bye.
    async fn start(cut_after: usize) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: format!("ws://{}", listener.local_addr().unwrap()),
            told: Arc::default(),
            grown: watch::channel(0).0,
        };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(stream, cut_after));
            }
        });
        server
    }

    async fn serve(self, stream: tokio::net::TcpStream, cut_after: usize) {
        let mut cursor = None;
        #[allow(clippy::result_large_err)]
        let look = |request: &Request, response: Response| {
            let query = request.uri().query().unwrap_or_default();
            assert_eq!(request.uri().path(), "/subscribe");
            assert!(query.contains("wantedCollections=app.bsky.feed.post"));
            cursor = query
                .split('&')
                .find_map(|pair| pair.strip_prefix("cursor=")?.parse::<i64>().ok());
            Ok(response)
        };
        let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(stream, look).await else {
            return;
        };
        let mut grown = self.grown.subscribe();
        let first = {
            let mut told = self.told.lock().unwrap();
            told.asked.push(cursor);
            // Without a cursor, what is told from now on.
            let from = |cursor| told.frames.iter().position(|(at, _)| *at >= cursor);
            cursor
                .map_or(Some(told.frames.len()), from)
                .unwrap_or(told.frames.len())
        };
        for next in first..first.saturating_add(cut_after) {
            let frame = loop {
                let frame = self.told.lock().unwrap().frames.get(next).cloned();
                if let Some((_, frame)) = frame {
                    break frame;
                }
                tokio::select! {
                    _ = grown.changed() => {}
                    heard = socket.next() => if !matches!(heard, Some(Ok(_))) { return },
                }
            };
            if socket.send(Message::text(frame)).await.is_err() {
                return;
            }
        }
    }

    fn tell(&self, second: i64, operation: &str, key: &str, text: &str) {
        let at = START + second * SECOND;
        let mut commit =
            json!({"rev": "3m", "operation": operation, "collection": "app.bsky.feed.post", "rkey": key});
        if operation != "delete" {
            commit["cid"] = json!(format!("bafy{key}"));
            commit["record"] = json!({"$type": "app.bsky.feed.post", "text": text});
        }
        let frame = json!({"did": "did:plc:mara", "time_us": at, "kind": "commit", "commit": commit});
        let mut told = self.told.lock().unwrap();
        told.frames.push((at, frame.to_string()));
        self.grown.send_replace(told.frames.len());
    }

    fn asked(&self) -> Vec<Option<i64>> {
        self.told.lock().unwrap().asked.clone()
    }
}

fn acme() -> ReadQuery {
    Arc::new(|query| {
        let query = query.to_owned();
        let wanted: Wanted = Arc::new(move |mention| mention.text.as_written().contains(&query));
        Ok(wanted)
    })
}

fn listening(hosts: &[&str]) -> Jetstream {
    let settings = Settings {
        hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
        ..Settings::new("overheard", "acme")
    };
    Jetstream::open(&settings, &acme(), Arc::new(Timestamp::now)).unwrap()
}

fn keys(batch: &Batch) -> Vec<String> {
    let key = |id: &str| id.rsplit('/').next().unwrap().to_owned();
    batch.mentions.iter().map(|mention| key(&mention.id)).collect()
}

/// Waits for a first connection, so that what is told then is told to it.
async fn connected(server: &Server, jetstream: &Jetstream) -> Batch {
    let told = async {
        while server.asked().is_empty() {
            tokio::task::yield_now().await;
        }
        server.tell(0, "create", "first", "acme");
    };
    tokio::join!(jetstream.poll(None), told).0.unwrap()
}

#[tokio::test]
async fn a_line_that_breaks_again_and_again_loses_nothing_and_brings_nothing_twice() {
    let server = Server::start(20).await;
    let jetstream = listening(&[&server.address]);
    let first = connected(&server, &jetstream).await;
    assert_eq!(keys(&first), ["first"]);
    let (mut cursor, mut seen) = (first.cursor, Vec::new());
    for number in 1..=300 {
        server.tell(number, "create", &format!("a{number}"), "is acme open?");
        server.tell(number, "create", &format!("b{number}"), "the weather");
    }
    while seen.len() < 300 {
        let batch = jetstream.poll(cursor.as_deref()).await.unwrap();
        seen.extend(keys(&batch));
        cursor = batch.cursor.or(cursor);
    }
    let expected: Vec<_> = (1..=300).map(|number| format!("a{number}")).collect();
    assert_eq!(seen, expected);
    let asked = server.asked();
    assert!(asked.len() > 20, "it was cut off often");
    assert_eq!(asked[0], None);
    assert!(
        asked[1..]
            .iter()
            .all(|from| from.is_some_and(|from| from >= START - 5 * SECOND))
    );

    // Another process goes on from the cursor; what is within the rewind comes again, for the desk to swallow.
    server.tell(301, "create", "after", "acme");
    let mut after = Vec::new();
    let other = listening(&[&server.address]);
    while !after.contains(&"after".to_owned()) {
        let batch = other.poll(cursor.as_deref()).await.unwrap();
        after.extend(keys(&batch));
        cursor = batch.cursor.or(cursor);
    }
    assert_eq!(after, ["a295", "a296", "a297", "a298", "a299", "a300", "after"]);
}

#[tokio::test]
async fn what_was_not_kept_comes_again() {
    let server = Server::start(usize::MAX).await;
    let jetstream = listening(&[&server.address]);
    let first = connected(&server, &jetstream).await;
    server.tell(60, "create", "b", "acme");
    let kept = first.cursor.as_deref();
    assert_eq!(keys(&jetstream.poll(kept).await.unwrap()), ["b"]);
    // The desk could not take it: the cursor is the old one. The first was kept, and is not brought twice.
    assert_eq!(keys(&jetstream.poll(kept).await.unwrap()), ["b"]);
}

#[tokio::test]
async fn deletions_and_edits_of_what_it_brought_are_told_and_of_nothing_else() {
    let server = Server::start(usize::MAX).await;
    let jetstream = listening(&[&server.address]);
    let first = connected(&server, &jetstream).await;
    server.tell(1, "delete", "other", "");
    server.tell(2, "update", "first", "acme, edited");
    server.tell(3, "delete", "first", "");
    let (mut cursor, mut changes) = (first.cursor, Vec::new());
    while changes.len() < 2 {
        let batch = jetstream.poll(cursor.as_deref()).await.unwrap();
        assert_eq!(batch.mentions, []);
        changes.extend(batch.changes);
        cursor = batch.cursor.or(cursor);
    }
    assert_eq!(
        changes[0].what,
        UpstreamChange::Edited {
            text: "acme, edited".into()
        }
    );
    assert_eq!(changes[1].what, UpstreamChange::Deleted);
    assert!(
        changes
            .iter()
            .all(|change| change.id == "at://did:plc:mara/app.bsky.feed.post/first")
    );
    let reached = (START + 3 * SECOND).to_string();
    assert_eq!(cursor, Some(reached));
}

#[tokio::test]
async fn the_next_server_is_used_where_one_does_not_answer() {
    let server = Server::start(usize::MAX).await;
    let jetstream = listening(&["ws://127.0.0.1:1", &server.address]);
    assert_eq!(keys(&connected(&server, &jetstream).await), ["first"]);
    let said: Vec<_> = jetstream
        .check()
        .await
        .into_iter()
        .map(|finding| finding.what)
        .collect();
    assert!(
        said[0].contains("cannot be listened to") && said[1].contains("answers"),
        "{said:?}"
    );
    let error = listening(&["ws://127.0.0.1:1"]).poll(None).await.unwrap_err();
    assert!(
        error.to_string().starts_with("127.0.0.1 cannot be listened to"),
        "{error}"
    );
}

/// A program that ends with its test, however that ends.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The demo as a person starts it, on posts of this server: each is a card on the web board, once.
#[tokio::test]
async fn the_demo_brings_real_posts_to_the_board() {
    let server = Server::start(3).await;
    let folder = tempfile::tempdir().unwrap();
    let demo = Command::new(env!("CARGO_BIN_EXE_switchboard"))
        .args([
            "demo",
            "--address",
            "127.0.0.1:0",
            "--listen",
            "acme OR @acme.example",
        ])
        .args(["--jetstream", &server.address, "--data"])
        .arg(folder.path().join("data"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut demo = Ended(demo.unwrap());
    let mut line = String::new();
    // Kept open: a program that cannot say something more ends.
    let mut said = BufReader::new(demo.0.stdout.take().unwrap());
    said.read_line(&mut line).unwrap();
    let board = line
        .split_once("http://")
        .expect("an address")
        .1
        .trim()
        .to_owned();
    let until = Instant::now() + Duration::from_secs(60);
    while server.asked().is_empty() {
        assert!(Instant::now() < until, "it never connected");
        tokio::task::yield_now().await;
    }
    for (second, text) in [
        (1, "is Acme open?"),
        (10, "weather"),
        (20, "thanks @acme.example!"),
        (30, "ACME again"),
    ] {
        server.tell(second, "create", &format!("k{second}"), text);
    }
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut texts = HashSet::new();
    while texts.len() < 3 {
        assert!(Instant::now() < until, "on the board: {texts:?}");
        for lead in 1..=4 {
            let address = format!("http://{board}/board/api/leads/L-{lead}");
            let asked = client
                .get(address)
                .header("Cookie", "who=amara")
                .send()
                .await
                .unwrap();
            let text = asked.text().await.unwrap();
            let card: Value = serde_json::from_str(&text).unwrap_or_default();
            let card = card.to_string();
            texts.extend(
                ["is Acme open?", "thanks @acme.example!", "ACME again"]
                    .into_iter()
                    .filter(|text| card.contains(text)),
            );
            assert!(!card.contains("weather"));
        }
    }
}
