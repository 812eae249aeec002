//! The sections whose shape belongs to other rooms: connectors and the web board. Here: what they have in common (a name,
//! a known kind, secrets that can be found).

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::assemble::Placed;
use super::read;
use super::similar::did_you_mean;
use super::source::{Place, Problems};
use crate::domain::ids::ConnectorId;

/// The kinds of connector that this version has.
const KINDS: [&str; 3] = ["scripted", "webhook", "feed"];

/// One connector, as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectorSettings {
    pub id: ConnectorId,
    pub kind: String,
    /// Everything but `id` and `kind`.
    pub table: toml::Table,
}

pub(super) fn build(
    sections: Vec<Placed<Spanned<DeValue<'_>>>>,
    folder: Option<&Path>,
    environment: &dyn Fn(&str) -> Option<String>,
    problems: &mut Problems<'_>,
) -> Vec<ConnectorSettings> {
    let mut connectors: Vec<ConnectorSettings> = Vec::new();
    for (index, Placed { at, value }) in sections.into_iter().enumerate() {
        let key = format!("connector.{}", index + 1);
        secrets(at.file, &key, value.get_ref(), folder, environment, problems);
        let Some(mut table) = read::shape::<toml::Table>(at.file, &key, value.clone(), problems) else {
            continue;
        };
        let mut text = |name: &str| match table.remove(name) {
            Some(toml::Value::String(text)) if !text.trim().is_empty() => Some(text),
            _ => {
                let place =
                    entry(value.get_ref(), name).map_or(at.clone(), |span| Place { file: at.file, span });
                let what = format!("this connector needs {name}, a short text");
                problems.missing(
                    &place,
                    &format!("{key}.{name}"),
                    what,
                    format!("add a line: {name} = \"…\""),
                );
                None
            }
        };
        let (Some(id), Some(kind)) = (text("id"), text("kind")) else {
            continue;
        };
        let place = |name: &str| Place {
            file: at.file,
            span: entry(value.get_ref(), name).unwrap_or_else(|| at.span.clone()),
        };
        if !KINDS.contains(&kind.as_str()) {
            let todo = did_you_mean(&kind, KINDS);
            problems.add(
                &place("kind"),
                &format!("{key}.kind"),
                format!("there is no connector of the kind “{kind}”"),
                todo,
            );
        }
        let id = ConnectorId::new(id);
        if connectors.iter().any(|other| other.id == id) {
            problems.add(
                &place("id"),
                &format!("{key}.id"),
                format!("two connectors are called “{id}”"),
                "give each its own id; the store remembers how far each has read by it",
            );
        }
        connectors.push(ConnectorSettings { id, kind, table });
    }
    connectors
}

pub(super) fn board(
    section: Option<Placed<Spanned<DeValue<'_>>>>,
    environment: &dyn Fn(&str) -> Option<String>,
    problems: &mut Problems<'_>,
) -> toml::Table {
    let mut table = section
        .and_then(|Placed { at, value }| read::shape::<toml::Table>(at.file, "board", value, problems))
        .unwrap_or_default();
    if let Some(address) = environment("SWITCHBOARD_ADDRESS") {
        table.insert("address".to_owned(), toml::Value::String(address));
    }
    table
}

/// Where an entry's value stands.
fn entry(value: &DeValue<'_>, name: &str) -> Option<std::ops::Range<usize>> {
    match value {
        DeValue::Table(table) => table.get(name).map(Spanned::span),
        _ => None,
    }
}

/// Looks for references to secrets anywhere in a section, and for what they refer to.
fn secrets(
    file: usize,
    key: &str,
    value: &DeValue<'_>,
    folder: Option<&Path>,
    environment: &dyn Fn(&str) -> Option<String>,
    problems: &mut Problems<'_>,
) {
    let DeValue::Table(table) = value else {
        return;
    };
    for (name, inner) in table {
        let key = format!("{key}.{}", name.get_ref());
        let at = Place {
            file,
            span: inner.span(),
        };
        match inner.get_ref() {
            DeValue::Table(reference) if reference.len() == 1 => {
                if let Some(variable) = only(reference, "env")
                    && environment(variable).is_none()
                {
                    let what = format!("the environment variable {variable} is not set");
                    problems.add(
                        &at,
                        &key,
                        what,
                        format!("set {variable} where Switchboard is started"),
                    );
                }
                if let Some(path) = only(reference, "file")
                    && let Some(folder) = folder
                    && !folder.join(path).is_file()
                {
                    let what = format!("there is no file {}", folder.join(path).display());
                    problems.add(
                        &at,
                        &key,
                        what,
                        "put the secret into that file, readable for Switchboard alone",
                    );
                }
                secrets(file, &key, inner.get_ref(), folder, environment, problems);
            }
            _ => secrets(file, &key, inner.get_ref(), folder, environment, problems),
        }
    }
}

fn only<'a>(table: &'a DeTable<'_>, name: &str) -> Option<&'a str> {
    table.get(name).and_then(|value| value.get_ref().as_str())
}
