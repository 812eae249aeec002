//! The order of the outbox, in memory: which errands may run now, and which are leased to a courier.
//!
//! Leases live only here: when the process ends they are gone, and every errand may run again. The errands themselves
//! are the store's; this holds their effect keys alone, about a hundred bytes for each that waits.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use crate::domain::effect::Errand;
use crate::domain::ids::ErrandId;

/// The place of an errand in the order: oldest first.
type Place = (Timestamp, ErrandId);

#[derive(Debug)]
struct Lease {
    id: ErrandId,
    until: Timestamp,
    /// What waits under the same key: the leased errand itself, or the newer request that replaced it meanwhile.
    waiting: Option<Place>,
}

#[derive(Debug, Default)]
pub(super) struct Outbox {
    ready: BTreeMap<Place, Box<str>>,
    leases: HashMap<Box<str>, Lease>,
    /// When leases end, so that finding the ended ones costs nothing while there are none.
    ends: BTreeSet<(Timestamp, Box<str>)>,
}

fn place(errand: &Errand) -> Option<Place> {
    errand.dead.is_none().then_some((errand.not_before, errand.id))
}

impl Outbox {
    /// A new or changed errand; `replaced` is what waited under its key until now.
    ///
    /// While a courier holds a lease on the replaced errand the new one stays back, since two couriers must never edit
    /// the same card at once; a changed errand with the leased id is the courier's own report, and ends the lease.
    pub fn put(&mut self, key: &str, errand: &Errand, replaced: Option<&Errand>) {
        self.end_lease(key, errand.id);
        if let Some(lease) = self.leases.get_mut(key) {
            lease.waiting = place(errand);
            return;
        }
        if let Some(old) = replaced {
            self.ready.remove(&(old.not_before, old.id));
        }
        if let Some(place) = place(errand) {
            self.ready.insert(place, key.into());
        }
    }

    /// The errand `id` is over. `waiting` is what the store holds under the key at this moment.
    pub fn done(&mut self, key: &str, id: ErrandId, waiting: Option<&Errand>) {
        self.end_lease(key, id);
        if let Some(errand) = waiting.filter(|errand| errand.id == id) {
            self.ready.remove(&(errand.not_before, errand.id));
            // The lease of an older errand may still be out under this key.
            if let Some(lease) = self.leases.get_mut(key) {
                lease.waiting = None;
            }
        }
    }

    pub fn release(&mut self, key: &str, id: ErrandId) {
        self.end_lease(key, id);
    }

    /// Leases what may run now, oldest first.
    pub fn lease(&mut self, now: Timestamp, until: Timestamp, limit: usize) -> Vec<(String, ErrandId)> {
        self.end_overdue(now);
        let mut leased = Vec::new();
        while leased.len() < limit {
            let Some(first) = self.ready.first_entry().filter(|first| first.key().0 <= now) else {
                break;
            };
            let (place, key) = first.remove_entry();
            leased.push((key.to_string(), place.1));
            self.ends.insert((until, key.clone()));
            let lease = Lease {
                id: place.1,
                until,
                waiting: Some(place),
            };
            self.leases.insert(key, lease);
        }
        leased
    }

    fn end_lease(&mut self, key: &str, id: ErrandId) {
        if self.leases.get(key).is_none_or(|lease| lease.id != id) {
            return;
        }
        if let Some((key, lease)) = self.leases.remove_entry(key) {
            self.ends.remove(&(lease.until, key.clone()));
            if let Some(place) = lease.waiting {
                self.ready.insert(place, key);
            }
        }
    }

    fn end_overdue(&mut self, now: Timestamp) {
        while let Some((until, key)) = self.ends.first().cloned() {
            if until > now {
                return;
            }
            self.ends.remove(&(until, key.clone()));
            if let Some(place) = self.leases.remove(&key).and_then(|lease| lease.waiting) {
                self.ready.insert(place, key);
            }
        }
    }
}
