//! The embedded store after crashes, damage and refusals: nothing acknowledged is missing, and what is wrong is said.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use switchboard::domain::ids::LeadId;
use switchboard::port::store::{Commit, Store, StoreError};
use switchboard::store;

use crate::store_samples::*;

mod crash;
mod damage;
mod full_disk;
mod power_cut;

fn opened(dir: &Path) -> Arc<dyn Store> {
    store::open(dir).unwrap()
}

fn refusal(dir: &Path) -> String {
    match store::open(dir) {
        Ok(_) => panic!("the store opened"),
        Err(error) => error.to_string(),
    }
}

/// A store with a few leads, closed.
fn filled(dir: &Path, leads: u64) {
    let store = opened(dir);
    for id in 1..=leads {
        store.commit(&opening(id, "hello")).unwrap();
    }
}

fn nothing_is_wrong(store: &dyn Store) {
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
}

#[test]
fn a_half_written_snapshot_is_set_aside() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 3);
    let name = "snap.0000000000FFFFFF.generating";
    fs::write(dir.path().join("sled").join(name), b"half of a snap").unwrap();

    let store = opened(dir.path());
    assert_eq!(store.totals().unwrap().leads, 3);
    nothing_is_wrong(&*store);
    assert_eq!(
        fs::read(dir.path().join("quarantine").join(name)).unwrap(),
        b"half of a snap"
    );
}

#[test]
fn a_second_process_is_told_who_holds_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    let first = opened(dir.path());
    let message = refusal(dir.path());
    let expected = format!(
        "another Switchboard (process {}) is using {}; stop it or choose another --data",
        std::process::id(),
        dir.path().display()
    );
    assert_eq!(message, expected);
    first.commit(&opening(1, "the first goes on")).unwrap();
    drop(first);
    assert_eq!(
        opened(dir.path()).totals().unwrap().leads,
        1,
        "the lock was given back"
    );
}

#[test]
fn a_folder_that_cannot_be_used_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("data");
    fs::write(&file, b"a file where the folder should be").unwrap();
    for path in [file.clone(), file.join("below")] {
        let message = refusal(&path);
        assert!(message.contains("choose another --data"), "{message}");
        assert!(message.contains(&path.display().to_string()), "{message}");
    }
    let Err(error) = store::open_existing(&dir.path().join("typo")) else {
        panic!("an empty store was made")
    };
    assert!(error.to_string().contains("there is no store in"), "{error}");
    assert!(!dir.path().join("typo").exists());
}

#[test]
fn a_folder_without_permission_says_what_to_do() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let closed = dir.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).unwrap();
    if fs::write(closed.join("probe"), b"").is_ok() {
        println!("skipped: permissions do not bind this user");
        return;
    }
    let message = refusal(&closed);
    assert!(message.contains("let this user read and write it"), "{message}");
}

#[test]
fn a_restore_that_broke_off_is_not_taken_for_a_store() {
    let dir = tempfile::tempdir().unwrap();
    let (full, broken) = (dir.path().join("full"), dir.path().join("broken"));
    filled(&full, 3);
    let mut backup = Vec::new();
    opened(&full).backup(&mut backup).unwrap();
    let cut = &backup[..backup.len() - 100];
    assert!(matches!(
        opened(&broken).restore(&mut &*cut),
        Err(StoreError::Damaged(_))
    ));
    let message = refusal(&broken);
    assert!(message.contains("was not completed"), "{message}");
}

#[test]
fn a_backup_shows_the_moment_it_began_although_the_desk_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    filled(&dir.path().join("live"), 1200);
    let live = opened(&dir.path().join("live"));
    let mut wanted = Vec::new();
    live.backup(&mut wanted).unwrap();

    /// Takes the lines of a backup, and lets the desk work between any two of them.
    struct Busy<'a> {
        store: &'a dyn Store,
        lines: Vec<u8>,
        next: u64,
    }
    impl std::io::Write for Busy<'_> {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.lines.extend_from_slice(bytes);
            if self.next.is_multiple_of(50) {
                let mut commit = opening(2000 + self.next, &"new ".repeat(3000));
                let old = self.store.lead(LeadId(1 + self.next % 1200)).unwrap().unwrap();
                commit
                    .leads
                    .push(change(&old, |lead| lead.resolution = resolved()));
                commit.errands_done = vec![(
                    card(1, old.id.0, "support").effect.key(),
                    switchboard::domain::ids::ErrandId(old.id.0),
                )];
                self.store.commit(&commit).unwrap();
            }
            self.next += 1;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut busy = Busy {
        store: &*live,
        lines: Vec::new(),
        next: 1,
    };
    live.backup(&mut busy).unwrap();
    assert!(busy.next > 4000, "the desk went on");
    assert!(
        busy.lines == wanted,
        "the backup holds what was there when it began"
    );
    nothing_is_wrong(&*live);
}

#[test]
fn an_empty_commit_needs_no_disk() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened(dir.path());
    store.commit(&Commit::default()).unwrap();
    assert_eq!(store.next_numbers().unwrap().0, LeadId(1));
}
