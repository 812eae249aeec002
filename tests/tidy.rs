//! Guards the house: the arrows between rooms, the length of files, the first line of each, and what must not be in it.
//! `docs/architecture.md` says why the arrows are as they are.

use std::path::{Path, PathBuf};

/// Room, and the rooms it may use besides itself.
const ARROWS: [(&str, &[&str]); 11] = [
    ("domain", &[]),
    ("listening", &["domain"]),
    ("command", &["domain"]),
    ("port", &["domain"]),
    ("store", &["port", "domain"]),
    ("network", &["port", "domain"]),
    ("platform", &["port", "command", "domain"]),
    ("report", &["port", "domain"]),
    // Sections of settings live beside the code they configure.
    (
        "config",
        &["domain", "listening", "command", "port", "network", "platform"],
    ),
    (
        "app",
        &[
            "domain",
            "listening",
            "command",
            "port",
            "store",
            "network",
            "platform",
            "report",
            "config",
        ],
    ),
    (
        "cli",
        &[
            "domain",
            "listening",
            "command",
            "port",
            "store",
            "network",
            "platform",
            "report",
            "config",
            "app",
        ],
    ),
];

/// Adapters that must not know each other.
const ADAPTERS: [(&str, &[&str]); 3] = [
    ("platform", &["discord", "memory", "slack", "web"]),
    (
        "network",
        &[
            "bluesky",
            "feed",
            "jetstream",
            "mastodon",
            "recorded",
            "reddit",
            "scripted",
            "webhook",
            "youtube",
        ],
    ),
    ("store", &["memory", "sled"]),
];

const LONGEST: usize = 400;

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        // A room that is not built yet (benches) has nothing to guard.
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source file");
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty() || folder != "src", "src holds no source");
    found
}

/// What a file is called inside `src`: `app/desk/mod.rs`.
fn name(path: &Path) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    path.strip_prefix(root)
        .unwrap_or(path)
        .to_string_lossy()
        .replace("src/", "")
}

/// The program's own code, without the tests at the end of a file.
fn without_tests(text: &str) -> &str {
    text.split("\n#[cfg(test)]").next().unwrap_or(text)
}

fn used_rooms(text: &str) -> Vec<&str> {
    text.match_indices("crate::")
        .map(|(at, found)| {
            let rest = &text[at + found.len()..];
            rest.split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap_or_default()
        })
        .collect()
}

#[test]
fn rooms_use_only_the_rooms_they_may() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let name = name(&path);
        let room = name.split('/').next().unwrap_or_default();
        let Some((_, allowed)) = ARROWS.iter().find(|(of, _)| *of == room) else {
            continue;
        };
        for used in used_rooms(without_tests(&text)) {
            if ARROWS.iter().any(|(of, _)| *of == used) && used != room && !allowed.contains(&used) {
                wrong.push(format!("src/{name} uses {used}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "arrows against the design:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn adapters_do_not_know_each_other() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let name = name(&path);
        for (room, adapters) in ADAPTERS {
            let Some(own) = name.strip_prefix(&format!("{room}/")) else {
                continue;
            };
            let own = own.trim_end_matches(".rs").split('/').next().unwrap_or_default();
            if !adapters.contains(&own) {
                continue;
            }
            for other in adapters.iter().filter(|other| **other != own) {
                if without_tests(&text).contains(&format!("crate::{room}::{other}")) {
                    wrong.push(format!("src/{name} knows {room}/{other}"));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "adapters know each other:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn the_domain_and_listening_are_pure() {
    let impure = [
        "std::fs",
        "std::net",
        "std::time::",
        "tokio",
        "tracing::",
        "Timestamp::now",
        "std::env",
        "async fn",
    ];
    let mut wrong = Vec::new();
    for folder in ["src/domain", "src/listening"] {
        for (path, text) in sources(folder) {
            for word in impure.iter().filter(|word| without_tests(&text).contains(**word)) {
                wrong.push(format!("src/{} has {word}", name(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "not pure:\n{}", wrong.join("\n"));
}

#[test]
fn only_the_shell_spawns() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let name = name(&path);
        let shell = name.starts_with("app/") || name.starts_with("cli/");
        if !shell
            && (without_tests(&text).contains("tokio::spawn(")
                || without_tests(&text).contains("thread::spawn("))
        {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "these spawn: {wrong:?}");
}

#[test]
fn files_are_short_and_open_with_what_they_are() {
    let mut wrong = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for (path, text) in sources(folder) {
            let lines = text.lines().count();
            if lines > LONGEST {
                wrong.push(format!(
                    "{} has {lines} lines; {LONGEST} is the most",
                    name(&path)
                ));
            }
            if !text.starts_with("//!") {
                wrong.push(format!("{} does not open with what it is", name(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_unfinished() {
    // Put together here, so that this file does not find itself.
    let marks = [
        ["to", "do!("].concat(),
        ["unimplemented", "!("].concat(),
        ["FIX", "ME"].concat(),
        ["dbg", "!("].concat(),
    ];
    let mut wrong = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for (path, text) in sources(folder) {
            for mark in marks.iter().filter(|mark| text.contains(mark.as_str())) {
                wrong.push(format!("{} has {mark}", name(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
