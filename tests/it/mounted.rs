//! Small disks for tests: a file system that is mounted for the length of a test.

use std::path::Path;
use std::process::Command;

/// Unmounted however the test ends. A loop device that `mount` made goes with it.
pub struct Mounted<'a>(&'a Path);

impl<'a> Mounted<'a> {
    /// None where this user may not mount.
    pub fn new(at: &'a Path, options: &[&str]) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        ran(Command::new("mount").args(options).arg(at)).then_some(Self(at))
    }

    /// A file system in a file.
    pub fn image(image: &Path, at: &'a Path) -> Option<Self> {
        Self::new(at, &["-o", "loop", image.to_str()?])
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let unmounted = |options: &[&str]| ran(Command::new("umount").args(options).arg(self.0));
        if !unmounted(&[]) {
            unmounted(&["-l"]);
        }
    }
}

pub fn ran(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}
