//! YouTube's units: so many a day for the whole project, new ones at midnight in California. Reading costs one a call,
//! writing fifty; so reading leaves a fifth of the day to replies, and polls are spread over what is left.
//! <https://developers.google.com/youtube/v3/determine_quota_cost>

use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::port::delivery_error::DeliveryError;

pub(super) const READ: u32 = 1;
pub(super) const WRITE: u32 = 50;

/// What was spent on a Californian day; a part of the connector's cursor, so that a restart knows it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Spent {
    pub day: Option<Date>,
    pub units: u32,
}

#[derive(Debug)]
pub(super) struct Quota {
    /// The budget of a day.
    pub daily: u32,
    spent: Spent,
    /// YouTube itself said that the day's units are gone.
    exhausted: bool,
}

impl Quota {
    pub fn new(daily: u32) -> Self {
        Self {
            daily,
            spent: Spent::default(),
            exhausted: false,
        }
    }

    /// What an earlier process has spent today.
    pub fn recall(&mut self, before: Spent, now: Timestamp) {
        self.turn(now);
        if before.day == self.spent.day {
            self.spent.units = self.spent.units.max(before.units);
        }
    }

    pub fn spent(&mut self, now: Timestamp) -> Spent {
        self.turn(now);
        self.spent
    }

    /// Takes the units of one call, before it is made: a refused one costs too.
    pub fn spend(&mut self, units: u32, now: Timestamp) -> Result<(), DeliveryError> {
        self.turn(now);
        let limit = if units < WRITE {
            self.for_reading()
        } else {
            self.daily
        };
        if self.exhausted || self.spent.units.saturating_add(units) > limit {
            return Err(self.wait(now));
        }
        self.spent.units += units;
        Ok(())
    }

    /// Nothing goes before midnight, whatever we thought was left.
    pub fn exhausted(&mut self, now: Timestamp) -> DeliveryError {
        self.turn(now);
        self.exhausted = true;
        self.wait(now)
    }

    /// The rest between polls of `cost` units that lasts until midnight.
    pub fn rest(&mut self, cost: u32, every: Duration, now: Timestamp) -> Duration {
        self.turn(now);
        let left = self.for_reading().saturating_sub(self.spent.units);
        let polls = (left / cost.max(1)).max(1);
        let until = Duration::try_from(until_midnight(now)).unwrap_or_default();
        every.max(until / polls)
    }

    fn for_reading(&self) -> u32 {
        self.daily - self.daily / 5
    }

    fn wait(&self, now: Timestamp) -> DeliveryError {
        DeliveryError::Wait {
            wait: until_midnight(now),
            why: format!(
                "YouTube's units of this day are used up ({} of {})",
                self.spent.units, self.daily
            ),
        }
    }

    fn turn(&mut self, now: Timestamp) {
        let today = Some(pacific(now).date());
        if self.spent.day != today {
            *self = Self {
                daily: self.daily,
                spent: Spent { day: today, units: 0 },
                exhausted: false,
            };
        }
    }
}

fn pacific(now: Timestamp) -> jiff::Zoned {
    // The zone is bundled; without it, standard time is at most an hour late.
    let zone = TimeZone::get("America/Los_Angeles").unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(-8)));
    now.to_zoned(zone)
}

fn until_midnight(now: Timestamp) -> SignedDuration {
    let midnight = pacific(now).tomorrow().and_then(|day| day.start_of_day());
    let wait = midnight.map(|midnight| now.duration_until(midnight.timestamp()));
    wait.unwrap_or(SignedDuration::from_hours(24))
        .max(SignedDuration::from_secs(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_day_ends_at_midnight_in_california() {
        for (now, hours) in [
            ("2026-11-20T09:00:00Z", 23), // standard time: midnight is at 8
            ("2026-07-20T06:00:00Z", 1),  // daylight saving: at 7
            ("2026-11-01T07:00:00Z", 25), // the night the clocks go back
        ] {
            assert_eq!(
                until_midnight(at(now)),
                SignedDuration::from_hours(hours),
                "{now}"
            );
        }
    }

    #[test]
    fn reading_leaves_units_to_replies_and_a_new_day_brings_new_ones() {
        let mut quota = Quota::new(1000);
        let now = at("2026-11-20T10:00:00Z");
        for _ in 0..800 {
            quota.spend(READ, now).unwrap();
        }
        assert!(
            matches!(quota.spend(READ, now), Err(DeliveryError::Wait { wait, .. }) if wait == SignedDuration::from_hours(22))
        );
        for _ in 0..4 {
            quota.spend(WRITE, now).unwrap();
        }
        assert!(quota.spend(WRITE, now).is_err());
        assert_eq!(quota.spent(now).units, 1000);
        let tomorrow = at("2026-11-21T08:00:00Z");
        quota.spend(READ, tomorrow).unwrap();
        assert_eq!(quota.spent(tomorrow).units, 1);
    }

    #[test]
    fn what_was_spent_before_a_restart_counts_on_the_same_day_only() {
        let now = at("2026-11-20T10:00:00Z");
        let mut before = Quota::new(1000);
        before.spend(WRITE, now).unwrap();
        let kept = before.spent(now);
        let mut after = Quota::new(1000);
        after.recall(kept, now);
        assert_eq!(after.spent(now).units, 50);
        let mut later = Quota::new(1000);
        later.recall(kept, at("2026-11-22T10:00:00Z"));
        assert_eq!(later.spent(at("2026-11-22T10:00:00Z")).units, 0);
    }

    #[test]
    fn polls_are_spread_over_the_day_and_stop_when_youtube_says_so() {
        let mut quota = Quota::new(1000);
        let now = at("2026-11-20T08:00:00Z");
        let every = Duration::from_secs(60);
        assert_eq!(
            quota.rest(1, every, now),
            Duration::from_secs(108),
            "800 polls a day"
        );
        assert_eq!(quota.rest(2, every, now), Duration::from_secs(216));
        assert_eq!(Quota::new(10_000).rest(1, every, now), every);
        quota.exhausted(now);
        assert!(quota.spend(WRITE, now).is_err());
    }
}
