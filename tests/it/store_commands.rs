//! `backup`, `restore` and `verify` as a person types them.

use std::fs;
use std::path::Path;
use std::process::Command;

use switchboard::store;

use crate::store_samples::*;

/// Exit code, and what was printed on either side.
fn switchboard(arguments: &[&str], folder: &Path) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_switchboard"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

fn expect(arguments: &[&str], folder: &Path, code: i32, words: &str) {
    let (got, text) = switchboard(arguments, folder);
    assert_eq!(got, Some(code), "{text}");
    assert!(text.contains(words), "{text}");
}

#[test]
fn a_store_goes_through_a_backup_and_back() {
    let dir = tempfile::tempdir().unwrap();
    let here = dir.path();
    {
        let store = store::open(&here.join("data")).unwrap();
        for id in 1..=5 {
            store.commit(&opening(id, "hello")).unwrap();
        }
        expect(&["backup", "a.jsonl"], here, 1, "another Switchboard (process");
        assert!(!here.join("a.jsonl").exists());
    }
    expect(&["verify"], here, 0, "5 leads (5 open), 5 waiting errands");
    expect(&["backup", "a.jsonl"], here, 0, "records of data are in a.jsonl");
    expect(&["backup", "a.jsonl"], here, 1, "is there already");
    expect(&["backup", "--force", "a.jsonl"], here, 0, "a.jsonl");
    expect(
        &["backup", "no/such/folder/a.jsonl"],
        here,
        1,
        "cannot be written",
    );
    assert!(!here.join("a.jsonl.unfinished").exists());

    expect(
        &["restore", "--data", "new", "a.jsonl"],
        here,
        0,
        "5 leads among them",
    );
    expect(&["verify", "--data", "new"], here, 0, "nothing is wrong");
    expect(&["restore", "--data", "new", "a.jsonl"], here, 1, "not empty");
    expect(&["backup", "--data", "new", "b.jsonl"], here, 0, "b.jsonl");
    assert_eq!(
        fs::read(here.join("a.jsonl")).unwrap(),
        fs::read(here.join("b.jsonl")).unwrap()
    );
}

#[test]
fn what_cannot_be_restored_or_verified_is_said_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let here = dir.path();
    drop(store::open(&here.join("data")).unwrap());
    expect(&["backup", "a.jsonl"], here, 0, "1 records");
    let whole = fs::read(here.join("a.jsonl")).unwrap();
    fs::write(here.join("cut.jsonl"), &whole[..whole.len() - 20]).unwrap();
    expect(
        &["restore", "--data", "new", "cut.jsonl"],
        here,
        1,
        "cut.jsonl was not restored: the store is damaged",
    );
    expect(
        &["restore", "--data", "new", "none.jsonl"],
        here,
        1,
        "none.jsonl cannot be read",
    );
    assert!(!here.join("new").exists());
    expect(
        &["verify", "--data", "typo"],
        here,
        1,
        "there is no store in typo",
    );
    expect(
        &["backup", "--data", "typo", "b.jsonl"],
        here,
        1,
        "there is no store in typo",
    );
    assert!(!here.join("typo").exists());

    let db = sled::open(here.join("data").join("sled")).unwrap();
    db.open_tree("switchboard")
        .unwrap()
        .insert(b"L\0\0\0\0\0\0\0\x01", b"damage")
        .unwrap();
    drop(db);
    expect(&["verify"], here, 1, "the store is damaged");
}
