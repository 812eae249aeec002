//! A digest with its charts is one message.

use jiff::civil::date;
use switchboard::domain::digest::Digest;
use switchboard::domain::ids::Channel;
use switchboard::port::chat::{ChatPlatform, Picture};

use super::super::server::Fault;
use super::House;

fn digest() -> Digest {
    Digest {
        department: "support".into(),
        department_name: "Customer Service".to_owned(),
        day: date(2026, 11, 24),
        open_by_age: [3, 1, 0, 0, 0],
        oldest: Vec::new(),
        breached: Vec::new(),
        stale_claims: Vec::new(),
        open_hand_offs: Vec::new(),
        yesterday: Default::default(),
        unexamined: 0,
    }
}

fn chart() -> Picture {
    Picture {
        file: "open-leads.png".to_owned(),
        title: "Open leads".to_owned(),
        alt: "Three under one hour, one up to four".to_owned(),
        png: b"png".to_vec(),
    }
}

async fn post(house: &House) -> Result<String, String> {
    let channel = Channel::new("slack", "C0SUPPORT");
    let posted = house
        .adapter
        .post_digest(&channel, &digest(), &[chart()], &"digest-1".into())
        .await;
    posted.map(|ts| ts.to_string()).map_err(|error| error.to_string())
}

#[tokio::test]
async fn its_chart_stands_inside_the_message_once_slack_is_ready() {
    let house = House::new().await;
    post(&house).await.unwrap();
    let shown = house.support().only();
    let blocks = shown.raw["blocks"].as_array().unwrap();
    let image = blocks
        .iter()
        .find(|block| block["type"] == "image")
        .expect("a chart");
    let file = image["slack_file"]["id"].as_str().unwrap();
    assert_eq!(house.slack.file(file).unwrap(), b"png");
    assert_eq!(image["alt_text"], "Three under one hour, one up to four");
}

#[tokio::test]
async fn where_private_files_are_not_shown_it_comes_below() {
    let house = House::new().await;
    house.slack.refuse_private_files();
    post(&house).await.unwrap();
    let shown = house.support().only();
    let below = house.support().thread(&shown.ts);
    assert_eq!(below.len(), 1);
    assert!(below[0].raw["files"].is_array());
}

#[tokio::test]
async fn without_its_chart_it_comes_all_the_same() {
    let house = House::new().await;
    house.slack.fail(
        "files.getUploadURLExternal",
        Fault::Refuse("file_uploads_disabled".to_owned()),
    );
    post(&house).await.unwrap();
    assert!(house.support().only().says("Customer Service"));
}

#[tokio::test]
async fn one_whose_answer_was_lost_is_found_again() {
    let house = House::new().await;
    house.slack.fail("chat.postMessage", Fault::DropAfter);
    assert!(post(&house).await.is_err());
    house.sleep(15);
    let found = post(&house).await.unwrap();
    assert_eq!(house.support().only().ts, found);
    assert_eq!(
        house.slack.calls_of("upload").len(),
        1,
        "nothing is uploaded before it was looked for"
    );
}
