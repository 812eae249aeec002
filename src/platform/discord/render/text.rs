//! Text for Discord's surfaces. What people wrote becomes text that is only text: no mention, no link, no mark of
//! Discord's Markdown, and never longer than its room (counted in UTF-16, which is never less than what Discord counts).
//! Deliberately knows nothing of cards or forms. <https://docs.discord.com/developers/reference#message-formatting>

use jiff::Timestamp;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;
use url::Url;

/// What stands where a text is empty: Discord refuses empty fields.
pub const NOTHING: &str = "–";
const MORE: &str = "…";
/// Marks above and below one letter; more of them paint over the lines around it.
const MARKS: usize = 4;
/// The longest of our own code spans in a sentence: `/snooze L-142 tomorrow 9:00`.
const CODE: usize = 80;

/// The length as both vendors' limits are safely counted.
pub fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A moment, told relative to the reader's now and kept up to date by their client.
pub fn time(at: Timestamp) -> String {
    format!("<t:{}:R>", at.as_second())
}

/// Composed letters, `\n` as the only line end, nothing invisible that could deceive, nothing that could break a layout:
/// no controls, no turned direction, at most one empty line in a row. Joiners stay, since emoji and several scripts need
/// them.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut breaks, mut marks) = (0, 0);
    for letter in text.replace("\r\n", "\n").nfc() {
        let letter = match letter {
            '\r' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' | '\u{85}' => '\n',
            '\t' => ' ',
            other => other,
        };
        marks = if is_combining_mark(letter) { marks + 1 } else { 0 };
        match letter {
            '\n' => {
                while out.ends_with(' ') {
                    out.pop();
                }
                breaks += 1;
                if breaks > 2 || out.is_empty() {
                    continue;
                }
            }
            other if hidden(other) || marks > MARKS => continue,
            other if other.is_whitespace() => {}
            _ => breaks = 0,
        }
        out.push(letter);
    }
    out.truncate(out.trim_end().len());
    out
}

fn hidden(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
        || (letter.is_control() && letter != '\n')
}

/// Text as a surface without Markdown shows it (buttons, footers, authors, modals): clean, on one line, cut to its room.
pub fn plain(text: &str, room: usize) -> String {
    let line: Vec<String> = clean(text).split_whitespace().map(str::to_owned).collect();
    let line = line.join(" ");
    fit(line.graphemes(true).map(str::to_owned), room)
}

/// Text as a surface with Markdown must be given it, on one line; cut to its room after escaping.
pub fn line(text: &str, room: usize) -> String {
    fit(pieces(&clean(text), " ", false), room)
}

/// The same as a quotation.
pub fn quote(text: &str, room: usize) -> String {
    format!(
        "> {}",
        fit(pieces(&clean(text), "\n> ", false), room.saturating_sub(2))
    )
}

/// A sentence of ours with people's words in it: escaped like theirs, but what it shows as a command, `/claim L-142`,
/// stays one.
pub fn sentence(text: &str, room: usize) -> String {
    fit(pieces(&clean(text), "\n", true), room)
}

/// A link that Discord may follow, in a form that cannot end the Markdown around it. None for anything but http and
/// https, for addresses with a password in them, and for what is longer than `room`.
pub fn link(address: &str, room: usize) -> Option<String> {
    let url = Url::parse(address.trim()).ok()?;
    let fine = matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.username().is_empty()
        && url.password().is_none();
    let mut written = String::new();
    for letter in url.as_str().chars() {
        match letter {
            '(' | ')' | '<' | '>' | '[' | ']' | '"' | '\'' | '\\' | '`' | '|' | '*' | '~' | '^' | '{'
            | '}' => {
                written.push_str(&format!("%{:02X}", letter as u32));
            }
            other => written.push(other),
        }
    }
    (fine && written.is_ascii() && length(&written) <= room).then_some(written)
}

/// The same for pictures, which Discord fetches over https only.
pub fn picture(address: &str, room: usize) -> Option<String> {
    link(address, room).filter(|url| url.starts_with("https://"))
}

/// The beginning of what staff wrote, untouched but for its length: for inputs, where it is edited further.
pub fn head(text: &str, room: usize) -> &str {
    let mut used = 0;
    let cut = text.grapheme_indices(true).find(|(_, grapheme)| {
        used += length(grapheme);
        used > room
    });
    cut.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// Takes whole pieces while they fit; where something is left out, an ellipsis says so.
fn fit(pieces: impl Iterator<Item = String>, room: usize) -> String {
    let mut kept: Vec<String> = Vec::new();
    let mut used = 0;
    for piece in pieces {
        used += length(&piece);
        kept.push(piece);
        if used > room {
            break;
        }
    }
    if used > room {
        while used > room.saturating_sub(length(MORE))
            || kept.last().is_some_and(|last| last.trim().is_empty())
        {
            let Some(last) = kept.pop() else { break };
            used -= length(&last);
        }
        if used + length(MORE) <= room {
            kept.push(MORE.to_owned());
        }
    }
    let text = kept.concat();
    match text.trim().is_empty() {
        true => NOTHING.to_owned(),
        false => text,
    }
}

/// One piece for each grapheme, so that a cut never falls into an escape or a letter; one for each of our code spans.
fn pieces<'a>(clean: &'a str, line_end: &'a str, keeps_code: bool) -> impl Iterator<Item = String> + 'a {
    let mut rest = clean;
    let mut number = Some(0);
    std::iter::from_fn(move || {
        let grapheme = rest.graphemes(true).next()?;
        if keeps_code && let Some(code) = code_span(rest) {
            rest = rest.get(code.len()..)?;
            number = None;
            return Some(code.to_owned());
        }
        rest = rest.get(grapheme.len()..)?;
        if grapheme == "\n" {
            number = Some(0);
            return Some(line_end.to_owned());
        }
        // `3.` at the beginning of a line would be counted as a list, and counted anew.
        let ends_number = number.is_some_and(|digits| digits > 0) && grapheme == ".";
        number = match number {
            Some(digits) if grapheme.chars().all(|letter| letter.is_ascii_digit()) => Some(digits + 1),
            Some(0) if grapheme == " " => Some(0),
            _ => None,
        };
        let mut piece = String::with_capacity(grapheme.len() + 1);
        for letter in grapheme.chars() {
            if ends_number || marks(letter) {
                piece.push('\\');
            }
            piece.push(letter);
            if letter == '@' {
                piece.push('\u{200b}');
            }
        }
        Some(piece)
    })
}

fn marks(letter: char) -> bool {
    matches!(
        letter,
        '\\' | '*'
            | '_'
            | '~'
            | '`'
            | '|'
            | '>'
            | '#'
            | '-'
            | '+'
            | '['
            | ']'
            | '('
            | ')'
            | '<'
            | ':'
            | '@'
            | '!'
    )
}

/// One of our commands in backticks at the beginning of `text`. Only letters that mean nothing outside of one.
fn code_span(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("`/")?;
    let end = inside.find('`').filter(|end| *end > 0 && *end < CODE)?;
    let fine = |letter: char| letter.is_ascii_alphanumeric() || " -_./…:".contains(letter);
    inside
        .get(..end)?
        .chars()
        .all(fine)
        .then(|| text.get(..end + 3))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_write_is_only_text() {
        for (written, shown) in [
            ("@everyone look", "\\@\u{200b}everyone look"),
            (
                "<@123> <@&5> <#9>",
                "\\<\\@\u{200b}123\\> \\<\\@\u{200b}&5\\> \\<\\#9\\>",
            ),
            (
                "[bank](https://evil.example)",
                "\\[bank\\]\\(https\\://evil.example\\)",
            ),
            (
                "**bold** _it_ ~~no~~ ||spoiler||",
                "\\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~ \\|\\|spoiler\\|\\|",
            ),
            (
                "# big\n-# small\n> said\n3. third",
                "\\# big\n\\-\\# small\n\\> said\n3\\. third",
            ),
            ("```\ncode\n```", "\\`\\`\\`\ncode\n\\`\\`\\`"),
            ("back\\slash", "back\\\\slash"),
            (
                "</claim:1> <t:0:R> <:x:1>",
                "\\</claim\\:1\\> \\<t\\:0\\:R\\> \\<\\:x\\:1\\>",
            ),
            ("pay\u{202e}fdp\u{200b}.exe\u{0}\u{7}", "payfdp.exe"),
            ("version 1.5 of 2026", "version 1.5 of 2026"),
            ("a\r\nb\n\n\n\n\nc  \n", "a\nb\n\nc"),
            ("👩\u{200d}👧 e\u{301}", "👩\u{200d}👧 é"),
            ("  \n\t ", NOTHING),
        ] {
            let quoted = format!("> {}", shown.replace('\n', "\n> "));
            assert_eq!(quote(written, 4000), quoted, "{written}");
        }
        assert_eq!(
            clean(&format!("z{}", "\u{334}".repeat(40))).chars().count(),
            1 + MARKS
        );
    }

    #[test]
    fn a_cut_never_falls_into_an_escape_or_a_letter() {
        assert_eq!(line("ab*cd", 6), "ab\\*cd");
        assert_eq!(line("ab*cd", 5), "ab\\*…");
        assert_eq!(line("ab*cd", 4), "ab…");
        assert_eq!(plain("a 👩\u{200d}👧 b", 6), "a…");
        assert_eq!(plain("two words", 5), "two…");
        assert_eq!(quote("a\nb", 100), "> a\n> b");
        assert_eq!(quote("aaaa\nbbbb", 9), "> aaaa…");
        assert_eq!(line("a\nb", 100), "a b");
    }

    #[test]
    fn our_commands_stay_commands_in_our_sentences() {
        assert_eq!(
            sentence("There is no L-9. `/queue` lists *all*; `@here` `/x <@1>`", 500),
            "There is no L\\-9. `/queue` lists \\*all\\*; \\`\\@\u{200b}here\\` \\`/x \\<\\@\u{200b}1\\>\\`"
        );
    }

    #[test]
    fn links_are_web_links_and_cannot_leave_their_brackets() {
        assert_eq!(
            link("https://social.example/a_(b)?x=<y>", 512).as_deref(),
            Some("https://social.example/a_%28b%29?x=%3Cy%3E")
        );
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//x",
            "nonsense",
            "https://user:word@evil.example/",
            "discord://-/channels/1",
        ] {
            assert_eq!(link(bad, 512), None, "{bad}");
        }
        assert_eq!(link(&format!("https://x.example/{}", "a".repeat(600)), 512), None);
        assert_eq!(picture("http://x.example/a.png", 512), None);
    }

    #[test]
    fn times_are_counted_by_the_readers_client() {
        assert_eq!(time(Timestamp::UNIX_EPOCH), "<t:0:R>");
    }
}
