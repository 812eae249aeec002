//! What every store promises, one function per promise, run against each of them.

use std::collections::BTreeSet;

use jiff::civil::date;
use switchboard::domain::digest::Figures;
use switchboard::domain::effect::Errand;
use switchboard::domain::ids::{Channel, ErrandId, LeadId, MessageRef};
use switchboard::domain::lead::{Lead, Priority};
use switchboard::domain::message::Content;
use switchboard::domain::timeline::{Happened, verify_chain};
use switchboard::port::store::{Commit, Conversation, LeadChange, Queue, Seen, Store, StoreError};
use switchboard::store;
use switchboard::store::memory::MemoryStore;

use crate::store_samples::*;

macro_rules! promises {
    ($($promise:ident)*) => {
        mod memory {
            $(#[test] fn $promise() { super::$promise(&super::MemoryStore::default()); })*
        }
        mod sled {
            $(#[test] fn $promise() {
                let dir = tempfile::tempdir().unwrap();
                super::$promise(&*super::store::open(dir.path()).unwrap());
            })*
        }
    };
}

promises! {
    an_empty_store_holds_nothing
    an_opened_lead_is_found_everywhere
    a_change_that_started_from_an_old_version_is_refused_whole
    a_lead_may_change_several_times_in_one_commit
    queues_are_sorted_by_urgency_and_hold_open_leads_only
    due_leads_come_earliest_first
    timelines_are_read_from_any_position
    an_erased_text_replaces_its_entry
    a_very_long_mention_is_kept_whole
    long_conversations_grow_and_shrink
    an_authors_leads_come_newest_first
    errands_are_leased_once_and_come_back
    a_newer_errand_waits_for_the_older_ones_courier
    an_errand_that_is_over_leaves_only_under_its_own_number
    dead_errands_are_kept_and_not_leased
    messages_are_read_backwards_from_any_place
    a_card_is_known_by_its_lead
    figures_add_up
    cursors_digests_and_numbers_are_kept
    names_never_run_into_each_other
    a_backup_restores_to_the_same_store
    a_damaged_backup_is_refused
    a_store_with_something_in_it_is_not_restored_over
}

fn support() -> Queue {
    Queue::Department("support".into())
}

fn ids(leads: &[Lead]) -> Vec<u64> {
    leads.iter().map(|lead| lead.id.0).collect()
}

fn open_with(store: &dyn Store, id: u64, change: impl FnOnce(&mut Lead)) -> Lead {
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

fn timelines_are_read_from_any_position(store: &dyn Store) {
    let mut lead = open_with(store, 1, |_| {});
    open_with(store, 2, |_| {});
    for round in 0..20 {
        let before = lead.clone();
        lead.version += 1;
        let notes = (0..=round % 3).map(|note| Happened::Noted {
            text: format!("{round}.{note} {}", "words ".repeat(round * 40)),
        });
        let entries = chain(&mut lead, notes.collect());
        let change = LeadChange {
            before: Some(before),
            after: lead.clone(),
        };
        store
            .commit(&Commit {
                leads: vec![change],
                entries,
                ..Commit::default()
            })
            .unwrap();
    }
    let all = store.timeline(LeadId(1), 0, usize::MAX).unwrap();
    assert_eq!(verify_chain(lead.id, &all, lead.entries, &lead.head), Ok(()));
    for from in 0..lead.entries + 2 {
        for limit in [0, 1, 3, 100] {
            let expected: Vec<_> = all.iter().skip(from as usize).take(limit).cloned().collect();
            assert_eq!(
                store.timeline(LeadId(1), from, limit).unwrap(),
                expected,
                "{from} {limit}"
            );
        }
    }
    assert_eq!(store.timeline(LeadId(3), 0, 9).unwrap(), []);
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
}

fn an_erased_text_replaces_its_entry(store: &dyn Store) {
    let lead = open_with(store, 1, |_| {});
    let mut entry = store.timeline(lead.id, 1, 1).unwrap().remove(0);
    let Happened::MentionReceived { mention } = &mut entry.what else {
        panic!("the second entry is the mention")
    };
    mention.text = "".into();
    store
        .commit(&Commit {
            entries: vec![(lead.id, entry.clone())],
            ..Commit::default()
        })
        .unwrap();
    let timeline = store.timeline(lead.id, 0, 9).unwrap();
    assert_eq!(timeline.len(), 2);
    assert_eq!(timeline[1], entry);
}

fn a_very_long_mention_is_kept_whole(store: &dyn Store) {
    let text = "🧡".repeat(10_000);
    let commit = opening(1, &text);
    store.commit(&commit).unwrap();
    assert_eq!(
        store.timeline(LeadId(1), 1, 1).unwrap(),
        [commit.entries[1].1.clone()]
    );
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
}

fn long_conversations_grow_and_shrink(store: &dyn Store) {
    let mut conversation = Conversation::default();
    let put = |conversation: &Conversation| {
        let row = ("x".into(), "storm".to_owned(), conversation.clone());
        store
            .commit(&Commit {
                conversations: vec![row],
                ..Commit::default()
            })
            .unwrap();
        let read = store.conversation(&"x".into(), "storm").unwrap();
        assert_eq!(read.as_ref(), Some(conversation));
    };
    for round in 1..=10 {
        for author in 0..round * 60 {
            conversation
                .leads
                .push((format!("author-{round}-{author}"), LeadId(author)));
        }
        put(&conversation);
    }
    while !conversation.leads.is_empty() {
        conversation.leads.truncate(conversation.leads.len() / 3);
        put(&conversation);
    }
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
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

const NONE: [u64; 0] = [];

fn lease(store: &dyn Store, now: i64, limit: usize) -> Vec<u64> {
    let errands = store
        .lease_errands(at(now), at(now + 60), limit, &BTreeSet::new())
        .unwrap();
    errands.iter().map(|errand| errand.id.0).collect()
}

fn put_errands(store: &dyn Store, errands: &[Errand]) {
    store
        .commit(&Commit {
            errands: errands.to_vec(),
            ..Commit::default()
        })
        .unwrap();
}

fn end_errand(store: &dyn Store, errand: &Errand) {
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

fn messages_are_read_backwards_from_any_place(store: &dyn Store) {
    let note = |text: &str| Content::Notice {
        lead: None,
        text: text.into(),
    };
    let messages: Vec<_> = ["01", "02", "03", "04"]
        .map(|message| posted("support", message, note(message)))
        .into();
    let elsewhere = posted("support2", "05", note("elsewhere"));
    let commit = Commit {
        messages: [messages.clone(), vec![elsewhere]].concat(),
        ..Commit::default()
    };
    store.commit(&commit).unwrap();
    let channel = Channel::new("web", "support");
    let read = |before: Option<&str>, limit| {
        let messages = store
            .messages(&channel, before.map(MessageRef::from).as_ref(), limit)
            .unwrap();
        messages
            .iter()
            .map(|message| message.message.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(read(None, 2), ["04", "03"]);
    assert_eq!(read(Some("03"), 9), ["02", "01"]);
    assert_eq!(read(Some("01"), 9), Vec::<String>::new());
    let newer = |after: Option<&str>, limit| {
        store
            .messages_after(&channel, after.map(MessageRef::from).as_ref(), limit)
            .unwrap()
    };
    assert_eq!(newer(None, 9), 4);
    assert_eq!(newer(Some("02"), 9), 2);
    assert_eq!(newer(Some("02"), 1), 1);
    assert_eq!(newer(Some("04"), 9), 0);
}

fn a_card_is_known_by_its_lead(store: &dyn Store) {
    let commit = Commit {
        messages: vec![
            posted("support", "01", Content::Card(LeadId(1))),
            posted("legal", "02", Content::Card(LeadId(1))),
            posted("support", "03", Content::Card(LeadId(2))),
        ],
        ..Commit::default()
    };
    store.commit(&commit).unwrap();
    let place = |channel: &str, message: &str| (Channel::new("web", channel), MessageRef::new(message));
    assert_eq!(
        store.cards(LeadId(1)).unwrap(),
        [place("legal", "02"), place("support", "01")]
    );
    let text = "withdrawn".to_owned();
    let messages = vec![posted("legal", "02", Content::Notice { lead: None, text })];
    store
        .commit(&Commit {
            messages,
            ..Commit::default()
        })
        .unwrap();
    assert_eq!(store.cards(LeadId(1)).unwrap(), [place("support", "01")]);
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
}

fn figures_add_up(store: &dyn Store) {
    let one = Figures {
        leads: 1,
        mentions: 2,
        ..Figures::default()
    };
    let day = date(2026, 11, 24);
    let row = ("support".into(), day, one);
    for times in [1, 2] {
        store
            .commit(&Commit {
                figures: vec![row.clone(); times],
                ..Commit::default()
            })
            .unwrap();
    }
    let sum = store.figures(&"support".into(), day).unwrap();
    assert_eq!((sum.leads, sum.mentions), (3, 6));
    assert!(
        store
            .figures(&"support".into(), date(2026, 11, 25))
            .unwrap()
            .is_empty()
    );
}

fn cursors_digests_and_numbers_are_kept(store: &dyn Store) {
    let commit = Commit {
        cursors: vec![("feed".into(), "etag-1".into()), ("feed".into(), "etag-2".into())],
        digests: vec![("support".into(), date(2026, 11, 24))],
        next_errand: Some(ErrandId(50)),
        ..Commit::default()
    };
    store.commit(&commit).unwrap();
    assert_eq!(store.cursor(&"feed".into()).unwrap().as_deref(), Some("etag-2"));
    assert_eq!(store.cursor(&"fee".into()).unwrap(), None);
    assert_eq!(
        store.last_digest(&"support".into()).unwrap(),
        Some(date(2026, 11, 24))
    );
    assert_eq!(store.last_digest(&"legal".into()).unwrap(), None);
    assert_eq!(store.next_numbers().unwrap(), (LeadId(1), ErrandId(50)));
}

fn names_never_run_into_each_other(store: &dyn Store) {
    let long = "n".repeat(70_000);
    let names = ["", "a", "ab", "a\0", "a\u{1}b", "é", &long];
    let mut seen = BTreeSet::new();
    let mut commit = Commit::default();
    for network in names {
        for id in names {
            let conversation = format!("{}:{}", network.len(), id.len());
            assert!(seen.insert((network, id)));
            commit.seen.push((
                network.into(),
                id.to_owned(),
                Seen {
                    conversation,
                    lead: None,
                },
            ));
        }
    }
    store.commit(&commit).unwrap();
    for (network, id, expected) in &commit.seen {
        assert_eq!(store.seen(network, id).unwrap().as_ref(), Some(expected));
    }
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
}

/// A store with something of every kind.
fn fill(store: &dyn Store) {
    for id in 1..=3 {
        let mut commit = opening(id, &"text ".repeat(id as usize * 1000));
        commit.messages = vec![posted("support", &format!("0{id}"), Content::Card(LeadId(id)))];
        commit.cursors = vec![("feed".into(), format!("etag-{id}"))];
        commit.digests = vec![("support".into(), date(2026, 11, 24))];
        commit.figures = vec![(
            "support".into(),
            date(2026, 11, 24),
            Figures {
                leads: 1,
                ..Figures::default()
            },
        )];
        store.commit(&commit).unwrap();
    }
    let lead = store.lead(LeadId(2)).unwrap().unwrap();
    store
        .commit(&only_lead(change(&lead, |lead| lead.resolution = resolved())))
        .unwrap();
    put_errands(
        store,
        &[Errand {
            dead: Some("gone".into()),
            ..card(9, 2, "legal")
        }],
    );
}

fn lines(backup: &[u8]) -> BTreeSet<String> {
    let text = std::str::from_utf8(backup).unwrap();
    let records = text.lines().filter(|line| !line.starts_with("{\"end\""));
    records.map(str::to_owned).collect()
}

fn a_backup_restores_to_the_same_store(store: &dyn Store) {
    fill(store);
    let mut backup = Vec::new();
    let records = store.backup(&mut backup).unwrap();
    assert_eq!(records as usize, lines(&backup).len() - 1);

    let dir = tempfile::tempdir().unwrap();
    let stores = [
        store::open(dir.path()).unwrap(),
        std::sync::Arc::new(MemoryStore::default()),
    ];
    for restored in stores {
        assert_eq!(restored.restore(&mut backup.as_slice()).unwrap(), records);
        let mut again = Vec::new();
        restored.backup(&mut again).unwrap();
        assert_eq!(lines(&again), lines(&backup));
        assert_eq!(restored.verify().unwrap(), Vec::<String>::new());
        let (mut ours, mut theirs) = (store.totals().unwrap(), restored.totals().unwrap());
        (ours.bytes_on_disk, theirs.bytes_on_disk) = (0, 0);
        assert_eq!(ours, theirs);
        assert_eq!(
            store.queue(&support(), 9).unwrap(),
            restored.queue(&support(), 9).unwrap()
        );
        assert_eq!(lease(&*restored, 99, 9), [1, 2, 3]);
    }
}

fn a_damaged_backup_is_refused(store: &dyn Store) {
    fill(store);
    let mut backup = Vec::new();
    store.backup(&mut backup).unwrap();
    let text = String::from_utf8(backup).unwrap();
    let without_a_line = {
        let mut lines: Vec<_> = text.lines().collect();
        lines.remove(3);
        lines.join("\n") + "\n"
    };
    let newer = text.replacen("\"format\":1", "\"format\":2", 1);
    for (damaged, why) in [
        (String::new(), "cut off"),
        (text[..text.len() / 2].to_owned(), "backup, line"),
        (text[..text.rfind("{\"end\"").unwrap()].to_owned(), "cut off"),
        (text.replacen("text text", "text next", 1), "altered"),
        (without_a_line, "records were written"),
        ("id,text\n1,hello\n".to_owned(), "not a backup"),
        (newer, "newer Switchboard"),
    ] {
        let error = MemoryStore::default()
            .restore(&mut damaged.as_bytes())
            .unwrap_err()
            .to_string();
        assert!(error.contains(why), "{error}");
    }
}

fn a_store_with_something_in_it_is_not_restored_over(store: &dyn Store) {
    let mut backup = Vec::new();
    store.backup(&mut backup).unwrap();
    fill(store);
    let error = store.restore(&mut backup.as_slice()).unwrap_err().to_string();
    assert!(error.contains("not empty"), "{error}");
}
