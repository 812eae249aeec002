//! Socket Mode: several sockets, each replaced before it ends, and nothing lost or done twice on the way.

use serde_json::{Value, json};

use super::super::server::Fault;
use super::*;

#[tokio::test]
async fn two_sockets_are_open_and_closed_cleanly() {
    let mut house = House::open(Way::Socket).await;
    house.slack.until_sockets(2).await;
    house.stop.cancel();
    house
        .listening
        .take()
        .expect("listening")
        .await
        .expect("a clean end");
    house.slack.until_sockets(0).await;
    house.settled().await;
}

#[tokio::test]
async fn a_socket_that_will_be_closed_is_replaced_before_it_is_let_go() {
    let house = House::open(Way::Socket).await;
    house.slack.until_sockets(2).await;
    house.slack.disconnect("warning");
    // The old ones are still open, and are read.
    house.slack.until_sockets(4).await;
    let lead = house.question().await;
    for _ in 0..4 {
        let typed = house.slack.slash("U0DANA", "/note", &format!("{lead} heard"));
        house.slack.deliver(&typed).await;
    }
    assert_eq!(house.history(lead).matches("heard").count(), 4);
    house.stop.cancel();
    house.slack.until_sockets(0).await;
}

#[tokio::test]
async fn a_refresh_and_a_broken_line_are_mended() {
    let house = House::open(Way::Socket).await;
    house.slack.until_sockets(2).await;
    house.slack.disconnect("refresh_requested");
    house.slack.until_sockets(0).await;
    house.slack.until_sockets(2).await;
    house.slack.drop_sockets();
    house.slack.until_sockets(0).await;
    house.slack.until_sockets(2).await;
    let lead = house.question().await;
    house
        .does(&house.slack.slash("U0DANA", "/claim", &lead.to_string()))
        .await;
    assert_eq!(house.owner(lead).as_deref(), Some("dana"));
    assert!(
        house.watched.troubles().is_empty(),
        "nothing that needs an administrator"
    );
}

#[tokio::test]
async fn a_line_that_breaks_before_the_answer_loses_neither_the_work_nor_the_answer() {
    let house = House::open(Way::Socket).await;
    house.slack.until_sockets(2).await;
    let lead = house.question().await;
    let busy = house.watched.door.write().await;
    let typed = house.slack.slash("U0DANA", "/claim", &lead.to_string());
    house.slack.send_and_drop(&typed);
    house.slack.until_sockets(1).await;
    drop(busy);
    house.slack.until_sockets(2).await;
    house.settled().await;
    assert_eq!(house.owner(lead).as_deref(), Some("dana"));
    assert!(house.told("U0DANA").contains(&lead.to_string()));
    // Slack hands the same over once more.
    house.does(&typed).await;
    assert_eq!(house.history(lead).matches("claimed").count(), 1);
    assert_eq!(house.times_told("U0DANA"), 1);
}

#[tokio::test]
async fn nobody_waits_behind_somebody_elses_answer() {
    let house = House::open(Way::Socket).await;
    house.slack.until_sockets(2).await;
    let lead = house.question().await;
    let card = house.card(lead, &["claim"]).await;
    let busy = house.watched.door.write().await;
    // Each of these waits for the desk; on every socket, what comes behind is acknowledged all the same.
    let waiting: Vec<_> = (0..4)
        .map(|_| {
            house
                .slack
                .send(&house.slack.slash("U0DANA", "/show", &lead.to_string()))
        })
        .collect();
    for _ in 0..4 {
        house
            .slack
            .deliver(&house.slack.press("U0MATEO", &card, "do:claim"))
            .await;
    }
    assert!(
        waiting.iter().all(|one| one.is_empty()),
        "still waiting for the desk"
    );
    drop(busy);
    for one in waiting {
        assert_eq!(
            one.await.expect("acknowledged").body["response_type"],
            "ephemeral"
        );
    }
    house.settled().await;
    assert_eq!(house.owner(lead).as_deref(), Some("mateo"));
}

#[tokio::test]
async fn what_is_no_envelope_disturbs_nobody() {
    let house = House::open(Way::Socket).await;
    house.slack.until_sockets(2).await;
    for text in [
        "",
        "{",
        "null",
        "[[]]",
        "7",
        r#"{"type":"hello"}"#,
        r#"{"type":"of tomorrow","payload":[]}"#,
    ] {
        house.slack.send_raw(text);
    }
    let large = json!({"type": "interactive", "payload": {"type": "x", "text": "x".repeat(1_000_000)}});
    house.slack.send_raw(&large.to_string());
    let lead = house.question().await;
    for _ in 0..2 {
        house
            .does(&house.slack.slash("U0DANA", "/show", &lead.to_string()))
            .await;
    }
    assert_eq!(house.slack.sockets(), 2);
    assert_eq!(house.times_told("U0DANA"), 2);
}

#[tokio::test]
async fn switched_off_sockets_are_told_to_administrators_once() {
    let house = House::open(Way::Socket).await;
    house.slack.until_sockets(2).await;
    house.slack.disconnect("link_disabled");
    let told = house.watched.until_trouble().await;
    assert!(told.contains("Socket Mode is switched off"), "{told}");
    house.slack.until_sockets(0).await;
    house.settled().await;
    assert_eq!(house.watched.troubles().len(), 1, "two sockets, one notice");
}

#[tokio::test]
async fn a_token_that_slack_refuses_is_told_to_administrators_once() {
    let house = House::with(Way::Socket, |slack| {
        for _ in 0..2 {
            slack.fail("apps.connections.open", Fault::Refuse("invalid_auth".to_owned()));
        }
    })
    .await;
    let told = house.watched.until_trouble().await;
    assert!(
        told.contains("invalid_auth") && told.contains("connections:write"),
        "{told}"
    );
    house.settled().await;
    assert_eq!(house.watched.troubles().len(), 1);
}

#[tokio::test]
async fn both_ways_in_come_to_the_same() {
    let mut outcomes: Vec<Vec<Value>> = Vec::new();
    for way in BOTH {
        let house = House::open(way).await;
        let lead = house.question().await;
        let card = house.card(lead, &["claim", "reply", "show"]).await;
        let mut heard = Vec::new();
        for click in ["do:claim", "do:show", "do:reply"] {
            heard.push(house.does(&house.slack.press("U0DANA", &card, click)).await.body);
        }
        heard.push(
            house
                .does(&house.slack.submit("U0DANA", &[("text", &"x".repeat(300))]))
                .await
                .body,
        );
        heard.push(
            house
                .does(&house.slack.submit("U0DANA", &[("text", "Tomorrow.")]))
                .await
                .body,
        );
        heard.push(
            house
                .does(&house.slack.slash("U0MATEO", "/lead", "queue"))
                .await
                .body,
        );
        heard.push(
            house
                .does(&house.slack.slash("U0MATEO", "/claim", &lead.to_string()))
                .await
                .body,
        );
        heard.push(
            house
                .does(
                    &house
                        .slack
                        .says("U0MATEO", "C0SUPPORT", Some(&card.ts), "note: ok"),
                )
                .await
                .body,
        );
        heard.push(json!(house.history(lead)));
        heard.extend(
            house
                .slack
                .ephemerals("U0DANA")
                .into_iter()
                .map(|one| json!([one.text, one.blocks])),
        );
        outcomes.push(heard);
    }
    let over_socket = outcomes.pop().expect("two");
    assert_eq!(outcomes.pop().expect("two"), over_socket);
}
