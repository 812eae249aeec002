//! Connectors out of their sections. What a kind may say is beside its code in `network`; here is what all have in common:
//! a name of its own, a known kind, files and secrets that can be found.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::DeValue;

use super::assemble::Placed;
use super::read;
use super::similar::did_you_mean;
use super::source::{Place, Problems};
use crate::network::{ConnectorSettings, feed, scripted, webhook};

/// The kinds of connector that this version has.
const KINDS: [&str; 3] = ["scripted", "webhook", "feed"];

/// One `[[connector]]` while it is read.
struct Section<'a, 's, 'p> {
    at: Place,
    key: String,
    value: Spanned<DeValue<'a>>,
    problems: &'p mut Problems<'s>,
    folder: Option<&'p Path>,
}

pub(super) fn build(
    sections: Vec<Placed<Spanned<DeValue<'_>>>>,
    folder: Option<&Path>,
    problems: &mut Problems<'_>,
) -> Vec<ConnectorSettings> {
    let mut connectors: Vec<ConnectorSettings> = Vec::new();
    for (index, Placed { at, value }) in sections.into_iter().enumerate() {
        let key = format!("connector.{}", index + 1);
        let name_at = entry(value.get_ref(), "name").unwrap_or_else(|| at.span.clone());
        let section = Section {
            at: at.clone(),
            key: key.clone(),
            value,
            problems,
            folder,
        };
        let Some(connector) = section.read() else {
            continue;
        };
        let path = |connector: &ConnectorSettings| match connector {
            ConnectorSettings::Webhook(settings) => Some(settings.path()),
            ConnectorSettings::Scripted(_) | ConnectorSettings::Feed(_) => None,
        };
        let same_path = |other: &&ConnectorSettings| path(other).is_some() && path(other) == path(&connector);
        if let Some(other) = connectors
            .iter()
            .find(same_path)
            .filter(|other| other.name() != connector.name())
        {
            problems.add(
                &Place {
                    file: at.file,
                    span: name_at.clone(),
                },
                &format!("{key}.path"),
                format!("“{}” and “{}” take the same path", other.name(), connector.name()),
                "give one of them another path",
            );
        }
        if connectors.iter().any(|other| other.name() == connector.name()) {
            problems.add(
                &Place {
                    file: at.file,
                    span: name_at,
                },
                &format!("{key}.name"),
                format!("two connectors are called “{}”", connector.name()),
                "give each its own name; the store remembers by it how far each has read",
            );
        }
        connectors.push(connector);
    }
    connectors
}

impl Section<'_, '_, '_> {
    fn read(mut self) -> Option<ConnectorSettings> {
        let kind = self.kind()?;
        match kind.get_ref().as_str() {
            "scripted" => self.scripted(),
            "webhook" => self.webhook(),
            "feed" => self.feed(),
            unknown => {
                self.problems.add(
                    &Place {
                        file: self.at.file,
                        span: kind.span(),
                    },
                    &format!("{}.kind", self.key),
                    format!("there is no connector of the kind “{unknown}”"),
                    did_you_mean(unknown, KINDS),
                );
                None
            }
        }
    }

    /// Takes the kind out of the section, so that what is left is the kind's own.
    fn kind(&mut self) -> Option<Spanned<String>> {
        let given = match self.value.get_mut() {
            DeValue::Table(table) => table.remove("kind"),
            _ => None,
        };
        let known = KINDS.join(", ");
        let Some(given) = given else {
            self.problems.missing(
                &self.at,
                &format!("{}.kind", self.key),
                "this connector has no kind",
                format!("add a line: kind = \"…\"; known: {known}"),
            );
            return None;
        };
        match given.get_ref().as_str() {
            Some(kind) => Some(Spanned::new(given.span(), kind.to_owned())),
            None => {
                let at = Place {
                    file: self.at.file,
                    span: given.span(),
                };
                let todo = format!("write one of these in quotes: {known}");
                self.problems.add(
                    &at,
                    &format!("{}.kind", self.key),
                    "the kind is a word in quotes",
                    todo,
                );
                None
            }
        }
    }

    fn shape<T: DeserializeOwned>(&mut self) -> Option<T> {
        read::shape(self.at.file, &self.key, self.value.clone(), self.problems)
    }

    fn add(&mut self, name: &str, what: String, todo: &str) {
        let span = entry(self.value.get_ref(), name).unwrap_or_else(|| self.at.span.clone());
        let at = Place {
            file: self.at.file,
            span,
        };
        self.problems
            .add(&at, &format!("{}.{name}", self.key), what, todo);
    }

    /// What a kind says of its own settings: `key: what is wrong`; without a key it is about `otherwise`.
    fn said(&mut self, problems: Vec<String>, otherwise: &str) {
        for said in problems {
            let (name, what) = match said.split_once(": ") {
                Some((name, what)) if !name.contains(' ') => (name, what),
                _ => (otherwise, said.as_str()),
            };
            let todo = match name {
                "scheme.secrets" => "provide it before Switchboard starts",
                _ => "mend this entry",
            };
            self.add(name, what.to_owned(), todo);
        }
    }

    fn scripted(mut self) -> Option<ConnectorSettings> {
        let mut settings: scripted::Settings = self.shape()?;
        self.said(settings.problems(), "name");
        if let Some(script) = settings.script.take() {
            settings.script = Some(self.file("script", &script));
        }
        Some(ConnectorSettings::Scripted(settings))
    }

    fn webhook(mut self) -> Option<ConnectorSettings> {
        let settings: webhook::Settings = self.shape()?;
        // Opening it finds its secrets and tries them on; what is opened is let go again.
        let folder = self.folder.unwrap_or(Path::new("."));
        if let Err(problems) = webhook::Webhook::open(&settings, folder) {
            self.said(problems, "scheme.secrets");
        }
        Some(ConnectorSettings::Webhook(settings))
    }

    fn feed(mut self) -> Option<ConnectorSettings> {
        let settings: feed::Settings = self.shape()?;
        self.said(settings.problems(), "name");
        Some(ConnectorSettings::Feed(settings))
    }

    /// The place of a file that the section names; a problem where it is not there.
    fn file(&mut self, name: &str, path: &Path) -> PathBuf {
        let path = self
            .folder
            .map_or_else(|| path.to_path_buf(), |folder| folder.join(path));
        if !path.is_file() {
            let what = format!("there is no file {}", path.display());
            self.add(
                name,
                what,
                "a relative path starts at the folder of the configuration",
            );
        }
        path
    }
}

/// Where an entry's value stands; `faults.uncertain` is one table further down, or the nearest that there is.
pub(super) fn entry(value: &DeValue<'_>, path: &str) -> Option<std::ops::Range<usize>> {
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    let DeValue::Table(table) = value else {
        return None;
    };
    let inner = table.get(name)?;
    entry(inner.get_ref(), rest).or_else(|| Some(inner.span()))
}
