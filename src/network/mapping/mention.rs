//! Reads one record as a mention: how each field is read, and what stands in for what is missing.

use std::fmt::Write;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::values::{self, Found, http_url};
use super::{Field, Mapping, Origin, Record, Source, Unreadable, time};
use crate::domain::ids::NetworkId;
use crate::domain::mention::{Author, Media, Mention, MentionKind, PublicText};

impl<P> Mapping<P> {
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
        // Writing into a String cannot fail.
        let _ = write!(id, "{byte:02x}");
    }
    id
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

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
}
