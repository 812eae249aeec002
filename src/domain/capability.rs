//! What a network can do for us, and how it counts text. Cards, forms, `check` and the docs derive from this record;
//! no code asks which network it is talking to.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use super::mention::MentionKind;

/// How a network counts the length of a text. Sources are in each connector's page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// Unicode scalar values.
    #[default]
    Characters,
    /// What a reader takes for one character; a family emoji counts as one.
    Graphemes,
    /// Graphemes, but every link counts as 23 and `@user@host` as `@user` (Mastodon).
    GraphemesShortLinks,
    /// X's weighted counting: most Latin 1, everything wide 2, an emoji 2, every link 23.
    Weighted,
    /// UTF-8 bytes.
    Bytes,
    /// UTF-16 code units.
    Utf16,
}

impl Counting {
    pub fn count(self, text: &str) -> usize {
        match self {
            Self::Characters => text.chars().count(),
            Self::Graphemes => text.graphemes(true).count(),
            Self::Bytes => text.len(),
            Self::Utf16 => text.encode_utf16().count(),
            Self::GraphemesShortLinks => {
                with_short_links(text, |plain| without_hosts(plain).graphemes(true).count())
            }
            Self::Weighted => with_short_links(text, weigh),
        }
    }
}

const LINK_LENGTH: usize = 23;

/// Counts http and https links as a fixed length and the rest with `plain`.
fn with_short_links(text: &str, plain: impl Fn(&str) -> usize) -> usize {
    let mut total = 0;
    let mut rest = text;
    while let Some(start) = next_link(rest) {
        total += plain(&rest[..start]) + LINK_LENGTH;
        let link = &rest[start..];
        let end = link.find(char::is_whitespace).unwrap_or(link.len());
        rest = &link[end..];
    }
    total + plain(rest)
}

fn next_link(text: &str) -> Option<usize> {
    [text.find("http://"), text.find("https://")]
        .into_iter()
        .flatten()
        .min()
}

/// `@mara@social.example` is counted by Mastodon as `@mara`.
fn without_hosts(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        match bare.strip_prefix('@').and_then(|name| name.split_once('@')) {
            Some((user, host)) if !user.is_empty() && host.contains('.') => {
                out.push('@');
                out.push_str(user);
                out.push_str(&word[bare.len()..]);
            }
            _ => out.push_str(word),
        }
    }
    out
}

/// X's weights, configuration v3: the four light ranges weigh one, an emoji two whatever it is made of, all else two.
fn weigh(text: &str) -> usize {
    use unicode_normalization::UnicodeNormalization;
    let light = |c: char| matches!(c as u32, 0..=4351 | 8192..=8205 | 8208..=8223 | 8242..=8247);
    let normal: String = text.nfc().collect();
    normal
        .graphemes(true)
        .map(|cluster| {
            let joined = cluster.contains(['\u{200d}', '\u{fe0f}', '\u{20e3}'])
                || cluster
                    .chars()
                    .any(|c| matches!(c as u32, 0x1f1e6..=0x1f1ff | 0x1f3fb..=0x1f3ff));
            if joined && cluster.chars().any(|c| !light(c)) {
                return 2;
            }
            cluster.chars().map(|c| if light(c) { 1 } else { 2 }).sum()
        })
        .sum()
}

/// How mentions reach us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrival {
    /// The network posts to us.
    Push,
    /// A standing connection.
    Stream,
    #[default]
    Poll,
}

/// One network's abilities, as its connector declares them. Its default is a source that can only be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// What comes in this way; empty where the sender decides.
    pub reads: Vec<MentionKind>,
    pub arrival: Arrival,
    /// Can a reply be published through us? Otherwise the card offers the link and *Answered there*.
    pub replies: bool,
    /// The longest reply, in the unit of `counting`; none means the network states no limit.
    pub text_limit: Option<usize>,
    pub counting: Counting,
    /// Does the network itself refuse a second publish with the same key?
    pub idempotent: bool,
    /// Can we look for our own earlier reply after an uncertain outcome?
    pub reconciles: bool,
    /// How long after a message it may be answered; none means any time.
    pub reply_window: Option<SignedDuration>,
}

impl Capabilities {
    /// A source that can only be read: a feed, a listening tool's webhook.
    pub fn read_only() -> Self {
        Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of the networks' own documentation.
    #[test]
    fn texts_are_counted_as_each_network_counts_them() {
        use Counting::*;
        let family = "👩\u{200d}👩\u{200d}👧";
        for (text, counting, expected) in [
            ("hello", Weighted, 5),
            ("日本語", Weighted, 6),
            ("café’s “x”…", Weighted, 12),
            ("see https://example.com/very/long/path ok", Weighted, 30),
            ("€", Weighted, 2),
            ("…", Weighted, 2),
            ("–", Weighted, 1),
            (family, Weighted, 2),
            ("@mara@social.example hi", GraphemesShortLinks, 8),
            (
                "see https://example.com/very/long/path ok",
                GraphemesShortLinks,
                30,
            ),
            (family, Graphemes, 1),
            (family, GraphemesShortLinks, 1),
            (family, Bytes, 18),
            ("ü", Bytes, 2),
            ("😀", Utf16, 2),
        ] {
            assert_eq!(counting.count(text), expected, "{text} by {counting:?}");
        }
    }
}
