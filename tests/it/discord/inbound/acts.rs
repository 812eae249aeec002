//! Buttons and commands: what people do at once, and what they are told.

use super::*;

#[tokio::test]
async fn a_claim_is_told_privately_and_a_second_click_changes_nothing() {
    for way in BOTH {
        let mut house = House::open(way).await;
        let lead = house.story.question().await;
        let seen = house.presses(&dana(), "claim", lead).await;
        assert_eq!(seen.first["type"], 4);
        assert_eq!(seen.first["data"]["flags"], 64);
        assert_eq!(seen.first["data"]["allowed_mentions"], json!({ "parse": [] }));
        assert_eq!(house.words(&seen), format!("{lead} is yours."));
        let before = house.story.history(lead);
        let again = house.presses(&dana(), "claim", lead).await;
        assert!(house.words(&again).contains("already"), "{}", house.words(&again));
        assert_eq!(house.story.history(lead), before);
    }
}

#[tokio::test]
async fn the_same_claim_on_the_web_board_and_here_has_one_winner() {
    for way in BOTH {
        let mut house = House::open(way).await;
        let lead = house.story.question().await;
        house.story.click("mateo", "claim", lead).await.done();
        let seen = house.presses(&dana(), "claim", lead).await;
        assert!(
            house.words(&seen).contains("Mateo Rivas"),
            "{}",
            house.words(&seen)
        );
        assert_eq!(house.story.lead(lead).owner(), Some(&"mateo".into()));
    }
}

#[tokio::test]
async fn a_button_that_has_grown_old_says_why() {
    for way in BOTH {
        let mut house = House::open(way).await;
        let lead = house.story.claimed().await;
        let options = json!([option("lead", &lead.to_string()), option("outcome", "answered")]);
        house.types(&dana(), "resolve", options).await;
        for command in ["claim", "reply", "release"] {
            let seen = house.presses(&dana(), command, lead).await;
            assert_eq!(seen.first["type"], 4, "{command}");
            assert!(
                house.words(&seen).contains("resolved"),
                "{command}: {}",
                house.words(&seen)
            );
        }
    }
}

#[tokio::test]
async fn what_is_not_ours_is_refused_in_words() {
    for way in BOTH {
        let house = House::open(way).await;
        for custom_id in [
            "",
            "vote|7",
            "do|claim",
            "do|claim|everything",
            "pick|claim|L-1",
            "fill|claim|L-1",
        ] {
            let message = house.message().await;
            let custom_id = custom_id.to_owned();
            let seen = house.does(&dana(), Press::Button { message, custom_id }).await;
            assert!(
                house.words(&seen).contains("is not known here"),
                "{}",
                house.words(&seen)
            );
        }
        for (command, options, said) in [
            ("fly", json!([]), "There is no command “fly”"),
            ("claim", json!([]), "/claim needs the lead to take"),
            ("claim", json!([option("lead", "L-999")]), "L-999"),
            (
                "claim",
                json!([option("colour", "red")]),
                "has no option “colour”",
            ),
            (
                "note",
                json!([
                    option("lead", "L-1"),
                    option("text", &"x".repeat(6000)),
                    option("more", &"x".repeat(6000)),
                    option("yet", "x")
                ]),
                "12000 at most",
            ),
        ] {
            let seen = house.types(&dana(), command, options).await;
            assert!(
                house.words(&seen).contains(said),
                "{way:?} {command}: {}",
                house.words(&seen)
            );
        }
        let press = Press::Modal {
            message: None,
            custom_id: "survey".to_owned(),
            fields: vec![("text".to_owned(), "hello".to_owned())],
        };
        let seen = house.does(&dana(), press).await;
        assert!(
            house.words(&seen).contains("form is not known here"),
            "{}",
            house.words(&seen)
        );
    }
}

#[tokio::test]
async fn commands_are_understood_in_both_spellings() {
    for way in BOTH {
        let mut house = House::open(way).await;
        let lead = house.story.question().await;
        let options = json!([{ "name": "claim", "type": 1, "options": [option("lead", &lead.to_string())] }]);
        let seen = house.types(&dana(), "lead", options).await;
        assert_eq!(house.words(&seen), format!("{lead} is yours."));
        let seen = house.types(&dana(), "mine", json!([])).await;
        let mine = house.words(&seen);
        assert!(
            mine.contains(&lead.to_string()) && mine.contains("order 4711"),
            "{mine}"
        );
    }
}

#[tokio::test]
async fn both_ways_in_give_equal_answers() {
    let mut told = Vec::new();
    for way in BOTH {
        let mut house = House::open(way).await;
        let lead = house.story.question().await;
        let mut answers = vec![
            house.types(&dana(), "queue", json!([])).await.first,
            house.presses(&dana(), "claim", lead).await.first,
            house.presses(&lee(), "claim", lead).await.first,
            house.presses(&dana(), "resolve", lead).await.first,
        ];
        let modal = house.presses(&dana(), "note", lead).await;
        answers.push(
            house
                .sends(&dana(), &modal, &[("text", "Ask the warehouse.")])
                .await
                .first,
        );
        answers.push(modal.first);
        let command = "claim".to_owned();
        let options = json!([{ "name": "lead", "type": 3, "value": "", "focused": true }]);
        answers.push(
            house
                .does(&dana(), Press::Typing { command, options })
                .await
                .first,
        );
        told.push((answers, house.story.history(lead)));
    }
    assert_eq!(told[0], told[1]);
}
