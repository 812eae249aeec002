//! Connectors out of their sections. What a kind may say is beside its code in `network`; here is what all have in common:
//! a name of its own, a known kind, files and secrets that can be found.

use std::path::Path;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::DeValue;

use super::assemble::Placed;
use super::read;
use super::similar::did_you_mean;
use super::source::{Place, Problems};
use crate::listening::query::Query;
use crate::network::{ConnectorSettings, webhook};
use crate::port::secret::SecretRef;

/// The kinds of connector that this version has.
const KINDS: [&str; 8] = [
    "scripted",
    "webhook",
    "feed",
    "mastodon",
    "reddit",
    "youtube",
    "bluesky",
    "jetstream",
];

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
        let section = Section {
            at: at.clone(),
            key: key.clone(),
            value: value.clone(),
            problems,
            folder,
        };
        let Some(connector) = section.read() else {
            continue;
        };
        let clash = connectors.iter().find_map(|other| shared(other, &connector));
        if let Some((name, what, todo)) = clash {
            let span = entry(value.get_ref(), name).unwrap_or_else(|| at.span.clone());
            problems.add(
                &Place { file: at.file, span },
                &format!("{key}.{name}"),
                what,
                todo,
            );
        }
        connectors.push(connector);
    }
    connectors
}

impl Section<'_, '_, '_> {
    fn read(mut self) -> Option<ConnectorSettings> {
        let kind = self.kind()?;
        let settings = match kind.get_ref().as_str() {
            "scripted" => self.shape().map(ConnectorSettings::Scripted),
            "webhook" => self.shape().map(ConnectorSettings::Webhook),
            "feed" => self.shape().map(ConnectorSettings::Feed),
            "mastodon" => self.shape().map(ConnectorSettings::Mastodon),
            "reddit" => self.shape().map(ConnectorSettings::Reddit),
            "youtube" => self.shape().map(ConnectorSettings::YouTube),
            "bluesky" => self.shape().map(ConnectorSettings::Bluesky),
            "jetstream" => self.shape().map(ConnectorSettings::Jetstream),
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
        }?;
        self.said(settings.problems(), "name");
        self.look_around(&settings);
        Some(settings)
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
                "scheme.secrets" | "access_token" | "app_password" => "provide it before Switchboard starts",
                _ => "mend this entry",
            };
            self.add(name, what.to_owned(), todo);
        }
    }

    /// Looks for the files and secrets that the settings name; nothing that is opened stays open.
    fn look_around(&mut self, settings: &ConnectorSettings) {
        let folder = self.folder.unwrap_or(Path::new(""));
        match settings {
            ConnectorSettings::Scripted(settings) => {
                if let Some(script) = settings.script.as_ref().map(|script| folder.join(script))
                    && !script.is_file()
                {
                    let what = format!("there is no file {}", script.display());
                    self.add(
                        "script",
                        what,
                        "a relative path starts at the folder of the configuration",
                    );
                }
            }
            ConnectorSettings::Webhook(settings) => {
                if let Err(problems) = webhook::Webhook::open(settings, folder) {
                    self.said(problems, "scheme.secrets");
                }
            }
            ConnectorSettings::Mastodon(settings) => {
                if let Err(why) = settings.access_token.resolve(folder) {
                    self.said(vec![format!("access_token: {why}")], "access_token");
                }
            }
            ConnectorSettings::Bluesky(settings) => {
                if let Err(why) = settings.app_password.resolve(folder) {
                    self.said(vec![format!("app_password: {why}")], "app_password");
                }
            }
            ConnectorSettings::Jetstream(settings) => {
                if let Err(why) = Query::parse(&settings.listen) {
                    self.said(vec![format!("listen: {why}")], "listen");
                }
            }
            ConnectorSettings::Feed(_) => {}
            ConnectorSettings::Reddit(settings) => self.look_for(&settings.secrets()),
            ConnectorSettings::YouTube(settings) => self.look_for(&settings.secrets()),
        }
    }

    fn look_for(&mut self, secrets: &[(&'static str, &SecretRef)]) {
        let folder = self.folder.unwrap_or(Path::new(""));
        for (name, secret) in secrets {
            if let Err(what) = secret.resolve(folder) {
                self.add(name, what, "provide it before Switchboard starts");
            }
        }
    }
}

/// What two connectors may not share: a name, a path, the part of the scripted network.
fn shared(
    one: &ConnectorSettings,
    other: &ConnectorSettings,
) -> Option<(&'static str, String, &'static str)> {
    use ConnectorSettings::{Scripted, Webhook};
    if one.name() == other.name() {
        let what = format!("two connectors are called “{}”", one.name());
        let todo = "give each its own name; the store remembers by it how far each has read";
        return Some(("name", what, todo));
    }
    match (one, other) {
        (Webhook(first), Webhook(second)) if first.path() == second.path() => {
            let what = format!("“{}” and “{}” take the same path", first.name, second.name);
            Some(("path", what, "give one of them another path"))
        }
        (Scripted(_), Scripted(_)) => {
            let what = "there is only one scripted network at a time".to_owned();
            Some(("kind", what, "take one of them out"))
        }
        _ => None,
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
