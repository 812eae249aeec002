//! How often a proposal with this lead over the next best is right. Learned from the proposals themselves: each example is
//! first proposed for, then learned, so that every outcome is one of a text not seen before.
//!
//! Platt, Probabilistic Outputs for Support Vector Machines, 1999.

use serde::{Deserialize, Serialize};

/// Small enough to average over some hundred outcomes, large enough to follow a learner that gets better.
const STEP: f32 = 0.01;

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Confidence {
    slope: f32,
    start: f32,
}

impl Default for Confidence {
    /// Before any outcome: what has no lead is right or wrong alike.
    fn default() -> Self {
        Self {
            slope: 0.5,
            start: 0.0,
        }
    }
}

impl Confidence {
    pub fn of(&self, lead: f32) -> f32 {
        (1.0 + (-(self.slope * lead + self.start)).exp()).recip()
    }

    pub fn learn(&mut self, lead: f32, right: bool) {
        let error = f32::from(u8::from(right)) - self.of(lead);
        // A longer lead never means less: the slope stays above nought.
        self.slope = (self.slope + STEP * error * lead.min(8.0)).max(0.05);
        self.start += STEP * error;
    }

    pub fn is_sound(&self) -> bool {
        self.slope.is_finite() && self.slope > 0.0 && self.start.is_finite()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_to_mean_how_often_that_was_right() {
        let mut confidence = Confidence::default();
        // A lead of 2 is right nine times in ten, one of 0.2 every other time.
        for turn in 0..4000 {
            match turn % 2 {
                0 => confidence.learn(2.0, turn % 20 != 0),
                _ => confidence.learn(0.2, turn % 4 == 1),
            }
        }
        assert!((confidence.of(2.0) - 0.9).abs() < 0.07, "{}", confidence.of(2.0));
        assert!((confidence.of(0.2) - 0.5).abs() < 0.07, "{}", confidence.of(0.2));
        assert!(confidence.of(1.0) < confidence.of(2.0));
    }
}
