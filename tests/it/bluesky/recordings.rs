//! What the official server answered, where its recordings are beside this clone; and answers that are not answers.

use std::path::Path;

use serde_json::{Value, json};
use switchboard::port::social::Connector;

use super::account;
use super::server::{Fault, Server};

#[tokio::test]
async fn recorded_notifications_are_read_without_loss() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/recorded/bluesky/dev-env-run");
    if !folder.is_dir() {
        println!("skipped: there are no recordings of Bluesky beside this clone");
        return;
    }
    for (name, expected) in [("all", 4), ("page1", 0), ("page2", 3), ("reasons", 3)] {
        let text = std::fs::read_to_string(folder.join(format!("listNotifications-{name}.json"))).unwrap();
        let mut recorded: Value = serde_json::from_str(&text).unwrap();
        let mut body = recorded["body"].take();
        body.as_object_mut().unwrap().remove("cursor");
        let wanted = |one: &&Value| ["mention", "reply", "quote"].contains(&one["reason"].as_str().unwrap());
        let posts: Vec<Value> = body["notifications"]
            .as_array()
            .unwrap()
            .iter()
            .filter(wanted)
            .cloned()
            .collect();
        assert_eq!(posts.len(), expected, "{name}");
        let server = Server::start().await;
        server.fail("listNotifications", Fault::Status(200, body));
        let mut read = account(&server).poll(None).await.unwrap().mentions;
        read.reverse();
        assert_eq!(read.len(), posts.len(), "{name}: what goes in comes out");
        for (mention, post) in read.iter().zip(&posts) {
            assert_eq!(mention.id, post["uri"].as_str().unwrap());
            assert_eq!(
                mention.text.as_written(),
                post["record"]["text"].as_str().unwrap()
            );
            assert_eq!(
                mention.author.handle.as_written(),
                post["author"]["handle"].as_str().unwrap()
            );
            assert_eq!(mention.created.to_string(), {
                let at: jiff::Timestamp = post["indexedAt"].as_str().unwrap().parse().unwrap();
                at.to_string()
            });
        }
    }
}

/// Every value of a good answer, replaced by each wrong one: nothing panics, and the other notification still arrives.
#[tokio::test]
async fn one_hostile_notification_spoils_no_other() {
    let server = Server::start().await;
    server.told("mention", "good", "2026-11-24T08:00:00Z", json!({"text": "hi"}));
    let good = server.world().notifications[0].clone();
    server.told(
        "reply",
        "bad",
        "2026-11-24T08:01:00Z",
        json!({"text": "x", "langs": ["en"], "embed": {"images": [{"alt": "a", "image": {"ref": {"$link": "b"}}}], "video": {}},
               "reply": {"root": {"uri": "r", "cid": "c"}, "parent": {"uri": "p", "cid": "c"}}}),
    );
    let bad = server.world().notifications[0].clone();
    let mut places = vec![String::new()];
    let mut at = 0;
    while at < places.len() {
        let place = places[at].clone();
        match bad.pointer(&place).unwrap() {
            Value::Object(fields) => {
                places.extend(
                    fields
                        .keys()
                        .map(|key| format!("{place}/{}", key.replace('~', "~0").replace('/', "~1"))),
                );
            }
            Value::Array(items) => places.extend((0..items.len()).map(|index| format!("{place}/{index}"))),
            _ => {}
        }
        at += 1;
    }
    let bluesky = account(&server);
    let wrong = [
        json!(null),
        json!(-1e300),
        json!("\u{202e}]](javascript:x)\u{0}"),
        json!([[{}]]),
        json!({"$link": 7}),
    ];
    for place in &places {
        for wrong in &wrong {
            let mut hostile = bad.clone();
            *hostile.pointer_mut(place).unwrap() = wrong.clone();
            let page = json!({"notifications": [hostile, good.clone()], "cursor": null});
            server.fail("listNotifications", Fault::Status(200, page));
            let batch = bluesky.poll(None).await.unwrap();
            assert!(
                batch.mentions.iter().any(|one| one.id.ends_with("/good")),
                "{place} {wrong}"
            );
            let link = batch.mentions.iter().filter_map(|one| one.url.as_deref());
            assert!(
                link.clone()
                    .all(|url| url.starts_with("https://bsky.app/profile/"))
            );
        }
    }
}
