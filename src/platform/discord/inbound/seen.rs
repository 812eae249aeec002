//! The interactions that were already answered. Discord sends each one once; somebody who caught a signed request might
//! send it again, and a gateway that resumes tells again what it told before.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, PoisonError};

/// More than any company's people do in the ten minutes in which a signature counts.
const MOST: usize = 20_000;

#[derive(Default)]
pub(super) struct Seen(Mutex<Ids>);

#[derive(Default)]
struct Ids {
    known: BTreeSet<String>,
    in_order: VecDeque<String>,
}

impl Seen {
    /// True the first time.
    pub fn is_new(&self, id: &str) -> bool {
        let mut ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !ids.known.insert(id.to_owned()) {
            return false;
        }
        ids.in_order.push_back(id.to_owned());
        if ids.in_order.len() > MOST
            && let Some(oldest) = ids.in_order.pop_front()
        {
            ids.known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_new_once_and_the_oldest_are_forgotten() {
        let seen = Seen::default();
        assert!(seen.is_new("1"));
        assert!(!seen.is_new("1"));
        for id in 2..=MOST + 1 {
            assert!(seen.is_new(&id.to_string()));
        }
        assert!(!seen.is_new("2"));
        assert!(seen.is_new("1"), "twenty thousand came since");
    }
}
