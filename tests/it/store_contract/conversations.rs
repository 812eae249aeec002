//! Timelines, conversations and seen keys, of any length.

use std::collections::BTreeSet;

use switchboard::domain::ids::LeadId;
use switchboard::domain::timeline::{Happened, verify_chain};
use switchboard::port::store::{Commit, Conversation, LeadChange, Seen, Store};

use super::leads::open_with;
use crate::store_samples::*;

promises! {
    timelines_are_read_from_any_position
    an_erased_text_replaces_its_entry
    a_very_long_mention_is_kept_whole
    long_conversations_grow_and_shrink
    names_never_run_into_each_other
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
