//! How well tone is read: by the lexicon alone, and by what people's corrections taught.

use super::score::Score;
use crate::listening::learned::tone::Tones;
use crate::listening::sentiment::Tone;

pub fn by_lexicon(tones: &Tones, test: &[(String, Tone)]) -> Score {
    let mut score = Score::default();
    for (text, tone) in test {
        score.add(tone.word(), Some((tones.by_lexicon(text).word(), 1.0)));
    }
    score
}

pub fn as_taught(tones: &Tones, test: &[(String, Tone)]) -> Score {
    let mut score = Score::default();
    for (text, tone) in test {
        let (read, confidence) = tones.read(text);
        score.add(tone.word(), Some((read.word(), confidence)));
    }
    score
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corrections_mend_what_the_lexicon_does_not_know() {
        let said = |text: &str, tone| (text.to_owned(), tone);
        let test = [
            said("totally lit", Tone::Positive),
            said("a good sofa", Tone::Positive),
        ];
        let mut tones = Tones::new();
        assert_eq!(by_lexicon(&tones, &test).accuracy(), 0.5);
        assert_eq!(as_taught(&tones, &test).accuracy(), 0.5);
        for _ in 0..10 {
            tones.learn("this is lit", Tone::Positive);
            tones.learn("the wait", Tone::Neutral);
        }
        assert_eq!(as_taught(&tones, &test).accuracy(), 1.0);
        assert_eq!(by_lexicon(&tones, &test).accuracy(), 0.5);
    }
}
