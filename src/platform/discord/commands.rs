//! What is registered with Discord: every command of the catalogue with typed options, behind `/lead`, by a name of its
//! own, or both, as the settings spell them. Discord's limits are checked here, before Discord would refuse the whole list.
//!
//! Everybody may see and type every command: whether somebody may do a thing is decided at the desk, and says why.
//! <https://docs.discord.com/developers/interactions/application-commands>

mod limits;

use serde_json::{Value, json};

use crate::command::{Catalogue, Command, CommandOption, OptionKind, Spelling};
use crate::domain::company::Company;

const CHAT_INPUT: u8 = 1;
const SUB_COMMAND: u8 = 1;
const STRING: u8 = 3;

/// The list for a bulk overwrite, or everything that Discord would refuse about it.
pub fn commands(catalogue: &Catalogue, spelling: &Spelling) -> Result<Vec<Value>, Vec<String>> {
    let mut list: Vec<Value> = catalogue
        .commands()
        .iter()
        .filter_map(|command| {
            let name = spelling.flat(&command.name)?;
            let options = command.options.iter().map(|option| typed(command, option));
            Some(registered(&name, &command.summary, options.collect()))
        })
        .collect();
    if let Some(umbrella) = spelling.umbrella() {
        let under = catalogue.commands().iter().map(|command| {
            let options = command.options.iter().map(|option| typed(command, option));
            json!({
                "type": SUB_COMMAND,
                "name": command.name,
                "description": command.summary,
                "options": options.collect::<Vec<_>>(),
            })
        });
        list.insert(
            0,
            registered(umbrella, "Every command, behind one name", under.collect()),
        );
    }
    match limits::problems(&list) {
        none if none.is_empty() => Ok(list),
        some => Err(some),
    }
}

fn registered(name: &str, description: &str, options: Vec<Value>) -> Value {
    json!({
        "type": CHAT_INPUT,
        "name": name,
        "description": description,
        "options": options,
        "contexts": [0],
        "integration_types": [0],
        "default_member_permissions": null,
    })
}

/// One option. What a form could still ask for is not required here: without it the form opens.
fn typed(command: &Command, option: &CommandOption) -> Value {
    let required = option.required && !(command.form && option.kind != OptionKind::Lead);
    let mut typed = json!({
        "type": STRING,
        "name": option.name,
        "description": option.summary,
        "required": required,
        "max_length": longest(option.kind),
    });
    // A list that no company changes is shown whole; everything else is completed while it is typed.
    let choices = option.choices(&Company::default());
    match option.kind {
        OptionKind::Outcome | OptionKind::Choice => {
            let choices = choices
                .into_iter()
                .map(|(value, label)| json!({ "name": label, "value": value }));
            typed["choices"] = choices.collect();
            if let Some(typed) = typed.as_object_mut() {
                typed.remove("max_length");
            }
        }
        OptionKind::Lead
        | OptionKind::Member
        | OptionKind::Department
        | OptionKind::Command
        | OptionKind::About
        | OptionKind::Time => typed["autocomplete"] = true.into(),
        OptionKind::Link | OptionKind::Text | OptionKind::LongText => {}
    }
    if required {
        typed["min_length"] = 1.into();
    }
    typed
}

/// Generous for what people type, and never more than a modal would take.
fn longest(kind: OptionKind) -> u32 {
    match kind {
        OptionKind::Lead => 24,
        OptionKind::Command => 40,
        OptionKind::Member | OptionKind::Department | OptionKind::About | OptionKind::Time => 100,
        OptionKind::Outcome | OptionKind::Choice => 100,
        OptionKind::Link => 2000,
        OptionKind::Text | OptionKind::LongText => 4000,
    }
}

#[cfg(test)]
mod tests {
    use super::limits::text;
    use super::*;
    use crate::command::Style;

    fn spelling(style: Style, prefix: &str) -> Spelling {
        let prefix = prefix.to_owned();
        Spelling { style, prefix }
    }

    #[test]
    fn every_spelling_registers_what_it_shows() {
        let names = |style, prefix: &str| -> Vec<String> {
            let list = commands(Catalogue::builtin(), &spelling(style, prefix)).unwrap();
            list.iter()
                .map(|command| text(command, "name").to_owned())
                .collect()
        };
        let all = Catalogue::builtin().commands().len();
        assert_eq!(names(Style::Umbrella, "sb-"), ["lead"]);
        assert_eq!(names(Style::Flat, "sb-").len(), all);
        assert_eq!(names(Style::Flat, "sb-")[0], "sb-claim");
        assert_eq!(names(Style::Both, "")[..2], ["lead", "claim"]);
        assert_eq!(names(Style::Both, "").len(), all + 1);
    }

    #[test]
    fn a_lead_is_completed_an_outcome_chosen_and_a_text_left_to_the_form() {
        let list = commands(Catalogue::builtin(), &spelling(Style::Flat, "")).unwrap();
        let resolve = list.iter().find(|command| command["name"] == "resolve").unwrap();
        assert_eq!(
            resolve["options"][0],
            json!({
                "type": 3, "name": "lead", "description": "The lead to close", "required": true,
                "autocomplete": true, "min_length": 1, "max_length": 24,
            })
        );
        assert_eq!(resolve["options"][1]["required"], false);
        assert_eq!(
            resolve["options"][1]["choices"][3],
            json!({ "name": "not a lead", "value": "not_a_lead" })
        );
    }
}
