//! A card is one message that follows its lead.

use super::super::server::Fault;
use super::House;

#[tokio::test]
async fn a_card_is_posted_once_and_edited_in_place() {
    let mut house = House::new().await;
    let lead = house.question().await;
    house.run(1).await;
    let posted = house.support().only();
    assert!(posted.says("where is my order 4711?"), "{:?}", posted.reads());
    assert!(
        posted
            .key()
            .is_some_and(|key| key.len() == 32 && !key.contains("L-")),
        "an opaque key"
    );
    assert_eq!(posted.raw["unfurl_links"], false);
    assert_eq!(posted.raw["unfurl_media"], false);
    house.claim(lead).await;
    house.run(1).await;
    let edited = house.support().only();
    assert_eq!(edited.ts, posted.ts);
    assert!(edited.is_edited() && edited.says("Dana"), "{:?}", edited.reads());
    assert_eq!(edited.key(), posted.key(), "the key stays with the message");
}

#[tokio::test]
async fn many_changes_at_once_are_one_edit() {
    let mut house = House::new().await;
    let lead = house.question().await;
    house.run(1).await;
    house.claim(lead).await;
    for line in ["/note L-1 one", "/note L-1 two", "/note L-1 three"] {
        use switchboard::port::front_desk::FrontDesk;
        house
            .front
            .command(&"dana".into(), &"slack".into(), line, line)
            .await
            .unwrap();
    }
    house.run(1).await;
    assert_eq!(house.slack.calls_of("chat.update").len(), 1);
}

#[tokio::test]
async fn a_deleted_card_is_posted_anew() {
    let mut house = House::new().await;
    let lead = house.question().await;
    house.run(1).await;
    let first = house.support().only();
    house.slack.delete_message("C0SUPPORT", &first.ts);
    house.claim(lead).await;
    house.run(1).await;
    let again = house.support().only();
    assert_ne!(again.ts, first.ts);
    assert_ne!(again.key(), first.key());
    assert!(again.says("Dana"));
}

#[tokio::test]
async fn history_is_told_in_the_thread_under_the_card() {
    let mut house = House::with(|company| {
        company.departments.get_mut(&"support".into()).unwrap().threads = true;
    })
    .await;
    let lead = house.question().await;
    house.claim(lead).await;
    house.run(5).await;
    let card = house.support().only();
    let lines = house.support().thread(&card.ts);
    assert!(lines.iter().any(|line| line.says("Dana")), "{lines:#?}");
}

#[tokio::test]
async fn a_notice_is_a_direct_message_that_stays() {
    let house = House::new().await;
    let channel = house.slack.direct("U0DANA");
    let notice = house.adapter.as_ref();
    use switchboard::port::chat::ChatPlatform;
    let lead = Some(switchboard::domain::ids::LeadId(1));
    notice
        .notify(&"dana".into(), lead, "L-1 is yours", &"n-1".into())
        .await
        .unwrap();
    assert!(channel.only().says("L-1 is yours"));
    let nobody = notice
        .notify(&"nobody".into(), None, "hello", &"n-2".into())
        .await;
    assert!(matches!(
        nobody,
        Err(switchboard::port::delivery_error::DeliveryError::Gone(_))
    ));
}

#[tokio::test]
async fn an_edit_without_an_answer_is_simply_made_again() {
    let mut house = House::new().await;
    let lead = house.question().await;
    house.run(1).await;
    house.slack.fail("chat.update", Fault::DropAfter);
    house.claim(lead).await;
    house.run(2).await;
    assert!(house.support().only().says("Dana"));
    assert!(
        house.slack.calls_of("conversations.history").is_empty(),
        "there is nothing to look for"
    );
}
