//! HTTP as connectors do it: one attempt, bounded in size and time, its failures told apart by what they mean for a second
//! attempt. Deliberately without retries, sign-in and any network's own words; a connector hands in its table of errors.
//! Messages name the host and never the whole address, which may carry a token.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use jiff::{SignedDuration, Timestamp};
use reqwest::header::HeaderMap;
use reqwest::{Client, RequestBuilder, redirect};
use serde::de::DeserializeOwned;

use crate::port::delivery_error::DeliveryError;

/// The largest answer that is read, in bytes; a page of a hundred posts has some hundred thousand.
const BODY_LIMIT: usize = 8 << 20;
/// The longest wait that a network is granted.
const WAIT_LIMIT: SignedDuration = SignedDuration::from_hours(26);
/// The wait where a network asks for one and does not say how long.
const WAIT_DEFAULT: SignedDuration = SignedDuration::from_mins(1);

/// Whether an attempt may have changed something there: then a broken answer leaves it uncertain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Read,
    Write,
}

/// What an error of a network means for the next attempt; see [`DeliveryError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    Wait,
    Blocked,
    Permanent,
    Gone,
    Transient,
    Uncertain,
}

/// Whatever the network answered, also an error.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
    host: String,
}

impl Answer {
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Reads the body; one that is not what the network promises is `Transient`, since it is usually a proxy's page.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DeliveryError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            DeliveryError::Transient(format!("{} answered something unreadable: {error}", self.host))
        })
    }

    /// The beginning of the body in one line, for a message to an administrator.
    fn said(&self) -> String {
        let text = String::from_utf8_lossy(&self.body[..self.body.len().min(800)]);
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ").chars().take(200).collect()
    }
}

/// A client that follows no redirects: an address that moves is an administrator's business, and a token must not follow it.
pub fn client(timeout: Duration) -> Result<Client, String> {
    Client::builder()
        .user_agent(concat!("Switchboard/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .connect_timeout(timeout.min(Duration::from_secs(10)))
        .timeout(timeout)
        .build()
        .map_err(|error| error.to_string())
}

/// One attempt. Nothing was sent where no connection came about; what breaks later is uncertain for a write.
pub async fn send(request: RequestBuilder, purpose: Purpose) -> Result<Answer, DeliveryError> {
    let (client, request) = request.build_split();
    let request = request.map_err(|error| DeliveryError::Permanent(error.without_url().to_string()))?;
    let host = request.url().host_str().unwrap_or("the network").to_owned();
    let broken = |error: reqwest::Error| {
        let why = format!("{host} could not be asked: {}", reasons(&error.without_url()));
        match purpose {
            Purpose::Write => DeliveryError::Uncertain(why),
            Purpose::Read => DeliveryError::Transient(why),
        }
    };
    let mut answer = client.execute(request).await.map_err(|error| {
        if error.is_connect() {
            let why = format!("{host} cannot be reached: {}", reasons(&error.without_url()));
            return DeliveryError::Transient(why);
        }
        broken(error)
    })?;
    let mut body = BytesMut::new();
    while let Some(piece) = answer.chunk().await.map_err(broken)? {
        if body.len() + piece.len() > BODY_LIMIT {
            let why = format!("{host} answered with more than {BODY_LIMIT} bytes");
            return Err(match purpose {
                Purpose::Write => DeliveryError::Uncertain(why),
                Purpose::Read => DeliveryError::Permanent(why),
            });
        }
        body.extend_from_slice(&piece);
    }
    Ok(Answer {
        status: answer.status().as_u16(),
        headers: answer.headers().clone(),
        body: body.freeze(),
        host,
    })
}

/// What a refusal means: the first row of the network's table whose status and error word fit (0 is any status, an empty
/// word any body), otherwise what the status means everywhere.
pub fn refused(
    answer: &Answer,
    purpose: Purpose,
    table: &[(u16, &str, Means)],
    now: Timestamp,
) -> DeliveryError {
    let body = String::from_utf8_lossy(&answer.body);
    let row = table
        .iter()
        .find(|(status, word, _)| (*status == 0 || *status == answer.status) && body.contains(word));
    let means = match (row, answer.status) {
        (Some((_, _, means)), _) => *means,
        (None, 429) => Means::Wait,
        (None, 401) => Means::Blocked,
        (None, 404 | 410) => Means::Gone,
        (None, 408 | 500..) if purpose == Purpose::Write => Means::Uncertain,
        (None, 408 | 500..) => Means::Transient,
        (None, _) => Means::Permanent,
    };
    let why = format!("{} answered {}: {}", answer.host, answer.status, answer.said());
    match means {
        Means::Wait => DeliveryError::Wait {
            wait: wait(&answer.headers, now).unwrap_or(WAIT_DEFAULT),
            why,
        },
        Means::Blocked => DeliveryError::Blocked(why),
        Means::Permanent => DeliveryError::Permanent(why),
        Means::Gone => DeliveryError::Gone(why),
        Means::Transient => DeliveryError::Transient(why),
        Means::Uncertain => DeliveryError::Uncertain(why),
    }
}

fn reasons(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = inner.to_string();
        source = inner.source();
    }
    text
}

/// How long a network asks to wait: `Retry-After`, otherwise when its budget is renewed.
fn wait(headers: &HeaderMap, now: Timestamp) -> Option<SignedDuration> {
    let asked = number(headers, "retry-after").map(|seconds| SignedDuration::from_secs(seconds as i64));
    let wait = asked.or_else(|| budget(headers, now).map(|budget| budget.resets_in))?;
    Some(wait.clamp(SignedDuration::from_secs(1), WAIT_LIMIT))
}

/// What is left of the requests that a network grants, and when there are new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    pub remaining: u64,
    pub resets_in: SignedDuration,
}

/// Reads the budget in the four forms that networks use: reset as a moment (Mastodon), as Unix seconds (Bluesky, X), as
/// seconds from now (Reddit), and as a percentage with minutes to regain access (Meta).
pub fn budget(headers: &HeaderMap, now: Timestamp) -> Option<Budget> {
    if let Some(usage) = headers.get("x-business-use-case-usage") {
        return business_usage(usage.to_str().ok()?);
    }
    let name = |suffix: &str| {
        ["x-ratelimit-", "ratelimit-", "x-rate-limit-"]
            .into_iter()
            .map(|prefix| format!("{prefix}{suffix}"))
            .find(|name| headers.contains_key(name.as_str()))
    };
    let remaining = number(headers, &name("remaining")?)?;
    let reset = headers.get(name("reset")?.as_str())?.to_str().ok()?.trim();
    let resets_in = match (reset.parse::<Timestamp>(), reset.parse::<f64>()) {
        (Ok(moment), _) => now.duration_until(moment),
        // Nobody grants requests for thirty years: such a number is a moment.
        (_, Ok(seconds)) if seconds > 1e9 => now.duration_until(Timestamp::from_second(seconds as i64).ok()?),
        (_, Ok(seconds)) => SignedDuration::from_secs(seconds as i64),
        _ => return None,
    };
    Some(Budget {
        remaining: remaining as u64,
        resets_in: resets_in.max(SignedDuration::ZERO),
    })
}

fn number(headers: &HeaderMap, name: &str) -> Option<f64> {
    let number: f64 = headers.get(name)?.to_str().ok()?.trim().parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

/// The tightest of the use cases: percent of its limit, and minutes until it opens again.
fn business_usage(text: &str) -> Option<Budget> {
    let usage: serde_json::Value = serde_json::from_str(text).ok()?;
    let cases = usage.as_object()?.values().filter_map(|value| value.as_array());
    cases
        .flatten()
        .filter_map(|case| {
            let used = ["call_count", "total_cputime", "total_time"]
                .into_iter()
                .filter_map(|name| case.get(name)?.as_u64())
                .max()?;
            let minutes = case
                .get("estimated_time_to_regain_access")
                .and_then(|value| value.as_i64());
            Some(Budget {
                remaining: 100_u64.saturating_sub(used),
                resets_in: SignedDuration::from_mins(minutes.unwrap_or(0).clamp(0, 24 * 60)),
            })
        })
        .min_by_key(|budget| budget.remaining)
}

/// The rest between polls: the usual one, or longer where the budget would not last until it is renewed. A tenth of the
/// budget is left for replies.
pub fn rest(budget: &Budget, every: Duration) -> Duration {
    let spendable = (budget.remaining * 9 / 10).max(1);
    let until = Duration::try_from(budget.resets_in).unwrap_or_default();
    let spread = until / u32::try_from(spendable).unwrap_or(u32::MAX);
    every.max(spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| ((*name).parse().unwrap(), value.parse().unwrap()))
            .collect::<Vec<(reqwest::header::HeaderName, reqwest::header::HeaderValue)>>()
            .into_iter()
            .collect()
    }

    #[test]
    fn budgets_are_read_in_the_four_forms_of_the_networks() {
        let now: Timestamp = "2026-11-20T10:00:00Z".parse().unwrap();
        let unix = (now.as_second() + 90).to_string();
        for (pairs, remaining, seconds) in [
            (
                vec![
                    ("x-ratelimit-remaining", "12"),
                    ("x-ratelimit-reset", "2026-11-20T10:05:00.000Z"),
                ],
                12,
                300,
            ),
            (
                vec![("ratelimit-remaining", "7"), ("ratelimit-reset", unix.as_str())],
                7,
                90,
            ),
            (
                vec![
                    ("x-rate-limit-remaining", "0"),
                    ("x-rate-limit-reset", unix.as_str()),
                ],
                0,
                90,
            ),
            (
                vec![("x-ratelimit-remaining", "95.0"), ("x-ratelimit-reset", "240")],
                95,
                240,
            ),
            (
                vec![(
                    "x-business-use-case-usage",
                    r#"{"1":[{"type":"pages","call_count":95,"total_cputime":1,"total_time":2,"estimated_time_to_regain_access":18}]}"#,
                )],
                5,
                18 * 60,
            ),
        ] {
            let expected = Budget {
                remaining,
                resets_in: SignedDuration::from_secs(seconds),
            };
            assert_eq!(budget(&headers(&pairs), now), Some(expected), "{pairs:?}");
        }
        assert_eq!(budget(&headers(&[("x-ratelimit-remaining", "soon")]), now), None);
    }

    #[test]
    fn polls_are_spread_over_what_is_left() {
        let budget = |remaining, seconds| Budget {
            remaining,
            resets_in: SignedDuration::from_secs(seconds),
        };
        let every = Duration::from_secs(10);
        assert_eq!(rest(&budget(1000, 300), every), every);
        assert_eq!(rest(&budget(10, 300), every), Duration::from_secs(300) / 9);
        assert_eq!(rest(&budget(0, 300), every), Duration::from_secs(300));
    }

    #[test]
    fn a_refusal_means_what_the_table_says_and_otherwise_what_its_status_means() {
        let now = Timestamp::UNIX_EPOCH;
        let answer = |status, body: &'static str| Answer {
            status,
            headers: headers(&[("retry-after", "30")]),
            body: Bytes::from_static(body.as_bytes()),
            host: "social.example".into(),
        };
        let table = [
            (400, "ExpiredToken", Means::Blocked),
            (0, "gone for good", Means::Gone),
        ];
        use DeliveryError::{Blocked, Gone, Permanent, Transient, Uncertain, Wait};
        let means = |status, body, purpose| refused(&answer(status, body), purpose, &table, now);
        assert!(matches!(
            means(400, r#"{"error":"ExpiredToken"}"#, Purpose::Read),
            Blocked(_)
        ));
        assert!(matches!(means(400, "other", Purpose::Read), Permanent(_)));
        assert!(matches!(means(500, "gone for good", Purpose::Read), Gone(_)));
        assert!(matches!(means(500, "", Purpose::Read), Transient(_)));
        assert!(matches!(means(500, "", Purpose::Write), Uncertain(_)));
        assert!(matches!(means(401, "", Purpose::Write), Blocked(_)));
        assert!(matches!(means(404, "", Purpose::Write), Gone(_)));
        let Wait { wait, .. } = means(429, "", Purpose::Write) else {
            panic!("429 asks to wait");
        };
        assert_eq!(wait, SignedDuration::from_secs(30));
    }
}
