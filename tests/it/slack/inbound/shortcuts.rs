//! Shortcuts, and the app's home.

use super::*;

#[tokio::test]
async fn a_card_is_claimed_and_noted_on_from_its_menu_and_from_its_thread() {
    for way in BOTH {
        let house = House::open(way).await;
        let lead = house.question().await;
        let card = house.card(lead, &["claim"]).await;
        house
            .does(&house.slack.message_shortcut("U0DANA", "claim", &card))
            .await;
        assert_eq!(house.owner(lead).as_deref(), Some("dana"), "{way:?}");
        let said = house
            .slack
            .says("U0MATEO", "C0SUPPORT", Some(&card.ts), "I know her");
        let ts = said.body["event"]["ts"].as_str().unwrap().to_owned();
        house.does(&said).await;
        let in_thread = house.slack.channel("C0SUPPORT").message(&ts);
        house
            .does(&house.slack.message_shortcut("U0DANA", "note", &in_thread))
            .await;
        house
            .does(&house.slack.submit("U0DANA", &[("text", "A regular.")]))
            .await;
        assert!(
            house.history(lead).contains("A regular."),
            "{}",
            house.history(lead)
        );
        assert!(!house.history(lead).contains("I know her"), "talk stays talk");
    }
}

#[tokio::test]
async fn a_message_becomes_a_lead_once() {
    for way in BOTH {
        let house = House::open(way).await;
        let text = "A customer rang: the &lt;Lark&gt; sofa, see <https://a.example|a.example> <@U0MATEO>";
        let said = house.slack.says("U0AMARA", "C0SALES", None, text);
        let ts = said.body["event"]["ts"].as_str().unwrap().to_owned();
        house.does(&said).await;
        let message = house.slack.channel("C0SALES").message(&ts);
        house
            .does(&house.slack.message_shortcut("U0DANA", "make_lead", &message))
            .await;
        let seen = house
            .store
            .seen(&"slack".into(), &format!("C0SALES:{ts}"))
            .unwrap();
        let lead = seen.expect("known").lead.expect("a lead");
        let told = house.told("U0DANA");
        assert!(told.contains(&format!("{lead} now")), "{way:?}: {told}");
        let made = house.lead(lead);
        let excerpt = made.latest.excerpt.as_written();
        assert_eq!(
            excerpt,
            "A customer rang: the <Lark> sofa, see https://a.example @Mateo Rivas"
        );
        assert_eq!(made.author.as_ref().unwrap().name.as_written(), "Amara Nwosu");
        assert_eq!(made.latest.at.as_second(), house.slack.now().as_second());
        house
            .does(&house.slack.message_shortcut("U0MATEO", "make_lead", &message))
            .await;
        assert!(
            house.told("U0MATEO").contains("already"),
            "{}",
            house.told("U0MATEO")
        );
        assert_eq!(house.store.totals().unwrap().leads, 1);
    }
}

#[tokio::test]
async fn shortcuts_that_fit_nothing_say_so() {
    let house = House::open(Way::Http).await;
    let said = house.slack.says("U0AMARA", "C0SUPPORT", None, "Lunch?");
    let ts = said.body["event"]["ts"].as_str().unwrap().to_owned();
    house.does(&said).await;
    let message = house.slack.channel("C0SUPPORT").message(&ts);
    for (callback, part) in [("claim", "not a lead’s card"), ("of_tomorrow", "does not know")] {
        house
            .does(&house.slack.message_shortcut("U0DANA", callback, &message))
            .await;
        assert!(
            house.told("U0DANA").contains(part),
            "{callback}: {}",
            house.told("U0DANA")
        );
    }
    let lead = house.question().await;
    let card = house.card(lead, &["claim"]).await;
    house
        .does(&house.slack.message_shortcut("U0DANA", "make_lead", &card))
        .await;
    assert!(
        house.told("U0DANA").contains("is the card of"),
        "{}",
        house.told("U0DANA")
    );
    house
        .does(&house.slack.message_shortcut("U0GUEST2", "make_lead", &message))
        .await;
    assert_eq!(house.store.totals().unwrap().leads, 1, "only staff make leads");
}

#[tokio::test]
async fn a_persons_queue_opens_from_anywhere() {
    let house = House::open(Way::Socket).await;
    let lead = house.question().await;
    let mut shortcut = house.slack.opens_home("U0DANA");
    let pressed = house.card(lead, &["claim"]).await;
    let base = house.slack.press("U0DANA", &pressed, "do:claim").body;
    shortcut.kind = "interactive";
    shortcut.body = serde_json::json!({
        "type": "shortcut", "callback_id": "queue", "trigger_id": base["trigger_id"], "user": base["user"],
        "team": base["team"], "action_ts": "1.1",
    });
    house.does(&shortcut).await;
    let window = house.slack.modal("U0DANA").expect("a window");
    assert!(texts(&window["blocks"]).contains("order 4711"), "{window}");
}

#[tokio::test]
async fn the_home_shows_what_is_mine_and_what_waits_and_its_buttons_work() {
    for way in BOTH {
        let house = House::open(way).await;
        let lead = house.question().await;
        house.does(&house.slack.opens_home("U0DANA")).await;
        let home = house.slack.home("U0DANA").expect("a home");
        let read = texts(&home["blocks"]);
        assert!(
            read.contains("You hold no lead") && read.contains("order 4711"),
            "{way:?}: {read}"
        );
        house
            .does(&house.slack.press_in_view("U0DANA", "do:claim", None))
            .await;
        assert_eq!(house.owner(lead).as_deref(), Some("dana"));
        let read = texts(&house.slack.home("U0DANA").expect("a home")["blocks"]);
        assert!(
            !read.contains("You hold no lead") && read.contains("is yours"),
            "{read}"
        );
        house.pass(jiff::SignedDuration::from_hours(5));
        house.does(&house.slack.opens_home("U0DANA")).await;
        let read = texts(&house.slack.home("U0DANA").expect("a home")["blocks"]);
        assert!(read.contains("Late, or soon"), "{read}");
        house.slack.person("U0NOBODY", "No Body");
        house.does(&house.slack.opens_home("U0NOBODY")).await;
        let read = texts(&house.slack.home("U0NOBODY").expect("a home")["blocks"]);
        assert!(
            read.contains("not a member of staff") && !read.contains("4711"),
            "{read}"
        );
    }
}
