//! How text is compared: without regard to case, diacritics, width or invisible characters, word by whole word.
//! Deliberately knows no language: no stemming, no dictionary.
//!
//! Compatibility forms: <https://unicode.org/reports/tr15/>.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

/// Folds a text for comparison: compatibility forms, lower case, no diacritics, no invisible characters, one kind of
/// apostrophe, and one space wherever there was white space.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfkd() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if is_invisible(c) || is_diacritic(c) {
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        match c {
            'ß' | 'ẞ' => out.push_str("ss"),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            'ø' | 'Ø' => out.push('o'),
            'ł' | 'Ł' => out.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => out.push('d'),
            // Turkish writes a dotless i where others read the same word.
            'ı' => out.push('i'),
            '’' | '‘' | 'ʼ' | '`' | '´' => out.push('\''),
            // The final sigma is the same letter.
            'ς' => out.push('σ'),
            c => out.extend(c.to_lowercase().filter(|c| !is_diacritic(*c))),
        }
    }
    out
}

/// The marks that European scripts put on letters. Marks of other scripts are letters' own parts, and stay.
fn is_diacritic(c: char) -> bool {
    matches!(c as u32, 0x300..=0x36f | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff | 0x20d0..=0x20ff | 0xfe20..=0xfe2f)
}

/// Characters that nobody sees: joiners, soft hyphens, direction marks, variation selectors, tags.
fn is_invisible(c: char) -> bool {
    matches!(c as u32,
        0xad | 0x34f | 0x61c | 0x180e | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f
        | 0xfe00..=0xfe0f | 0xfeff | 0xe0000..=0xe0fff)
        || (c.is_control() && !c.is_whitespace())
}

/// Is there a boundary of words between these two neighbours in a folded text?
pub fn is_boundary(before: Option<char>, after: Option<char>) -> bool {
    match (before, after) {
        (Some(before), Some(after)) => {
            !(before.is_alphanumeric() && after.is_alphanumeric())
                || is_written_without_spaces(before)
                || is_written_without_spaces(after)
        }
        _ => true,
    }
}

/// Scripts in which a word has no spaces around it: Thai, Lao, Burmese, Khmer, kana, Han.
pub(super) fn is_written_without_spaces(c: char) -> bool {
    matches!(c as u32,
        0xe00..=0xeff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3040..=0x30ff | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

/// A handle for comparison: folded, without the `@`.
pub fn bare_handle(handle: &str) -> String {
    fold(handle.trim().trim_start_matches(['@', '＠']))
}

/// A hashtag for comparison: folded, without the `#`.
pub fn bare_hashtag(tag: &str) -> String {
    fold(tag.trim().trim_start_matches(['#', '＃']))
}

/// A mention's text, taken apart for matching.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// The words, folded; links and handles are left out, so that a shop's address is not taken for a word.
    pub words: String,
    /// Without the `#`.
    pub hashtags: BTreeSet<String>,
    /// Handles mentioned, without the `@`; `@mara@social.example` counts as that and as `mara`.
    pub handles: BTreeSet<String>,
    pub has_link: bool,
}

impl Folded {
    pub fn of(text: &str) -> Self {
        let folded = fold(text);
        let mut out = Self {
            words: String::with_capacity(folded.len()),
            ..Self::default()
        };
        for piece in folded.split(' ') {
            if !out.words.is_empty() {
                out.words.push(' ');
            }
            out.take(piece);
        }
        out
    }

    fn take(&mut self, piece: &str) {
        if let Some(start) = link_start(piece) {
            self.has_link = true;
            self.take_signs(&piece[..start]);
        } else {
            self.take_signs(piece);
        }
    }

    /// Reads the hashtags and handles in one piece without white space, and keeps the rest as words.
    fn take_signs(&mut self, piece: &str) {
        let mut before = None;
        let mut rest = piece;
        while let Some(c) = rest.chars().next() {
            let after = &rest[c.len_utf8()..];
            let starts = !before.is_some_and(char::is_alphanumeric);
            let name = match c {
                '#' if starts => name_at(after, ""),
                '@' if starts => name_at(after, ".-@"),
                _ => "",
            };
            match c {
                '#' if !name.is_empty() => {
                    self.hashtags.insert(name.to_owned());
                }
                '@' if !name.is_empty() => {
                    if let Some((user, _)) = name.split_once('@') {
                        self.handles.insert(user.to_owned());
                    }
                    self.handles.insert(name.to_owned());
                    self.words.push('@');
                    before = name.chars().last();
                    rest = &after[name.len()..];
                    continue;
                }
                _ => {}
            }
            self.words.push(c);
            before = Some(c);
            rest = after;
        }
    }
}

/// The name at the start of a text: letters, digits, `_`, and the given signs between them.
fn name_at<'a>(text: &'a str, between: &str) -> &'a str {
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '_' || between.contains(c)))
        .unwrap_or(text.len());
    text[..end].trim_end_matches(|c| between.contains(c))
}

/// Where a link begins in a folded piece of text without white space.
pub(super) fn link_start(piece: &str) -> Option<usize> {
    ["http://", "https://", "www."]
        .into_iter()
        .filter_map(|sign| piece.find(sign))
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_diacritics_width_and_invisible_characters_do_not_matter() {
        for (written, folded) in [
            ("Réfund", "refund"),
            ("ＲＥＦＵＮＤ", "refund"),
            ("re\u{200b}fu\u{ad}nd", "refund"),
            ("Rückgabe", "ruckgabe"),
            ("STRASSE Straße", "strasse strasse"),
            ("  don’t \n\t worry ", "don't worry"),
            ("İade", "iade"),
            ("Łódź", "lodz"),
            ("返金", "返金"),
            ("कि", "कि"),
            ("\u{202e}refund", "refund"),
        ] {
            assert_eq!(fold(written), folded, "{written}");
        }
    }

    #[test]
    fn links_and_handles_are_not_words() {
        let found = Folded::of(
            "Hi @LarkspurHome: #Refund? see https://shop.example/refund.a (mail me@x.example) #日本",
        );
        assert_eq!(found.words, "hi @: #refund? see  (mail me@x.example) #日本");
        assert_eq!(found.hashtags, ["refund", "日本"].map(str::to_owned).into());
        assert_eq!(found.handles, ["larkspurhome"].map(str::to_owned).into());
        assert!(found.has_link);
    }

    #[test]
    fn a_handle_with_a_host_counts_with_and_without_it() {
        let found = Folded::of("thanks @mara@social.example.");
        assert_eq!(
            found.handles,
            ["mara", "mara@social.example"].map(str::to_owned).into()
        );
    }
}
