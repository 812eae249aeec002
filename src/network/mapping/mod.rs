//! From a foreign record (a JSON item, a row of a CSV file) to a [`Mention`]: which place of the record fills which
//! field, and how lenient each field is. The webhook, the recorded readers and the scripted network share it.
//!
//! It deliberately knows no network and no file: a [`Record`] answers "what stands at this place?", the rest is here.
//! Our own form of a mention is the built-in mapping, [`Mapping::own_form`]; `docs/mentions.md` describes it.

mod field;
mod json;
mod time;
mod values;

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::domain::ids::{ConnectorId, NetworkId};
use crate::domain::mention::{Author, Media, Mention, MentionKind, PublicText};

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

    /// Reads one record. `now` stands in for the time where the record has none.
    pub fn mention<R: Record<Place = P>>(
        &self,
        record: &R,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<Mention, Unreadable> {
        let field = |field| Reading {
            field,
            found: self.find(record, field),
        };
        let rating = field(Field::Rating).stars()?;
        let url = field(Field::Url).url();
        let text = match self.find(record, Field::Text) {
            Some(found) => values::text(&found, self.keep_entities),
            None if rating.is_some() || url.is_some() => String::new(),
            None => {
                return Err(Unreadable {
                    field: Field::Text,
                    why: "nothing was found, and there is no url and no rating either".to_owned(),
                });
            }
        };
        let id = match field(Field::Id).id()? {
            Some(id) => id,
            None => derived_id(record),
        };
        let own = match field(Field::Own).truth()? {
            Some(own) => own,
            None => field(Field::Inbound).truth()?.is_some_and(|inbound| !inbound),
        };
        let kind = match field(Field::Kind).kind()? {
            Some(kind) => kind,
            None if rating.is_some() => MentionKind::Review,
            None => MentionKind::Mention,
        };
        Ok(Mention {
            connector: origin.connector.clone(),
            network: match field(Field::Network).line() {
                Some(network) => NetworkId::new(network.to_lowercase()),
                None => origin.network.clone(),
            },
            author: self.author(record, &id)?,
            id,
            kind,
            text: PublicText::new(text),
            created: field(Field::Created).time()?.unwrap_or(now),
            account: field(Field::Account).line(),
            language: field(Field::Language).line(),
            url,
            in_reply_to: field(Field::InReplyTo).id()?,
            conversation: field(Field::Conversation).id()?,
            media: self.media(record),
            rating,
            reply_target: field(Field::ReplyTarget).word_for_word(),
            own,
        })
    }

    /// The name stands in for a missing handle, the handle for a missing id. Nobody named is nobody in particular:
    /// two such records must not look like one person.
    fn author<R: Record<Place = P>>(&self, record: &R, id: &str) -> Result<Author, Unreadable> {
        let field = |field| Reading {
            field,
            found: self.find(record, field),
        };
        let name = field(Field::AuthorName).line();
        let handle = field(Field::Author)
            .line()
            .map(|handle| handle.trim_start_matches('@').to_owned())
            .filter(|handle| !handle.is_empty());
        let author_id = field(Field::AuthorId).id()?;
        let shown = handle.or_else(|| name.clone()).or_else(|| author_id.clone());
        Ok(Author {
            id: match (author_id, &shown) {
                (Some(id), _) => id,
                (None, Some(shown)) => shown.clone(),
                (None, None) => format!("unknown-{id}"),
            },
            handle: PublicText::new(shown.unwrap_or_else(|| "unknown".to_owned())),
            name: PublicText::new(name.unwrap_or_default()),
            followers: field(Field::Followers).count()?,
            verified: field(Field::Verified).truth()?.unwrap_or(false),
            url: field(Field::AuthorUrl).url(),
        })
    }

    fn media<R: Record<Place = P>>(&self, record: &R) -> Vec<Media> {
        self.find(record, Field::Media)
            .map(|found| values::media(&found))
            .unwrap_or_default()
    }

    fn find<'a, R: Record<Place = P>>(&'a self, record: &'a R, field: Field) -> Option<Found<'a>> {
        self.sources[field as usize]
            .iter()
            .find_map(|source| match source {
                Source::At(place) => record
                    .find(place)
                    .filter(|found| field == Field::Text || !found.is_blank()),
                Source::Constant(text) => Some(Found::Text(text.into())),
            })
    }
}

/// What was found for one field, about to be read as what the field is.
struct Reading<'a> {
    field: Field,
    found: Option<Found<'a>>,
}

impl Reading<'_> {
    fn read<T>(self, read: impl FnOnce(&Found<'_>) -> Result<T, String>) -> Result<Option<T>, Unreadable> {
        let field = self.field;
        self.found
            .map(|found| read(&found).map_err(|why| Unreadable { field, why }))
            .transpose()
    }

    fn id(self) -> Result<Option<String>, Unreadable> {
        self.read(values::id)
    }

    fn time(self) -> Result<Option<Timestamp>, Unreadable> {
        self.read(time::read)
    }

    fn truth(self) -> Result<Option<bool>, Unreadable> {
        self.read(values::truth)
    }

    fn count(self) -> Result<Option<u64>, Unreadable> {
        self.read(values::count)
    }

    fn stars(self) -> Result<Option<u8>, Unreadable> {
        self.read(values::stars)
    }

    fn kind(self) -> Result<Option<MentionKind>, Unreadable> {
        self.read(values::kind)
    }

    fn line(self) -> Option<String> {
        self.found.and_then(|found| values::line(&found))
    }

    fn url(self) -> Option<String> {
        self.line().filter(|url| http_url(url))
    }

    fn word_for_word(self) -> Option<String> {
        self.found.map(|found| found.word_for_word())
    }
}

/// A record without an id gets one from its content, so that the same record arriving again is known.
fn derived_id<R: Record>(record: &R) -> String {
    let mut hash = Sha256::new();
    record.fingerprint(&mut hash);
    let digest = hash.finalize();
    let mut id = String::from("sha256-");
    for byte in digest.iter().take(16) {
        use fmt::Write;
        // Writing into a String cannot fail.
        let _ = write!(id, "{byte:02x}");
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(record: Value) -> Result<Mention, String> {
        let origin = Origin {
            connector: "hook".into(),
            network: "webhook".into(),
        };
        let now = "2026-11-24T12:00:00Z".parse().unwrap();
        Mapping::own_form()
            .mention(&record, &origin, now)
            .map_err(|unreadable| unreadable.to_string())
    }

    #[test]
    fn our_own_form_is_read_in_full() {
        let mention = read(json!({
            "id": "bw-9f3", "type": "dm", "network": "News", "account": "@larkspurhome",
            "author": {"id": 18446744073709551615u64, "name": "OTZ", "handle": "@otz", "url": "https://news.example/otz", "followers": "1,204", "verified": true},
            "text": "Queue &amp; chaos at demo_shop", "lang": "en", "url": "https://news.example/a/2",
            "created_at": "2026-11-20T10:11:12Z", "parent_id": 7.0, "thread_id": "t-1",
            "media": ["https://news.example/p.jpg", {"url": "https://news.example/q.jpg", "description": "a queue"}],
            "reply_target": {"to": 5}, "geo": {"lat": 50.88}
        }))
        .unwrap();
        assert_eq!(mention.id, "bw-9f3");
        assert_eq!(mention.kind, MentionKind::DirectMessage);
        assert_eq!(mention.network.as_str(), "news");
        assert_eq!(mention.author.id, "18446744073709551615");
        assert_eq!(mention.author.handle.as_written(), "otz");
        assert_eq!(mention.author.followers, Some(1204));
        assert!(mention.author.verified);
        assert_eq!(mention.text.as_written(), "Queue & chaos at demo_shop");
        assert_eq!(mention.in_reply_to.as_deref(), Some("7"));
        assert_eq!(mention.media.len(), 2);
        assert_eq!(mention.reply_target.as_deref(), Some("{\"to\":5}"));
        assert!(!mention.own);
    }

    #[test]
    fn what_is_missing_is_filled_or_named() {
        let nobody = read(json!({"text": "hello"})).unwrap();
        assert!(nobody.id.starts_with("sha256-"));
        assert_eq!(nobody.id, read(json!({"text": "hello"})).unwrap().id);
        assert_eq!(nobody.author.id, format!("unknown-{}", nobody.id));
        assert_eq!(nobody.created.to_string(), "2026-11-24T12:00:00Z");

        let stars = read(json!({"id": 1, "rating": "4.6"})).unwrap();
        assert_eq!(
            (stars.kind, stars.rating, stars.text.is_empty()),
            (MentionKind::Review, Some(5), true)
        );

        let own =
            read(json!({"text": "We are on it", "inbound": "False", "author": "larkspurhome"})).unwrap();
        assert!(own.own);
        assert_eq!(own.author.handle.as_written(), "larkspurhome");

        let lying = read(json!({"text": "x", "url": "javascript:alert(1)"})).unwrap();
        assert_eq!(lying.url, None);
    }

    #[test]
    fn errors_name_the_field_and_what_was_found() {
        for (record, expected) in [
            (
                json!({"id": "1"}),
                "text: nothing was found, and there is no url and no rating either",
            ),
            (
                json!({"text": "x", "created_at": "yesterday"}),
                "created: found “yesterday”",
            ),
            (
                json!({"text": "x", "id": {"a": 1}}),
                "id: found {\"a\":1}, which is not an id",
            ),
            (
                json!({"text": "x", "id": "5.67590027375702E+17"}),
                "id: found “5.67590027375702E+17”, a number that was rounded",
            ),
            (
                json!({"text": "x", "id": 1e22}),
                "id: found 1e22, a number too large to be exact",
            ),
            (
                json!({"text": "x", "rating": 87}),
                "rating: found 87; stars go from 1 to 5",
            ),
            (
                json!({"text": "x", "type": "shout"}),
                "kind: found “shout”; it is one of mention, comment, direct_message, review",
            ),
            (
                json!({"text": "x", "author": {"followers": "many"}}),
                "followers: found “many”, which is not a number",
            ),
        ] {
            let error = read(record).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
    }

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
