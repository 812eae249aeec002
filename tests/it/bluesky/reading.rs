//! Reading: everything once, in order, whatever the pages, the sessions and the faults.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use switchboard::domain::mention::MentionKind;
use switchboard::port::delivery_error::DeliveryError;
use switchboard::port::social::{Batch, Connector};

use super::server::{Fault, OWN, Server};
use super::{NOON, account, account_with};

fn keys(batch: &Batch) -> Vec<&str> {
    batch
        .mentions
        .iter()
        .map(|mention| mention.id.rsplit('/').next().unwrap())
        .collect()
}

fn at(seconds: i64) -> String {
    let noon: Timestamp = NOON.parse().unwrap();
    (noon + SignedDuration::from_secs(seconds)).to_string()
}

#[tokio::test]
async fn mentions_replies_and_quotes_arrive_once_and_nothing_else_does() {
    let server = Server::start().await;
    let bluesky = account(&server);
    let first = bluesky.poll(None).await.unwrap();
    assert!(
        first.mentions.is_empty() && first.cursor.is_some(),
        "an account nobody wrote to yet"
    );

    let root = json!({"uri": "at://did:plc:own/app.bsky.feed.post/r", "cid": "bafyr"});
    server.told(
        "mention",
        "m",
        &at(1),
        json!({"text": "@larkspur.test open?", "langs": ["en"]}),
    );
    server.told("like", "l", &at(2), json!({}));
    server.told(
        "reply",
        "a",
        &at(3),
        json!({"text": "and now?", "reply": {"root": root, "parent": root}}),
    );
    server.told("quote", "q", &at(4), json!({"text": "look"}));
    server.world().notifications[0]["author"]["verification"] = json!({"verifiedStatus": "valid"});
    server.told("reply", "own", &at(5), json!({"text": "ours"}));
    server.world().notifications[0]["author"]["did"] = json!(OWN);
    let batch = bluesky.poll(first.cursor.as_deref()).await.unwrap();
    assert_eq!(keys(&batch), ["m", "a", "q"], "oldest first");
    let [mention, reply, quote] = &batch.mentions[..] else {
        unreachable!()
    };
    assert_eq!(
        (mention.kind, mention.language.as_deref()),
        (MentionKind::Mention, Some("en"))
    );
    assert_eq!(mention.author.name.as_written(), "Mara");
    assert_eq!(mention.author.followers, Some(77));
    assert_eq!(
        mention.url.as_deref(),
        Some("https://bsky.app/profile/mara.test/post/m")
    );
    assert_eq!(
        (reply.kind, reply.in_reply_to.as_deref()),
        (MentionKind::Comment, root["uri"].as_str())
    );
    assert!(quote.author.verified);

    let again = bluesky.poll(batch.cursor.as_deref()).await.unwrap();
    assert_eq!(again.mentions, []);
    // A second process goes on from the cursor, also with what is listed late.
    server.told("mention", "new", &at(700), json!({"text": "hi"}));
    server.told("mention", "late", &at(-60), json!({"text": "hi"}));
    let cursor = again.cursor.or(batch.cursor);
    let batch = account(&server).poll(cursor.as_deref()).await.unwrap();
    assert_eq!(keys(&batch), ["new", "late"]);
}

#[tokio::test]
async fn a_long_way_back_is_gone_in_parts_and_nothing_is_lost_between() {
    let server = Server::start().await;
    let empty = account(&server).poll(None).await.unwrap();
    for number in 0..2_345 {
        server.told(
            "mention",
            &format!("n{number}"),
            &at(number),
            json!({"text": "hi"}),
        );
    }
    let (mut cursor, mut seen, mut polls) = (empty.cursor, Vec::new(), 0);
    loop {
        // Every poll is of a process that just began.
        let batch = account(&server).poll(cursor.as_deref()).await.unwrap();
        if batch.mentions.is_empty() {
            break;
        }
        polls += 1;
        seen.extend(keys(&batch).iter().map(|key| (*key).to_owned()));
        cursor = batch.cursor.or(cursor);
    }
    assert_eq!(polls, 3, "a thousand at a time");
    let distinct: std::collections::HashSet<_> = seen.iter().collect();
    assert_eq!((seen.len(), distinct.len()), (2_345, 2_345));
    let first = account(&server).poll(None).await.unwrap();
    assert_eq!(first.mentions.len(), 40, "at first contact the newest");
    assert!(
        account(&server)
            .poll(first.cursor.as_deref())
            .await
            .unwrap()
            .mentions
            .len()
            <= 600
    );
}

#[tokio::test]
async fn a_session_is_renewed_once_however_many_ask_and_begun_anew_where_it_is_dead() {
    let server = Server::start().await;
    let bluesky = account(&server);
    bluesky.poll(None).await.unwrap();
    server.expire(false);
    let polls = (0..8).map(|_| bluesky.poll(None));
    for polled in futures::future::join_all(polls).await {
        polled.unwrap();
    }
    assert_eq!(server.sessions(), (1, 1));
    server.expire(true);
    bluesky.poll(None).await.unwrap();
    assert_eq!(server.sessions(), (2, 2));
}

#[tokio::test]
async fn what_goes_wrong_says_whether_to_try_again() {
    let server = Server::start().await;
    let wrong = account_with(&server, "hunter2-hunter2")
        .poll(None)
        .await
        .unwrap_err();
    assert!(
        matches!(&wrong, DeliveryError::Blocked(why) if why.contains("App passwords") && !why.contains("hunter2"))
    );
    let bluesky = account(&server);
    let refusal = |error: &str| json!({"error": error, "message": "no"});
    let list = "listNotifications";
    server.fail(list, Fault::Status(500, refusal("InternalServerError")));
    assert!(matches!(
        bluesky.poll(None).await,
        Err(DeliveryError::Transient(_))
    ));
    server.fail(list, Fault::Status(502, refusal("UpstreamFailure")));
    assert!(matches!(
        bluesky.poll(None).await,
        Err(DeliveryError::Transient(_))
    ));
    server.fail(list, Fault::CutAfter);
    assert!(matches!(
        bluesky.poll(None).await,
        Err(DeliveryError::Transient(_))
    ));
    server.fail(list, Fault::Status(403, refusal("AccountTakedown")));
    assert!(matches!(bluesky.poll(None).await, Err(DeliveryError::Blocked(_))));
    server.fail(list, Fault::Limited(90));
    assert!(matches!(
        bluesky.poll(None).await,
        Err(DeliveryError::Wait { .. })
    ));
    assert!(bluesky.poll(None).await.is_ok());
}
