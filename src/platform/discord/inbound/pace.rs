//! How fast we may say who we are. Discord lets a bot identify a thousand times a day and then takes its token away, so a
//! program that falls over and starts again, or a session that is refused again and again, must slow down long before.
//! How many are left is Discord's to know; nothing is counted here beyond one session. Pure.
//! <https://docs.discord.com/developers/events/gateway#rate-limiting>

use std::time::Duration;

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

/// How often one session may be refused and begun anew before everything is given a rest, and for how long.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rests(u32);

impl Rests {
    /// Identifies without a rest between them.
    pub const MOST: u32 = 5;

    /// Five minutes, then twice as long each time, up to an hour.
    pub fn next(&mut self) -> Duration {
        let minutes = (5 << self.0.min(4)).min(60);
        self.0 += 1;
        Duration::from_secs(minutes * 60)
    }

    pub fn forget(&mut self) {
        self.0 = 0;
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

    #[test]
    fn rests_grow_up_to_an_hour() {
        let mut rests = Rests::default();
        let minutes: Vec<u64> = (0..6).map(|_| rests.next().as_secs() / 60).collect();
        assert_eq!(minutes, [5, 10, 20, 40, 60, 60]);
        rests.forget();
        assert_eq!(rests.next().as_secs(), 300);
    }
}
