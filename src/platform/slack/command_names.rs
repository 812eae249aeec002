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

/// A sentence of ours as somebody in Slack can follow it: commands whose names Slack keeps for itself stand behind the
/// umbrella, which is always understood.
pub(super) fn reachable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('/') {
        let (before, slash) = rest.split_at(at);
        out.push_str(before);
        let after = &slash[1..];
        let ends = after
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .unwrap_or(after.len());
        let (name, tail) = after.split_at(ends);
        // A path or an address is no command.
        let alone = !out.ends_with(|c: char| c.is_alphanumeric() || c == '/') && !tail.starts_with('/');
        let kept = alone && is_kept_by_slack(name) && Catalogue::builtin().get(name).is_some();
        out.push_str(if kept { "/lead " } else { "/" });
        out.push_str(name);
        rest = tail;
    }
    out.push_str(rest);
    out
}

pub(super) fn is_kept_by_slack(name: &str) -> bool {
    KEPT_BY_SLACK.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_slack_keeps_for_itself_is_said_behind_the_umbrella() {
        for (said, shown) in [
            ("`/help` lists them all", "`/lead help` lists them all"),
            (
                "`/who L-1` says who does; `/queue` lists",
                "`/lead who L-1` says who does; `/queue` lists",
            ),
            ("/lead help reply", "/lead help reply"),
            (
                "https://x.example/help and a/who",
                "https://x.example/help and a/who",
            ),
            ("/help/more, 3/4", "/help/more, 3/4"),
            ("no command", "no command"),
            ("/", "/"),
        ] {
            assert_eq!(reachable(said), shown);
        }
    }
}
