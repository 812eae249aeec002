//! Commands: the catalogue read from `commands/`, the parser of one typed line, and the binding of a command to what the
//! desk understands. Knows no platform, and decides nothing: whether a request is allowed is for `domain::decide`.
//!
//! A line, a button and a submitted form all become pairs of option and text; `bind` alone says what they mean. A command
//! for a verb that exists costs one TOML in `commands/`, one line in `builtin`, one arm in `bind`.

mod bind;
mod builtin;
mod candidates;
mod catalogue;
mod complete;
mod definition;
mod help;
mod parse;
mod spelling;
mod text;
mod value;
mod when;

pub use catalogue::{Catalogue, Command, CommandOption, Kind, OptionKind, Shows};
pub use spelling::{Spelling, Style};

use std::cmp::Reverse;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::company::{Company, Department, Role};
use crate::domain::event::Verb;
use crate::domain::ids::{DepartmentId, LeadId, MemberId};

/// What a person wants, once their line, click or form is understood.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Something for the desk to decide.
    Ask { lead: LeadId, verb: Verb },
    /// A form must be filled in first. `filled` holds what was already said: option and text.
    Form {
        command: String,
        lead: LeadId,
        filled: Vec<(String, String)>,
    },
    /// Something to read; nothing changes.
    Read(Reading),
}

/// What a person wants to read. No department means: as the asker works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    Queue { department: Option<DepartmentId> },
    Mine,
    Show { lead: LeadId },
    Find { words: String },
    Who { about: WhoAbout },
    Help { command: Option<String> },
    Digest { department: Option<DepartmentId> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhoAbout {
    Everybody,
    Lead(LeadId),
    Department(DepartmentId),
    Member(MemberId),
}

/// Who typed, when, in which company, and how commands are spelled for them.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    pub company: &'a Company,
    pub member: &'a MemberId,
    pub now: Timestamp,
    pub spelling: &'a Spelling,
}

impl<'a> Asker<'a> {
    /// The department the asker works in: where their role is highest, the first of several by its id.
    pub fn department(&self) -> Option<&'a Department> {
        let departments = self.company.departments.values();
        departments
            .filter_map(|department| Some((Reverse(department.role(self.member)?), department)))
            .min_by_key(|(role, _)| *role)
            .map(|(_, department)| department)
    }

    /// The zone in which the asker's times are meant: their department's; the first department's for those without one.
    pub fn zone(&self) -> TimeZone {
        self.department()
            .or_else(|| self.company.departments.values().next())
            .map_or(TimeZone::UTC, |department| department.calendar.zone.clone())
    }

    /// The highest role the asker has anywhere; decides only what is offered to them, never what they may do.
    fn role(&self) -> Role {
        let departments = self.company.departments.keys();
        departments
            .filter_map(|department| self.company.role(department, self.member))
            .max()
            .unwrap_or(Role::Viewer)
    }
}
