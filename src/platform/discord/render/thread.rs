//! One line of a lead's history, for the thread under its card. The lead is not named again: the thread is about it.
//! <https://docs.discord.com/developers/resources/message#create-message>

use serde_json::{Value, json};

use super::text;
use crate::domain::notice::Row;

/// A line of history with the time it happened; what was said in public is quoted.
pub fn line(row: &Row) -> Value {
    let mut content = text::sentence(&row.text, 800);
    if let Some(at) = row.at {
        content = format!("{content} · {}", text::time(at));
    }
    if let Some(said) = row.said.as_ref().filter(|said| !said.is_empty()) {
        content = format!("{content}\n{}", text::quote(said.as_written(), 1100));
    }
    json!({ "content": content, "allowed_mentions": { "parse": [] } })
}
