//! Whatever Slack refuses, somebody sees it: an administrator, or the department on a plainer card.

use switchboard::domain::ids::MemberId;

use super::super::server::{APP_TOKEN, BOT_TOKEN, Fault};
use super::House;

impl House {
    /// What administrators read on the web board.
    fn told(&self) -> Vec<String> {
        let company = switchboard::config::demo().unwrap().company;
        let admins: Vec<MemberId> = company.admins.clone();
        admins.iter().flat_map(|admin| self.web.notices(admin)).collect()
    }
}

#[tokio::test]
async fn a_closed_way_is_told_once_with_what_to_do_and_opens_again() {
    let mut house = House::new().await;
    house.slack.bot_is_in("C0SUPPORT", false);
    house.question().await;
    house.question().await;
    house.run(10).await;
    let told = house.told();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("/invite @switchboard") && told[0].contains("C0SUPPORT"),
        "{told:?}"
    );
    house.slack.bot_is_in("C0SUPPORT", true);
    house.run(10).await;
    assert_eq!(house.support().messages().len(), 2, "nothing was given up");
}

#[tokio::test]
async fn every_closed_way_reaches_an_administrator() {
    for (code, part) in [
        ("channel_not_found", "check its id"),
        ("is_archived", "unarchive"),
        ("restricted_action", "administers the workspace"),
        ("token_revoked", "install the app again"),
        ("missing_scope", "switchboard manifest slack"),
        ("message_limit_exceeded", "plan"),
    ] {
        let mut house = House::new().await;
        house
            .slack
            .fail("chat.postMessage", Fault::Refuse(code.to_owned()));
        house.question().await;
        house.run(5).await;
        let told = house.told();
        assert!(told.iter().any(|text| text.contains(part)), "{code}: {told:?}");
        assert_eq!(house.support().messages().len(), 1, "{code}: it is tried again");
    }
}

#[tokio::test]
async fn a_card_that_slack_does_not_take_comes_as_text() {
    let mut house = House::new().await;
    house
        .slack
        .fail("chat.postMessage", Fault::Refuse("invalid_blocks".to_owned()));
    let lead = house.question().await;
    house.run(5).await;
    let card = house.support().only();
    assert!(card.text().contains(&lead.to_string()), "{}", card.text());
    house.claim(lead).await;
    house.run(1).await;
    assert!(
        house.support().only().says("Dana"),
        "the next state is drawn in full again"
    );
}

#[tokio::test]
async fn what_slack_never_takes_is_given_up_aloud() {
    let mut house = House::new().await;
    for _ in 0..2 {
        house
            .slack
            .fail("chat.postMessage", Fault::Refuse("invalid_blocks".to_owned()));
    }
    house.question().await;
    house.run(5).await;
    assert_eq!(house.store.totals().unwrap().dead_errands, 1);
}

/// Whatever goes wrong, no secret is in what people and logs read.
#[tokio::test]
async fn no_token_is_in_any_error() {
    use switchboard::port::chat::ChatPlatform;
    let house = House::new().await;
    let faults = [
        Fault::Refuse("invalid_auth".to_owned()),
        Fault::DropBefore,
        Fault::StatusBefore(500),
        Fault::SayAfter("fatal_error".to_owned()),
        Fault::Html,
        Fault::Refuse("invalid_blocks".to_owned()),
    ];
    for (at, fault) in faults.into_iter().enumerate() {
        house.sleep(120);
        house.slack.fail("chat.postMessage", fault.clone());
        house.slack.fail("chat.postMessage", fault.clone());
        let posting = format!("key-{at}").as_str().into();
        let error = house
            .adapter
            .notify(&"dana".into(), None, "hello", &posting)
            .await
            .unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(
            !text.contains(BOT_TOKEN) && !text.contains(APP_TOKEN) && !text.contains("http"),
            "{text}"
        );
    }
}
