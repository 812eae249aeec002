//! Completions for an option that somebody is typing: leads with their first words, departments, colleagues, outcomes,
//! times, commands. Only reads, and only from the store: an answer must be there within the blink of an eye.
//! <https://docs.discord.com/developers/interactions/application-commands#autocomplete>

use serde_json::{Value, json};

use super::interaction::Given;
use crate::command::{Catalogue, CommandOption, OptionKind};
use crate::domain::ids::{LeadId, MemberId};
use crate::platform::discord::render::text;
use crate::port::front_desk::FrontDesk;

/// Discord shows no more.
const MOST: usize = 25;
/// The longest label, and the longest value, in UTF-16 units.
const LONGEST: usize = 100;

/// The choices for the option at the cursor; none where there is nothing to offer.
pub(super) fn choices(front: &dyn FrontDesk, who: &MemberId, command: &str, given: &[Given]) -> Vec<Value> {
    let Some(focused) = given.iter().find(|option| option.focused) else {
        return Vec::new();
    };
    let catalogue = Catalogue::builtin();
    let command = catalogue.get(command).or_else(|| {
        // A prefix of the settings, `sb-claim`, is only a spelling.
        let mut commands = catalogue.commands().iter();
        commands.find(|known| command.ends_with(&known.name))
    });
    let Some(option) = command.and_then(|command| command.option(&focused.name)) else {
        return Vec::new();
    };
    offered(front, who, option)
        .into_iter()
        .filter(|(value, about)| fits(&focused.text, value, about))
        .filter(|(value, _)| value.encode_utf16().count() <= LONGEST)
        .take(MOST)
        .map(|(value, about)| json!({ "name": label(&value, &about), "value": value }))
        .collect()
}

/// Value and words for everything that the option could hold.
fn offered(front: &dyn FrontDesk, who: &MemberId, option: &CommandOption) -> Vec<(String, String)> {
    match option.kind {
        OptionKind::Lead => leads(front, who),
        OptionKind::About => {
            let company = front.company();
            let departments = company
                .departments
                .values()
                .map(|department| (department.id.to_string(), department.name.clone()));
            let members = company
                .members
                .values()
                .map(|member| (member.id.to_string(), member.name.clone()));
            leads(front, who)
                .into_iter()
                .chain(departments)
                .chain(members)
                .collect()
        }
        OptionKind::Time => last_words(front.complete(who, "/lead snooze L-1 "), "/lead snooze L-1 "),
        OptionKind::Command => Catalogue::builtin()
            .commands()
            .iter()
            .map(|command| (command.name.clone(), command.summary.clone()))
            .collect(),
        _ => option.choices(&front.company()),
    }
}

/// The leads that a person is likely to mean, as the front desk offers them behind a command that takes one.
fn leads(front: &dyn FrontDesk, who: &MemberId) -> Vec<(String, String)> {
    last_words(front.complete(who, "/lead show "), "/lead show ")
}

fn last_words(lines: Vec<(String, String)>, before: &str) -> Vec<(String, String)> {
    lines
        .into_iter()
        .filter_map(|(line, about)| Some((line.strip_prefix(before)?.trim().to_owned(), about)))
        .collect()
}

/// Does any word of it begin as typed, or its value go on from there? People look for a lead by what was said.
fn fits(typed: &str, value: &str, about: &str) -> bool {
    let typed = typed.trim().trim_start_matches(['@', '#', '/']).to_lowercase();
    let bare = value.to_lowercase();
    typed.is_empty()
        || bare.starts_with(&typed)
        || bare.trim_start_matches("l-").starts_with(&typed)
        || about.to_lowercase().contains(&typed)
}

fn label(value: &str, about: &str) -> String {
    let about: String = about
        .split_whitespace()
        .map(|word| {
            word.chars()
                .filter(|letter| !letter.is_control())
                .collect::<String>()
        })
        .collect::<Vec<_>>()
        .join(" ");
    let whole = match about.is_empty() || about.eq_ignore_ascii_case(value) {
        true => value.to_owned(),
        false if value.parse::<LeadId>().is_ok() => format!("{value} · {about}"),
        false => about,
    };
    text::plain(&whole, LONGEST)
}
