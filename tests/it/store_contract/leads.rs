//! What a store keeps of leads, and the lists in which they are found.

use jiff::civil::date;
use switchboard::domain::digest::Figures;
use switchboard::domain::ids::{ErrandId, LeadId};
use switchboard::domain::lead::{Lead, Priority};
use switchboard::domain::timeline::verify_chain;
use switchboard::port::store::{Commit, Queue, Store, StoreError};

use crate::store_samples::*;

promises! {
    an_empty_store_holds_nothing
    an_opened_lead_is_found_everywhere
    a_change_that_started_from_an_old_version_is_refused_whole
    a_lead_may_change_several_times_in_one_commit
    queues_are_sorted_by_urgency_and_hold_open_leads_only
    due_leads_come_earliest_first
    an_authors_leads_come_newest_first
}

pub(super) fn support() -> Queue {
    Queue::Department("support".into())
}

pub(super) fn ids(leads: &[Lead]) -> Vec<u64> {
    leads.iter().map(|lead| lead.id.0).collect()
}

pub(super) fn open_with(store: &dyn Store, id: u64, change: impl FnOnce(&mut Lead)) -> Lead {
    let mut commit = opening(id, "hello");
    change(&mut commit.leads[0].after);
    store.commit(&commit).unwrap();
    commit.leads.remove(0).after
}

fn an_empty_store_holds_nothing(store: &dyn Store) {
    store.commit(&Commit::default()).unwrap();
    assert_eq!(store.lead(LeadId(1)).unwrap(), None);
    assert!(store.queue(&support(), 10).unwrap().is_empty());
    assert_eq!(store.next_numbers().unwrap(), (LeadId(1), ErrandId(1)));
    let totals = store.totals().unwrap();
    assert_eq!(
        (totals.leads, totals.open, totals.errands, totals.dead_errands),
        (0, 0, 0, 0)
    );
    assert_eq!(
        store.figures(&"support".into(), date(2026, 11, 24)).unwrap(),
        Figures::default()
    );
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
}

fn an_opened_lead_is_found_everywhere(store: &dyn Store) {
    let commit = opening(7, "Where is my parcel?");
    let lead = &commit.leads[0].after;
    store.commit(&commit).unwrap();

    assert_eq!(store.lead(LeadId(7)).unwrap().as_ref(), Some(lead));
    let timeline = store.timeline(LeadId(7), 0, 10).unwrap();
    assert_eq!(
        timeline,
        [commit.entries[0].1.clone(), commit.entries[1].1.clone()]
    );
    assert_eq!(verify_chain(lead.id, &timeline, lead.entries, &lead.head), Ok(()));
    assert_eq!(
        store.seen(&"x".into(), "m7").unwrap().as_ref(),
        Some(&commit.seen[0].2)
    );
    assert_eq!(store.seen(&"y".into(), "m7").unwrap(), None);
    assert_eq!(
        store.conversation(&"x".into(), "c7").unwrap().as_ref(),
        Some(&commit.conversations[0].2)
    );
    assert_eq!(ids(&store.queue(&support(), 10).unwrap()), [7]);
    assert_eq!(
        store.errand(&commit.errands[0].effect.key()).unwrap().as_ref(),
        Some(&commit.errands[0])
    );
    assert_eq!(store.next_numbers().unwrap(), (LeadId(8), ErrandId(8)));
    let totals = store.totals().unwrap();
    assert_eq!((totals.leads, totals.open, totals.errands), (1, 1, 1));
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
}

fn a_change_that_started_from_an_old_version_is_refused_whole(store: &dyn Store) {
    let first = open_with(store, 1, |_| {});
    store
        .commit(&only_lead(change(&first, |lead| lead.claim = claimed("dana"))))
        .unwrap();

    let mut late = opening(2, "not to be seen");
    late.leads
        .push(change(&first, |lead| lead.claim = claimed("eli")));
    assert!(matches!(
        store.commit(&late),
        Err(StoreError::Conflict(LeadId(1)))
    ));
    assert_eq!(store.lead(LeadId(2)).unwrap(), None);
    assert_eq!(store.next_numbers().unwrap().0, LeadId(2));
    assert_eq!(store.lead(LeadId(1)).unwrap().unwrap().claim, claimed("dana"));
    assert_eq!(
        ids(&store.queue(&Queue::Owner("eli".into()), 10).unwrap()),
        Vec::<u64>::new()
    );

    let again = opening(1, "a number is given once");
    assert!(matches!(
        store.commit(&again),
        Err(StoreError::Conflict(LeadId(1)))
    ));
    let unknown = only_lead(change(&lead(9), |_| {}));
    assert!(matches!(
        store.commit(&unknown),
        Err(StoreError::Conflict(LeadId(9)))
    ));
}

fn a_lead_may_change_several_times_in_one_commit(store: &dyn Store) {
    let mut commit = opening(1, "hello");
    let opened = commit.leads[0].after.clone();
    let claim = change(&opened, |lead| lead.claim = claimed("dana"));
    let hand_off = change(&claim.after, |lead| lead.department = "legal".into());
    let last = hand_off.after.clone();
    commit.leads.extend([claim, hand_off]);
    store.commit(&commit).unwrap();

    assert_eq!(store.lead(LeadId(1)).unwrap(), Some(last));
    assert!(store.queue(&support(), 9).unwrap().is_empty());
    assert_eq!(
        ids(&store.queue(&Queue::Department("legal".into()), 9).unwrap()),
        [1]
    );
    assert_eq!(ids(&store.queue(&Queue::Owner("dana".into()), 9).unwrap()), [1]);
    assert_eq!(store.totals().unwrap().leads, 1);
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
}

fn queues_are_sorted_by_urgency_and_hold_open_leads_only(store: &dyn Store) {
    for id in 1..=6 {
        open_with(store, id, |lead| {
            if id == 5 {
                lead.priority = Priority::Urgent;
            }
            if id == 4 {
                lead.clock.waiting_since = Some(at(-50));
            }
            if id == 3 {
                lead.department = "legal".into();
            }
        });
    }
    assert_eq!(ids(&store.queue(&support(), 10).unwrap()), [5, 4, 1, 2, 6]);
    assert_eq!(ids(&store.queue(&support(), 2).unwrap()), [5, 4]);
    assert_eq!(store.queue_length(&support(), 10).unwrap(), 5);
    assert_eq!(store.queue_length(&support(), 3).unwrap(), 3);

    let mut commit = Commit::default();
    for (id, edit) in [(1, 'c'), (2, 'o'), (5, 'r')] {
        let before = store.lead(LeadId(id)).unwrap().unwrap();
        commit.leads.push(change(&before, |lead| match edit {
            'c' => lead.claim = claimed("dana"),
            'o' => lead.hand_off = offered("legal"),
            _ => lead.resolution = resolved(),
        }));
    }
    store.commit(&commit).unwrap();
    assert_eq!(ids(&store.queue(&support(), 10).unwrap()), [4, 1, 2, 6]);
    assert_eq!(ids(&store.queue(&Queue::Owner("dana".into()), 10).unwrap()), [1]);
    assert_eq!(
        ids(&store.queue(&Queue::OfferedTo("legal".into()), 10).unwrap()),
        [2]
    );
    assert_eq!(store.totals().unwrap().open, 5);

    let resolved_lead = store.lead(LeadId(5)).unwrap().unwrap();
    store
        .commit(&only_lead(change(&resolved_lead, |lead| lead.resolution = None)))
        .unwrap();
    assert_eq!(ids(&store.queue(&support(), 1).unwrap()), [5]);
    assert_eq!(store.totals().unwrap().open, 6);

    assert_eq!(ids(&store.leads_before(None, 2).unwrap()), [6, 5]);
    assert_eq!(ids(&store.leads_before(Some(LeadId(3)), 9).unwrap()), [2, 1]);
    assert_eq!(ids(&store.leads_from(LeadId(4), 2).unwrap()), [4, 5]);
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
}

fn due_leads_come_earliest_first(store: &dyn Store) {
    for (id, due) in [
        (1, Some(at(500))),
        (2, Some(at(300))),
        (3, None),
        (4, Some(at(300))),
    ] {
        open_with(store, id, |lead| lead.clock.due = due);
    }
    let due = |seconds| store.due(at(seconds), 10).unwrap();
    assert_eq!(due(299), []);
    assert_eq!(due(300), [LeadId(2), LeadId(4)]);
    assert_eq!(due(9999), [LeadId(2), LeadId(4), LeadId(1)]);
    assert_eq!(store.due(at(9999), 1).unwrap(), [LeadId(2)]);
    let second = store.lead(LeadId(2)).unwrap().unwrap();
    store
        .commit(&only_lead(change(&second, |lead| lead.clock.breached = true)))
        .unwrap();
    assert_eq!(due(9999), [LeadId(4), LeadId(1)]);
}

fn an_authors_leads_come_newest_first(store: &dyn Store) {
    for id in 1..=5 {
        open_with(store, id, |lead| {
            lead.author = Some(author(id % 2));
            if id == 3 {
                lead.network = "reviews".into();
            }
        });
    }
    open_with(store, 6, |lead| lead.author = None);
    let leads = |network: &str, author, limit| store.leads_of_author(&network.into(), author, limit).unwrap();
    assert_eq!(leads("x", "a1", 9), [LeadId(5), LeadId(1)]);
    assert_eq!(leads("x", "a0", 1), [LeadId(4)]);
    assert_eq!(leads("x", "a", 9), []);
}
