//! The names that an option can hold: colleagues, departments, outcomes, choices. Reading, completion and forms share them.

use super::catalogue::{CommandOption, OptionKind};
use super::value::Value;
use crate::domain::company::Company;
use crate::domain::lead::Outcome;

pub(super) struct Candidate {
    pub means: Value,
    /// The id: what a form sends.
    pub value: String,
    /// What is written on a line: `@dana`.
    pub shown: String,
    /// Everything that names it.
    pub spellings: Vec<String>,
    /// The words a person reads: `Dana Okafor`.
    pub about: String,
}

/// None for kinds without a list of names.
pub(super) fn candidates(option: &CommandOption, company: &Company) -> Vec<Candidate> {
    match option.kind {
        OptionKind::Member => members(company).collect(),
        OptionKind::Department => departments(company).collect(),
        OptionKind::About => departments(company).chain(members(company)).collect(),
        OptionKind::Outcome => outcomes().collect(),
        OptionKind::Choice => {
            let choice = |(value, label): &(String, String)| Candidate {
                means: Value::Text(value.clone()),
                value: value.clone(),
                shown: value.clone(),
                spellings: vec![value.clone()],
                about: label.clone(),
            };
            option.choices.iter().map(choice).collect()
        }
        OptionKind::Lead
        | OptionKind::Link
        | OptionKind::Command
        | OptionKind::Time
        | OptionKind::Text
        | OptionKind::LongText => Vec::new(),
    }
}

fn members(company: &Company) -> impl Iterator<Item = Candidate> {
    company.members.values().map(|member| {
        let id = member.id.as_str();
        let mut spellings = vec![id.to_owned(), member.name.clone()];
        // People call each other by the first name.
        spellings.extend(member.name.split_whitespace().next().map(str::to_owned));
        Candidate {
            means: Value::Member(member.id.clone()),
            value: id.to_owned(),
            shown: format!("@{id}"),
            spellings,
            about: member.name.clone(),
        }
    })
}

fn departments(company: &Company) -> impl Iterator<Item = Candidate> {
    company.departments.values().map(|department| Candidate {
        means: Value::Department(department.id.clone()),
        value: department.id.to_string(),
        shown: department.id.to_string(),
        spellings: vec![department.id.to_string(), department.name.clone()],
        about: department.name.clone(),
    })
}

fn outcomes() -> impl Iterator<Item = Candidate> {
    Outcome::ALL.into_iter().map(|outcome| Candidate {
        means: Value::Outcome(outcome),
        value: outcome.word().to_owned(),
        shown: outcome.word().replace('_', "-"),
        spellings: vec![outcome.word().to_owned()],
        about: outcome.label().to_owned(),
    })
}
