//! Reddit, against a Reddit of our own: what is read, once; what is written, at most once; and what each refusal means.

mod reading;
mod server;
mod writing;

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use switchboard::network::reddit::{Reddit, Settings};
use switchboard::port::social::{Batch, Connector};

use server::{AGENT, Server};

/// A connector, the Reddit that it talks to, and the time, which only the test moves.
struct Stage {
    server: Server,
    reddit: Reddit,
    now: Arc<Mutex<Timestamp>>,
    _folder: tempfile::TempDir,
}

fn start() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

impl Stage {
    async fn new() -> Self {
        Self::with("subreddits = [\"tea\"]\nkeywords = [\"demo shop\", \"demo_shop\"]").await
    }

    async fn with(more: &str) -> Self {
        let (server, address) = Server::start().await;
        let folder = tempfile::tempdir().unwrap();
        for (file, secret) in [
            ("id", "app-id"),
            ("secret", "app-secret"),
            ("refresh", "refresh-me"),
        ] {
            std::fs::write(folder.path().join(file), secret).unwrap();
        }
        let settings: Settings = toml::from_str(&format!(
            "name = \"reddit\"\nclient_id = {{ file = \"id\" }}\nclient_secret = {{ file = \"secret\" }}\n\
             refresh_token = {{ file = \"refresh\" }}\nuser_agent = \"{AGENT}\"\napi_url = \"{address}\"\n\
             auth_url = \"{address}\"\n{more}"
        ))
        .unwrap();
        let now = Arc::new(Mutex::new(start()));
        let clock = now.clone();
        let reddit =
            Reddit::open(&settings, folder.path(), Arc::new(move || *clock.lock().unwrap())).unwrap();
        Self {
            server,
            reddit,
            now,
            _folder: folder,
        }
    }

    fn later(&self, minutes: i64) {
        *self.now.lock().unwrap() += SignedDuration::from_mins(minutes);
    }

    /// Puts an item at the newest end of a listing.
    fn add(&self, listing: &str, item: Value) {
        let mut world = self.server.world();
        world
            .listings
            .entry(listing.to_owned())
            .or_default()
            .insert(0, item);
    }

    async fn poll(&self, after: &Batch) -> Batch {
        self.reddit.poll(after.cursor.as_deref()).await.unwrap()
    }

    async fn first(&self) -> Batch {
        self.reddit.poll(None).await.unwrap()
    }
}

fn ids(batch: &Batch) -> Vec<&str> {
    batch.mentions.iter().map(|mention| mention.id.as_str()).collect()
}

/// A comment under the post 1pxyz, `minutes` after the start of the story.
fn comment(id: &str, author: &str, body: &str, minutes: i64) -> Value {
    let created = (start() + SignedDuration::from_mins(minutes)).as_second();
    json!({"kind": "t1", "data": {
        "name": format!("t1_{id}"), "id": id, "author": author, "body": body, "subreddit": "tea", "edited": false,
        "parent_id": "t3_1pxyz", "link_id": "t3_1pxyz", "permalink": format!("/r/tea/comments/1pxyz/title/{id}/"),
        "created_utc": created as f64, "something_new": {"of": ["theirs"]},
    }})
}
