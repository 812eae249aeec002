//! What the words of a text must be for a rule to hold. Lists of terms are this and nothing more; a query may ask for more
//! than words can say, and then this is what it cannot do without.

/// A word, or several that stand behind each other.
pub(super) type Term = Vec<String>;

/// Of each clause at least one term, and none of `none`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Needs {
    pub(super) clauses: Vec<Vec<Term>>,
    pub(super) none: Vec<Term>,
    /// A text that fulfils this is a match; otherwise it is only worth a closer look.
    pub(super) exact: bool,
}

impl Needs {
    /// The clause that the fewest texts will fulfil. Nobody knows the texts yet; that long words and phrases are rare, and
    /// that more alternatives are met more often, is true of every language.
    pub(super) fn rarest(&self) -> Option<usize> {
        (0..self.clauses.len()).min_by_key(|at| self.clauses[*at].iter().map(commonness).sum::<u32>())
    }
}

fn commonness(term: &Term) -> u32 {
    match term.as_slice() {
        [word] => match (word.chars().next(), word.len()) {
            // Handles of those who are talked about stand in many texts, hashtags in few.
            (Some('@'), _) => 20,
            (Some('#'), _) => 2,
            (_, 0..=2) => 60,
            (_, 3) => 40,
            (_, 4) => 20,
            (_, 5) => 8,
            (_, 6) => 5,
            (_, _) => 3,
        },
        _ => 1,
    }
}
