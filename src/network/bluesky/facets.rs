//! What in a reply is a link, a mention, a tag: Bluesky links nothing by itself, a record names each by its bytes.
//! <https://docs.bsky.app/docs/advanced-guides/post-richtext>. A link is what begins with http:// or https://; bare
//! domains stay text, since whether `order.no` is one is for no program to say.

use std::ops::Range;

use serde::Serialize;
use url::Url;

/// The longest tag, in characters (lexicon `app.bsky.richtext.facet`).
const TAG_LIMIT: usize = 64;

/// Something in a text that could be linked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Spot<'a> {
    pub bytes: Range<usize>,
    pub what: What<'a>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum What<'a> {
    /// A handle, without its sign; whether somebody has it must be asked.
    Mention(&'a str),
    Link(&'a str),
    /// Without its sign.
    Tag(&'a str),
}

#[derive(Debug, Serialize)]
pub(super) struct Facet {
    index: Index,
    features: [Feature; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Index {
    byte_start: usize,
    byte_end: usize,
}

#[derive(Debug, Serialize)]
#[serde(tag = "$type")]
pub(super) enum Feature {
    #[serde(rename = "app.bsky.richtext.facet#mention")]
    Mention { did: String },
    #[serde(rename = "app.bsky.richtext.facet#link")]
    Link { uri: String },
    #[serde(rename = "app.bsky.richtext.facet#tag")]
    Tag { tag: String },
}

impl Facet {
    pub fn new(bytes: Range<usize>, feature: Feature) -> Self {
        Self {
            index: Index {
                byte_start: bytes.start,
                byte_end: bytes.end,
            },
            features: [feature],
        }
    }
}

/// Everything that could be linked, in order and without overlap.
pub(super) fn spots(text: &str) -> Vec<Spot<'_>> {
    let mut spots = Vec::new();
    let mut end = 0;
    for word in text.split(char::is_whitespace) {
        let start = text[end..].find(word).map_or(end, |at| end + at);
        end = start + word.len();
        let inner = word.trim_start_matches(['(', '[', '{', '"', '“', '„', '«', '‘', '\'']);
        let at = start + (word.len() - inner.len());
        if let Some((length, what)) = spot(inner) {
            spots.push(Spot {
                bytes: at..at + length,
                what,
            });
        }
    }
    spots
}

fn spot(word: &str) -> Option<(usize, What<'_>)> {
    if let Some(rest) = word.strip_prefix('@') {
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-')))
            .unwrap_or(rest.len());
        // `@anna.example.com's`: what follows a handle ends it; a letter beyond ASCII means that it was none.
        if rest[end..].chars().next().is_some_and(char::is_alphanumeric) {
            return None;
        }
        let handle = rest[..end].trim_end_matches(['.', '-']);
        return is_handle(handle).then_some((1 + handle.len(), What::Mention(handle)));
    }
    if word.starts_with("http://") || word.starts_with("https://") {
        let link = without_punctuation(word);
        let sound = Url::parse(link).is_ok_and(|url| url.has_host());
        return sound.then_some((link.len(), What::Link(link)));
    }
    let rest = word.strip_prefix(['#', '＃'])?;
    let sign = word.len() - rest.len();
    let tag = rest.trim_end_matches(|c: char| !c.is_alphanumeric() && !is_emoji(c));
    let sound = tag.chars().any(|c| !c.is_numeric())
        && tag.chars().count() <= TAG_LIMIT
        && !tag.starts_with(['#', '\u{fe0f}', '\u{20e3}']);
    sound.then_some((sign + tag.len(), What::Tag(tag)))
}

fn is_emoji(c: char) -> bool {
    matches!(c as u32, 0x200d | 0xfe0f | 0x2600..=0x27bf | 0x1f000..=0x1faff)
}

/// A sentence's punctuation does not belong to the link at its end; a bracket does where the link opened it.
fn without_punctuation(link: &str) -> &str {
    let mut link = link;
    loop {
        let shorter = link.trim_end_matches([
            '.', ',', ';', ':', '!', '?', '"', '\'', '”', '“', '’', '»', ']', '}', '>', '…',
        ]);
        let shorter = match shorter.strip_suffix(')') {
            Some(without) if !without.contains('(') => without,
            _ => shorter,
        };
        if shorter.len() == link.len() {
            return link;
        }
        link = shorter;
    }
}

/// A domain name whose last part begins with a letter (<https://atproto.com/specs/handle>).
pub(super) fn is_handle(text: &str) -> bool {
    let part = |part: &str| {
        (1..=63).contains(&part.len())
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let parts: Vec<&str> = text.split('.').collect();
    text.len() <= 253
        && parts.len() >= 2
        && parts.iter().all(|one| part(one))
        && parts
            .last()
            .is_some_and(|last| last.starts_with(|c: char| c.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use What::{Link, Mention, Tag};

    fn found(text: &str) -> Vec<(Range<usize>, What<'_>)> {
        spots(text)
            .into_iter()
            .map(|spot| (spot.bytes, spot.what))
            .collect()
    }

    #[test]
    fn what_can_be_linked_is_found_by_its_bytes() {
        assert_eq!(
            found("Danke @anna.example.com – siehe https://example.com/ü 😀 #Köln"),
            [
                (6..23, Mention("anna.example.com")),
                (34..56, Link("https://example.com/ü")),
                (62..68, Tag("Köln")),
            ]
        );
        for (text, expected) in [
            (
                "hi @anna.example.com!",
                vec![(3..20, Mention("anna.example.com"))],
            ),
            ("(@anna.example.com)", vec![(1..18, Mention("anna.example.com"))]),
            ("@anna.example.com's", vec![(0..17, Mention("anna.example.com"))]),
            (
                "see https://a.example/b_(c).",
                vec![(4..27, Link("https://a.example/b_(c)"))],
            ),
            (
                "(see https://a.example/b).",
                vec![(5..24, Link("https://a.example/b"))],
            ),
            ("#1 #2026 #a1! ##x #", vec![(9..12, Tag("a1"))]),
            ("a@b.example me@example.com @anna @-a.example @a.1", vec![]),
            ("http:// https://", vec![]),
            ("@ä.example @a.exämple", vec![]),
            (
                "x\u{a0}@a.example\n\n#b",
                vec![(3..13, Mention("a.example")), (15..17, Tag("b"))],
            ),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn a_facet_is_written_as_the_network_wants_it() {
        let facet = Facet::new(
            0..17,
            Feature::Mention {
                did: "did:plc:aaa".into(),
            },
        );
        assert_eq!(
            serde_json::to_string(&facet).unwrap(),
            r##"{"index":{"byteStart":0,"byteEnd":17},"features":[{"$type":"app.bsky.richtext.facet#mention","did":"did:plc:aaa"}]}"##
        );
    }

    proptest::proptest! {
        #[test]
        fn bytes_are_always_those_of_whole_characters(text in "[@#＃a-z.😀ü:/ ()\n\u{a0}-]{0,80}|(https?://|@a\\.b|#é|\\s|.){0,20}") {
            let mut last = 0;
            for spot in spots(&text) {
                proptest::prop_assert!(spot.bytes.start >= last);
                proptest::prop_assert!(text.get(spot.bytes.clone()).is_some_and(|it| !it.is_empty()));
                last = spot.bytes.end;
            }
        }
    }
}
