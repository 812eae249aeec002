//! Slash commands: every spelling, Slack's own escapes, forms, and a desk with its hands full.

use serde_json::Value;

use super::*;

#[tokio::test]
async fn a_command_is_understood_in_every_spelling_and_answered_to_the_asker_alone() {
    for way in BOTH {
        let house = House::open(way).await;
        for (command, rest) in [("/lead", "claim"), ("/claim", ""), ("/sb-claim", "")] {
            let lead = house
                .mention(&format!("mara-{command}-{rest}"), "Where is my order?")
                .await;
            let typed = house.slack.slash("U0DANA", command, &format!("{rest} {lead}"));
            let answered = house.does(&typed).await;
            assert_eq!(answered.body["response_type"], "ephemeral", "{way:?}");
            assert_eq!(house.owner(lead).as_deref(), Some("dana"), "{command} {rest}");
            assert!(house.told("U0DANA").contains(&lead.to_string()));
        }
        let channel = house.slack.channel("C0SUPPORT").messages();
        assert!(channel.is_empty(), "nobody else saw an answer: {channel:?}");
    }
}

#[tokio::test]
async fn people_links_and_escapes_are_read_as_they_were_typed() {
    let house = House::open(Way::Http).await;
    let lead = house.question().await;
    house
        .does(
            &house
                .slack
                .slash("U0DANA", "/assign", &format!("{lead} <@U0MATEO|mateo.rivas>")),
        )
        .await;
    assert_eq!(
        house.owner(lead).as_deref(),
        Some("mateo"),
        "{}",
        house.told("U0DANA")
    );
    let text =
        format!("{lead} 1 &lt; 2 &amp;amp; see <https://a.example/?a=1&amp;b=2|a.example>, “now” <@U0DANA>");
    house.does(&house.slack.slash("U0MATEO", "/note", &text)).await;
    let history = house.history(lead);
    assert!(
        history.contains("1 < 2 &amp; see https://a.example/?a=1&b=2, “now” @dana"),
        "{history}"
    );
}

#[tokio::test]
async fn a_command_that_lacks_words_opens_its_form() {
    for way in BOTH {
        let house = House::open(way).await;
        let lead = house.question().await;
        let answered = house
            .does(&house.slack.slash("U0DANA", "/note", &lead.to_string()))
            .await;
        assert_eq!(answered.body, Value::Null, "{way:?}");
        let modal = house.slack.modal("U0DANA").expect("a form");
        assert_eq!(modal["callback_id"], "form:note");
        let sent = house
            .does(&house.slack.submit("U0DANA", &[("text", "Called her.")]))
            .await;
        assert_eq!(sent.body, Value::Null, "an empty answer closes the window");
        assert!(house.slack.modal("U0DANA").is_none());
        assert!(house.history(lead).contains("Called her."));
    }
}

#[tokio::test]
async fn a_refusal_says_why() {
    let house = House::open(Way::Http).await;
    let lead = house.question().await;
    house
        .does(&house.slack.slash("U0DANA", "/claim", &lead.to_string()))
        .await;
    house
        .does(&house.slack.slash("U0MATEO", "/claim", &lead.to_string()))
        .await;
    assert!(
        house.told("U0MATEO").contains("Dana Okafor"),
        "{}",
        house.told("U0MATEO")
    );
    house
        .does(&house.slack.slash("U0MATEO", "/lead", "clam L-1"))
        .await;
    assert!(
        house.told("U0MATEO").contains("claim"),
        "{}",
        house.told("U0MATEO")
    );
}

#[tokio::test]
async fn a_busy_desk_delays_the_answer_and_not_the_acknowledgement() {
    for way in BOTH {
        let house = House::open(way).await;
        let lead = house.question().await;
        let busy = house.watched.door.write().await;
        let answered = house
            .acknowledged(&house.slack.slash("U0DANA", "/claim", &lead.to_string()))
            .await;
        assert_eq!(
            answered.body,
            Value::Null,
            "{way:?}: acknowledged with nothing to say yet"
        );
        assert_eq!(house.times_told("U0DANA"), 0);
        drop(busy);
        house.settled().await;
        assert_eq!(house.owner(lead).as_deref(), Some("dana"));
        assert_eq!(house.times_told("U0DANA"), 1);
        assert!(house.told("U0DANA").contains(&lead.to_string()));
    }
}
