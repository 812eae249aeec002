//! Is our reading of tone exactly the original's? Compares with its recorded output, figure by figure.

use crate::listening::sentiment::{Lexicon, Reading};

/// A text and what the original said of it.
pub struct Recorded {
    /// Where it stands, to name it when it differs.
    pub line: u64,
    pub text: String,
    pub expected: Reading,
}

#[derive(Debug, Default, PartialEq)]
pub struct Parity {
    pub read: usize,
    pub equal: usize,
    /// Line, what the original said, what we say.
    pub different: Vec<(u64, Reading, Reading)>,
}

impl Parity {
    pub fn compare(&mut self, lexicon: &Lexicon, recorded: &Recorded) {
        let ours = lexicon.read_raw(&recorded.text);
        self.read += 1;
        if ours == recorded.expected {
            self.equal += 1;
        } else {
            self.different.push((recorded.line, recorded.expected, ours));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_figure_off_is_different() {
        let lexicon = Lexicon::new();
        let mut expected = lexicon.read_raw("a good day");
        let mut parity = Parity::default();
        let recorded = |line, expected| Recorded {
            line,
            text: "a good day".to_owned(),
            expected,
        };
        parity.compare(&lexicon, &recorded(1, expected));
        expected.neutral += 0.001;
        parity.compare(&lexicon, &recorded(2, expected));
        assert_eq!((parity.read, parity.equal), (2, 1));
        assert_eq!(parity.different[0].0, 2);
    }
}
