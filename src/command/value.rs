//! Reads what was given for one option, by the option's kind. A typed line and a submitted form both end here, so that a
//! name, a time or a link is understood, and refused, in the same words.

use jiff::Timestamp;

use super::bind::Given;
use super::candidates::{Candidate, candidates};
use super::catalogue::{Command, CommandOption, OptionKind};
use super::text::{echo, either, nearest, same, tidy, trim, without_sigil};
use super::{Asker, Catalogue, when};
use crate::domain::ids::{DepartmentId, LeadId, MemberId};
use crate::domain::lead::Outcome;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Lead(LeadId),
    Member(MemberId),
    Department(DepartmentId),
    Outcome(Outcome),
    Moment(Timestamp),
    /// A text, a link, a choice, the name of a command.
    Text(String),
}

/// What is wrong with one option; no text means that it is missing.
#[derive(Debug, PartialEq)]
pub(super) struct Complaint {
    pub option: String,
    pub text: Option<String>,
}

impl Complaint {
    pub fn missing(option: &str) -> Self {
        Self {
            option: option.to_owned(),
            text: None,
        }
    }

    fn of(option: &CommandOption, text: String) -> Self {
        Self {
            option: option.name.clone(),
            text: Some(text),
        }
    }
}

impl Given {
    /// An option that the command cannot do without.
    pub fn need<T>(&self, name: &str, read: impl Fn(&Value) -> Option<T>) -> Result<T, Complaint> {
        self.values
            .get(name)
            .and_then(read)
            .ok_or_else(|| Complaint::missing(name))
    }

    pub fn need_text(&self, name: &str) -> Result<String, Complaint> {
        self.text(name).ok_or_else(|| Complaint::missing(name))
    }

    pub fn text(&self, name: &str) -> Option<String> {
        match self.values.get(name)? {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    pub fn lead(&self, name: &str) -> Result<LeadId, Complaint> {
        self.need(name, |value| match value {
            Value::Lead(lead) => Some(*lead),
            _ => None,
        })
    }

    pub fn department(&self) -> Option<DepartmentId> {
        match self.values.get("department")? {
            Value::Department(department) => Some(department.clone()),
            _ => None,
        }
    }
}

impl Catalogue {
    /// Reads every option that was given. What is blank counts as not given.
    pub(super) fn values(
        &self,
        command: &Command,
        given: &[(String, String)],
        seen: Option<u32>,
        asker: &Asker<'_>,
    ) -> Result<Given, Complaint> {
        let mut read = Given {
            seen,
            ..Given::default()
        };
        for option in &command.options {
            let mut texts = given
                .iter()
                .filter(|(name, _)| *name == option.name)
                .map(|(_, text)| trim(text));
            let Some(text) = texts.next().filter(|text| !text.is_empty()) else {
                continue;
            };
            if let Some((other, wanted)) = &option.only_with
                && !given
                    .iter()
                    .any(|(name, value)| name == other && same(value, wanted))
            {
                return Err(Complaint::of(
                    option,
                    format!("This belongs only to {other} “{wanted}”; leave it empty"),
                ));
            }
            read.values
                .insert(option.name.clone(), self.value(option, text, asker)?);
        }
        Ok(read)
    }

    pub(super) fn value(
        &self,
        option: &CommandOption,
        text: &str,
        asker: &Asker<'_>,
    ) -> Result<Value, Complaint> {
        let wrong = |text: String| Complaint::of(option, text);
        match option.kind {
            OptionKind::Text | OptionKind::LongText => Ok(Value::Text(text.to_owned())),
            OptionKind::Lead => lead(text)
                .map(Value::Lead)
                .ok_or_else(|| wrong(format!("{} is not a lead; leads look like L-142", echo(text)))),
            OptionKind::Link => link(text).map(Value::Text).ok_or_else(|| {
                wrong(format!(
                    "{} is not a link; links begin with https:// or http://",
                    echo(text)
                ))
            }),
            OptionKind::Time => when::read(text, asker.now, &asker.zone())
                .map(Value::Moment)
                .map_err(wrong),
            OptionKind::Command => match self.get(text.trim_start_matches('/')) {
                Some(command) => Ok(Value::Text(command.name.clone())),
                None => Err(wrong(self.no_command(text, asker))),
            },
            OptionKind::About => match lead(text) {
                Some(lead) => Ok(Value::Lead(lead)),
                None => pick(option, text, asker).map_err(wrong),
            },
            _ => pick(option, text, asker).map_err(wrong),
        }
    }

    /// Why there is no such command, with what may have been meant.
    pub(super) fn no_command(&self, typed: &str, asker: &Asker<'_>) -> String {
        let typed = typed.trim_start_matches('/');
        let bare = typed
            .strip_prefix(asker.spelling.prefix.as_str())
            .unwrap_or(typed);
        let spellings = self.commands().iter().flat_map(|command| {
            std::iter::once(&command.name)
                .chain(&command.aliases)
                .map(|spelling| (spelling.as_str(), command.name.as_str()))
        });
        let near: Vec<String> = nearest(bare, spellings)
            .into_iter()
            .map(|name| asker.spelling.show(name))
            .collect();
        let all = asker.spelling.show("help");
        match near.as_slice() {
            [] => format!("There is no command {}; {all} lists them all", echo(typed)),
            near => format!(
                "There is no command {}; did you mean {}? {all} lists them all",
                echo(typed),
                either(near)
            ),
        }
    }
}

fn lead(text: &str) -> Option<LeadId> {
    tidy(text).parse().ok()
}

/// A link as typed, or as Slack writes one: `<https://…|shown>`.
fn link(text: &str) -> Option<String> {
    let bare = text
        .strip_prefix('<')
        .and_then(|text| text.strip_suffix('>'))
        .unwrap_or(text);
    let bare = bare.split_once('|').map_or(bare, |(link, _)| link);
    let parsed = url::Url::parse(&tidy_link(bare)).ok()?;
    (matches!(parsed.scheme(), "http" | "https") && !bare.contains(char::is_whitespace))
        .then(|| parsed.into())
}

/// Dashes stay what they are in a link; only what nobody can see goes.
fn tidy_link(text: &str) -> String {
    text.replace(['\u{200b}', '\u{2060}', '\u{feff}'], "")
}

/// Finds the one thing that a name means among those the option knows.
fn pick(option: &CommandOption, text: &str, asker: &Asker<'_>) -> Result<Value, String> {
    let known = candidates(option, asker.company);
    let name = without_sigil(text);
    // An id is its own; a display name counts only where nobody's id is spelled alike.
    let by_id: Vec<&Candidate> = known.iter().filter(|one| same(&one.value, name)).collect();
    let mut meant = by_id;
    if meant.is_empty() {
        meant = known
            .iter()
            .filter(|one| one.spellings.iter().any(|spelling| same(spelling, name)))
            .collect();
    }
    match meant.as_slice() {
        [one] => Ok(one.means.clone()),
        [] => Err(unknown(option, text, &known)),
        several => {
            let several: Vec<String> = several
                .iter()
                .map(|one| format!("{} ({})", one.shown, one.about))
                .collect();
            Err(format!(
                "{} could be {}; write which",
                echo(text),
                either(&several)
            ))
        }
    }
}

fn unknown(option: &CommandOption, text: &str, known: &[Candidate]) -> String {
    let spellings = known.iter().flat_map(|one| {
        one.spellings
            .iter()
            .map(|spelling| (spelling.as_str(), one.shown.as_str()))
    });
    let near = nearest(text, spellings);
    let all: Vec<&str> = known.iter().map(|one| one.shown.as_str()).collect();
    let typed = echo(text);
    let what = match option.kind {
        OptionKind::Member => format!("There is no colleague called {typed}"),
        OptionKind::Department => format!("There is no department called {typed}"),
        OptionKind::Outcome => format!("{typed} is not an outcome"),
        OptionKind::About => format!("{typed} is neither a lead, nor a department, nor a colleague"),
        _ => format!("{typed} is not a choice here"),
    };
    match (near.as_slice(), option.kind) {
        ([], OptionKind::Member) => format!("{what}; write the short name, such as @dana, or the full one"),
        ([], OptionKind::About) => format!("{what}; write L-142, support or @dana, or nothing"),
        ([], OptionKind::Department) => format!("{what}; there are {}", all.join(", ")),
        ([], _) => format!("{what}; choose {}", either(&all)),
        (near, _) => format!("{what}; did you mean {}?", either(near)),
    }
}
