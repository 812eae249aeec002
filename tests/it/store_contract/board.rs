//! Messages, cards, and the small things a store keeps.

use jiff::civil::date;
use switchboard::domain::digest::Figures;
use switchboard::domain::ids::{Channel, ErrandId, LeadId, MessageRef};
use switchboard::domain::message::Content;
use switchboard::port::store::{Commit, Store};

use crate::store_samples::*;

promises! {
    messages_are_read_backwards_from_any_place
    a_card_is_known_by_its_lead
    figures_add_up
    cursors_digests_and_numbers_are_kept
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
