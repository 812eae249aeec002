//! A desk that is slow, or full: Discord's three seconds are kept all the same, and nothing that was typed is lost.

use std::sync::atomic::Ordering;

use super::*;
use crate::watched::Watched;

async fn watched(way: Way) -> (House, Arc<Watched>) {
    let story = TestDesk::with(on_discord, switchboard::network::scripted::Faults::default());
    let desk = Watched::new(Arc::clone(&story.front));
    let front = Arc::clone(&desk) as Arc<dyn FrontDesk>;
    (House::open_with(way, story, front).await, desk)
}

/// The words that a person comes to see, once the placeholder was edited.
async fn comes_to_see(house: &House, seen: &Seen) -> String {
    let token = seen.interaction["token"].as_str().expect("a token").to_owned();
    let edited = format!("/{token}/messages/@original");
    house.server.until_asked("PATCH", &edited).await;
    house.words(seen)
}

#[tokio::test]
async fn a_slow_desk_is_waited_for_in_the_open_and_its_answer_follows() {
    for way in BOTH {
        let (mut house, desk) = watched(way).await;
        let lead = house.story.question().await;
        let busy = desk.door.write().await;
        let seen = house.presses(&dana(), "claim", lead).await;
        assert_eq!(seen.first, json!({ "type": 5, "data": { "flags": 64 } }));
        drop(busy);
        assert_eq!(comes_to_see(&house, &seen).await, format!("{lead} is yours."));
    }
}

#[tokio::test]
async fn a_line_that_breaks_while_the_desk_works_takes_no_answer_with_it() {
    let (mut house, desk) = watched(Way::Gateway).await;
    let lead = house.story.question().await;
    let busy = desk.door.write().await;
    let seen = house.presses(&dana(), "claim", lead).await;
    assert_eq!(seen.first["type"], 5);
    house.server.drop_gateway();
    drop(busy);
    assert_eq!(comes_to_see(&house, &seen).await, format!("{lead} is yours."));
    house.server.until_ready().await;
    let (_, identified, resumed) = house.server.gateway_counts();
    assert_eq!((identified, resumed), (1, 1));
    assert_eq!(house.server.asked("POST", "/callback").len(), 1, "answered once");
}

#[tokio::test]
async fn a_form_that_comes_too_late_to_open_is_offered() {
    let (mut house, desk) = watched(Way::Gateway).await;
    let lead = house.story.claimed().await;
    let busy = desk.door.write().await;
    let seen = house.presses(&dana(), "note", lead).await;
    assert_eq!(seen.first["type"], 5);
    drop(busy);
    comes_to_see(&house, &seen).await;
    let modal = house.presses_own(&dana(), &seen, "Open the form").await;
    assert_eq!(modal.first["type"], 9);
}

#[tokio::test]
async fn in_a_message_of_ones_own_the_answer_takes_its_place() {
    let (mut house, desk) = watched(Way::Http).await;
    let lead = house.story.claimed().await;
    let choice = house.presses(&dana(), "resolve", lead).await;
    let busy = desk.door.write().await;
    let seen = house.chooses(&dana(), &choice, "answered").await;
    assert_eq!(seen.first, json!({ "type": 6 }));
    drop(busy);
    comes_to_see(&house, &seen).await;
}

#[tokio::test]
async fn what_a_full_desk_cannot_keep_is_shown_to_its_writer() {
    let (mut house, desk) = watched(Way::Http).await;
    let lead = house.story.claimed().await;
    let modal = house.presses(&dana(), "note", lead).await;
    desk.full.store(true, Ordering::SeqCst);
    let long = format!("Ask the warehouse. {}That is all.", "Twice a day. ".repeat(40));
    let seen = house.sends(&dana(), &modal, &[("text", &long)]).await;
    let said = house.words(&seen);
    assert!(
        said.contains("the queue is full; try again in a moment"),
        "{said}"
    );
    assert!(said.contains(&long), "{said}");
    assert_eq!(house.story.lead(lead).drafts, []);
}

#[tokio::test]
async fn what_was_typed_with_a_command_and_cannot_be_kept_is_given_back() {
    let (mut house, desk) = watched(Way::Http).await;
    let lead = house.story.claimed().await;
    desk.keeps_no_draft.store(true, Ordering::SeqCst);
    let long = format!(
        "A journalist asks. {}That is all.",
        "About the recall. ".repeat(120)
    );
    let options = json!([option("lead", &lead.to_string()), option("summary", &long)]);
    let seen = house.types(&dana(), "hand-off", options).await;
    let said = house.words(&seen);
    assert!(
        said.contains("the queue is full; try again in a moment"),
        "{said}"
    );
    assert!(said.contains(&long), "{said}");
    assert_eq!(house.told(&seen)["components"], json!([]), "nothing to choose");
}
