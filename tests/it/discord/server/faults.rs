//! How the server misbehaves: faults before the work and after it, being down, and limits of pace by bucket.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::Answer;
use super::door::Asked;
use super::world::{State, World};

#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// 429, and nothing is done.
    TooFast { retry_after: f64, global: bool },
    /// This status and code, and nothing is done.
    Refused(u16, u32),
    /// A list that lags behind: it is empty.
    Lags,
    /// The connection breaks before anything is done.
    CutBefore,
    /// The work is done, then the connection breaks.
    CutAfter,
    /// The work is done, and nobody answers until `let_go`.
    HangAfter,
    /// The work is done, and the answer is an error of the server.
    ErrorAfter(u16),
    /// The work is done, and something in between answers with a page of its own.
    PageAfter,
}

impl Fault {
    pub(super) fn is_before(&self) -> bool {
        matches!(
            self,
            Self::TooFast { .. } | Self::Refused(..) | Self::Lags | Self::CutBefore
        )
    }

    pub(super) fn answer(&self) -> Answer {
        match self {
            Self::TooFast { retry_after, global } => too_fast(*retry_after, *global),
            Self::Refused(status, code) => Answer::refused(*status, *code, "refused by the test"),
            Self::Lags => Answer::of(200, json!([])),
            _ => Answer::empty(),
        }
    }
}

/// So many requests per channel and method, in so much time.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    pub requests: u32,
    pub each: SignedDuration,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    left: u32,
    until: Timestamp,
}

impl World {
    /// The next requests of this kind meet these faults, one each: `fail_next("POST", "/messages", [Fault::CutAfter])`.
    pub fn fail_next(&self, method: &str, path: &str, faults: impl IntoIterator<Item = Fault>) {
        let mut state = self.state();
        for fault in faults {
            state
                .faults
                .push_back((method.to_owned(), path.to_owned(), fault));
        }
    }

    /// Everything is answered 503 until told otherwise; nothing is done.
    pub fn set_down(&self, down: bool) {
        self.state().down = down;
    }

    /// Posts and edits are limited from now on, as Discord does it.
    pub fn set_pace(&self, pace: Option<Pace>) {
        let mut state = self.state();
        state.pace = pace;
        state.buckets.clear();
    }

    /// Ends whatever hangs.
    pub fn let_go(&self) {
        self.let_go.notify_waiters();
    }
}

impl State {
    pub(super) fn due_fault(&mut self, method: &str, path: &str) -> Option<Fault> {
        if self.down {
            return Some(Fault::Refused(503, 0));
        }
        let mut faults = self.faults.iter();
        let at = faults.position(|(wanted, part, _)| wanted == method && path.contains(part.as_str()))?;
        self.faults.remove(at).map(|(_, _, fault)| fault)
    }

    /// Takes a place in the bucket of this route; the answer is the refusal where there is none left.
    pub(super) fn paced(&mut self, asked: &Asked, now: Timestamp) -> Option<Answer> {
        let (pace, key) = (self.pace?, bucket_of(asked)?);
        let fresh = Bucket {
            left: pace.requests,
            until: now.checked_add(pace.each).expect("a moment"),
        };
        let bucket = self.buckets.entry(key).or_insert(fresh);
        if bucket.until <= now {
            *bucket = fresh;
        }
        if bucket.left == 0 {
            let wait = now.duration_until(bucket.until).as_secs_f64();
            let mut refused = too_fast(wait, false);
            refused.headers.extend(self.pace_headers(asked, now));
            return Some(refused);
        }
        bucket.left -= 1;
        None
    }

    /// What Discord says of the bucket with each answer.
    pub(super) fn pace_headers(&self, asked: &Asked, now: Timestamp) -> Vec<(&'static str, String)> {
        let Some((pace, key)) = self.pace.zip(bucket_of(asked)) else {
            return Vec::new();
        };
        let Some(bucket) = self.buckets.get(&key) else {
            return Vec::new();
        };
        let wait = now.duration_until(bucket.until).as_secs_f64();
        vec![
            ("x-ratelimit-limit", pace.requests.to_string()),
            ("x-ratelimit-remaining", bucket.left.to_string()),
            (
                "x-ratelimit-reset",
                format!("{:.3}", bucket.until.as_millisecond() as f64 / 1000.0),
            ),
            ("x-ratelimit-reset-after", format!("{wait:.3}")),
            (
                "x-ratelimit-bucket",
                format!("{:08x}", crc32fast::hash(key.as_bytes())),
            ),
        ]
    }
}

/// Method, kind of route and the channel: what Discord counts together.
fn bucket_of(asked: &Asked) -> Option<String> {
    match asked.path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["channels", channel, "messages"] if asked.method == "POST" => Some(format!("post {channel}")),
        ["channels", channel, "messages", _] if asked.method == "PATCH" => Some(format!("edit {channel}")),
        ["channels", channel, "messages", _, "threads"] => Some(format!("threads {channel}")),
        _ => None,
    }
}

fn too_fast(retry_after: f64, global: bool) -> Answer {
    let body = json!({
        "message": "You are being rate limited.", "retry_after": retry_after, "global": global, "code": 0
    });
    let mut answer = Answer::of(429, body);
    answer
        .headers
        .push(("retry-after", format!("{}", retry_after.ceil())));
    let scope = if global { "global" } else { "user" };
    answer.headers.push(("x-ratelimit-scope", scope.to_owned()));
    if global {
        answer.headers.push(("x-ratelimit-global", "true".to_owned()));
    }
    answer
}
