//! The morning digest: once per department and local day, whatever restarts or downtime lie between.

use super::*;

stories! {
    a_digest_comes_once_a_day_also_across_restarts
    after_three_days_of_downtime_there_is_one_digest
    an_empty_digest_is_skipped
}

async fn a_digest_comes_once_a_day_also_across_restarts() {
    let mut desk = TestDesk::new();
    desk.tick().await;
    desk.question().await;
    assert!(
        desk.digests("support").is_empty(),
        "a new department waits for its next digest time"
    );
    desk.set_clock("2026-11-25T08:15:30Z");
    desk.tick().await;
    desk.settle().await;
    desk = desk.restart();
    desk.tick().await;
    desk.settle().await;
    let digests = desk.digests("support");
    assert_eq!(digests.len(), 1);
    assert_eq!(digests[0].day.to_string(), "2026-11-25");
    assert_eq!(digests[0].yesterday.leads, 1);
    assert_eq!(digests[0].open_by_age.iter().sum::<u32>(), 1);
}

async fn after_three_days_of_downtime_there_is_one_digest() {
    let mut desk = TestDesk::new();
    desk.tick().await;
    desk.question().await;
    desk.sleep(hours(24 * 3 + 6));
    desk = desk.restart();
    desk.tick().await;
    desk.settle().await;
    assert_eq!(desk.digests("support").len(), 1);
}

async fn an_empty_digest_is_skipped() {
    let mut desk = TestDesk::new();
    desk.tick().await;
    desk.sleep(hours(24));
    desk.tick().await;
    desk.settle().await;
    assert!(desk.digests("marketing").is_empty());
}
