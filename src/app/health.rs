//! The health of a channel: says once, in words for an administrator, that a connector is locked out, has failed for long,
//! or has gone quiet against what is usual for it; and once that it is well again. Pure, time is an argument. What is usual
//! is learned anew by each process, so that a restart never cries wolf.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use crate::port::delivery_error::DeliveryError;

/// Failures shorter than this are the network's daily life.
const PATIENCE: SignedDuration = SignedDuration::from_mins(30);
/// How many gaps between mentions tell what is usual, and how many are needed before anything is.
const REMEMBERED: usize = 200;
const ENOUGH: usize = 20;
/// Silence is told only beyond this many times the longest usual gap, and never before `LEAST_SILENCE`.
const TIMES: i32 = 3;
const LEAST_SILENCE: SignedDuration = SignedDuration::from_hours(2);

#[derive(Debug, Default)]
pub struct Health {
    failing_since: Option<Timestamp>,
    told_of_failure: bool,
    gaps: VecDeque<SignedDuration>,
    last_arrival: Option<Timestamp>,
    told_of_silence: bool,
}

impl Health {
    /// A poll went well and brought so many mentions.
    pub fn well(&mut self, name: &str, mentions: usize, now: Timestamp) -> Option<String> {
        self.failing_since = None;
        if mentions > 0 {
            self.arrived(now);
        }
        if std::mem::take(&mut self.told_of_failure) {
            return Some(format!("The connector “{name}” is well again."));
        }
        self.silence(name, now)
    }

    /// A poll failed.
    pub fn failed(&mut self, name: &str, error: &DeliveryError, now: Timestamp) -> Option<String> {
        let since = *self.failing_since.get_or_insert(now);
        if self.told_of_failure {
            return None;
        }
        let text = match error {
            DeliveryError::Blocked(why) => {
                format!("The connector “{name}” is locked out and hears nothing: {why}")
            }
            // Asked to wait is not ill, as long as it ends.
            DeliveryError::Wait { wait, .. } if *wait < PATIENCE => return None,
            error if since.duration_until(now) >= PATIENCE => format!(
                "The connector “{name}” has heard nothing for {} min: {error}",
                since.duration_until(now).as_mins()
            ),
            _ => return None,
        };
        self.told_of_failure = true;
        Some(text)
    }

    fn arrived(&mut self, now: Timestamp) {
        if let Some(last) = self.last_arrival.replace(now) {
            self.gaps.push_back(last.duration_until(now));
            if self.gaps.len() > REMEMBERED {
                self.gaps.pop_front();
            }
        }
        self.told_of_silence = false;
    }

    fn silence(&mut self, name: &str, now: Timestamp) -> Option<String> {
        let last = self.last_arrival?;
        if self.told_of_silence || self.gaps.len() < ENOUGH {
            return None;
        }
        let longest = *self.gaps.iter().max()?;
        let silent = last.duration_until(now);
        if silent < LEAST_SILENCE.max(longest * TIMES) {
            return None;
        }
        self.told_of_silence = true;
        Some(format!(
            "Nothing has come from the connector “{name}” for {} h, although it answers; before, the longest pause was {} min. \
             Look whether the account still sees its mentions.",
            silent.as_hours(),
            longest.as_mins()
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    #[test]
    fn a_lock_out_is_told_once_and_so_is_its_end() {
        let mut health = Health::default();
        let revoked = DeliveryError::Blocked("the token was revoked".into());
        assert!(
            health
                .failed("mastodon", &revoked, at(0))
                .unwrap()
                .contains("revoked")
        );
        assert_eq!(health.failed("mastodon", &revoked, at(1)), None);
        assert!(health.well("mastodon", 0, at(2)).unwrap().contains("well again"));
        assert_eq!(health.well("mastodon", 0, at(3)), None);
    }

    #[test]
    fn short_failures_and_short_waits_are_not_told() {
        let mut health = Health::default();
        let broken = DeliveryError::Transient("no answer".into());
        let wait = DeliveryError::Wait {
            wait: SignedDuration::from_mins(5),
            why: "429".into(),
        };
        assert_eq!(health.failed("x", &broken, at(0)), None);
        assert_eq!(health.failed("x", &wait, at(31)), None);
        assert!(health.failed("x", &broken, at(31)).unwrap().contains("31 min"));
    }

    #[test]
    fn a_channel_that_goes_quiet_against_its_own_measure_is_told_once() {
        let mut health = Health::default();
        for minute in (0..=400).step_by(10) {
            assert_eq!(health.well("x", 1, at(minute)), None);
        }
        assert_eq!(health.well("x", 0, at(500)), None);
        assert!(health.well("x", 0, at(520)).unwrap().contains("10 min"));
        assert_eq!(health.well("x", 0, at(600)), None);
        assert_eq!(health.well("x", 1, at(610)), None);
        assert_eq!(health.well("x", 0, at(620)), None);
    }

    #[test]
    fn a_slow_channel_is_not_quiet_before_its_own_pauses_are_exceeded() {
        let mut health = Health::default();
        for day in 0..=25 {
            health.well("feed", 1, at(day * 1440));
        }
        assert_eq!(health.well("feed", 0, at(27 * 1440)), None);
        assert!(health.well("feed", 0, at(28 * 1440)).is_some());
    }
}
