//! Sessions that Discord ends: how soon and how often we say who we are then, and who is told when that is of no use.
//! These tests take real seconds, since waiting is what they are about.

use std::time::{Duration, Instant};

use super::super::server::Welcome;
use super::*;

/// After a session that cannot be resumed, Discord wants us to wait this long at least.
const AT_LEAST: Duration = Duration::from_secs(1);
/// Longer than anything but a rest.
const A_WHILE: Duration = Duration::from_secs(13);

/// Waits until we have said who we are so many times; how long that took.
async fn identified(house: &House, times: usize) -> Duration {
    let begun = Instant::now();
    house
        .server
        .until(|state| state.gateway().identifies.len() == times)
        .await;
    begun.elapsed()
}

async fn nobody_dials(house: &House) {
    let before = house.server.gateway_counts().0;
    let more = house.server.until(|state| state.gateway().connections > before);
    let dialled = tokio::time::timeout(A_WHILE, more).await;
    assert!(dialled.is_err(), "{:?}", house.server.gateway_counts());
}

#[tokio::test]
async fn each_time_we_wait_before_we_say_again_who_we_are() {
    let house = House::open(Way::Gateway).await;
    for times in [2, 3] {
        house.server.invalidate(false);
        let waited = identified(&house, times).await;
        assert!(waited >= AT_LEAST, "{waited:?} before identify {times}");
        house.server.until_ready().await;
        // A session that lasted some time has nothing to make up for: only the wait itself counts.
        tokio::time::sleep(Duration::from_secs(6)).await;
    }
}

#[tokio::test]
async fn a_session_that_is_refused_again_and_again_is_given_a_rest() {
    let house = House::open(Way::Gateway).await;
    house.server.welcome(Welcome::Invalid);
    house.server.invalidate(false);
    for times in 2..=5 {
        let waited = identified(&house, times).await;
        assert!(waited >= AT_LEAST, "{waited:?} before identify {times}");
    }
    nobody_dials(&house).await;
}

#[tokio::test]
async fn a_token_that_is_not_accepted_is_told_once_and_not_tried_again() {
    let mut house = House::open(Way::Gateway).await;
    let mut told = house.story.front.desk.changes();
    house.server.close_gateway(4004);
    let told = tokio::time::timeout(A_WHILE, told.recv()).await;
    told.expect("in time").expect("the desk works");
    nobody_dials(&house).await;
    house.story.settle().await;
    let notices = house.story.notices("amara");
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(
        notices[0].contains("does not accept the bot token"),
        "{notices:?}"
    );
    assert!(notices[0].contains("Reset Token"), "what to do: {notices:?}");
}
