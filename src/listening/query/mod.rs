//! What people look for in texts: the query language, lists of terms, and the matcher that asks thousands of them at once.
//!
//! [`Query`] is one query, asked of one mention. [`Rules`] are many, queries or lists of terms, asked together.
//! `lexer` and `parse` make a tree of a query (`tree`, `fields`), `heard` is what it is asked of. `tokens` parts a text into
//! words; `needs` is what a rule needs in words; `matcher` asks all of them in one pass over two tables (`vocabulary`).

mod error;
mod fields;
mod heard;
mod lexer;
mod matcher;
mod needs;
mod parse;
pub mod rules;
#[cfg(test)]
mod tests;
mod tokens;
mod tree;
mod vocabulary;

pub use error::QueryError;
pub use heard::Heard;
pub use rules::{NothingLeft, Reading, Rule, Rules, Terms};

use crate::domain::mention::Mention;

/// A query that was understood: `(refund* OR "money back") NEAR/5 order -author:acme lang:en`.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    written: String,
    node: tree::Node,
}

impl Query {
    pub fn parse(query: &str) -> Result<Self, QueryError> {
        Ok(Self {
            written: query.to_owned(),
            node: parse::parse(query)?,
        })
    }

    /// As it was written.
    pub fn as_written(&self) -> &str {
        &self.written
    }

    pub fn matches(&self, mention: &Mention) -> bool {
        self.holds(&Heard::of(mention))
    }

    /// The same for a mention that several queries are asked of.
    pub fn holds(&self, heard: &Heard<'_>) -> bool {
        heard.holds(&self.node)
    }

    /// Which of its parts a mention made true, as the query has them; nothing where it does not match.
    pub fn explain(&self, heard: &Heard<'_>) -> Option<Vec<&str>> {
        if !self.holds(heard) {
            return None;
        }
        let mut found = Vec::new();
        heard.found(&self.node, &mut found);
        // What stands in several places of the query is said once.
        let mut said = Vec::new();
        for part in found {
            if !said.contains(&part) {
                said.push(part);
            }
        }
        Some(said)
    }
}
