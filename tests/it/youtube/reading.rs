//! What is read: comments and their answers, each once, for as few units as possible.

use std::time::Duration;

use serde_json::{Value, json};
use switchboard::domain::mention::{MentionKind, PublicText, UpstreamChange};
use switchboard::port::delivery_error::DeliveryError;
use switchboard::port::finding::Weight;
use switchboard::port::social::Connector;

use super::{Stage, comment, ids, thread};

#[tokio::test]
async fn a_comment_and_its_answer_become_mentions_of_one_conversation() {
    let stage = Stage::new().await;
    let answer = comment("UgxAAA.9bcd", "other", "+1", 1);
    stage.server.world().threads = vec![thread(
        "UgxAAA",
        "mara_l",
        "Where can I <buy> this?",
        0,
        &[answer],
    )];
    let batch = stage.first().await;
    assert_eq!(ids(&batch), ["UgxAAA", "UgxAAA.9bcd"]);
    let [top, answer] = &batch.mentions[..] else {
        unreachable!()
    };
    assert_eq!(top.kind, MentionKind::Comment);
    assert_eq!(top.text, PublicText::from("Where can I <buy> this?"));
    assert_eq!(top.author.handle, PublicText::from("mara_l"));
    assert_eq!(top.author.id, "UCmara_l");
    assert_eq!(
        top.url.as_deref(),
        Some("https://www.youtube.com/watch?v=vid123&lc=UgxAAA")
    );
    assert_eq!(top.conversation, answer.conversation);
    assert_eq!(answer.in_reply_to.as_deref(), Some("UgxAAA"));
    assert_eq!(
        answer.url.as_deref(),
        Some("https://www.youtube.com/watch?v=vid123&lc=UgxAAA.9bcd")
    );
}

#[tokio::test]
async fn each_comes_once_and_our_own_never() {
    let stage = Stage::new().await;
    stage.server.world().threads = vec![thread(
        "a",
        "mara_l",
        "hello",
        0,
        &[comment("a.own", "our", "hello!", 1)],
    )];
    let mut cursor = stage.first().await;
    assert_eq!(ids(&cursor), ["a"]);
    assert!(stage.poll(&mut cursor).await.mentions.is_empty());
    stage
        .server
        .world()
        .threads
        .insert(0, thread("b", "kim", "hi", 3, &[]));
    assert_eq!(ids(&stage.poll(&mut cursor).await), ["b"]);
    let quiet = stage.poll(&mut cursor).await;
    assert_eq!((quiet.mentions.len(), quiet.cursor), (0, None));
    let empty = Stage::new().await;
    assert!(
        empty.first().await.cursor.is_some(),
        "also of a channel without comments"
    );
}

#[tokio::test]
async fn an_answer_to_an_old_thread_is_found_although_it_stays_behind() {
    let stage = Stage::new().await;
    stage.server.world().threads = (0..150)
        .map(|index| thread(&format!("t{index}"), "mara_l", "hello", -index, &[]))
        .collect();
    let mut cursor = stage.first().await;
    assert_eq!(cursor.mentions.len(), 40);
    // Within the first page at once, by its number of answers; more than come along are asked for.
    let answers: Vec<Value> = (0..7)
        .map(|index| comment(&format!("t50.{index}"), "kim", "me too", index))
        .collect();
    {
        let mut world = stage.server.world();
        world.threads[50] = thread("t50", "mara_l", "hello", -50, &answers);
        world.replies.insert("t50".into(), answers);
    }
    assert_eq!(stage.poll(&mut cursor).await.mentions.len(), 7);
    let mut answers: Vec<Value> = (0..8)
        .map(|index| comment(&format!("t50.{index}"), "kim", "me too", index))
        .collect();
    answers[7] = comment("t50.new", "kim", "still me", 9);
    {
        let mut world = stage.server.world();
        world.threads[50] = thread("t50", "mara_l", "hello", -50, &answers);
        world.replies.insert("t50".into(), answers);
    }
    assert!(ids(&stage.poll(&mut cursor).await).contains(&"t50.new"));
    // On a later page within the hour.
    stage.later(61);
    assert!(
        stage.poll(&mut cursor).await.mentions.is_empty(),
        "what was old at first contact stays silent"
    );
    stage.server.world().threads[140] = thread(
        "t140",
        "mara_l",
        "hello",
        -140,
        &[comment("t140.0", "kim", "me too", 70)],
    );
    assert!(stage.poll(&mut cursor).await.mentions.is_empty());
    stage.later(61);
    assert_eq!(ids(&stage.poll(&mut cursor).await), ["t140.0"]);
}

#[tokio::test]
async fn a_burst_of_several_pages_is_read_whole() {
    let stage = Stage::new().await;
    stage.server.world().threads = vec![thread("old", "mara_l", "hello", -10, &[])];
    let mut cursor = stage.first().await;
    let burst = (0..250).map(|index| thread(&format!("n{index}"), "kim", "hello", 250 - index, &[]));
    stage
        .server
        .world()
        .threads
        .splice(0..0, burst.collect::<Vec<_>>());
    assert_eq!(stage.poll(&mut cursor).await.mentions.len(), 250);
    let asked = stage.server.count("GET /commentThreads");
    stage.poll(&mut cursor).await;
    assert_eq!(
        stage.server.count("GET /commentThreads"),
        asked + 1,
        "one unit when nothing is new"
    );
}

#[tokio::test]
async fn edits_are_followed_and_deletions_once_they_are_certain() {
    let stage = Stage::new().await;
    stage.server.world().threads = vec![
        thread("a", "mara_l", "hello", 0, &[]),
        thread("b", "kim", "hi", -1, &[]),
    ];
    let mut cursor = stage.first().await;
    {
        let mut world = stage.server.world();
        let snippet = &mut world.threads[0]["snippet"]["topLevelComment"]["snippet"];
        snippet["textDisplay"] = "hello there".into();
        snippet["updatedAt"] = "2026-11-20T12:30:00Z".into();
        world.threads.remove(1);
        world.deleted.push("b".into());
    }
    let changes = stage.poll(&mut cursor).await.changes;
    assert_eq!(changes.len(), 1);
    assert_eq!(
        (changes[0].id.as_str(), &changes[0].what),
        (
            "a",
            &UpstreamChange::Edited {
                text: "hello there".into()
            }
        )
    );
    assert!(stage.poll(&mut cursor).await.changes.is_empty(), "once");
    stage.later(61);
    assert!(
        stage.poll(&mut cursor).await.changes.is_empty(),
        "one look is no proof"
    );
    stage.later(61);
    let changes = stage.poll(&mut cursor).await.changes;
    assert_eq!(
        (changes[0].id.as_str(), &changes[0].what),
        ("b", &UpstreamChange::Deleted)
    );
    stage.later(61);
    assert!(stage.poll(&mut cursor).await.changes.is_empty(), "once");
}

#[tokio::test]
async fn what_is_held_back_comes_only_where_it_is_wanted() {
    let mut held = thread("held", "kim", "buy followers", 0, &[]);
    held["snippet"]["topLevelComment"]["snippet"]["moderationStatus"] = "heldForReview".into();
    let mut spam = thread("spam", "kim", "spam", 0, &[]);
    spam["snippet"]["topLevelComment"]["snippet"]["moderationStatus"] = "rejected".into();
    for (more, expected) in [("", &[][..]), ("held_for_review = true", &["held"][..])] {
        let stage = Stage::with(more).await;
        stage.server.world().held = vec![held.clone(), spam.clone()];
        assert_eq!(ids(&stage.first().await), expected);
    }
}

#[tokio::test]
async fn the_days_units_are_spread_and_never_overdrawn() {
    let stage = Stage::with("daily_units = 100").await;
    let mut cursor = stage.first().await;
    let rest = stage.youtube.poll_every().unwrap();
    assert!(
        rest > Duration::from_secs(20 * 60),
        "eighty units for reading, twenty hours: {rest:?}"
    );
    let mut polls = 0;
    let error = loop {
        match stage.youtube.poll(cursor.cursor.as_deref()).await {
            Ok(batch) => cursor.cursor = batch.cursor.or(cursor.cursor),
            Err(error) => break error,
        }
        polls += 1;
        assert!(polls < 100, "the units never end");
    };
    let DeliveryError::Wait { wait, .. } = error else {
        panic!("{error:?}")
    };
    assert_eq!(wait.as_hours(), 20, "midnight in California is at 8:00 in London");
    assert_eq!(stage.server.world().asked.len(), 80);
    stage.later(20 * 60 + 1);
    stage.poll(&mut cursor).await;
}

#[tokio::test]
async fn what_was_spent_is_remembered_over_a_restart() {
    let stage = Stage::with("daily_units = 1000").await;
    stage.server.world().threads = vec![thread("a", "mara_l", "hello", 0, &[])];
    let first = stage.first().await;
    let cursor: Value = serde_json::from_str(first.cursor.as_deref().unwrap()).unwrap();
    assert_eq!(cursor["spent"], json!({"day": "2026-11-20", "units": 2}));
}

#[tokio::test]
async fn a_quota_that_youtube_calls_exceeded_waits_until_midnight_in_california() {
    let stage = Stage::new().await;
    let mut cursor = stage.first().await;
    stage.server.world().refused = Some((403, "quotaExceeded"));
    let error = stage.youtube.poll(cursor.cursor.as_deref()).await.unwrap_err();
    assert!(
        matches!(error, DeliveryError::Wait { wait, .. } if wait.as_hours() == 20),
        "{error:?}"
    );
    stage.server.world().refused = None;
    let asked = stage.server.world().asked.len();
    stage.youtube.poll(cursor.cursor.as_deref()).await.unwrap_err();
    assert_eq!(stage.server.world().asked.len(), asked, "nobody was asked");
    stage.later(20 * 60 + 1);
    stage.poll(&mut cursor).await;
}

#[tokio::test]
async fn check_says_whose_channel_it_is() {
    let stage = Stage::new().await;
    let found = stage.youtube.check().await;
    assert!(
        found.iter().all(|finding| finding.weight == Weight::Fine),
        "{found:?}"
    );
    assert!(found.iter().any(|finding| finding.what == "signed in as UCour"));
    let other = Stage::with("channel = \"UCelse\"").await;
    let found = other.youtube.check().await;
    assert!(
        found
            .iter()
            .any(|finding| finding.weight == Weight::Problem && finding.about == "channel"),
        "{found:?}"
    );
}
