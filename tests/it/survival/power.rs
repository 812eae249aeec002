//! The power test of the whole product: the data folder lies on a file system in a file, and that file is copied from under
//! the running program. The copy holds what reached the disk and nothing that the system only promised to write.
//! What was acknowledged before the copy began must be on it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::house::House;
use super::kill::{FAULTS, all_errands_are_run};
use super::ledger::Ledger;
use super::load::Load;
use super::{Dice, runtime, seed, setting};
use crate::mounted::{Mounted, ran};

#[test]
fn a_power_cut_loses_nothing_that_was_acknowledged() {
    let mut dice = Dice(seed());
    let folder = tempfile::tempdir().unwrap();
    let (image, copy) = (folder.path().join("disk.img"), folder.path().join("copy.img"));
    let (disk, after) = (folder.path().join("disk"), folder.path().join("after"));
    let made = std::fs::File::create(&image).is_ok_and(|file| file.set_len(256 << 20).is_ok())
        && ran(Command::new("mkfs.ext4").arg("-q").arg(&image));
    let Some(_disk) = Mounted::image(&image, &disk).filter(|_| made) else {
        println!("skipped: this machine does not allow loop devices, so the power cut was not simulated");
        return;
    };
    let rounds = setting("SWITCHBOARD_POWER_ROUNDS", 5);
    let runtime = runtime();
    let mut ledger = Ledger::default();
    for round in 0..rounds {
        // A new folder in every other round, so that its first moments are cut off as well.
        let name = format!("data-{}", round / 2);
        if round % 2 == 0 {
            ledger = Ledger::default();
        }
        let before = House::built(folder.path(), &disk.join(&name), 200, 50.0);
        before.network_fails(FAULTS[round as usize % FAULTS.len()]);
        let (open, client) = before.open();
        let known = runtime.block_on(async {
            ledger.taken_up_again(&client).await;
            let load = Load::start(&client, &ledger, dice.below(u64::MAX));
            tokio::time::sleep(Duration::from_millis(500 + dice.below(1_500))).await;
            open.signal("-STOP");
            // Everything acknowledged up to now was on the disk when it was acknowledged.
            let known = ledger.pages().clone();
            assert!(copied(&image, &copy));
            open.kill();
            load.end().await;
            known
        });
        let Some(_after) = Mounted::image(&copy, &after) else {
            panic!("the copied disk cannot be mounted")
        };
        let restored = House::built(folder.path(), &after.join(&name), 200, 50.0);
        restored.network_fails("{ blind = true }");
        let (open, client) = restored.open();
        runtime.block_on(all_errands_are_run(&client));
        open.kill();
        let audited = known.audit(&after.join(&name), true);
        println!("round {round}: {audited:?}");
    }
}

fn copied(image: &Path, copy: &Path) -> bool {
    ran(Command::new("cp").arg("--sparse=always").arg(image).arg(copy))
}
