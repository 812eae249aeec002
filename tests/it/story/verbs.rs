//! The other verbs: escalate, snooze, resolve, reopen, note; each with its refusals.

use super::*;

stories! {
    an_escalation_climbs_the_ladder_until_somebody_acknowledges
    an_acknowledged_escalation_climbs_no_further_also_across_a_restart
    a_snoozed_lead_comes_back_and_its_owner_is_told
    a_target_that_is_missed_shows_once_on_the_card_and_to_the_owner
    every_outcome_ends_a_lead_and_says_so
    a_duplicate_must_name_another_lead_that_exists
    reopening_by_hand
    the_readers_answer_without_changing_anything
    a_clock_that_jumps_loses_nothing
}

async fn an_escalation_climbs_the_ladder_until_somebody_acknowledges() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    desk.says("dana", "/escalate L-1 The press is asking about it")
        .await
        .done();
    assert!(
        desk.notices("mateo")[0]
            .starts_with("L-1 in Customer service needs you: The press is asking about it.")
    );
    assert_eq!(desk.notices("yuki").len(), 1);
    assert_eq!(
        desk.lead(lead).priority,
        switchboard::domain::lead::Priority::High
    );
    let before = desk.notices("amara").len();
    desk.pass(minutes(21)).await;
    assert!(
        desk.card("support", lead).banners[0].text.contains("Dana Okafor"),
        "the next rung"
    );
    desk.pass(minutes(31)).await;
    assert_eq!(desk.notices("amara").len(), before + 1, "the top rung");
    desk.pass(hours(1)).await;
    assert_eq!(desk.notices("amara").len(), before + 1, "and no further");
    assert!(
        desk.says("dana", "/escalate L-1 still")
            .await
            .refused()
            .contains("top of Customer service’s ladder")
    );
    assert!(
        desk.click("ines", "acknowledge", lead)
            .await
            .refused()
            .contains("did not go to you")
    );
    desk.click("amara", "acknowledge", lead).await.done();
    assert!(
        desk.card("support", lead).banners[0]
            .text
            .contains("Amara Diallo acknowledged it")
    );
    assert_eq!(
        desk.click("mateo", "acknowledge", lead).await.refused(),
        "Amara Diallo acknowledged L-1 already."
    );
}

async fn an_acknowledged_escalation_climbs_no_further_also_across_a_restart() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    desk.says("dana", "/escalate L-1 Please look").await.done();
    desk.click("mateo", "acknowledge", lead).await.done();
    desk = desk.restart();
    desk.pass(hours(1)).await;
    assert_eq!(desk.lead(lead).escalation.unwrap().rung, 0);
}

async fn a_snoozed_lead_comes_back_and_its_owner_is_told() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    assert!(
        desk.says("dana", "/snooze L-1 3h")
            .await
            .done()
            .contains("sleeps for 3 h")
    );
    assert!(desk.card("support", lead).status.starts_with("Set aside for 3 h"));
    desk = desk.restart();
    desk.pass(minutes(181)).await;
    assert_eq!(desk.lead(lead).snooze, None);
    assert!(
        desk.notices("dana")
            .contains(&"L-1 is awake again; you set it aside until now.".to_owned())
    );
    assert_eq!(desk.lead(lead).owner().unwrap().as_str(), "dana");
}

async fn a_target_that_is_missed_shows_once_on_the_card_and_to_the_owner() {
    let mut desk = TestDesk::new();
    let lead = desk.question().await;
    let due = desk.lead(lead).clock.due.unwrap();
    let left = desk.now().duration_until(due);
    desk.pass(left + minutes(1)).await;
    let card = desk.card("support", lead);
    assert!(card.breached);
    let before = desk.history(lead).len();
    desk.pass(hours(1)).await;
    assert_eq!(desk.history(lead).len(), before, "a miss is recorded once");
}

async fn every_outcome_ends_a_lead_and_says_so() {
    use switchboard::domain::lead::Outcome;
    let mut desk = TestDesk::new();
    desk.question().await;
    for outcome in Outcome::ALL {
        let mention = desk.written("x", "jun", "My order is late");
        let lead = desk.arrive(mention).await;
        let of = if outcome == Outcome::Duplicate {
            " of L-1"
        } else {
            ""
        };
        let line = format!("/resolve {lead} {}{of}", outcome.word());
        assert_eq!(
            desk.says("dana", &line).await.done(),
            format!("{lead} is resolved as {}.", outcome.label())
        );
        assert_eq!(desk.lead(lead).resolution.unwrap().outcome, outcome);
        assert!(
            desk.card("support", lead)
                .status
                .starts_with(&format!("Resolved as {}", outcome.label()))
        );
    }
}

async fn a_duplicate_must_name_another_lead_that_exists() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    assert!(
        desk.says("dana", "/resolve L-1 duplicate of L-1")
            .await
            .refused()
            .contains("duplicate of itself")
    );
    assert_eq!(
        desk.says("dana", "/resolve L-1 duplicate of L-77")
            .await
            .refused(),
        "There is no L-77."
    );
    assert!(desk.lead(lead).is_open());
}

async fn reopening_by_hand() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    assert_eq!(
        desk.click("dana", "reopen", lead).await.refused(),
        "L-1 is open; Dana Okafor has it."
    );
    desk.says("dana", "/resolve L-1 lost").await.done();
    desk.says("yuki", "/reopen L-1 They called").await.done();
    assert_eq!(desk.lead(lead).owner().unwrap().as_str(), "dana");
    assert_eq!(
        desk.notices("dana"),
        ["Yuki Tanabe reopened L-1, which is still yours: They called"]
    );
}

async fn the_readers_answer_without_changing_anything() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    desk.says("dana", "/note L-1 Asked the warehouse").await.done();
    let before = desk.lead(lead);
    for line in [
        "/queue",
        "/mine",
        "/show L-1",
        "/find order",
        "/who",
        "/who L-1",
        "/help",
        "/help reply",
        "/digest",
    ] {
        let notice = desk.says("dana", line).await.notice();
        assert_eq!(notice.tone, Tone::Plain, "{line}: {}", notice.text);
        assert!(
            !notice.text.is_empty() || !notice.rows.is_empty(),
            "{line} says something"
        );
    }
    assert_eq!(desk.lead(lead), before);
    assert!(
        desk.history(lead)
            .iter()
            .any(|line| line.contains("Asked the warehouse"))
    );
    assert!(
        desk.says("dana", "/lead mine")
            .await
            .notice()
            .rows
            .iter()
            .any(|row| row.lead == Some(lead))
    );
}

async fn a_clock_that_jumps_loses_nothing() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    desk.set_clock("2020-01-01T00:00:00Z");
    desk.says("dana", "/note L-1 The clock is wrong").await.done();
    let mention = desk.written("x", "jun", "My order is late");
    let other = desk.arrive(mention).await;
    desk.set_clock("2031-01-01T00:00:00Z");
    desk.tick().await;
    desk.settle().await;
    desk.set_clock(MORNING);
    desk.tick().await;
    desk.settle().await;
    for id in [lead, other] {
        let lead = desk.lead(id);
        let entries = desk.store.timeline(id, 0, 1_000).unwrap();
        switchboard::domain::timeline::verify_chain(id, &entries, lead.entries, &lead.head).unwrap();
    }
}
