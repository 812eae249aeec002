//! From a typed line, a click or a submitted form to a request. All three become pairs of option and text; only how the
//! pairs are found differs. Refusals say what was wrong, what was expected, and show an example.

use super::bind::Binding;
use super::candidates::candidates;
use super::catalogue::{Catalogue, Command, CommandOption, OptionKind};
use super::spelling::UMBRELLA;
use super::text::{begins_with, echo, next_word, same, skip_spaces, tidy, trim};
use super::value::Complaint;
use super::{Asker, Reading, Request};
use crate::domain::event::Verb;
use crate::domain::ids::LeadId;
use crate::domain::refusal::Refusal;

impl Catalogue {
    /// Understands one typed line, in either spelling, with or without the slash.
    pub fn parse(&self, line: &str, asker: &Asker<'_>) -> Result<Request, Refusal> {
        let Some((command, rest)) = self.split(line, asker)? else {
            return Ok(Request::Read(Reading::Help { command: None }));
        };
        let (given, left) = take_options(command, rest, asker);
        let left = trim(left);
        if !left.is_empty() {
            let shown = asker.spelling.show(&command.name);
            let usage = command.usage();
            let takes = if usage.is_empty() {
                "nothing more".to_owned()
            } else {
                format!("only {usage}")
            };
            let text = format!("{} is too much: {shown} takes {takes}", echo(left));
            return Err(Refusal::because(with_example(text, command, asker)));
        }
        // A keyword with nothing behind it, or an empty pair of quotes.
        let blank = given.iter().find(|(_, text)| trim(text).is_empty());
        let request = match blank {
            Some((option, _)) => Err(Complaint::missing(option)),
            None => self.request(command, given, asker),
        };
        request.map_err(|complaint| of_line(command, complaint, asker))
    }

    /// Understands a command whose options the platform has told apart; in any order, and more than a line can hold.
    pub fn told_apart(
        &self,
        command: &str,
        given: Vec<(String, String)>,
        asker: &Asker<'_>,
    ) -> Result<Request, Refusal> {
        let command = self
            .spelled(command, asker)
            .ok_or_else(|| Refusal::because(self.no_command(command, asker)))?;
        if let Some((name, _)) = given.iter().find(|(name, _)| command.option(name).is_none()) {
            let shown = asker.spelling.show(&command.name);
            return Err(Refusal::because(format!("{shown} has no option {}", echo(name))));
        }
        self.request(command, given, asker)
            .map_err(|complaint| of_line(command, complaint, asker))
    }

    /// Understands a click on a card's button: acts at once, or opens the command's form where something is missing.
    pub fn click(&self, command: &str, lead: LeadId, asker: &Asker<'_>) -> Result<Request, Refusal> {
        let command = self.known(command, asker)?;
        let given = vec![("lead".to_owned(), lead.to_string())];
        self.request(command, given, asker)
            .map_err(|complaint| of_field(command, complaint))
    }

    /// Understands a submitted form. `seen` is the lead's number of entries when it was opened. A refusal names the field.
    pub fn fill_in(
        &self,
        command: &str,
        lead: LeadId,
        fields: &[(String, String)],
        seen: u32,
        asker: &Asker<'_>,
    ) -> Result<Verb, Refusal> {
        let command = self.known(command, asker)?;
        if let Some((name, _)) = fields.iter().find(|(name, _)| command.option(name).is_none()) {
            return Err(Refusal::because(format!(
                "The form of {} has no field {}",
                command.name,
                echo(name)
            )));
        }
        let Binding::Verb(bind) = command.binding else {
            return Err(Refusal::because(format!(
                "{} only reads; it has no form",
                command.name
            )));
        };
        let lead = ("lead".to_owned(), lead.to_string());
        let rest = fields.iter().filter(|(name, _)| name != "lead").cloned();
        let given: Vec<_> = std::iter::once(lead).chain(rest).collect();
        self.values(command, &given, Some(seen), asker)
            .and_then(
                |given| match first_missing(command, |name| given.values.contains_key(name)) {
                    Some(option) => Err(Complaint::missing(&option.name)),
                    None => bind(&given),
                },
            )
            .map_err(|complaint| of_field(command, complaint))
    }

    fn request(
        &self,
        command: &Command,
        given: Vec<(String, String)>,
        asker: &Asker<'_>,
    ) -> Result<Request, Complaint> {
        let values = self.values(command, &given, None, asker)?;
        if let Some(option) = first_missing(command, |name| values.values.contains_key(name)) {
            return match values.lead("lead") {
                Ok(lead) if command.form => {
                    let filled = given.into_iter().filter(|(name, _)| name != "lead").collect();
                    Ok(Request::Form {
                        command: command.name.clone(),
                        lead,
                        filled,
                    })
                }
                _ => Err(Complaint::missing(&option.name)),
            };
        }
        match command.binding {
            Binding::Verb(bind) => Ok(Request::Ask {
                lead: values.lead("lead")?,
                verb: bind(&values)?,
            }),
            Binding::Reading(bind) => bind(&values).map(Request::Read),
        }
    }

    fn known(&self, command: &str, asker: &Asker<'_>) -> Result<&Command, Refusal> {
        self.get(command)
            .ok_or_else(|| Refusal::because(self.no_command(command, asker)))
    }

    /// The command that a line begins with, and what stands behind it; none for an empty line and for `/lead` alone.
    pub(super) fn split<'l>(
        &self,
        line: &'l str,
        asker: &Asker<'_>,
    ) -> Result<Option<(&Command, &'l str)>, Refusal> {
        let line = skip_spaces(line);
        let line = skip_spaces(line.strip_prefix('/').unwrap_or(line));
        let (first, rest) = next_word(line);
        if first.is_empty() {
            return Ok(None);
        }
        let (name, rest) = if same(first, UMBRELLA) {
            next_word(rest)
        } else {
            (first, rest)
        };
        if name.is_empty() {
            return Ok(None);
        }
        self.spelled(name, asker)
            .map(|command| Some((command, rest)))
            .ok_or_else(|| Refusal::because(self.no_command(name, asker)))
    }

    /// The command of this name, with or without the setting's prefix.
    fn spelled(&self, name: &str, asker: &Asker<'_>) -> Option<&Command> {
        let name = tidy(name).to_lowercase();
        let name = name.trim_start_matches('/');
        self.get(name)
            .or_else(|| self.get(name.strip_prefix(asker.spelling.prefix.as_str())?))
    }
}

/// Cuts a line into the texts of its options, in order, without judging them; and what is left over.
pub(super) fn take_options<'l>(
    command: &Command,
    rest: &'l str,
    asker: &Asker<'_>,
) -> (Vec<(String, String)>, &'l str) {
    let mut given: Vec<(String, String)> = Vec::new();
    let mut rest = rest;
    for option in command.line_options() {
        if trim(rest).is_empty() {
            break;
        }
        if !is_asked(option, &given) {
            continue;
        }
        let Some((text, after)) = take(option, rest, asker) else {
            continue;
        };
        given.push((option.name.clone(), text));
        rest = after;
    }
    (given, rest)
}

/// Is this option asked at all, after what was given before it?
pub(super) fn is_asked(option: &CommandOption, given: &[(String, String)]) -> bool {
    option.only_with.as_ref().is_none_or(|(other, wanted)| {
        given
            .iter()
            .any(|(name, value)| name == other && same(value, wanted))
    })
}

/// The text of one option at the beginning of a line, and the line behind it. None where it is not there.
pub(super) fn take<'l>(
    option: &CommandOption,
    line: &'l str,
    asker: &Asker<'_>,
) -> Option<(String, &'l str)> {
    let line = skip_spaces(line);
    let line = match &option.keyword {
        Some(keyword) => match begins_with(line, keyword) {
            Some(end) => skip_spaces(&line[end..]),
            None if option.kind == OptionKind::Lead && names_a_lead(line) => line,
            None => return None,
        },
        None => line,
    };
    if option.kind.takes_the_rest() {
        return Some((trim(line).to_owned(), ""));
    }
    let named = candidates(option, asker.company)
        .iter()
        .flat_map(|candidate| candidate.spellings.iter())
        .filter_map(|spelling| begins_with(line, spelling))
        .max();
    let (text, rest) = match named {
        Some(end) if next_word(line).0.len() <= end => line.split_at(end),
        _ => next_word(line),
    };
    let quotes = ['"', '“', '”', '„', '«', '»'];
    let rest = rest.strip_prefix([',', ':', ';']).unwrap_or(rest);
    Some((text.trim_matches(quotes).to_owned(), rest))
}

/// `L-97` needs no keyword before it; a bare number might be anything.
fn names_a_lead(line: &str) -> bool {
    let word = tidy(next_word(line).0);
    word.starts_with(['L', 'l', '#']) && word.parse::<LeadId>().is_ok()
}

fn first_missing(command: &Command, has: impl Fn(&str) -> bool) -> Option<&CommandOption> {
    command
        .options
        .iter()
        .find(|option| option.required && !has(&option.name))
}

/// `the lead to take`: the option's summary, as it stands within a sentence.
fn missing(command: &Command, option: &str) -> String {
    let Some(option) = command.option(option) else {
        return option.to_owned();
    };
    let mut letters = option.summary.chars();
    let first = letters
        .next()
        .map(|first| first.to_lowercase().to_string())
        .unwrap_or_default();
    format!("{first}{}", letters.as_str())
}

fn of_line(command: &Command, complaint: Complaint, asker: &Asker<'_>) -> Refusal {
    let text = complaint.text.unwrap_or_else(|| {
        let shown = asker.spelling.show(&command.name);
        format!("{shown} needs {}", missing(command, &complaint.option))
    });
    Refusal::because(with_example(text, command, asker))
}

fn of_field(command: &Command, complaint: Complaint) -> Refusal {
    let text = complaint.text.unwrap_or_else(|| {
        let choose = command.option(&complaint.option).is_some_and(|option| {
            matches!(
                option.kind,
                OptionKind::Member | OptionKind::Department | OptionKind::Outcome | OptionKind::Choice
            )
        });
        let verb = if choose { "Choose" } else { "Write" };
        format!("{verb} {}", missing(command, &complaint.option))
    });
    Refusal::of_field(&complaint.option, text)
}

fn with_example(text: String, command: &Command, asker: &Asker<'_>) -> String {
    let stop = if text.ends_with(['?', '.', '…']) {
        ""
    } else {
        "."
    };
    format!("{text}{stop} For example: {}", command.example(asker.spelling))
}
