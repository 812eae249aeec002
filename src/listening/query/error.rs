//! What is wrong with a query, where, and what to do about it.

use std::fmt;
use std::ops::Range;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// Bytes of the query; on the borders of characters, and never beyond its end.
    pub place: Range<usize>,
    /// The first character that is wrong, counted from one.
    pub character: usize,
    pub what: String,
    pub todo: String,
}

impl QueryError {
    pub(super) fn at(
        query: &str,
        place: Range<usize>,
        what: impl Into<String>,
        todo: impl Into<String>,
    ) -> Self {
        let before = query.get(..place.start).unwrap_or(query);
        Self {
            character: before.chars().count() + 1,
            place,
            what: what.into(),
            todo: todo.into(),
        }
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "character {}: {}; {}", self.character, self.what, self.todo)
    }
}

impl std::error::Error for QueryError {}
