//! Is the language of a text found? Counts right answers, in all and for each language.

use std::collections::BTreeMap;

use crate::listening::language::detect;
use crate::listening::plain::spoken;

/// A text, and the language somebody says it is in.
pub struct Labelled {
    pub language: String,
    pub text: String,
}

#[derive(Debug, Default, PartialEq)]
pub struct Languages {
    pub all: Tally,
    pub each: BTreeMap<String, Tally>,
    /// What was said instead, where it was wrong: right language, answer, how often.
    pub mistaken: BTreeMap<(String, String), usize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    pub read: usize,
    pub right: usize,
}

impl Tally {
    pub fn accuracy(self) -> f64 {
        self.right as f64 / self.read.max(1) as f64
    }

    fn count(&mut self, right: bool) {
        self.read += 1;
        self.right += usize::from(right);
    }
}

impl Languages {
    /// Reads a text as listening does, without handles and links. A text without letters is answered wrongly.
    pub fn read(&mut self, labelled: &Labelled) {
        let detected = detect(&spoken(&labelled.text));
        let answer = main(detected.as_ref().map_or("none", |detected| detected.tag));
        let expected = main(&labelled.language);
        let right = answer == expected;
        self.all.count(right);
        self.each.entry(expected.to_owned()).or_default().count(right);
        if !right {
            let pair = (expected.to_owned(), answer.to_owned());
            *self.mistaken.entry(pair).or_default() += 1;
        }
    }
}

/// The language of a tag, without script and country; Norwegian is Bokmål unless somebody says otherwise.
fn main(tag: &str) -> &str {
    match tag.split(['-', '_']).next().unwrap_or(tag) {
        "no" => "nb",
        main => main,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_and_wrong_are_counted_for_each_language() {
        let mut languages = Languages::default();
        for (language, text) in [
            ("de-AT", "@acme Der Zug ist nicht gekommen und ich warte"),
            ("de", "Why is the train not here and what do we do?"),
            ("no", "Toget har ikke kommet, hva gjør jeg nå?"),
            ("en", "12:30"),
        ] {
            languages.read(&Labelled {
                language: language.to_owned(),
                text: text.to_owned(),
            });
        }
        assert_eq!(languages.all, Tally { read: 4, right: 2 });
        assert_eq!(languages.each["de"].accuracy(), 0.5);
        assert_eq!(languages.each["nb"].accuracy(), 1.0);
        assert_eq!(languages.mistaken[&("de".to_owned(), "en".to_owned())], 1);
        assert_eq!(languages.mistaken[&("en".to_owned(), "none".to_owned())], 1);
    }
}
