//! The shapes of a first answer. Every message among them parses no mention, whatever stands in it, and is seen by the
//! asker alone. <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object>

use serde_json::{Value, json};

/// The flag of a message that one person alone sees.
const PRIVATE: u64 = 64;

pub(super) fn pong() -> Value {
    json!({ "type": 1 })
}

/// A private message, now.
pub(super) fn message(body: Value) -> Value {
    let mut body = silent(body);
    body["flags"] = PRIVATE.into();
    json!({ "type": 4, "data": body })
}

/// The message that the button or select stood in, changed.
pub(super) fn update(body: Value) -> Value {
    json!({ "type": 7, "data": silent(body) })
}

/// “Switchboard is thinking…”, privately. What follows edits it.
pub(super) fn thinking() -> Value {
    json!({ "type": 5, "data": { "flags": PRIVATE } })
}

/// Nothing visible; what follows edits the message that the button or select stood in.
pub(super) fn unchanged() -> Value {
    json!({ "type": 6 })
}

pub(super) fn completions(choices: Vec<Value>) -> Value {
    json!({ "type": 8, "data": { "choices": choices } })
}

pub(super) fn modal(body: Value) -> Value {
    json!({ "type": 9, "data": body })
}

/// No text in it calls anybody, also where it replaces another: an edit forgets what the post had said.
pub(super) fn silent(mut body: Value) -> Value {
    body["allowed_mentions"] = json!({ "parse": [] });
    body
}

/// The same as a message that follows an answer.
pub(super) fn following(body: Value) -> Value {
    let mut body = silent(body);
    body["flags"] = PRIVATE.into();
    body
}
