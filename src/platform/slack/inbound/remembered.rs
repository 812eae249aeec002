//! What arrived before: a bounded memory of Slack's own names for deliveries, so that a repeated one is not done twice.
//! It is a first sieve only. What must never be done twice has a key that the desk keeps with the lead, on disk.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

/// More than a busy workspace sends within the minutes in which Slack repeats itself.
const MOST: usize = 8_192;

#[derive(Default)]
pub(super) struct Remembered {
    names: Mutex<(HashSet<String>, VecDeque<String>)>,
}

impl Remembered {
    /// True the first time. What has no name is always new.
    pub fn is_new(&self, name: &str) -> bool {
        if name.is_empty() {
            return true;
        }
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, order) = &mut *names;
        if !known.insert(name.to_owned()) {
            return false;
        }
        order.push_back(name.to_owned());
        if order.len() > MOST
            && let Some(oldest) = order.pop_front()
        {
            known.remove(&oldest);
        }
        true
    }

    pub fn contains(&self, name: &str) -> bool {
        let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        names.0.contains(name)
    }

    pub fn forget(&self, name: &str) {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if names.0.remove(name) {
            names.1.retain(|known| known != name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_name_gives_way() {
        let remembered = Remembered::default();
        assert!(remembered.is_new("a") && !remembered.is_new("a"));
        assert!(remembered.is_new("") && remembered.is_new(""));
        remembered.forget("a");
        assert!(remembered.is_new("a"));
        for at in 0..MOST {
            assert!(remembered.is_new(&at.to_string()));
        }
        assert!(!remembered.contains("a"));
        assert!(remembered.contains("0"));
    }
}
