//! A power cut: the store lies on a file system in a file, and that file is copied from under the writer. The copy holds
//! what reached the disk and nothing of what the system only promised to write.

use std::process::Command;
use std::time::Duration;

use super::crash::{Writer, chance, nothing_acknowledged_is_missing, rounds};
use crate::mounted::{Mounted, ran};

#[test]
fn a_power_cut_loses_nothing_that_was_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let (image, copy) = (dir.path().join("disk.img"), dir.path().join("copy.img"));
    let (disk, after) = (dir.path().join("disk"), dir.path().join("after"));
    let made = std::fs::File::create(&image).is_ok_and(|file| file.set_len(192 << 20).is_ok())
        && ran(Command::new("mkfs.ext4").arg("-q").arg(&image));
    let Some(_disk) = Mounted::image(&image, &disk).filter(|_| made) else {
        println!("skipped: this machine does not allow loop devices, so the power cut was not simulated");
        return;
    };
    for round in 0..rounds(10) {
        // A new store in some rounds, so that its first moments are cut off as well.
        let name = format!("data-{}", round / 3);
        let mut writer = Writer::start(&disk.join(&name));
        assert!(
            writer.wait_for(1 + chance(round, 60)),
            "the writer ended by itself"
        );
        std::thread::sleep(Duration::from_micros(chance(round, 3_000)));
        assert!(ran(Command::new("kill").args(["-STOP", &writer.id().to_string()])));
        assert!(ran(Command::new("cp")
            .arg("--sparse=always")
            .arg(&image)
            .arg(&copy)));
        // What had been acknowledged by the time of the copy can still be read from the pipe of a killed child.
        let acknowledged = writer.kill();
        let Some(_after) = Mounted::image(&copy, &after) else {
            panic!("the copied disk cannot be mounted")
        };
        nothing_acknowledged_is_missing(&after.join(&name), acknowledged);
    }
}
