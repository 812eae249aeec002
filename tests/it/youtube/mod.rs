//! YouTube, against a YouTube of our own and what others recorded of the real one: what is read, once; what is written, at
//! most once; and what it costs.

mod reading;
mod recorded;
mod server;
mod writing;

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use switchboard::network::youtube::{Settings, YouTube};
use switchboard::port::social::{Batch, Connector};

use server::Server;

/// A connector, the YouTube that it talks to, and the time, which only the test moves.
struct Stage {
    server: Server,
    youtube: YouTube,
    now: Arc<Mutex<Timestamp>>,
    _folder: tempfile::TempDir,
}

fn start() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

/// A connector that talks to this address.
fn open(address: &str, more: &str, now: &Arc<Mutex<Timestamp>>) -> (YouTube, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    for (file, secret) in [
        ("id", "app-id"),
        ("secret", "app-secret"),
        ("refresh", "refresh-me"),
    ] {
        std::fs::write(folder.path().join(file), secret).unwrap();
    }
    let settings: Settings = toml::from_str(&format!(
        "name = \"youtube\"\nclient_id = {{ file = \"id\" }}\nclient_secret = {{ file = \"secret\" }}\n\
         refresh_token = {{ file = \"refresh\" }}\napi_url = \"{address}\"\nauth_url = \"{address}\"\n{more}"
    ))
    .unwrap();
    let clock = now.clone();
    let youtube = YouTube::open(&settings, folder.path(), Arc::new(move || *clock.lock().unwrap())).unwrap();
    (youtube, folder)
}

impl Stage {
    async fn new() -> Self {
        Self::with("").await
    }

    async fn with(more: &str) -> Self {
        let (server, address) = Server::start().await;
        let now = Arc::new(Mutex::new(start()));
        let (youtube, folder) = open(&address, more, &now);
        Self {
            server,
            youtube,
            now,
            _folder: folder,
        }
    }

    fn later(&self, minutes: i64) {
        *self.now.lock().unwrap() += SignedDuration::from_mins(minutes);
    }

    async fn first(&self) -> Batch {
        self.youtube.poll(None).await.unwrap()
    }

    /// The next poll from where the last one ended; a cursor that did not move stays.
    async fn poll(&self, after: &mut Batch) -> Batch {
        let next = self.youtube.poll(after.cursor.as_deref()).await.unwrap();
        after.cursor = next.cursor.clone().or(after.cursor.take());
        next
    }
}

fn ids(batch: &Batch) -> Vec<&str> {
    batch.mentions.iter().map(|mention| mention.id.as_str()).collect()
}

fn comment(id: &str, author: &str, text: &str, minutes: i64) -> Value {
    let at = (start() + SignedDuration::from_mins(minutes)).to_string();
    json!({"kind": "youtube#comment", "id": id, "etag": "new every time", "snippet": {
        "videoId": "vid123", "textDisplay": text, "authorDisplayName": format!("@{author}"), "likeCount": 0,
        "authorChannelId": {"value": format!("UC{author}")}, "authorChannelUrl": format!("http://www.youtube.com/@{author}"),
        "publishedAt": at, "updatedAt": at}})
}

fn thread(id: &str, author: &str, text: &str, minutes: i64, replies: &[Value]) -> Value {
    let mut thread = json!({"kind": "youtube#commentThread", "id": id, "snippet": {
        "channelId": "UCour", "videoId": "vid123", "canReply": true, "isPublic": true, "totalReplyCount": replies.len(),
        "topLevelComment": comment(id, author, text, minutes)}});
    if !replies.is_empty() {
        thread["replies"] = json!({"comments": &replies[..replies.len().min(5)]});
    }
    thread
}
