//! How good a set of answers is: accuracy, macro-F1, who was taken for whom, and how much is answered where one answers only
//! when sure.

use std::collections::BTreeMap;

/// What stands in the table for no answer.
pub const SILENT: &str = "none";

/// Truth, then what was answered, then how often.
pub type Confusion = BTreeMap<String, BTreeMap<String, usize>>;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    confusion: Confusion,
    /// Each answer's confidence, and whether it was right.
    answers: Vec<(f32, bool)>,
}

/// Where one answers only when at least this sure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cut {
    pub threshold: f32,
    /// Share of all texts that are answered, and share of those that are right.
    pub coverage: f64,
    pub precision: f64,
}

impl Score {
    /// An answer with its confidence, or none; no answer is a wrong one.
    pub fn add(&mut self, truth: &str, answer: Option<(&str, f32)>) {
        let given = answer.map_or(SILENT, |(given, _)| given);
        let row = self.confusion.entry(truth.to_owned()).or_default();
        *row.entry(given.to_owned()).or_default() += 1;
        let sure = answer.map_or(0.0, |(_, confidence)| confidence);
        self.answers
            .push((sure, answer.is_some_and(|(given, _)| given == truth)));
    }

    pub fn read(&self) -> usize {
        self.answers.len()
    }

    pub fn confusion(&self) -> &Confusion {
        &self.confusion
    }

    pub fn accuracy(&self) -> f64 {
        share(
            self.answers.iter().filter(|(_, right)| *right).count(),
            self.read(),
        )
    }

    /// The mean of each label's F1; a label that is answered and never true has none.
    pub fn macro_f1(&self) -> f64 {
        let f1 = |label: &String| {
            let count = |truth: &String| self.confusion[truth].get(label).copied().unwrap_or_default();
            let answered: usize = self.confusion.keys().map(count).sum();
            let true_ones: usize = self.confusion[label].values().sum();
            share(2 * count(label), answered + true_ones)
        };
        let sum: f64 = self.confusion.keys().map(f1).sum();
        sum / self.confusion.len().max(1) as f64
    }

    /// The lowest threshold above which this share of the answers is right: found afterwards, on these very answers.
    pub fn cut_at_precision(&self, precision: f64) -> Cut {
        let mut answers = self.answers.clone();
        answers.sort_by(|one, other| other.0.total_cmp(&one.0));
        let mut best = Cut {
            threshold: 1.0,
            ..Cut::default()
        };
        let mut right = 0;
        for (at, (confidence, is_right)) in answers.iter().enumerate() {
            right += usize::from(*is_right);
            // Equally sure answers stand or fall together.
            let is_last = answers.get(at + 1).is_none_or(|next| next.0 < *confidence);
            if is_last && share(right, at + 1) >= precision {
                best = Cut {
                    threshold: *confidence,
                    coverage: share(at + 1, self.read()),
                    precision: share(right, at + 1),
                };
            }
        }
        best
    }

    /// What a threshold chosen beforehand gives.
    pub fn cut_at(&self, threshold: f32) -> Cut {
        let sure: Vec<_> = self
            .answers
            .iter()
            .filter(|(confidence, _)| *confidence >= threshold)
            .collect();
        Cut {
            threshold,
            coverage: share(sure.len(), self.read()),
            precision: share(sure.iter().filter(|(_, right)| *right).count(), sure.len()),
        }
    }
}

fn share(part: usize, of: usize) -> f64 {
    match of {
        0 => 0.0,
        of => part as f64 / of as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(answers: &[(&str, &str, f32)]) -> Score {
        let mut score = Score::default();
        for (truth, given, confidence) in answers {
            score.add(truth, (*given != SILENT).then_some((*given, *confidence)));
        }
        score
    }

    #[test]
    fn the_figures_are_those_of_the_textbook() {
        // Of three a, two are found and one called b; of two b, one is found and one not answered.
        let score = score(&[
            ("a", "a", 0.9),
            ("a", "a", 0.8),
            ("a", "b", 0.7),
            ("b", "b", 0.6),
            ("b", SILENT, 0.0),
        ]);
        assert_eq!((score.read(), score.accuracy()), (5, 0.6));
        // F1 of a: 2·2/(2+3) = 0.8; of b: 2·1/(2+2) = 0.5.
        assert!((score.macro_f1() - 0.65).abs() < 1e-9);
        assert_eq!(score.confusion()["b"][SILENT], 1);
        assert_eq!(
            (Score::default().accuracy(), Score::default().macro_f1()),
            (0.0, 0.0)
        );
    }

    #[test]
    fn the_cut_answers_as_much_as_stays_precise() {
        let score = score(&[
            ("a", "a", 0.9),
            ("a", "b", 0.8),
            ("a", "a", 0.7),
            ("a", "a", 0.6),
            ("a", "b", 0.5),
        ]);
        let cut = score.cut_at_precision(0.75);
        assert_eq!((cut.threshold, cut.coverage, cut.precision), (0.6, 0.8, 0.75));
        assert_eq!(score.cut_at_precision(0.99).coverage, 0.2);
        assert_eq!(score.cut_at(0.8).precision, 0.5);
    }

    #[test]
    fn equally_sure_answers_are_not_told_apart() {
        let score = score(&[("a", "a", 0.9), ("a", "b", 0.9)]);
        assert_eq!(score.cut_at_precision(0.9).coverage, 0.0);
    }
}
