//! Discord's limits, kept before they are met: the bucket of each route and channel as its headers tell it, the limit for
//! the whole bot, and the budget of refused requests after which an address is shut out. Says how long to wait; never
//! sleeps. <https://docs.discord.com/developers/topics/rate-limits>

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serenity::http::{RatelimitingBucket, Route};

use super::Clock;
use super::client::{Failure, wait};

/// Refused requests in ten minutes; Discord shuts an address out at 10 000, and other programs may share ours.
const REFUSED: usize = 5_000;
const REFUSED_IN: SignedDuration = SignedDuration::from_mins(10);
/// Requests in one second; Discord takes 50 of a bot in all its channels together, and slow lines bunch them up.
const AT_ONCE: usize = 40;
const AT_ONCE_IN: SignedDuration = SignedDuration::from_secs(1);
/// How long nothing is asked after Discord refused the token.
const TOKEN_RESTS: SignedDuration = SignedDuration::from_mins(2);
/// Buckets that are kept before those that are over are dropped.
const KEPT: usize = 512;

/// What is done, and serenity's name for the kind of route and its channel.
pub(super) type Lane = (&'static str, RatelimitingBucket);

/// Answers to interactions and what follows them are limited by their own tokens, and by nothing else.
pub(super) fn lane(what: &'static str, route: &Route<'_>) -> Option<Lane> {
    let own = matches!(
        route,
        Route::InteractionResponse { .. }
            | Route::WebhookOriginalInteractionResponse { .. }
            | Route::WebhookFollowupMessage { .. }
            | Route::WebhookFollowupMessages { .. }
    );
    (!own).then(|| (what, route.ratelimiting_bucket()))
}

#[derive(Default)]
struct Known {
    buckets: HashMap<Lane, Bucket>,
    all_rest_until: Option<Timestamp>,
    token_rests_until: Option<Timestamp>,
    refused: VecDeque<Timestamp>,
    /// Requests of the last second that count towards the limit for the whole bot.
    sent: VecDeque<Timestamp>,
}

impl Known {
    /// How long there is no place within the limit for the whole bot.
    fn crowded(&mut self, now: Timestamp) -> Option<SignedDuration> {
        // After a clock was set back, what was sent “later” is forgotten: it would block for as long.
        self.sent
            .retain(|at| *at <= now && at.duration_until(now) < AT_ONCE_IN);
        let oldest = self.sent.front().filter(|_| self.sent.len() >= AT_ONCE)?;
        Some(AT_ONCE_IN - oldest.duration_until(now))
    }
}

struct Bucket {
    left: u32,
    until: Timestamp,
}

pub(super) struct Pace {
    clock: Clock,
    known: Mutex<Known>,
}

impl Pace {
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            known: Mutex::default(),
        }
    }

    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place for one request, or says how long there is none. Without a lane only the token counts.
    pub fn admit(&self, lane: Option<&Lane>) -> Result<(), Failure> {
        let now = self.now();
        let mut known = self.known();
        if known.token_rests_until > Some(now) {
            return Err(Failure::Refused {
                status: 401,
                code: 0,
                fields: Vec::new(),
            });
        }
        while known
            .refused
            .front()
            .is_some_and(|at| at.duration_until(now) > REFUSED_IN)
        {
            known.refused.pop_front();
        }
        if known.refused.len() >= REFUSED {
            return Err(Failure::TooFast(REFUSED_IN));
        }
        let Some(lane) = lane else {
            return Ok(());
        };
        if let Some(until) = known.all_rest_until.filter(|until| *until > now) {
            return Err(Failure::TooFast(now.duration_until(until)));
        }
        if let Some(wait) = known.crowded(now) {
            return Err(Failure::TooFast(wait));
        }
        match known.buckets.get_mut(lane) {
            Some(bucket) if bucket.until > now => match bucket.left.checked_sub(1) {
                Some(left) => bucket.left = left,
                None => return Err(Failure::TooFast(now.duration_until(bucket.until))),
            },
            _ => {}
        }
        known.sent.push_back(now);
        Ok(())
    }

    /// What an answer says of the limits.
    pub fn learn(&self, lane: Option<&Lane>, status: StatusCode, headers: &HeaderMap) {
        let now = self.now();
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let number = |name: &str| text(name).and_then(|text| text.parse::<f64>().ok());
        let after = |seconds: f64| now.checked_add(wait(seconds)).unwrap_or(Timestamp::MAX);
        let too_fast = status == StatusCode::TOO_MANY_REQUESTS;
        let mut known = self.known();
        let counts = too_fast && text("x-ratelimit-scope") != Some("shared");
        if counts || matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            known.refused.push_back(now);
        }
        let Some(lane) = lane else {
            return;
        };
        if status == StatusCode::UNAUTHORIZED {
            known.token_rests_until = now.checked_add(TOKEN_RESTS).ok();
        }
        if too_fast && text("x-ratelimit-global").is_some() {
            known.all_rest_until = Some(after(number("retry-after").unwrap_or(5.0)));
            return;
        }
        let reset = number("x-ratelimit-reset-after");
        let bucket = match (too_fast, number("x-ratelimit-remaining"), reset) {
            (true, _, reset) => Bucket {
                left: 0,
                until: after(reset.or_else(|| number("retry-after")).unwrap_or(5.0)),
            },
            (false, Some(left), Some(reset)) => Bucket {
                // Two answers may overtake each other; the lower count is the newer one or costs a short wait.
                left: left.clamp(0.0, 10_000.0) as u32,
                until: after(reset),
            },
            _ => return,
        };
        if known.buckets.len() >= KEPT {
            known.buckets.retain(|_, bucket| bucket.until > now);
        }
        known.buckets.insert(*lane, bucket);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serenity::model::id::ChannelId;
    use std::sync::Arc;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            (
                reqwest::header::HeaderName::from_static(name),
                value.parse().unwrap(),
            )
        });
        pairs.collect()
    }

    struct Still(Arc<Mutex<Timestamp>>, Pace);

    fn still() -> Still {
        let now = Arc::new(Mutex::new(Timestamp::UNIX_EPOCH));
        let hands = Arc::clone(&now);
        Still(now, Pace::new(Arc::new(move || *hands.lock().unwrap())))
    }

    impl Still {
        fn pass(&self, seconds: i64) {
            self.pass_milliseconds(1000 * seconds);
        }

        fn pass_milliseconds(&self, milliseconds: i64) {
            let mut now = self.0.lock().unwrap();
            *now = now
                .checked_add(SignedDuration::from_millis(milliseconds))
                .unwrap();
        }
    }

    fn post(channel: u64) -> Lane {
        let channel_id = ChannelId::new(channel);
        lane("a message", &Route::ChannelMessages { channel_id }).unwrap()
    }

    #[test]
    fn an_empty_bucket_closes_its_own_lane_only_until_it_is_filled() {
        let Still(_, pace) = &still();
        let told = headers(&[("x-ratelimit-remaining", "1"), ("x-ratelimit-reset-after", "4.5")]);
        pace.learn(Some(&post(1)), StatusCode::OK, &told);
        assert_eq!(pace.admit(Some(&post(1))), Ok(()));
        let wait = SignedDuration::from_millis(4500);
        assert_eq!(pace.admit(Some(&post(1))), Err(Failure::TooFast(wait)));
        assert_eq!(pace.admit(Some(&post(2))), Ok(()));
    }

    #[test]
    fn the_limit_for_the_whole_bot_closes_every_lane_but_interactions() {
        let it = still();
        let told = headers(&[("x-ratelimit-global", "true"), ("retry-after", "2")]);
        it.1.learn(Some(&post(1)), StatusCode::TOO_MANY_REQUESTS, &told);
        assert!(it.1.admit(Some(&post(2))).is_err());
        assert_eq!(it.1.admit(None), Ok(()));
        it.pass(2);
        assert_eq!(it.1.admit(Some(&post(2))), Ok(()));
    }

    /// Asks in a channel of its own each time, so that no bucket is in the way.
    fn asks(it: &Still, times: u64) -> u64 {
        let asked = (1..=times).take_while(|channel| it.1.admit(Some(&post(*channel))).is_ok());
        asked.count() as u64
    }

    #[test]
    fn no_second_sees_more_than_forty_requests_of_the_whole_bot() {
        let it = still();
        assert_eq!(asks(&it, 10), 10);
        it.pass_milliseconds(600);
        assert_eq!(asks(&it, 100), 30);
        let wait = SignedDuration::from_millis(400);
        assert_eq!(it.1.admit(Some(&post(7))), Err(Failure::TooFast(wait)));
        assert_eq!(it.1.admit(None), Ok(()), "answers to interactions do not count");
        it.pass_milliseconds(399);
        assert_eq!(asks(&it, 100), 0);
        it.pass_milliseconds(1);
        assert_eq!(asks(&it, 100), 10, "what was sent a second ago is over");
        it.pass_milliseconds(600);
        assert_eq!(asks(&it, 100), 30);
        it.pass(5);
        assert_eq!(asks(&it, 100), 40, "patience is not saved up");
        it.pass(-3600);
        assert_eq!(asks(&it, 100), 40, "a clock set back closes nothing");
    }

    #[test]
    fn answers_to_interactions_are_not_counted() {
        let it = still();
        assert!((0..1000).all(|_| it.1.admit(None).is_ok()));
        assert_eq!(asks(&it, 100), 40);
    }

    #[test]
    fn a_refused_token_is_not_shown_again_at_once() {
        let it = still();
        it.1.learn(Some(&post(1)), StatusCode::UNAUTHORIZED, &HeaderMap::new());
        assert!(matches!(
            it.1.admit(Some(&post(2))),
            Err(Failure::Refused { status: 401, .. })
        ));
        it.pass(120);
        assert_eq!(it.1.admit(Some(&post(2))), Ok(()));
    }

    #[test]
    fn the_budget_of_refused_requests_is_never_spent() {
        let it = still();
        let mut asked = 0;
        while asked < 20_000 && it.1.admit(Some(&post(1))).is_ok() {
            asked += 1;
            it.pass_milliseconds(25);
            it.1.learn(Some(&post(1)), StatusCode::FORBIDDEN, &HeaderMap::new());
        }
        assert_eq!(asked, REFUSED);
        it.pass(601);
        assert_eq!(it.1.admit(Some(&post(1))), Ok(()));
    }
}
