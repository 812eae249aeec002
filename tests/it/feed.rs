//! Feeds from a server on this machine: unchanged, moved, huge, slow, broken, and where they must not lead.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use jiff::{SignedDuration, Timestamp};
use switchboard::network::feed::{Feed, Settings};
use switchboard::port::delivery_error::DeliveryError;
use switchboard::port::social::{Batch, Connector};

const FEED: &str = r#"<rss version="2.0"><channel><title>The Ledger</title>
    <item><title>Second</title><guid>n-2</guid><pubDate>Sat, 21 Nov 2026 10:11:12 GMT</pubDate></item>
    <item><title>First</title><guid>n-1</guid><pubDate>Fri, 20 Nov 2026 10:11:12 GMT</pubDate></item></channel></rss>"#;

async fn with_etag(State(asked): State<Arc<AtomicUsize>>, headers: HeaderMap) -> Response {
    asked.fetch_add(1, Ordering::SeqCst);
    let known = |name| headers.get(name).map(|value| value.as_bytes().to_vec());
    if known(header::IF_NONE_MATCH).as_deref() == Some(b"W/\"v1\"") {
        assert_eq!(
            known(header::IF_MODIFIED_SINCE).as_deref(),
            Some(&b"yesterday"[..]),
            "word for word"
        );
        return StatusCode::NOT_MODIFIED.into_response();
    }
    (
        [(header::ETAG, "W/\"v1\""), (header::LAST_MODIFIED, "yesterday")],
        FEED,
    )
        .into_response()
}

/// A gzip stream of `repeats` times 258 zeros, 13 bits each: fixed Huffman codes (RFC 1951, section 3.2.6).
fn bomb(repeats: usize) -> Vec<u8> {
    let mut bits = vec![true, true, false]; // the last block, with fixed codes
    let mut code = |value: u16, length: u32| bits.extend((0..length).rev().map(|bit| value >> bit & 1 == 1));
    code(0x30, 8); // one zero
    for _ in 0..repeats {
        code(0xc5, 8); // 258 more
        code(0, 5); // from one back
    }
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let packed = bits
        .chunks(8)
        .map(|byte| byte.iter().rev().fold(0, |all, &bit| all << 1 | u8::from(bit)));
    bytes.extend(packed);
    bytes
}

async fn server() -> (String, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let app = Router::new()
        .route("/etag", get(with_etag))
        .route("/plain", get(|| async { FEED }))
        .route("/moved", get(|| async { Redirect::permanent("/moved-again") }))
        .route("/moved-again", get(|| async { Redirect::temporary("plain") }))
        .route("/loop", get(|| async { Redirect::temporary("/loop") }))
        .route(
            "/file",
            get(|| async { Redirect::temporary("file:///etc/passwd") }),
        )
        .route("/huge", get(|| async { "x".repeat(5_000_000) }))
        .route(
            "/bomb",
            get(|| async { ([(header::CONTENT_ENCODING, "gzip")], bomb(200_000)) }),
        )
        .route("/slow", get(|| async { std::future::pending::<String>().await }))
        .route("/broken", get(|| async { &FEED[..FEED.len() - 40] }))
        .route("/page", get(|| async { "<html><p>Please sign in</p></html>" }))
        .route("/gone", get(|| async { StatusCode::GONE }))
        .route("/error", get(|| async { StatusCode::BAD_GATEWAY }))
        .route(
            "/busy",
            get(|| async { (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "120")]) }),
        )
        .route(
            "/closed",
            get(|| async {
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    [(header::RETRY_AFTER, "Tue, 24 Nov 2026 13:00:00 GMT")],
                )
            }),
        )
        .with_state(asked.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (address, asked)
}

fn feed(url: String, allow_private: bool) -> Feed {
    let mut settings: Settings =
        toml::from_str("name = \"press\"\nurl = \"\"\nevery_minutes = 5\ntimeout_seconds = 1").unwrap();
    settings.url = url;
    settings.allow_private = allow_private;
    let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
    Feed::new(&settings, Arc::new(move || now)).unwrap()
}

#[tokio::test]
async fn an_unchanged_feed_is_not_delivered_again() {
    let (address, asked) = server().await;
    for path in ["/etag", "/plain"] {
        let feed = feed(format!("{address}{path}"), true);
        let first = feed.poll(None).await.unwrap();
        let ids: Vec<_> = first.mentions.iter().map(|mention| mention.id.as_str()).collect();
        assert_eq!(ids, ["press:n-1", "press:n-2"], "oldest first");
        assert_eq!(
            feed.poll(first.cursor.as_deref()).await.unwrap(),
            Batch::default(),
            "{path}"
        );
        assert_eq!(feed.poll(Some("not ours")).await.unwrap().mentions.len(), 2);
        assert_eq!(feed.poll_every(), Some(Duration::from_secs(300)));
    }
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn redirects_are_followed_and_bounded() {
    let (address, _) = server().await;
    assert_eq!(
        feed(format!("{address}/moved"), true)
            .poll(None)
            .await
            .unwrap()
            .mentions
            .len(),
        2
    );
    for (path, expected) in [
        ("/loop", "127.0.0.1 redirects more than 5 times"),
        ("/file", "127.0.0.1 redirects to file:, which is not the web"),
    ] {
        let error = feed(format!("{address}{path}"), true)
            .poll(None)
            .await
            .unwrap_err();
        assert_eq!(error, DeliveryError::Permanent(expected.into()));
    }
}

#[tokio::test]
async fn what_goes_wrong_is_named_and_says_whether_to_try_again() {
    let (address, _) = server().await;
    let wait = |seconds, why: &str| DeliveryError::Wait {
        wait: SignedDuration::from_secs(seconds),
        why: why.into(),
    };
    for (path, expected) in [
        (
            "/huge",
            DeliveryError::Permanent("the feed at 127.0.0.1 is larger than 4000000 bytes".into()),
        ),
        (
            "/bomb",
            DeliveryError::Permanent("the feed at 127.0.0.1 is larger than 4000000 bytes".into()),
        ),
        (
            "/slow",
            DeliveryError::Transient("127.0.0.1 took longer than 1 s".into()),
        ),
        (
            "/page",
            DeliveryError::Transient("127.0.0.1 sent no feed: unable to parse feed: no root element".into()),
        ),
        (
            "/missing",
            DeliveryError::Permanent("127.0.0.1 answered 404 Not Found".into()),
        ),
        (
            "/gone",
            DeliveryError::Gone("127.0.0.1 answered 410 Gone: the feed has ended".into()),
        ),
        (
            "/error",
            DeliveryError::Transient("127.0.0.1 answered 502 Bad Gateway".into()),
        ),
        ("/busy", wait(120, "127.0.0.1 answered 429 Too Many Requests")),
        (
            "/closed",
            wait(3_600, "127.0.0.1 answered 503 Service Unavailable"),
        ),
    ] {
        let error = feed(format!("{address}{path}?key=hidden"), true)
            .poll(None)
            .await
            .unwrap_err();
        assert_eq!(error, expected, "{path}");
    }
    let broken = feed(format!("{address}/broken"), true)
        .poll(None)
        .await
        .unwrap_err();
    assert!(
        matches!(&broken, DeliveryError::Transient(why) if why.contains("unable to parse XML")),
        "{broken}"
    );
    let nobody = feed("http://127.0.0.1:1/?key=hidden".into(), true)
        .poll(None)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        nobody.contains("127.0.0.1 cannot be read") && !nobody.contains("hidden"),
        "{nobody}"
    );
}

#[tokio::test]
async fn nothing_is_read_from_inside() {
    let (address, asked) = server().await;
    let port = address.rsplit(':').next().unwrap();
    for host in [
        "127.0.0.1",
        "localhost",
        "[::ffff:127.0.0.1]",
        "0x7f.1",
        "169.254.169.254",
        "10.0.0.1",
    ] {
        let error = feed(format!("http://{host}:{port}/etag"), false)
            .poll(None)
            .await
            .unwrap_err();
        let DeliveryError::Permanent(why) = &error else {
            panic!("{host}: {error:?}")
        };
        assert!(
            why.contains("is in a private network or on this machine"),
            "{host}: {why}"
        );
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}
