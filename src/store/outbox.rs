//! The order of the outbox, in memory: which errands may run now, and which are leased to a courier.
//!
//! Leases live only here: when the process ends they are gone, and every errand may run again. The errands themselves
//! are the store's; this holds their effect keys alone, about a hundred bytes for each that waits.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use crate::domain::effect::Errand;
use crate::domain::ids::ErrandId;

/// The place of an errand in its lane's order: oldest first.
type Place = (Timestamp, ErrandId);

#[derive(Debug)]
struct Lease {
    id: ErrandId,
    until: Timestamp,
    lane: Box<str>,
    /// What waits under the same key: the leased errand itself, or the newer request that replaced it meanwhile.
    waiting: Option<Place>,
}

#[derive(Debug, Default)]
pub(super) struct Outbox {
    /// By lane, so that a slow channel with a long queue hides nobody else's errands.
    ready: BTreeMap<Box<str>, BTreeSet<(Place, Box<str>)>>,
    leases: HashMap<Box<str>, Lease>,
    /// When leases end, so that finding the ended ones costs nothing while there are none.
    ends: BTreeSet<(Timestamp, Box<str>)>,
}

fn place(errand: &Errand) -> Option<Place> {
    errand.dead.is_none().then_some((errand.not_before, errand.id))
}

impl Outbox {
    /// A new or changed errand; `replaced` is what waited under its key until now. While a courier holds a lease under
    /// this key, what waits there stays back: two couriers must never edit the same card, or send the same reply, at once.
    pub fn put(&mut self, key: &str, errand: &Errand, replaced: Option<&Errand>) {
        if let Some(lease) = self.leases.get_mut(key) {
            lease.waiting = place(errand);
            return;
        }
        if let Some(old) = replaced {
            self.remove(old);
        }
        if let Some(place) = place(errand) {
            self.insert(errand.effect.lane().into(), place, key.into());
        }
    }

    /// The errand `id` is over. `waiting` is what the store holds under the key at this moment.
    pub fn done(&mut self, key: &str, id: ErrandId, waiting: Option<&Errand>) {
        if let Some(errand) = waiting.filter(|errand| errand.id == id) {
            self.remove(errand);
            // The lease of this or of an older errand may still be out under this key.
            if let Some(lease) = self.leases.get_mut(key) {
                lease.waiting = None;
            }
        }
        self.release(key, id);
    }

    /// Ends the lease on this errand; what waits under its key may run.
    pub fn release(&mut self, key: &str, id: ErrandId) {
        if self.leases.get(key).is_none_or(|lease| lease.id != id) {
            return;
        }
        if let Some((key, lease)) = self.leases.remove_entry(key) {
            self.ends.remove(&(lease.until, key.clone()));
            self.wait_again(key, lease);
        }
    }

    /// Leases what may run now in lanes that are not busy: from each the oldest, at most `limit`.
    pub fn lease(
        &mut self,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
        busy: &BTreeSet<String>,
    ) -> Vec<(String, ErrandId)> {
        self.end_overdue(now);
        let mut leased = Vec::new();
        for (lane, errands) in &mut self.ready {
            if busy.contains(&**lane) {
                continue;
            }
            for _ in 0..limit {
                if errands.first().is_none_or(|(place, _)| place.0 > now) {
                    break;
                }
                let Some((place, key)) = errands.pop_first() else {
                    break;
                };
                leased.push((key.to_string(), place.1));
                self.ends.insert((until, key.clone()));
                let lease = Lease {
                    id: place.1,
                    until,
                    lane: lane.clone(),
                    waiting: Some(place),
                };
                self.leases.insert(key, lease);
            }
        }
        self.ready.retain(|_, errands| !errands.is_empty());
        leased
    }

    fn end_overdue(&mut self, now: Timestamp) {
        while let Some((until, key)) = self.ends.first().cloned() {
            if until > now {
                return;
            }
            self.ends.remove(&(until, key.clone()));
            if let Some(lease) = self.leases.remove(&key) {
                self.wait_again(key, lease);
            }
        }
    }

    fn wait_again(&mut self, key: Box<str>, lease: Lease) {
        if let Some(place) = lease.waiting {
            self.insert(lease.lane, place, key);
        }
    }

    fn insert(&mut self, lane: Box<str>, place: Place, key: Box<str>) {
        self.ready.entry(lane).or_default().insert((place, key));
    }

    fn remove(&mut self, errand: &Errand) {
        if let Some(lane) = self.ready.get_mut(&*errand.effect.lane()) {
            lane.remove(&((errand.not_before, errand.id), errand.effect.key().into()));
        }
    }
}
