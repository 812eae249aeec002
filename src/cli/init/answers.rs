//! What `init` needs to know, out of flags or asked on a terminal.

use std::io::{BufRead, Write};
use std::net::SocketAddr;

use anyhow::Context;

use super::Args;
use crate::config::hours;
use crate::listening::folding::fold;

/// A department to write: its short name and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Department {
    pub(super) id: String,
    pub(super) name: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) id: String,
    pub(super) name: String,
    /// Short names of departments; none means all.
    pub(super) departments: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answers {
    pub(super) company: String,
    pub(super) zone: String,
    pub(super) departments: Vec<Department>,
    /// At least one; the first is the administrator.
    pub(super) members: Vec<Member>,
    pub(super) accounts: Vec<String>,
    pub(super) address: SocketAddr,
}

const COMPANY: &str = "Our Company";
const DEPARTMENTS: &str = "support, sales, marketing";
const MEMBER: &str = "First Member";

impl Answers {
    pub(super) fn from_flags(args: &Args) -> anyhow::Result<Self> {
        let departments = match args.departments.as_slice() {
            [] => departments(DEPARTMENTS.split(',')),
            given => departments(given.iter().map(String::as_str)),
        };
        let departments = departments.map_err(|error| error.context("--department"))?;
        let members = match args.members.as_slice() {
            [] => members([MEMBER].into_iter(), &departments),
            given => members(given.iter().map(String::as_str), &departments),
        };
        Ok(Self {
            company: company(args.company.as_deref().unwrap_or(COMPANY)).context("--company")?,
            zone: zone(args.zone.as_deref().unwrap_or(&this_zone())).context("--zone")?,
            members: members.map_err(|error| error.context("--member"))?,
            departments,
            accounts: accounts(args.accounts.iter().map(String::as_str)).context("--account")?,
            address: args.address,
        })
    }

    /// Asks for what the flags leave open, and again where an answer does not fit.
    pub(super) fn ask(
        args: &Args,
        input: &mut impl BufRead,
        output: &mut impl Write,
    ) -> anyhow::Result<Self> {
        let given = |list: &[String]| list.join(", ");
        let mut ask = Questions { input, output };
        ask.say("A few questions; Enter takes what stands in brackets. Everything can be changed in the files later.")?;
        let company = ask.until("The company's name", COMPANY, company)?;
        let zone_default = args.zone.clone().unwrap_or_else(this_zone);
        let zone = ask.until("Its time zone", &zone_default, zone)?;
        let default = match given(&args.departments) {
            none if none.is_empty() => DEPARTMENTS.to_owned(),
            some => some,
        };
        let departments = ask.until(
            "Departments, with commas between (ID or ID=NAME)",
            &default,
            |text| departments(text.split(',')),
        )?;
        let mut people = Vec::new();
        ask.say("Who works there? The first one becomes the administrator. An empty line ends the list.")?;
        loop {
            let default = if people.is_empty() {
                args.members.first().map_or(MEMBER, String::as_str)
            } else {
                ""
            };
            let name = ask.until(
                "  Name (NAME, or NAME:ID,ID for some departments)",
                default,
                |text| {
                    let names = people
                        .iter()
                        .map(String::as_str)
                        .chain(Some(text).filter(|text| !text.is_empty()));
                    members(names, &departments).map(|_| text.to_owned())
                },
            )?;
            if name.is_empty() {
                break;
            }
            people.push(name);
        }
        let default = given(&args.accounts);
        let accounts = ask.until(
            "The company's own accounts, with commas between (@HANDLE or NETWORK/@HANDLE)",
            &default,
            |text| accounts(text.split(',').map(str::trim).filter(|text| !text.is_empty())),
        )?;
        let address = ask.until("Where the web board listens", &args.address.to_string(), |text| {
            let address: SocketAddr = text
                .parse()
                .context("write an address and a port, like 127.0.0.1:8080")?;
            anyhow::ensure!(
                address.ip().is_loopback(),
                "only this machine until sign-in is configured: 127.0.0.1:8080"
            );
            Ok(address)
        })?;
        Ok(Self {
            company,
            zone,
            members: members(people.iter().map(String::as_str), &departments)?,
            departments,
            accounts,
            address,
        })
    }
}

struct Questions<'a, I, O> {
    input: &'a mut I,
    output: &'a mut O,
}

impl<I: BufRead, O: Write> Questions<'_, I, O> {
    fn say(&mut self, text: &str) -> anyhow::Result<()> {
        writeln!(self.output, "{text}").context("cannot write to the terminal")
    }

    /// Asks until an answer is understood.
    fn until<T>(
        &mut self,
        question: &str,
        default: &str,
        read: impl Fn(&str) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        loop {
            let shown = if default.is_empty() {
                String::new()
            } else {
                format!(" [{default}]")
            };
            write!(self.output, "{question}{shown}: ").context("cannot write to the terminal")?;
            self.output.flush().context("cannot write to the terminal")?;
            let mut line = String::new();
            let read_bytes = self
                .input
                .read_line(&mut line)
                .context("cannot read the answer")?;
            anyhow::ensure!(read_bytes > 0, "the answers ended early; nothing was written");
            let answer = if line.trim().is_empty() {
                default
            } else {
                line.trim()
            };
            match read(answer) {
                Ok(value) => return Ok(value),
                Err(error) => self.say(&format!("  {error:#}"))?,
            }
        }
    }
}

fn company(name: &str) -> anyhow::Result<String> {
    let name = name.trim();
    anyhow::ensure!(!name.is_empty(), "a company needs a name");
    Ok(name.to_owned())
}

fn this_zone() -> String {
    let zone = jiff::tz::TimeZone::system();
    zone.iana_name().unwrap_or("UTC").to_owned()
}

fn zone(name: &str) -> anyhow::Result<String> {
    match hours::zone(name) {
        Ok(_) => Ok(name.to_owned()),
        Err(todo) => anyhow::bail!("“{name}” is not a time zone; {todo}"),
    }
}

/// A short name out of a long one: `Customer service` becomes `customer-service`.
fn short(name: &str) -> String {
    let plain: String = fold(name)
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c
            } else {
                '-'
            }
        })
        .take(40)
        .collect();
    let words: Vec<_> = plain.split('-').filter(|word| !word.is_empty()).collect();
    words.join("-")
}

fn departments<'a>(given: impl Iterator<Item = &'a str>) -> anyhow::Result<Vec<Department>> {
    let mut found: Vec<Department> = Vec::new();
    for text in given.map(str::trim).filter(|text| !text.is_empty()) {
        let (id, name) = match text.split_once('=') {
            Some((id, name)) => (short(id), name.trim().to_owned()),
            None => (
                short(text),
                usual_name(&short(text)).map_or_else(|| text.to_owned(), str::to_owned),
            ),
        };
        anyhow::ensure!(
            !id.is_empty() && !name.is_empty(),
            "“{text}” is not a department; write support or support=Customer service"
        );
        anyhow::ensure!(
            !found.iter().any(|other| other.id == id),
            "the department “{id}” is named twice"
        );
        found.push(Department { id, name });
    }
    anyhow::ensure!(!found.is_empty(), "a company needs at least one department");
    Ok(found)
}

/// What a department is usually called.
fn usual_name(id: &str) -> Option<&'static str> {
    Some(match id {
        "support" => "Customer service",
        "sales" => "Sales",
        "marketing" => "Marketing",
        "pr" => "Press and PR",
        "hr" => "Human resources",
        "legal" => "Legal",
        _ => return None,
    })
}

fn members<'a>(given: impl Iterator<Item = &'a str>, known: &[Department]) -> anyhow::Result<Vec<Member>> {
    let mut found: Vec<Member> = Vec::new();
    for text in given {
        let (name, departments) = text.split_once(':').unwrap_or((text, ""));
        let name = name.trim();
        let departments: Vec<String> = departments
            .split(',')
            .map(short)
            .filter(|id| !id.is_empty())
            .collect();
        for id in &departments {
            anyhow::ensure!(
                known.iter().any(|department| department.id == *id),
                "{name}: there is no department “{id}”"
            );
        }
        let whole = short(name);
        anyhow::ensure!(
            !whole.is_empty(),
            "“{text}” has no name with letters from a to z; write it with such letters, and change `name` in members.toml afterwards"
        );
        let first = whole.split('-').next().unwrap_or(&whole).to_owned();
        let taken = |id: &str| found.iter().any(|other| other.id == id);
        anyhow::ensure!(!taken(&whole), "{name} is named twice");
        let id = if taken(&first) { whole } else { first };
        anyhow::ensure!(!taken(&id), "{name} is named twice");
        found.push(Member {
            id,
            name: name.to_owned(),
            departments,
        });
    }
    Ok(found)
}

fn accounts<'a>(given: impl Iterator<Item = &'a str>) -> anyhow::Result<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    for account in given.map(str::trim) {
        let handle = account.rsplit('/').next().unwrap_or(account);
        anyhow::ensure!(
            !handle.trim_start_matches('@').is_empty() && !account.starts_with('/'),
            "“{account}” is not an account; write @handle or network/@handle"
        );
        anyhow::ensure!(
            !found.iter().any(|other| other == account),
            "{account} is named twice"
        );
        found.push(account.to_owned());
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    #[test]
    fn questions_are_asked_again_until_they_are_answered() {
        let args = Line::parse_from(["init", "folder"]).args;
        let typed = "Ink & Oak\nBerln\nEurope/Berlin\nsupport, pr=Press\nDana Okafor\nLee:sales\nLee:pr\nDana Ito\n\n\
                     @inkoak, reviews/Ink & Oak\n0.0.0.0:80\n\n";
        let mut said = Vec::new();
        let answers = Answers::ask(&args, &mut typed.as_bytes(), &mut said).expect("answers");
        let said = String::from_utf8(said).expect("text");
        assert!(said.contains("did you mean “Europe/Berlin”?"), "{said}");
        assert!(said.contains("there is no department “sales”"), "{said}");
        assert!(said.contains("only this machine"), "{said}");
        assert_eq!(answers.company, "Ink & Oak");
        let members: Vec<_> = answers.members.iter().map(|member| member.id.as_str()).collect();
        assert_eq!(members, ["dana", "lee", "dana-ito"]);
        assert_eq!(answers.members[1].departments, ["pr"]);
        assert_eq!(answers.accounts, ["@inkoak", "reviews/Ink & Oak"]);
        assert_eq!(answers.address.to_string(), "127.0.0.1:8080");
    }

    #[test]
    fn answers_that_end_early_write_nothing() {
        let args = Line::parse_from(["init", "folder"]).args;
        let error = Answers::ask(&args, &mut "Ink\n".as_bytes(), &mut Vec::new()).expect_err("an end");
        assert!(error.to_string().contains("ended early"), "{error}");
    }
}
