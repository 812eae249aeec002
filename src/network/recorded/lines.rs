//! Finds rows in a stream of lines, with their place and line number, and recovers behind a broken one: only the line
//! with the broken quote is given up, the lines it seemed to swallow are rows again.

use std::io::{BufRead, Result};

use super::columns::Header;
use super::rows::{Extent, TEXT_BEHIND_A_QUOTE, extent};

/// The longest row, in bytes. A quote that swallows more than this is a broken one.
pub(super) const ROW_LIMIT: usize = 1 << 20;

/// One row, found but not yet read.
#[derive(Debug)]
pub(super) struct Row {
    pub offset: u64,
    pub length: usize,
    pub line: u64,
    /// Already known to be wrong.
    pub problem: Option<String>,
}

pub(super) struct Lines<R> {
    input: R,
    /// Read and not yet given up: the present row, and the lines after it that were read to find its end.
    window: Vec<u8>,
    /// Where the next row begins in `window`; its offset in the file and its line number.
    at: usize,
    offset: u64,
    line: u64,
    ended: bool,
}

impl<R: BufRead> Lines<R> {
    pub fn new(input: R) -> Self {
        Self {
            input,
            window: Vec::new(),
            at: 0,
            offset: 0,
            line: 1,
            ended: false,
        }
    }

    pub fn bytes(&self, row: &Row) -> &[u8] {
        let start = self.at - (self.offset - row.offset) as usize;
        &self.window[start..start + row.length]
    }

    /// Skips a UTF-8 byte order mark; refuses the marks of other encodings.
    pub fn skip_mark(&mut self) -> Result<std::result::Result<(), String>> {
        self.more()?;
        if self.window.starts_with(&[0xff, 0xfe]) || self.window.starts_with(&[0xfe, 0xff]) {
            return Ok(Err("the file is UTF-16; save it as UTF-8".to_owned()));
        }
        if self.window.starts_with(b"\xef\xbb\xbf") {
            self.at = 3;
            self.offset = 3;
        }
        Ok(Ok(()))
    }

    /// The first line, as the names of the columns.
    pub fn header(&mut self) -> Result<std::result::Result<Header, String>> {
        if self.window.len() == self.at {
            return Ok(Err("the file is empty".to_owned()));
        }
        // The delimiter is guessed from the first line before the line is read by it.
        let guess = Header::guess_delimiter(&self.window[self.at..]);
        let Some(row) = self.next_row_of(guess, None)? else {
            return Ok(Err(
                "the file has no line with the names of the columns".to_owned()
            ));
        };
        if let Some(why) = row.problem {
            return Ok(Err(format!("line {}: {why}", row.line)));
        }
        Ok(Header::parse(self.bytes(&row), guess))
    }

    /// The next line that is not blank; for JSON Lines.
    pub fn next_line(&mut self) -> Result<Option<Row>> {
        loop {
            self.forget();
            if self.at == self.window.len() && !self.more()? {
                return Ok(None);
            }
            let (length, problem) = match self.line_end() {
                Some(end) => (end, None),
                None => self.overlong()?,
            };
            let blank = self.window[self.at..self.at + length]
                .iter()
                .all(u8::is_ascii_whitespace);
            let row = self.row(length, problem);
            if !blank || row.problem.is_some() {
                return Ok(Some(row));
            }
        }
    }

    pub fn next_row(&mut self, header: &Header) -> Result<Option<Row>> {
        self.next_row_of(header.delimiter, Some(header))
    }

    fn next_row_of(&mut self, delimiter: u8, header: Option<&Header>) -> Result<Option<Row>> {
        loop {
            self.forget();
            if self.at == self.window.len() && !self.more()? {
                return Ok(None);
            }
            let rest = &self.window[self.at..];
            // Blank lines between rows are nothing.
            if matches!(rest, [b'\n', ..] | [b'\r', b'\n', ..] | [b'\r']) {
                self.row(0, None);
                continue;
            }
            let Some(first_line) = self.line_end() else {
                let (length, problem) = self.overlong()?;
                return Ok(Some(self.row(length, problem)));
            };
            let found = extent(&self.window[self.at..], delimiter);
            let (opened, why) = match found {
                Extent::Whole { length, cells } => {
                    let wrong = header.and_then(|header| header.check_width(cells).err());
                    if length <= first_line || wrong.is_none() && length <= ROW_LIMIT {
                        // A wrong width within one line is found and named when the row is read.
                        return Ok(Some(self.row(length, None)));
                    }
                    let wrong = wrong.unwrap_or_else(|| format!("the row is longer than {ROW_LIMIT} bytes"));
                    let opened = self.last_quote_of_first_line(first_line);
                    (
                        opened,
                        format!("{wrong}; a quote that is opened here runs on over the next lines"),
                    )
                }
                Extent::Broken { opened } => (opened, TEXT_BEHIND_A_QUOTE.to_owned()),
                Extent::Unclosed { opened } => {
                    let size = self.window.len() - self.at;
                    if !self.ended && size <= ROW_LIMIT {
                        // Twice as much each time, so that a long cell is not scanned from its start for each line.
                        while self.window.len() - self.at < 2 * size.max(2_048) && self.more()? {}
                        continue;
                    }
                    (opened, "a quote is opened here and never closed".to_owned())
                }
            };
            return Ok(Some(self.broken_row(opened, why)));
        }
    }

    /// Gives up the row up to the end of the line in which its broken quote was opened.
    fn broken_row(&mut self, opened: usize, why: String) -> Row {
        let rest = &self.window[self.at..];
        let skipped = rest[..opened].iter().filter(|byte| **byte == b'\n').count() as u64;
        let length = rest[opened..]
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(rest.len(), |end| opened + end);
        let mut row = self.row(length, Some(why));
        row.line += skipped;
        row
    }

    fn last_quote_of_first_line(&self, first_line: usize) -> usize {
        self.window[self.at..self.at + first_line]
            .iter()
            .rposition(|byte| *byte == b'"')
            .unwrap_or(0)
    }

    /// Hands out `length` bytes as a row and steps behind its line break.
    fn row(&mut self, length: usize, problem: Option<String>) -> Row {
        let row = Row {
            offset: self.offset,
            length,
            line: self.line,
            problem,
        };
        let rest = &self.window[self.at..];
        let mut step = length;
        if rest.get(step) == Some(&b'\r') {
            step += 1;
        }
        if rest.get(step) == Some(&b'\n') {
            step += 1;
        }
        self.line += rest[..step].iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at += step;
        self.offset += step as u64;
        row
    }

    /// The length of the line that begins here, without its break; none when it is longer than a row may be.
    fn line_end(&self) -> Option<usize> {
        let rest = &self.window[self.at..];
        match rest.iter().position(|byte| *byte == b'\n') {
            Some(end) if end <= ROW_LIMIT => Some(rest[..end].strip_suffix(b"\r").map_or(end, <[u8]>::len)),
            None if self.ended && rest.len() <= ROW_LIMIT => Some(rest.len()),
            _ => None,
        }
    }

    /// A line without an end: it is read to its break in pieces, and not kept.
    fn overlong(&mut self) -> Result<(usize, Option<String>)> {
        while !self.window[self.at..].contains(&b'\n') && !self.ended {
            let kept = self.window.len();
            self.more()?;
            let piece = self.window.len() - kept;
            if self.window.last() != Some(&b'\n') {
                self.window.truncate(kept);
                self.offset += piece as u64;
            }
        }
        let rest = &self.window[self.at..];
        let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        Ok((length, Some(format!("the line is longer than {ROW_LIMIT} bytes"))))
    }

    /// Drops what was handed out, once it is worth the copy.
    fn forget(&mut self) {
        if self.at == self.window.len() {
            self.window.clear();
            self.at = 0;
        } else if self.at > ROW_LIMIT {
            self.window.drain(..self.at);
            self.at = 0;
        }
    }

    /// Reads one more line, or as much of it as a row may have; false at the end of the file.
    fn more(&mut self) -> Result<bool> {
        use std::io::Read;
        let mut piece = (&mut self.input).take(ROW_LIMIT as u64 + 2);
        let read = piece.read_until(b'\n', &mut self.window)?;
        self.ended = read == 0 || self.window.last() != Some(&b'\n') && read <= ROW_LIMIT;
        Ok(read > 0)
    }
}
