//! Lanes that rest: a platform asked for a pause, or the way is closed until somebody mends it. Kept in memory only: after
//! a restart the platform says it again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

#[derive(Default)]
pub struct Lanes {
    known: Mutex<BTreeMap<String, Lane>>,
}

#[derive(Default)]
struct Lane {
    rests_until: Option<Timestamp>,
    /// Why the way was found closed, as administrators were told; none while it is open.
    closed: Option<String>,
}

impl Lanes {
    fn known(&self) -> MutexGuard<'_, BTreeMap<String, Lane>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn rest(&self, lane: &str, until: Timestamp) {
        self.known().entry(lane.to_owned()).or_default().rests_until = Some(until);
    }

    /// The way is closed. True where this was not known yet, so that people are told once.
    pub(super) fn close(&self, lane: &str, why: &str, until: Timestamp) -> bool {
        let mut known = self.known();
        let lane = known.entry(lane.to_owned()).or_default();
        lane.rests_until = Some(until);
        lane.closed.replace(why.to_owned()).as_deref() != Some(why)
    }

    /// Something went through. True where the way had been closed.
    pub(super) fn open(&self, lane: &str) -> bool {
        self.known()
            .remove(lane)
            .is_some_and(|lane| lane.closed.is_some())
    }

    /// Lanes that rest at `now`.
    pub(super) fn resting(&self, now: Timestamp) -> BTreeSet<String> {
        let known = self.known();
        let resting = known.iter().filter(|(_, lane)| lane.rests_until > Some(now));
        resting.map(|(name, _)| name.clone()).collect()
    }

    /// When the next of them goes on.
    pub fn next(&self, now: Timestamp) -> Option<Timestamp> {
        self.known()
            .values()
            .filter_map(|lane| lane.rests_until)
            .filter(|at| *at > now)
            .min()
    }
}
