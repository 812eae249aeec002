//! The learner itself, which knows neither departments nor tones: labels, and examples one at a time. Each new example is
//! learned together with a few old ones, because one look at an example is too little and the first ones would fade.
//! Nothing is random: the same examples in the same order make the same learner, on every machine.

use serde::{Deserialize, Serialize};

use super::confidence::Confidence;
use super::features::Features;
use super::label::{Label, Verdict};

/// Old examples that are looked at again with each new one; more than a few learn the noise.
const AGAIN: usize = 2;
/// How many examples are remembered for that.
const REMEMBERED: usize = 2000;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Classifier {
    labels: Vec<Label>,
    /// The last examples with their label; the oldest one's place is taken next.
    remembered: Vec<(Features, usize)>,
    learned: u64,
    confidence: Confidence,
}

/// The scores of one text, best first, by the label's index.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking(pub Vec<(usize, f32)>);

impl Ranking {
    /// How far the best is ahead of the second.
    pub fn lead(&self) -> f32 {
        match self.0.as_slice() {
            [best, second, ..] => best.1 - second.1,
            _ => 0.0,
        }
    }
}

impl Classifier {
    /// The label's index; a label nobody has heard of is new.
    pub fn label(&mut self, name: &str) -> usize {
        self.labels
            .iter()
            .position(|label| label.name == name)
            .unwrap_or_else(|| {
                self.labels.push(Label::new(name));
                self.labels.len() - 1
            })
    }

    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    pub fn learned(&self) -> u64 {
        self.learned
    }

    /// Says before any example that this sign speaks for the label.
    pub fn expect(&mut self, label: usize, place: usize, strength: f32) {
        self.labels[label].weights[place].odds = strength;
    }

    pub fn rank(&self, features: &Features) -> Ranking {
        let scores = self.labels.iter().map(|label| {
            let verdict = label.verdict(features);
            verdict.margin + verdict.odds
        });
        let mut ranked: Vec<(usize, f32)> = scores.enumerate().collect();
        // Stable: of equals the label that was named first comes first.
        ranked.sort_by(|one, other| other.1.total_cmp(&one.1));
        Ranking(ranked)
    }

    pub fn confidence(&self, ranking: &Ranking) -> f32 {
        self.confidence.of(ranking.lead())
    }

    /// What a sign at this place adds to the lead of one label over another.
    pub fn weighs(&self, place: usize, label: usize, against: usize) -> f32 {
        self.labels[label].weight(place) - self.labels[against].weight(place)
    }

    pub fn learn(&mut self, features: Features, label: usize) {
        let ranking = self.rank(&features);
        if let Some((best, _)) = ranking.0.first() {
            self.confidence.learn(ranking.lead(), *best == label);
        }
        self.labels[label].examples += 1;
        self.look_at(&features, label);
        for turn in 0..AGAIN {
            if let Some((old, label)) = self.old_one(turn) {
                self.look_at(&old, label);
            }
        }
        let at = self.learned as usize % REMEMBERED;
        match self.remembered.get_mut(at) {
            Some(oldest) => *oldest = (features, label),
            None => self.remembered.push((features, label)),
        }
        self.learned += 1;
    }

    /// Another one each time, spread evenly over what is remembered.
    fn old_one(&self, turn: usize) -> Option<(Features, usize)> {
        let draw = self.learned.wrapping_mul(AGAIN as u64).wrapping_add(turn as u64);
        let spread = draw.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let at = (spread as usize).checked_rem(self.remembered.len())?;
        self.remembered.get(at).cloned()
    }

    fn look_at(&mut self, features: &Features, label: usize) {
        let verdicts: Vec<Verdict> = self.labels.iter().map(|label| label.verdict(features)).collect();
        let highest = verdicts
            .iter()
            .map(|verdict| verdict.odds)
            .fold(f32::MIN, f32::max);
        let total: f32 = verdicts
            .iter()
            .map(|verdict| (verdict.odds - highest).exp())
            .sum();
        let care = self.care(label);
        for (at, (of, verdict)) in self.labels.iter_mut().zip(verdicts).enumerate() {
            let is_it = at == label;
            let share = (verdict.odds - highest).exp() / total;
            of.learn_margin(features, verdict, is_it);
            of.learn_odds(features, care * (share - f32::from(u8::from(is_it))));
        }
    }

    /// An example of a rare label counts for more, so that a small department is proposed as well; by the root, because fully
    /// evened out the many pay too much for the few.
    fn care(&self, label: usize) -> f32 {
        let known = self.labels.iter().filter(|label| label.examples > 0);
        let (labels, examples) = known.fold((0_u32, 0_u32), |(labels, examples), label| {
            (labels + 1, examples + label.examples + 1)
        });
        let own = self.labels[label].examples + 1;
        (examples as f32 / (labels.max(1) as f32 * own as f32)).sqrt()
    }

    /// False where a stored state was damaged or made by another version.
    pub fn is_whole(&self) -> bool {
        let known = |(features, label): &(Features, usize)| *label < self.labels.len() && features.is_whole();
        self.remembered.len() <= REMEMBERED && self.remembered.iter().all(known) && self.confidence.is_sound()
    }
}
