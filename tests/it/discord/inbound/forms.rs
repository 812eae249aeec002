//! Forms: modals, what must be chosen before them, and what becomes of a text that is refused.

use super::*;

#[tokio::test]
async fn a_reply_is_written_in_a_modal_and_goes_out() {
    for way in BOTH {
        let mut house = House::open(way).await;
        let lead = house.story.claimed().await;
        let shown = house.presses(&dana(), "reply", lead).await;
        let modal = house.presses_own(&dana(), &shown, "Open the form").await;
        assert_eq!(modal.first["type"], 9);
        assert_eq!(inputs(&modal.first["data"]), [("text".to_owned(), String::new())]);
        let seen = house
            .sends(&dana(), &modal, &[("text", "It is on its way, Mara.")])
            .await;
        assert_eq!(house.words(&seen), format!("Your reply to {lead} is on its way."));
        house.story.settle().await;
        assert_eq!(house.story.public(), ["It is on its way, Mara."]);

        // The same window, sent twice.
        let again = house
            .sends(&dana(), &modal, &[("text", "It is on its way, Mara.")])
            .await;
        assert!(house.words(&again).contains("already"), "{}", house.words(&again));
        house.story.settle().await;
        assert_eq!(house.story.public().len(), 1);
    }
}

#[tokio::test]
async fn a_new_word_underneath_stops_the_reply_and_the_text_is_kept() {
    for way in BOTH {
        let mut house = House::open(way).await;
        let lead = house.story.claimed().await;
        let shown = house.presses(&dana(), "reply", lead).await;
        let modal = house.presses_own(&dana(), &shown, "Open the form").await;
        let mut more = house.story.written("x", "mara", "Never mind, it has just come.");
        more.in_reply_to = Some("m1".to_owned());
        house.story.arrive(more).await;
        let seen = house.sends(&dana(), &modal, &[("text", "We are sorry.")]).await;
        let said = house.words(&seen);
        assert!(said.contains("Something new was said"), "{said}");
        assert!(
            said.contains("Never mind, it has just come."),
            "the new words are shown: {said}"
        );

        let again = house.presses_own(&dana(), &seen, "Try again").await;
        assert_eq!(
            inputs(&again.first["data"]),
            [("text".to_owned(), "We are sorry.".to_owned())]
        );
        let seen = house
            .sends(&dana(), &again, &[("text", "Glad to hear it!")])
            .await;
        assert_eq!(house.words(&seen), format!("Your reply to {lead} is on its way."));
        house.story.settle().await;
        assert_eq!(house.story.public(), ["Glad to hear it!"]);
    }
}

#[tokio::test]
async fn a_department_is_chosen_first_and_the_packet_written_then() {
    for way in BOTH {
        let mut house = House::open(way).await;
        let lead = house.story.claimed().await;
        let choice = house.presses(&dana(), "hand-off", lead).await;
        assert_eq!(choice.first["type"], 4);
        assert!(
            house.words(&choice).contains("order 4711"),
            "what it is about is shown"
        );
        let modal = house.chooses(&dana(), &choice, "pr").await;
        let names: Vec<String> = inputs(&modal.first["data"])
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["summary", "promised", "suggested_reply"]);
        let seen = house
            .sends(&dana(), &modal, &[("summary", "A journalist asks.")])
            .await;
        assert_eq!(
            seen.first["type"], 7,
            "the choice has done its work and gives way"
        );
        assert!(house.words(&seen).contains("offered"), "{}", house.words(&seen));
        assert_eq!(house.told(&seen)["components"], json!([]));
        house.story.settle().await;
        let offer = house.story.lead(lead).hand_off.clone();
        assert!(offer.is_some(), "the offer stands");
    }
}

#[tokio::test]
async fn a_choice_made_too_late_says_what_has_changed() {
    for way in BOTH {
        let mut house = House::open(way).await;
        let lead = house.story.claimed().await;
        let choice = house.presses(&dana(), "hand-off", lead).await;
        house
            .story
            .says("dana", &format!("/resolve {lead} answered"))
            .await
            .done();
        let seen = house.chooses(&dana(), &choice, "pr").await;
        assert_eq!(seen.first["type"], 7);
        assert!(house.words(&seen).contains("resolved"), "{}", house.words(&seen));
    }
}

#[tokio::test]
async fn what_is_given_with_a_command_stands_in_its_form() {
    for way in BOTH {
        let mut house = House::open(way).await;
        let lead = house.story.claimed().await;
        let options = json!([option("lead", &lead.to_string()), option("department", "pr")]);
        let modal = house.types(&dana(), "hand-off", options).await;
        assert_eq!(modal.first["type"], 9, "nothing is left to be chosen");
        let seen = house
            .sends(&dana(), &modal, &[("summary", "A journalist asks.")])
            .await;
        assert!(house.words(&seen).contains("offered"), "{}", house.words(&seen));
    }
}

#[tokio::test]
async fn what_is_typed_with_a_command_waits_while_something_is_chosen() {
    for way in BOTH {
        let mut house = House::open(way).await;
        let lead = house.story.claimed().await;
        let summary = "A journalist asks about the recall. ".repeat(60);
        let options = json!([
            option("lead", &lead.to_string()),
            option("summary", summary.trim()),
            option("promised", "A call by noon"),
        ]);
        let choice = house.types(&dana(), "hand-off", options).await;
        assert_eq!(choice.first["type"], 4);
        let modal = house.chooses(&dana(), &choice, "pr").await;
        let typed = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            inputs(&modal.first["data"]),
            [
                typed("summary", summary.trim()),
                typed("promised", "A call by noon"),
                typed("suggested_reply", ""),
            ]
        );
        let seen = house.sends(&dana(), &modal, &[]).await;
        assert!(house.words(&seen).contains("offered"), "{}", house.words(&seen));
        house.story.settle().await;
        let lead = house.story.lead(lead);
        let offer = lead.hand_off.as_ref().expect("the offer stands");
        assert_eq!(offer.packet.summary, summary.trim());
        assert_eq!(offer.packet.promised, "A call by noon");
        assert_eq!(lead.drafts, [], "what was sent is no draft any more");
    }
}

#[tokio::test]
async fn a_long_text_is_read_before_it_is_answered() {
    for way in BOTH {
        let mut house = House::open(way).await;
        let long = format!(
            "@larkspurhome {} And that is the end.",
            "My order has not come. ".repeat(60)
        );
        let mention = house.story.written("x", "mara", &long);
        let lead = house.story.arrive(mention).await;
        house.story.click("dana", "claim", lead).await.done();
        let shown = house.presses(&dana(), "reply", lead).await;
        assert_eq!(shown.first["type"], 4);
        assert!(
            house.words(&shown).contains("that is the end"),
            "{}",
            house.words(&shown)
        );
        let modal = house.presses_own(&dana(), &shown, "Open the form").await;
        assert_eq!(modal.first["type"], 9);
    }
}

#[tokio::test]
async fn guidelines_that_a_window_would_cut_are_read_before_it_opens() {
    for way in BOTH {
        let mut house = House::open(way).await;
        let lead = house.story.claimed().await;
        let shown = house.presses(&dana(), "reply", lead).await;
        assert_eq!(shown.first["type"], 4, "a message for Dana alone comes first");
        assert_eq!(shown.first["data"]["flags"], 64);
        let said = house.words(&shown);
        assert!(said.contains("order 4711"), "{said}");
        let guidelines = &house.story.company.departments[&"support".into()].guidelines;
        assert!(guidelines.join(" · ").len() > 200);
        for line in guidelines {
            assert!(said.contains(line), "{line} in {said}");
        }
        let modal = house.presses_own(&dana(), &shown, "Open the form").await;
        assert_eq!(modal.first["type"], 9);
    }
}

#[tokio::test]
async fn guidelines_that_fit_a_window_stand_in_it() {
    let short = |company: &mut Company| {
        let support = company.departments.get_mut(&"support".into()).expect("support");
        support.guidelines = vec![
            "Do say what happens next.".to_owned(),
            "Don’t offer money.".to_owned(),
        ];
    };
    for way in BOTH {
        let mut house = House::open_where(way, short).await;
        let lead = house.story.claimed().await;
        let modal = house.presses(&dana(), "reply", lead).await;
        assert_eq!(modal.first["type"], 9);
        let input = &modal.first["data"]["components"][0]["components"][0];
        assert_eq!(
            input["placeholder"],
            "Do say what happens next. · Don’t offer money."
        );
    }
}
