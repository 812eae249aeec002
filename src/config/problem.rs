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
            excerpt: Some((blot_secrets(text), width)),
        }
    }
}

/// Blots out what is quoted on a line whose key speaks of a secret, so that a report can be shown around. The length
/// stays, so that the caret still points at it.
fn blot_secrets(line: &str) -> String {
    let line: String = line.chars().map(|c| if c == '\t' { ' ' } else { c }).collect();
    let lower = line.to_lowercase();
    let Some(equals) = line.find('=') else {
        return line;
    };
    let speaks_of_one = ["secret", "token", "password", "passphrase", "api_key"]
        .iter()
        .any(|word| lower.contains(word));
    let is_reference = lower.contains("env") || lower.contains("file");
    if !speaks_of_one || is_reference {
        return line;
    }
    let (key, value) = line.split_at(equals + 1);
    let blotted = value.chars().map(|c| if c.is_alphanumeric() { '•' } else { c });
    key.chars().chain(blotted).collect()
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
