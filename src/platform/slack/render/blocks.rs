//! The pieces of Block Kit that our messages are made of, and the fitting of parts into one message: Slack refuses a
//! message with too many blocks or too much text as a whole, so what matters least is left out first.
//!
//! Block Kit: <https://docs.slack.dev/reference/block-kit/>

use jiff::Timestamp;
use serde_json::{Value, json};

use super::text::{DATE_FORMAT, length, plain, seconds, utc, words};

pub(super) const BLOCKS_OF_A_MESSAGE: usize = 50;
pub(super) const BLOCKS_OF_A_VIEW: usize = 100;
/// Slack does not say how long a message's blocks may be together; refusals begin a little above 13 000 characters.
pub(super) const LONGEST_MESSAGE: usize = 12_000;
/// What is always in: the other parts share what these leave.
pub(super) const ALWAYS: u32 = 0;

pub(super) fn header(text: &str) -> Value {
    json!({ "type": "header", "text": super::text::plain_line(text, 140) })
}

pub(super) fn section(text: Value) -> Value {
    json!({ "type": "section", "text": text })
}

pub(super) fn fields(fields: Vec<Value>) -> Value {
    json!({ "type": "section", "fields": fields })
}

pub(super) fn context(elements: Vec<Value>) -> Value {
    json!({ "type": "context", "elements": elements })
}

pub(super) fn actions(elements: Vec<Value>) -> Value {
    json!({ "type": "actions", "elements": elements })
}

/// A picture at an address that `text::safe_url` has passed.
pub(super) fn image(address: &str, alt: &str) -> Value {
    json!({ "type": "image", "image_url": address, "alt_text": words(alt, 2000) })
}

/// A picture that was uploaded to Slack.
pub(super) fn uploaded(file: &str, title: &str, alt: &str) -> Value {
    json!({
        "type": "image",
        "slack_file": { "id": file },
        "title": plain(title, 2000),
        "alt_text": words(alt, 2000),
    })
}

/// Rich text is never parsed: what stands in it is shown.
pub(super) fn rich(elements: Vec<Value>) -> Value {
    json!({ "type": "rich_text", "elements": elements })
}

pub(super) fn paragraph(spans: Vec<Value>) -> Value {
    json!({ "type": "rich_text_section", "elements": spans })
}

pub(super) fn quote(spans: Vec<Value>) -> Value {
    json!({ "type": "rich_text_quote", "elements": spans })
}

pub(super) fn span(text: &str) -> Value {
    json!({ "type": "text", "text": text })
}

pub(super) fn bold(text: &str) -> Value {
    json!({ "type": "text", "text": text, "style": { "bold": true } })
}

/// Our sentences set what is to be typed between grave accents; here it stands in the type for code. The pieces of one
/// text stay within `max` together.
pub(super) fn spans(text: &str, max: usize) -> Vec<Value> {
    let text = words(text, max);
    let pieces: Vec<&str> = text.split('`').collect();
    // Without a closing accent, the last one is only a character.
    if pieces.len().is_multiple_of(2) {
        return vec![span(&text)];
    }
    pieces
        .into_iter()
        .enumerate()
        .filter(|(_, piece)| !piece.is_empty())
        .map(|(at, piece)| match at % 2 {
            0 => span(piece),
            _ => json!({ "type": "text", "text": piece, "style": { "code": true } }),
        })
        .collect()
}

/// A time in rich text, on each reader's clock.
pub(super) fn moment(at: Timestamp) -> Value {
    match seconds(at) {
        Some(seconds) => {
            json!({ "type": "date", "timestamp": seconds, "format": DATE_FORMAT, "fallback": utc(at) })
        }
        None => span(&utc(at)),
    }
}

/// Blocks that belong together: shown or left out as one.
struct Part {
    name: String,
    /// The larger, the sooner it is left out.
    rank: u32,
    blocks: Vec<Value>,
}

/// Parts in the order in which they are shown.
#[derive(Default)]
pub(super) struct Layout {
    parts: Vec<Part>,
}

impl Layout {
    /// `name` is part of the blocks' ids; two parts never share one.
    pub fn add(&mut self, name: impl Into<String>, rank: u32, blocks: Vec<Value>) {
        self.parts.push(Part {
            name: name.into(),
            rank,
            blocks,
        });
    }

    /// What fits, under ids that begin with `prefix`, and the names of the parts that were left out. A part that does not
    /// fit does not hold up a smaller one behind it, except one of the same kind: a conversation has no holes.
    pub fn fit(self, prefix: &str, max_blocks: usize, max_length: usize) -> (Vec<Value>, Vec<String>) {
        let mut parts: Vec<(usize, Part)> = self.parts.into_iter().enumerate().collect();
        for (_, part) in &mut parts {
            for (at, block) in part.blocks.iter_mut().enumerate() {
                let id = match at {
                    0 => format!("{prefix}:{}", part.name),
                    at => format!("{prefix}:{}:{at}", part.name),
                };
                block["block_id"] = json!(id);
            }
        }
        parts.sort_by_key(|(at, part)| (part.rank, *at));
        let (mut blocks_left, mut length_left) = (max_blocks, max_length.saturating_sub(2));
        let (mut shown, mut left_out): (Vec<(usize, Part)>, Vec<String>) = Default::default();
        for (at, part) in parts {
            let kind = kind_of(&part.name).to_owned();
            // Each block is followed by a comma, or by the end of the list.
            let size: usize = part
                .blocks
                .iter()
                .map(|block| length(&block.to_string()) + 1)
                .sum();
            let hole = left_out.iter().any(|name| kind_of(name) == kind);
            if !hole && part.blocks.len() <= blocks_left && size <= length_left {
                blocks_left -= part.blocks.len();
                length_left -= size;
                shown.push((at, part));
            } else {
                left_out.push(part.name);
            }
        }
        shown.sort_by_key(|(at, _)| *at);
        (
            shown.into_iter().flat_map(|(_, part)| part.blocks).collect(),
            left_out,
        )
    }
}

/// `turn-3` is a turn.
fn kind_of(name: &str) -> &str {
    name.split_once('-').map_or(name, |(kind, _)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(letters: usize) -> Vec<Value> {
        vec![section(plain(&"x".repeat(letters), 3000))]
    }

    #[test]
    fn what_matters_least_is_left_out_first_and_nothing_changes_places() {
        let mut layout = Layout::default();
        layout.add("turn-2", 7, part(10));
        layout.add("turn-1", 6, part(900));
        layout.add("turn-0", 1, part(10));
        layout.add("buttons", ALWAYS, part(10));
        let (blocks, left_out) = layout.fit("L-1:2", 50, 600);
        let ids: Vec<&str> = blocks
            .iter()
            .filter_map(|block| block["block_id"].as_str())
            .collect();
        assert_eq!(ids, ["L-1:2:turn-0", "L-1:2:buttons"]);
        assert_eq!(left_out, ["turn-1", "turn-2"], "no hole in the conversation");
        assert!(length(&json!(blocks).to_string()) <= 600);
    }

    #[test]
    fn what_is_to_be_typed_is_code_and_a_lone_accent_is_a_character() {
        assert_eq!(
            spans("Type `/queue` now", 100),
            [
                span("Type "),
                json!({ "type": "text", "text": "/queue", "style": { "code": true } }),
                span(" now")
            ]
        );
        assert_eq!(spans("a ` b", 100), [span("a ` b")]);
        assert_eq!(spans("", 100), [span("–")]);
    }
}
