//! What a route asks of a mention, out of its section: no empty lists, no entry that could never be found, no range upside
//! down.

use toml::Spanned;

use super::document::{ConditionSection, List, Text};
use super::similar::did_you_mean;
use super::source::{Place, Problems};
use crate::domain::mention::MentionKind;
use crate::listening::Condition;
use crate::listening::folding::{bare_handle, bare_hashtag, fold};
use crate::listening::query::Query;

pub(super) fn read(
    file: usize,
    section: ConditionSection,
    key: &str,
    problems: &mut Problems<'_>,
) -> Condition {
    let at = |name: &str| format!("{key}.{name}");
    let mut texts = |given, name: &str, folded| list(file, given, &at(name), folded, problems);
    let mut condition = Condition {
        words: texts(section.words, "words", fold),
        phrases: texts(section.phrases, "phrases", fold),
        hashtags: texts(section.hashtags, "hashtags", bare_hashtag),
        mentions: texts(section.mentions, "mentions", bare_handle),
        authors: texts(section.authors, "authors", bare_handle),
        networks: texts(section.networks, "networks", fold),
        accounts: texts(section.accounts, "accounts", bare_handle),
        languages: texts(section.languages, "languages", fold),
        has_link: section.has_link,
        ..Condition::default()
    };
    condition.query = section
        .query
        .and_then(|text| query(file, &text, &at("query"), problems));
    condition.kinds = kinds(file, section.kinds, &at("kinds"), problems);
    let [min, max] = range(
        file,
        [section.followers_min, section.followers_max],
        &at("followers_max"),
        problems,
    );
    (condition.followers_min, condition.followers_max) = (min, max);
    let stars = [section.rating_min, section.rating_max];
    let stars = stars.map(|number| {
        let number = number?;
        if !(1..=5).contains(number.get_ref()) {
            let place = Place {
                file,
                span: number.span(),
            };
            problems.add(
                &place,
                &at("rating_min"),
                "a rating has one to five stars",
                "write a number from 1 to 5",
            );
            return None;
        }
        Some(number)
    });
    let [min, max] = range(file, stars, &at("rating_max"), problems);
    let stars = |number: Option<u64>| number.and_then(|number| u8::try_from(number).ok());
    (condition.rating_min, condition.rating_max) = (stars(min), stars(max));
    condition
}

/// A list of texts, none of which may be empty once it is folded as the matcher folds it.
pub(super) fn list(
    file: usize,
    given: Option<Spanned<List>>,
    key: &str,
    folded: fn(&str) -> String,
    problems: &mut Problems<'_>,
) -> Vec<String> {
    let Some(given) = given else {
        return Vec::new();
    };
    let whole = Place {
        file,
        span: given.span(),
    };
    let entries = List::entries(given);
    if entries.is_empty() {
        problems.add(
            &whole,
            key,
            "this list is empty",
            "write an entry, or take the line out",
        );
    }
    let takes_words = key.ends_with(".words") || key.ends_with(".phrases");
    let mut texts = Vec::new();
    for entry in entries {
        let at = Place {
            file,
            span: entry.span(),
        };
        let text = entry.get_ref().trim();
        if folded(text).is_empty() {
            problems.add(
                &at,
                key,
                "nothing is left of this entry to look for",
                "write letters, or take it out",
            );
        } else if takes_words && text.starts_with('#') {
            let todo = format!("write hashtags = [\"{text}\"], or the word without its #");
            problems.add(&at, key, format!("“{text}” is a hashtag"), todo);
        } else if takes_words && text.starts_with('@') {
            let todo = format!("write mentions = [\"{text}\"]; words are not looked for in handles");
            problems.add(&at, key, format!("“{text}” is a handle"), todo);
        } else {
            texts.push(text.to_owned());
        }
    }
    texts
}

/// A query; what is wrong with it is shown at its character in the file, where the file has it letter for letter.
fn query(file: usize, text: &Text, key: &str, problems: &mut Problems<'_>) -> Option<Query> {
    let error = match Query::parse(text.get_ref()) {
        Ok(query) => return Some(query),
        Err(error) => error,
    };
    let mut place = Place {
        file,
        span: text.span(),
    };
    if let Some(start) = problems.text_at(&place).find(text.get_ref().as_str())
        && !error.place.is_empty()
    {
        let start = place.span.start + start;
        place.span = start + error.place.start..start + error.place.end;
    }
    problems.add(&place, key, error.what, error.todo);
    None
}

fn kinds(
    file: usize,
    given: Option<Spanned<List>>,
    key: &str,
    problems: &mut Problems<'_>,
) -> Vec<MentionKind> {
    let mut kinds = Vec::new();
    for entry in List::texts(given) {
        match MentionKind::parse(entry.get_ref()) {
            Some(kind) => kinds.push(kind),
            None => problems.add(
                &Place {
                    file,
                    span: entry.span(),
                },
                key,
                format!("“{}” is not a kind of mention", entry.get_ref()),
                did_you_mean(entry.get_ref(), MentionKind::ALL.map(MentionKind::word)),
            ),
        }
    }
    kinds
}

fn range(
    file: usize,
    [min, max]: [Option<Spanned<u64>>; 2],
    key: &str,
    problems: &mut Problems<'_>,
) -> [Option<u64>; 2] {
    if let (Some(min), Some(max)) = (&min, &max)
        && min.get_ref() > max.get_ref()
    {
        problems.add(
            &Place {
                file,
                span: max.span(),
            },
            key,
            format!(
                "no number is at least {} and at most {}",
                min.get_ref(),
                max.get_ref()
            ),
            "let the smaller one be the minimum",
        );
    }
    [min, max].map(|number| number.map(Spanned::into_inner))
}
