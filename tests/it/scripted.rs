//! The scripted network: a script that goes on where it was, authors who answer, and a public file that is the truth.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use switchboard::network::Clock;
use switchboard::network::scripted::{Faults, Scripted, Settings, public_file, read_public};
use switchboard::port::delivery_error::DeliveryError;
use switchboard::port::social::{Connector, PublicReply, Reconciled};

const SCRIPT: &str = r#"{"id":"m-1","network":"x","author":{"handle":"wren"},"text":"Where is my lamp?","after_seconds":-60}
{"id":"m-3","network":"reviews","author":{"handle":"tove"},"text":"Lovely","rating":5,"after_seconds":20}
{"id":"m-2","network":"mastodon","author":{"handle":"ada"},"text":"Is it in stock?","after_seconds":10}
{"id":"m-4","network":"x","author":{"handle":"wren"},"text":"Thank you!","in_reply_to":"m-1","when_replied_to":"m-1","after_seconds":5}
"#;

/// A clock that only the test moves.
#[derive(Clone, Default)]
struct Still(Arc<AtomicI64>);

impl Still {
    fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    fn clock(&self) -> Clock {
        let seconds = self.0.clone();
        Arc::new(move || Timestamp::from_second(1_800_000_000 + seconds.load(Ordering::SeqCst)).unwrap())
    }
}

fn open(data: &Path, still: &Still, faults: Faults) -> Scripted {
    let script = data.join("script.jsonl");
    std::fs::write(&script, SCRIPT).unwrap();
    let settings = Settings {
        script: Some(script),
        faults,
        ..Settings::new("demo")
    };
    Scripted::open(settings, data, still.clock()).unwrap()
}

fn reply(network: &str, answers: &str, key: &str, text: &str) -> PublicReply {
    PublicReply {
        key: key.into(),
        network: network.into(),
        answers: answers.into(),
        conversation: answers.into(),
        reply_target: None,
        text: text.into(),
        asked: jiff::Timestamp::UNIX_EPOCH,
    }
}

async fn poll(network: &Scripted, cursor: &mut Option<String>) -> Vec<String> {
    let batch = network.poll(cursor.as_deref()).await.unwrap();
    if batch.cursor.is_some() {
        *cursor = batch.cursor;
    }
    batch.mentions.into_iter().map(|mention| mention.id).collect()
}

#[tokio::test]
async fn the_script_goes_on_where_it_was_and_authors_answer_replies() {
    let data = tempfile::tempdir().unwrap();
    let still = Still::default();
    let mut cursor = None;
    let network = open(data.path(), &still, Faults::default());
    assert_eq!(poll(&network, &mut cursor).await, ["m-1"]);
    assert_eq!(
        network.poll(cursor.as_deref()).await.unwrap().cursor,
        None,
        "nothing new to remember"
    );

    let published = network
        .publish(&reply("x", "m-1", "k-1", "On its way!"))
        .await
        .unwrap();
    assert_eq!(
        published.permalink.as_deref(),
        Some("https://x.example/larkspurhome/reply-1")
    );
    still.pass(12);
    drop(network);

    let network = open(data.path(), &still, Faults::default());
    assert_eq!(poll(&network, &mut cursor).await, ["m-2", "m-4"]);
    assert_eq!(poll(&network, &mut cursor).await, Vec::<String>::new());
    still.pass(3_600);
    let late = network.poll(cursor.as_deref()).await.unwrap();
    assert_eq!(
        late.mentions[0].created.as_second(),
        1_800_000_020,
        "written when the script says"
    );
    assert_eq!(network.public_thread(&"x".into(), "m-1").len(), 1);
}

#[tokio::test]
async fn limits_are_those_of_the_real_networks() {
    let data = tempfile::tempdir().unwrap();
    let network = open(data.path(), &Still::default(), Faults::default());
    for (name, answers, text, goes) in [
        ("x", "m-1", "語".repeat(140), true),
        ("x", "m-1", "語".repeat(141), false),
        ("mastodon", "m-2", "a".repeat(500), true),
        ("mastodon", "m-2", "a".repeat(501), false),
        ("reviews", "m-3", "Thanks".to_owned(), false),
    ] {
        let sent = network.publish(&reply(name, answers, &text, &text)).await;
        assert_eq!(sent.is_ok(), goes, "{name}");
        assert!(goes || matches!(sent, Err(DeliveryError::Permanent(_))), "{name}");
    }
    assert!(!network.capabilities(&"reviews".into()).replies);
    assert!(network.capabilities(&"mastodon".into()).idempotent);
}

#[tokio::test]
async fn a_lost_answer_leaves_a_post_that_can_be_found() {
    let data = tempfile::tempdir().unwrap();
    let still = Still::default();
    let faults = Faults {
        fail_next: 1,
        uncertain: 1.0,
        ..Faults::default()
    };
    let network = open(data.path(), &still, faults);
    let said = reply("x", "m-1", "k-1", "On its way!");
    assert!(matches!(
        network.publish(&said).await,
        Err(DeliveryError::Transient(_))
    ));
    assert_eq!(network.reconcile(&said).await.unwrap(), Reconciled::Absent);
    assert!(matches!(
        network.publish(&said).await,
        Err(DeliveryError::Uncertain(_))
    ));
    drop(network);

    let network = open(data.path(), &still, Faults::default());
    assert!(matches!(
        network.reconcile(&said).await.unwrap(),
        Reconciled::Found(_)
    ));
    // X keeps no keys: who publishes again without looking speaks twice. Mastodon's key prevents it.
    network.publish(&said).await.unwrap();
    let once = reply("mastodon", "m-2", "k-2", "Yes");
    assert_eq!(
        network.publish(&once).await.unwrap(),
        network.publish(&once).await.unwrap()
    );
    let keys: Vec<_> = read_public(&public_file(data.path()))
        .unwrap()
        .into_iter()
        .map(|post| post.key)
        .collect();
    assert_eq!(keys, ["k-1", "k-1", "k-2"]);
}

#[tokio::test]
async fn a_torn_last_line_never_went_out() {
    let data = tempfile::tempdir().unwrap();
    let still = Still::default();
    open(data.path(), &still, Faults::default())
        .publish(&reply("x", "m-1", "k-1", "Hi"))
        .await
        .unwrap();
    let file = public_file(data.path());
    let mut bytes = std::fs::read(&file).unwrap();
    bytes.extend(b"{\"key\":\"k-2\",\"nat");
    std::fs::write(&file, &bytes).unwrap();

    let network = open(data.path(), &still, Faults::default());
    network
        .publish(&reply("x", "m-1", "k-3", "Hi again"))
        .await
        .unwrap();
    let keys: Vec<_> = read_public(&file)
        .unwrap()
        .into_iter()
        .map(|post| post.key)
        .collect();
    assert_eq!(keys, ["k-1", "k-3"]);
}

#[tokio::test]
async fn the_bundled_sample_plays() {
    let data = tempfile::tempdir().unwrap();
    let still = Still::default();
    let network = Scripted::open(Settings::new("demo"), data.path(), still.clock()).unwrap();
    let mut cursor = None;
    let at_once = poll(&network, &mut cursor).await;
    assert!(
        at_once.len() >= 12,
        "the board is not empty at first sight: {}",
        at_once.len()
    );
    still.pass(600);
    let rest = poll(&network, &mut cursor).await;
    assert!(at_once.len() + rest.len() >= 60, "{}", at_once.len() + rest.len());
    let mut ids: Vec<_> = at_once.into_iter().chain(rest).collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "no id stands twice");
}

#[test]
fn a_script_with_a_mistake_names_its_line() {
    let data = tempfile::tempdir().unwrap();
    let script = data.path().join("bad.jsonl");
    for (text, expected) in [
        ("{\"text\":\"a\"}\n{\"text\":", "line 2: not JSON"),
        (
            "{\"text\":\"a\",\"after_seconds\":\"soon\"}",
            "line 1: after_seconds: \"soon\" is not a number",
        ),
        ("{\"id\":\"a\"}", "line 1: text: nothing was found"),
    ] {
        std::fs::write(&script, text).unwrap();
        let settings = Settings {
            script: Some(script.clone()),
            ..Settings::new("demo")
        };
        let error = Scripted::open(settings, data.path(), Still::default().clock())
            .err()
            .unwrap();
        assert!(error.contains(expected), "{error}");
    }
}
