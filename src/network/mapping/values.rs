//! How one found value is read as what its field is: exact ids, capped texts, lenient counts, truths and stars.
//! Texts of strangers appear in messages only shortened.

use std::borrow::Cow;

use serde_json::{Number, Value};

use super::time::shortened;
use crate::domain::mention::{Media, MentionKind, PublicText};

/// The longest text that is kept, in characters; nobody reads on, and a card could not show it.
pub const TEXT_LIMIT: usize = 40_000;
const TEXT_CUT: &str = "… [cut here: the text is longer than 40,000 characters]";

/// The longest one-line value (a name, a handle, an address) that is kept, in characters.
const LINE_LIMIT: usize = 2_000;

/// Beyond this a floating-point number no longer holds every whole number (2^53).
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What stands at a place of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Found<'a> {
    Text(Cow<'a, str>),
    Number(&'a Number),
    Truth(bool),
    /// A JSON object or array.
    Nested(&'a Value),
}

impl Found<'_> {
    /// Empty cells and empty strings count as absent, except for the text itself.
    pub(super) fn is_blank(&self) -> bool {
        matches!(self, Found::Text(text) if text.trim().is_empty())
    }

    /// The value for a message: short, in quotes where it is text.
    pub(super) fn shown(&self) -> String {
        match self {
            Found::Text(text) => format!("“{}”", shortened(text)),
            Found::Number(number) => number.to_string(),
            Found::Truth(truth) => truth.to_string(),
            Found::Nested(value) => shortened(&value.to_string()),
        }
    }

    pub(super) fn word_for_word(&self) -> String {
        match self {
            Found::Text(text) => text.to_string(),
            Found::Number(number) => number.to_string(),
            Found::Truth(truth) => truth.to_string(),
            Found::Nested(value) => value.to_string(),
        }
    }
}

/// Ids are compared as text: `3`, `3.0` and `"3"` are one, and 64 bits stay exact.
pub(super) fn id(found: &Found<'_>) -> Result<String, String> {
    match found {
        Found::Text(text) => {
            let text = text.trim();
            if let Some((whole, fraction)) = text.split_once('.')
                && all_digits(whole)
                && !fraction.is_empty()
                && fraction.bytes().all(|byte| byte == b'0')
            {
                return Ok(whole.to_owned());
            }
            if rounded_by_a_spreadsheet(text) {
                return Err(format!(
                    "found {}, a number that was rounded (by a spreadsheet, most likely); export the column as text",
                    found.shown()
                ));
            }
            Ok(cut(text, LINE_LIMIT).to_owned())
        }
        Found::Number(number) if number.is_f64() => match number.as_f64() {
            Some(float) if float.fract() == 0.0 && float.abs() < EXACT => Ok(format!("{float:.0}")),
            Some(float) if float.fract() == 0.0 => Err(format!(
                "found {float:e}, a number too large to be exact; send it in quotes"
            )),
            _ => Err(format!("found {number}, which is not an id")),
        },
        Found::Number(number) => Ok(number.to_string()),
        Found::Truth(_) | Found::Nested(_) => Err(format!("found {}, which is not an id", found.shown())),
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `5.6759E+17`: the last digits are gone, and distinct ids would become one.
fn rounded_by_a_spreadsheet(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return false;
    };
    exponent.strip_prefix('+').is_some_and(all_digits)
        && mantissa
            .split_once(['.', ','])
            .is_some_and(|(whole, fraction)| all_digits(whole) && all_digits(fraction))
}

pub(super) fn text(found: &Found<'_>, keep_entities: bool) -> String {
    match found {
        Found::Text(text) if keep_entities || !text.contains('&') => capped_text(text),
        Found::Text(text) => capped_text(&html_escape::decode_html_entities(text.as_ref())),
        other => capped_text(&other.word_for_word()),
    }
}

/// At most [`TEXT_LIMIT`] characters, with a mark that everybody sees where it was cut.
pub fn capped_text(text: &str) -> String {
    let kept = cut(text, TEXT_LIMIT);
    if kept.len() == text.len() {
        text.to_owned()
    } else {
        format!("{kept}{TEXT_CUT}")
    }
}

fn cut(text: &str, limit: usize) -> &str {
    // A text of fewer bytes than the limit cannot have more characters.
    if text.len() <= limit {
        return text;
    }
    match text.char_indices().nth(limit) {
        Some((at, _)) => &text[..at],
        None => text,
    }
}

/// One line: trimmed, line breaks and control characters become spaces.
pub(super) fn line(found: &Found<'_>) -> Option<String> {
    let whole = match found {
        Found::Text(text) => text.clone(),
        Found::Number(_) | Found::Truth(_) => Cow::Owned(found.word_for_word()),
        Found::Nested(_) => return None,
    };
    let trimmed = cut(whole.trim(), LINE_LIMIT);
    if trimmed.is_empty() {
        None
    } else if trimmed.contains(char::is_control) {
        Some(trimmed.replace(char::is_control, " "))
    } else {
        Some(trimmed.to_owned())
    }
}

/// Only links that a browser may follow are kept: no `javascript:`, no `data:`.
pub fn http_url(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    (lower.starts_with("https://") || lower.starts_with("http://"))
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

pub(super) fn truth(found: &Found<'_>) -> Result<bool, String> {
    let word = match found {
        Found::Truth(truth) => return Ok(*truth),
        Found::Nested(_) => String::new(),
        other => other.word_for_word().trim().to_lowercase(),
    };
    match word.as_str() {
        "true" | "yes" | "y" | "t" | "1" | "1.0" => Ok(true),
        "false" | "no" | "n" | "f" | "0" | "0.0" => Ok(false),
        _ => Err(format!(
            "found {}, which is neither true nor false",
            found.shown()
        )),
    }
}

fn number(found: &Found<'_>) -> Result<f64, String> {
    let parsed = match found {
        Found::Number(number) => number.as_f64(),
        Found::Text(text) => text.trim().replace([',', ' ', '_', '\''], "").parse().ok(),
        _ => None,
    };
    parsed
        .filter(|number| number.is_finite())
        .ok_or_else(|| format!("found {}, which is not a number", found.shown()))
}

pub(super) fn count(found: &Found<'_>) -> Result<u64, String> {
    match number(found)? {
        count if (0.0..EXACT).contains(&count) => Ok(count as u64),
        _ => Err(format!("found {}, which is not a count", found.shown())),
    }
}

pub(super) fn stars(found: &Found<'_>) -> Result<u8, String> {
    // A decimal comma is common in ratings ("4,5"), where thousands are not.
    let stars = match found {
        Found::Text(text) => number(&Found::Text(text.replace(',', ".").into()))?,
        other => number(other)?,
    };
    match stars.round() {
        whole if (1.0..=5.0).contains(&whole) => Ok(whole as u8),
        _ => Err(format!("found {}; stars go from 1 to 5", found.shown())),
    }
}

pub(super) fn kind(found: &Found<'_>) -> Result<MentionKind, String> {
    let parsed = match found {
        Found::Text(text) => MentionKind::parse(text),
        _ => None,
    };
    parsed.ok_or_else(|| {
        let words = MentionKind::ALL.map(MentionKind::word).join(", ");
        format!("found {}; it is one of {words}", found.shown())
    })
}

/// Links to pictures: a JSON array of links or of `{url, description}`, or links with spaces between them.
pub(super) fn media(found: &Found<'_>) -> Vec<Media> {
    let one = |url: &str, description: &str| {
        http_url(url).then(|| Media {
            url: url.to_owned(),
            description: PublicText::new(cut(description, LINE_LIMIT)),
        })
    };
    match found {
        Found::Text(text) => text.split_whitespace().filter_map(|url| one(url, "")).collect(),
        Found::Nested(Value::Array(items)) => items
            .iter()
            .filter_map(|item| match item {
                Value::String(url) => one(url, ""),
                Value::Object(fields) => one(
                    fields.get("url").and_then(Value::as_str)?,
                    fields.get("description").and_then(Value::as_str).unwrap_or(""),
                ),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_id(text: &str) -> Result<String, String> {
        id(&Found::Text(text.into()))
    }

    #[test]
    fn ids_stay_exact() {
        for (given, expected) in [
            ("567590027375702016", "567590027375702016"),
            ("3.0", "3"),
            ("3.00", "3"),
            ("3.50", "3.50"),
            (" a.0 ", "a.0"),
            ("-42", "-42"),
            ("1e5", "1e5"),
            (
                "at://did:plc:x/app.bsky.feed.post/3k",
                "at://did:plc:x/app.bsky.feed.post/3k",
            ),
        ] {
            assert_eq!(text_id(given).as_deref(), Ok(expected), "{given}");
        }
        assert!(text_id("5,6759E+17").is_err());
    }

    #[test]
    fn long_texts_are_cut_where_everybody_sees_it() {
        let exact = "ü".repeat(TEXT_LIMIT);
        assert_eq!(capped_text(&exact), exact);
        let long = capped_text(&"ü".repeat(TEXT_LIMIT + 1));
        assert!(long.ends_with(TEXT_CUT));
        assert_eq!(long.chars().count(), TEXT_LIMIT + TEXT_CUT.chars().count());
    }
}
