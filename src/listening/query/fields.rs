//! What a query asks of a mention apart from its words: `author:mara followers:>10000`.

use std::ops::Range;

use super::error::QueryError;
use super::heard::Heard;
use crate::domain::mention::{Mention, MentionKind};
use crate::listening::folding::{bare_handle, fold};

const NAMES: [&str; 10] = [
    "author",
    "network",
    "account",
    "kind",
    "lang",
    "followers",
    "rating",
    "verified",
    "has",
    "url",
];

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    /// As the query has it.
    pub(super) written: String,
    asks: Asks,
}

#[derive(Clone, Debug, PartialEq)]
enum Asks {
    Author(Vec<Name>),
    Network(Vec<Name>),
    Account(Vec<Name>),
    Kind(Vec<MentionKind>),
    Language(Vec<String>),
    Followers(Number),
    Rating(Number),
    Verified(bool),
    Media,
    Link,
    Url(Vec<String>),
}

/// A folded name; an open one may go on.
#[derive(Clone, Debug, PartialEq)]
struct Name {
    text: String,
    open: bool,
}

/// From the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Number(u64, u64);

impl Field {
    pub(super) fn read(
        query: &str,
        place: Range<usize>,
        name: &str,
        value: &str,
        value_at: usize,
    ) -> Result<Self, QueryError> {
        let end = place.end;
        let wrong = |what: String, todo: &str| Err(QueryError::at(query, value_at..end, what, todo));
        if !NAMES.contains(&name) {
            return Err(unknown(query, place.start..value_at - 1, name));
        }
        if value.trim().is_empty() {
            let todo = "write what to look for right behind the colon, without a space";
            return Err(QueryError::at(
                query,
                place,
                format!("“{name}:” says nothing"),
                todo,
            ));
        }
        let entries = || value.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let names = |bare: fn(&str) -> String| -> Vec<Name> {
            let name = |entry: &str| Name {
                text: bare(entry.trim_end_matches('*')),
                open: entry.ends_with('*'),
            };
            entries().map(name).collect()
        };
        let asks = match name {
            "author" => Asks::Author(names(bare_handle)),
            "network" => Asks::Network(names(fold)),
            "account" => Asks::Account(names(bare_handle)),
            "kind" => match entries().map(MentionKind::parse).collect() {
                Some(kinds) => Asks::Kind(kinds),
                None => {
                    return wrong(
                        format!("“{value}” is not a kind of mention"),
                        "known: mention, comment, direct_message, review",
                    );
                }
            },
            "lang" => Asks::Language(entries().map(|tag| fold(tag).replace('_', "-")).collect()),
            "followers" | "rating" => match Number::parse(value) {
                Some(number) if name == "followers" => Asks::Followers(number),
                Some(number) => Asks::Rating(number),
                None => {
                    return wrong(
                        format!("“{value}” is not a number"),
                        "write 5, >5, >=5, <5, <=5 or 3..5",
                    );
                }
            },
            "verified" => match value.to_lowercase().as_str() {
                "true" | "yes" => Asks::Verified(true),
                "false" | "no" => Asks::Verified(false),
                _ => {
                    return wrong(
                        format!("“{value}” is neither true nor false"),
                        "write verified:true",
                    );
                }
            },
            "has" => match value.to_lowercase().as_str() {
                "media" | "picture" | "image" | "video" => Asks::Media,
                "link" | "url" => Asks::Link,
                _ => {
                    return wrong(
                        format!("nobody knows who has “{value}”"),
                        "write has:media or has:link",
                    );
                }
            },
            _ => Asks::Url(entries().map(str::to_lowercase).collect()),
        };
        let field = Self {
            written: query[place.clone()].to_owned(),
            asks,
        };
        match field.is_empty() {
            true => wrong(
                format!("nothing is left of “{value}” to look for"),
                "write a name",
            ),
            false => Ok(field),
        }
    }

    /// What nothing could ever be equal to.
    fn is_empty(&self) -> bool {
        match &self.asks {
            Asks::Author(names) | Asks::Network(names) | Asks::Account(names) => {
                names.is_empty() || names.iter().any(|name| name.text.is_empty() && !name.open)
            }
            Asks::Language(texts) | Asks::Url(texts) => {
                texts.is_empty() || texts.iter().any(String::is_empty)
            }
            Asks::Kind(kinds) => kinds.is_empty(),
            _ => false,
        }
    }

    /// What a network does not tell is not so.
    pub(super) fn holds(&self, heard: &Heard<'_>) -> bool {
        let Some(mention) = heard.mention else {
            return match &self.asks {
                Asks::Link => heard.has_link(),
                Asks::Url(parts) => heard.links_to(parts),
                _ => false,
            };
        };
        match &self.asks {
            Asks::Author(names) => is_one(names, &bare_handle(mention.author.handle.as_written())),
            Asks::Network(names) => is_one(names, &fold(mention.network.as_str())),
            Asks::Account(names) => {
                let account = mention.account.as_deref().map(bare_handle);
                account.is_some_and(|account| is_one(names, &account))
            }
            Asks::Kind(kinds) => kinds.contains(&mention.kind),
            Asks::Language(tags) => speaks(mention, tags),
            Asks::Followers(number) => number.holds(mention.author.followers),
            Asks::Rating(number) => number.holds(mention.rating.map(u64::from)),
            Asks::Verified(wanted) => mention.author.verified == *wanted,
            Asks::Media => !mention.media.is_empty(),
            Asks::Link => heard.has_link(),
            Asks::Url(parts) => heard.links_to(parts),
        }
    }
}

fn is_one(names: &[Name], own: &str) -> bool {
    let is = |name: &Name| match name.open {
        true => own.starts_with(&name.text),
        false => own == name.text,
    };
    names.iter().any(is)
}

/// `de` also stands for `de-AT`.
fn speaks(mention: &Mention, tags: &[String]) -> bool {
    let Some(own) = mention.language.as_deref().map(|tag| fold(tag).replace('_', "-")) else {
        return false;
    };
    let tail = |tag: &String| own.strip_prefix(tag.as_str()).map(str::to_owned);
    tags.iter()
        .filter_map(tail)
        .any(|tail| tail.is_empty() || tail.starts_with('-'))
}

impl Number {
    fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| text.trim().replace('_', "").parse::<u64>().ok();
        if let Some((from, to)) = text.split_once("..") {
            return Some(Self(number(from)?, number(to)?));
        }
        Some(match text.trim() {
            text if text.starts_with(">=") => Self(number(&text[2..])?, u64::MAX),
            text if text.starts_with("<=") => Self(0, number(&text[2..])?),
            text if text.starts_with('>') => Self(number(&text[1..])?.checked_add(1)?, u64::MAX),
            text if text.starts_with('<') => Self(0, number(&text[1..])?.checked_sub(1)?),
            text => {
                let number = number(text.trim_start_matches('='))?;
                Self(number, number)
            }
        })
    }

    fn holds(self, own: Option<u64>) -> bool {
        own.is_some_and(|own| (self.0..=self.1).contains(&own))
    }
}

fn unknown(query: &str, place: Range<usize>, name: &str) -> QueryError {
    let near = |known: &&str| strsim::damerau_levenshtein(name, known);
    let closest = NAMES.iter().min_by_key(|known| near(known));
    let todo = match closest.filter(|known| near(known) <= (name.len() / 3).clamp(1, 3)) {
        Some(known) => format!("did you mean {known}:?"),
        None if name == "http" || name == "https" => "to look for a link, write url:shop.example".to_owned(),
        None => format!(
            "known: {}; to look for the text itself, put it in quotes",
            NAMES.join(", ")
        ),
    };
    QueryError::at(query, place, format!("there is no field “{name}”"), todo)
}
