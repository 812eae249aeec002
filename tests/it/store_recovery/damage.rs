//! Damage: a changed byte anywhere in any row is found by `verify`, or the store says so when it opens.

use std::path::Path;

use super::{filled, opened};
use crate::store_samples::*;
use switchboard::domain::ids::LeadId;
use switchboard::domain::message::Content;
use switchboard::port::store::Commit;
use switchboard::store;

fn rows(dir: &Path, change: impl FnOnce(&sled::Tree)) {
    // sled gives its lock back a little late.
    let mut tries = std::iter::repeat_with(|| sled::open(dir.join("sled"))).take(1000);
    let db = tries.find_map(Result::ok).unwrap();
    change(&db.open_tree("switchboard").unwrap());
    db.flush().unwrap();
}

fn findings(dir: &Path) -> Vec<String> {
    match store::open(dir) {
        Ok(store) => store.verify().unwrap(),
        Err(error) => vec![error.to_string()],
    }
}

/// A few rows of every kind.
fn sample(dir: &Path) {
    filled(dir, 2);
    let store = opened(dir);
    let mut commit = opening(3, &"long ".repeat(2000));
    commit.messages = vec![posted("support", "01", Content::Card(LeadId(1)))];
    commit.cursors = vec![("feed".into(), "etag".into())];
    commit.digests = vec![("support".into(), jiff::civil::date(2026, 11, 24))];
    commit.figures = vec![(
        "support".into(),
        jiff::civil::date(2026, 11, 24),
        Default::default(),
    )];
    commit.errands.push(switchboard::domain::effect::Errand {
        dead: Some("gone".into()),
        ..card(9, 2, "legal")
    });
    let old = store.lead(LeadId(2)).unwrap().unwrap();
    commit
        .leads
        .push(change(&old, |lead| lead.hand_off = offered("legal")));
    store.commit(&commit).unwrap();
    store.commit(&Commit::default()).unwrap();
}

#[test]
fn a_changed_byte_in_any_row_is_found() {
    let dir = tempfile::tempdir().unwrap();
    sample(dir.path());
    assert_eq!(findings(dir.path()), Vec::<String>::new());
    let mut all = Vec::new();
    rows(dir.path(), |tree| all.extend(tree.iter().map(Result::unwrap)));
    assert!(all.len() > 20);
    for (index, (key, value)) in all.iter().enumerate() {
        let name = String::from_utf8_lossy(key);
        if let Some(place) = (index * 37).checked_rem(value.len()) {
            let mut changed = value.to_vec();
            changed[place] ^= 1 << (index % 8);
            rows(dir.path(), |tree| drop(tree.insert(key, changed).unwrap()));
            assert_ne!(
                findings(dir.path()),
                Vec::<String>::new(),
                "byte {place} of {name}"
            );
        }
        // A record that nothing else tells of can only be missed by who remembers it.
        if b"FGSUV".contains(&key[0]) {
            rows(dir.path(), |tree| drop(tree.insert(key, value).unwrap()));
            continue;
        }
        rows(dir.path(), |tree| drop(tree.remove(key).unwrap()));
        assert_ne!(findings(dir.path()), Vec::<String>::new(), "without {name}");
        rows(dir.path(), |tree| drop(tree.insert(key, value).unwrap()));
    }
    assert_eq!(findings(dir.path()), Vec::<String>::new(), "all was put back");
}

#[test]
fn a_row_too_many_is_found() {
    let dir = tempfile::tempdir().unwrap();
    sample(dir.path());
    let mut index = Vec::new();
    rows(dir.path(), |tree| {
        index.extend(
            tree.iter()
                .keys()
                .map(Result::unwrap)
                .filter(|key| b"QDAK".contains(&key[0])),
        );
    });
    for key in index {
        let mut stray = key.to_vec();
        let last = stray.len() - 1;
        stray[last] ^= 4;
        rows(dir.path(), |tree| drop(tree.insert(&stray, b"").unwrap()));
        let found = findings(dir.path()).join("\n");
        assert!(found.contains("follows from nothing"), "{found}");
        rows(dir.path(), |tree| drop(tree.remove(&stray).unwrap()));
    }
}

#[test]
fn a_record_of_a_newer_version_is_named_as_such() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 1);
    rows(dir.path(), |tree| {
        let (key, mut value) = tree.scan_prefix(b"L").next().unwrap().unwrap();
        value[0] = 2;
        tree.insert(key, value).unwrap();
    });
    let error = opened(dir.path()).lead(LeadId(1)).unwrap_err().to_string();
    assert!(error.contains("written by a newer Switchboard"), "{error}");
}

/// Below the rows, sled guards its own pages: whatever byte of the file changes, the store either says so, or is as it was,
/// or has lost the end of its log and is as it was a few commits ago. It never invents or mixes states.
#[test]
fn a_changed_byte_in_the_file_never_shows_a_wrong_record() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 40);
    let mut whole = Vec::new();
    let leads = {
        let store = opened(dir.path());
        store.backup(&mut whole).unwrap();
        store.leads_from(LeadId(1), 99).unwrap()
    };
    let file = dir.path().join("sled").join("db");
    let untouched = std::fs::read(&file).unwrap();
    let used = untouched.iter().rposition(|byte| *byte != 0).unwrap();
    for round in 0..40 {
        let copy = dir.path().join(format!("copy-{round}"));
        let sled = copy.join("sled");
        std::fs::create_dir_all(&sled).unwrap();
        for entry in std::fs::read_dir(dir.path().join("sled"))
            .unwrap()
            .map(Result::unwrap)
        {
            if entry.file_type().unwrap().is_file() {
                std::fs::copy(entry.path(), sled.join(entry.file_name())).unwrap();
            }
        }
        let mut changed = untouched.clone();
        changed[used * (round + 1) / 41] ^= 0x10;
        std::fs::write(sled.join("db"), &changed).unwrap();
        let Ok(store) = store::open(&copy) else { continue };
        if !store.verify().unwrap().is_empty() {
            continue;
        }
        let there = store.leads_from(LeadId(1), 99).unwrap();
        assert_eq!(there, leads[..there.len()], "round {round}");
    }
}

/// The desk on this folder, with two mentions taken and one lead's row damaged since.
#[test]
fn one_damaged_lead_holds_nobody_elses_events_up() {
    use std::sync::Arc;

    use switchboard::app::desk::Desk;
    use switchboard::app::setup::{Setup, system_clock};
    use switchboard::domain::capability::Capabilities;
    use switchboard::domain::event::{Ask, Event, Verb};
    use switchboard::domain::notice::Tone;

    let settings = switchboard::config::demo().expect("the demo configuration is right");
    let setup = Setup {
        roster: Arc::new(switchboard::app::setup::Roster::new(settings.company)),
        assess: Arc::new(move |mention| settings.routes.assess(mention)),
        capabilities: Arc::new(|_, _| Capabilities::read_only()),
        clock: system_clock(),
        quiet: false,
    };
    let dir = tempfile::tempdir().unwrap();
    let now = jiff::Timestamp::now();
    let arrival = |id| Event::MentionReceived {
        mention: Box::new(mention(id, "where is my order?")),
        backlog: false,
    };
    let mut desk = Desk::new(opened(dir.path()), setup.clone()).unwrap();
    desk.step(&[arrival(1), arrival(2)], now).unwrap();
    drop(desk);
    rows(dir.path(), |tree| {
        let (key, value) = tree.scan_prefix(b"L").next().unwrap().unwrap();
        let mut changed = value.to_vec();
        let last = changed.len() - 1;
        changed[last] ^= 1;
        tree.insert(key, changed).unwrap();
    });

    let mut desk = Desk::new(opened(dir.path()), setup).unwrap();
    let claim = |lead: u64| {
        Event::Asked(Ask {
            lead: LeadId(lead),
            by: "dana".into(),
            via: "web".into(),
            verb: Verb::Claim,
            key: format!("claim-{lead}"),
        })
    };
    let stepped = desk
        .step(&[claim(1), Event::DeadlinePassed(LeadId(1)), claim(2)], now)
        .unwrap();
    let tones: Vec<Tone> = stepped.notices.iter().map(|notice| notice.tone).collect();
    assert_eq!(tones, [Tone::Refused, Tone::Refused, Tone::Done]);
    assert!(stepped.notices[0].text.contains("L-1 cannot be read"));
}
