//! The commands that ship: one line each. The order is the order of help, completion and the README's table.

use std::sync::LazyLock;

use super::Catalogue;

macro_rules! commands {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../commands/", $name)))),*]
    };
}

/// File name and text, as `Catalogue::load` takes them.
pub(super) const FILES: &[(&str, &str)] = commands![
    "claim.toml"
    "release.toml"
    "assign.toml"
    "reply.toml"
    "retry.toml"
    "settle.toml"
    "answered.toml"
    "note.toml"
    "hand-off.toml"
    "accept.toml"
    "decline.toml"
    "withdraw.toml"
    "escalate.toml"
    "acknowledge.toml"
    "snooze.toml"
    "resolve.toml"
    "reopen.toml"
    "queue.toml"
    "mine.toml"
    "show.toml"
    "find.toml"
    "who.toml"
    "help.toml"
    "digest.toml"
];

/// The files are part of the program and a test loads them, so a problem can only be met while one is being written;
/// the catalogue is then empty rather than half right, and `switchboard check` says why.
pub(super) static CATALOGUE: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::load(FILES).unwrap_or_default());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_that_ships_has_every_file_and_no_problem() {
        assert_eq!(Catalogue::builtin_problems(), Vec::<String>::new());
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/commands");
        let mut on_disk: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder of commands")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        on_disk.sort();
        let mut listed: Vec<&str> = FILES.iter().map(|(file, _)| *file).collect();
        listed.sort();
        assert_eq!(listed, on_disk);
    }
}
