//! One line of a lead's history, for the thread under its card.

use super::Message;
use super::blocks::{moment, paragraph, quote, rich, span, spans};
use super::text::{notification, words};
use crate::domain::notice::Row;

pub fn line(row: &Row) -> Message {
    let mut first = spans(&row.text, 1500);
    if let Some(at) = row.at {
        first.push(span(" · "));
        first.push(moment(at));
    }
    let mut elements = vec![paragraph(first)];
    if let Some(said) = &row.said {
        elements.push(quote(vec![span(&words(said.as_written(), 2500))]));
    }
    Message {
        text: notification(&row.text),
        blocks: vec![rich(elements)],
    }
}
