//! What is read: mentions, replies, messages, and subreddits by keyword; each once, whatever listings do in between.

use std::time::Duration;

use serde_json::{Value, json};
use switchboard::domain::mention::{MentionKind, PublicText, UpstreamChange};
use switchboard::port::delivery_error::DeliveryError;
use switchboard::port::finding::Weight;
use switchboard::port::social::Connector;

use super::{Stage, comment, ids};

#[tokio::test]
async fn a_mention_a_post_and_a_message_become_mentions() {
    let stage = Stage::new().await;
    stage.add(
        "/message/mentions",
        json!({"kind": "t1", "data": {"name": "t1_mabc123", "id": "mabc123", "type": "username_mention", "author": "mara_l",
            "body": "u/demo_shop do you ship to <Austria> & Malta?", "subreddit": "tea", "parent_id": "t3_1pxyz",
            "context": "/r/tea/comments/1pxyz/title/mabc123/?context=3", "created_utc": 1795169472.0, "was_comment": true}}),
    );
    stage.add(
        "/r/tea/new",
        json!({"kind": "t3", "data": {"name": "t3_1post", "id": "1post", "author": "otz", "title": "Demo  Shop is closed?",
            "selftext": "Since Monday.", "permalink": "/r/tea/comments/1post/closed/", "created_utc": 1795169480,
            "url_overridden_by_dest": "https://i.example/p.jpg", "edited": false}}),
    );
    stage.add(
        "/r/tea/new",
        json!({"kind": "t3", "data": {"name": "t3_other", "author": "otz", "title": "Green or black?"}}),
    );
    stage.add(
        "/message/unread",
        json!({"kind": "t4", "data": {"name": "t4_m1", "id": "m1", "author": "kim", "subject": "Hello", "body": "A question",
            "context": "", "created_utc": 1795169490.0, "parent_id": null, "first_message_name": null}}),
    );
    let batch = stage.first().await;
    assert_eq!(
        ids(&batch),
        ["t1_mabc123", "t3_1post", "t4_m1"],
        "oldest first, and only what holds a keyword"
    );
    let [mention, post, message] = &batch.mentions[..] else {
        unreachable!()
    };

    assert_eq!(mention.kind, MentionKind::Mention);
    assert_eq!(
        mention.text,
        PublicText::from("u/demo_shop do you ship to <Austria> & Malta?")
    );
    assert_eq!(mention.author.handle, PublicText::from("mara_l"));
    assert_eq!(
        mention.conversation.as_deref(),
        Some("t3_1pxyz"),
        "out of its path"
    );
    assert_eq!(mention.in_reply_to.as_deref(), Some("t3_1pxyz"));
    assert_eq!(
        mention.url.as_deref(),
        Some("https://www.reddit.com/r/tea/comments/1pxyz/title/mabc123/")
    );
    assert_eq!(mention.created.as_second(), 1_795_169_472);

    assert_eq!(
        post.text,
        PublicText::from("Demo  Shop is closed?\n\nSince Monday.")
    );
    assert_eq!(post.conversation.as_deref(), Some("t3_1post"));
    assert_eq!(post.media[0].url, "https://i.example/p.jpg");

    assert_eq!(message.kind, MentionKind::DirectMessage);
    assert_eq!(
        message.url.as_deref(),
        Some("https://www.reddit.com/message/messages/m1")
    );
}

#[tokio::test]
async fn what_was_read_does_not_come_again_and_own_output_never() {
    let stage = Stage::new().await;
    stage.add("/message/comments", comment("a", "mara_l", "thanks", -30));
    stage.add(
        "/message/comments",
        comment("own", "Demo_Shop", "you are welcome", -20),
    );
    let first = stage.first().await;
    assert_eq!(ids(&first), ["t1_a"]);
    stage.add("/message/unread", comment("a", "mara_l", "thanks", -30));
    stage.add("/message/unread", comment("b", "mara_l", "one more thing", 1));
    stage.add("/message/comments", comment("b", "mara_l", "one more thing", 1));
    let second = stage.poll(&first).await;
    assert!(ids(&second).contains(&"t1_b"));
    assert_eq!(
        ids(&second).iter().filter(|id| **id == "t1_b").count(),
        1,
        "though two listings hold it"
    );
    assert!(ids(&stage.poll(&second).await).is_empty());
}

#[tokio::test]
async fn first_contact_takes_the_newest_and_always_leaves_a_cursor() {
    let stage = Stage::new().await;
    assert!(stage.first().await.cursor.is_some(), "also of an empty inbox");
    for index in 0..150 {
        stage.add(
            "/message/comments",
            comment(&format!("c{index}"), "mara_l", "hello", index - 500),
        );
    }
    let first = stage.first().await;
    assert_eq!(first.mentions.len(), 40);
    assert_eq!(ids(&first).last(), Some(&"t1_c149"));
    assert!(
        stage.poll(&first).await.mentions.is_empty(),
        "what was passed over stays passed over"
    );
}

#[tokio::test]
async fn a_burst_of_several_pages_is_read_whole_although_its_markers_were_deleted() {
    let stage = Stage::with("").await;
    for index in 0..120 {
        stage.add(
            "/message/comments",
            comment(&format!("old{index}"), "mara_l", "hello", index - 500),
        );
    }
    let first = stage.first().await;
    for index in 0..250 {
        stage.add(
            "/message/comments",
            comment(&format!("new{index}"), "mara_l", "hello", index),
        );
    }
    {
        let mut world = stage.server.world();
        let listing = world.listings.get_mut("/message/comments").unwrap();
        // The newest known ones vanish, and one that waited for approval appears in the middle of what is known.
        listing.retain(|item| !matches!(item["data"]["name"].as_str(), Some("t1_old119" | "t1_old118")));
        let place = listing
            .iter()
            .position(|item| item["data"]["name"] == "t1_old110")
            .unwrap();
        listing.insert(place, comment("approved", "kim", "hello", -389));
    }
    let second = stage.poll(&first).await;
    assert_eq!(second.mentions.len(), 251);
    assert_eq!(ids(&second)[..2], ["t1_approved", "t1_new0"]);
    assert!(stage.poll(&second).await.mentions.is_empty());
}

#[tokio::test]
async fn edits_and_deletions_are_followed() {
    let stage = Stage::new().await;
    for (id, minutes) in [("a", -6), ("b", -5), ("c", -4), ("d", -3)] {
        stage.add("/message/comments", comment(id, "mara_l", "hello", minutes));
    }
    let first = stage.first().await;
    let kept = |item: Value, change: &dyn Fn(&mut Value)| {
        let mut item = item;
        change(&mut item["data"]);
        let name = item["data"]["name"].as_str().unwrap().to_owned();
        stage.server.world().info.insert(name, item);
    };
    kept(comment("a", "mara_l", "hello there", -3), &|data| {
        data["edited"] = 1795176100.0.into()
    });
    kept(comment("b", "[deleted]", "[deleted]", -3), &|_| {});
    kept(comment("c", "mara_l", "[removed]", -3), &|_| {});
    stage.later(6);
    let second = stage.poll(&first).await;
    let changes: Vec<_> = second
        .changes
        .iter()
        .map(|change| (change.id.as_str(), &change.what))
        .collect();
    let edited = UpstreamChange::Edited {
        text: "hello there".into(),
    };
    assert_eq!(
        changes,
        [
            ("t1_a", &edited),
            ("t1_b", &UpstreamChange::Deleted),
            ("t1_c", &UpstreamChange::Deleted)
        ],
        "what Reddit does not mention is not deleted"
    );
    stage.later(6);
    assert!(stage.poll(&second).await.changes.is_empty(), "each is told once");
}

#[tokio::test]
async fn a_subreddit_that_went_private_silences_no_other_listing() {
    let stage = Stage::new().await;
    stage.server.world().closed = vec!["/r/tea/comments", "/r/tea/new"];
    stage.add("/message/mentions", comment("a", "mara_l", "hello", 0));
    assert_eq!(ids(&stage.first().await), ["t1_a"]);
    let found = stage.reddit.check().await;
    let problem = found
        .iter()
        .find(|finding| finding.weight == Weight::Problem)
        .unwrap();
    assert_eq!(problem.about, "r/tea");
}

#[tokio::test]
async fn damaged_listings_cost_no_more_than_what_is_damaged() {
    let stage = Stage::with("").await;
    for hostile in [
        json!(null),
        json!({"kind": "t1"}),
        json!({"kind": "t1", "data": []}),
        json!({"kind": "t1", "data": {"name": 7}}),
        json!({"kind": "t1", "data": {"name": "t1_x", "created_utc": 1e300, "author": {}, "body": [], "edited": "yes", "context": "é?/"}}),
        json!({"kind": "t9", "data": {"name": "t9_y", "created_utc": -1e300, "link_id": 5, "permalink": "//evil.example"}}),
    ] {
        stage.add("/message/mentions", hostile);
    }
    stage.add("/message/mentions", comment("fine", "mara_l", "hello", 0));
    let batch = stage.first().await;
    assert!(ids(&batch).contains(&"t1_fine"));
    assert!(
        batch
            .mentions
            .iter()
            .all(|mention| mention.url.as_deref().is_none_or(|url| !url.contains("evil")))
    );
}

#[tokio::test]
async fn the_budget_is_spread_and_never_overdrawn() {
    let stage = Stage::with("every_seconds = 10").await;
    assert_eq!(stage.reddit.poll_every(), Some(Duration::from_secs(10)));
    stage.server.world().remaining = Some(20.0);
    let first = stage.first().await;
    let rest = stage.reddit.poll_every().unwrap();
    assert!(
        rest > Duration::from_secs(60),
        "five calls a poll, eighteen to spend, 240 s: {rest:?}"
    );
    stage.server.world().remaining = Some(0.0);
    let error = stage.reddit.poll(first.cursor.as_deref()).await.unwrap_err();
    let DeliveryError::Wait { wait, .. } = error else {
        panic!("{error:?}")
    };
    assert_eq!(wait.as_secs(), 240, "seconds from now");
    let asked = stage.server.world().asked.len();
    stage.reddit.poll(first.cursor.as_deref()).await.unwrap_err();
    assert_eq!(stage.server.world().asked.len(), asked, "nobody was asked");
    stage.server.world().remaining = Some(900.0);
    stage.later(5);
    assert!(stage.reddit.poll(first.cursor.as_deref()).await.is_ok());
}

#[tokio::test]
async fn tokens_are_renewed_once_and_a_revoked_account_is_named() {
    let stage = Stage::new().await;
    let first = stage.first().await;
    assert_eq!(stage.server.world().tokens, 1);
    stage.later(60);
    stage.poll(&first).await;
    assert_eq!(
        stage.server.world().tokens,
        2,
        "one token for all calls of an hour"
    );
    // Reddit forgets the token before its time: the next poll has a new one.
    stage.later(5);
    stage.server.world().good = 99;
    let refused = stage.reddit.poll(first.cursor.as_deref()).await.unwrap_err();
    assert!(matches!(refused, DeliveryError::Transient(_)), "{refused:?}");
    stage.poll(&first).await;
    stage.server.world().refresh_refused = true;
    stage.later(120);
    let blocked = stage.reddit.poll(first.cursor.as_deref()).await.unwrap_err();
    assert!(matches!(blocked, DeliveryError::Blocked(_)), "{blocked:?}");
    assert!(!blocked.to_string().contains("refresh-me"));
}

#[tokio::test]
async fn check_says_what_is_ready_and_what_is_missing() {
    let stage = Stage::new().await;
    let found = stage.reddit.check().await;
    assert!(
        found.iter().all(|finding| finding.weight == Weight::Fine),
        "{found:?}"
    );
    assert!(
        found
            .iter()
            .any(|finding| finding.what == "signed in as u/demo_shop")
    );
    let poor = Stage::new().await;
    poor.server.world().scopes = Some("identity read");
    let found = poor.reddit.check().await;
    let problem = found
        .iter()
        .find(|finding| finding.weight == Weight::Problem)
        .unwrap();
    assert_eq!(problem.what, "the token lacks submit, privatemessages, history");
}
