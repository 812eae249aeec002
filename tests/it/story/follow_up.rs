//! Follow-ups, repeats, own posts, backlogs: every message ends on the right lead, once.

use super::*;

stories! {
    a_follow_up_lands_on_the_same_lead_and_reopens_it
    another_person_in_the_same_thread_is_another_lead
    a_child_before_its_parent_and_siblings_without_one_meet_in_one_conversation
    a_repeat_is_swallowed_and_counted
    our_own_post_joins_the_lead_and_stops_its_clock_at_its_own_time
    our_own_answer_to_a_message_we_never_saw_waits_for_it_without_alarm
    a_backlog_comes_in_silently_except_what_is_still_news
    a_follow_up_wakes_a_snoozed_lead
    hostile_text_is_kept_as_it_is_and_nothing_breaks
    an_edit_upstream_shows_on_the_card_and_stops_a_reply_to_the_old_words
    a_deletion_upstream_stops_the_clock_and_says_so
}

async fn a_follow_up_lands_on_the_same_lead_and_reopens_it() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    desk.says("dana", "/reply L-1 It left today.").await.done();
    desk.says("dana", "/resolve L-1 answered").await.done();
    assert_eq!(
        desk.card("support", lead).status,
        "Resolved as answered by Dana Okafor"
    );
    assert_eq!(buttons(&desk.card("support", lead)), ["Reopen"]);

    desk.sleep(hours(2));
    let mut more = desk.written("x", "mara", "It came, but it is broken.");
    more.in_reply_to = Some("m1".into());
    assert_eq!(desk.arrive(more).await, lead);
    let card = desk.card("support", lead);
    assert_eq!(card.status, "Claimed by Dana Okafor", "its owner keeps it");
    assert_eq!(card.turns.len(), 3);
    assert!(card.due.is_some(), "the clock runs again");
    assert_eq!(
        desk.notices("dana").last().unwrap(),
        "The author of L-1 wrote again."
    );
    assert!(desk.history(lead).iter().any(|line| line.contains("eopened")));
}

async fn another_person_in_the_same_thread_is_another_lead() {
    let mut desk = TestDesk::new();
    let mara = desk.question().await;
    let mut other = desk.written("x", "jun", "Same here, my order is late too!");
    other.in_reply_to = Some("m1".into());
    let jun = desk.arrive(other).await;
    assert_ne!(mara, jun);
    assert_eq!(desk.lead(mara).conversation, desk.lead(jun).conversation);
    let mut answer = desk.written("x", "larkspurhome", "@jun sorry! Please send us your number.");
    answer.in_reply_to = Some("m2".into());
    assert_eq!(
        desk.arrive(answer).await,
        jun,
        "our answer belongs to whom it answers"
    );
    assert!(desk.lead(mara).clock.waiting_since.is_some());
    assert!(
        desk.lead(jun).clock.waiting_since.is_none(),
        "it stopped only that clock"
    );
}

async fn a_child_before_its_parent_and_siblings_without_one_meet_in_one_conversation() {
    let mut desk = TestDesk::new();
    let mut second = desk.written("x", "mara", "Hello? Anybody?");
    second.in_reply_to = Some("first".into());
    let lead = desk.arrive(second).await;
    let mut sibling = desk.written("x", "mara", "And the lamp is missing.");
    sibling.in_reply_to = Some("first".into());
    assert_eq!(desk.arrive(sibling).await, lead);
    let mut first = desk.written("x", "mara", "My order is late.");
    first.id = "first".into();
    assert_eq!(
        desk.arrive(first).await,
        lead,
        "the parent came last and is recognised"
    );
    assert_eq!(desk.lead(lead).mentions, 3);
}

async fn a_repeat_is_swallowed_and_counted() {
    let mut desk = TestDesk::new();
    let mention = desk.written("x", "mara", "Where is my order?");
    let lead = desk.arrive(mention.clone()).await;
    let notice = desk.deliver(mention, false).await;
    assert_eq!(notice.tone, Tone::Plain);
    assert_eq!((desk.lead(lead).mentions, desk.lead(lead).duplicates), (1, 1));
    assert_eq!(desk.store.totals().unwrap().leads, 1);
}

async fn our_own_post_joins_the_lead_and_stops_its_clock_at_its_own_time() {
    let mut desk = TestDesk::new();
    let lead = desk.question().await;
    let asked = desk.now();
    desk.sleep(minutes(40));
    let mut post = desk.written("x", "LarkspurHome", "@mara it left today!");
    post.in_reply_to = Some("m1".into());
    post.created = asked.checked_add(minutes(25)).unwrap();
    assert_eq!(desk.arrive(post).await, lead);
    let lead = desk.lead(lead);
    assert_eq!(
        lead.clock.first_response,
        Some(asked.checked_add(minutes(25)).unwrap())
    );
    assert_eq!((lead.mentions, lead.replies), (1, 1));
}

async fn our_own_answer_to_a_message_we_never_saw_waits_for_it_without_alarm() {
    let mut desk = TestDesk::new();
    let mut post = desk.written("x", "larkspurhome", "@mara thank you!");
    post.in_reply_to = Some("lost".into());
    let lead = desk.arrive(post).await;
    assert_eq!(desk.lead(lead).author, None);
    assert!(!desk.lead(lead).is_open());
    let mut late = desk.written("x", "mara", "I love my new lamp");
    late.id = "lost".into();
    late.created = desk.now().checked_sub(hours(1)).unwrap();
    assert_eq!(desk.arrive(late).await, lead);
    let lead = desk.lead(lead);
    assert_eq!(lead.author.as_ref().unwrap().id, "mara");
    assert!(!lead.is_open(), "it was answered already");
}

async fn a_backlog_comes_in_silently_except_what_is_still_news() {
    let mut desk = TestDesk::new();
    let mut old = desk.written("x", "mara", "My order is late.");
    old.created = desk.now().checked_sub(hours(30)).unwrap();
    let mut fresh = desk.written("x", "jun", "My order is late.");
    fresh.created = desk.now().checked_sub(minutes(20)).unwrap();
    desk.deliver(old, true).await;
    desk.deliver(fresh, true).await;
    assert_eq!(desk.cards("support").len(), 1);
    let queue = desk.says("dana", "/queue support").await.notice();
    assert_eq!(
        queue.rows.iter().filter(|row| row.lead.is_some()).count(),
        2,
        "both are in the queue"
    );
}

async fn a_follow_up_wakes_a_snoozed_lead() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    desk.says("dana", "/snooze L-1 3h").await.done();
    let mut more = desk.written("x", "mara", "Hello?");
    more.in_reply_to = Some("m1".into());
    desk.arrive(more).await;
    assert_eq!(desk.lead(lead).snooze, None);
}

async fn hostile_text_is_kept_as_it_is_and_nothing_breaks() {
    let mut desk = TestDesk::new();
    let text = format!(
        "<script>alert(1)</script> @everyone <!channel> \u{202e}gnp.exe {}",
        "👩‍👩‍👧".repeat(10_000)
    );
    let mention = desk.written("x", "<b>evil</b>", &text);
    let lead = desk.arrive(mention).await;
    let department = desk.lead(lead).department;
    let card = desk.card(department.as_str(), lead);
    assert_eq!(card.turns[0].text.as_written(), text);
    assert!(desk.lead(lead).latest.excerpt.as_written().len() < 4_000);
}

async fn an_edit_upstream_shows_on_the_card_and_stops_a_reply_to_the_old_words() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    let form = desk.click("dana", "reply", lead).await.form();
    let edited = UpstreamChange::Edited {
        text: "Where is my order 4712?".into(),
    };
    desk.upstream("x", "m1", edited).await;
    let card = desk.card("support", lead);
    assert_eq!(
        card.turns[0].text.as_written(),
        "Where is my order 4712? (edited)"
    );
    assert_eq!(
        desk.notices("dana").last().unwrap(),
        "The author of L-1 changed what they wrote."
    );
    desk.send("dana", &form, &[("text", "Order 4711 left today.")])
        .await
        .refused();
    assert!(desk.public().is_empty());
    assert!(
        desk.history(lead)
            .iter()
            .any(|line| line.contains("The author changed it"))
    );
}

async fn a_deletion_upstream_stops_the_clock_and_says_so() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    desk.upstream("x", "m1", UpstreamChange::Deleted).await;
    let card = desk.card("support", lead);
    assert_eq!(card.turns[0].text.as_written(), "(deleted by its author)");
    assert_eq!(card.due, None, "nobody waits any more");
    desk.pass(hours(48)).await;
    assert!(!desk.card("support", lead).breached);
    desk.upstream("x", "never-seen", UpstreamChange::Deleted).await;
}
