//! The names that commands can have on Slack: which Slack keeps for itself, and what an administrator should know of them.
//!
//! <https://docs.slack.dev/interactivity/implementing-slash-commands>

use crate::command::{Catalogue, Spelling};

/// Slack's own commands. It refuses a whole manifest for one of them, so they are never registered.
const KEPT_BY_SLACK: [&str; 39] = [
    "active",
    "apps",
    "archive",
    "away",
    "call",
    "canvas",
    "collapse",
    "commands",
    "dm",
    "dnd",
    "expand",
    "feed",
    "feedback",
    "help",
    "huddle",
    "invite",
    "join",
    "keys",
    "kick",
    "leave",
    "list",
    "me",
    "msg",
    "mute",
    "open",
    "part",
    "prefs",
    "pro",
    "remind",
    "remove",
    "rename",
    "search",
    "send",
    "shortcuts",
    "shrug",
    "star",
    "status",
    "topic",
    "who",
];

/// What an administrator should know of the commands' names on Slack, one line each.
pub fn command_notes(catalogue: &Catalogue, spelling: &Spelling) -> Vec<String> {
    let flat = |name: &str| spelling.flat(name).filter(|name| is_kept_by_slack(name));
    let commands = catalogue.commands().iter();
    let kept: Vec<_> = commands
        .filter_map(|command| Some((command, flat(&command.name)?)))
        .collect();
    let mut notes: Vec<String> = Vec::new();
    for (command, name) in &kept {
        let instead = match spelling.umbrella() {
            Some(umbrella) => format!("people type /{umbrella} {} there", command.name),
            None => "nobody can reach it there; write style = \"both\" or a prefix in [commands]".to_owned(),
        };
        notes.push(format!("Slack keeps /{name} for itself: {instead}"));
    }
    if spelling.umbrella().is_none() && spelling.prefix.is_empty() {
        notes.push(
            "of two Slack apps with a command of the same name the one installed last gets it; a prefix in [commands], \
             such as \"sb-\", avoids that"
                .to_owned(),
        );
    }
    notes
}

pub(super) fn is_kept_by_slack(name: &str) -> bool {
    KEPT_BY_SLACK.contains(&name)
}
