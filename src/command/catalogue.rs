//! The catalogue: every command with its options, as the files of `commands/` describe them. Slack's manifest, Discord's
//! registration, help, completion and the README's table are derived from it. Loading is in `definition`.

use std::fmt::Write as _;

use serde::Deserialize;

use super::bind::Binding;
use super::candidates::candidates;
use super::spelling::Spelling;
use super::text::same;
use super::{builtin, definition};
use crate::domain::company::{Company, Role};

/// Does a command change something, or only read?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Verb,
    Reading,
}

/// Who sees the answer: only the asker, or the channel in which they asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shows {
    Private,
    Channel,
}

/// What an option holds, and so how it is read, completed and drawn in a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptionKind {
    Lead,
    Member,
    Department,
    Outcome,
    /// One of the option's own `choices`.
    Choice,
    /// An http or https link.
    Link,
    /// The name of a command.
    Command,
    /// A lead, a department or a member.
    About,
    /// A moment ahead; takes the rest of the line.
    Time,
    /// Takes the rest of the line, word for word; one line in a form.
    Text,
    /// Takes the rest of the line, word for word; several lines in a form.
    LongText,
}

impl OptionKind {
    pub(super) fn takes_the_rest(self) -> bool {
        matches!(self, Self::Time | Self::Text | Self::LongText)
    }
}

/// One thing a command wants to know. A form's field has the same name and is read by the same code.
#[derive(Clone, Debug)]
pub struct CommandOption {
    pub name: String,
    pub label: String,
    pub kind: OptionKind,
    pub required: bool,
    /// A noun phrase, at most 100 characters: Discord's description, a field's hint.
    pub summary: String,
    /// Value and label of a `Choice`.
    pub choices: Vec<(String, String)>,
    /// The word that stands before the value on a line: `of L-97`.
    pub keyword: Option<String>,
    /// Asked only where another option has this value (option, value).
    pub only_with: Option<(String, String)>,
}

impl CommandOption {
    /// What can be chosen, value and label, where the kind has a list: outcomes, departments, members, choices.
    pub fn choices(&self, company: &Company) -> Vec<(String, String)> {
        match self.kind {
            OptionKind::Member | OptionKind::Department | OptionKind::Outcome | OptionKind::Choice => {
                candidates(self, company)
                    .into_iter()
                    .map(|one| (one.value, one.about))
                    .collect()
            }
            _ => Vec::new(),
        }
    }
}

/// One slash command.
#[derive(Clone, Debug)]
pub struct Command {
    pub name: String,
    pub aliases: Vec<String>,
    /// At most 100 characters.
    pub summary: String,
    pub help: String,
    /// Lines without the slash; `Spelling::show` puts it before them.
    pub examples: Vec<String>,
    pub kind: Kind,
    /// The least role, to show and to register; whether a person may is decided by `domain::decide`.
    pub role: Role,
    pub answer: Shows,
    /// A form opens when something required is missing, instead of a refusal.
    pub form: bool,
    pub options: Vec<CommandOption>,
    pub(super) binding: Binding,
}

impl Command {
    pub fn option(&self, name: &str) -> Option<&CommandOption> {
        self.options.iter().find(|option| option.name == name)
    }

    /// What may stand on a line: `<lead> [reason…]`. Options behind one that takes the rest exist in the form only.
    pub fn usage(&self) -> String {
        let mut usage = String::new();
        for option in self.line_options() {
            let more = if option.kind.takes_the_rest() { "…" } else { "" };
            let keyword = option
                .keyword
                .as_ref()
                .map(|word| format!("{word} "))
                .unwrap_or_default();
            let name = match option.kind {
                OptionKind::Choice => option
                    .choices
                    .iter()
                    .map(|(value, _)| value.as_str())
                    .collect::<Vec<_>>()
                    .join("|"),
                _ => option.name.replace('_', "-"),
            };
            let _ = match option.required && !(self.form && option.kind != OptionKind::Lead) {
                true => write!(usage, " <{keyword}{name}{more}>"),
                false => write!(usage, " [{keyword}{name}{more}]"),
            };
        }
        usage.trim_start().to_owned()
    }

    /// The options that a line can hold, in order.
    pub(super) fn line_options(&self) -> impl Iterator<Item = &CommandOption> {
        let rest = self
            .options
            .iter()
            .position(|option| option.kind.takes_the_rest());
        let last = rest.map_or(self.options.len(), |at| at + 1);
        self.options.iter().take(last)
    }

    /// Its examples as this company types them.
    pub fn examples(&self, spelling: &Spelling) -> impl Iterator<Item = String> {
        let shown = spelling.show(&self.name);
        self.examples
            .iter()
            .map(move |example| format!("{shown}{}", &example[self.name.len()..]))
    }

    pub(super) fn example(&self, spelling: &Spelling) -> String {
        self.examples(spelling)
            .next()
            .unwrap_or_else(|| spelling.show(&self.name))
    }
}

#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    commands: Vec<Command>,
}

impl Catalogue {
    /// Reads the files (name and text). Every problem at once, each with its file, line and key.
    pub fn load(files: &[(&str, &str)]) -> Result<Self, Vec<String>> {
        definition::read_all(files).map(|commands| Self { commands })
    }

    /// The catalogue that ships.
    pub fn builtin() -> &'static Self {
        &builtin::CATALOGUE
    }

    /// The problems of the catalogue that ships; for `check`, which finds none in a released program.
    pub fn builtin_problems() -> Vec<String> {
        Self::load(builtin::FILES).err().unwrap_or_default()
    }

    /// All commands, in the order of help.
    pub fn commands(&self) -> &[Command] {
        &self.commands
    }

    /// The command of this name or alias, however it is written.
    pub fn get(&self, name: &str) -> Option<&Command> {
        self.commands.iter().find(|command| {
            same(&command.name, name) || command.aliases.iter().any(|alias| same(alias, name))
        })
    }
}
