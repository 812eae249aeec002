//! Delivery when the network misbehaves: nothing goes out twice, nothing is lost, and people see what is in doubt.

use super::*;
use switchboard::port::delivery_error::DeliveryError;

stories! {
    an_answer_lost_after_the_post_is_found_again_and_not_sent_twice
    when_nobody_can_tell_the_card_asks_the_person
    not_there_after_all_may_be_retried
    a_person_who_overlooked_the_reply_does_not_make_it_public_twice
    where_the_network_cannot_be_asked_the_persons_word_counts
    a_network_that_is_down_for_a_while_gets_the_reply_later
    a_restart_between_the_request_and_the_publish_loses_nothing
    the_networks_own_echo_confirms_a_reply_and_is_not_a_second_one
    what_a_colleague_said_word_for_word_meanwhile_is_not_said_again
    a_failed_reply_is_not_sent_again_while_the_lead_is_offered
    a_platform_outage_delays_cards_and_never_leaves_them_wrong
    ten_quick_changes_are_one_edit
    a_deleted_card_is_posted_again
    an_echo_in_other_words_is_the_same_reply_once_its_report_names_it
    a_failed_reply_that_is_let_go_stays_in_the_history
}

fn lossy() -> scripted::Faults {
    scripted::Faults {
        uncertain: 1.0,
        ..scripted::Faults::default()
    }
}

/// Dana's reply went out on a network that lost the answer and cannot be asked.
async fn in_doubt() -> (TestDesk, LeadId) {
    let blind = scripted::Faults {
        blind: true,
        ..lossy()
    };
    let mut desk = TestDesk::with(|_| {}, blind);
    let mention = desk.written("facebook", "mara", "Where is my order?");
    let lead = desk.arrive(mention).await;
    desk.click("dana", "claim", lead).await.done();
    desk.says("dana", "/reply L-1 It is on its way.").await.done();
    while_people_wait(&mut desk).await;
    (desk, lead)
}

/// Time enough for every attempt that couriers make by themselves.
async fn while_people_wait(desk: &mut TestDesk) {
    for _ in 0..6 {
        desk.pass(minutes(6)).await;
    }
}

async fn an_answer_lost_after_the_post_is_found_again_and_not_sent_twice() {
    let mut desk = TestDesk::with(|_| {}, lossy());
    let lead = desk.claimed().await;
    desk.says("dana", "/reply L-1 We found it.").await.done();
    while_people_wait(&mut desk).await;
    assert_eq!(desk.public(), ["We found it."]);
    assert_eq!(desk.lead(lead).outgoing, None, "the post was found and recorded");
    assert_eq!(desk.lead(lead).replies, 1);
}

async fn when_nobody_can_tell_the_card_asks_the_person() {
    let (mut desk, lead) = in_doubt().await;
    let card = desk.card("support", lead);
    assert_eq!(buttons(&card), ["Settle the reply", "Note"]);
    assert!(
        card.banners
            .iter()
            .any(|banner| banner.text.contains("not certain"))
    );
    assert_eq!(desk.public().len(), 1, "it went out once and was never repeated");
    assert!(
        desk.says("dana", "/reply L-1 Again")
            .await
            .refused()
            .contains("Nobody can tell")
    );
    assert!(
        desk.notices("dana")
            .iter()
            .any(|text| text.contains("not certain"))
    );

    desk.says("dana", "/settle L-1 sent https://facebook.example/1")
        .await
        .done();
    assert_eq!(desk.card("support", lead).due, None);
    assert_eq!(desk.lead(lead).replies, 1);
}

async fn not_there_after_all_may_be_retried() {
    let (mut desk, lead) = in_doubt().await;
    let form = desk.click("dana", "settle", lead).await.form();
    desk.send("dana", &form, &[("found", "not-sent")]).await.done();
    assert!(buttons(&desk.card("support", lead)).contains(&"Retry"));
}

async fn a_person_who_overlooked_the_reply_does_not_make_it_public_twice() {
    let (mut desk, lead) = in_doubt().await;
    desk.says("dana", "/settle L-1 not-sent").await.done();
    // Now the network can be asked again, and knows better.
    desk.faults = scripted::Faults::default();
    desk = desk.restart();
    desk.says("dana", "/retry L-1").await.done();
    assert_eq!(desk.public(), ["It is on its way."]);
    assert_eq!(desk.lead(lead).outgoing, None, "found, and recorded");
    assert_eq!(desk.lead(lead).replies, 1);
}

async fn where_the_network_cannot_be_asked_the_persons_word_counts() {
    let (mut desk, lead) = in_doubt().await;
    desk.says("dana", "/settle L-1 not-sent").await.done();
    desk.faults.uncertain = 0.0;
    desk = desk.restart();
    desk.says("dana", "/retry L-1").await.done();
    assert_eq!(desk.public().len(), 2, "sent again, as she asked");
    assert_eq!(desk.lead(lead).outgoing, None);
}

async fn a_network_that_is_down_for_a_while_gets_the_reply_later() {
    let mut desk = TestDesk::with(
        |_| {},
        scripted::Faults {
            fail_next: 3,
            ..scripted::Faults::default()
        },
    );
    let lead = desk.claimed().await;
    desk.says("dana", "/reply L-1 We found it.").await.done();
    assert_eq!(desk.public(), [""; 0]);
    assert!(
        desk.card("support", lead).banners[0]
            .text
            .contains("on its way out")
    );
    while_people_wait(&mut desk).await;
    assert_eq!(desk.public(), ["We found it."]);
}

async fn a_restart_between_the_request_and_the_publish_loses_nothing() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    let form = desk.click("dana", "reply", lead).await.form();
    desk.send_only("dana", &form, &[("text", "Soon!")]).await.done();
    assert_eq!(desk.public(), [""; 0]);
    desk = desk.restart();
    desk.settle().await;
    assert_eq!(desk.public(), ["Soon!"]);
    assert_eq!(desk.lead(lead).outgoing, None);
}

async fn the_networks_own_echo_confirms_a_reply_and_is_not_a_second_one() {
    let mut desk = TestDesk::with(
        |_| {},
        scripted::Faults {
            blind: true,
            ..lossy()
        },
    );
    let lead = desk.claimed().await;
    let form = desk.click("dana", "reply", lead).await.form();
    desk.send_only("dana", &form, &[("text", "It left today.")])
        .await
        .done();
    desk.one_errand_round().await;
    let mut echo = desk.written("x", "larkspurhome", "It left today.");
    echo.in_reply_to = Some("m1".into());
    assert_eq!(desk.arrive(echo).await, lead);
    while_people_wait(&mut desk).await;
    assert_eq!(desk.lead(lead).outgoing, None);
    assert_eq!(desk.lead(lead).replies, 1);
    assert_eq!(desk.public().len(), 1);
}

async fn what_a_colleague_said_word_for_word_meanwhile_is_not_said_again() {
    let refused_once = scripted::Faults {
        fail_next: 1,
        ..scripted::Faults::default()
    };
    let mut desk = TestDesk::with(|_| {}, refused_once);
    let lead = desk.claimed().await;
    desk.says("dana", "/reply L-1 It left today.").await.done();
    let mut own = desk.written("x", "larkspurhome", "It left today.");
    own.in_reply_to = Some("m1".into());
    assert_eq!(desk.arrive(own).await, lead);
    while_people_wait(&mut desk).await;
    assert_eq!(
        desk.public(),
        [""; 0],
        "the network has it once, from the colleague"
    );
    assert_eq!(desk.lead(lead).outgoing, None);
    assert_eq!(desk.lead(lead).replies, 1);
    assert_eq!(desk.store.totals().unwrap().errands, 0, "its errand is over");
}

async fn a_failed_reply_is_not_sent_again_while_the_lead_is_offered() {
    let (mut desk, _) = in_doubt().await;
    desk.says("dana", "/settle L-1 not-sent").await.done();
    desk.says("dana", "/hand-off L-1 sales They ask for a swatch.")
        .await
        .done();
    let told = desk.says("dana", "/retry L-1").await.refused();
    assert!(told.contains("is offered to Sales"), "{told}");
}

async fn a_platform_outage_delays_cards_and_never_leaves_them_wrong() {
    let mut desk = TestDesk::new();
    desk.chat.fail_next([
        DeliveryError::Transient("503".into()),
        DeliveryError::Wait {
            wait: minutes(2),
            why: "429".into(),
        },
    ]);
    let lead = desk.question().await;
    assert!(desk.cards("support").is_empty());
    desk.says("dana", "/claim L-1").await.done();
    desk.pass(minutes(10)).await;
    assert_eq!(desk.card("support", lead).status, "Claimed by Dana Okafor");
    // Lines for the thread under a card wait for the card, and then their turn.
    desk.pass(minutes(10)).await;
    assert_eq!(desk.store.totals().unwrap().errands, 0);
}

async fn ten_quick_changes_are_one_edit() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    let edits = desk.chat.edits();
    for turn in 0..10 {
        let line = format!("/note L-{} note {turn}", lead.0);
        let key = format!("quick-{turn}");
        desk.front
            .command(&"dana".into(), &desk.chat.id(), &line, &key)
            .await
            .unwrap();
    }
    desk.settle().await;
    assert_eq!(desk.chat.edits() - edits, 1);
}

async fn a_deleted_card_is_posted_again() {
    let mut desk = TestDesk::new();
    let lead = desk.question().await;
    desk.chat
        .fail_next([DeliveryError::Gone("message_not_found".into())]);
    desk.click("dana", "claim", lead).await.done();
    let cards = desk.cards("support");
    assert_eq!(cards.last().unwrap().status, "Claimed by Dana Okafor");
}

async fn an_echo_in_other_words_is_the_same_reply_once_its_report_names_it() {
    let mut desk = TestDesk::with(|_| {}, lossy());
    let lead = desk.claimed().await;
    let form = desk.click("dana", "reply", lead).await.form();
    desk.send_only(
        "dana",
        &form,
        &[("text", "See https://larkspurhome.example/help")],
    )
    .await
    .done();
    desk.one_errand_round().await;
    // The network shortened the link, and shows us the post before we have heard of it.
    let mut echo = desk.written("x", "larkspurhome", "See https://t.example/1");
    echo.id = desk.public_posts()[0].native_id.clone();
    echo.in_reply_to = Some("m1".into());
    assert_eq!(desk.arrive(echo).await, lead);
    while_people_wait(&mut desk).await;
    assert_eq!(desk.lead(lead).outgoing, None);
    assert_eq!(desk.lead(lead).replies, 1, "it counts once");
    let turns = desk.card("support", lead).turns;
    assert_eq!(
        turns.iter().filter(|turn| turn.author.is_none()).count(),
        1,
        "and is one turn"
    );
    assert_eq!(desk.public().len(), 1);
}

async fn a_failed_reply_that_is_let_go_stays_in_the_history() {
    let (mut desk, lead) = in_doubt().await;
    desk.says("dana", "/settle L-1 not-sent").await.done();
    desk.says("dana", "/resolve L-1 lost").await.done();
    assert_eq!(desk.lead(lead).outgoing, None);
    let history = desk.history(lead);
    assert!(
        history
            .iter()
            .any(|line| line.contains("dropped the unpublished reply")),
        "{history:?}"
    );
}
