//! Small words that every report shares: when, how many, who; and public text on one plain line.
//! How long something lasts is said with
//! `domain::decide::span`, as everywhere. Deliberately knows nothing of leads.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::company::Company;
use crate::domain::ids::MemberId;
use crate::domain::mention::PublicText;

/// `10:02` today, `23 Nov 10:02` on another day, with the year when it is another one; in the reader's zone.
pub fn when(at: Timestamp, zone: &TimeZone, now: Timestamp) -> String {
    let (then, today) = (zone.to_datetime(at), zone.to_datetime(now).date());
    let form = if then.date() == today {
        "%H:%M"
    } else if then.year() == today.year() {
        "%-d %b %H:%M"
    } else {
        "%-d %b %Y %H:%M"
    };
    then.strftime(form).to_string()
}

/// `3 leads`, `1 lead`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    let word = if number == 1 { one } else { many };
    format!("{} {word}", thousands(number))
}

/// `5,000`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `Mo`, `Mo and Kim`, `Mo, Kim and Lee`.
pub fn names<'a>(company: &Company, members: impl IntoIterator<Item = &'a MemberId>) -> String {
    let names: Vec<String> = members
        .into_iter()
        .map(|member| company.name_of(member).to_owned())
        .collect();
    match names.split_last() {
        None => "nobody".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

/// The first `limit` characters, with an ellipsis where something was cut.
pub fn excerpt(text: &PublicText, limit: usize) -> PublicText {
    let text = text.as_written();
    match text.char_indices().nth(limit) {
        None => PublicText::new(text),
        Some((end, _)) => PublicText::new(format!("{}…", text[..end].trim_end())),
    }
}

/// Makes characters visible that a reader cannot see and that could deceive: control characters (but for tab and line
/// ends) and the marks that turn the direction of writing appear as `⟨U+202E⟩`. Joiners stay, since emoji and several
/// scripts need them.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let deceives = match letter {
            '\n' | '\r' | '\t' => false,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{feff}' | '\u{200b}' | '\u{2060}' => true,
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}' => true,
            '\u{2028}' | '\u{2029}' => true,
            other => other.is_control(),
        };
        if deceives {
            out.push_str(&format!("⟨U+{:04X}⟩", letter as u32));
        } else {
            out.push(letter);
        }
    }
    out
}

/// Public text for a terminal or a plain text: on one line, everything visible.
pub fn one_line(text: &PublicText) -> String {
    visible(text.as_written())
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (number, words) in [(0, "0"), (999, "999"), (5000, "5,000"), (1234567, "1,234,567")] {
            assert_eq!(thousands(number), words);
        }
    }

    #[test]
    fn what_could_deceive_is_shown_and_emoji_stay_whole() {
        assert_eq!(
            one_line(&PublicText::from("pay\u{202e}fdp.exe\n\u{7}now 👩\u{200d}👧")),
            "pay⟨U+202E⟩fdp.exe ⟨U+0007⟩now 👩\u{200d}👧"
        );
    }
}
