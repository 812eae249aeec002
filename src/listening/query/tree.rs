//! A query as a tree, and what it asks of a text's words.

use super::fields::Field;
use super::needs::{Needs, Term};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    /// At most so many words from one to the other, whichever comes first.
    Near(usize, Box<Node>, Box<Node>),
    Words(Words),
    Field(Field),
}

/// A word or a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// As the query has it.
    pub(super) written: String,
    pub(super) tokens: Term,
    /// The last token may go on: `refund*`.
    pub(super) open: bool,
}

impl Node {
    /// What of this can be said in whole words; the matcher asks for it before anything else is looked at.
    pub(super) fn needs(&self) -> Needs {
        match self {
            Self::Words(words) => words.needs(),
            Self::All(nodes) => {
                let mut all = Needs {
                    exact: true,
                    ..Needs::default()
                };
                for needs in nodes.iter().map(Self::needs) {
                    all.clauses.extend(needs.clauses);
                    all.none.extend(needs.none);
                    all.exact &= needs.exact;
                }
                all
            }
            Self::Any(nodes) => any(nodes.iter().map(Self::needs)),
            Self::Not(node) => match node.needs() {
                Needs {
                    clauses,
                    none,
                    exact: true,
                } if none.is_empty() && clauses.len() == 1 => Needs {
                    clauses: Vec::new(),
                    none: clauses.concat(),
                    exact: true,
                },
                _ => Needs::default(),
            },
            Self::Near(_, one, other) => {
                let mut needs = one.needs();
                needs.clauses.extend(other.needs().clauses);
                Needs {
                    clauses: needs.clauses,
                    ..Needs::default()
                }
            }
            Self::Field(_) => Needs::default(),
        }
    }
}

/// One clause for several: each must bring one of its own, its rarest.
fn any(alternatives: impl Iterator<Item = Needs>) -> Needs {
    let mut clause = Vec::new();
    let mut exact = true;
    for mut needs in alternatives {
        let Some(rarest) = needs.rarest() else {
            return Needs::default();
        };
        exact &= needs.exact && needs.none.is_empty() && needs.clauses.len() == 1;
        clause.append(&mut needs.clauses[rarest]);
    }
    Needs {
        clauses: vec![clause],
        none: Vec::new(),
        exact,
    }
}

impl Words {
    fn needs(&self) -> Needs {
        let whole = match self.open {
            true => &self.tokens[..self.tokens.len() - 1],
            false => &self.tokens[..],
        };
        match whole {
            [] => Needs::default(),
            whole => Needs {
                clauses: vec![vec![whole.to_vec()]],
                none: Vec::new(),
                exact: !self.open,
            },
        }
    }
}
