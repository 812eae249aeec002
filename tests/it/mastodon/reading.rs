//! Reading: pages without a gap, first contact, the stream, refusals, and what `check` finds.

use std::sync::Arc;

use switchboard::domain::mention::{MentionKind, UpstreamChange};
use switchboard::port::delivery_error::DeliveryError;
use switchboard::port::finding::Weight;
use switchboard::port::social::{Batch, Connector};

use super::house::{connector, still_clock};
use super::server::{Kind, OWN, TestServer};

async fn drain(connector: &dyn Connector, cursor: &mut Option<String>) -> Batch {
    let batch = connector.poll(cursor.as_deref()).await.expect("a poll");
    if batch.cursor.is_some() {
        *cursor = batch.cursor.clone();
    }
    batch
}

fn ids(batch: &Batch) -> Vec<String> {
    batch.mentions.iter().map(|mention| mention.id.clone()).collect()
}

#[tokio::test]
async fn every_mention_comes_once_and_in_order_whatever_the_burst() {
    for kind in [Kind::Mastodon, Kind::GoToSocial, Kind::Takahe] {
        let (_, clock) = still_clock();
        let server = TestServer::start(kind, Arc::clone(&clock)).await;
        let mastodon = connector(&server.address, "streaming = false", clock).unwrap();
        let mut cursor = None;
        assert_eq!(ids(&drain(&mastodon, &mut cursor).await), [""; 0]);
        assert!(
            cursor.is_some(),
            "the first contact is over, also with nothing there"
        );

        // Where there was nothing, all is new; more than a page of it.
        let burst = |count: usize| -> Vec<String> {
            (0..count)
                .map(|number| {
                    server.follow();
                    server.written("mara", &format!("number {number}"))
                })
                .collect()
        };
        let first = burst(95);
        assert_eq!(ids(&drain(&mastodon, &mut cursor).await), first, "{kind:?}");
        let second = burst(130);
        server.written(OWN, "what we say ourselves is no mention");
        assert_eq!(ids(&drain(&mastodon, &mut cursor).await), second, "{kind:?}");
        assert_eq!(ids(&drain(&mastodon, &mut cursor).await), [""; 0]);
    }
}

#[tokio::test]
async fn the_first_contact_brings_the_newest_page() {
    let (_, clock) = still_clock();
    let server = TestServer::start(Kind::Mastodon, Arc::clone(&clock)).await;
    let all: Vec<String> = (0..60)
        .map(|number| server.written("mara", &number.to_string()))
        .collect();
    let mastodon = connector(&server.address, "streaming = false", clock).unwrap();
    let mut cursor = None;
    assert_eq!(ids(&drain(&mastodon, &mut cursor).await), all[20..]);
    assert_eq!(ids(&drain(&mastodon, &mut cursor).await), [""; 0]);
}

#[tokio::test]
async fn a_mention_keeps_what_a_person_and_a_reply_need() {
    let (_, clock) = still_clock();
    let server = TestServer::start(Kind::Mastodon, Arc::clone(&clock)).await;
    let root = server.written("mara@social.example", "a &lt;b&gt;<br>second line");
    server.posted("weatherbot", "hm", "direct", "", None);
    server.posted("mara@social.example", "and?", "private", "cw", Some(&root));
    let mastodon = connector(&server.address, "streaming = false", clock).unwrap();
    let batch = drain(&mastodon, &mut None).await;
    let [first, second, third] = &batch.mentions[..] else {
        panic!("{batch:?}");
    };
    assert_eq!(first.text.as_written(), "@shop a <b>\nsecond line");
    assert_eq!(first.author.handle.as_written(), "mara@social.example");
    assert_eq!(
        (first.author.followers, first.language.as_deref()),
        (Some(1200), Some("en"))
    );
    assert_eq!(first.media[0].description.as_written(), "A cracked lamp");
    assert!(
        first
            .url
            .as_ref()
            .unwrap()
            .starts_with("https://our.example/@mara")
    );
    assert_eq!(first.account.as_deref(), Some("shop"));
    let kinds = [first.kind, second.kind, third.kind];
    assert_eq!(
        kinds,
        [
            MentionKind::Mention,
            MentionKind::DirectMessage,
            MentionKind::Comment
        ]
    );
    assert!(second.author.name.as_written().ends_with("(bot)"));
    assert_eq!(third.in_reply_to.as_ref(), Some(&root));
    assert_eq!(third.text.as_written(), "[cw]\n\n@shop and?");
    assert!(third.reply_target.as_ref().unwrap().contains("private"));
    let can = mastodon.capabilities(&"mastodon".into());
    assert!(can.replies && can.reconciles && !can.idempotent);
    assert_eq!(can.text_limit, Some(460), "room for the name");
}

#[tokio::test]
async fn the_stream_wakes_a_poll_and_tells_edits_and_deletions() {
    let (_, clock) = still_clock();
    let server = TestServer::start(Kind::GoToSocial, Arc::clone(&clock)).await;
    server.stream().await;
    // The safety net is far away: what comes within the test comes through the stream.
    let mastodon = connector(&server.address, "poll_every = \"10h\"", Arc::clone(&clock)).unwrap();
    let mut cursor = None;
    drain(&mastodon, &mut cursor).await;
    drain(&mastodon, &mut cursor).await;
    let id = server.written("mara", "hello");
    assert_eq!(ids(&drain(&mastodon, &mut cursor).await), [id.as_str()]);
    server.edit(&id, "hello again", clock());
    let batch = drain(&mastodon, &mut cursor).await;
    let [edited] = &batch.changes[..] else {
        panic!("{batch:?}")
    };
    assert_eq!(edited.id, id);
    assert!(matches!(&edited.what, UpstreamChange::Edited { text } if text.as_written() == "hello again"));
    server.delete(&id);
    let batch = drain(&mastodon, &mut cursor).await;
    assert!(matches!(&batch.changes[..], [gone] if gone.id == id && gone.what == UpstreamChange::Deleted));
}

#[tokio::test]
async fn without_a_stream_polling_goes_on() {
    let (_, clock) = still_clock();
    let server = TestServer::start(Kind::Takahe, Arc::clone(&clock)).await;
    let mastodon = connector(&server.address, "poll_every = \"100ms\"", clock).unwrap();
    let mut cursor = None;
    drain(&mastodon, &mut cursor).await;
    let id = server.written("mara", "hello");
    assert_eq!(ids(&drain(&mastodon, &mut cursor).await), [id]);
}

#[tokio::test]
async fn a_bad_token_says_what_to_do_and_is_never_repeated() {
    for kind in [Kind::Mastodon, Kind::Takahe] {
        let (_, clock) = still_clock();
        let server = TestServer::start(kind, Arc::clone(&clock)).await;
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("token"), "hunter2").unwrap();
        let text = format!(
            "name = \"m\"\nserver = \"{}\"\naccess_token = {{ file = \"token\" }}",
            server.address
        );
        let settings = toml::from_str(&text).unwrap();
        let mastodon =
            switchboard::network::mastodon::Mastodon::open(&settings, folder.path(), clock).unwrap();
        let error = mastodon.poll(None).await.unwrap_err();
        assert!(matches!(error, DeliveryError::Blocked(_)), "{kind:?}: {error:?}");
        let findings = mastodon.check().await;
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].weight, Weight::Problem);
        assert!(findings[0].todo.as_ref().unwrap().contains("access token"));
        assert!(!format!("{error:?} {findings:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn check_finds_what_hides_customers_and_what_a_token_lacks() {
    for (rule, weight) in [
        ("filter", Weight::Note),
        ("drop", Weight::Problem),
        ("accept", Weight::Fine),
    ] {
        let (_, clock) = still_clock();
        let server = TestServer::start(Kind::Mastodon, Arc::clone(&clock)).await;
        server.world().policy = Some(rule);
        let mastodon = connector(&server.address, "streaming = false", clock).unwrap();
        let findings = mastodon.check().await;
        let about = |word: &str| {
            findings
                .iter()
                .find(|finding| finding.about.contains(word))
                .unwrap()
        };
        assert_eq!(about("policy").weight, weight);
        assert!(about("sign-in").what.contains("@shop"));
        assert!(about("server").what.contains("500"));
        // The test server's application has read and write:media.
        assert!(about("scopes").what.contains("write:statuses") && !about("scopes").what.contains("read:"));
        assert!(
            server.asked("include_filtered") == 0 && server.asked("POST") == 0,
            "nothing is changed"
        );
    }
}
