//! Slows down guessing: after three wrong codes for a member, each further wrong one doubles the wait, up to a minute.
//! Kept in memory only; a restart forgives. The wait is short, so that a stranger cannot lock a colleague out for long.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

const FREE: u32 = 3;
const LONGEST: u64 = 60;

#[derive(Default)]
pub(super) struct Throttle {
    /// By account; every unknown name shares one, so that the table cannot grow without end.
    failures: Mutex<HashMap<String, (u32, Timestamp)>>,
}

impl Throttle {
    /// How many seconds this account must still wait.
    pub fn wait(&self, account: &str, now: Timestamp) -> Option<u64> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, last) = *failures.get(account)?;
        let doublings = count.checked_sub(FREE)?.min(6);
        let seconds = (1_u64 << doublings).min(LONGEST);
        let passed = last.duration_until(now);
        let left = SignedDuration::from_secs(seconds as i64) - passed;
        (left > SignedDuration::ZERO).then(|| (left.as_secs().unsigned_abs() + 1).min(LONGEST))
    }

    pub fn failed(&self, account: &str, now: Timestamp) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, last) = failures.entry(account.to_owned()).or_insert((0, now));
        *count = count.saturating_add(1);
        *last = now;
    }

    pub fn succeeded(&self, account: &str) {
        self.failures
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_gets_slower_and_a_right_code_forgives() {
        let at = |seconds: i64| Timestamp::from_second(1_000_000 + seconds).expect("a moment");
        let throttle = Throttle::default();
        for _ in 0..2 {
            throttle.failed("dana", at(0));
        }
        assert_eq!(throttle.wait("dana", at(0)), None);
        throttle.failed("dana", at(0));
        assert!(throttle.wait("dana", at(0)).is_some());
        assert_eq!(throttle.wait("dana", at(2)), None);
        for _ in 0..20 {
            throttle.failed("dana", at(2));
        }
        assert!(throttle.wait("dana", at(50)).is_some());
        assert_eq!(throttle.wait("dana", at(63)), None, "never longer than a minute");
        assert_eq!(throttle.wait("lee", at(3)), None);
        throttle.succeeded("dana");
        assert_eq!(throttle.wait("dana", at(3)), None);
    }
}
