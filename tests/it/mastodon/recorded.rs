//! Answers that real servers gave, where the recordings are: every mention in them becomes one, whatever else they say.
//! And the same answers with anything in them changed: nothing panics, and no page stops the others.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use switchboard::port::social::Connector;

use super::house::{connector, still_clock};
use crate::story::serve;

fn recordings() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/recorded/mastodon");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("no recordings of Mastodon servers here: what they say is not tried");
    None
}

fn body(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).expect("a recording");
    let mut recording: Value = serde_json::from_str(&text).expect("JSON");
    recording["body"].take()
}

/// Plays one page of notifications, once.
async fn play(page: Arc<Mutex<Value>>, own: Value) -> String {
    type Played = (Arc<Mutex<Value>>, Value);
    async fn answer(State((page, own)): State<Played>, uri: axum::http::Uri) -> Response {
        let said = match uri.path() {
            "/api/v1/accounts/verify_credentials" => own,
            "/api/v1/notifications" => page.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            _ => return axum::http::StatusCode::NOT_FOUND.into_response(),
        };
        ([("content-type", "application/json")], said.to_string()).into_response()
    }
    serve(Router::new().fallback(answer).with_state((page, own)))
}

#[tokio::test]
async fn every_recorded_mention_is_read() {
    let Some(folder) = recordings() else { return };
    let mut read = 0;
    for run in std::fs::read_dir(folder).unwrap() {
        let run = run.unwrap().path();
        let own = body(&run.join("verify_credentials.json"));
        for name in [
            "notifications-mention.json",
            "notifications-all.json",
            "notifications-min-id.json",
        ] {
            let page = body(&run.join(name));
            let notifications = page.as_array().expect("a page");
            let expected = notifications
                .iter()
                .filter(|one| one["type"] == "mention")
                .count();
            let address = play(Arc::new(Mutex::new(page.clone())), own.clone()).await;
            let mastodon = connector(&address, "streaming = false", still_clock().1).unwrap();
            let batch = mastodon.poll(None).await.unwrap();
            assert_eq!(batch.mentions.len(), expected, "{}: {name}", run.display());
            for mention in &batch.mentions {
                assert!(
                    !mention.text.is_empty() && !mention.text.as_written().contains(['<', '>']),
                    "{mention:?}"
                );
                assert!(mention.url.is_some() && mention.reply_target.is_some());
            }
            read += expected;
        }
    }
    assert!(read > 0, "there is something to read");
}

/// What may stand anywhere instead of what belongs there.
fn strange() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!([])),
        Just(json!({})),
        Just(json!(-1)),
        Just(json!(1e300)),
        Just(json!(true)),
        Just(json!("")),
        Just(json!("9".repeat(400))),
        "\\PC{0,30}".prop_map(|text| json!(text)),
        "[<>/a\"= &;#x0-9]{0,40}".prop_map(|text| json!(text)),
    ]
}

/// Puts `new` at the place that `way` leads to.
fn changed(value: &mut Value, way: &[usize], new: &Value) {
    let length = match value {
        Value::Array(values) => values.len(),
        Value::Object(fields) => fields.len(),
        _ => 0,
    };
    match (way.split_first(), length) {
        (Some((step, rest)), 1..) => {
            let inner = match value {
                Value::Array(values) => values.get_mut(step % length),
                Value::Object(fields) => fields.values_mut().nth(step % length),
                _ => None,
            };
            if let Some(inner) = inner {
                changed(inner, rest, new);
            }
        }
        _ => *value = new.clone(),
    }
}

fn sample() -> Value {
    let account = json!({ "id": "5", "acct": "mara@social.example", "display_name": "Mara", "url": "https://a.example/@mara", "followers_count": 3, "bot": false });
    let mention = |number: usize| {
        json!({ "id": number.to_string(), "type": "mention", "created_at": "2026-11-22T01:38:57.000Z", "account": account,
            "status": { "id": format!("s{number}"), "created_at": "2026-11-22T01:38:57.939Z", "edited_at": null, "in_reply_to_id": null,
                "spoiler_text": "", "visibility": "public", "language": "de", "url": "https://a.example/1", "content": "<p>hallo 👋<br>du</p>",
                "account": account, "media_attachments": [{ "url": "https://a.example/1.png", "description": "x" }] } })
    };
    json!([mention(3), mention(2), mention(1)])
}

#[test]
fn nothing_that_a_server_may_say_stops_the_channel() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let page = Arc::new(Mutex::new(Value::Null));
    let (address, mastodon) = runtime.block_on(async {
        let own = json!({ "id": "77", "acct": "shop" });
        let address = play(Arc::clone(&page), own).await;
        let mastodon = connector(&address, "streaming = false", still_clock().1).unwrap();
        (address, mastodon)
    });
    assert!(address.starts_with("http://127.0.0.1:"));
    let changes = prop::collection::vec((prop::collection::vec(0_usize..40, 2..6), strange()), 1..4);
    let mut runner = TestRunner::new(Config::with_cases(200));
    let tried = runner.run(&changes, |changes| {
        let mut said = sample();
        for (way, new) in &changes {
            changed(&mut said, way, new);
        }
        *page.lock().unwrap() = said;
        let batch = runtime.block_on(mastodon.poll(None)).expect("a page is read");
        let touched: std::collections::BTreeSet<usize> = changes.iter().map(|(way, _)| way[0] % 3).collect();
        prop_assert!(batch.mentions.len() >= 3 - touched.len(), "the others are read");
        prop_assert!(batch.cursor.is_some());
        Ok(())
    });
    tried.unwrap();
}
