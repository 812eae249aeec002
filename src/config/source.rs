//! The text of one configuration file and the places in it; and the list of problems that reading collects.

use std::ops::Range;

use super::problem::Problem;

/// One file as it was read.
#[derive(Clone, Debug)]
pub struct Source {
    /// As the person named it: `config/routes.toml`.
    pub name: String,
    pub text: String,
}

impl Source {
    /// Line and column of a byte offset, both from one; the column counts characters.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &self.text[..offset];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or(before).chars().count() + 1;
        (line, column)
    }

    /// The text of a line, counted from one, without its end.
    pub fn line(&self, number: usize) -> &str {
        self.text.lines().nth(number.saturating_sub(1)).unwrap_or("")
    }
}

/// A place in one of the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) file: usize,
    pub(super) span: Range<usize>,
}

/// Everything found wrong so far.
pub(super) struct Problems<'s> {
    sources: &'s [Source],
    list: Vec<Problem>,
    /// A file could not be parsed whole: what seems to be missing may stand in the part that was not understood.
    pub(super) broken: bool,
    /// File and line of what is not TOML at all; nothing more is said of such a line.
    broken_lines: Vec<(usize, usize)>,
}

impl<'s> Problems<'s> {
    pub(super) fn new(sources: &'s [Source]) -> Self {
        Self {
            sources,
            list: Vec::new(),
            broken: false,
            broken_lines: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, place: &Place, key: &str, what: impl Into<String>, todo: impl Into<String>) {
        match self.sources.get(place.file) {
            Some(source) => {
                let (line, _) = source.position(place.span.start);
                if self.broken_lines.contains(&(place.file, line)) {
                    return;
                }
                let problem = Problem::at(source, place.span.clone(), key, what.into(), todo.into());
                self.push(problem);
            }
            None => self.push(Problem::of_file("", what, todo)),
        }
    }

    /// A line that is not TOML: one slip confuses the parser for the rest of it, and the first message is the true one.
    pub(super) fn not_toml(&mut self, place: &Place, what: String) {
        let todo = match what.as_str() {
            "duplicate key" => "this is here for the second time; keep one of them",
            what if what.starts_with("invalid") => {
                "text stands in quotes, and every quote is closed: name = \"…\""
            }
            _ => "mend the notation on this line; https://toml.io shows how TOML is written",
        };
        self.add(place, "", what, todo);
        self.broken = true;
        if let Some(source) = self.sources.get(place.file) {
            self.broken_lines
                .push((place.file, source.position(place.span.start).0));
        }
    }

    /// The text at a place, as it stands in the file.
    pub(super) fn text_at(&self, place: &Place) -> &str {
        let source = self.sources.get(place.file);
        source
            .and_then(|source| source.text.get(place.span.clone()))
            .unwrap_or_default()
    }

    pub(super) fn push(&mut self, problem: Problem) {
        if !self.list.contains(&problem) {
            self.list.push(problem);
        }
    }

    /// Something is missing, or refers to what is not there: worth saying only where every file was understood, and
    /// where nothing else was said about the same key.
    pub(super) fn missing(
        &mut self,
        place: &Place,
        key: &str,
        what: impl Into<String>,
        todo: impl Into<String>,
    ) {
        let said = |problem: &Problem| !key.is_empty() && problem.key == key;
        if !self.broken && !self.list.iter().any(said) {
            self.add(place, key, what, todo);
        }
    }

    /// The problems, file by file and from top to bottom.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        let order = |problem: &Problem| {
            let file = self.sources.iter().position(|source| source.name == problem.file);
            (file, problem.line, problem.column)
        };
        self.list.sort_by_key(order);
        self.list
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn count(&self) -> usize {
        self.list.len()
    }
}
