//! From a foreign record (a JSON item, a row of a CSV file) to a [`Mention`]: which place of the record fills which
//! field, and how lenient each field is. The webhook, the recorded readers and the scripted network share it.
//!
//! It deliberately knows no network and no file: a [`Record`] answers "what stands at this place?", the rest is here.
//! Our own form of a mention is the built-in mapping, [`Mapping::own_form`]; `docs/mentions.md` describes it.

mod field;
mod json;
mod mention;
mod time;
mod values;

use std::collections::BTreeMap;
use std::fmt;

use sha2::Sha256;

use crate::domain::ids::{ConnectorId, NetworkId};

pub use field::Field;
pub use json::Pointer;
pub use time::parse_time;
pub use values::{Found, TEXT_LIMIT, capped_text, http_url};

/// A foreign record: it can be asked for what stands at a place.
pub trait Record {
    /// How the record names its places: a JSON pointer, the number of a column.
    type Place;

    /// What stands there; none for an absent place and for JSON's `null`.
    fn find(&self, place: &Self::Place) -> Option<Found<'_>>;

    /// Feeds the whole record to a hash, in a form that is the same whenever the record comes again.
    fn fingerprint(&self, into: &mut Sha256);
}

/// Where a field is found, or the constant that fills it (`=x` in the settings).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source<P> {
    At(P),
    Constant(String),
}

/// Whose record it is: what fills connector and network where the record says nothing.
#[derive(Clone, Debug)]
pub struct Origin {
    pub connector: ConnectorId,
    pub network: NetworkId,
}

/// Why a record is not a mention: the field, and what was found in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub field: Field,
    pub why: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.field.word(), self.why)
    }
}

/// Which places fill which fields. Several places for one field are tried in order.
#[derive(Clone, Debug)]
pub struct Mapping<P> {
    sources: Vec<Vec<Source<P>>>,
    /// Leave `&amp;` and its like in texts as they came.
    pub keep_entities: bool,
}

impl<P> Default for Mapping<P> {
    fn default() -> Self {
        Self {
            sources: Field::ALL.iter().map(|_| Vec::new()).collect(),
            keep_entities: false,
        }
    }
}

impl Mapping<Pointer> {
    /// Our own form of a mention, with the short names that senders use for the same things.
    pub fn own_form() -> Self {
        let mut mapping = Self::default();
        for (field, places) in field::OWN_FORM {
            for place in *places {
                mapping.also(*field, Source::At(Pointer::own(place)));
            }
        }
        mapping
    }

    /// The mapping that settings describe: `text = "/data/body"`, `network = "=reviews"`; `defaults` fill what is
    /// absent. With an empty `map` it is our own form. Every problem is named at once.
    pub fn from_settings(
        map: &BTreeMap<String, String>,
        defaults: &BTreeMap<String, String>,
    ) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        let mut mapping = if map.is_empty() {
            Self::own_form()
        } else {
            Self::default()
        };
        for (name, place) in map {
            let source = match place.strip_prefix('=') {
                Some(constant) => Ok(Source::Constant(constant.to_owned())),
                None => Pointer::parse(place).map(Source::At),
            };
            match (Field::parse(name), source) {
                (Ok(field), Ok(source)) => mapping.also(field, source),
                (Err(why), _) => problems.push(format!("mapping: {why}")),
                (_, Err(why)) => problems.push(format!("mapping.{name}: {why}")),
            }
        }
        for (name, constant) in defaults {
            match Field::parse(name) {
                Ok(field) => mapping.also(field, Source::Constant(constant.clone())),
                Err(why) => problems.push(format!("defaults: {why}")),
            }
        }
        if problems.is_empty() {
            Ok(mapping)
        } else {
            Err(problems)
        }
    }
}

impl<P> Mapping<P> {
    /// Adds one more source for a field, tried after those that are there.
    pub fn also(&mut self, field: Field, source: Source<P>) {
        self.sources[field as usize].push(source);
    }

    pub fn has(&self, field: Field) -> bool {
        !self.sources[field as usize].is_empty()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_map_foreign_records_and_name_every_mistake() {
        let map = |pairs: &[(&str, &str)]| {
            pairs
                .iter()
                .map(|(a, b)| (a.to_string(), b.to_string()))
                .collect()
        };
        let mapping = Mapping::from_settings(
            &map(&[("text", "/data/a~1b"), ("network", "=reviews")]),
            &map(&[("author", "somebody")]),
        )
        .unwrap();
        let origin = Origin {
            connector: "hook".into(),
            network: "webhook".into(),
        };
        let record = json!({"data": {"a/b": "Lovely lamp"}});
        let mention = mapping.mention(&record, &origin, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(mention.network.as_str(), "reviews");
        assert_eq!(mention.author.handle.as_written(), "somebody");

        let problems =
            Mapping::from_settings(&map(&[("texd", "/a"), ("url", "a")]), &map(&[("colour", "red")]))
                .unwrap_err();
        assert_eq!(problems.len(), 3);
        assert!(
            problems[0].starts_with("mapping: “texd” is not a field; the fields are id, text, author,"),
            "{problems:?}"
        );
        assert!(
            problems[1].contains("mapping.url: “a” is not a place"),
            "{problems:?}"
        );
    }
}
