//! The signed webhook as its senders meet it: what is answered to good and bad requests, and what reaches the desk.

pub mod sender;

use std::sync::atomic::Ordering;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sender::{Hooks, NOW, SECRET, mac, sign};
use serde_json::json;
use switchboard::network::webhook::{Settings, Webhook};
use switchboard::port::social::Connector;

#[tokio::test]
async fn what_is_taken_is_counted_and_repeats_are_known() {
    let hooks = Hooks::hmac().await;
    let one = r#"{"id": 1, "text": "Where is my lamp?", "author": {"handle": "wren"}}"#;
    assert_eq!(
        hooks.signed(one).await,
        (200, json!({"taken": 1, "duplicates": 0}))
    );
    assert_eq!(
        hooks.signed(one).await,
        (200, json!({"taken": 0, "duplicates": 1}))
    );
    let lines = "{\"id\":2,\"text\":\"a\"}\n\n{\"id\":3,\"text\":\"b\"}\r\n{\"id\":1,\"text\":\"c\"}\n";
    assert_eq!(
        hooks.signed(lines).await,
        (200, json!({"taken": 2, "duplicates": 1}))
    );
    let array = r#"[{"id":4,"text":"a"},{"id":5,"text":"b"}]"#;
    assert_eq!(
        hooks.signed(array).await,
        (200, json!({"taken": 2, "duplicates": 0}))
    );
    assert_eq!(
        hooks.signed("[]").await,
        (200, json!({"taken": 0, "duplicates": 0}))
    );

    let body = "payload=%7B%22id%22%3A6%2C%22text%22%3A%22M%C3%B6bel%22%7D";
    let form = [
        ("X-Signature", &*sign(&[body.as_bytes()])),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    assert_eq!(hooks.post("/hooks/tool", &form, body).await.0, 200);
    let body = "id=7&text=flat+form";
    let form = [
        ("X-Signature", &*sign(&[body.as_bytes()])),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    assert_eq!(hooks.post("/hooks/tool", &form, body).await.0, 200);

    let taken = hooks.desk.taken.lock().unwrap();
    assert_eq!(taken[5].text.as_written(), "Möbel");
    assert_eq!(taken[6].text.as_written(), "flat form");
    assert_eq!(
        (taken[0].network.as_str(), taken[0].connector.as_str()),
        ("tool", "tool")
    );
}

#[tokio::test]
async fn who_cannot_sign_is_not_let_in() {
    let hooks = Hooks::hmac().await;
    let body = r#"{"id":1,"text":"x"}"#;
    let good = sign(&[body.as_bytes()]);
    for (path, headers, status, said) in [
        ("/hooks/tool", vec![], 401, "the header x-signature is missing"),
        (
            "/hooks/tool",
            vec![("X-Signature", "sha256=00")],
            401,
            "not authorized",
        ),
        (
            "/hooks/other",
            vec![("X-Signature", good.as_str())],
            404,
            "no webhook has this path",
        ),
        (
            "/hooks/tool/",
            vec![("X-Signature", good.as_str())],
            404,
            "no webhook has this path",
        ),
    ] {
        assert_eq!(
            hooks.post(path, &headers, body).await,
            (status, json!({ "error": said })),
            "{path} {headers:?}"
        );
    }
    let get = hooks
        .client
        .get(format!("{}/hooks/tool", hooks.address))
        .send()
        .await
        .unwrap();
    assert_eq!(get.status(), 405);
    assert_eq!(hooks.taken(), 0);
}

#[tokio::test]
async fn standard_webhooks_are_taken_with_their_envelope_and_refused_when_old() {
    let key = b"0123456789abcdef0123456789abcdef";
    let settings = r#"
        name = "listening"
        path = "/hooks/listening/x7f3"
        items = "/data"
        network = "news"
        scheme = { kind = "standard", secrets = [{ env = "UNUSED" }] }
    "#;
    let hooks = Hooks::open(settings, &format!("whsec_{}", STANDARD.encode(key))).await;
    let body =
        r#"{"type":"mention.created","timestamp":"2026-01-01T00:00:00Z","data":{"id":"42","text":"Nice"}}"#;
    for (at, expected) in [
        (NOW - 299, (200, json!({"taken": 1, "duplicates": 0}))),
        (
            NOW - 301,
            (401, json!({"error": "timestamp is more than 5 minutes off"})),
        ),
        (
            NOW + 301,
            (401, json!({"error": "timestamp is more than 5 minutes off"})),
        ),
    ] {
        let at = at.to_string();
        let signature = format!(
            "v1,{}",
            STANDARD.encode(mac(key, &[b"msg_1.", at.as_bytes(), b".", body.as_bytes()]))
        );
        let headers = [
            ("webhook-id", "msg_1"),
            ("webhook-timestamp", &*at),
            ("webhook-signature", &*signature),
        ];
        assert_eq!(
            hooks.post("/hooks/listening/x7f3", &headers, body).await,
            expected,
            "{at}"
        );
    }
    assert_eq!(hooks.desk.taken.lock().unwrap()[0].network.as_str(), "news");
}

#[tokio::test]
async fn bad_bodies_are_refused_with_the_place_and_nothing_is_taken() {
    let hooks = Hooks::hmac().await;
    let deep = format!("\n{}1{}", "[".repeat(1_000), "]".repeat(1_000));
    for (body, status, said) in [
        (
            b"{\"id\":1,\"text\":\"\xff\"}".to_vec(),
            400,
            "the body is not UTF-8: byte 17 is wrong",
        ),
        (
            b"{\"id\":1,\n\"text\":}".to_vec(),
            400,
            "the body is not JSON: expected value at line 2 column 8",
        ),
        (b"".to_vec(), 400, "the body is empty"),
        (
            deep.into_bytes(),
            400,
            "the JSON is more than 64 levels deep at line 2 column 65",
        ),
    ] {
        assert_eq!(hooks.signed(body).await, (status, json!({ "error": said })));
    }
    let mixed = r#"[{"id":1,"text":"good"},{"id":2},{"id":3,"text":"x","created_at":"soon"},7]"#;
    let (status, answer) = hooks.signed(mixed).await;
    assert_eq!(
        (status, &answer["error"]),
        (422, &json!("3 of 4 items cannot be read; nothing was taken"))
    );
    assert_eq!(answer["items"][0]["position"], 2);
    assert!(
        answer["items"][1]["problem"]
            .as_str()
            .unwrap()
            .starts_with("created: found “soon”")
    );
    assert_eq!(
        answer["items"][2],
        json!({"position": 4, "problem": "not a JSON object"})
    );

    let (status, answer) = hooks.signed(vec![b' '; 10_000_000]).await;
    assert_eq!(
        (status, answer),
        (413, json!({"error": "the body is larger than 1000000 bytes"}))
    );
    assert_eq!(hooks.taken(), 0);

    // Just below the limit is taken, in however many pieces it arrives.
    let long = format!("{{\"id\":9,\"text\":\"{}\"}}", "ü".repeat(499_000));
    assert_eq!(hooks.signed(long).await.0, 200);
    assert!(
        hooks.desk.taken.lock().unwrap()[0]
            .text
            .as_written()
            .ends_with("longer than 40,000 characters]")
    );
}

#[tokio::test]
async fn a_full_desk_asks_to_try_again() {
    let hooks = Hooks::hmac().await;
    hooks.desk.full.store(true, Ordering::SeqCst);
    let body = r#"{"id":1,"text":"x"}"#;
    let answer = hooks
        .client
        .post(format!("{}/hooks/tool", hooks.address))
        .header("X-Signature", sign(&[body.as_bytes()]))
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["retry-after"], "1");
    hooks.desk.full.store(false, Ordering::SeqCst);
    assert_eq!(
        hooks.signed(body).await,
        (200, json!({"taken": 1, "duplicates": 0}))
    );
}

#[test]
fn settings_name_every_mistake_and_no_secret() {
    let settings: Settings = toml::from_str(
        r#"
        name = "tool"
        path = "/elsewhere"
        items = "data"
        body_limit = 0
        mapping = { colour = "/a" }
        scheme = { kind = "hmac", header = "X Signature", secrets = [] }
        "#,
    )
    .unwrap();
    let said = settings.problems().join("\n");
    for part in [
        "path: “/elsewhere”",
        "items: “data”",
        "“colour” is not a field",
        "body_limit: 0",
        "one secret, or two",
        "“X Signature” is not the name of a header",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let literal =
        "name = \"t\"\nscheme = { kind = \"token\", header = \"X-Token\", secrets = [\"hunter2-hunter2\"] }";
    let error = toml::from_str::<Settings>(literal).unwrap_err();
    assert!(!error.message().contains("hunter2"), "{error}");
    let unknown =
        "name = \"t\"\nscheme = { kind = \"token\", header = \"X-Token\", secrets = [], colour = 1 }";
    assert!(toml::from_str::<Settings>(unknown).is_err());
}

#[tokio::test]
async fn nobody_answers_through_a_webhook() {
    let settings: Settings = toml::from_str(
        "name = \"t\"\nscheme = { kind = \"hmac\", header = \"x\", secrets = [{ env = \"A\" }] }",
    )
    .unwrap();
    let webhook = Webhook::new(&settings, &[SECRET.into()]).unwrap();
    assert!(!webhook.capabilities(&"t".into()).replies);
    assert_eq!(webhook.path(), "/hooks/t");
    let reply = switchboard::port::social::PublicReply {
        key: "k".into(),
        network: "t".into(),
        answers: "1".into(),
        conversation: "1".into(),
        reply_target: None,
        text: "Hi".into(),
        asked: jiff::Timestamp::UNIX_EPOCH,
    };
    let refused = webhook.publish(&reply).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "this source cannot be answered through Switchboard"
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    /// Whatever a sender signs: an answer, and never a broken connection.
    #[test]
    fn no_body_breaks_the_webhook(
        parts in proptest::collection::vec(
            proptest::sample::select(vec!["{", "}", "[", "]", "\"id\":", "\"text\":", "1e99", "\"\\ud800\"", "\"x\"", ",", "\n", "\u{feff}", "null", "-", "\\", "{\"id\":1,\"text\":\"a\"}"]),
            0..40,
        ),
        tail in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..8),
    ) {
        let mut body = parts.concat().into_bytes();
        body.extend(tail);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (status, _) = runtime.block_on(async { Hooks::hmac().await.signed(body).await });
        proptest::prop_assert!([200, 400, 422].contains(&status), "{}", status);
    }
}
