//! What Reddit says to a reply: its errors come with HTTP 200, as `[code, words, field]`.
//! Codes: <https://github.com/reddit-archive/reddit/blob/master/r2/r2/lib/errors.py>.

use jiff::SignedDuration;
use serde_json::Value;

use super::item::{Item, WEB};
use crate::network::http::Means;
use crate::port::delivery_error::DeliveryError;
use crate::port::social::Published;

/// The wait where Reddit asks for one and its words hold no number.
const WAIT_DEFAULT: SignedDuration = SignedDuration::from_mins(10);
const WAIT_LIMIT: SignedDuration = SignedDuration::from_hours(26);

/// Each code, what it means for a second attempt, and what a person should know. A code that is not here is final.
const TABLE: [(&str, Means, &str); 16] = [
    ("RATELIMIT", Means::Wait, "the account is writing too often"),
    ("DELETED_COMMENT", Means::Gone, "the comment was deleted"),
    ("DELETED_LINK", Means::Gone, "the post was deleted"),
    (
        "TOO_OLD",
        Means::Gone,
        "the thread is archived and takes no more comments",
    ),
    ("THREAD_LOCKED", Means::Gone, "the thread is locked"),
    ("TOO_LONG", Means::Permanent, "the text is too long"),
    ("NO_TEXT", Means::Permanent, "the text is empty"),
    (
        "SUBREDDIT_NOTALLOWED",
        Means::Permanent,
        "the account may not write in this subreddit",
    ),
    (
        "SUBREDDIT_NOEXIST",
        Means::Permanent,
        "the subreddit does not exist",
    ),
    (
        "BANNED_FROM_SUBREDDIT",
        Means::Permanent,
        "the account is banned from this subreddit",
    ),
    (
        "USER_BLOCKED",
        Means::Permanent,
        "the author has blocked the account, or the other way round",
    ),
    (
        "NOT_WHITELISTED_BY_USER_MESSAGE",
        Means::Permanent,
        "the author takes no messages from strangers",
    ),
    ("USER_DOESNT_EXIST", Means::Gone, "the author's account is gone"),
    (
        "IN_TIMEOUT",
        Means::Blocked,
        "Reddit has suspended the account for a while",
    ),
    ("USER_REQUIRED", Means::Blocked, "the account is not signed in"),
    (
        "SOMETHING_IS_BROKEN",
        Means::Uncertain,
        "Reddit says that something is broken there",
    ),
];

/// Reads the answer to a comment.
pub(super) fn published(answer: &Value) -> Result<Published, DeliveryError> {
    let Some(json) = answer.get("json") else {
        // An answer of another shape says neither yes nor no.
        return Err(DeliveryError::Uncertain(
            "Reddit answered the reply with something else".to_owned(),
        ));
    };
    let errors = json.get("errors").and_then(Value::as_array);
    if let Some(error) = errors.and_then(|errors| errors.first()) {
        return Err(refusal(error, json));
    }
    // The comment can be there although no thing is named.
    let thing = json
        .pointer("/data/things/0/data")
        .cloned()
        .map(Item::bare)
        .unwrap_or_default();
    Ok(Published {
        native_id: thing.name().map(str::to_owned),
        permalink: thing.permalink(),
    })
}

fn refusal(error: &Value, json: &Value) -> DeliveryError {
    let part = |index: usize| error.get(index).and_then(Value::as_str).unwrap_or_default();
    let (code, words) = (part(0), part(1));
    let row = TABLE.iter().find(|(known, ..)| *known == code);
    let why = match row {
        Some((_, _, why)) => format!("Reddit: {why} ({code}: {words})"),
        None => format!("Reddit refuses the reply ({code}: {words})"),
    };
    match row.map(|(_, means, _)| *means) {
        Some(Means::Wait) => DeliveryError::Wait {
            wait: wait(words, json.get("ratelimit")),
            why,
        },
        Some(Means::Gone) => DeliveryError::Gone(why),
        Some(Means::Blocked) => DeliveryError::Blocked(why),
        Some(Means::Transient) => DeliveryError::Transient(why),
        Some(Means::Uncertain) => DeliveryError::Uncertain(why),
        Some(Means::Permanent) | None => DeliveryError::Permanent(why),
    }
}

/// “… try again in 7 minutes”: the first number that a unit follows; otherwise the seconds beside the errors.
fn wait(words: &str, beside: Option<&Value>) -> SignedDuration {
    let words: Vec<&str> = words
        .split(|c: char| !c.is_alphanumeric() && c != '.')
        .filter(|word| !word.is_empty())
        .collect();
    let said = words.windows(2).find_map(|pair| {
        let number: u32 = pair[0].parse().ok()?;
        let unit = pair[1].trim_matches('.').to_lowercase();
        let seconds = match unit.trim_end_matches('s') {
            "millisecond" => f64::from(number) / 1000.0,
            "second" => f64::from(number),
            "minute" => f64::from(number) * 60.0,
            "hour" => f64::from(number) * 3600.0,
            _ => return None,
        };
        SignedDuration::try_from_secs_f64(seconds).ok()
    });
    let beside = || SignedDuration::try_from_secs_f64(beside?.as_f64()?).ok();
    said.or_else(beside)
        .unwrap_or(WAIT_DEFAULT)
        .clamp(SignedDuration::from_secs(1), WAIT_LIMIT)
}

/// A permalink of Reddit's is a path.
pub(super) fn on_the_web(path: &str) -> Option<String> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let plain = path.starts_with('/') && !path.starts_with("//") && !path.contains(char::is_whitespace);
    plain.then(|| format!("{WEB}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn errors_inside_a_success_keep_their_meaning() {
        let said = |code: &str, words: &str| {
            published(&json!({"json": {"errors": [[code, words, "text"]]}})).unwrap_err()
        };
        for (code, _, _) in TABLE {
            let error = said(code, "words of theirs");
            assert!(error.to_string().contains(code), "{error}");
        }
        use DeliveryError::{Blocked, Gone, Permanent, Uncertain};
        assert!(matches!(said("DELETED_COMMENT", ""), Gone(_)));
        assert!(matches!(said("THREAD_LOCKED", ""), Gone(_)));
        assert!(matches!(said("TOO_LONG", ""), Permanent(_)));
        assert!(matches!(said("IN_TIMEOUT", ""), Blocked(_)));
        assert!(matches!(said("BRAND_NEW_CODE", ""), Permanent(_)));
        assert!(matches!(
            published(&json!({"success": true})).unwrap_err(),
            Uncertain(_)
        ));
    }

    #[test]
    fn the_wait_is_read_from_words() {
        for (words, beside, seconds) in [
            (
                "Looks like you've been doing that a lot. Take a break for 7 minutes before trying again.",
                json!(null),
                420,
            ),
            (
                "you are doing that too much. try again in 1 minute.",
                json!(null),
                60,
            ),
            ("try again in 38 seconds.", json!(9.0), 38),
            ("try again in 250 milliseconds.", json!(null), 1),
            ("try again in 2 hours", json!(null), 7200),
            ("try again in 99999999 hours", json!(null), 26 * 3600),
            ("try again later", json!(538.9), 538),
            ("try again later", json!("soon"), 600),
        ] {
            let answer =
                json!({"json": {"errors": [["RATELIMIT", words, "ratelimit"]], "ratelimit": beside}});
            let Err(DeliveryError::Wait { wait, .. }) = published(&answer) else {
                panic!("{words}");
            };
            assert_eq!(wait.as_secs(), seconds, "{words}");
        }
    }

    #[test]
    fn a_published_comment_is_known_by_its_name_and_may_have_none() {
        let things =
            json!([{"kind": "t1", "data": {"name": "t1_new", "permalink": "/r/tea/comments/1p/t/new/"}}]);
        let answer = json!({"json": {"errors": [], "data": {"things": things}}});
        let published_there = published(&answer).unwrap();
        assert_eq!(published_there.native_id.as_deref(), Some("t1_new"));
        assert_eq!(
            published_there.permalink.as_deref(),
            Some("https://www.reddit.com/r/tea/comments/1p/t/new/")
        );
        let nothing = json!({"json": {"errors": [], "data": {"things": []}}});
        assert_eq!(published(&nothing).unwrap(), Published::default());
        assert_eq!(on_the_web("//evil.example/x"), None);
        assert_eq!(on_the_web("https://evil.example"), None);
    }
}
