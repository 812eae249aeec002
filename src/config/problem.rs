//! A problem of the configuration: where it is, what is wrong, what to do about it; and how a person reads it.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

use super::source::Source;

/// One thing to mend. `file` is as the person named it; line and column count from one, and are absent where the whole
/// file or folder is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// `department.support.channels`; empty where no key is meant.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    pub what: String,
    /// What to do; a whole sentence or a line to write.
    pub todo: String,
    /// The source line, with whatever could be a secret blotted out, and how many characters to underline.
    #[serde(skip)]
    excerpt: Option<(String, usize)>,
}

impl Problem {
    /// A problem of a whole file or folder.
    pub fn of_file(file: impl Into<String>, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            line: None,
            column: None,
            key: String::new(),
            what: what.into(),
            todo: todo.into(),
            excerpt: None,
        }
    }

    pub(super) fn at(source: &Source, span: Range<usize>, key: &str, what: String, todo: String) -> Self {
        let (line, column) = source.position(span.start);
        let text = source.line(line);
        let start: usize = text.chars().take(column - 1).map(char::len_utf8).sum();
        let end = (start + span.len()).min(text.len());
        let width = text
            .get(start..end)
            .map_or(1, |marked| marked.chars().count())
            .max(1);
        Self {
            file: source.name.clone(),
            line: Some(line),
            column: Some(column),
            key: key.to_owned(),
            what,
            todo,
            // A line that nobody could read at a glance is not shown.
            excerpt: (text.len() <= LONGEST_LINE).then(|| (blot_secrets(text, key), width)),
        }
    }
}

/// In bytes.
const LONGEST_LINE: usize = 400;

/// Words that speak of a secret, in a key or on a line.
const SECRETIVE: [&str; 6] = ["secret", "token", "password", "passphrase", "api_key", "sign_in"];
/// Keys whose values may be shown even beside a secret.
const OPEN: [&str; 7] = ["env", "file", "kind", "name", "header", "encoding", "algorithm"];

/// Blots out the values on a line that speaks of a secret, so that a report can be shown around. Every character keeps its
/// place, so that the caret still points at what is meant.
fn blot_secrets(line: &str, key: &str) -> String {
    let line = line.replace('\t', " ");
    let speaks = |text: &str| SECRETIVE.iter().any(|word| text.to_lowercase().contains(word));
    if !speaks(&line) && !speaks(key) {
        return line;
    }
    let mut out = String::with_capacity(line.len());
    let mut quote = None;
    let mut word = String::new();
    let mut after_equals = String::new();
    for c in line.chars() {
        let value = quote.is_some() || (c.is_ascii_digit() && speaks(&after_equals));
        let ends = quote == Some(c);
        if quote.is_none() {
            match c {
                '"' | '\'' => quote = Some(c),
                '=' => after_equals = std::mem::take(&mut word),
                c if c.is_alphanumeric() || c == '_' => word.push(c),
                ' ' => {}
                _ => word.clear(),
            }
        } else if ends {
            quote = None;
        }
        let open = OPEN.contains(&after_equals.as_str());
        out.push(if value && !ends && !open && !c.is_whitespace() {
            '•'
        } else {
            c
        });
    }
    out
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "problem: {}", self.what)?;
        let (Some(line), Some(column)) = (self.line, self.column) else {
            writeln!(out, "  --> {}", self.file)?;
            return writeln!(out, "   = {}", self.todo);
        };
        let number = line.to_string();
        let gutter = " ".repeat(number.len());
        writeln!(out, "{gutter}--> {}:{line}:{column}", self.file)?;
        if let Some((text, width)) = &self.excerpt {
            writeln!(out, "{gutter} |")?;
            writeln!(out, "{number} | {}", text.trim_end())?;
            writeln!(out, "{gutter} | {}{}", " ".repeat(column - 1), "^".repeat(*width))?;
        }
        writeln!(out, "{gutter} = {}", self.todo)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_a_secret_is_shown_without_it() {
        for (line, key, shown) in [
            ("secret = \"hunter2\"", "", "secret = \"•••••••\""),
            ("secret = 12345", "", "secret = •••••"),
            ("  \"hunter2\",", "connector.1.scheme.secrets.1", "  \"•••••••\","),
            ("dana = 'hunter2'", "web.sign_in.dana", "dana = '•••••••'"),
            (
                "scheme = { kind = \"hmac\", secrets = [\"ab\", { env = \"X\" }] }",
                "",
                "scheme = { kind = \"hmac\", secrets = [\"••\", { env = \"X\" }] }",
            ),
            ("name = \"Token Lamps\"", "company.name", "name = \"Token Lamps\""),
            ("name = \"Acme\"", "company.name", "name = \"Acme\""),
        ] {
            assert_eq!(blot_secrets(line, key), shown, "{line}");
        }
    }
}
