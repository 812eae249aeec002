//! Discord's limits for a list of commands. All of them at once, each with its place, so that nobody mends one and meets
//! the next. <https://docs.discord.com/developers/interactions/application-commands>

use std::collections::BTreeSet;

use serde_json::Value;

use super::SUB_COMMAND;

/// Discord's limits, all inclusive.
const COMMANDS: usize = 100;
const NAME: usize = 32;
const DESCRIPTION: usize = 100;
const OPTIONS: usize = 25;
const CHOICES: usize = 25;
const CHOICE: usize = 100;
const WHOLE: usize = 8000;

pub(super) fn problems(list: &[Value]) -> Vec<String> {
    let mut problems = Vec::new();
    if list.len() > COMMANDS {
        problems.push(format!("{} commands; Discord takes {COMMANDS}", list.len()));
    }
    unique(list, "commands", &mut problems);
    for command in list {
        let path = format!("/{}", text(command, "name"));
        words(command, &path, &mut problems);
        options(command, &path, &mut problems);
        let whole = weight(command);
        if whole > WHOLE {
            problems.push(format!(
                "{path}: {whole} characters of names, descriptions and choices; Discord takes {WHOLE}"
            ));
        }
    }
    problems
}

fn options(command: &Value, path: &str, problems: &mut Vec<String>) {
    let options = list(command, "options");
    if options.len() > OPTIONS {
        problems.push(format!(
            "{path}: {} options; Discord takes {OPTIONS}",
            options.len()
        ));
    }
    unique(options, path, problems);
    let required = |option: &Value| option["required"] == true;
    if options
        .windows(2)
        .any(|pair| matches!(pair, [first, second] if !required(first) && required(second)))
    {
        problems.push(format!("{path}: what is required must come before what is not"));
    }
    for option in options {
        let path = format!("{path} {}", text(option, "name"));
        words(option, &path, problems);
        options_of(option, &path, problems);
    }
}

/// A sub-command's own options, or an option's choices.
fn options_of(option: &Value, path: &str, problems: &mut Vec<String>) {
    if option["type"] == SUB_COMMAND {
        options(option, path, problems);
    }
    let choices = list(option, "choices");
    if choices.len() > CHOICES {
        problems.push(format!(
            "{path}: {} choices; Discord takes {CHOICES}",
            choices.len()
        ));
    }
    if !choices.is_empty() && option["autocomplete"] == true {
        problems.push(format!("{path}: choices or completion, not both"));
    }
    unique(choices, path, problems);
    for choice in choices {
        for key in ["name", "value"] {
            sized(
                text(choice, key),
                CHOICE,
                &format!("{path}: a choice’s {key}"),
                problems,
            );
        }
    }
}

fn words(named: &Value, path: &str, problems: &mut Vec<String>) {
    let name = text(named, "name");
    sized(name, NAME, &format!("{path}: the name"), problems);
    sized(
        text(named, "description"),
        DESCRIPTION,
        &format!("{path}: the description"),
        problems,
    );
    let fine = |letter: char| (letter.is_alphanumeric() && !letter.is_uppercase()) || "-_'".contains(letter);
    if !name.chars().all(fine) {
        problems.push(format!(
            "{path}: a name holds small letters, digits, - and _ only"
        ));
    }
}

fn sized(text: &str, most: usize, what: &str, problems: &mut Vec<String>) {
    let length = text.encode_utf16().count();
    if !(1..=most).contains(&length) {
        problems.push(format!(
            "{what} has {length} characters; Discord takes 1 to {most}"
        ));
    }
}

fn unique(named: &[Value], path: &str, problems: &mut Vec<String>) {
    let mut taken = BTreeSet::new();
    for name in named.iter().map(|one| text(one, "name")) {
        if !taken.insert(name) {
            problems.push(format!("{path}: “{name}” is there twice"));
        }
    }
}

/// All names, descriptions and choices of a command and of what is in it.
fn weight(named: &Value) -> usize {
    let own: usize = ["name", "description", "value"]
        .iter()
        .map(|key| text(named, key).encode_utf16().count())
        .sum();
    let inside = list(named, "options").iter().chain(list(named, "choices"));
    own + inside.map(weight).sum::<usize>()
}

pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::discord::commands::registered;
    use serde_json::json;

    #[test]
    fn what_discord_would_refuse_is_refused_here_with_its_place() {
        let told = |list: &[Value]| problems(list).join("\n");
        let option = |name: &str, required: bool| json!({ "type": 3, "name": name, "description": "x", "required": required });
        let command = |options: Vec<Value>| registered("claim", "Take a lead", options);
        assert_eq!(told(&[command(vec![option("lead", true)])]), "");
        for (list, part) in [
            (
                vec![registered("Claim", "x", vec![])],
                "/Claim: a name holds small letters",
            ),
            (
                vec![registered(&"a".repeat(33), "x", vec![])],
                "the name has 33 characters",
            ),
            (
                vec![registered("claim", &"x".repeat(101), vec![])],
                "the description has 101 characters",
            ),
            (
                vec![registered("claim", "", vec![])],
                "the description has 0 characters",
            ),
            (vec![command(vec![]), command(vec![])], "“claim” is there twice"),
            (
                vec![command(vec![option("a", false), option("b", true)])],
                "what is required must come before",
            ),
            (
                vec![command(
                    (0..26).map(|at| option(&format!("o{at}"), false)).collect(),
                )],
                "26 options",
            ),
            (
                vec![command(vec![
                    json!({ "type": 3, "name": "a", "description": "x", "autocomplete": true,
                    "choices": [{ "name": "n", "value": "v" }] }),
                ])],
                "choices or completion",
            ),
            (
                (0..101)
                    .map(|at| registered(&format!("c{at}"), "x", vec![]))
                    .collect(),
                "101 commands",
            ),
        ] {
            assert!(told(&list).contains(part), "{part}: {}", told(&list));
        }
        let long = json!({ "type": 1, "name": "sub", "description": "d".repeat(100), "options":
            (0..25).map(|at| json!({ "type": 3, "name": format!("o{at}"), "description": "d".repeat(100) })).collect::<Vec<_>>() });
        let subs = ["a", "b"].map(|name| {
            let mut sub = long.clone();
            sub["name"] = name.into();
            sub
        });
        assert_eq!(told(&[command(subs.to_vec())]), "");
        let three = ["a", "b", "c"].map(|name| {
            let mut sub = long.clone();
            sub["name"] = name.into();
            sub
        });
        assert!(told(&[command(three.to_vec())]).contains("characters of names"));
    }
}
