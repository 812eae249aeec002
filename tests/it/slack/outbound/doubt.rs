//! Nothing is posted twice after an attempt whose outcome nobody knows.

use super::super::server::Fault;
use super::House;

#[tokio::test]
async fn a_post_whose_answer_was_lost_is_found_and_not_repeated() {
    for fault in [
        Fault::DropAfter,
        Fault::StatusAfter(500),
        Fault::SayAfter("internal_error".to_owned()),
    ] {
        let mut house = House::new().await;
        house.slack.fail("chat.postMessage", fault.clone());
        let lead = house.question().await;
        house.run(5).await;
        assert_eq!(house.support().messages().len(), 1, "{fault:?}");
        assert!(
            !house.slack.calls_of("conversations.history").is_empty(),
            "{fault:?}"
        );
        house.claim(lead).await;
        house.run(1).await;
        assert!(
            house.support().only().says("Dana"),
            "{fault:?}: the found card is the lead’s card"
        );
    }
}

#[tokio::test]
async fn what_changed_meanwhile_is_on_the_card_that_is_found() {
    let mut house = House::new().await;
    house.slack.fail("chat.postMessage", Fault::DropAfter);
    let lead = house.question().await;
    house.couriers.step().await.unwrap();
    house.claim(lead).await;
    house.run(5).await;
    assert!(house.support().only().says("Dana"));
}

#[tokio::test]
async fn a_post_that_never_arrived_is_made_again_but_not_at_once() {
    let mut house = House::new().await;
    house.slack.fail("chat.postMessage", Fault::StatusBefore(502));
    house.question().await;
    let asked = house.now();
    house.run(5).await;
    assert_eq!(house.support().messages().len(), 1);
    let posts = house.slack.calls_of("chat.postMessage");
    assert_eq!(posts.len(), 2);
    assert!(
        asked.duration_until(posts[1].at).as_secs() >= 40,
        "Slack’s history may lag"
    );
    assert!(house.slack.calls_of("conversations.history").len() >= 3);
}

/// The process ends after Slack took the message and before that was written down; meanwhile the lead changed.
#[tokio::test]
async fn a_kill_between_the_post_and_its_record_leaves_one_message() {
    let mut house = House::new().await;
    house.slack.fail("chat.postMessage", Fault::HangAfter);
    let lead = house.question().await;
    tokio::select! {
        _ = house.couriers.step() => panic!("Slack never answered"),
        () = async { while house.support().messages().is_empty() { tokio::task::yield_now().await } } => {}
    }
    let mut house = house.restart();
    house.claim(lead).await;
    house.run(10).await;
    assert!(house.support().only().says("Dana"));
    assert_eq!(house.slack.calls_of("chat.postMessage").len(), 1);
}

#[tokio::test]
async fn slack_down_for_ten_minutes_costs_no_card_and_doubles_none() {
    let mut house = House::new().await;
    let mut leads = vec![house.question().await];
    house.run(1).await;
    house.slack.outage(true);
    house.slack.forget_calls();
    for _ in 0..10 {
        leads.push(house.question().await);
        house.run(1).await;
    }
    let calls = house.slack.calls().len();
    assert!(
        calls < 60,
        "a Slack that is down is not asked all the time: {calls} calls"
    );
    house.slack.outage(false);
    house.run(10).await;
    assert_eq!(house.support().messages().len(), leads.len());
    assert_eq!(house.store.totals().unwrap().errands, 0);
}
