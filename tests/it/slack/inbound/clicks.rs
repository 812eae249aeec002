//! Buttons on cards and in notices.

use jiff::SignedDuration;

use super::*;

#[tokio::test]
async fn one_click_claims_and_only_the_clicker_hears_of_it() {
    for way in BOTH {
        let house = House::open(way).await;
        let lead = house.question().await;
        let card = house.card(lead, &["claim", "reply"]).await;
        house.does(&house.slack.press("U0DANA", &card, "do:claim")).await;
        assert_eq!(house.owner(lead).as_deref(), Some("dana"), "{way:?}");
        assert!(house.told("U0DANA").contains(&lead.to_string()));
        assert_eq!(house.times_told("U0MATEO"), 0);
    }
}

#[tokio::test]
async fn a_double_click_is_one_change_and_so_is_a_delivery_that_comes_twice() {
    for way in BOTH {
        let house = House::open(way).await;
        let lead = house.question().await;
        let card = house.card(lead, &["claim"]).await;
        let (first, second) = (
            house.slack.press("U0DANA", &card, "do:claim"),
            house.slack.press("U0DANA", &card, "do:claim"),
        );
        tokio::join!(house.acknowledged(&first), house.acknowledged(&second));
        house.settled().await;
        house.does(&first).await;
        let claims = house.history(lead).matches("claimed").count();
        assert_eq!(claims, 1, "{way:?}: {}", house.history(lead));
        assert_eq!(house.times_told("U0DANA"), 2, "each click is answered once");
    }
}

#[tokio::test]
async fn of_a_click_in_slack_and_one_on_the_board_exactly_one_wins() {
    for _ in 0..5 {
        let house = House::open(Way::Http).await;
        let lead = house.question().await;
        let card = house.card(lead, &["claim"]).await;
        let click = house.slack.press("U0DANA", &card, "do:claim");
        let line = format!("/claim {lead}");
        let (_, on_board) = tokio::join!(house.does(&click), house.on_the_board("mateo", &line));
        let in_slack = house.told("U0DANA");
        match house.owner(lead).as_deref() {
            Some("dana") => assert!(on_board.text.contains("Dana Okafor"), "{on_board:?}"),
            Some("mateo") => assert!(in_slack.contains("Mateo Rivas"), "{in_slack}"),
            other => panic!("owned by {other:?}"),
        }
        assert_eq!(house.history(lead).matches("claimed").count(), 1);
    }
}

#[tokio::test]
async fn a_click_on_a_lead_that_was_handed_off_meanwhile_says_where_it_went() {
    let house = House::open(Way::Socket).await;
    let lead = house.question().await;
    let card = house.card(lead, &["claim", "reply"]).await;
    house.on_the_board("dana", &format!("/claim {lead}")).await;
    house
        .on_the_board(
            "dana",
            &format!("/hand-off {lead} sales wants a quote for forty chairs"),
        )
        .await;
    house.on_the_board("aisha", &format!("/accept {lead}")).await;
    house.does(&house.slack.press("U0MATEO", &card, "do:claim")).await;
    let told = house.told("U0MATEO");
    assert!(told.contains("Sales") || told.contains("Aisha"), "{told}");
    assert_eq!(house.owner(lead).as_deref(), Some("aisha"));
}

#[tokio::test]
async fn readings_are_answered_privately_and_forms_open_at_once() {
    let house = House::open(Way::Http).await;
    let lead = house.question().await;
    let card = house.card(lead, &["claim", "show", "reply"]).await;
    house.does(&house.slack.press("U0LEE", &card, "do:show")).await;
    assert!(
        house.told("U0LEE").contains("order 4711"),
        "{}",
        house.told("U0LEE")
    );
    house.does(&house.slack.press("U0LEE", &card, "do:reply")).await;
    assert!(
        house.slack.modal("U0LEE").is_none(),
        "nobody writes what they may not send"
    );
    assert!(
        house.told("U0LEE").contains("Customer service"),
        "{}",
        house.told("U0LEE")
    );
    house.does(&house.slack.press("U0DANA", &card, "do:claim")).await;
    house.does(&house.slack.press("U0DANA", &card, "do:reply")).await;
    let modal = house.slack.modal("U0DANA").expect("a form");
    assert!(
        texts(&modal["blocks"]).contains("order 4711"),
        "the mention is quoted"
    );
}

#[tokio::test]
async fn a_trigger_that_died_is_told_and_not_silent() {
    let house = House::open(Way::Http).await;
    let lead = house.question().await;
    house.on_the_board("dana", &format!("/claim {lead}")).await;
    let card = house.card(lead, &["reply"]).await;
    let click = house.slack.press("U0DANA", &card, "do:reply");
    house.pass(SignedDuration::from_secs(4));
    house.does(&click).await;
    assert!(house.slack.modal("U0DANA").is_none());
    assert!(
        house.told("U0DANA").contains("please click again"),
        "{}",
        house.told("U0DANA")
    );
}

#[tokio::test]
async fn without_a_response_address_the_answer_finds_its_way() {
    let house = House::open(Way::Http).await;
    let lead = house.question().await;
    let card = house.card(lead, &["claim"]).await;
    let mut click = house.slack.press("U0DANA", &card, "do:claim");
    click.body["response_url"] = serde_json::Value::Null;
    house.does(&click).await;
    assert!(
        house.told("U0DANA").contains(&lead.to_string()),
        "an ephemeral message in the channel"
    );
    let late = house.slack.press("U0DANA", &card, "do:claim");
    house.pass(SignedDuration::from_mins(31));
    house.does(&late).await;
    assert_eq!(house.times_told("U0DANA"), 2, "the address is too old");
    house.slack.members_of_channel("C0SUPPORT", &[]);
    let mut click = house.slack.press("U0MATEO", &card, "do:claim");
    click.body["response_url"] = serde_json::Value::Null;
    house.does(&click).await;
    let direct = house.slack.direct("U0MATEO").only();
    assert!(
        direct.text().contains("Dana Okafor"),
        "a direct message: {}",
        direct.text()
    );
}
