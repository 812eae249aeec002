//! What Discord refuses in a bulk overwrite of commands.
//!
//! <https://docs.discord.com/developers/interactions/application-commands>

use std::collections::BTreeSet;

use serde_json::Value;

use super::Answer;
use super::limits::{Wrong, under};

pub fn of_commands(body: &Value) -> Option<Answer> {
    let mut wrong = Wrong::default();
    let Some(commands) = body.as_array() else {
        return Some(Wrong::one("commands", "LIST_TYPE_CONVERT").answer());
    };
    let kind = |command: &Value| command["type"].as_u64().unwrap_or(1);
    let typed = |wanted| commands.iter().filter(|command| kind(command) == wanted).count();
    if typed(1) > 100 || typed(2) > 15 || typed(3) > 15 {
        return Some(Answer::refused(
            400,
            30032,
            "Maximum number of application commands reached",
        ));
    }
    let mut names = BTreeSet::new();
    for (command, at) in commands.iter().zip(0..) {
        let path = vec![at.to_string()];
        if !names.insert((kind(command), command["name"].to_string())) {
            wrong.add(&under(&path, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME");
        }
        if kind(command) == 1 {
            check_name(&mut wrong, &path, command);
            wrong.text(&path, command, "description", 1, 100);
            check_options(&mut wrong, &path, command, 0);
        } else {
            wrong.text(&path, command, "name", 1, 32);
            if command["description"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
            {
                wrong.add(&under(&path, "description"), "BASE_TYPE_MAX_LENGTH");
            }
        }
        if length(command) > 8000 {
            wrong.add(&path, "APPLICATION_COMMAND_TOO_LARGE");
        }
    }
    wrong.or_none()
}

fn check_name(wrong: &mut Wrong, path: &[String], holder: &Value) {
    wrong.text(path, holder, "name", 1, 32);
    let name = holder["name"].as_str().unwrap_or_default();
    let fits = |c: char| c == '-' || c == '_' || c == '\'' || c.is_alphanumeric();
    if !name.chars().all(fits) || name != name.to_lowercase() {
        wrong.add(&under(path, "name"), "APPLICATION_COMMAND_INVALID_NAME");
    }
}

fn check_options(wrong: &mut Wrong, path: &[String], holder: &Value, depth: u32) {
    let options = wrong.list(path, holder, "options", 25);
    let (mut optional_seen, mut names) = (false, BTreeSet::new());
    let nests = |option: &Value| matches!(option["type"].as_u64(), Some(1 | 2));
    let nested = options.iter().filter(|(_, option)| nests(option)).count();
    if nested != 0 && nested != options.len() {
        wrong.add(
            &under(path, "options"),
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
        );
    }
    for (path, option) in options {
        check_name(wrong, &path, &option);
        wrong.text(&path, &option, "description", 1, 100);
        if !names.insert(option["name"].to_string()) {
            wrong.add(
                &under(&path, "name"),
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
            );
        }
        match option["type"].as_u64() {
            Some(1 | 2) if depth < 2 => check_options(wrong, &path, &option, depth + 1),
            Some(3..=11) => {}
            _ => wrong.add(&under(&path, "type"), "BASE_TYPE_CHOICES"),
        }
        let required = option["required"] == true;
        if required && optional_seen {
            wrong.add(&path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID");
        }
        optional_seen |= !required && !nests(&option);
        let choices = wrong.list(&path, &option, "choices", 25);
        if option["autocomplete"] == true && !choices.is_empty() {
            wrong.add(
                &under(&path, "choices"),
                "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES",
            );
        }
        for (path, choice) in choices {
            wrong.text(&path, &choice, "name", 1, 100);
            if option["type"] == 3 {
                wrong.text(&path, &choice, "value", 1, 100);
            }
        }
        let between = |field: &str, least: u64, most: u64| {
            option[field]
                .as_u64()
                .is_none_or(|length| (least..=most).contains(&length))
        };
        if !between("min_length", 0, 6000) || !between("max_length", 1, 6000) {
            wrong.add(&under(&path, "max_length"), "NUMBER_TYPE_MAX");
        }
    }
}

/// Names, descriptions and values of one command together.
fn length(value: &Value) -> usize {
    match value {
        Value::Array(list) => list.iter().map(length).sum(),
        Value::Object(fields) => {
            let counted = |name: &str| matches!(name, "name" | "description" | "value");
            let texts = fields
                .iter()
                .filter(|(name, _)| counted(name))
                .filter_map(|(_, text)| text.as_str());
            let own: usize = texts.map(|text| text.chars().count()).sum();
            let lists = fields
                .iter()
                .filter(|(name, _)| matches!(name.as_str(), "options" | "choices"));
            own + lists.map(|(_, list)| length(list)).sum::<usize>()
        }
        _ => 0,
    }
}
