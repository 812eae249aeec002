//! TOML into settings, with every problem at once: where serde stops at the first, the culprit is noted, taken out, and
//! the rest is read again. Knows no particular section.
//!
//! TOML: <https://toml.io/en/v1.0.0>.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, ValueDeserializer};

use super::similar::did_you_mean;
use super::source::{Place, Problems, Source};

/// More problems than this in one file are one problem: it is not ours.
const MOST: usize = 100;

/// Parses a file, and notes what is not TOML.
pub(super) fn parse<'s>(
    file: usize,
    source: &'s Source,
    problems: &mut Problems<'_>,
) -> Spanned<DeTable<'s>> {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    for error in errors.iter().take(MOST) {
        let span = error.span().unwrap_or_default();
        problems.not_toml(&Place { file, span }, sentence(error.message()));
    }
    table
}

/// Reads one value as a `T`, and notes everything in it that does not fit. None where nothing of it fits.
pub(super) fn shape<T: DeserializeOwned>(
    file: usize,
    key: &str,
    value: Spanned<DeValue<'_>>,
    problems: &mut Problems<'_>,
) -> Option<T> {
    let mut value = value;
    let mut taken = Vec::new();
    for _ in 0..MOST {
        let error = match T::deserialize(ValueDeserializer::from(value.clone())) {
            Ok(read) => return Some(read),
            Err(error) => error,
        };
        let span = error.span().unwrap_or_else(|| value.span());
        let culprit = take_out(value.get_mut(), &span);
        let path = match &culprit {
            Some(path) if key.is_empty() => path.join("."),
            Some(path) => format!("{key}.{}", path.join(".")),
            None => key.to_owned(),
        };
        let message = error.message();
        // What was taken out as wrong is not missing as well.
        let missing = message
            .strip_prefix("missing field `")
            .and_then(|rest| rest.strip_suffix('`'));
        if !missing.is_some_and(|name| {
            taken
                .iter()
                .any(|path: &String| path.rsplit('.').next() == Some(name))
        }) {
            let (what, todo) = in_words(message);
            problems.add(&Place { file, span }, &path, what, todo);
        }
        culprit?;
        taken.push(path);
    }
    None
}

/// Takes out what the span covers, the innermost entry that is exactly that; tells its path.
fn take_out(value: &mut DeValue<'_>, span: &Range<usize>) -> Option<Vec<String>> {
    match value {
        DeValue::Table(table) => {
            for (key, inner) in table.iter_mut() {
                if let Some(mut path) = take_out(inner.get_mut(), span) {
                    path.insert(0, key.get_ref().to_string());
                    return Some(path);
                }
            }
            let name = table
                .iter()
                .find(|(key, inner)| key.span() == *span || inner.span() == *span)
                .map(|(key, _)| key.get_ref().to_string())?;
            table.remove(name.as_str());
            Some(vec![name])
        }
        DeValue::Array(array) => {
            for (index, inner) in array.iter_mut().enumerate() {
                if let Some(mut path) = take_out(inner.get_mut(), span) {
                    path.insert(0, (index + 1).to_string());
                    return Some(path);
                }
            }
            let index = array.iter().position(|inner| inner.span() == *span)?;
            let items = std::mem::replace(array, DeArray::new()).into_iter().enumerate();
            *array = items
                .filter(|(at, _)| *at != index)
                .map(|(_, item)| item)
                .collect();
            Some(vec![(index + 1).to_string()])
        }
        _ => None,
    }
}

/// Serde's message in the words of a person who edits a file. Serde gives no structure, so its fixed phrases are read;
/// whatever does not look like one of them is passed on as it is.
fn in_words(message: &str) -> (String, String) {
    let quoted = |text: &str| -> Vec<String> {
        let parts = text.split('`').enumerate();
        parts
            .filter(|(index, _)| index % 2 == 1)
            .map(|(_, part)| part.to_owned())
            .collect()
    };
    // What a section's own reading says is a sentence already: what is wrong; what to do.
    if let Some((what, todo)) = message.split_once("; ") {
        return (what.to_owned(), todo.to_owned());
    }
    if let Some(rest) = message
        .strip_prefix("unknown field ")
        .or_else(|| message.strip_prefix("unknown variant "))
    {
        let what = if message.starts_with("unknown field") {
            "key"
        } else {
            "word"
        };
        let words = quoted(rest);
        if let Some((unknown, known)) = words.split_first() {
            let todo = did_you_mean(unknown, known.iter().map(String::as_str));
            return (format!("unknown {what} “{unknown}”"), todo);
        }
    }
    if let Some(name) = message.strip_prefix("missing field ").map(quoted)
        && let Some(name) = name.first()
    {
        return (format!("“{name}” is missing"), format!("add a line: {name} = …"));
    }
    if let Some((found, wanted)) = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
        .and_then(|rest| rest.split_once(", expected "))
    {
        let wanted = match wanted {
            "a string" | "a borrowed string" => "text in quotes",
            "a boolean" => "true or false",
            "a sequence" => "a list in brackets",
            "a map" => "a table",
            "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, zero or more",
            "i64" | "i32" => "a whole number",
            "f64" | "f32" => "a number",
            other => other,
        };
        // What was found may be a secret in the wrong place; its kind says enough.
        let found = found.split([' ', '`']).next().unwrap_or("something");
        let found = match found {
            "string" => "text",
            "integer" => "a whole number",
            "floating" => "a number",
            "boolean" => "true or false",
            "sequence" => "a list",
            "map" => "a table or a date",
            other => other,
        };
        if message.starts_with("invalid value") {
            return (format!("this is not {wanted}"), format!("write {wanted} here"));
        }
        return (
            format!("this is {found}, where {wanted} belongs"),
            format!("write {wanted} here"),
        );
    }
    (sentence(message), "mend this entry".to_owned())
}

/// A parser's message as one line.
fn sentence(message: &str) -> String {
    message.lines().collect::<Vec<_>>().join("; ")
}
