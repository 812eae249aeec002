//! Forms: nothing that somebody typed is lost, and nothing goes out that was not meant as it now stands.

use jiff::SignedDuration;
use serde_json::{Value, json};
use switchboard::domain::ids::LeadId;

use super::super::server::Payload;
use super::*;

/// Somebody stops typing for a moment in a field of the window on top.
fn types(house: &House, user: &str, text: &str) -> Payload {
    let mut payload = house.slack.press_in_view(user, "text", None);
    payload.body["actions"][0]["value"] = json!(text);
    payload.body["view"]["state"] =
        json!({"values": {"text": {"text": {"type": "plain_text_input", "value": text}}}});
    payload
}

fn previews(house: &House, user: &str, text: &str) -> Payload {
    let mut payload = house.slack.press_in_view(user, "form:preview", None);
    payload.body["view"]["state"] =
        json!({"values": {"text": {"text": {"type": "plain_text_input", "value": text}}}});
    payload
}

/// Dana holds the lead and has opened the reply form.
async fn replying(house: &House) -> LeadId {
    let lead = house.question().await;
    house.on_the_board("dana", &format!("/claim {lead}")).await;
    opens(house, "U0DANA", lead).await;
    lead
}

async fn opens(house: &House, user: &str, lead: LeadId) {
    let card = house.card(lead, &["reply"]).await;
    house.does(&house.slack.press(user, &card, "do:reply")).await;
}

fn outgoing(house: &House, lead: LeadId) -> Option<String> {
    house.lead(lead).outgoing.map(|outgoing| outgoing.text)
}

/// What the window on top would send if it were sent as it is.
fn in_the_window(house: &House, user: &str) -> String {
    let sent = house.slack.submit(user, &[]);
    sent.body["view"]["state"]["values"]["text"]["text"]["value"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn a_reply_is_sent_once_and_the_window_closes() {
    for way in BOTH {
        let house = House::open(way).await;
        let lead = replying(&house).await;
        let sent = house.slack.submit("U0DANA", &[("text", "It comes tomorrow.")]);
        let answered = house.does(&sent).await;
        assert_eq!(answered.body, Value::Null, "{way:?}");
        assert_eq!(outgoing(&house, lead).as_deref(), Some("It comes tomorrow."));
        assert!(house.slack.modal("U0DANA").is_none());
        house.does(&sent).await;
        assert_eq!(house.history(lead).matches("It comes tomorrow.").count(), 1);
    }
}

#[tokio::test]
async fn a_mention_that_came_underneath_is_shown_before_anything_is_sent() {
    for way in BOTH {
        let house = House::open(way).await;
        let lead = replying(&house).await;
        house.mention("mara", "Forget it, it is here!").await;
        let answered = house
            .does(&house.slack.submit("U0DANA", &[("text", "It comes tomorrow.")]))
            .await;
        assert_eq!(answered.body["response_action"], "update", "{way:?}");
        assert_eq!(outgoing(&house, lead), None);
        let window = texts(&house.slack.modal("U0DANA").expect("it stays open")["blocks"]);
        assert!(window.contains("Something new was said"), "{window}");
        assert!(window.contains("Forget it, it is here!"), "{window}");
        assert_eq!(in_the_window(&house, "U0DANA"), "It comes tomorrow.");
        house
            .does(&house.slack.submit("U0DANA", &[("text", "Enjoy it!")]))
            .await;
        assert_eq!(outgoing(&house, lead).as_deref(), Some("Enjoy it!"));
    }
}

#[tokio::test]
async fn a_window_left_open_for_twenty_minutes_still_sends() {
    let house = House::open(Way::Socket).await;
    let lead = replying(&house).await;
    house.pass(SignedDuration::from_mins(20));
    house
        .does(&house.slack.submit("U0DANA", &[("text", "Sorry for the wait.")]))
        .await;
    assert_eq!(outgoing(&house, lead).as_deref(), Some("Sorry for the wait."));
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field() {
    let house = House::open(Way::Http).await;
    let lead = replying(&house).await;
    let long = "x".repeat(281);
    let answered = house
        .does(&house.slack.submit("U0DANA", &[("text", &long)]))
        .await;
    assert_eq!(answered.body["response_action"], "errors");
    let error = answered.body["errors"]["text"].as_str().expect("at the text");
    assert!(error.contains("280"), "{error}");
    assert_eq!(outgoing(&house, lead), None);
    opens(&house, "U0DANA", lead).await;
    assert_eq!(in_the_window(&house, "U0DANA"), long, "the text is kept");
}

#[tokio::test]
async fn a_change_of_owner_keeps_the_text_and_says_who_has_the_lead() {
    let house = House::open(Way::Http).await;
    let lead = house.question().await;
    house.on_the_board("mateo", &format!("/claim {lead}")).await;
    opens(&house, "U0MATEO", lead).await;
    house.on_the_board("dana", &format!("/assign {lead} dana")).await;
    let answered = house
        .does(&house.slack.submit("U0MATEO", &[("text", "Mine!")]))
        .await;
    assert!(
        answered.body.to_string().contains("Dana Okafor"),
        "{}",
        answered.body
    );
    assert_eq!(outgoing(&house, lead), None);
    house.on_the_board("dana", &format!("/assign {lead} mateo")).await;
    opens(&house, "U0MATEO", lead).await;
    assert_eq!(in_the_window(&house, "U0MATEO"), "Mine!");
}

#[tokio::test]
async fn closing_a_window_loses_nothing_and_a_sent_text_is_no_draft() {
    for way in BOTH {
        let house = House::open(way).await;
        let lead = replying(&house).await;
        house.does(&types(&house, "U0DANA", "Half a sent")).await;
        house.does(&house.slack.close("U0DANA")).await;
        opens(&house, "U0DANA", lead).await;
        assert_eq!(in_the_window(&house, "U0DANA"), "Half a sent", "{way:?}");
        let mut closed = house.slack.close("U0DANA");
        closed.body["view"]["state"] =
            json!({"values": {"text": {"text": {"type": "plain_text_input", "value": "Half a sentence"}}}});
        house.does(&closed).await;
        opens(&house, "U0DANA", lead).await;
        assert_eq!(in_the_window(&house, "U0DANA"), "Half a sentence", "{way:?}");
        let typed = types(&house, "U0DANA", "A sentence.");
        house
            .does(&house.slack.submit("U0DANA", &[("text", "A sentence.")]))
            .await;
        house.does(&typed).await;
        assert!(
            house.lead(lead).drafts.is_empty(),
            "what was typed before it was sent comes too late"
        );
    }
}

#[tokio::test]
async fn a_preview_shows_what_the_public_would_read_and_keeps_the_text() {
    let house = House::open(Way::Http).await;
    let lead = replying(&house).await;
    house
        .does(&previews(&house, "U0DANA", "It comes *tomorrow* & soon."))
        .await;
    let window = texts(&house.slack.modal("U0DANA").expect("open")["blocks"]);
    assert!(window.contains("of 280"), "{window}");
    assert_eq!(in_the_window(&house, "U0DANA"), "It comes *tomorrow* & soon.");
    assert_eq!(house.lead(lead).drafts.len(), 1);
    let stale = previews(&house, "U0DANA", "older");
    house.does(&previews(&house, "U0DANA", "newer")).await;
    house.does(&stale).await;
    assert_eq!(
        in_the_window(&house, "U0DANA"),
        "newer",
        "a stale preview changes nothing"
    );
    house.mention("mara", "And one more thing").await;
    house.does(&previews(&house, "U0DANA", "newer")).await;
    let window = texts(&house.slack.modal("U0DANA").expect("open")["blocks"]);
    assert!(
        window.contains("And one more thing") && window.contains("while you were writing"),
        "{window}"
    );
}

#[tokio::test]
async fn a_desk_with_its_hands_full_keeps_the_window_open_and_says_when_it_is_done() {
    for way in BOTH {
        let house = House::open(way).await;
        let lead = replying(&house).await;
        let sent = house.slack.submit("U0DANA", &[("text", "It comes tomorrow.")]);
        let busy = house.watched.door.write().await;
        let answered = house.acknowledged(&sent).await;
        assert_eq!(answered.body["response_action"], "errors", "{way:?}");
        assert!(house.slack.modal("U0DANA").is_some(), "nothing typed is lost");
        drop(busy);
        house.settled().await;
        assert_eq!(outgoing(&house, lead).as_deref(), Some("It comes tomorrow."));
        let window = texts(&house.slack.modal("U0DANA").expect("open")["blocks"]);
        assert!(window.contains("on its way"), "{window}");
        assert!(house.lead(lead).drafts.is_empty());
    }
}

#[tokio::test]
async fn a_window_that_is_not_ours_is_told_so() {
    let house = House::open(Way::Http).await;
    replying(&house).await;
    let mut sent = house.slack.submit("U0DANA", &[("text", "x")]);
    sent.body["view"]["callback_id"] = json!("somebody:else");
    let answered = house.does(&sent).await;
    assert_eq!(answered.body["response_action"], "update");
    assert!(
        texts(&answered.body["view"]["blocks"]).contains("another time"),
        "{}",
        answered.body
    );
}
