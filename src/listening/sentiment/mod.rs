//! The tone of a text. [`Lexicon`] reads it by a published list of words and rules that anybody can look up; it does not
//! learn. It is for English; what it does not know is neutral to it.
//!
//! Hutto and Gilbert, VADER, ICWSM 2014: <https://github.com/cjhutto/vaderSentiment>

use serde::{Deserialize, Serialize};
use vader_parity::SentimentIntensityAnalyzer;

use super::plain;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Negative,
    Neutral,
    Positive,
}

impl Tone {
    pub const ALL: [Self; 3] = [Self::Negative, Self::Neutral, Self::Positive];

    pub fn word(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::Neutral => "neutral",
            Self::Positive => "positive",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|tone| tone.word().eq_ignore_ascii_case(word))
    }
}

/// What the lexicon says of a text.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Reading {
    /// −1 to 1; three decimals for the shares below, four here, as the original publishes them.
    pub compound: f64,
    /// Which share of the words is negative, neutral, positive.
    pub negative: f64,
    pub neutral: f64,
    pub positive: f64,
}

impl Reading {
    /// The authors' own thresholds.
    pub fn tone(&self) -> Tone {
        if self.compound >= 0.05 {
            Tone::Positive
        } else if self.compound <= -0.05 {
            Tone::Negative
        } else {
            Tone::Neutral
        }
    }
}

/// Some 7,500 words with their weight, and the rules for negation, emphasis and “but”. Making one reads the list, so make
/// one and keep it.
pub struct Lexicon(SentimentIntensityAnalyzer);

impl Lexicon {
    pub fn new() -> Self {
        Self(SentimentIntensityAnalyzer::new())
    }

    /// The text exactly as it stands, as the original would score it. For comparing with the original.
    pub fn read_raw(&self, text: &str) -> Reading {
        let scores = self.0.polarity_scores(text);
        Reading {
            compound: scores.compound,
            negative: scores.neg,
            neutral: scores.neu,
            positive: scores.pos,
        }
    }

    /// The text as the product reads it: without handles and links.
    pub fn read(&self, text: &str) -> Reading {
        self.read_raw(&plain::spoken(text))
    }
}

impl Default for Lexicon {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tone_is_what_the_words_say() {
        let lexicon = Lexicon::new();
        for (text, tone) in [
            ("this is GREAT, thank you!", Tone::Positive),
            ("not good at all", Tone::Negative),
            ("my parcel is in Leeds", Tone::Neutral),
            ("the food was good, but the service was horrible", Tone::Negative),
            ("", Tone::Neutral),
        ] {
            assert_eq!(lexicon.read(text).tone(), tone, "{text}");
        }
    }

    #[test]
    fn a_kind_handle_does_not_make_a_kind_text() {
        let lexicon = Lexicon::new();
        assert_eq!(lexicon.read_raw("@united where is my bag").tone(), Tone::Positive);
        assert_eq!(lexicon.read("@united where is my bag").tone(), Tone::Neutral);
    }

    #[test]
    fn the_published_example_has_its_published_figures() {
        let reading = Lexicon::new().read_raw("VADER is smart, handsome, and funny.");
        assert_eq!(
            reading,
            Reading {
                compound: 0.8316,
                negative: 0.0,
                neutral: 0.254,
                positive: 0.746
            }
        );
    }
}
