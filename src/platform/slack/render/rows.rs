//! Rows of a notice or a digest in rich text: leads as a list, other lines as paragraphs. Rich text is not parsed, so what
//! strangers wrote stands in it as they wrote it.
//!
//! Rich text: <https://docs.slack.dev/reference/block-kit/blocks/rich-text-block/>

use std::borrow::Cow;

use serde_json::{Value, json};

use super::blocks::{bold, moment, paragraph, span, spans};
use super::text::{length, line};
use crate::domain::notice::Row;
use crate::platform::slack::command_names::reachable;

/// An excerpt in a list; who wants more asks for the lead.
const SAID: usize = 200;
const TEXT: usize = 500;

/// As many rows as `most` and `room` (in characters of JSON) allow, and how many were left out.
pub(super) fn rows(rows: &[Row], most: usize, room: usize) -> (Vec<Value>, usize) {
    let taken = fitting(rows.iter(), most, room);
    (drawn(rows.iter().take(taken)), rows.len() - taken)
}

/// The same from the end.
pub(super) fn last_rows(rows: &[Row], most: usize, room: usize) -> (Vec<Value>, usize) {
    let left = rows.len() - fitting(rows.iter().rev(), most, room);
    (drawn(rows.iter().skip(left)), left)
}

fn fitting<'a>(rows: impl Iterator<Item = &'a Row>, most: usize, room: usize) -> usize {
    let mut used = 0;
    let fits = |row: &&Row| {
        // A paragraph of its own, or its share of a list.
        used += length(&paragraph(row_spans(row)).to_string()) + 80;
        used <= room
    };
    rows.take(most).take_while(fits).count()
}

fn drawn<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<Value> {
    let mut elements: Vec<Value> = Vec::new();
    let mut list: Vec<Value> = Vec::new();
    for row in rows {
        let mut spans = row_spans(row);
        if row.lead.is_some() {
            list.push(paragraph(spans));
        } else {
            elements.extend(listed(std::mem::take(&mut list)));
            spans.push(span("\n"));
            elements.push(paragraph(spans));
        }
    }
    elements.extend(listed(list));
    elements
}

fn listed(items: Vec<Value>) -> Option<Value> {
    (!items.is_empty()).then(|| json!({ "type": "rich_text_list", "style": "bullet", "elements": items }))
}

fn row_spans(row: &Row) -> Vec<Value> {
    let mut out = Vec::new();
    if let Some(lead) = row.lead {
        out.push(bold(&lead.to_string()));
        out.push(span(" · "));
    }
    // Lines about no lead are ours, such as those of help.
    let text = match (row.lead, &row.said) {
        (None, None) => Cow::Owned(reachable(&row.text)),
        _ => Cow::Borrowed(row.text.as_str()),
    };
    out.extend(spans(&text, TEXT));
    // A line about no lead in particular tells its time in words.
    if let (Some(_), Some(at)) = (row.lead, row.at) {
        out.push(span(" · "));
        out.push(moment(at));
    }
    if let Some(said) = &row.said {
        out.push(span(&format!("\n“{}”", line(said.as_written(), SAID))));
    }
    out
}

/// The last line of a list that was cut.
pub(super) fn and_more(left: usize) -> Option<Value> {
    (left > 0).then(|| paragraph(vec![span(&format!("… and {left} more"))]))
}
