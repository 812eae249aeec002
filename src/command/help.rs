//! What the catalogue says about itself: `/help`, and the table in the README.

use std::fmt::Write as _;

use super::Asker;
use super::catalogue::{Catalogue, Command, Kind};
use super::spelling::{Spelling, Style, UMBRELLA};
use crate::domain::company::Role;
use crate::domain::notice::{Notice, Row, Tone};
use crate::domain::refusal::Refusal;

impl Catalogue {
    /// The list of commands, or one of them in detail.
    pub fn help(&self, command: Option<&str>, asker: &Asker<'_>) -> Result<Notice, Refusal> {
        match command {
            None => Ok(self.list(asker)),
            Some(name) => match self.get(name) {
                Some(command) => Ok(detail(command, asker.spelling)),
                None => Err(Refusal::because(self.no_command(name, asker))),
            },
        }
    }

    fn list(&self, asker: &Asker<'_>) -> Notice {
        let spelling = asker.spelling;
        let detail = spelling.show("help reply");
        let mut notice = Notice::new(Tone::Plain, format!("What you can type; {detail} explains one."));
        notice.rows = self
            .commands()
            .iter()
            .map(|command| row(format!("{}: {}", usage(command, spelling), command.summary)))
            .collect();
        notice
    }

    /// The README's table, in Markdown.
    pub fn readme_table(&self) -> String {
        let spelling = Spelling::default();
        let mut table = String::from("| Command | What it does | Who |\n| --- | --- | --- |\n");
        for command in self.commands() {
            // Writing to a string cannot fail.
            let _ = writeln!(
                table,
                "| `{}` | {} | {} |",
                usage(command, &spelling).replace('|', "\\|"),
                command.summary.replace('|', "\\|"),
                who(command)
            );
        }
        table
    }
}

fn usage(command: &Command, spelling: &Spelling) -> String {
    format!("{} {}", spelling.show(&command.name), command.usage())
        .trim_end()
        .to_owned()
}

fn who(command: &Command) -> &'static str {
    match (command.role, command.kind) {
        (Role::Viewer, Kind::Reading) => "everybody",
        (Role::Viewer, Kind::Verb) => "viewers and above",
        (Role::Agent, _) => "agents and above",
        (Role::Lead, _) => "leads and above",
        (Role::Admin, _) => "administrators",
    }
}

fn detail(command: &Command, spelling: &Spelling) -> Notice {
    let mut text = format!(
        "{}\n{}.\n{}\nFor {}.",
        usage(command, spelling),
        command.summary,
        command.help,
        who(command)
    );
    let mut also: Vec<String> = command.aliases.iter().map(|alias| spelling.show(alias)).collect();
    if spelling.style == Style::Both {
        also.push(format!("/{UMBRELLA} {}", command.name));
    }
    if !also.is_empty() {
        let _ = write!(text, " Also: {}.", also.join(", "));
    }
    let mut notice = Notice::new(Tone::Plain, text);
    notice.rows = command
        .options
        .iter()
        .map(|option| {
            let optional = if option.required { "" } else { " (optional)" };
            row(format!(
                "{}{optional}: {}",
                option.name.replace('_', "-"),
                option.summary
            ))
        })
        .chain(
            command
                .examples(spelling)
                .map(|example| row(format!("For example: {example}"))),
        )
        .collect();
    notice
}

fn row(text: String) -> Row {
    Row {
        lead: None,
        text,
        said: None,
        at: None,
    }
}
