//! One row of a CSV file (RFC 4180, <https://www.rfc-editor.org/rfc/rfc4180>) taken apart strictly. The `csv` crate
//! reads anything and never says that a quote is broken; here a stray quote must be named rather than swallow the
//! rows behind it.

use std::borrow::Cow;

/// What is wrong with a broken quote, in words.
pub(super) const TEXT_BEHIND_A_QUOTE: &str =
    "text follows a closing quote; quotes inside a quoted cell are written twice";

/// Where the row that begins a text ends, found byte by byte and without keeping its cells.
#[derive(Debug, PartialEq)]
pub(super) enum Extent {
    /// The row's length without its line break, and how many cells it has.
    Whole {
        length: usize,
        cells: usize,
    },
    Broken {
        opened: usize,
    },
    Unclosed {
        opened: usize,
    },
}

pub(super) fn extent(text: &[u8], delimiter: u8) -> Extent {
    let mut at = 0;
    let mut cells = 0;
    loop {
        cells += 1;
        if text.get(at) == Some(&b'"') {
            let opened = at;
            at += 1;
            loop {
                match (text.get(at), text.get(at + 1)) {
                    (None, _) => return Extent::Unclosed { opened },
                    (Some(b'"'), Some(b'"')) => at += 2,
                    (Some(b'"'), _) => break,
                    _ => at += 1,
                }
            }
            at += 1;
            match text.get(at) {
                None | Some(b'\n') => {}
                Some(b'\r') if matches!(text.get(at + 1), None | Some(b'\n')) => {}
                Some(byte) if *byte == delimiter => {}
                Some(_) => return Extent::Broken { opened },
            }
        } else {
            let rest = &text[at..];
            at += rest
                .iter()
                .position(|byte| *byte == delimiter || *byte == b'\n')
                .unwrap_or(rest.len());
        }
        match text.get(at) {
            Some(byte) if *byte == delimiter => at += 1,
            _ => {
                let row = &text[..at];
                let length = row.strip_suffix(b"\r").unwrap_or(row).len();
                return Extent::Whole { length, cells };
            }
        }
    }
}

/// Takes one whole row apart.
pub(super) fn split(row: &str, delimiter: u8) -> Result<Vec<Cow<'_, str>>, &'static str> {
    match extent(row.as_bytes(), delimiter) {
        Extent::Broken { .. } => return Err(TEXT_BEHIND_A_QUOTE),
        Extent::Unclosed { .. } => return Err("a quote is opened and never closed"),
        Extent::Whole { .. } => {}
    }
    let mut cells = Vec::with_capacity(16);
    let mut rest = row;
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut end = 0;
            let mut doubled = false;
            // `extent` has seen that the quote is closed.
            while let Some(step) = quoted[end..].find('"') {
                end += step;
                if quoted.as_bytes().get(end + 1) != Some(&b'"') {
                    break;
                }
                doubled = true;
                end += 2;
            }
            let cell = &quoted[..end];
            cells.push(if doubled {
                cell.replace("\"\"", "\"").into()
            } else {
                cell.into()
            });
            rest = quoted.get(end + 1..).unwrap_or("");
        } else {
            let end = rest.find(char::from(delimiter)).unwrap_or(rest.len());
            cells.push(rest[..end].into());
            rest = &rest[end..];
        }
        match rest.strip_prefix(char::from(delimiter)) {
            Some(more) => rest = more,
            None => return Ok(cells),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_taken_apart() {
        for (row, expected) in [
            ("a,b,c", vec!["a", "b", "c"]),
            ("", vec![""]),
            (",", vec!["", ""]),
            ("\"a,b\",c", vec!["a,b", "c"]),
            ("\"say \"\"hi\"\"\",", vec!["say \"hi\"", ""]),
            ("\"\",\"\"\"\"", vec!["", "\""]),
            ("5\" pipe,x", vec!["5\" pipe", "x"]),
            ("\"two\nlines\",x", vec!["two\nlines", "x"]),
            ("ä,\"ö,ü\"", vec!["ä", "ö,ü"]),
        ] {
            let expected = expected.into_iter().map(Cow::from).collect();
            assert_eq!(split(row, b','), Ok(expected), "{row:?}");
        }
        assert_eq!(split("1,\"a\"b,c", b','), Err(TEXT_BEHIND_A_QUOTE));
        assert!(split("1,\"a\"\",c", b',').is_err());
    }

    #[test]
    fn a_row_ends_at_its_line_break() {
        assert_eq!(
            extent(b"a,\"b\nc\"\r\nd", b','),
            Extent::Whole { length: 7, cells: 2 }
        );
        assert_eq!(extent(b"a;b\nc", b';'), Extent::Whole { length: 3, cells: 2 });
        assert_eq!(extent(b"a,\"b\nc", b','), Extent::Unclosed { opened: 2 });
    }

    proptest::proptest! {
        #[test]
        fn no_row_panics_and_every_written_row_is_read_back(
            cells in proptest::collection::vec("[a,\"\n\r ü;]{0,6}", 1..5), torn in ".{0,40}",
        ) {
            let quoted: Vec<_> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            let expected = cells.into_iter().map(Cow::from).collect();
            let row = quoted.join(",");
            proptest::prop_assert_eq!(split(&row, b','), Ok(expected));
            let _ = split(&torn, b',');
        }
    }
}
