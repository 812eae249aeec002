//! Puts the sections of all files together: first the shape of each, then what they say of each other.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::document::{CompanySection, DepartmentSection, Document, MemberSection, RouteSection, Text};
use super::problem::Problem;
use super::similar::did_you_mean;
use super::source::{Place, Problems, Source};
use super::{Log, LogFormat, Settings, board, chat, company, connectors, read, routes};
use crate::command::{Spelling, Style};
use crate::listening::Routes;
use crate::platform::{discord, slack};

/// The environment variables that win over the files; the board's address is in `board`.
const LOG: &str = "SWITCHBOARD_LOG";
const DATA: &str = "SWITCHBOARD_DATA";

/// Something and where it stands.
pub(super) struct Placed<T> {
    pub(super) at: Place,
    pub(super) value: T,
}

/// Every section of every file, each with its place.
#[derive(Default)]
pub(super) struct Sections<'s> {
    pub(super) data: Option<Placed<String>>,
    pub(super) fallback: Option<Placed<String>>,
    pub(super) company: Option<Placed<CompanySection>>,
    pub(super) style: Option<Placed<String>>,
    pub(super) prefix: Option<Placed<String>>,
    pub(super) log_format: Option<Placed<String>>,
    pub(super) log_filter: Option<Placed<String>>,
    pub(super) departments: BTreeMap<String, Placed<DepartmentSection>>,
    pub(super) members: BTreeMap<String, Placed<MemberSection>>,
    pub(super) routes: Vec<(usize, Spanned<RouteSection>)>,
    /// Sections whose settings live beside the code that they configure.
    pub(super) connectors: Vec<Placed<Spanned<DeValue<'s>>>>,
    pub(super) web: Option<Placed<Spanned<DeValue<'s>>>>,
    pub(super) slack: Option<Placed<Spanned<DeValue<'s>>>>,
    pub(super) discord: Option<Placed<Spanned<DeValue<'s>>>>,
}

/// Reads the settings out of the given files.
pub(super) fn assemble(
    sources: &[Source],
    folder: Option<PathBuf>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Settings, Vec<Problem>> {
    let mut problems = Problems::new(sources);
    let mut sections = Sections::default();
    for (file, source) in sources.iter().enumerate() {
        let mut table = read::parse(file, source, &mut problems);
        sections.take_foreign(file, table.get_mut(), &mut problems);
        let span = table.span();
        let value = Spanned::new(span, DeValue::Table(table.into_inner()));
        if let Some(document) = read::shape::<Document>(file, "", value, &mut problems) {
            sections.add(file, document, &mut problems);
        }
    }
    let known = company::Known::of(&sections);
    let mut company = company::build(&mut sections, &known, &mut problems);
    let tree = routes::build(std::mem::take(&mut sections.routes), &known, &mut problems);
    let fallback = routes::fallback(sections.fallback.as_ref(), &known, &mut problems);
    let connectors = connectors::build(
        std::mem::take(&mut sections.connectors),
        folder.as_deref(),
        &mut problems,
    );
    let web = board::build(sections.web.take(), &known, environment, &mut problems);
    let slack = chat::slack(sections.slack.take(), folder.as_deref(), &mut problems);
    let discord = chat::discord(sections.discord.take(), folder.as_deref(), &mut problems);
    company.platforms = known
        .platforms
        .iter()
        .map(|platform| (*platform).into())
        .collect();
    let threads = [
        (slack::PLATFORM, slack.as_ref().is_some_and(|slack| slack.threads)),
        (
            discord::PLATFORM,
            discord.as_ref().is_some_and(|discord| discord.threads),
        ),
    ];
    company.threads = threads
        .into_iter()
        .filter(|(_, kept)| *kept)
        .map(|(platform, _)| platform.into())
        .collect();
    let commands = spelling(&sections, &mut problems);
    let log = log(&sections, environment, &mut problems);
    let data = data(sections.data.as_ref(), folder.as_deref(), environment);
    match fallback {
        Some(fallback) if problems.is_empty() => {
            company.fallback = Some(fallback.clone());
            Ok(Settings {
                company: Arc::new(company),
                routes: Arc::new(Routes::new(&tree, fallback)),
                connectors,
                web,
                slack,
                discord,
                data,
                commands,
                log,
                folder,
            })
        }
        _ => Err(problems.finish()),
    }
}

impl<'s> Sections<'s> {
    /// Takes the sections that other rooms give a shape to, before the document's own shape is asked.
    fn take_foreign(&mut self, file: usize, table: &mut DeTable<'s>, problems: &mut Problems<'_>) {
        for (name, slot) in [
            ("web", &mut self.web),
            ("slack", &mut self.slack),
            ("discord", &mut self.discord),
        ] {
            if let Some((key, value)) = table.remove_entry(name) {
                let at = Place {
                    file,
                    span: key.span(),
                };
                set(slot, Placed { at, value }, name, problems);
            }
        }
        if let Some((key, connectors)) = table.remove_entry("connector") {
            let span = connectors.span();
            match connectors.into_inner() {
                DeValue::Array(array) => self.connectors.extend(array.into_iter().map(|value| Placed {
                    at: Place {
                        file,
                        span: value.span(),
                    },
                    value,
                })),
                _ => problems.add(
                    &Place {
                        file,
                        span: if span.is_empty() { key.span() } else { span },
                    },
                    "connector",
                    "connectors are a list",
                    "write [[connector]] in double brackets, once for each",
                ),
            }
        }
    }

    fn add(&mut self, file: usize, document: Document, problems: &mut Problems<'_>) {
        let place = |span| Place { file, span };
        let commands = document.commands.map(Spanned::into_inner).unwrap_or_default();
        let log = document.log.map(Spanned::into_inner).unwrap_or_default();
        for (slot, key, text) in [
            (&mut self.data, "data", document.data),
            (&mut self.fallback, "fallback", document.fallback),
            (&mut self.style, "commands.style", commands.style),
            (&mut self.prefix, "commands.prefix", commands.prefix),
            (&mut self.log_format, "log.format", log.format),
            (&mut self.log_filter, "log.filter", log.filter),
        ] {
            if let Some(text) = text {
                let at = place(text.span());
                set(
                    slot,
                    Placed {
                        at,
                        value: text.into_inner(),
                    },
                    key,
                    problems,
                );
            }
        }
        if let Some(company) = document.company {
            let at = place(company.span());
            set(
                &mut self.company,
                Placed {
                    at,
                    value: company.into_inner(),
                },
                "company",
                problems,
            );
        }
        for (id, section) in document.department {
            let at = place(id.span());
            let key = format!("department.{}", id.get_ref());
            insert(
                &mut self.departments,
                id,
                Placed {
                    at,
                    value: section.into_inner(),
                },
                &key,
                problems,
            );
        }
        for (id, section) in document.member {
            let at = place(id.span());
            let key = format!("member.{}", id.get_ref());
            insert(
                &mut self.members,
                id,
                Placed {
                    at,
                    value: section.into_inner(),
                },
                &key,
                problems,
            );
        }
        self.routes
            .extend(document.route.into_iter().map(|route| (file, route)));
    }
}

fn set<T>(slot: &mut Option<Placed<T>>, found: Placed<T>, key: &str, problems: &mut Problems<'_>) {
    if slot.is_some() {
        twice(&found.at, key, problems);
    } else {
        *slot = Some(found);
    }
}

fn insert<T>(
    map: &mut BTreeMap<String, Placed<T>>,
    id: Text,
    found: Placed<T>,
    key: &str,
    problems: &mut Problems<'_>,
) {
    if map.contains_key(id.get_ref()) {
        twice(&found.at, key, problems);
    } else {
        map.insert(id.into_inner(), found);
    }
}

fn twice(at: &Place, key: &str, problems: &mut Problems<'_>) {
    problems.add(
        at,
        key,
        format!("“{key}” is given in two files"),
        "keep it in one of them",
    );
}

fn spelling(sections: &Sections<'_>, problems: &mut Problems<'_>) -> Spelling {
    let style = sections.style.as_ref().and_then(|given| {
        let known = Style::ALL.map(|style| (style.word(), style));
        word(given, "commands.style", "a style of commands", &known, problems)
    });
    let mut spelling = Spelling::from(style.unwrap_or_default());
    if let Some(given) = &sections.prefix {
        spelling.prefix.clone_from(&given.value);
        if let Some(what) = spelling.problem() {
            problems.add(
                &given.at,
                "commands.prefix",
                what,
                "shorten or change the prefix, or leave it out",
            );
        }
    }
    spelling
}

/// One of a few known words.
fn word<T: Copy>(
    given: &Placed<String>,
    key: &str,
    what: &str,
    known: &[(&str, T)],
    problems: &mut Problems<'_>,
) -> Option<T> {
    let found = known.iter().find(|(word, _)| *word == given.value);
    if found.is_none() {
        let todo = did_you_mean(&given.value, known.iter().map(|(word, _)| *word));
        problems.add(&given.at, key, format!("“{}” is not {what}", given.value), todo);
    }
    found.map(|(_, value)| *value)
}

fn log(
    sections: &Sections<'_>,
    environment: &dyn Fn(&str) -> Option<String>,
    problems: &mut Problems<'_>,
) -> Log {
    let format = sections.log_format.as_ref().and_then(|given| {
        let known = [
            ("auto", LogFormat::Auto),
            ("pretty", LogFormat::Pretty),
            ("json", LogFormat::Json),
        ];
        word(given, "log.format", "a form of log", &known, problems)
    });
    let in_file = sections.log_filter.as_ref();
    let in_environment = environment(LOG);
    let filter = in_environment
        .clone()
        .or_else(|| in_file.map(|given| given.value.clone()))
        .unwrap_or_else(|| "info".to_owned());
    if let Err(error) = tracing_subscriber::EnvFilter::try_new(&filter) {
        let what = format!("this is not a filter for logs: {error}");
        let todo = "write a level (error, warn, info, debug, trace), or \"info,switchboard=debug\"";
        match in_file {
            Some(given) if in_environment.is_none() => problems.add(&given.at, "log.filter", what, todo),
            _ => problems.push(Problem::of_file(LOG, what, todo)),
        }
    }
    Log {
        format: format.unwrap_or_default(),
        filter,
    }
}

/// The data folder: the environment's, relative to where the program runs; or the file's, relative to the file.
fn data(
    given: Option<&Placed<String>>,
    folder: Option<&std::path::Path>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> PathBuf {
    if let Some(path) = environment(DATA) {
        return PathBuf::from(path);
    }
    let path = given.map_or("data", |given| given.value.as_str());
    folder.map_or_else(|| PathBuf::from(path), |folder| folder.join(path))
}
