//! From a verified body to mentions: a JSON object, a JSON array, JSON Lines, or a form with the JSON in `payload`.
//! Errors name the place in the body.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::Webhook;
use crate::domain::mention::Mention;

/// How deep objects and arrays may stand in each other.
const DEPTH_LIMIT: usize = 64;

/// Why nothing of a body was taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// The body as a whole.
    Body(String),
    /// Some of its items.
    Items { of: usize, items: Vec<Item> },
}

/// One item that is not a mention; positions count from 1.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Item {
    pub position: usize,
    pub problem: String,
}

/// How many bad items an answer lists; the count is always whole.
pub(super) const ITEMS_LISTED: usize = 100;

impl Webhook {
    pub(super) fn mentions(
        &self,
        body: &[u8],
        form: bool,
        now: Timestamp,
    ) -> Result<Vec<Mention>, Unreadable> {
        let text = std::str::from_utf8(body).map_err(|error| {
            Unreadable::Body(format!(
                "the body is not UTF-8: byte {} is wrong",
                error.valid_up_to() + 1
            ))
        })?;
        let mut reading = Reading {
            webhook: self,
            now,
            count: 0,
            mentions: Vec::new(),
            bad: Vec::new(),
        };
        if form {
            match payload(text) {
                Form::Payload(json) => reading.json(&json)?,
                Form::Flat(record) => reading.items(&record)?,
            }
        } else {
            reading.json(text)?;
        }
        if reading.bad.is_empty() {
            Ok(reading.mentions)
        } else {
            Err(Unreadable::Items {
                of: reading.count,
                items: reading.bad,
            })
        }
    }
}

struct Reading<'a> {
    webhook: &'a Webhook,
    now: Timestamp,
    count: usize,
    mentions: Vec<Mention>,
    bad: Vec<Item>,
}

impl Reading<'_> {
    /// One JSON value or several, one after the other, as JSON Lines have them.
    fn json(&mut self, text: &str) -> Result<(), Unreadable> {
        if let Some(at) = too_deep(text.as_bytes()) {
            let (line, column) = place(text, at);
            return Err(Unreadable::Body(format!(
                "the JSON is more than {DEPTH_LIMIT} levels deep at line {line} column {column}"
            )));
        }
        let mut documents = 0;
        for document in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
            let document =
                document.map_err(|error| Unreadable::Body(format!("the body is not JSON: {error}")))?;
            self.items(&document)?;
            documents += 1;
        }
        if documents == 0 {
            return Err(Unreadable::Body("the body is empty".to_owned()));
        }
        Ok(())
    }

    fn items(&mut self, document: &Value) -> Result<(), Unreadable> {
        // A sender may put several envelopes into one array.
        if let (Value::Array(envelopes), true) = (document, self.webhook.enveloped()) {
            return envelopes.iter().try_for_each(|envelope| self.enveloped(envelope));
        }
        self.enveloped(document)
    }

    fn enveloped(&mut self, document: &Value) -> Result<(), Unreadable> {
        match self.webhook.items.find(document) {
            Some(Value::Array(items)) => items.iter().for_each(|item| self.item(item)),
            Some(item) => self.item(item),
            None => {
                return Err(Unreadable::Body(
                    "there is nothing at the place where the settings say that the items are".to_owned(),
                ));
            }
        }
        Ok(())
    }

    fn item(&mut self, item: &Value) {
        self.count += 1;
        let mention = match item {
            Value::Object(_) => self
                .webhook
                .mapping
                .mention(item, &self.webhook.origin, self.now)
                .map_err(|why| why.to_string()),
            _ => Err("not a JSON object".to_owned()),
        };
        match mention {
            Ok(mention) if self.bad.is_empty() => self.mentions.push(mention),
            Ok(_) => {}
            Err(problem) => self.bad.push(Item {
                position: self.count,
                problem,
            }),
        }
    }
}

impl Webhook {
    fn enveloped(&self) -> bool {
        self.items != Default::default()
    }
}

enum Form<'a> {
    Payload(Cow<'a, str>),
    /// Zapier's "form": every field a string.
    Flat(Value),
}

fn payload(text: &str) -> Form<'_> {
    let mut flat = serde_json::Map::new();
    for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
        if name == "payload" {
            return Form::Payload(value);
        }
        flat.insert(name.into_owned(), Value::String(value.into_owned()));
    }
    Form::Flat(Value::Object(flat))
}

/// Where the nesting passes its limit; asked before anything is built, in one pass over the bytes.
fn too_deep(json: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quoted = false;
    let mut at = 0;
    while let Some(byte) = json.get(at) {
        match (quoted, byte) {
            (true, b'\\') => at += 1,
            (_, b'"') => quoted = !quoted,
            (false, b'{' | b'[') => {
                depth += 1;
                if depth > DEPTH_LIMIT {
                    return Some(at);
                }
            }
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    None
}

fn place(text: &str, at: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..at];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    (line, column)
}
