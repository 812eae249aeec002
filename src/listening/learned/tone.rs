//! Tone as people here see it: starts as the lexicon's reading, and learns from each correction. What the lexicon says stays
//! one sign among the words.

use super::classifier::Classifier;
use super::features::{self, Features};
use crate::listening::sentiment::{Lexicon, Tone};

/// Places of the lexicon's signs: kind, unkind, and one for each tone.
const KIND: usize = 0;
const UNKIND: usize = 1;
const TONE: usize = 2;

pub struct Tones {
    lexicon: Lexicon,
    learner: Classifier,
}

impl Tones {
    pub fn new() -> Self {
        let mut learner = Classifier::default();
        for (at, tone) in Tone::ALL.into_iter().enumerate() {
            let label = learner.label(tone.word());
            learner.expect(label, features::given(TONE + at), 1.0);
        }
        Self {
            lexicon: Lexicon::new(),
            learner,
        }
    }

    /// What the lexicon alone says.
    pub fn by_lexicon(&self, text: &str) -> Tone {
        self.lexicon.read(text).tone()
    }

    /// Somebody says that this is the text's tone.
    pub fn learn(&mut self, text: &str, tone: Tone) {
        let features = self.features(text);
        let label = self.learner.label(tone.word());
        self.learner.learn(features, label);
    }

    /// The tone, and how often such a reading is right.
    pub fn read(&self, text: &str) -> (Tone, f32) {
        let ranking = self.learner.rank(&self.features(text));
        let best = ranking.0.first().and_then(|(label, _)| Tone::ALL.get(*label));
        (
            best.copied().unwrap_or(Tone::Neutral),
            self.learner.confidence(&ranking),
        )
    }

    fn features(&self, text: &str) -> Features {
        let reading = self.lexicon.read(text);
        let mut features = Features::of(&features::words(text));
        let compound = reading.compound as f32;
        features.give(KIND, compound.max(0.0));
        features.give(UNKIND, (-compound).max(0.0));
        features.give(TONE + reading.tone() as usize, 1.0);
        features
    }
}

impl Default for Tones {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn corrections_are_learned() {
        let mut tones = Tones::new();
        let text = "the wait was sick";
        assert_eq!(tones.read(text).0, Tone::Negative);
        for _ in 0..10 {
            tones.learn("sick sofa, sick colours", Tone::Positive);
            tones.learn("the wait was sick", Tone::Positive);
            tones.learn("a long wait", Tone::Negative);
        }
        assert_eq!(tones.read(text).0, Tone::Positive);
        assert_eq!(tones.by_lexicon(text), Tone::Negative);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn before_the_first_correction_it_is_the_lexicon(
            text in "((good|bad|not|terrible|lovely|table|is|!) ){0,12}",
        ) {
            let tones = Tones::new();
            prop_assert_eq!(tones.read(&text).0, tones.by_lexicon(&text));
        }
    }
}
