//! Answers of the real YouTube that others recorded, through the connector's own wire: as many comments out as there are
//! in, and none of their damaged variants ends badly.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use axum::routing::{get, post};
use axum::{Json, Router};
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use switchboard::port::social::{Batch, Connector};

use super::{open, start};

fn recordings() -> Vec<(PathBuf, Value)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/recorded/youtube");
    let mut folders = vec![root];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "json") {
                let value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
                found.push((path, value));
            }
        }
    }
    found
}

/// A first poll of a channel whose threads are these.
async fn polled(threads: Value) -> Batch {
    let listed = Arc::new(threads);
    let app = Router::new()
        .route("/token", post(async || Json(json!({"access_token": "good"}))))
        .route("/commentThreads", get(async move || Json((*listed).clone())));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move { axum::serve(listener, app).await });
    let (youtube, _folder) = open(&address, "channel = \"UCnobody\"", &Arc::new(Mutex::new(start())));
    let batch = youtube.poll(None).await.unwrap_or_default();
    server.abort();
    batch
}

/// Every comment that stands anywhere in an answer, by its id.
fn comments(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            if value["kind"] == "youtube#comment" {
                into.extend(value["id"].as_str().map(str::to_owned));
            }
            fields.values().for_each(|field| comments(field, into));
        }
        Value::Array(items) => items.iter().for_each(|item| comments(item, into)),
        _ => {}
    }
}

#[tokio::test]
async fn as_many_comments_come_out_as_were_recorded() {
    let mut listings = 0;
    for (path, value) in recordings() {
        if value["kind"] != "youtube#commentThreadListResponse" {
            continue;
        }
        let mut value = value;
        value.as_object_mut().unwrap().remove("nextPageToken");
        let mut expected = Vec::new();
        comments(&value, &mut expected);
        expected.sort();
        expected.dedup();
        let batch = polled(value).await;
        let mut ids: Vec<String> = batch.mentions.iter().map(|mention| mention.id.clone()).collect();
        ids.sort();
        assert_eq!(ids, expected, "{}", path.display());
        for mention in &batch.mentions {
            assert!(
                !mention.text.is_empty() && mention.created < start(),
                "{}: {mention:?}",
                path.display()
            );
        }
        listings += 1;
    }
    if listings == 0 {
        eprintln!("no recordings of YouTube beside this checkout; not tried");
    }
}

#[test]
fn damaged_answers_never_end_badly() {
    let recorded: Vec<Value> = recordings()
        .into_iter()
        .map(|(_, value)| value)
        .filter(|value| value["kind"] == "youtube#commentThreadListResponse")
        .chain([json!({"kind": "youtube#commentThreadListResponse", "items": [super::thread("a", "b", "c", 0, &[])]})])
        .collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut runner = TestRunner::new(Config {
        cases: 60,
        ..Config::default()
    });
    let strategy = (
        0..recorded.len(),
        proptest::collection::vec((0..4000usize, 0..7usize), 1..12),
    );
    runner
        .run(&strategy, |(which, wounds)| {
            let mut value = recorded[which].clone();
            for (place, kind) in wounds {
                let mut left = place;
                wound(&mut value, &mut left, kind);
            }
            runtime.block_on(polled(value));
            Ok(())
        })
        .unwrap();
}

/// Replaces the value at the given place of the tree by something that has no business there.
fn wound(value: &mut Value, left: &mut usize, kind: usize) -> bool {
    if *left == 0 {
        *value = match kind {
            0 => Value::Null,
            1 => json!(-1e300),
            2 => json!(""),
            3 => json!([[[]]]),
            4 => json!({"value": {"value": 1}}),
            5 => json!("é\u{202e}\u{0}".repeat(300)),
            _ => json!(true),
        };
        return true;
    }
    *left -= 1;
    match value {
        Value::Object(fields) => fields.iter_mut().any(|(_, field)| wound(field, left, kind)),
        Value::Array(items) => items.iter_mut().any(|item| wound(item, left, kind)),
        _ => false,
    }
}
