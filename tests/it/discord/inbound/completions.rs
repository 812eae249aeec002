//! Completions: what is offered while an option is typed.

use super::*;

async fn offered(house: &House, who: &Who, command: &str, options: Value) -> Vec<(String, String)> {
    let command = command.to_owned();
    let seen = house.does(who, Press::Typing { command, options }).await;
    assert_eq!(seen.first["type"], 8);
    let choices = seen.first["data"]["choices"].as_array().expect("choices").clone();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    choices
        .iter()
        .map(|choice| (text(&choice["value"]), text(&choice["name"])))
        .collect()
}

fn typing(name: &str, typed: &str) -> Value {
    json!({ "name": name, "type": 3, "value": typed, "focused": true })
}

#[tokio::test]
async fn leads_are_found_by_their_number_and_by_what_was_said() {
    for way in BOTH {
        let mut house = House::open(way).await;
        let order = house.story.claimed().await;
        let mention = house.story.written(
            "x",
            "tom",
            "@larkspurhome a refund, please! My invoice is wrong @everyone",
        );
        let refund = house.story.arrive(mention).await;
        let all = offered(&house, &dana(), "claim", json!([typing("lead", "")])).await;
        assert_eq!(all[0].0, order.to_string(), "her own first");
        assert!(all.iter().any(|(value, _)| *value == refund.to_string()));
        assert_eq!(
            offered(&house, &dana(), "claim", json!([typing("lead", "REFUND")])).await,
            [(
                refund.to_string(),
                format!("{refund} · @larkspurhome a refund, please! My invoice is wrong @everyone")
            )]
        );
        let digits = order.0.to_string();
        for typed in [order.to_string(), digits] {
            let found = offered(
                &house,
                &dana(),
                "lead",
                json!([{ "name": "show", "type": 1, "options": [typing("lead", &typed)] }]),
            )
            .await;
            assert!(
                found.iter().any(|(value, _)| *value == order.to_string()),
                "{typed}"
            );
        }
        let nobody = Who::new(77_777_777, "Nobody", &[]);
        assert_eq!(
            offered(&house, &nobody, "claim", json!([typing("lead", "")])).await,
            []
        );
    }
}

#[tokio::test]
async fn departments_outcomes_times_and_commands_are_offered_in_any_order() {
    let house = House::open(Way::Http).await;
    for (command, options, value, name) in [
        (
            "hand-off",
            json!([typing("department", "legal")]),
            "legal",
            "Legal",
        ),
        (
            "resolve",
            json!([option("lead", "L-1"), typing("outcome", "dupl")]),
            "duplicate",
            "Duplicate",
        ),
        ("snooze", json!([typing("until", "tom")]), "tomorrow 9:00", ""),
        ("help", json!([typing("command", "snoo")]), "snooze", ""),
        ("who", json!([typing("about", "Okafor")]), "dana", "Dana Okafor"),
    ] {
        let found = offered(&house, &dana(), command, options).await;
        let Some((_, label)) = found.iter().find(|(offered, _)| offered == value) else {
            panic!("{command}: {value} in {found:?}");
        };
        assert!(label.to_lowercase().contains(&name.to_lowercase()), "{label}");
    }
    for (command, options) in [
        ("note", json!([typing("text", "hello")])),
        ("fly", json!([typing("lead", "")])),
        ("claim", json!([option("lead", "L-1")])),
        ("claim", json!([typing("colour", "")])),
    ] {
        assert_eq!(offered(&house, &dana(), command, options).await, [], "{command}");
    }
}

#[tokio::test]
async fn no_more_than_twenty_five_and_none_longer_than_its_room() {
    let mut house = House::open(Way::Http).await;
    for number in 0..30 {
        let text = format!(
            "@larkspurhome {} my parcel 📦 number {number}",
            "where is it? ".repeat(30)
        );
        let mention = house.story.written("x", &format!("author{number}"), &text);
        house.story.arrive(mention).await;
    }
    let all = offered(&house, &dana(), "claim", json!([typing("lead", "")])).await;
    assert!((20..=25).contains(&all.len()), "{}", all.len());
    assert!(all.iter().all(|(_, label)| label.encode_utf16().count() <= 100));
}
