//! Talk in the thread under a card: notes with the sign, nothing without it, and never anything public.

use serde_json::json;

use super::*;

#[tokio::test]
async fn only_what_begins_with_the_sign_is_noted() {
    for way in BOTH {
        let house = House::open(way).await;
        let lead = house.question().await;
        let card = house.card(lead, &["claim"]).await;
        for text in ["I will ring her", "nota bene: no", "/reply L-1 hello"] {
            house
                .does(&house.slack.says("U0DANA", "C0SUPPORT", Some(&card.ts), text))
                .await;
        }
        let before = house.lead(lead).entries;
        house
            .does(&house.slack.says(
                "U0DANA",
                "C0SUPPORT",
                Some(&card.ts),
                "Note: rang <@U0MATEO> &amp; her",
            ))
            .await;
        assert_eq!(house.lead(lead).entries, before + 1, "{way:?}");
        assert!(
            house.history(lead).contains("rang @Mateo Rivas & her"),
            "{}",
            house.history(lead)
        );
        assert!(!house.history(lead).contains("I will ring her"));
        assert_eq!(house.times_told("U0DANA"), 0, "the thread shows it");
        assert!(house.lead(lead).outgoing.is_none());
    }
}

#[tokio::test]
async fn a_note_that_cannot_be_kept_is_told_in_the_thread() {
    let house = House::open(Way::Http).await;
    let lead = house.question().await;
    let card = house.card(lead, &["claim"]).await;
    house
        .does(
            &house
                .slack
                .says("U0LEE", "C0SUPPORT", Some(&card.ts), "note: from sales"),
        )
        .await;
    let heard = house.slack.ephemerals("U0LEE").pop().expect("told");
    assert_eq!(heard.thread_ts.as_deref(), Some(card.ts.as_str()));
    house
        .does(&house.slack.says("U0DANA", "C0SUPPORT", Some(&card.ts), "note:"))
        .await;
    assert!(house.told("U0DANA").contains("empty"), "{}", house.told("U0DANA"));
    assert!(!house.history(lead).contains("from sales"));
}

#[tokio::test]
async fn other_talk_and_other_speakers_are_left_alone() {
    let house = House::open(Way::Socket).await;
    let lead = house.question().await;
    let card = house.card(lead, &["claim"]).await;
    let before = house.lead(lead).entries;
    let mut told = vec![
        house
            .slack
            .says("U0DANA", "C0SUPPORT", None, "note: not in a thread"),
        house.slack.says(
            "U0DANA",
            "C0SALES",
            Some("1700000000.000001"),
            "note: under something else",
        ),
    ];
    for (key, value) in [
        ("bot_id", json!("B0SWITCH")),
        ("subtype", json!("message_changed")),
        ("user", json!(null)),
    ] {
        let mut said = house
            .slack
            .says("U0DANA", "C0SUPPORT", Some(&card.ts), "note: not by a person");
        said.body["event"][key] = value;
        told.push(said);
    }
    for said in &told {
        house.does(said).await;
    }
    let mut stranger = house
        .slack
        .says("U0DANA", "C0SUPPORT", Some(&card.ts), "note: by a stranger");
    stranger.body["event"]["user_team"] = json!("T0ELSEWHERE");
    house.does(&stranger).await;
    assert_eq!(house.lead(lead).entries, before, "{}", house.history(lead));
    assert_eq!(house.times_told("U0DANA"), 1, "only the stranger is told");
    assert!(house.told("U0DANA").contains("another workspace"));
}

#[tokio::test]
async fn an_event_that_is_delivered_again_is_done_once() {
    for way in BOTH {
        let house = House::open(way).await;
        let lead = house.question().await;
        let card = house.card(lead, &["claim"]).await;
        let said = house
            .slack
            .says("U0DANA", "C0SUPPORT", Some(&card.ts), "note: once");
        house.does(&said).await;
        house.does(&said).await;
        let mut renamed = said.clone();
        renamed.body["event_id"] = json!("Ev0RENAMED");
        house.does(&renamed).await;
        assert_eq!(house.history(lead).matches("once").count(), 1, "{way:?}");
    }
}
