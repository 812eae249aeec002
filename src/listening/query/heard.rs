//! A mention, or a text alone, made ready for queries.

use super::tokens::{Prepared, Spelling};
use super::tree::{Node, Words};
use crate::domain::mention::Mention;

/// What queries are asked of. Made once for a mention, however many queries there are.
pub struct Heard<'a> {
    pub(super) mention: Option<&'a Mention>,
    text: &'a str,
    prepared: std::borrow::Cow<'a, Prepared>,
}

const MOST_SPANS: usize = 4_000;

/// The places of the first and the last of some tokens.
type Span = (usize, usize);

impl<'a> Heard<'a> {
    pub fn of(mention: &'a Mention) -> Self {
        Self {
            mention: Some(mention),
            ..Self::text(mention.text.as_written())
        }
    }

    /// A text of which nothing else is known: of the fields, only those that ask for links can hold.
    pub fn text(text: &'a str) -> Self {
        let mut prepared = Prepared::default();
        prepared.read(text, Spelling::Folded);
        Self {
            mention: None,
            text,
            prepared: std::borrow::Cow::Owned(prepared),
        }
    }

    /// A text that has been parted into folded words already.
    pub(super) fn prepared(text: &'a str, prepared: &'a Prepared) -> Self {
        Self {
            mention: None,
            text,
            prepared: std::borrow::Cow::Borrowed(prepared),
        }
    }

    pub(super) fn has_link(&self) -> bool {
        self.text.contains("://") || self.links().next().is_some()
    }

    pub(super) fn links_to(&self, parts: &[String]) -> bool {
        self.links()
            .map(str::to_lowercase)
            .any(|link| parts.iter().any(|part| link.contains(part.as_str())))
    }

    fn links(&self) -> impl Iterator<Item = &'a str> {
        self.text.split_whitespace().filter(|piece| {
            let piece = piece.to_lowercase();
            piece.contains("://") || piece.contains("www.")
        })
    }

    pub(super) fn holds(&self, node: &Node) -> bool {
        match node {
            Node::All(nodes) => nodes.iter().all(|node| self.holds(node)),
            Node::Any(nodes) => nodes.iter().any(|node| self.holds(node)),
            Node::Not(node) => !self.holds(node),
            Node::Near(..) => !self.spans(node).is_empty(),
            Node::Words(words) => self.starts(words).next().is_some(),
            Node::Field(field) => field.holds(self),
        }
    }

    /// Where something stands, for what must stand near it.
    fn spans(&self, node: &Node) -> Vec<Span> {
        match node {
            Node::Words(words) => self
                .starts(words)
                .map(|start| (start, start + words.tokens.len() - 1))
                .collect(),
            Node::Any(nodes) => nodes.iter().flat_map(|node| self.spans(node)).collect(),
            Node::Near(distance, one, other) => {
                let others = self.spans(other);
                let mut spans = Vec::new();
                for one in self.spans(one) {
                    let near = others
                        .iter()
                        .filter(|other| distance_between(one, **other) <= *distance);
                    spans.extend(near.map(|other| (one.0.min(other.0), one.1.max(other.1))));
                }
                // The same words can be reached in many ways; a text of one word said a thousand times has no end of them.
                spans.sort_unstable();
                spans.dedup();
                spans.truncate(MOST_SPANS);
                spans
            }
            // The parser lets nothing else be near.
            Node::All(_) | Node::Not(_) | Node::Field(_) => Vec::new(),
        }
    }

    fn starts<'s>(&'s self, words: &'s Words) -> impl Iterator<Item = usize> + 's {
        let spans = &self.prepared.spans;
        let token = |(start, end): &(u32, u32)| &self.prepared.bytes[*start as usize..*end as usize];
        let last = words.tokens.len() - 1;
        let fits = move |window: &&[(u32, u32)]| {
            window
                .iter()
                .zip(&words.tokens)
                .enumerate()
                .all(|(at, (span, wanted))| match words.open && at == last {
                    true => token(span).starts_with(wanted.as_bytes()),
                    false => token(span) == wanted.as_bytes(),
                })
        };
        let windows = spans.windows(words.tokens.len()).enumerate();
        windows.filter(move |(_, window)| fits(window)).map(|(at, _)| at)
    }

    /// Which parts of a query hold, in its own words; nothing of what must not be there.
    pub(super) fn found<'q>(&self, node: &'q Node, found: &mut Vec<&'q str>) {
        match node {
            Node::All(nodes) => nodes.iter().for_each(|node| self.found(node, found)),
            Node::Any(nodes) => {
                let holding = nodes.iter().filter(|node| self.holds(node));
                holding.for_each(|node| self.found(node, found));
            }
            Node::Not(_) => {}
            Node::Near(_, one, other) => {
                self.found(one, found);
                self.found(other, found);
            }
            Node::Words(words) if self.holds(node) => found.push(&words.written),
            Node::Field(field) if self.holds(node) => found.push(&field.written),
            Node::Words(_) | Node::Field(_) => {}
        }
    }
}

/// From one to the other in words; what overlaps is as near as can be, but nothing is near itself.
fn distance_between(one: Span, other: Span) -> usize {
    match (one, other) {
        (one, other) if one == other => usize::MAX,
        ((_, end), (start, _)) if end < start => start - end,
        ((start, _), (_, end)) if end < start => start - end,
        _ => 0,
    }
}
