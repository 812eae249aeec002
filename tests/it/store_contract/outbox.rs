//! Errands: leased to one courier at a time, replaced by newer requests, kept when they gave up.

use std::collections::BTreeSet;

use switchboard::domain::effect::Errand;
use switchboard::domain::ids::ErrandId;
use switchboard::port::store::{Commit, Store};

use crate::store_samples::*;

promises! {
    errands_are_leased_once_and_come_back
    a_newer_errand_waits_for_the_older_ones_courier
    an_errand_that_is_over_leaves_only_under_its_own_number
    dead_errands_are_kept_and_not_leased
    a_busy_lane_holds_nobody_else_up
}

pub(super) const NONE: [u64; 0] = [];

pub(super) fn lease(store: &dyn Store, now: i64, limit: usize) -> Vec<u64> {
    let errands = store
        .lease_errands(at(now), at(now + 60), limit, &BTreeSet::new())
        .unwrap();
    errands.iter().map(|errand| errand.id.0).collect()
}

pub(super) fn put_errands(store: &dyn Store, errands: &[Errand]) {
    store
        .commit(&Commit {
            errands: errands.to_vec(),
            ..Commit::default()
        })
        .unwrap();
}

pub(super) fn end_errand(store: &dyn Store, errand: &Errand) {
    let errands_done = vec![(errand.effect.key(), errand.id)];
    store
        .commit(&Commit {
            errands_done,
            ..Commit::default()
        })
        .unwrap();
}

fn errands_are_leased_once_and_come_back(store: &dyn Store) {
    let [a, b, c] = [
        card(3, 1, "support"),
        card(1, 2, "support"),
        card(2, 3, "support"),
    ];
    put_errands(store, &[a.clone(), b.clone(), c.clone()]);
    assert_eq!(lease(store, 0, 9), NONE);
    assert_eq!(lease(store, 2, 1), [1]);
    assert_eq!(lease(store, 2, 9), [2]);
    assert_eq!(lease(store, 50, 9), [3]);
    assert_eq!(lease(store, 61, 9), NONE, "no lease has ended");
    assert_eq!(lease(store, 62, 9), [1, 2], "two leases have ended");
    store.release_errand(&a.effect.key(), ErrandId(99));
    assert_eq!(lease(store, 63, 9), NONE, "another errand's lease was given back");
    store.release_errand(&a.effect.key(), a.id);
    assert_eq!(lease(store, 63, 9), [3]);

    let later = Errand {
        not_before: at(500),
        attempts: 1,
        ..b.clone()
    };
    put_errands(store, std::slice::from_ref(&later));
    assert_eq!(lease(store, 64, 9), NONE, "the failed attempt waits");
    end_errand(store, &c);
    end_errand(store, &a);
    assert_eq!(lease(store, 500, 9), [1]);
    assert_eq!(store.errand(&b.effect.key()).unwrap(), Some(later));
    assert_eq!(store.totals().unwrap().errands, 1);
}

fn a_newer_errand_waits_for_the_older_ones_courier(store: &dyn Store) {
    let old = card(1, 1, "support");
    let new = card(2, 1, "support");
    put_errands(store, std::slice::from_ref(&old));
    assert_eq!(lease(store, 5, 9), [1]);
    put_errands(store, std::slice::from_ref(&new));
    assert_eq!(lease(store, 6, 9), NONE, "two couriers must not edit one card");
    end_errand(store, &old);
    assert_eq!(lease(store, 7, 9), [2], "the older one was reported");

    let newest = card(3, 1, "support");
    put_errands(store, std::slice::from_ref(&newest));
    assert_eq!(lease(store, 66, 9), NONE);
    assert_eq!(
        lease(store, 67, 9),
        [3],
        "the courier never reported, its lease ended"
    );
    store.release_errand(&newest.effect.key(), newest.id);
    put_errands(store, &[card(4, 1, "support")]);
    assert_eq!(lease(store, 68, 9), [4], "a newer request replaces a waiting one");
    assert_eq!(store.totals().unwrap().errands, 1);
}

fn an_errand_that_is_over_leaves_only_under_its_own_number(store: &dyn Store) {
    let old = card(1, 1, "support");
    let new = card(2, 1, "support");
    put_errands(store, &[old.clone(), new.clone()]);
    end_errand(store, &old);
    assert_eq!(store.errand(&new.effect.key()).unwrap(), Some(new.clone()));
    end_errand(store, &new);
    assert_eq!(store.errand(&new.effect.key()).unwrap(), None);
    end_errand(store, &new);
    assert_eq!(lease(store, 99, 9), NONE);
    assert_eq!(store.totals().unwrap().errands, 0);
}

fn dead_errands_are_kept_and_not_leased(store: &dyn Store) {
    let waiting = [card(1, 1, "support"), card(2, 2, "support")];
    put_errands(store, &waiting);
    assert_eq!(lease(store, 9, 9), [1, 2]);
    let dead = Errand {
        dead: Some("the channel was deleted".into()),
        ..waiting[1].clone()
    };
    put_errands(store, std::slice::from_ref(&dead));
    assert_eq!(lease(store, 99, 9), [1]);
    assert_eq!(store.dead_errands(9).unwrap(), std::slice::from_ref(&dead));
    let totals = store.totals().unwrap();
    assert_eq!((totals.errands, totals.dead_errands), (1, 1));

    put_errands(
        store,
        &[Errand {
            dead: None,
            ..dead.clone()
        }],
    );
    assert_eq!(store.dead_errands(9).unwrap(), []);
    assert_eq!(lease(store, 100, 9), [2], "a person tried again");
    end_errand(store, &dead);
    assert_eq!(store.totals().unwrap().errands, 1);
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
}

fn a_busy_lane_holds_nobody_else_up(store: &dyn Store) {
    put_errands(
        store,
        &[
            card(1, 1, "support"),
            card(2, 2, "support"),
            card(3, 1, "legal"),
            card(4, 2, "legal"),
        ],
    );
    let lease = |limit, busy: &[&str]| {
        let busy = busy.iter().map(|channel| format!("chat web/{channel}")).collect();
        let errands = store.lease_errands(at(9), at(60), limit, &busy).unwrap();
        errands.iter().map(|errand| errand.id.0).collect::<BTreeSet<_>>()
    };
    assert_eq!(lease(9, &["support", "legal"]), BTreeSet::new());
    assert_eq!(lease(1, &["support"]), BTreeSet::from([3]));
    assert_eq!(lease(1, &[]), BTreeSet::from([1, 4]), "from each lane the oldest");
    assert_eq!(lease(1, &[]), BTreeSet::from([2]));
}
