//! One cell of an export, and how a text becomes safe in a spreadsheet.
//!
//! A spreadsheet runs a cell that starts with a formula sign (OWASP, “CSV injection”:
//! <https://owasp.org/www-community/attacks/CSV_Injection>). Such a text gets a leading apostrophe. So does a text whose
//! sign only follows blanks, characters that cannot be seen or apostrophes: some programs look past those, and it keeps
//! the rule reversible: who reads the file back drops one apostrophe where the rest, past such characters, starts with
//! a sign. Control and bidi characters become visible (`⟨U+202E⟩`), and every line end becomes a line feed. Numbers are
//! never negative here, and stay numbers.

use serde::{Serialize, Serializer};

use crate::report::words::visible;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Number(u64),
    Flag(bool),
    List(Vec<String>),
    /// Empty in CSV, null in JSON.
    Nothing,
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn optional(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Nothing, |text| Self::Text(text.into()))
    }

    /// As it stands in a CSV file, before quoting.
    pub(super) fn in_spreadsheet(&self) -> String {
        match self {
            Self::Text(text) => safe(text),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::List(words) => safe(&words.join(" ")),
            Self::Nothing => String::new(),
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => out.serialize_str(text),
            Self::Number(number) => out.serialize_u64(*number),
            Self::Flag(flag) => out.serialize_bool(*flag),
            Self::List(words) => words.serialize(out),
            Self::Nothing => out.serialize_none(),
        }
    }
}

/// A text as a spreadsheet may hold it.
pub fn safe(text: &str) -> String {
    let text = visible(&text.replace("\r\n", "\n").replace('\r', "\n"));
    if starts_like_a_formula(&text) {
        format!("'{text}")
    } else {
        text
    }
}

fn starts_like_a_formula(text: &str) -> bool {
    if text.trim_start_matches('\'').starts_with(['\t', '\n']) {
        return true;
    }
    let unseen =
        |letter: char| letter.is_whitespace() || matches!(letter, '\'' | '\u{200c}' | '\u{200d}' | '\u{ad}');
    text.trim_start_matches(unseen).starts_with(FORMULA_SIGNS)
}

/// `=`, `+`, `-`, `@`, and their full-width and small variants, which some programs fold.
const FORMULA_SIGNS: [char; 12] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫'];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_are_safe_and_plain_texts_stay() {
        for (written, exported) in [
            ("where is my parcel", "where is my parcel"),
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+49 170 1234567", "'+49 170 1234567"),
            ("-5", "'-5"),
            ("@mara hi", "'@mara hi"),
            ("＝1+1", "'＝1+1"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\n=1"),
            ("  =1", "'  =1"),
            ("\u{200d}=1", "'\u{200d}=1"),
            ("'=1", "''=1"),
            ("’tis fine", "’tis fine"),
            ("'tis fine", "'tis fine"),
            ("'\nfine", "''\nfine"),
            ("one\r\ntwo", "one\ntwo"),
            ("\u{feff}=1", "⟨U+FEFF⟩=1"),
            ("pay \u{202e}fdp", "pay ⟨U+202E⟩fdp"),
            ("a-b=c", "a-b=c"),
            ("", ""),
        ] {
            assert_eq!(safe(written), exported, "{written:?}");
        }
    }

    /// Undoes the apostrophe, as the module says.
    fn read_back(cell: &str) -> String {
        match cell.strip_prefix('\'') {
            Some(rest) if starts_like_a_formula(rest) => rest.to_owned(),
            _ => cell.to_owned(),
        }
    }

    proptest! {
        #[test]
        fn no_text_starts_with_a_sign_and_every_one_reads_back(
            text in r"[ '\t\r\n=+@|a\x{200d}\x{202e}\x{ff1d}-]{0,6}\PC{0,4}"
        ) {
            let cell = safe(&text);
            let first = cell.chars().next();
            prop_assert!(first.is_none_or(|first| !FORMULA_SIGNS.contains(&first)
                && !matches!(first, '\t' | '\r' | '\n')), "{cell:?}");
            prop_assert_eq!(
                read_back(&cell),
                visible(&text.replace("\r\n", "\n").replace('\r', "\n"))
            );
        }
    }
}
