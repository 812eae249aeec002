//! A text as words for matching, prepared once in a buffer that is used again for the next text.
//!
//! The work is split so that the common case is quick: whatever is not plain ASCII is first rewritten (folded, or lower
//! case), with a space wherever words part; after that a byte tells by itself whether it belongs to a word.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;

use crate::listening::folding::{fold, is_written_without_spaces, link_start};

/// Which texts count as the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// Lower case, and tokens as `[#@]?\w[\w']*` finds them: the normal form of rules given as lists of terms.
    Written,
    /// As routes and queries compare: no case, no diacritics, no links; an apostrophe parts words; a hashtag is also the
    /// word without its sign; scripts without spaces and emoji give one token per character.
    Folded,
}

/// Zeros behind a text, so that sixteen bytes can be read at any token's start.
pub(super) const PADDING: usize = 16;
/// Spaces before it, so that there is something before its first token.
const MARGIN: usize = 2;
/// How many bytes are looked at together; a prepared text is padded to a multiple of it.
const BLOCK: usize = 64;

/// A text made ready, and where its tokens are. Kept for the next text, so that reading allocates nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Prepared {
    /// Lower case; a space wherever words part; spaces before and zeros behind.
    pub(super) bytes: Vec<u8>,
    /// Start and end of each token.
    pub(super) spans: Vec<(u32, u32)>,
    starts: Vec<u32>,
    ends: Vec<u32>,
}

impl Prepared {
    pub(super) fn read(&mut self, text: &str, spelling: Spelling) {
        self.prepare(text, spelling);
        self.find_words(spelling == Spelling::Written);
        self.join_signs(spelling);
    }

    /// Finds where words begin and end, a block of bytes at a time: one bit per byte, and a text's words are the runs.
    fn find_words(&mut self, apostrophes: bool) {
        self.starts.clear();
        self.ends.clear();
        // Whether the byte before the block belongs to a word.
        let mut carry = 0;
        let (blocks, _) = self.bytes.as_chunks::<BLOCK>();
        for (base, block) in (0..).step_by(BLOCK).zip(blocks) {
            let word = bits(block, |byte| {
                // Beyond ASCII only what belongs to words is left in a prepared text.
                byte.wrapping_sub(b'a') < 26 || byte.wrapping_sub(b'0') < 10 || byte == b'_' || byte >= 0x80
            });
            let marks = if apostrophes {
                bits(block, |byte| byte == b'\'')
            } else {
                0
            };
            // An apostrophe goes on with a word and begins none: the sum runs through those at the start of a run.
            let run = word | marks;
            let leading = run & !(run << 1 | carry) & marks;
            let token = run & !(marks & !marks.wrapping_add(leading));
            let before = token << 1 | carry;
            carry = token >> 63;
            each_bit(token & !before, base, &mut self.starts);
            each_bit(!token & before, base, &mut self.ends);
        }
    }

    fn join_signs(&mut self, spelling: Spelling) {
        self.spans.clear();
        let spans = self.starts.iter().zip(&self.ends);
        match spelling {
            Spelling::Written => self.spans.extend(spans.map(|(start, end)| {
                let sign = self.bytes[*start as usize - 1];
                (start - u32::from(sign == b'#' || sign == b'@'), *end)
            })),
            Spelling::Folded => {
                let mut parted = 0;
                for (start, end) in spans {
                    let sign = self.bytes[*start as usize - 1];
                    // `me@x.example` mentions nobody, and `a#b` is no hashtag.
                    match parted != start - 1 {
                        true if sign == b'@' => self.spans.push((start - 1, *end)),
                        true if sign == b'#' => self.spans.extend([(start - 1, *start), (*start, *end)]),
                        _ => self.spans.push((*start, *end)),
                    }
                    parted = *end;
                }
            }
        }
    }

    /// Puts a text into the buffer. HTML entities are letters again.
    fn prepare(&mut self, text: &str, spelling: Spelling) {
        let buffer = &mut self.bytes;
        buffer.clear();
        buffer.extend_from_slice(&[b' '; MARGIN]);
        let text = match text.contains('&') {
            true => html_escape::decode_html_entities(text),
            false => Cow::Borrowed(text),
        };
        match spelling {
            Spelling::Written if text.is_ascii() => lower(&text, buffer),
            Spelling::Written => written(&text, buffer),
            Spelling::Folded if is_plain(&text) => lower(&text, buffer),
            Spelling::Folded => folded(&text, buffer),
        }
        buffer.resize((buffer.len() + PADDING).next_multiple_of(BLOCK), 0);
    }
}

/// One bit per byte of a block, the first byte's the lowest.
#[inline]
fn bits(block: &[u8; BLOCK], is: impl Fn(u8) -> bool) -> u64 {
    let found = block.map(|byte| u8::from(is(byte)));
    let (eights, _) = found.as_chunks::<8>();
    let mut bits = 0;
    for (at, eight) in eights.iter().enumerate() {
        // Each of the eight zeros and ones is moved to its place in the top byte.
        let packed = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        bits |= packed << (8 * at);
    }
    bits
}

#[inline]
fn each_bit(mut bits: u64, base: u32, out: &mut Vec<u32>) {
    while bits != 0 {
        out.push(base + bits.trailing_zeros());
        bits &= bits - 1;
    }
}

fn lower(text: &str, buffer: &mut Vec<u8>) {
    let start = buffer.len();
    buffer.extend_from_slice(text.as_bytes());
    buffer[start..].make_ascii_lowercase();
}

fn written(text: &str, buffer: &mut Vec<u8>) {
    for c in text.chars().flat_map(char::to_lowercase) {
        push(c, c.is_ascii() || c.is_alphanumeric(), false, buffer);
    }
}

/// Nothing in it that folding would change, apart from case.
fn is_plain(text: &str) -> bool {
    let plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t') && *byte != b'`';
    text.as_bytes().iter().all(plain) && !may_link(text)
}

/// Worth looking for a link.
fn may_link(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_www = |at: usize| at >= 3 && bytes[at - 3..at].eq_ignore_ascii_case(b"www");
    text.contains("://") || text.match_indices('.').any(|(at, _)| is_www(at))
}

/// Folding costs far more than the rest, so only the pieces that need it are folded.
fn folded(text: &str, buffer: &mut Vec<u8>) {
    for piece in text.split_whitespace() {
        if is_plain(piece) {
            lower(piece, buffer);
        } else {
            for piece in fold(piece).split(' ') {
                fold_piece(piece, buffer);
            }
        }
        buffer.push(b' ');
    }
}

fn fold_piece(piece: &str, buffer: &mut Vec<u8>) {
    let end = link_start(piece).unwrap_or(piece.len());
    for c in piece[..end].chars() {
        let alone = is_written_without_spaces(c) || is_pictorial(c);
        let belongs = c.is_ascii() || c.is_alphanumeric() || is_combining_mark(c);
        push(c, belongs || alone, alone, buffer);
    }
    buffer.push(b' ');
}

fn push(c: char, belongs: bool, alone: bool, buffer: &mut Vec<u8>) {
    match (belongs, alone) {
        (false, _) => buffer.push(b' '),
        (true, false) => buffer.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        (true, true) => {
            buffer.push(b' ');
            buffer.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            buffer.push(b' ');
        }
    }
}

/// Emoji and other signs that people search for: arrows, symbols, dingbats, pictographs.
fn is_pictorial(c: char) -> bool {
    matches!(c as u32, 0x2190..=0x2bff | 0x1f000..=0x1faff)
}

/// The tokens as texts, for whoever is in no hurry.
pub(super) fn tokens(text: &str, spelling: Spelling) -> Vec<String> {
    let mut prepared = Prepared::default();
    prepared.read(text, spelling);
    let token = |(start, end): &(u32, u32)| {
        String::from_utf8_lossy(&prepared.bytes[*start as usize..*end as usize]).into_owned()
    };
    prepared.spans.iter().map(token).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str, spelling: Spelling) -> String {
        tokens(text, spelling).join("|")
    }

    #[test]
    fn the_normal_form_of_lists_of_terms() {
        for (text, expected) in [
            (
                "@JetBlue is REALLY!! 😡😡 #nothappy",
                "@jetblue|is|really|#nothappy",
            ),
            ("We're 'late' &amp; cold", "we're|late'|cold"),
            ("me@x.example ##a a#b # @ _", "me|@x|example|#a|a|#b|_"),
            ("we’re ÉTÉ", "we|re|été"),
            ("&lt;3 a&nbsp;b", "3|a|b"),
            ("", ""),
        ] {
            assert_eq!(joined(text, Spelling::Written), expected, "{text}");
        }
    }

    #[test]
    fn the_normal_form_of_queries() {
        for (text, expected) in [
            ("Réfund the CUSTOMER's order", "refund|the|customer|s|order"),
            ("#Refund now # a#b", "#|refund|now|a|b"),
            (
                "hi @mara@social.example, me@x.example",
                "hi|@mara|social|example|me|x|example",
            ),
            ("see https://shop.example/refund now WWW.a.example", "see|now"),
            ("返金して", "返|金|し|て"),
            ("so bad😡👍🏽 ❤️", "so|bad|😡|👍|🏽|❤"),
            ("re\u{200b}fund don`t", "refund|don|t"),
        ] {
            assert_eq!(joined(text, Spelling::Folded), expected, "{text}");
        }
    }

    /// The definition, character by character.
    fn plainly(text: &str) -> Vec<String> {
        let text: Vec<char> = text.to_lowercase().replace('ς', "σ").chars().collect();
        let is_word = |at: usize| text.get(at).is_some_and(|c| c.is_alphanumeric() || *c == '_');
        let mut found = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let begin = at;
            if matches!(text[at], '#' | '@') && is_word(at + 1) {
                at += 1;
            }
            if !is_word(at) {
                at += 1;
                continue;
            }
            while is_word(at) || text.get(at) == Some(&'\'') {
                at += 1;
            }
            found.push(text[begin..at].iter().collect());
        }
        found
    }

    proptest::proptest! {
        #[test]
        fn words_are_parted_as_they_are_defined(text in "[a-cA-C#@'_. é😡Σ]{0,200}") {
            proptest::prop_assert_eq!(tokens(&text, Spelling::Written), plainly(&text));
        }

        #[test]
        fn any_text_can_be_parted(text in "\\PC*") {
            let written = tokens(&text, Spelling::Written);
            proptest::prop_assert!(written.iter().all(|token| !token.is_empty()));
            tokens(&text, Spelling::Folded);
        }
    }
}
