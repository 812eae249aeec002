//! The router that learns: every hand-off that a department accepted is an example of what belongs there. It proposes a
//! department, with a confidence and the words that weighed. It decides nothing.
//!
//! [`features`] makes numbers of a text, [`label`] learns their weights, [`classifier`] examples one at a time;
//! [`general`] is what it goes by before the first example, [`confidence`] how sure it may be; [`tone`] learns corrections of
//! tone in the same way.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

mod classifier;
mod confidence;
mod features;
mod general;
mod label;
mod packed;
pub mod tone;

use classifier::{Classifier, Ranking};
use features::Features;
use general::GENERAL;

/// Of the state's form: the places of signs, and the list of subjects. A state of another form is not ours.
const FORM: u32 = 1;
/// Words told with a proposal.
const TOLD: usize = 6;
/// A subject counts for as much as a few words.
const SUBJECT: f32 = 0.4;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Router {
    form: u32,
    learner: Classifier,
}

/// Where a text may belong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proposal {
    pub department: String,
    /// How often such a proposal is right, 0 to 1.
    pub confidence: f32,
    /// What spoke for the department rather than for the next best, strongest first.
    pub words: Vec<(String, f32)>,
    /// The others, likeliest first, with their score's distance from the best.
    pub alternatives: Vec<(String, f32)>,
}

/// A stored state that cannot be used; the router learns anew from the history.
#[derive(Debug, thiserror::Error)]
pub enum NotAState {
    #[error("this is not the state of a router: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("the state was made by another version: form {0}, and this version writes form {FORM}")]
    OtherForm(u32),
    #[error("the state is damaged")]
    Damaged,
}

impl Router {
    /// Knows nothing but what customers write about in general, and what departments of these names usually do.
    pub fn new<'d>(departments: impl IntoIterator<Item = &'d str>) -> Self {
        let mut router = Self {
            form: FORM,
            learner: Classifier::default(),
        };
        for department in departments {
            router.department(department);
        }
        router
    }

    /// The same departments, and nothing learned.
    pub fn reset(&mut self) {
        let labels = self.learner.labels().iter();
        let departments: Vec<String> = labels.map(|label| label.name.clone()).collect();
        *self = Self::new(departments.iter().map(String::as_str));
    }

    /// A text that belongs to this department.
    pub fn learn(&mut self, text: &str, department: &str) {
        let label = self.department(department);
        self.learner.learn(read(&features::words(text)), label);
    }

    /// None where there is nothing to go by: no departments, or nothing learned and no word that says anything in general.
    pub fn propose(&self, text: &str) -> Option<Proposal> {
        let words = features::words(text);
        let ranking = self.learner.rank(&read(&words));
        let &(best, top) = ranking.0.first()?;
        if self.learner.learned() == 0 && ranking.lead() <= 0.0 {
            return None;
        }
        let name = |label: usize| self.learner.labels()[label].name.clone();
        let others = ranking.0.iter().skip(1);
        Some(Proposal {
            department: name(best),
            confidence: self.learner.confidence(&ranking),
            words: self.weighed(&words, &ranking),
            alternatives: others.map(|(label, score)| (name(*label), score - top)).collect(),
        })
    }

    /// How many examples it has learned.
    pub fn learned(&self) -> u64 {
        self.learner.learned()
    }

    /// The whole state as JSON.
    pub fn export(&self) -> Result<String, NotAState> {
        Ok(serde_json::to_string(self)?)
    }

    /// A router from its exported state, which goes on exactly where that one stopped.
    pub fn restore(state: &str) -> Result<Self, NotAState> {
        let router: Self = serde_json::from_str(state)?;
        match router.form {
            FORM if router.learner.is_whole() => Ok(router),
            FORM => Err(NotAState::Damaged),
            form => Err(NotAState::OtherForm(form)),
        }
    }

    fn department(&mut self, name: &str) -> usize {
        let known = self.learner.labels().len();
        let label = self.learner.label(name);
        if label == known {
            for (subject, strength) in GENERAL.speaks_for(name) {
                self.learner.expect(label, features::given(subject), strength);
            }
        }
        label
    }

    fn weighed(&self, words: &[String], ranking: &Ranking) -> Vec<(String, f32)> {
        let [(best, _), (second, _), ..] = ranking.0.as_slice() else {
            return Vec::new();
        };
        let mut told = weighed(&self.learner, words, *best, *second);
        told.retain(|(_, weight)| *weight > 0.0);
        told.truncate(TOLD);
        told
    }
}

/// The features of a text, with the subjects it touches.
fn read(words: &[String]) -> Features {
    let mut features = Features::of(words);
    for touched in GENERAL.touched(words) {
        features.give(touched.subject, SUBJECT);
    }
    features
}

/// What each word or phrase adds to the lead of one label over another, most first: together they are the lead. Runs of
/// letters count for their word, subjects for the words that touch them.
fn weighed(learner: &Classifier, words: &[String], label: usize, against: usize) -> Vec<(String, f32)> {
    // Where two signs share a place, the first gives its name.
    let mut names: HashMap<usize, String> = HashMap::new();
    features::each(words, |place, sign| {
        names.entry(place.into()).or_insert_with(|| sign.words());
    });
    for touched in GENERAL.touched(words) {
        names.insert(features::given(touched.subject), touched.words);
    }
    let mut told: Vec<(String, f32)> = Vec::new();
    for (place, value) in read(words).each() {
        let weight = value * learner.weighs(place, label, against);
        let name = names.get(&place).cloned().unwrap_or_default();
        match told.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += weight,
            None => told.push((name, weight)),
        }
    }
    told.sort_by(|one, other| other.1.total_cmp(&one.1));
    told
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TAUGHT: [(&str, &str); 6] = [
        ("my parcel is late again", "logistics"),
        ("where is the parcel, it has been days", "logistics"),
        ("the courier threw my parcel over the fence", "logistics"),
        ("the sofa has a scratch on the leg", "workshop"),
        ("one leg of the table wobbles", "workshop"),
        ("the cushion of my sofa is torn", "workshop"),
    ];

    fn taught() -> Router {
        let mut router = Router::new(["logistics", "workshop"]);
        for (text, department) in TAUGHT {
            router.learn(text, department);
        }
        router
    }

    #[test]
    fn what_was_taught_is_proposed_with_the_words_that_weighed() {
        let router = taught();
        for (text, department, word) in [
            ("@larkspur a parcel for my neighbour", "logistics", "parcel"),
            ("my new sofa, and look at it", "workshop", "sofa"),
        ] {
            let proposal = router.propose(text).expect("something was learned");
            assert_eq!(proposal.department, department, "{text}");
            assert!(
                proposal
                    .words
                    .iter()
                    .any(|(told, weight)| told.contains(word) && *weight > 0.0),
                "{:?}",
                proposal.words
            );
            assert_eq!(proposal.alternatives.len(), 1);
        }
    }

    #[test]
    fn before_the_first_example_it_goes_by_what_departments_usually_do() {
        let router = Router::new(["customer-care", "Baggage", "tower"]);
        let department = |text: &str| router.propose(text).map(|proposal| proposal.department);
        assert_eq!(department("you lost my suitcase").as_deref(), Some("Baggage"));
        assert_eq!(department("an hour on hold").as_deref(), Some("customer-care"));
        assert_eq!(department("qwertz"), None);
        assert_eq!(Router::new([]).propose("you lost my suitcase"), None);
    }

    #[test]
    fn people_know_better_than_the_general_list() {
        let mut router = Router::new(["baggage", "tower"]);
        for _ in 0..20 {
            router.learn("my suitcase fell from the tower", "tower");
        }
        let proposal = router.propose("a suitcase");
        assert_eq!(
            proposal.map(|proposal| proposal.department).as_deref(),
            Some("tower")
        );
    }

    #[test]
    fn a_department_that_opens_later_is_learned_too() {
        let mut router = taught();
        for _ in 0..5 {
            router.learn("the lamp hums", "electric");
        }
        let proposal = router.propose("why does this lamp hum");
        assert_eq!(
            proposal.map(|proposal| proposal.department).as_deref(),
            Some("electric")
        );
    }

    #[test]
    fn a_reset_router_knows_its_departments_and_nothing_else() {
        let mut router = taught();
        router.reset();
        assert_eq!(router, Router::new(["logistics", "workshop"]));
    }

    #[test]
    fn a_state_of_another_form_or_a_damaged_one_is_refused() {
        let state = taught().export().expect("a state");
        assert!(matches!(
            Router::restore(&state.replace("\"form\":1", "\"form\":7")),
            Err(NotAState::OtherForm(7))
        ));
        assert!(matches!(
            Router::restore(&state[..state.len() / 2]),
            Err(NotAState::Unreadable(_))
        ));
        let mut astray = taught();
        astray.learner.label("gone");
        let mut value: serde_json::Value = serde_json::from_str(&astray.export().unwrap()).unwrap();
        value["learner"]["remembered"][0][1] = 9.into();
        assert!(matches!(
            Router::restore(&value.to_string()),
            Err(NotAState::Damaged)
        ));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// Whatever is learned, a restart is not noticed: not in what is proposed, and not in what is learned after.
        #[test]
        fn a_restored_router_goes_on_exactly_where_it_stopped(
            examples in proptest::collection::vec(("[a-z ]{0,40}", 0..3_usize), 0..20),
            text in any::<String>(),
        ) {
            let departments = ["support", "sales", "tower"];
            let mut router = Router::new(departments);
            for (text, department) in &examples {
                router.learn(text, departments[*department]);
            }
            let mut restored = Router::restore(&router.export().unwrap()).unwrap();
            prop_assert_eq!(&restored, &router);
            restored.learn(&text, "sales");
            router.learn(&text, "sales");
            prop_assert_eq!(restored, router);
        }

        /// The words told are the decision: what they weigh together is the lead.
        #[test]
        fn all_words_together_weigh_what_the_lead_is(
            examples in proptest::collection::vec(("[a-e]{1,3}( [a-e]{1,3}){0,6}", 0..3_usize), 1..20),
            text in "(bag |late |[a-e]{1,3} ){0,12}",
        ) {
            let mut router = Router::new(["baggage", "ops", "tower"]);
            for (text, department) in &examples {
                router.learn(text, ["baggage", "ops", "tower"][*department]);
            }
            let words = features::words(&text);
            let ranking = router.learner.rank(&read(&words));
            let told = weighed(&router.learner, &words, ranking.0[0].0, ranking.0[1].0);
            let sum: f32 = told.iter().map(|(_, weight)| weight).sum();
            prop_assert!((sum - ranking.lead()).abs() < 1e-3, "{} {}", sum, ranking.lead());
        }
    }
}
