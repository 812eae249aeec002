//! What is not from Slack, not for us, or not from one of us.

use serde_json::json;

use super::super::server::{SIGNING_SECRET, signature};
use super::*;

async fn post(
    house: &House,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<reqwest::Body>,
) -> (u16, String) {
    let mut request = reqwest::Client::new().post(format!("{}{path}", house.base));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.body(body).send().await.expect("answered");
    (answer.status().as_u16(), answer.text().await.expect("a body"))
}

async fn signed(house: &House, path: &str, body: &str) -> (u16, String) {
    let seconds = house.slack.now().as_second();
    let proof = signature(SIGNING_SECRET, seconds, body);
    let time = seconds.to_string();
    let headers = [
        ("x-slack-request-timestamp", time.as_str()),
        ("x-slack-signature", proof.as_str()),
    ];
    post(house, path, &headers, body.to_owned()).await
}

#[tokio::test]
async fn only_slack_is_let_in() {
    let house = House::open(Way::Http).await;
    let lead = house.question().await;
    let body = house.slack.slash("U0DANA", "/claim", &lead.to_string()).raw();
    let now = house.slack.now().as_second();
    let (time, old, early) = (now.to_string(), (now - 301).to_string(), (now + 301).to_string());
    let proof = |seconds: i64| signature(SIGNING_SECRET, seconds, &body);
    let (good, of_old, of_early) = (proof(now), proof(now - 301), proof(now + 301));
    let foreign = signature("another secret", now, &body);
    for path in ["/slack/commands", "/slack/interactivity", "/slack/events"] {
        for (headers, why) in [
            (vec![], "missing"),
            (vec![("x-slack-signature", good.as_str())], "missing"),
            (vec![("x-slack-request-timestamp", time.as_str())], "missing"),
            (
                vec![
                    ("x-slack-request-timestamp", &time),
                    ("x-slack-signature", &foreign),
                ],
                "wrong",
            ),
            (
                vec![("x-slack-request-timestamp", &old), ("x-slack-signature", &good)],
                "wrong",
            ),
            (
                vec![
                    ("x-slack-request-timestamp", &old),
                    ("x-slack-signature", &of_old),
                ],
                "too old",
            ),
            (
                vec![
                    ("x-slack-request-timestamp", &early),
                    ("x-slack-signature", &of_early),
                ],
                "too old",
            ),
        ] {
            let (status, text) = post(&house, path, &headers, body.clone()).await;
            assert_eq!(status, 401, "{path} {headers:?}");
            assert!(text.contains(why) && !text.contains("U0DANA"), "{text}");
        }
        let headers = [
            ("x-slack-request-timestamp", time.as_str()),
            ("x-slack-signature", good.as_str()),
        ];
        let (status, _) = post(&house, path, &headers, format!("{body}&text=L-2")).await;
        assert_eq!(status, 401, "a body that somebody changed");
    }
    assert_eq!(house.owner(lead), None);
}

#[tokio::test]
async fn a_replayed_body_is_not_done_twice() {
    let house = House::open(Way::Http).await;
    let lead = house.question().await;
    let note = house.slack.slash("U0DANA", "/note", &format!("{lead} once"));
    house.does(&note).await;
    house.does(&note).await;
    assert_eq!(house.history(lead).matches("once").count(), 1);
    assert_eq!(house.times_told("U0DANA"), 1);
}

#[tokio::test]
async fn slacks_own_questions_are_answered() {
    let house = House::open(Way::Http).await;
    let (status, text) = signed(
        &house,
        "/slack/events",
        r#"{"type":"url_verification","challenge":"abc<>"}"#,
    )
    .await;
    assert_eq!((status, text.as_str()), (200, r#"{"challenge":"abc<>"}"#));
    let (status, text) = post(&house, "/slack/commands", &[], "ssl_check=1&token=x").await;
    assert_eq!((status, text.as_str()), (200, ""));
    let body = "ssl_check=1&command=%2Fclaim&text=L-1&user_id=U0DANA";
    assert_eq!(
        post(&house, "/slack/commands", &[], body).await.0,
        401,
        "a check does nothing else"
    );
}

#[tokio::test]
async fn large_and_senseless_bodies_are_bounded_and_answered() {
    let house = House::open(Way::Http).await;
    let just = "x".repeat(1024 * 1024 - 200);
    let over = "x".repeat(1024 * 1024 + 1);
    for path in ["/slack/commands", "/slack/interactivity", "/slack/events"] {
        assert_eq!(signed(&house, path, &over).await.0, 413, "{path}");
    }
    let fields = format!("command=%2Fnote&user_id=U0DANA&team_id=T0LARKSPUR&text=L-1+{just}");
    let (status, _) = signed(&house, "/slack/commands", &fields[..1024 * 1024 - 300]).await;
    assert_eq!(status, 200, "a long note is refused in words");
    for (path, body, status) in [
        ("/slack/events", "{", 400),
        ("/slack/events", "null", 200),
        ("/slack/events", "[1]", 200),
        ("/slack/events", r#"{"type":"event_callback"}"#, 200),
        ("/slack/events", r#"{"type":"of_tomorrow"}"#, 200),
        ("/slack/interactivity", "payload=", 400),
        ("/slack/interactivity", "payload=%7B", 400),
        ("/slack/interactivity", "payload=null", 200),
        ("/slack/interactivity", "payload=%5B%5D", 200),
        (
            "/slack/interactivity",
            "payload=%7B%22type%22%3A%22block_actions%22%7D",
            200,
        ),
        (
            "/slack/interactivity",
            "payload=%7B%22type%22%3A%22of_tomorrow%22%7D",
            200,
        ),
        ("/slack/commands", "", 200),
        ("/slack/commands", "%FF%FE=%00", 200),
    ] {
        assert_eq!(signed(&house, path, body).await.0, status, "{path} {body}");
    }
    house.settled().await;
}

#[tokio::test]
async fn strangers_guests_and_forged_teams_are_refused_in_words() {
    for way in BOTH {
        let house = House::with(way, |slack| {
            slack.change_person("U0GUEST", "is_restricted", json!(true))
        })
        .await;
        let lead = house.question().await;
        let card = house.card(lead, &["claim"]).await;
        house.slack.person("U0NOBODY", "No Body");
        let mut forged = house.slack.press("U0DANA", &card, "do:claim");
        forged.body["team"]["id"] = json!("T0FORGED");
        let mut visiting = house.slack.press("U0DANA", &card, "do:claim");
        visiting.body["user"]["team_id"] = json!("T0PARTNER");
        let mut nowhere = house.slack.press("U0DANA", &card, "do:claim");
        nowhere.body["team"] = json!(null);
        nowhere.body["user"]["team_id"] = json!(null);
        for (click, user, part) in [
            (forged, "U0DANA", "another workspace"),
            (visiting, "U0DANA", "another workspace"),
            (nowhere, "U0DANA", "another workspace"),
            (
                house.slack.press("U0NOBODY", &card, "do:claim"),
                "U0NOBODY",
                "U0NOBODY is not a member of staff",
            ),
            (
                house.slack.press("U0GUEST", &card, "do:claim"),
                "U0GUEST",
                "is a guest",
            ),
        ] {
            let before = house.times_told(user);
            house.does(&click).await;
            assert_eq!(house.times_told(user), before + 1);
            assert!(house.told(user).contains(part), "{way:?}: {}", house.told(user));
        }
        assert_eq!(house.owner(lead), None);
        let mut organisation = house.slack.press("U0DANA", &card, "do:claim");
        organisation.body["team"] = json!(null);
        organisation.body["enterprise"] = json!({"id": "E0ORG", "name": "Larkspur Group"});
        organisation.body["is_enterprise_install"] = json!(true);
        house.does(&organisation).await;
        assert_eq!(
            house.owner(lead).as_deref(),
            Some("dana"),
            "{way:?}: an organisation's click is not lost"
        );
    }
}

#[tokio::test]
async fn what_we_never_drew_is_acknowledged_and_does_nothing() {
    let house = House::open(Way::Socket).await;
    let lead = house.question().await;
    let card = house.card(lead, &["claim"]).await;
    for (action, value) in [
        ("open:post", "L-1"),
        ("somebody:else", "L-1"),
        ("do:", "L-1"),
        ("menu", ""),
    ] {
        let mut click = house.slack.press("U0DANA", &card, "do:claim");
        click.body["actions"][0]["action_id"] = json!(action);
        click.body["actions"][0]["value"] = json!(value);
        house.does(&click).await;
    }
    assert_eq!(house.times_told("U0DANA"), 0);
    let mut unknown = house.slack.press("U0DANA", &card, "do:claim");
    unknown.body["actions"][0]["action_id"] = json!("do:of-tomorrow");
    house.does(&unknown).await;
    assert!(
        house.told("U0DANA").contains("of-tomorrow"),
        "{}",
        house.told("U0DANA")
    );
    assert_eq!(house.owner(lead), None);
}

#[tokio::test]
async fn windows_of_any_shape_are_answered() {
    let house = House::open(Way::Http).await;
    let metadata = r#"{"command":"reply","lead":1,"seen":0,"key":"form:x"}"#;
    for view in [
        json!(null),
        json!([]),
        json!({"type": "modal"}),
        json!({"type": "modal", "callback_id": "form:reply", "private_metadata": "{"}),
        json!({"type": "modal", "callback_id": "form:reply", "private_metadata": metadata}),
        json!({"type": "modal", "callback_id": "form:reply", "private_metadata": metadata, "blocks": "x",
               "state": {"values": {"text": []}}}),
        json!({"type": "modal", "callback_id": "form:reply", "private_metadata": metadata,
               "blocks": [1, null, {"type": "input"}, {"type": "input", "block_id": "text", "element": 7}],
               "state": {"values": {"text": {"text": {"type": "plain_text_input", "value": 7}}}}}),
    ] {
        for kind in ["view_submission", "view_closed", "block_actions"] {
            let payload = json!({
                "type": kind, "view": view, "team": {"id": "T0LARKSPUR"},
                "user": {"id": "U0DANA", "team_id": "T0LARKSPUR"}, "trigger_id": format!("{kind} {view}"),
                "actions": [{"type": "plain_text_input", "action_id": "text"}],
            });
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            form.append_pair("payload", &payload.to_string());
            let (status, text) = signed(&house, "/slack/interactivity", &form.finish()).await;
            assert_eq!(status, 200, "{payload}");
            let stays_open = text.contains("response_action");
            assert_eq!(stays_open, kind == "view_submission", "{payload}: {text}");
        }
    }
    house.settled().await;
}
