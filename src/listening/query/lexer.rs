//! Parts a query into its signs, each with its place.

use std::ops::Range;

use super::error::QueryError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Open,
    Close,
    And,
    Or,
    /// `NOT`, or a `-` right before something.
    Not,
    /// At most so many words further.
    Near(usize),
    Word(String),
    /// Without its quotes.
    Phrase(String),
    /// `name:value`; the value begins at this byte.
    Field(String, String, usize),
}

#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) sign: Sign,
    pub(super) place: Range<usize>,
}

/// Words further apart than this are not near by anybody's reading.
const FURTHEST: usize = 100;

pub(super) fn signs(query: &str) -> Result<Vec<Placed>, QueryError> {
    let mut signs = Vec::new();
    let mut at = 0;
    while let Some(c) = query[at..].chars().next() {
        let start = at;
        at += c.len_utf8();
        let sign = match c {
            c if c.is_whitespace() => continue,
            '(' => Sign::Open,
            ')' => Sign::Close,
            '-' | '−' if query[at..].starts_with(|c: char| !c.is_whitespace() && c != ')' && c != '-') => {
                Sign::Not
            }
            c if is_quote(c) => {
                let (text, end) = quoted(query, start, at)?;
                at = end;
                Sign::Phrase(text)
            }
            _ => {
                at = word_end(query, start);
                let word = &query[start..at];
                match field_name(word) {
                    Some(name) => {
                        let value_at = start + name.len() + 1;
                        let first = query[value_at..].chars().next().filter(|c| is_quote(*c));
                        let value = match first {
                            Some(quote) if value_at == at => {
                                let (value, end) = quoted(query, value_at, value_at + quote.len_utf8())?;
                                at = end;
                                value
                            }
                            _ => query[value_at..at].to_owned(),
                        };
                        Sign::Field(name.to_lowercase(), value, value_at)
                    }
                    None => operator(query, start..at)?,
                }
            }
        };
        signs.push(Placed {
            sign,
            place: start..at,
        });
    }
    Ok(signs)
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„')
}

fn quoted(query: &str, opening: usize, from: usize) -> Result<(String, usize), QueryError> {
    let Some(length) = query[from..].find(is_quote) else {
        return Err(QueryError::at(
            query,
            opening..query.len(),
            "this quote is never closed",
            "put a \" behind the phrase's last word",
        ));
    };
    let end = from + length;
    let quote = query[end..].chars().next().map_or(1, char::len_utf8);
    Ok((query[from..end].to_owned(), end + quote))
}

fn word_end(query: &str, start: usize) -> usize {
    let ends = |c: char| c.is_whitespace() || c == '(' || c == ')' || is_quote(c);
    query[start..]
        .find(ends)
        .map_or(query.len(), |length| start + length)
}

/// `author` of `author:mara`. A colon elsewhere (`10:30`, `:-`) is a part of a word.
fn field_name(word: &str) -> Option<&str> {
    let (name, _) = word.split_once(':')?;
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    is_name.then_some(name)
}

fn operator(query: &str, place: Range<usize>) -> Result<Sign, QueryError> {
    let word = &query[place.clone()];
    let meant = |operator: &str| {
        Err(QueryError::at(
            query,
            place.clone(),
            format!("“{word}” is no operator"),
            format!("did you mean {operator}? To look for the word itself, write \"{word}\""),
        ))
    };
    match word {
        "AND" => return Ok(Sign::And),
        "OR" => return Ok(Sign::Or),
        "NOT" => return Ok(Sign::Not),
        "&&" | "&" | "+" => return meant("AND"),
        "||" | "|" => return meant("OR"),
        "!" => return meant("NOT"),
        _ => {}
    }
    let lower = word.to_lowercase();
    for operator in ["AND", "OR", "NOT"] {
        if lower == operator.to_lowercase() {
            return meant(operator);
        }
    }
    let Some(distance) = lower.strip_prefix("near/") else {
        return match word {
            "NEAR" => meant("NEAR/5"),
            word => Ok(Sign::Word(word.to_owned())),
        };
    };
    match distance.parse() {
        Ok(distance) if (1..=FURTHEST).contains(&distance) && word.starts_with("NEAR") => {
            Ok(Sign::Near(distance))
        }
        Ok(distance) if (1..=FURTHEST).contains(&distance) => meant(&format!("NEAR/{distance}")),
        _ => Err(QueryError::at(
            query,
            place,
            format!("“{word}” does not say how near"),
            format!("write a number of words from 1 to {FURTHEST}: NEAR/5"),
        )),
    }
}
