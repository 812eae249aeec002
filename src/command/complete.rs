//! Completion: the whole lines that a half-typed one could become, and what each would do. Walks the same options as the
//! parser, so what is offered is what will be understood.

use jiff::tz::TimeZone;

use super::candidates::candidates;
use super::catalogue::{Catalogue, Command, CommandOption, OptionKind};
use super::parse::{is_asked, take};
use super::spelling::{Style, UMBRELLA};
use super::text::{folded, next_word, same, skip_spaces, without_sigil};
use super::{Asker, when};
use crate::domain::ids::LeadId;

/// Times that people choose most.
const TIMES: [&str; 6] = ["30m", "2h", "4h", "tomorrow 9:00", "monday 9:00", "1w"];

impl Catalogue {
    /// `leads` are the ones worth offering to the asker, each with a few words about it; the caller knows which.
    pub fn complete(
        &self,
        line: &str,
        asker: &Asker<'_>,
        leads: &[(LeadId, String)],
    ) -> Vec<(String, String)> {
        let typed = skip_spaces(line);
        let bare = skip_spaces(typed.strip_prefix('/').unwrap_or(typed));
        let (first, behind) = next_word(bare);
        if behind.is_empty() {
            return self.names(first, asker);
        }
        if same(first, UMBRELLA) {
            let (name, behind) = next_word(behind);
            if behind.is_empty() {
                let under = |command: &Command| format!("/{UMBRELLA} {}", command.name);
                return self
                    .offered(name, asker)
                    .map(|command| line_of(command, under(command)))
                    .collect();
            }
        }
        match self.split(typed, asker) {
            Ok(Some((command, rest))) => self.options(command, typed, rest, asker, leads),
            _ => Vec::new(),
        }
    }

    /// The commands whose name or alias begins like this, and that the asker's role could use.
    fn offered(&self, typed: &str, asker: &Asker<'_>) -> impl Iterator<Item = &Command> {
        let (typed, role) = (folded(typed), asker.role());
        self.commands().iter().filter(move |command| {
            command.role <= role
                && std::iter::once(&command.name)
                    .chain(&command.aliases)
                    .any(|name| folded(name).starts_with(&typed))
        })
    }

    fn names(&self, typed: &str, asker: &Asker<'_>) -> Vec<(String, String)> {
        let prefix = folded(&asker.spelling.prefix);
        let folded_typed = folded(typed);
        let bare = folded_typed
            .strip_prefix(&prefix)
            .map_or(folded_typed.as_str(), str::trim_start);
        // Half of the prefix offers everything that begins with it.
        let bare = if prefix.starts_with(&folded_typed) {
            ""
        } else {
            bare
        };
        let mut lines: Vec<(String, String)> = self
            .offered(bare, asker)
            .map(|command| line_of(command, asker.spelling.show(&command.name)))
            .collect();
        if asker.spelling.style != Style::Flat && UMBRELLA.starts_with(&folded_typed) {
            if asker.spelling.style == Style::Umbrella && !folded_typed.is_empty() {
                lines = Vec::new();
            }
            lines.push((
                format!("/{UMBRELLA} "),
                "Every command, behind one name".to_owned(),
            ));
        }
        lines
    }

    fn options(
        &self,
        command: &Command,
        typed: &str,
        rest: &str,
        asker: &Asker<'_>,
        leads: &[(LeadId, String)],
    ) -> Vec<(String, String)> {
        let mut given: Vec<(String, String)> = Vec::new();
        let mut rest = rest;
        for option in command.line_options() {
            if !is_asked(option, &given) {
                continue;
            }
            let half = skip_spaces(rest);
            let kept = &typed[..typed.len() - half.len()];
            if half.is_empty() && !kept.ends_with(char::is_whitespace) {
                // The word before is still being typed.
                return Vec::new();
            }
            let known = self.known_for(option, asker, leads);
            let fits = known
                .into_iter()
                .filter(|(_, spellings, _)| begins_any(spellings, half));
            let mut lines: Vec<(String, String)> = fits
                .map(|(shown, _, about)| (format!("{kept}{shown}"), about))
                .collect();
            if !lines.is_empty() {
                if follows(command, option) {
                    lines.iter_mut().for_each(|(line, _)| line.push(' '));
                }
                return lines;
            }
            // What stands here is complete, or it is wrong and nothing behind it could mend it.
            let Some((text, after)) = take(option, rest, asker) else {
                continue;
            };
            if self.value(option, &text, asker).is_err() {
                return Vec::new();
            }
            given.push((option.name.clone(), text));
            rest = after;
        }
        Vec::new()
    }

    /// What can stand for an option: as written, every spelling, and a few words about it.
    fn known_for(
        &self,
        option: &CommandOption,
        asker: &Asker<'_>,
        leads: &[(LeadId, String)],
    ) -> Vec<(String, Vec<String>, String)> {
        let keyword = option
            .keyword
            .as_ref()
            .map(|word| format!("{word} "))
            .unwrap_or_default();
        let mut known = Vec::new();
        if matches!(option.kind, OptionKind::Lead | OptionKind::About) {
            for (lead, about) in leads {
                let spellings = vec![lead.to_string(), format!("l{}", lead.0), lead.0.to_string()];
                known.push((lead.to_string(), spellings, about.clone()));
            }
        }
        if option.kind == OptionKind::Command {
            for command in self.commands() {
                let spellings = std::iter::once(&command.name)
                    .chain(&command.aliases)
                    .cloned()
                    .collect();
                known.push((command.name.clone(), spellings, command.summary.clone()));
            }
        }
        if option.kind == OptionKind::Time {
            let zone: TimeZone = asker.zone();
            for time in TIMES {
                if let Ok(moment) = when::read(time, asker.now, &zone) {
                    let about = when::say(&moment.to_zoned(zone.clone()));
                    known.push((time.to_owned(), vec![time.to_owned()], about));
                }
            }
        }
        for one in candidates(option, asker.company) {
            known.push((one.shown, one.spellings, one.about));
        }
        for (shown, spellings, _) in &mut known {
            if !keyword.is_empty() {
                shown.insert_str(0, &keyword);
                spellings
                    .iter_mut()
                    .for_each(|spelling| spelling.insert_str(0, &keyword));
            }
        }
        known
    }
}

/// Does any spelling go on from what is typed? A blank behind a word closes it, unless the spelling has one there too.
fn begins_any(spellings: &[String], half: &str) -> bool {
    let mut typed = folded(without_sigil(half));
    if !typed.is_empty() && half.ends_with(char::is_whitespace) {
        typed.push(' ');
    }
    spellings
        .iter()
        .any(|spelling| folded(spelling).starts_with(&typed))
}

/// Can a line go on behind this option?
fn follows(command: &Command, option: &CommandOption) -> bool {
    command
        .line_options()
        .last()
        .is_some_and(|last| last.name != option.name)
}

fn line_of(command: &Command, shown: String) -> (String, String) {
    let more = if command.options.is_empty() { "" } else { " " };
    (format!("{shown}{more}"), command.summary.clone())
}
