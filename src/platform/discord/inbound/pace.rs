//! How fast we may say who we are. Discord lets a bot identify a thousand times a day and then takes its token away, so a
//! program that falls over and starts again, or a session that is refused again and again, must slow down long before.
//! How many are left is Discord's to know; here only those of the last minutes are counted. Pure.
//! <https://docs.discord.com/developers/events/gateway#rate-limiting>

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Plenty: nothing waits.
const PLENTY: u64 = 500;
const FEW: u64 = 200;
/// The last ones are not spent before the day is over.
const RESERVE: u64 = 50;

/// What `GET /gateway/bot` says of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Budget {
    pub remaining: u64,
    pub reset_after: Duration,
}

impl Budget {
    /// How long to wait before the next identify. Whoever does nothing but identify and wait reaches the next day with
    /// the reserve untouched.
    pub fn wait(self) -> Duration {
        match self.remaining {
            left if left > PLENTY => Duration::ZERO,
            left if left > FEW => Duration::from_secs(2 * 60).min(self.reset_after),
            left if left > RESERVE => Duration::from_secs(10 * 60).min(self.reset_after),
            _ => self.reset_after,
        }
    }
}

/// Identifies within this time are counted together.
const OF_LATE: Duration = Duration::from_secs(10 * 60);
/// So many of them, and everything is given a rest.
const MOST: usize = 5;

/// When we identified of late, and how often a rest was needed.
#[derive(Debug, Default)]
pub(super) struct Identifies {
    of_late: VecDeque<Instant>,
    rests: u32,
}

impl Identifies {
    /// The rest that is due before the next: five minutes, then twice as long each time, up to an hour.
    pub fn rest(&mut self, now: Instant) -> Option<Duration> {
        self.of_late.retain(|at| now.duration_since(*at) < OF_LATE);
        if self.of_late.len() < MOST {
            return None;
        }
        self.of_late.clear();
        let minutes = (5 << self.rests.min(4)).min(60);
        self.rests += 1;
        Some(Duration::from_secs(minutes * 60))
    }

    pub fn count(&mut self, now: Instant) {
        self.of_late.push_back(now);
    }

    /// A session lasted so long; after a good one, rests begin small again.
    pub fn lasted(&mut self, length: Duration) {
        if length >= OF_LATE {
            self.rests = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    #[test]
    fn a_program_that_does_nothing_but_fall_over_never_spends_the_day() {
        for begun_with in [1000, 501, 400, 51, 3, 0] {
            let (mut left, mut passed) = (begun_with, Duration::ZERO);
            loop {
                let budget = Budget {
                    remaining: left,
                    reset_after: DAY - passed,
                };
                passed += budget.wait();
                if passed >= DAY {
                    break;
                }
                left -= 1;
            }
            assert!(left >= RESERVE.min(begun_with), "{begun_with} became {left}");
        }
    }

    /// Identifies of a day whose sessions last so long each, with the rests that were taken, in minutes.
    fn a_day_of(session: Duration) -> (usize, Vec<u64>) {
        let (begun, mut passed) = (Instant::now(), Duration::ZERO);
        let (mut identifies, mut count, mut rests) = (Identifies::default(), 0, Vec::new());
        while passed < DAY {
            match identifies.rest(begun + passed) {
                Some(rest) => {
                    passed += rest;
                    rests.push(rest.as_secs() / 60);
                }
                None => {
                    identifies.count(begun + passed);
                    count += 1;
                    passed += session;
                    identifies.lasted(session);
                }
            }
        }
        (count, rests)
    }

    #[test]
    fn sessions_that_end_at_once_are_begun_a_hundred_times_a_day_with_rests_up_to_an_hour() {
        let (count, rests) = a_day_of(Duration::from_secs(5));
        assert!((100..200).contains(&count), "{count}");
        assert_eq!(rests[..6], [5, 10, 20, 40, 60, 60]);
    }

    #[test]
    fn whatever_discord_does_the_day_is_never_spent() {
        for seconds in (1..=600).step_by(7) {
            let (count, _) = a_day_of(Duration::from_secs(seconds));
            assert!(count < 800, "sessions of {seconds} s make {count}");
        }
    }

    #[test]
    fn sessions_that_last_need_no_rest_however_many_there_were() {
        let (count, rests) = a_day_of(Duration::from_secs(15 * 60));
        assert_eq!((count, rests), (96, Vec::new()));
    }

    #[test]
    fn after_a_session_that_lasted_rests_begin_small_again() {
        let (mut now, mut identifies) = (Instant::now(), Identifies::default());
        let mut weary = |identifies: &mut Identifies| loop {
            match identifies.rest(now) {
                Some(rest) => break rest.as_secs() / 60,
                None => identifies.count(now),
            }
            now += Duration::from_secs(5);
        };
        assert_eq!((weary(&mut identifies), weary(&mut identifies)), (5, 10));
        identifies.lasted(OF_LATE);
        assert_eq!(weary(&mut identifies), 5);
    }
}
