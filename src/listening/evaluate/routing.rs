//! How fast and how well the router learns: hand-offs one at a time, and after some of them a look at texts that it never
//! learns from.

use super::score::Score;
use crate::listening::learned::Router;

/// After how many hand-offs the router is looked at.
pub const LOOKS: [usize; 4] = [100, 300, 1000, 3000];

/// A text and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    pub text: String,
    pub label: String,
}

/// A router that knows the labels by name and has learned nothing.
pub fn beginner(rows: &[Labelled]) -> Router {
    let mut names: Vec<&str> = rows.iter().map(|row| row.label.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    Router::new(names)
}

/// What it proposes for each text.
pub fn judge(router: &Router, test: &[Labelled]) -> Score {
    let mut score = Score::default();
    for row in test {
        let proposal = router.propose(&row.text);
        let answer = proposal
            .as_ref()
            .map(|proposal| (proposal.department.as_str(), proposal.confidence));
        score.add(&row.label, answer);
    }
    score
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_offs_make_it_better_than_the_general_list() {
        let rows = |from: usize| -> Vec<Labelled> {
            let row = |at: usize| {
                let (what, label) = [("sofa", "workshop"), ("parcel", "tower"), ("lamp", "electric")][at % 3];
                Labelled {
                    text: format!("number{at} and the {what} of mine"),
                    label: label.to_owned(),
                }
            };
            (from..from + 60).map(row).collect()
        };
        let (train, test) = (rows(0), rows(1000));
        let mut router = beginner(&train);
        assert_eq!(judge(&router, &test).accuracy(), 0.0, "these names say nothing");
        for row in &train {
            router.learn(&row.text, &row.label);
        }
        let score = judge(&router, &test);
        assert_eq!((score.read(), score.accuracy(), score.macro_f1()), (60, 1.0, 1.0));
    }
}
