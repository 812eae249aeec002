//! One frame of the stream. Nearly all are of no interest, so the time is read first and alone, and a post is taken
//! apart only where there is one.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::Sieve;
use crate::domain::mention::{Mention, PublicText, Upstream, UpstreamChange};
use crate::network::atproto::{self, Found, POSTS, Strong};

#[derive(Deserialize)]
struct Frame<'a> {
    time_us: i64,
    #[serde(borrow, default)]
    did: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    commit: Option<Commit<'a>>,
}

#[derive(Deserialize)]
struct Commit<'a> {
    #[serde(borrow, default)]
    operation: std::borrow::Cow<'a, str>,
    #[serde(borrow, default)]
    collection: std::borrow::Cow<'a, str>,
    #[serde(borrow, default)]
    rkey: std::borrow::Cow<'a, str>,
    #[serde(default)]
    cid: String,
    #[serde(borrow)]
    record: Option<&'a serde_json::value::RawValue>,
}

pub(super) enum Told {
    Post(Box<Mention>),
    /// Of a post that may be one of ours.
    Change(Upstream),
    Nothing,
}

impl Sieve {
    /// The frame's time in microseconds, and what it tells. None for what is no frame of this protocol.
    /// `brought` says whether a post was handed on before; changes of all others are passed over.
    pub fn read(&self, text: &str, brought: impl Fn(&str) -> bool) -> Option<(i64, Told)> {
        let frame: Frame<'_> = serde_json::from_str(text).ok()?;
        Some((frame.time_us, self.told(text, &frame, brought)))
    }

    fn told(&self, text: &str, frame: &Frame<'_>, brought: impl Fn(&str) -> bool) -> Told {
        let Some(commit) = frame.commit.as_ref().filter(|commit| commit.collection == POSTS) else {
            return Told::Nothing;
        };
        let uri = format!("at://{}/{POSTS}/{}", frame.did, commit.rkey);
        let at = Timestamp::from_microsecond(frame.time_us).unwrap_or_else(|_| (self.clock)());
        let record = || {
            commit
                .record
                .and_then(|raw| serde_json::from_str::<Value>(raw.get()).ok())
        };
        let change = |what| {
            Told::Change(Upstream {
                network: self.network.clone(),
                id: uri.clone(),
                at,
                what,
            })
        };
        match commit.operation.as_ref() {
            "delete" if brought(&uri) => change(UpstreamChange::Deleted),
            "update" if brought(&uri) => match record() {
                Some(record) => change(UpstreamChange::Edited {
                    text: PublicText::new(record["text"].as_str().unwrap_or_default()),
                }),
                None => Told::Nothing,
            },
            "create" => {
                // Our own account is named in what it writes and in what addresses it, whichever way.
                if self.account.as_deref().is_some_and(|own| text.contains(own)) {
                    return Told::Nothing;
                }
                let Some(record) = record() else {
                    return Told::Nothing;
                };
                let mention = atproto::mention(Found {
                    connector: &self.connector,
                    network: &self.network,
                    at: Strong {
                        uri,
                        cid: commit.cid.clone(),
                    },
                    author: atproto::author(&frame.did, None, None),
                    record: &record,
                    seen: at,
                });
                match (self.wanted)(&mention) {
                    true => Told::Post(Box::new(mention)),
                    false => Told::Nothing,
                }
            }
            _ => Told::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::sync::Arc;

    fn sieve(account: Option<&str>) -> Sieve {
        Sieve {
            connector: "overheard".into(),
            network: "bluesky".into(),
            wanted: Arc::new(|mention| mention.text.as_written().contains("acme")),
            account: account.map(str::to_owned),
            clock: Arc::new(|| Timestamp::UNIX_EPOCH),
        }
    }

    fn frame(operation: &str, record: Value) -> String {
        json!({"did": "did:plc:aaa", "time_us": 1_795_169_472_000_123_i64, "kind": "commit", "commit": {
            "rev": "3mabc", "operation": operation, "collection": POSTS, "rkey": "3mbd3542k222l", "cid": "bafyx",
            "record": record}})
        .to_string()
    }

    #[test]
    fn what_matches_is_a_mention_and_all_else_is_only_time() {
        let told = |text: &str, known: bool| sieve(None).read(text, |_| known);
        let Some((time, Told::Post(post))) = told(
            &frame("create", json!({"text": "is acme open?", "langs": ["en"]})),
            false,
        ) else {
            panic!("a post");
        };
        assert_eq!(time, 1_795_169_472_000_123);
        assert_eq!(post.id, "at://did:plc:aaa/app.bsky.feed.post/3mbd3542k222l");
        assert_eq!(post.author.handle.as_written(), "did:plc:aaa");
        assert_eq!(
            post.url.as_deref(),
            Some("https://bsky.app/profile/did:plc:aaa/post/3mbd3542k222l")
        );
        assert_eq!(post.created.as_microsecond(), time);
        for (text, known) in [
            (frame("create", json!({"text": "weather"})), false),
            (frame("create", json!(null)), false),
            (frame("delete", json!(null)), false),
            (frame("update", json!({"text": "acme"})), false),
            (
                json!({"did": "d", "time_us": 5, "kind": "identity", "identity": {"handle": "a.example"}})
                    .to_string(),
                true,
            ),
            (json!({"time_us": 5, "kind": "account"}).to_string(), true),
        ] {
            assert!(matches!(told(&text, known), Some((_, Told::Nothing))), "{text}");
        }
        assert!(told("not JSON", false).is_none());
        assert!(told("{\"kind\":\"commit\"}", false).is_none());
    }

    #[test]
    fn what_becomes_of_a_post_that_was_handed_on_is_told() {
        let told = |operation: &str, record| match sieve(None).read(&frame(operation, record), |_| true) {
            Some((_, Told::Change(change))) => change.what,
            _ => panic!("a change"),
        };
        assert_eq!(told("delete", Value::Null), UpstreamChange::Deleted);
        let edited = UpstreamChange::Edited { text: "new".into() };
        assert_eq!(told("update", json!({"text": "new"})), edited);
    }

    #[test]
    fn what_names_our_own_account_is_left_to_its_connector() {
        let own = "did:plc:own";
        let facets = json!([{"features": [{"$type": "app.bsky.richtext.facet#mention", "did": own}]}]);
        let text = frame("create", json!({"text": "@acme hi", "facets": facets}));
        assert!(matches!(
            sieve(Some(own)).read(&text, |_| false),
            Some((_, Told::Nothing))
        ));
        assert!(matches!(
            sieve(None).read(&text, |_| false),
            Some((_, Told::Post(_)))
        ));
    }

    proptest::proptest! {
        #[test]
        fn no_frame_panics(parts in proptest::collection::vec(proptest::sample::select(vec![
            "{", "}", "[", "]", ":", ",", "\"did\"", "\"time_us\"", "\"commit\"", "\"record\"", "\"create\"",
            "\"operation\"", "\"collection\"", "\"app.bsky.feed.post\"", "9223372036854775807", "-1", "1e400", "null", "\"\\u0000\"", "\"acme\"",
        ]), 0..24)) {
            let _ = sieve(None).read(&parts.concat(), |_| true);
        }
    }
}
