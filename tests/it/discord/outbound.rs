//! What Switchboard does on Discord by itself, told as what people in the server see.

use jiff::SignedDuration;
use serde_json::Value;

use super::house::{DANA, FORUM, House, MATEO, SUPPORT, words};
use super::server::{Fault, Pace};

fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

fn id(message: &Value) -> u64 {
    message["id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("a snowflake")
}

#[tokio::test]
async fn a_lead_is_one_card_that_changes_and_a_thread_that_grows() {
    let mut house = House::new().await;
    house.question().await;
    let card = house.cards().remove(0);
    assert!(words(&card).contains("order 4711"), "{}", words(&card));
    assert!(words(&card).contains("Claim"));
    house.says("dana", "/claim L-1").await;
    house.says("dana", "/note L-1 Asked the carrier").await;
    assert_eq!(house.cards().len(), 1);
    assert!(words(&house.cards()[0]).contains("Claimed by Dana Okafor"));
    let thread = house.server.messages(id(&card));
    let told: Vec<String> = thread.iter().map(words).collect();
    assert!(
        told.iter().any(|line| line.contains("Asked the carrier")),
        "{told:?}"
    );
    assert_eq!(house.server.asked("POST", "/threads").len(), 1);
    for request in house.server.requests() {
        if request.method != "GET"
            && request.path.contains("/messages")
            && !request.path.ends_with("/threads")
        {
            assert_eq!(
                request.body["allowed_mentions"]["parse"],
                serde_json::json!([]),
                "{}",
                request.path
            );
        }
        if request.method == "POST" && request.path.ends_with("/messages") {
            assert_eq!(request.body["enforce_nonce"], true);
        }
    }
}

#[tokio::test]
async fn nobody_is_pinged_by_what_strangers_write() {
    let mut house = House::new().await;
    let text = format!("@larkspurhome @everyone @here <@{DANA}> <@&7> where is my order?");
    house.written(&text).await;
    house.settle().await;
    house.says("dana", "/claim L-1").await;
    house.says("dana", "/note L-1 @everyone look").await;
    assert_eq!(house.cards().len(), 1);
    assert!(house.server.pings().is_empty(), "{:?}", house.server.pings());
}

#[tokio::test]
async fn an_answer_that_is_lost_after_the_post_makes_no_second_card() {
    for fault in [
        Fault::CutAfter,
        Fault::ErrorAfter(500),
        Fault::ErrorAfter(502),
        Fault::PageAfter,
    ] {
        for wait in [seconds(30), minutes(10)] {
            let mut house = House::new().await;
            house.server.fail_next("POST", "/messages", [fault.clone()]);
            house.written("Where is my order?").await;
            house.settle().await;
            // The lead goes on meanwhile: what is found must be brought up to date.
            house.says_only("dana", "/claim L-1").await;
            house.work(1, wait).await;
            assert_eq!(house.cards().len(), 1, "{fault:?} {wait:?}");
            assert!(
                words(&house.cards()[0]).contains("Claimed by Dana"),
                "{fault:?} {wait:?}"
            );
            house.says("dana", "/note L-1 Here").await;
            assert_eq!(house.cards().len(), 1);
        }
    }
}

#[tokio::test]
async fn a_request_that_was_lost_on_the_way_is_posted_in_the_end() {
    let mut house = House::new().await;
    house
        .server
        .fail_next("POST", "/messages", [Fault::CutBefore, Fault::CutBefore]);
    house.question().await;
    assert!(house.cards().is_empty());
    house.work(3, minutes(5)).await;
    assert_eq!(house.cards().len(), 1);
}

#[tokio::test]
async fn a_kill_between_the_post_and_its_record_makes_no_second_card() {
    let mut house = House::new().await;
    house.server.fail_next("POST", "/messages", [Fault::HangAfter]);
    house.written("Where is my order?").await;
    tokio::select! {
        _ = house.couriers.step() => panic!("the post hangs"),
        () = house.server.until(|state| state.has_messages()) => {}
    }
    assert_eq!(house.cards().len(), 1);
    // Long after Discord forgot the nonce.
    house.pass(minutes(10));
    house = house.restart();
    house.settle().await;
    house.says("dana", "/claim L-1").await;
    assert_eq!(house.cards().len(), 1);
    assert!(words(&house.cards()[0]).contains("Claimed by Dana"));
    assert_eq!(
        house.server.asked("GET", "/messages?").len(),
        1,
        "it was looked for"
    );
}

#[tokio::test]
async fn five_hundred_leads_come_one_by_one_at_discords_pace() {
    let mut house = House::new().await;
    let pace = Pace {
        requests: 5,
        each: seconds(5),
    };
    house.server.set_pace(Some(pace));
    for number in 0..500 {
        house.written(&format!("Where is order {number}?")).await;
    }
    house.settle().await;
    assert_eq!(house.cards().len(), 5);
    house.work(120, seconds(5)).await;
    let cards = house.cards();
    assert_eq!(cards.len(), 500);
    for (number, card) in cards.iter().enumerate() {
        assert!(
            words(card).contains(&format!("order {number}?")),
            "in their order"
        );
    }
    // The bucket is kept, so Discord hardly ever has to say no.
    assert_eq!(house.server.invalid_answers(), 0);
}

#[tokio::test]
async fn refusals_of_pace_delay_a_card_and_never_leave_it_wrong() {
    let mut house = House::new().await;
    house.question().await;
    let too_fast = |global| Fault::TooFast {
        retry_after: 2.5,
        global,
    };
    house
        .server
        .fail_next("PATCH", "/messages/", [too_fast(false), too_fast(true)]);
    house.says("dana", "/claim L-1").await;
    house.says("dana", "/note L-1 One").await;
    assert!(!words(&house.cards()[0]).contains("Claimed by Dana"));
    house.work(4, seconds(3)).await;
    assert!(words(&house.cards()[0]).contains("Claimed by Dana"));
    assert_eq!(house.server.invalid_answers(), 2);
}

#[tokio::test]
async fn an_outage_of_ten_minutes_loses_nothing_and_doubles_nothing() {
    let mut house = House::new().await;
    house.question().await;
    house.server.set_down(true);
    house.says("dana", "/claim L-1").await;
    for number in 0..20 {
        house.written(&format!("Where is order {number}?")).await;
    }
    house.work(20, seconds(30)).await;
    assert_eq!(house.cards().len(), 1);
    house.server.set_down(false);
    house.work(20, seconds(30)).await;
    assert_eq!(house.cards().len(), 21);
    assert!(words(&house.cards()[0]).contains("Claimed by Dana"));
    assert!(house.told_amara().is_empty(), "nobody had to mend anything");
}

#[tokio::test]
async fn a_card_deleted_by_hand_is_seen_again() {
    let mut house = House::new().await;
    house.question().await;
    house
        .server
        .delete_by_hand(house.cards()[0]["id"].as_str().expect("an id"));
    house.says("dana", "/claim L-1").await;
    assert_eq!(house.cards().len(), 1);
    assert!(words(&house.cards()[0]).contains("Claimed by Dana"));
}

#[tokio::test]
async fn old_cards_that_change_often_are_edited_once_for_all_changes() {
    let mut house = House::new().await;
    house.question().await;
    house.pass(minutes(90));
    let refused = std::iter::repeat_n(Fault::Refused(429, 30046), 2);
    house.server.fail_next("PATCH", "/messages/", refused);
    house.says("dana", "/claim L-1").await;
    // Other cards in the channel are not held up.
    house.question().await;
    assert_eq!(house.cards().len(), 2);
    for number in 0..10 {
        house
            .says_only("dana", &format!("/note L-1 Number {number}"))
            .await;
    }
    house.settle().await;
    house.work(3, minutes(6)).await;
    assert!(words(&house.cards()[0]).contains("Claimed by Dana"));
    assert!(house.server.asked("PATCH", "/messages/").len() <= 5);
}

#[tokio::test]
async fn the_morning_digest_comes_once_with_its_charts() {
    let mut house = House::new().await;
    house.question().await;
    house.says("dana", "/claim L-1").await;
    house.tick().await;
    house.settle().await;
    house.pass(SignedDuration::from_hours(24));
    house.server.fail_next("POST", "/messages", [Fault::CutAfter]);
    house.tick().await;
    house.settle().await;
    // The answer was lost; long after, the digest is found and not posted again.
    house.work(3, minutes(5)).await;
    let digests: Vec<_> = house
        .server
        .asked("POST", &format!("/channels/{SUPPORT}/messages"))
        .into_iter()
        .filter(|request| !request.files.is_empty())
        .collect();
    assert_eq!(digests.len(), 1);
    let digest = &digests[0];
    let shown = house
        .cards()
        .iter()
        .filter(|card| !card["attachments"].as_array().is_none_or(Vec::is_empty))
        .count();
    assert_eq!(shown, 1, "the server took the form");
    for (number, file) in digest.files.iter().enumerate() {
        assert_eq!(file.part, format!("files[{number}]"));
        assert_eq!(file.content_type, "image/png");
        assert!(file.bytes.starts_with(b"\x89PNG"));
        assert_eq!(digest.body["attachments"][number]["filename"], file.name.as_str());
    }
    assert!(digest.body["nonce"].is_string());
}

#[tokio::test]
async fn news_for_one_member_come_as_a_direct_message() {
    let mut house = House::new().await;
    house.question().await;
    house.says("dana", "/escalate L-1 They are furious").await;
    let direct = house.server.direct_with(MATEO).expect("a direct channel");
    let told: Vec<String> = house.server.messages(direct).iter().map(words).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("L-1"), "{told:?}");
}

#[tokio::test]
async fn a_hand_off_crosses_from_discord_to_the_web_board_and_its_card_there() {
    let mut house = House::new().await;
    house.question().await;
    house.says("dana", "/claim L-1").await;
    house
        .says("dana", "/hand-off L-1 sales They want three more sofas")
        .await;
    let there = house.web.cards("sales");
    assert_eq!(there.len(), 1, "the packet is in Sales' channel");
    house.says("aisha", "/accept L-1").await;
    assert!(
        words(&house.cards()[0]).contains("Sales"),
        "{}",
        words(&house.cards()[0])
    );
    assert_eq!(house.cards().len(), 1);
}

#[tokio::test]
async fn in_a_forum_each_lead_is_a_post_with_the_tag_of_its_state() {
    let mut house = House::in_channel(FORUM).await;
    house.server.fail_next("POST", "/threads", [Fault::CutAfter]);
    house.written("Where is my order?").await;
    house.settle().await;
    house.work(2, minutes(5)).await;
    let posts = house.server.threads_of(FORUM);
    assert_eq!(posts.len(), 1, "an uncertain post is found by its name");
    let (post, room) = posts[0].clone();
    assert!(room.name.starts_with("L-1 · "), "{}", room.name);
    assert_eq!(room.applied_tags, [(FORUM + 1).to_string()]);
    house.says("dana", "/claim L-1").await;
    house.says("dana", "/note L-1 Asked the carrier").await;
    let room = house.server.room(post).expect("there");
    assert_eq!(room.applied_tags, [(FORUM + 2).to_string()]);
    let told: Vec<String> = house.server.messages(post).iter().map(words).collect();
    assert!(told[0].contains("Claimed by Dana"), "{told:?}");
    assert!(
        told[1..].iter().any(|line| line.contains("Asked the carrier")),
        "{told:?}"
    );
    // A post that rests opens again when there is news.
    house.server.archive(post, false);
    house.says("dana", "/release L-1").await;
    assert!(!house.server.room(post).expect("there").archived);
}
