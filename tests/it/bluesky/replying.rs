//! Replying: a mention becomes a card, and what its claimer sends is one post, with the right references.

use jiff::Timestamp;
use serde_json::{Value, json};
use switchboard::port::delivery_error::DeliveryError;
use switchboard::port::social::{Connector, PublicReply, Reconciled};

use super::account;
use super::server::{Fault, Server};
use crate::story::{TestDesk, minutes};

const TEXT: &str = "Danke @anna.test – siehe https://example.com/ü 😀 #Köln @nobody.test";

/// The house with an account on Bluesky; Mara's question, of a thread that somebody else began, is claimed by Dana.
async fn asked(server: &Server) -> TestDesk {
    let root = json!({"uri": "at://did:plc:b/app.bsky.feed.post/root", "cid": "bafyroot"});
    let record =
        json!({"text": "@larkspur.test where is my order?", "reply": {"root": root, "parent": root}});
    server.told("mention", "m", "2026-11-24T08:59:00Z", record);
    server
        .world()
        .handles
        .insert("anna.test".into(), "did:plc:anna".into());
    let mut desk = TestDesk::new();
    let bluesky = account(server);
    let batch = bluesky.poll(None).await.unwrap();
    desk.join_network(bluesky);
    let lead = desk.arrive(batch.mentions.into_iter().next().unwrap()).await;
    assert_eq!(desk.cards("support").len(), 1);
    desk.click("dana", "claim", lead).await.done();
    desk
}

/// Only what the public reads of us.
fn only(server: &Server) -> Value {
    let world = server.world();
    assert_eq!((world.records.len(), world.written), (1, 1), "exactly one post");
    world.records.values().next().unwrap().clone()
}

#[tokio::test]
async fn a_mention_is_answered_once_with_its_references_and_links() {
    let server = Server::start().await;
    let mut desk = asked(&server).await;
    desk.says("dana", &format!("/reply L-1 {TEXT}")).await.done();
    let record = only(&server);
    assert_eq!(record["text"], TEXT);
    assert_eq!(record["createdAt"], "2026-11-24T09:00:00.000Z");
    assert_eq!(
        record["reply"],
        json!({"root": {"uri": "at://did:plc:b/app.bsky.feed.post/root", "cid": "bafyroot"},
               "parent": {"uri": "at://did:plc:mara/app.bsky.feed.post/m", "cid": "bafym"}})
    );
    let facet = |start: usize, end: usize, feature: Value| json!({"index": {"byteStart": start, "byteEnd": end}, "features": [feature]});
    assert_eq!(
        record["facets"],
        json!([
            facet(
                6,
                16,
                json!({"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:anna"})
            ),
            facet(
                27,
                49,
                json!({"$type": "app.bsky.richtext.facet#link", "uri": "https://example.com/ü"})
            ),
            facet(
                55,
                61,
                json!({"$type": "app.bsky.richtext.facet#tag", "tag": "Köln"})
            ),
        ]),
        "nobody.test is nobody, and stays text"
    );
    let card = desk.cards("support").remove(0);
    let url = card.turns.last().unwrap().url.clone().unwrap();
    assert!(
        url.starts_with("https://bsky.app/profile/larkspur.test/post/"),
        "{url}"
    );
}

#[tokio::test]
async fn an_answer_that_is_lost_leaves_one_post_whatever_the_network_says_meanwhile() {
    let error = json!({"error": "InternalServerError", "message": "Internal Server Error"});
    for (method, then) in [
        ("putRecord", None),
        (
            "putRecord",
            Some(("getRecord", Fault::Status(500, error.clone()))),
        ),
        ("putRecord", Some(("getRecord", Fault::Limited(5)))),
    ] {
        let server = Server::start().await;
        let mut desk = asked(&server).await;
        server.fail(method, Fault::CutAfter);
        if let Some((method, fault)) = then {
            server.fail(method, fault);
        }
        desk.says("dana", "/reply L-1 It leaves today.").await.done();
        for _ in 0..5 {
            desk.pass(minutes(10)).await;
        }
        assert_eq!(only(&server)["text"], "It leaves today.");
        let card = desk.cards("support").remove(0);
        assert!(
            card.turns.last().unwrap().url.is_some(),
            "the card knows the post"
        );
    }
}

#[tokio::test]
async fn a_reply_that_was_never_written_is_written_by_the_next_attempt() {
    let server = Server::start().await;
    let mut desk = asked(&server).await;
    let error = json!({"error": "InternalServerError", "message": "Internal Server Error"});
    server.fail("putRecord", Fault::Status(500, error));
    server.expire(false);
    desk.says("dana", "/reply L-1 It leaves today.").await.done();
    for _ in 0..5 {
        desk.pass(minutes(10)).await;
    }
    only(&server);
    assert_eq!(server.calls_of("putRecord"), 2);
    assert_eq!(
        server.calls_of("getRecord"),
        1,
        "looked at before it was sent again"
    );
}

fn reply(server: &Server) -> PublicReply {
    let uri = server.told("mention", "m", "2026-11-24T08:59:00Z", json!({"text": "hi"}));
    let one = json!({"uri": uri, "cid": "bafym"});
    PublicReply {
        key: "reply:L-1:1".into(),
        network: "bluesky".into(),
        answers: uri.clone(),
        conversation: uri,
        reply_target: Some(json!({"root": one, "parent": one}).to_string()),
        text: "Hello @anna.test".into(),
        asked: "2026-11-24T09:00:00.123456Z".parse::<Timestamp>().unwrap(),
    }
}

#[tokio::test]
async fn an_attempt_that_would_write_another_record_finds_the_first() {
    let server = Server::start().await;
    let bluesky = account(&server);
    let mut reply = reply(&server);
    assert_eq!(bluesky.reconcile(&reply).await.unwrap(), Reconciled::Absent);
    let first = bluesky.publish(&reply).await.unwrap();
    // The same again makes nothing new; a handle that resolves by now would make another record.
    assert_eq!(bluesky.publish(&reply).await.unwrap(), first);
    server
        .world()
        .handles
        .insert("anna.test".into(), "did:plc:anna".into());
    assert_eq!(bluesky.publish(&reply).await.unwrap(), first);
    assert_eq!(bluesky.reconcile(&reply).await.unwrap(), Reconciled::Found(first));
    only(&server);
    // What is not ours is not taken for it.
    reply.text = "Something else".into();
    let other = bluesky.publish(&reply).await.unwrap_err();
    assert!(
        matches!(&other, DeliveryError::Permanent(why) if why.contains("another post")),
        "{other:?}"
    );
    assert!(matches!(
        bluesky.reconcile(&reply).await.unwrap(),
        Reconciled::CannotTell(_)
    ));
    only(&server);
}

#[tokio::test]
async fn what_nobody_would_see_is_not_written() {
    let server = Server::start().await;
    let bluesky = account(&server);
    let reply = reply(&server);
    let uri = reply.answers.clone();
    let why = |error: DeliveryError| error.to_string();
    server.world().posts.get_mut(&uri).unwrap()["viewer"]["replyDisabled"] = json!(true);
    assert!(why(bluesky.publish(&reply).await.unwrap_err()).contains("does not take replies"));
    server.world().posts.get_mut(&uri).unwrap()["viewer"] = json!({});
    server.world().posts.get_mut(&uri).unwrap()["author"]["viewer"]["blockedBy"] = json!(true);
    assert!(why(bluesky.publish(&reply).await.unwrap_err()).contains("has blocked your account"));
    server.world().posts.remove(&uri);
    assert!(matches!(
        bluesky.publish(&reply).await,
        Err(DeliveryError::Gone(_))
    ));
    for (target, text, expected) in [
        (None, "hi".to_owned(), "not known which post"),
        (Some("{}"), "hi".to_owned(), "not known which post"),
        (reply.reply_target.as_deref(), "👩‍👩‍👧".repeat(167), "at most 3000"),
    ] {
        let reply = PublicReply {
            reply_target: target.map(str::to_owned),
            text,
            ..reply.clone()
        };
        let refused = bluesky.publish(&reply).await.unwrap_err();
        assert!(
            matches!(&refused, DeliveryError::Permanent(why) if why.contains(expected)),
            "{refused:?}"
        );
    }
    assert_eq!(server.world().written, 0);
}
