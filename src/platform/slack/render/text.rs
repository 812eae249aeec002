//! Text as Slack takes it: cleaned, cut, escaped, and never more than a field holds. What a stranger wrote goes into
//! `plain_text` or rich text, which Slack does not parse; `mrkdwn` is for our own words, with `harmless` around every
//! foreign one. Does not decide what is shown.
//!
//! Escaping: <https://docs.slack.dev/messaging/formatting-message-text/>

use jiff::Timestamp;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Slack refuses an empty text.
pub(super) const NOTHING: &str = "–";
/// The longest text object.
pub(super) const LONGEST: usize = 3000;
/// The year 2100: beyond it clients disagree about what a time means.
const LATEST: i64 = 4_102_444_800;

/// The three characters that Slack's parser knows, once; nothing else is special to it.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Composed, without control characters and without those that turn the reading direction around. Line breaks stay.
pub(super) fn clean(text: &str) -> String {
    let text = text
        .replace("\r\n", "\n")
        .replace(['\u{2028}', '\u{2029}', '\r'], "\n");
    text.nfc()
        .map(|c| if c == '\t' { ' ' } else { c })
        .filter(|c| *c == '\n' || !(c.is_control() || turns(*c) || is_noncharacter(*c)))
        .collect::<String>()
        .trim()
        .to_owned()
}

/// The marks, embeddings, overrides and isolates of bidirectional text, and the byte order mark.
fn turns(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn is_noncharacter(c: char) -> bool {
    matches!(c as u32, 0xfdd0..=0xfdef) || (c as u32) & 0xfffe == 0xfffe
}

/// Whether a reader sees nothing of it.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || c.is_control()
            || turns(c)
            || matches!(
                c as u32,
                0xad | 0x34f
                    | 0x115f..=0x1160
                    | 0x17b4..=0x17b5
                    | 0x180b..=0x180f
                    | 0x200b..=0x200d
                    | 0x2060..=0x206f
                    | 0x2800
                    | 0x3164
                    | 0xfe00..=0xfe0f
                    | 0xffa0
                    | 0xe0000..=0xe0fff
            )
    })
}

/// Length in UTF-16 code units: never fewer than code points, so it is safe whichever of the two Slack counts.
pub(super) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The length once it is escaped. Slack keeps even plain text in its escaped form, so every limit is meant for that.
pub(super) fn grown(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '&' => 5,
            '<' | '>' => 4,
            other => other.len_utf16(),
        })
        .sum()
}

/// As much of the text as fits in `max` after it has grown, whole letters only, with “…” where something is missing.
/// `grow` says how long a piece becomes.
pub(super) fn cut(text: &str, max: usize, grow: impl Fn(&str) -> usize) -> String {
    let mut taken = 0;
    // Where the text ends if it must be cut, leaving room for the sign.
    let mut end = 0;
    for (at, letter) in text.grapheme_indices(true) {
        taken += grow(letter);
        if taken > max {
            return format!("{}…", text.get(..end).unwrap_or_default().trim_end());
        }
        if taken < max {
            end = at + letter.len();
        }
    }
    text.to_owned()
}

/// Cleaned and cut; never empty.
pub(super) fn words(text: &str, max: usize) -> String {
    let text = clean(text);
    match is_blank(&text) {
        true => NOTHING.to_owned(),
        false => cut(&text, max, grown),
    }
}

/// The same on one line.
pub(super) fn line(text: &str, max: usize) -> String {
    words(&one_line(text), max)
}

fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The whole text in pieces that each fit in `max`, for what must not be cut. Never none.
pub(super) fn pieces(text: &str, max: usize) -> Vec<String> {
    let text = words(text, usize::MAX);
    let (mut pieces, mut piece, mut taken) = (Vec::new(), String::new(), 0);
    for letter in text.graphemes(true) {
        if taken + grown(letter) > max && !piece.is_empty() {
            pieces.push(std::mem::take(&mut piece));
            taken = 0;
        }
        piece.push_str(letter);
        taken += grown(letter);
    }
    pieces.push(piece);
    pieces
}

/// A text that Slack shows as it stands: no links, no mentions, no formatting, no emoji by name.
pub(super) fn plain(text: &str, max: usize) -> Value {
    json!({ "type": "plain_text", "text": words(text, max), "emoji": false })
}

/// The same on one line.
pub(super) fn plain_line(text: &str, max: usize) -> Value {
    json!({ "type": "plain_text", "text": line(text, max), "emoji": false })
}

/// Our own words with Slack's formatting; foreign words in it have been through `harmless`.
pub(super) fn mrkdwn(ours: &str, max: usize) -> Value {
    let text = if is_blank(ours) {
        NOTHING.to_owned()
    } else if length(ours) <= max {
        ours.to_owned()
    } else {
        whole(&cut(ours, max, length))
    };
    json!({ "type": "mrkdwn", "text": text, "verbatim": true })
}

/// Takes away a link, a date or an escape that a cut has left open.
fn whole(cut: &str) -> String {
    let mut text = cut.trim_end_matches('…');
    for (opens, closes) in [('<', '>'), ('&', ';')] {
        if let Some(open) = text.rfind(opens)
            && text.rfind(closes).is_none_or(|close| close < open)
        {
            text = text.get(..open).unwrap_or_default();
        }
    }
    format!("{}…", text.trim_end())
}

/// A foreign word between our own: one line, escaped, and with nothing that formats, names an emoji, makes a link or calls
/// somebody. An invisible space breaks what a backslash cannot.
pub(super) fn harmless(word: &str, max: usize) -> String {
    let word = one_line(word);
    if is_blank(&word) {
        return NOTHING.to_owned();
    }
    tamed(&cut(&word, max, |letter| length(&tamed(letter))))
}

fn tamed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            // At the head of a line it would quote.
            '>' => out.push_str("\u{200b}&gt;"),
            '*' | '_' | '~' | '`' | ':' | '@' | '#' => {
                out.push(c);
                out.push('\u{200b}');
            }
            '|' => out.push('¦'),
            other => out.push(other),
        }
    }
    out
}

/// The notification line: what a phone shows, and what a screen reader reads. No mentions, or every edit might ping.
pub(super) fn notification(text: &str) -> String {
    harmless(text, 300)
}

/// A time, which each reader sees on the clock of where they are.
pub(super) fn date(at: Timestamp) -> String {
    match seconds(at) {
        Some(seconds) => format!("<!date^{seconds}^{DATE_FORMAT}|{}>", utc(at)),
        None => utc(at),
    }
}

pub(super) const DATE_FORMAT: &str = "{date_short_pretty} {time}";

/// None: a time that Slack's clients cannot be trusted with.
pub(super) fn seconds(at: Timestamp) -> Option<i64> {
    Some(at.as_second()).filter(|seconds| (0..LATEST).contains(seconds))
}

/// For clients that do not know dates.
pub(super) fn utc(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_characters_are_escaped_and_once() {
        assert_eq!(escape("<!channel> & \"you\""), "&lt;!channel&gt; &amp; \"you\"");
        assert_eq!(grown("a<b&c>😀"), length(&escape("a<b&c>😀")));
    }

    #[test]
    fn texts_lose_what_turns_or_hides_them() {
        for (text, expected) in [
            ("abc\u{202e}fdp.exe", "abcfdp.exe"),
            ("one\r\ntwo\u{2028}three", "one\ntwo\nthree"),
            ("bell\u{7}\u{0}", "bell"),
            ("cafe\u{301}", "café"),
            ("a\tb ", "a b"),
        ] {
            assert_eq!(clean(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_cut_never_splits_a_letter_or_an_escape() {
        let family = "👩\u{200d}👩\u{200d}👧";
        for (text, max, expected) in [
            ("hello", 5, "hello"),
            ("hello!", 5, "hell…"),
            ("a&b", 7, "a&b"),
            ("a&bc", 7, "a&…"),
            ("a&bc", 6, "a…"),
            (family, 8, family),
            (family, 7, "…"),
            ("x😀y", 3, "x…"),
            ("one two", 5, "one…"),
        ] {
            assert_eq!(cut(text, max, grown), expected, "{text} in {max}");
        }
    }

    #[test]
    fn nothing_is_a_dash() {
        for text in ["", "   ", "\n", "\u{200b}\u{2060}", "\u{3164}", "\u{202e}"] {
            assert_eq!(plain(text, 10)["text"], NOTHING, "{text:?}");
            assert_eq!(harmless(text, 10), NOTHING, "{text:?}");
        }
    }

    #[test]
    fn foreign_words_between_ours_do_nothing() {
        assert_eq!(
            harmless("*b* <!here> @everyone", 100),
            "*\u{200b}b*\u{200b} &lt;!here\u{200b}&gt; @\u{200b}everyone"
        );
        assert_eq!(
            harmless("> quoted\n> twice", 100),
            "\u{200b}&gt; quoted \u{200b}&gt; twice"
        );
    }

    #[test]
    fn a_cut_leaves_no_open_token() {
        let ours = format!("due {} & so on", date(Timestamp::UNIX_EPOCH));
        for max in 1..length(&ours) {
            let value = mrkdwn(&ours, max);
            let text = value["text"].as_str().unwrap();
            assert!(length(text) <= max, "{text}");
            assert_eq!(text.matches('<').count(), text.matches('>').count(), "{text}");
        }
    }

    #[test]
    fn dates_are_told_on_each_readers_clock() {
        let at: Timestamp = "2026-11-24T13:20:00Z".parse().unwrap();
        assert_eq!(
            date(at),
            "<!date^1795526400^{date_short_pretty} {time}|2026-11-24 13:20 UTC>"
        );
        assert_eq!(date(Timestamp::MAX), "9999-12-30 22:00 UTC");
    }
}
