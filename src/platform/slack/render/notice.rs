//! Private answers: to a command at once, and to somebody who was not asking, later.

use serde_json::Value;

use super::blocks::{actions, paragraph, rich, section, span, spans};
use super::text::{LONGEST, notification, plain};
use super::{Message, button, card, rows};
use crate::domain::ids::LeadId;
use crate::domain::notice::Notice;
use crate::platform::slack::command_names::reachable;

/// Rows of one answer; nobody reads further in a chat.
const ROWS: usize = 40;
/// What the rows may take of a message's 12 000 characters.
const ROOM: usize = 9_000;

pub fn notice(notice: &Notice) -> Message {
    Message {
        text: notification(&format!("{}{}", card::tone(notice.tone), reachable(&notice.text))),
        blocks: vec![body(notice)],
    }
}

/// The whole notice as one block, which fits a message as well as a view.
pub(super) fn body(notice: &Notice) -> Value {
    let mut first = spans(&reachable(&notice.text), 1_000);
    let sign = card::tone(notice.tone);
    if !sign.is_empty() {
        first.insert(0, span(sign));
    }
    let (rows, left) = match notice.earlier {
        Some(_) => rows::last_rows(&notice.rows, ROWS, ROOM),
        None => rows::rows(&notice.rows, ROWS, ROOM),
    };
    if !rows.is_empty() {
        first.push(span("\n"));
    }
    let mut elements = vec![paragraph(first)];
    if notice.earlier.is_some() {
        let missing = notice.older_missing(left);
        elements.extend(missing.map(|missing| paragraph(vec![span(&format!("… {missing}\n"))])));
        elements.extend(rows);
    } else {
        elements.extend(rows);
        elements.extend(rows::and_more(left));
    }
    rich(elements)
}

/// Something that one member is told without having asked, with a way to the lead.
pub fn told(lead: Option<LeadId>, text: &str) -> Message {
    let text = &reachable(text);
    let mut blocks = vec![section(plain(text, LONGEST))];
    if let Some(lead) = lead {
        let show = button::button("show", &format!("Show {lead}"), &lead.to_string());
        blocks.push(actions(vec![show]));
    }
    Message {
        text: notification(text),
        blocks,
    }
}
