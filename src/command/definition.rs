//! Reads one command from its TOML file. Every mistake is told with file, line and key, so that whoever writes a command
//! need not guess. The limits are those of the platforms: Discord takes 32 characters for a name and 100 for a description
//! (<https://docs.discord.com/developers/interactions/application-commands>).

use serde::Deserialize;
use toml::Spanned;

use super::bind::{self, Binding};
use super::catalogue::{Command, CommandOption, Kind, OptionKind, Shows};
use super::spelling::UMBRELLA;
use super::text::same;
use crate::domain::company::Role;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: Spanned<String>,
    #[serde(default)]
    aliases: Vec<Spanned<String>>,
    summary: Spanned<String>,
    help: String,
    examples: Spanned<Vec<Spanned<String>>>,
    kind: Spanned<Kind>,
    role: Role,
    answer: Shows,
    #[serde(default)]
    form: bool,
    #[serde(default)]
    options: Vec<WrittenOption>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenOption {
    name: Spanned<String>,
    label: Option<String>,
    kind: Spanned<OptionKind>,
    required: Spanned<bool>,
    summary: Spanned<String>,
    #[serde(default)]
    choices: Vec<WrittenChoice>,
    keyword: Option<String>,
    with: Option<Spanned<WrittenWith>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenChoice {
    value: String,
    label: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenWith {
    option: String,
    value: String,
}

/// Mistakes of one file, each with its line.
struct Mistakes<'a> {
    file: &'a str,
    text: &'a str,
    found: Vec<String>,
}

impl Mistakes<'_> {
    fn at(&mut self, offset: usize, what: impl std::fmt::Display) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        self.found.push(format!("commands/{}:{line}: {what}", self.file));
    }

    fn unless<T>(&mut self, fine: bool, place: &Spanned<T>, what: impl std::fmt::Display) {
        if !fine {
            self.at(place.span().start, what);
        }
    }
}

pub(super) fn read_all(files: &[(&str, &str)]) -> Result<Vec<Command>, Vec<String>> {
    let mut commands: Vec<Command> = Vec::new();
    let mut problems = Vec::new();
    for (file, text) in files {
        let mut mistakes = Mistakes {
            file,
            text,
            found: Vec::new(),
        };
        if let Some((written, command)) = read(&mut mistakes) {
            for word in std::iter::once(&written.name).chain(&written.aliases) {
                let other = commands.iter().find(|other| {
                    std::iter::once(&other.name)
                        .chain(&other.aliases)
                        .any(|taken| same(taken, word.get_ref()))
                });
                if let Some(other) = other {
                    let key = if std::ptr::eq(word, &written.name) {
                        "name"
                    } else {
                        "aliases"
                    };
                    let taken = format!(
                        "{key}: “{}” is taken by commands/{}.toml",
                        word.get_ref(),
                        other.name
                    );
                    mistakes.at(word.span().start, taken);
                }
            }
            commands.push(command);
        }
        problems.append(&mut mistakes.found);
    }
    if problems.is_empty() {
        Ok(commands)
    } else {
        Err(problems)
    }
}

fn read(mistakes: &mut Mistakes<'_>) -> Option<(Written, Command)> {
    let mut written: Written = match toml::from_str(mistakes.text) {
        Ok(written) => written,
        Err(error) => {
            mistakes.at(error.span().map_or(0, |span| span.start), error.message());
            return None;
        }
    };
    check_words(&written, mistakes);
    check_options(&written, mistakes);
    let binding = check_binding(&written, mistakes)?;
    let options = std::mem::take(&mut written.options)
        .into_iter()
        .map(option)
        .collect();
    let command = Command {
        name: written.name.get_ref().clone(),
        aliases: written
            .aliases
            .iter()
            .map(|alias| alias.get_ref().clone())
            .collect(),
        summary: written.summary.get_ref().clone(),
        help: written.help.trim().replace('\n', " "),
        examples: written
            .examples
            .get_ref()
            .iter()
            .map(|example| example.get_ref().clone())
            .collect(),
        kind: *written.kind.get_ref(),
        role: written.role,
        answer: written.answer,
        form: written.form,
        options,
        binding,
    };
    Some((written, command))
}

fn option(written: WrittenOption) -> CommandOption {
    let name = written.name.into_inner();
    let words = name.replace('_', " ");
    let label = written.label.unwrap_or_else(|| {
        let mut letters = words.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    });
    CommandOption {
        name,
        label,
        kind: *written.kind.get_ref(),
        required: *written.required.get_ref(),
        summary: written.summary.into_inner(),
        choices: written
            .choices
            .into_iter()
            .map(|choice| (choice.value, choice.label))
            .collect(),
        keyword: written.keyword,
        only_with: written
            .with
            .map(Spanned::into_inner)
            .map(|with| (with.option, with.value)),
    }
}

fn check_words(written: &Written, mistakes: &mut Mistakes<'_>) {
    let name = written.name.get_ref();
    let stem = mistakes.file.trim_end_matches(".toml");
    mistakes.unless(
        name == stem,
        &written.name,
        format!("name: “{name}” is not the file's name, “{stem}”"),
    );
    for word in std::iter::once(&written.name).chain(&written.aliases) {
        let text = word.get_ref();
        let fine = is_name(text, '-') && text.len() <= 32 && text != UMBRELLA;
        let what = format!("name: “{text}” must be small letters and -, at most 32, and not “{UMBRELLA}”");
        mistakes.unless(fine, word, what);
    }
    let summary = &written.summary;
    mistakes.unless(fits(summary), summary, "summary: must be 1 to 100 characters");
    let examples = &written.examples;
    mistakes.unless(
        !examples.get_ref().is_empty(),
        examples,
        "examples: give at least one",
    );
    for example in examples.get_ref() {
        let rest = example.get_ref().strip_prefix(name.as_str());
        let fine = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        mistakes.unless(
            fine,
            example,
            format!("examples: must begin with “{name}”, without a slash"),
        );
    }
}

fn check_options(written: &Written, mistakes: &mut Mistakes<'_>) {
    let mut earlier: Vec<&WrittenOption> = Vec::new();
    for option in &written.options {
        let name = option.name.get_ref();
        let is_new = !earlier.iter().any(|other| other.name.get_ref() == name);
        mistakes.unless(
            is_name(name, '_') && name.len() <= 32,
            &option.name,
            format!("options.name: “{name}” must be small letters and _, at most 32"),
        );
        mistakes.unless(
            is_new,
            &option.name,
            format!("options.name: “{name}” is there twice"),
        );
        mistakes.unless(
            fits(&option.summary),
            &option.summary,
            "options.summary: must be 1 to 100 characters",
        );
        let in_order = !*option.required.get_ref() || earlier.iter().all(|other| *other.required.get_ref());
        mistakes.unless(
            in_order,
            &option.required,
            "options.required: what is required comes before what is not",
        );
        let has_choices = !option.choices.is_empty();
        let is_choice = *option.kind.get_ref() == OptionKind::Choice;
        mistakes.unless(
            has_choices == is_choice,
            &option.kind,
            "options.choices: needed for the kind “choice”, and for no other",
        );
        if let Some(with) = &option.with {
            let known = earlier
                .iter()
                .any(|other| *other.name.get_ref() == with.get_ref().option);
            mistakes.unless(
                known,
                with,
                format!(
                    "options.with: no option “{}” stands before it",
                    with.get_ref().option
                ),
            );
        }
        earlier.push(option);
    }
    if *written.kind.get_ref() == Kind::Verb {
        let about_lead = written.options.first().is_some_and(|first| {
            first.name.get_ref() == "lead"
                && *first.kind.get_ref() == OptionKind::Lead
                && *first.required.get_ref()
        });
        mistakes.unless(
            about_lead,
            &written.kind,
            "kind: the first option of a verb is “lead”, of the kind “lead”, required",
        );
    }
}

fn check_binding(written: &Written, mistakes: &mut Mistakes<'_>) -> Option<Binding> {
    let name = written.name.get_ref();
    let binding = bind::binding(name);
    mistakes.unless(
        binding.is_some(),
        &written.name,
        format!("name: nothing is bound to “{name}”; add an arm in src/command/bind.rs"),
    );
    let (kind, word) = match binding? {
        Binding::Verb(_) => (Kind::Verb, "verb"),
        Binding::Reading(_) => (Kind::Reading, "reading"),
    };
    mistakes.unless(
        kind == *written.kind.get_ref(),
        &written.kind,
        format!("kind: “{name}” is bound to a {word}, see src/command/bind.rs"),
    );
    binding
}

fn is_name(text: &str, joint: char) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joint)
}

fn fits(text: &Spanned<String>) -> bool {
    (1..=100).contains(&text.get_ref().chars().count())
}
