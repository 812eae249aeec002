//! What people type, click and fill in, and what comes of it: requests, refusals word for word, completion, help, and the
//! mistakes one can make in a command's file.

use std::collections::BTreeMap;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use switchboard::command::{Asker, Catalogue, Request, Spelling, Style};
use switchboard::domain::calendar::Calendar;
use switchboard::domain::company::{Company, Department, Member, Role};
use switchboard::domain::event::Verb;
use switchboard::domain::ids::{Channel, DepartmentId, LeadId, MemberId};

mod completion;
mod files;
mod forms;
mod lines;
mod refusals;

/// A Tuesday, ten past ten in the morning in Berlin.
const NOW: &str = "2026-11-24T09:10:00Z";

struct Room {
    company: Company,
    member: MemberId,
    now: Timestamp,
    spelling: Spelling,
}

impl Room {
    fn new() -> Self {
        let people = [
            ("dana", "Dana Okafor"),
            ("lee", "Lee Park"),
            ("alex-k", "Alex Kim"),
            ("alex-m", "Alex Moor"),
            ("vera", "Vera Visitor"),
        ];
        let departments = [("support", "Customer Service"), ("pr", "Press"), ("hr", "People")];
        let member = |(id, name): (&str, &str)| {
            let id = MemberId::from(id);
            let member = Member {
                id: id.clone(),
                name: name.to_owned(),
                identities: BTreeMap::new(),
                away: None,
            };
            (id, member)
        };
        let department = |(id, name): (&str, &str)| {
            let roles = match id {
                "support" => [("dana", Role::Agent), ("vera", Role::Viewer)].as_slice(),
                // Dana reads along in the New York office; she works in Berlin.
                "hr" => &[("lee", Role::Lead), ("dana", Role::Viewer)],
                _ => &[("lee", Role::Lead)],
            };
            let zone = if id == "hr" {
                "America/New_York"
            } else {
                "Europe/Berlin"
            };
            let department = Department {
                id: id.into(),
                name: name.to_owned(),
                channels: vec![Channel::new("web", id)],
                roles: roles
                    .iter()
                    .map(|(id, role)| (MemberId::from(*id), *role))
                    .collect(),
                calendar: Calendar {
                    zone: TimeZone::get(zone).expect("bundled zone"),
                    ..Calendar::default()
                },
                targets: BTreeMap::new(),
                lease: None,
                hand_off_timeout: SignedDuration::from_hours(1),
                ladder: Vec::new(),
                digest_at: Time::new(8, 0, 0, 0).ok(),
                guidelines: Vec::new(),
                confidential: false,
                ..Department::default()
            };
            (DepartmentId::from(id), department)
        };
        Self {
            company: Company {
                name: "Sample".to_owned(),
                departments: departments.map(department).into(),
                members: people.map(member).into(),
                ..Company::default()
            },
            member: "dana".into(),
            now: NOW.parse().expect("a timestamp"),
            spelling: Spelling::default(),
        }
    }

    fn spelled(style: Style, prefix: &str) -> Self {
        let prefix = prefix.to_owned();
        Self {
            spelling: Spelling { style, prefix },
            ..Self::new()
        }
    }

    fn asker(&self) -> Asker<'_> {
        Asker {
            company: &self.company,
            member: &self.member,
            now: self.now,
            spelling: &self.spelling,
        }
    }

    fn parse(&self, line: &str) -> Result<Request, String> {
        let parsed = Catalogue::builtin().parse(line, &self.asker());
        parsed.map_err(|refusal| refusal.text)
    }

    fn fill_in(&self, command: &str, fields: &[(&str, &str)]) -> Result<Verb, (Option<String>, String)> {
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect();
        Catalogue::builtin()
            .fill_in(command, LeadId(142), &fields, 9, &self.asker())
            .map_err(|refusal| (refusal.field, refusal.text))
    }

    fn complete(&self, line: &str) -> Vec<(String, String)> {
        let leads = [
            (LeadId(142), "@mara: Where is my parcel?".to_owned()),
            (LeadId(7), "@tom: Great".to_owned()),
        ];
        Catalogue::builtin().complete(line, &self.asker(), &leads)
    }

    fn lines(&self, line: &str) -> Vec<String> {
        self.complete(line).into_iter().map(|(line, _)| line).collect()
    }
}

fn ask(verb: Verb) -> Request {
    let lead = LeadId(142);
    Request::Ask { lead, verb }
}

fn form(command: &str, filled: &[(&str, &str)]) -> Request {
    Request::Form {
        command: command.to_owned(),
        lead: LeadId(142),
        filled: filled
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect(),
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}
