//! What Discord refuses, and what people then see: a closed way waits and tells an administrator once, a form that does
//! not fit is posted plainly, and nothing is asked for ever.

use jiff::SignedDuration;

use super::house::{House, SUPPORT, words};
use super::server::{Fault, TOKEN};

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

#[tokio::test]
async fn a_lost_permission_parks_the_channel_and_tells_an_administrator_once() {
    for (status, code, advice) in [
        (403, 50013, "Send Messages"),
        (403, 50001, "View Channel"),
        (404, 10003, "does not exist"),
    ] {
        let mut house = House::new().await;
        house.server.refuse_in(SUPPORT, Some((status, code)));
        for number in 0..50 {
            house.written(&format!("Where is order {number}?")).await;
        }
        house.work(30, minutes(1)).await;
        let told = house.told_amara();
        assert_eq!(told.len(), 1, "{code}: {told:?}");
        assert!(told[0].contains(advice), "{code}: {told:?}");
        let refused = house
            .server
            .requests()
            .into_iter()
            .filter(|request| request.status == Some(status));
        assert!(
            refused.count() <= 20,
            "{code}: it is tried now and then, not for each card"
        );
        house.server.refuse_in(SUPPORT, None);
        house.work(3, minutes(2)).await;
        assert_eq!(house.cards().len(), 50, "{code}: nothing was given up");
    }
}

#[tokio::test]
async fn a_token_that_is_no_longer_taken_closes_every_way_and_is_hardly_tried() {
    let mut house = House::new().await;
    house.server.set_token("another");
    for number in 0..10 {
        house.written(&format!("Where is order {number}?")).await;
    }
    house.work(60, minutes(1)).await;
    assert!(
        house.server.invalid_answers() <= 40,
        "{}",
        house.server.invalid_answers()
    );
    house.server.set_token(TOKEN);
    house.work(5, minutes(2)).await;
    assert_eq!(house.cards().len(), 10);
}

#[tokio::test]
async fn a_card_whose_form_is_refused_is_posted_plainly() {
    let mut house = House::new().await;
    house
        .server
        .fail_next("POST", "/messages", [Fault::Refused(400, 50035)]);
    house.question().await;
    let card = house.cards().remove(0);
    assert!(
        card["content"].as_str().is_some_and(|text| text.contains("L-1")),
        "{card}"
    );
    assert!(words(&card).contains("Claim"), "its buttons are there");
    // The next edit brings the whole card.
    house.says("dana", "/claim L-1").await;
    let card = house.cards().remove(0);
    assert_eq!(card["content"], "");
    assert!(words(&card).contains("Claimed by Dana"));
}

#[tokio::test]
async fn a_form_that_is_refused_again_and_again_is_given_up_and_shown() {
    let mut house = House::new().await;
    let refused = std::iter::repeat_n(Fault::Refused(400, 50035), 10);
    house
        .server
        .fail_next("POST", &format!("/channels/{SUPPORT}/messages"), refused);
    house.question().await;
    house.work(5, minutes(5)).await;
    assert_eq!(
        house
            .server
            .asked("POST", &format!("/channels/{SUPPORT}/messages"))
            .len(),
        2
    );
}

#[tokio::test]
async fn every_other_code_of_the_sheet_ends_in_one_card_or_in_peace() {
    for (status, code) in [
        (404, 10004),
        (404, 10008),
        (403, 50005),
        (429, 20016),
        (429, 20028),
        (429, 20029),
        (400, 160_006),
        (500, 0),
        (502, 0),
        (503, 0),
        (403, 0),
    ] {
        let mut house = House::new().await;
        house
            .server
            .fail_next("POST", "/messages", [Fault::Refused(status, code)]);
        house.question().await;
        house.work(6, minutes(6)).await;
        let expected = usize::from(code != 50005);
        assert_eq!(house.cards().len(), expected, "{status} {code}");
        if expected == 1 {
            house.says("dana", "/claim L-1").await;
            assert_eq!(house.cards().len(), 1, "{status} {code}");
        }
    }
}

#[tokio::test]
async fn edits_that_are_refused_leave_the_card_right_in_the_end() {
    for (status, code) in [
        (404, 10008),
        (403, 50005),
        (403, 50013),
        (400, 50035),
        (429, 30046),
        (500, 0),
    ] {
        let mut house = House::new().await;
        house.question().await;
        house
            .server
            .fail_next("PATCH", "/messages/", [Fault::Refused(status, code)]);
        house.says("dana", "/claim L-1").await;
        house.work(6, minutes(6)).await;
        let cards = house.cards();
        assert!(
            words(cards.last().expect("a card")).contains("Claimed by Dana"),
            "{status} {code}"
        );
    }
}

#[tokio::test]
async fn who_takes_no_direct_messages_is_let_be() {
    let mut house = House::new().await;
    house.server.close_door_of(super::house::AMARA);
    house.server.refuse_in(SUPPORT, Some((403, 50013)));
    house.question().await;
    house.work(30, minutes(5)).await;
    assert_eq!(house.server.asked("POST", "/users/@me/channels").len(), 1);
    assert!(house.told_amara().is_empty());
}

#[tokio::test]
async fn a_thread_that_was_deleted_locked_or_folded_away_holds_nothing_up() {
    let mut house = House::new().await;
    house.question().await;
    house.says("dana", "/claim L-1").await;
    let thread: u64 = house.cards()[0]["id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    house.server.archive(thread, false);
    house.says("dana", "/note L-1 One").await;
    assert!(
        !house.server.room(thread).expect("there").archived,
        "a line opens it again"
    );
    house.server.archive(thread, true);
    house.says("dana", "/note L-1 Two").await;
    house.says("dana", "/release L-1").await;
    assert!(words(&house.cards()[0]).contains("Waiting") || !words(&house.cards()[0]).contains("Claimed by"));
    house.question().await;
    assert_eq!(house.cards().len(), 2);
}
