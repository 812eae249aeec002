//! Backups: whole, restored to the same store, refused when damaged.

use std::collections::BTreeSet;

use jiff::civil::date;
use switchboard::domain::digest::Figures;
use switchboard::domain::effect::Errand;
use switchboard::domain::ids::LeadId;
use switchboard::domain::message::Content;
use switchboard::port::store::Store;
use switchboard::store;
use switchboard::store::memory::MemoryStore;

use super::leads::support;
use super::outbox::{lease, put_errands};
use crate::store_samples::*;

promises! {
    a_backup_restores_to_the_same_store
    a_damaged_backup_is_refused
    a_store_with_something_in_it_is_not_restored_over
}

/// A store with something of every kind.
pub(super) fn fill(store: &dyn Store) {
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

pub(super) fn lines(backup: &[u8]) -> BTreeSet<String> {
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
