//! The files of a configuration: which ones are read, and what can go wrong with a file before it is understood.

use std::path::{Path, PathBuf};

use super::problem::Problem;
use super::similar::closest;
use super::source::Source;

pub const MAIN_FILE: &str = "switchboard.toml";

/// Read where they stand beside the main file.
pub const OTHER_FILES: [&str; 4] = [
    "departments.toml",
    "members.toml",
    "routes.toml",
    "connectors.toml",
];

/// The invented company.
pub(super) const DEMO: &[(&str, &str)] = &[
    (
        "demo/switchboard.toml",
        include_str!("../../config/demo/switchboard.toml"),
    ),
    (
        "demo/departments.toml",
        include_str!("../../config/demo/departments.toml"),
    ),
    (
        "demo/members.toml",
        include_str!("../../config/demo/members.toml"),
    ),
    ("demo/routes.toml", include_str!("../../config/demo/routes.toml")),
];

/// Reads the files that a path stands for, and tells the folder they are in.
pub(super) fn read(path: &Path) -> Result<(PathBuf, Vec<Source>), Vec<Problem>> {
    let kind = std::fs::metadata(path).map_err(|error| vec![unreadable(path, &error)])?;
    let (folder, main) = if kind.is_dir() {
        (path.to_path_buf(), path.join(MAIN_FILE))
    } else {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
            _ => PathBuf::from("."),
        };
        (folder, path.to_path_buf())
    };
    let mut problems = Vec::new();
    if kind.is_dir() {
        match misnamed(&folder) {
            Ok(found) => problems.extend(found),
            Err(error) => return Err(vec![unreadable(&folder, &error)]),
        }
    }
    let others = OTHER_FILES
        .iter()
        .map(|name| folder.join(name))
        .filter(|other| *other != main && other.symlink_metadata().is_ok());
    let mut sources = Vec::new();
    for file in std::iter::once(main.clone()).chain(others) {
        sources.extend(read_one(&file, &mut problems));
    }
    if problems.is_empty() {
        Ok((folder, sources))
    } else {
        Err(problems)
    }
}

/// Files whose names are a slip away from one that is read: nobody would notice that they are not.
fn misnamed(folder: &Path) -> std::io::Result<Vec<Problem>> {
    let known: Vec<_> = std::iter::once(MAIN_FILE).chain(OTHER_FILES).collect();
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name();
        let Some(name) = name
            .to_str()
            .filter(|name| name.ends_with(".toml") && !known.contains(name))
        else {
            continue;
        };
        if let Some(meant) = closest(name, known.iter().copied()) {
            found.push(Problem::of_file(
                folder.join(name).display().to_string(),
                format!("a file with the name {name} is not read"),
                format!("did you mean “{meant}”? Rename it"),
            ));
        }
    }
    found.sort_by(|one, other| one.file.cmp(&other.file));
    Ok(found)
}

fn read_one(path: &Path, problems: &mut Vec<Problem>) -> Option<Source> {
    let name = path.display().to_string();
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            problems.push(unreadable(path, &error));
            return None;
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => Some(Source { name, text }),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let source = Source { name, text };
            let what = format!("the file is not UTF-8: byte {} cannot be read", good + 1);
            let todo = "save it as UTF-8; older editors call it “UTF-8 without signature”";
            problems.push(Problem::at(&source, good..good + 1, "", what, todo.to_owned()));
            None
        }
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    use std::io::ErrorKind;
    let name = path.display().to_string();
    let (what, todo) = match error.kind() {
        ErrorKind::NotFound if path.extension().is_some() => (
            "there is no such file".to_owned(),
            "`switchboard init FOLDER` writes a configuration to start from".to_owned(),
        ),
        ErrorKind::NotFound => (
            "there is no such folder".to_owned(),
            format!("`switchboard init {name}` writes a configuration there"),
        ),
        ErrorKind::PermissionDenied => (
            "it may not be read".to_owned(),
            "give the user that runs Switchboard the right to read it".to_owned(),
        ),
        _ => (
            format!("it cannot be read: {error}"),
            "mend that and try again".to_owned(),
        ),
    };
    Problem::of_file(name, what, todo)
}
