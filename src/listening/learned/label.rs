//! What one label looks like: a weight for every sign, by two learners whose verdicts are added. One (AROW) corrects itself by
//! as much as the example asks and moves least what it has seen often; the other (logistic, AdaGrad) weighs the labels against
//! each other in small steps. They err differently: together they are right a little more often than either, and surer.
//!
//! Crammer and others, Adaptive Regularization of Weight Vectors, NIPS 2009: <https://papers.nips.cc/paper/3848>.
//! Duchi and others, Adaptive Subgradient Methods, JMLR 2011: <https://jmlr.org/papers/v12/duchi11a.html>.

use serde::{Deserialize, Serialize};

use super::features::{Features, PLACES};

/// AROW's resistance to one example; anything from 0.3 to 1 does.
const RESISTANCE: f32 = 0.5;
/// The logistic learner's step; anything from 0.07 to 0.2 does.
const STEP: f32 = 0.1;

/// What is known of one sign for one label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weight {
    /// AROW's weight, and how unsure it is of it.
    pub margin: f32,
    pub doubt: f32,
    /// The logistic weight, and the sum of its squared gradients.
    pub odds: f32,
    pub moved: f32,
}

impl Weight {
    pub const NEW: Self = Self {
        margin: 0.0,
        doubt: 1.0,
        odds: 0.0,
        moved: 0.1,
    };

    pub fn is_sound(&self) -> bool {
        let all = [self.margin, self.doubt, self.odds, self.moved];
        all.iter().all(|number| number.is_finite()) && self.doubt > 0.0 && self.moved > 0.0
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Label {
    pub name: String,
    pub examples: u32,
    #[serde(with = "super::packed")]
    pub weights: Vec<Weight>,
}

/// What the two learners say of a text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Verdict {
    pub margin: f32,
    pub odds: f32,
}

impl Label {
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            examples: 0,
            weights: vec![Weight::NEW; PLACES],
        }
    }

    pub fn verdict(&self, features: &Features) -> Verdict {
        let mut sum = Verdict::default();
        for (place, value) in features.each() {
            let weight = &self.weights[place];
            sum.margin += weight.margin * value;
            sum.odds += weight.odds * value;
        }
        sum
    }

    /// What a sign at this place adds to the score.
    pub fn weight(&self, place: usize) -> f32 {
        let weight = &self.weights[place];
        weight.margin + weight.odds
    }

    /// AROW: where the margin is not what it should be, mends it, and moves least what it is surest of.
    pub fn learn_margin(&mut self, features: &Features, verdict: Verdict, is_it: bool) {
        let sign = if is_it { 1.0 } else { -1.0 };
        let short = 1.0 - verdict.margin * sign;
        if short <= 0.0 {
            return;
        }
        let doubt: f32 = features
            .each()
            .map(|(place, value)| self.weights[place].doubt * value * value)
            .sum();
        let beta = (doubt + RESISTANCE).recip();
        for (place, value) in features.each() {
            let weight = &mut self.weights[place];
            let reach = weight.doubt * value;
            weight.margin += short * beta * sign * reach;
            weight.doubt -= beta * reach * reach;
        }
    }

    /// AdaGrad: a step against the error, shorter where steps were many.
    pub fn learn_odds(&mut self, features: &Features, error: f32) {
        for (place, value) in features.each() {
            let weight = &mut self.weights[place];
            let gradient = error * value;
            weight.moved += gradient * gradient;
            weight.odds -= STEP * gradient / weight.moved.sqrt();
        }
    }
}
