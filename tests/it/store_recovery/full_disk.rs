//! A disk that is full: the commit is refused, nothing half-written is acknowledged, and space mends it.

use std::process::Command;

use super::{nothing_is_wrong, opened};
use crate::mounted::{Mounted, ran};
use crate::store_samples::*;
use switchboard::domain::ids::LeadId;
use switchboard::port::store::{Store, StoreError};

/// Commits until the store refuses; returns how many were acknowledged, and the refusal.
fn fill(store: &dyn Store, text: &str) -> (u64, StoreError) {
    let first = store.next_numbers().unwrap().0.0;
    for id in first..first + 20_000 {
        if let Err(error) = store.commit(&opening(id, text)) {
            return (id - 1, error);
        }
    }
    panic!("the disk never filled")
}

#[test]
fn a_full_disk_is_refused_and_goes_on_when_there_is_room() {
    let dir = tempfile::tempdir().unwrap();
    let disk = dir.path().join("disk");
    let Some(_mounted) = Mounted::new(&disk, &["-t", "tmpfs", "-o", "size=64m", "none"]) else {
        println!("skipped: this user may not mount a small disk");
        return;
    };
    let store = opened(&disk);
    let (acknowledged, refused) = fill(&*store, &"word ".repeat(4000));
    assert!(matches!(&refused, StoreError::Write(_)), "{refused}");
    assert!(refused.to_string().contains("nearly full"), "{refused}");
    assert!(acknowledged > 10);
    assert_eq!(
        store.lead(LeadId(acknowledged + 1)).unwrap(),
        None,
        "nothing of it is there"
    );
    assert!(store.lead(LeadId(acknowledged)).unwrap().is_some(), "reads go on");
    nothing_is_wrong(&*store);

    let larger = Command::new("mount")
        .args(["-o", "remount,size=128m"])
        .arg(&disk)
        .status();
    assert!(larger.unwrap().success());
    store
        .commit(&opening(acknowledged + 1, "the desk goes on"))
        .unwrap();
    nothing_is_wrong(&*store);
}

/// The file system has promised more than there is below it: what was thought to be written fails when it is synced.
#[test]
fn a_disk_that_fails_is_never_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let (below, disk) = (dir.path().join("below"), dir.path().join("disk"));
    let image = below.join("disk.img");
    let mounted = Mounted::new(&below, &["-t", "tmpfs", "-o", "size=24m", "none"]).and_then(|below| {
        std::fs::File::create(&image).ok()?.set_len(256 << 20).ok()?;
        let made = ran(Command::new("mkfs.ext4")
            .args(["-q", "-E", "nodiscard"])
            .arg(&image));
        let disk = Mounted::image(&image, &disk).filter(|_| made)?;
        Some((disk, below))
    });
    let Some((mounted, _below)) = mounted else {
        println!("skipped: this machine does not allow loop devices, so the failing disk was not simulated");
        return;
    };
    let store = opened(&disk);
    let (acknowledged, refused) = fill(&*store, &"word ".repeat(4000));
    assert!(matches!(&refused, StoreError::Write(_)), "{refused}");
    let message = store
        .commit(&opening(acknowledged + 1, "small"))
        .unwrap_err()
        .to_string();
    assert!(message.contains("nothing more is written"), "{message}");
    drop(store);
    drop(mounted);

    let larger = Command::new("mount")
        .args(["-o", "remount,size=300m"])
        .arg(&below)
        .status();
    assert!(larger.unwrap().success());
    let Some(_mounted) = Mounted::image(&image, &disk) else {
        panic!("the mended disk cannot be mounted")
    };
    let store = opened(&disk);
    nothing_is_wrong(&*store);
    let leads = store.totals().unwrap().leads;
    assert!(
        leads >= acknowledged,
        "{acknowledged} were acknowledged, {leads} are there"
    );
    store.commit(&opening(leads + 1, "the desk goes on")).unwrap();
}
