//! Replying: only an explicit send becomes public, once, by whoever holds the lead, and never past something unread.

use super::*;

stories! {
    a_reply_goes_through_a_form_becomes_public_and_comes_back_with_its_link
    a_house_that_begins_anew_does_not_use_the_same_key_for_another_text
    a_form_sent_twice_is_one_reply
    something_new_stops_the_send_and_nothing_is_lost
    a_note_by_a_colleague_does_not_stop_the_send
    a_reply_is_refused_with_a_reason
    thread_talk_and_notes_never_become_public
    where_switchboard_cannot_publish_the_person_answers_there_and_says_so
}

async fn a_reply_goes_through_a_form_becomes_public_and_comes_back_with_its_link() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    desk.sleep(minutes(7));
    let form = desk.click("dana", "reply", lead).await.form();
    assert!(form.quote.as_ref().unwrap().as_written().contains("order 4711"));
    assert!(
        !form.guidelines.is_empty(),
        "the department's do's and don'ts are shown"
    );
    let told = desk
        .send("dana", &form, &[("text", "So sorry! Your order leaves today.")])
        .await
        .done();
    assert_eq!(told, "Your reply to L-1 is on its way.");

    assert_eq!(desk.public(), ["So sorry! Your order leaves today."]);
    let card = desk.card("support", lead);
    let turn = card.turns.last().unwrap();
    assert_eq!(turn.author, None, "the company spoke");
    assert!(
        turn.url.as_ref().unwrap().starts_with("https://"),
        "with its permalink"
    );
    assert_eq!(card.due, None, "the ball is with the author");
    assert_eq!(desk.lead(lead).clock.first_response, Some(desk.now()));
}

async fn a_house_that_begins_anew_does_not_use_the_same_key_for_another_text() {
    let mut keys = Vec::new();
    for text in ["It left today.", "It left yesterday.", "It left today."] {
        let mut desk = TestDesk::new();
        desk.claimed().await;
        desk.says("dana", &format!("/reply L-1 {text}")).await.done();
        let public = scripted::read_public(&scripted::public_file(&desk.data)).unwrap();
        keys.push(public[0].key.clone());
    }
    assert_ne!(
        keys[0], keys[1],
        "a network that knows the first would swallow the second"
    );
    assert_eq!(keys[0], keys[2], "the same text twice is one reply");
}

async fn a_form_sent_twice_is_one_reply() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    let form = desk.click("dana", "reply", lead).await.form();
    desk.send("dana", &form, &[("text", "Once.")]).await.done();
    desk.send("dana", &form, &[("text", "Once.")]).await.refused();
    assert_eq!(desk.public(), ["Once."]);
}

async fn something_new_stops_the_send_and_nothing_is_lost() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    let form = desk.click("dana", "reply", lead).await.form();
    let mut more = desk.written("x", "mara", "Never mind, it just arrived!");
    more.in_reply_to = Some("m1".into());
    assert_eq!(desk.arrive(more).await, lead);
    let told = desk
        .send("dana", &form, &[("text", "We are looking for it.")])
        .await
        .notice();
    assert_eq!(told.tone, Tone::Refused);
    assert_eq!(told.field.as_deref(), Some("text"));
    assert!(told.text.contains("Something new was said"));
    assert_eq!(desk.public(), [""; 0]);
    let again = desk.click("dana", "reply", lead).await.form();
    desk.send("dana", &again, &[("text", "Wonderful!")]).await.done();
    assert_eq!(desk.public(), ["Wonderful!"]);
}

async fn a_note_by_a_colleague_does_not_stop_the_send() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    let form = desk.click("dana", "reply", lead).await.form();
    desk.says("yuki", "/note L-1 The carrier is late everywhere.")
        .await
        .done();
    desk.send("dana", &form, &[("text", "It is on its way.")])
        .await
        .done();
    assert_eq!(desk.public(), ["It is on its way."]);
}

async fn a_reply_is_refused_with_a_reason() {
    let mut desk = TestDesk::new();
    let lead = desk.question().await;
    assert_eq!(
        desk.click("mateo", "reply", lead).await.refused(),
        "Nobody has L-1 yet; claim it first (`/claim L-1`), then answer it."
    );
    desk.click("mateo", "claim", lead).await.done();
    assert_eq!(
        desk.click("yuki", "reply", lead).await.refused(),
        "Mateo Rivas has L-1, so only Mateo Rivas or a lead of Customer service can answer it."
    );
    let long = "ß".repeat(300);
    assert_eq!(
        desk.says("mateo", &format!("/reply L-1 {long}")).await.refused(),
        "The reply is 300 long as X counts, 20 more than its limit of 280; shorten it."
    );
    let form = desk.click("mateo", "reply", lead).await.form();
    assert_eq!(
        desk.send("mateo", &form, &[("text", "  ")])
            .await
            .notice()
            .field
            .as_deref(),
        Some("text")
    );
    assert_eq!(desk.public(), [""; 0]);
}

async fn thread_talk_and_notes_never_become_public() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    desk.says("dana", "/note L-1 This customer is a pain.")
        .await
        .done();
    assert_eq!(desk.public(), [""; 0]);
    assert!(
        desk.card("support", lead)
            .turns
            .iter()
            .all(|turn| turn.author.is_some())
    );
}

async fn where_switchboard_cannot_publish_the_person_answers_there_and_says_so() {
    let mut desk = TestDesk::new();
    let mut review = desk.written(
        "reviews",
        "Ola",
        "Two stars: my order came with a scratched table.",
    );
    review.kind = MentionKind::Review;
    let lead = desk.arrive(review).await;
    let department = desk.lead(lead).department;
    assert_eq!(department.as_str(), "support");
    desk.click("dana", "claim", lead).await.done();
    let card = desk.card("support", lead);
    assert!(buttons(&card).contains(&"Answered there"));
    assert!(!buttons(&card).contains(&"Reply"));
    assert!(
        desk.says("dana", "/reply L-1 Hello")
            .await
            .refused()
            .contains("cannot publish to reviews")
    );
    assert!(
        desk.says("dana", "/answered L-1 javascript:alert(1)")
            .await
            .notice()
            .tone
            == Tone::Refused
    );
    desk.says("dana", "/answered L-1 https://reviews.example/1")
        .await
        .done();
    assert_eq!(desk.card("support", lead).due, None, "the clock stands");
    assert_eq!(desk.public(), [""; 0]);
}
