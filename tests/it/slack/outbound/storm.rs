//! Five hundred mentions at once, and Slack asks for a minute's pause in the middle.

use jiff::SignedDuration;

use super::House;

const MENTIONS: usize = 500;

#[tokio::test]
async fn a_storm_ends_with_every_card_right_in_little_more_than_the_shortest_time() {
    let mut house = House::new().await;
    house.slack.keep_pace_rules();
    let began = house.now();
    let mut leads = Vec::new();
    for _ in 0..MENTIONS {
        leads.push(house.question().await);
    }
    house.run(3).await;
    house
        .slack
        .slow_down("chat.postMessage", SignedDuration::from_mins(1));
    for lead in leads.iter().step_by(50) {
        house.claim(*lead).await;
    }
    house.run(30).await;

    let cards = house.support().messages();
    assert_eq!(cards.len(), MENTIONS, "each lead has one card");
    let claimed = cards.iter().filter(|card| card.says("Dana")).count();
    assert_eq!(claimed, MENTIONS / 50, "and each shows its lead as it is");
    assert_eq!(house.store.totals().unwrap().dead_errands, 0);

    let took = began.duration_until(house.now()).as_secs();
    let shortest = MENTIONS as i64 + 60;
    assert!(
        took * 10 <= shortest * 12,
        "{took} s, where {shortest} s are possible"
    );
    let posts = house.slack.calls_of("chat.postMessage");
    let refused = posts.iter().filter(|call| call.outcome == "429").count();
    assert!(
        refused <= 2,
        "a wait that Slack named is kept: {refused} refusals"
    );
    for (first, from) in posts.iter().enumerate() {
        let within = posts[first..]
            .iter()
            .take_while(|call| from.at.duration_until(call.at).as_secs() < 10);
        assert!(within.count() <= 12, "a channel gets one message a second");
    }
}
