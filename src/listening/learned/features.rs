//! A text as numbers for the learner: its words, pairs of words, and the letters that words are made of, each under a
//! number that its spelling is hashed to. Hashing bounds the state and needs no dictionary: a word never seen before has its
//! place already. What is told to people is never the number: the same walk names every sign again.
//!
//! Weinberger and others, Feature Hashing, ICML 2009: <https://arxiv.org/abs/0902.2206>

use serde::{Deserialize, Serialize};

use crate::listening::{folding, plain};

/// Places for spellings. Twice as many gain nothing on customers' posts, half as many lose a point in a hundred.
const HASHED: usize = 1 << 15;
/// Places that are not hashed: subjects, and what the lexicon says.
const GIVEN: usize = 64;
pub const PLACES: usize = HASHED + GIVEN;
/// Words of a text that count; a longer text has said by then what it is about.
const LONGEST: usize = 400;
/// Letters in a run; shorter ones say little, longer ones are whole words.
const RUNS: [usize; 2] = [4, 5];

/// The signs found in one text. Words and runs of letters weigh as much as each other, however many there are of either.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Features {
    words: Vec<u16>,
    runs: Vec<u16>,
    given: Vec<(u16, f32)>,
}

/// What stands at a place, to name it to people.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sign<'w> {
    Word(&'w str),
    Pair(&'w str, &'w str),
    /// Two words with one between them.
    Around(&'w str, &'w str),
    /// Letters of this word.
    Run(&'w str),
}

impl Sign<'_> {
    pub fn words(&self) -> String {
        match self {
            Self::Word(word) | Self::Run(word) => (*word).to_owned(),
            Self::Pair(one, other) => format!("{one} {other}"),
            Self::Around(one, other) => format!("{one} … {other}"),
        }
    }
}

impl Features {
    pub fn of(words: &[String]) -> Self {
        let mut found = Self::default();
        each(words, |place, sign| match sign {
            Sign::Run(_) => found.runs.push(place),
            _ => found.words.push(place),
        });
        for places in [&mut found.words, &mut found.runs] {
            places.sort_unstable();
            places.dedup();
        }
        found
    }

    /// Adds a sign that is no spelling.
    pub fn give(&mut self, slot: usize, value: f32) {
        self.given.push((given(slot) as u16, value));
    }

    /// Every place with its value.
    pub fn each(&self) -> impl Iterator<Item = (usize, f32)> {
        let share = |places: &[u16]| (places.len().max(1) as f32).sqrt().recip();
        let (word, run) = (share(&self.words), share(&self.runs));
        let words = self.words.iter().map(move |place| (usize::from(*place), word));
        let runs = self.runs.iter().map(move |place| (usize::from(*place), run));
        let given = self
            .given
            .iter()
            .map(|(place, value)| (usize::from(*place), *value));
        words.chain(runs).chain(given)
    }

    /// False where a stored state was damaged or made by another version.
    pub fn is_whole(&self) -> bool {
        self.each()
            .all(|(place, value)| place < PLACES && value.is_finite())
    }
}

/// The place of a sign that is no spelling.
pub fn given(slot: usize) -> usize {
    debug_assert!(slot < GIVEN);
    HASHED + slot % GIVEN
}

/// The words of a text as the learner reads them: folded, without handles and links; marks that carry feeling are words.
/// Numbers count by their length only, because the next flight has another one.
pub fn words(text: &str) -> Vec<String> {
    let folded = folding::fold(&plain::spoken(text));
    let mut found = Vec::new();
    let mut word = String::new();
    for c in folded.chars().chain([' ']) {
        if c.is_alphanumeric() || matches!(c, '\'' | '_') {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            found.push(std::mem::take(&mut word));
        }
        if matches!(c, '!' | '?' | '$' | '%') || !(c.is_ascii() || c.is_whitespace()) {
            found.push(c.to_string());
        }
        if found.len() >= LONGEST {
            break;
        }
    }
    for word in &mut found {
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            *word = "0".repeat(word.len().min(4));
        }
    }
    found
}

/// Walks through all signs of a text, each with its place.
pub fn each<'w>(words: &'w [String], mut see: impl FnMut(u16, Sign<'w>)) {
    for word in words {
        see(place(1, &[word]), Sign::Word(word));
    }
    for pair in words.windows(2) {
        see(
            place(2, &[&pair[0], " ", &pair[1]]),
            Sign::Pair(&pair[0], &pair[1]),
        );
    }
    for three in words.windows(3) {
        let sign = Sign::Around(&three[0], &three[2]);
        see(place(3, &[&three[0], " ", &three[2]]), sign);
    }
    let mut padded = String::new();
    let mut starts = Vec::new();
    for word in words {
        padded.clear();
        padded.extend([" ", word, " "]);
        starts.clear();
        starts.extend(padded.char_indices().map(|(at, _)| at));
        starts.push(padded.len());
        for length in RUNS {
            for (from, to) in starts.iter().zip(starts.iter().skip(length)) {
                see(place(4, &[&padded[*from..*to]]), Sign::Run(word));
            }
        }
    }
}

/// FNV-1a, which is the same on every machine and in every version; the kind keeps a word and a run of letters apart.
fn place(kind: u8, parts: &[&str]) -> u16 {
    let bytes = parts.iter().flat_map(|part| part.bytes());
    let hash = [kind]
        .into_iter()
        .chain(bytes)
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    ((hash ^ (hash >> 32)) as usize % HASHED) as u16
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_read_without_what_is_not_theirs() {
        for (text, read) in [
            (
                "@acme Where's my BAG?! http://x.example",
                vec!["where's", "my", "bag", "?", "!"],
            ),
            (
                "flight 1136 &amp; €20 😡",
                vec!["flight", "0000", "€", "00", "😡"],
            ),
            ("#neveragain 12345678", vec!["neveragain", "0000"]),
            ("", vec![]),
        ] {
            assert_eq!(words(text), read, "{text}");
        }
    }

    #[test]
    fn every_sign_is_seen_once_and_is_called_by_its_words() {
        let words = words("my lost bag");
        let mut told = Vec::new();
        each(&words, |_, sign| told.push(sign.words()));
        assert_eq!(
            told,
            [
                "my",
                "lost",
                "bag",
                "my lost",
                "lost bag",
                "my … bag",
                "my",
                "lost",
                "lost",
                "lost",
                "lost",
                "lost",
                "bag",
                "bag",
                "bag"
            ]
        );
    }

    proptest! {
        #[test]
        fn any_text_has_places_within_bounds_and_the_same_each_time(text in any::<String>()) {
            let features = Features::of(&words(&text));
            prop_assert!(features.is_whole());
            prop_assert_eq!(&features, &Features::of(&words(&text)));
            let length: f32 = features.each().map(|(_, value)| value * value).sum();
            prop_assert!(length < 2.001, "{}", length);
        }
    }
}
