//! What customers write about in general, as `general.txt` says it in plain words: the start of a router that has learned
//! nothing yet, and signs beside the words for one that has.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// A subject, and how strongly it speaks for which kind of department.
struct Subject {
    speaks_for: Vec<(String, f32)>,
}

pub struct General {
    /// The kind's name, then the other names of it.
    kinds: Vec<Vec<String>>,
    subjects: Vec<Subject>,
    phrases: AhoCorasick,
    /// The subject of each phrase.
    of: Vec<usize>,
}

/// A subject that a text touches, and the words that do.
#[derive(Debug, PartialEq)]
pub struct Touched {
    pub subject: usize,
    pub words: String,
}

pub static GENERAL: LazyLock<General> = LazyLock::new(|| General::read(include_str!("general.txt")));

impl General {
    /// The text is part of the program; what it holds is a test's business, so that a line of another form is left out here.
    fn read(text: &str) -> Self {
        let mut kinds = Vec::new();
        let mut subjects = Vec::new();
        let mut phrases = Vec::new();
        let mut of = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let list = |names: &str| -> Vec<String> {
                names.split(',').map(|name| name.trim().to_owned()).collect()
            };
            if let Some((name, others)) = line
                .strip_prefix("department ")
                .and_then(|rest| rest.split_once(':'))
            {
                let mut names = list(others);
                names.insert(0, name.to_owned());
                kinds.push(names);
            } else if let Some((_, speaks)) = line
                .strip_prefix("subject ")
                .and_then(|rest| rest.split_once(':'))
            {
                let speaks_for = list(speaks)
                    .iter()
                    .filter_map(|entry| entry.split_once(' '))
                    .filter_map(|(name, strength)| Some((name.to_owned(), strength.parse().ok()?)))
                    .collect();
                subjects.push(Subject { speaks_for });
            } else if let Some(subject) = subjects.len().checked_sub(1) {
                for phrase in list(line).iter().filter(|phrase| !phrase.is_empty()) {
                    phrases.push(match phrase.strip_suffix('*') {
                        Some(start) => format!(" {start}"),
                        None => format!(" {phrase} "),
                    });
                    of.push(subject);
                }
            }
        }
        let phrases = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&phrases);
        Self {
            kinds,
            subjects,
            phrases: phrases.expect("a few hundred words make an automaton"),
            of,
        }
    }

    /// Each subject that these words touch, once, with the words that did first.
    pub fn touched(&self, words: &[String]) -> Vec<Touched> {
        let text = format!(" {} ", words.join(" "));
        let mut found: Vec<Touched> = Vec::new();
        for hit in self.phrases.find_overlapping_iter(&text) {
            let subject = self.of[hit.pattern().as_usize()];
            if found.iter().any(|touched| touched.subject == subject) {
                continue;
            }
            let rest = &text[hit.end()..];
            let end = match text[..hit.end()].ends_with(' ') {
                true => hit.end(),
                false => hit.end() + rest.find(' ').unwrap_or(rest.len()),
            };
            let words = text[hit.start()..end].trim().to_owned();
            found.push(Touched { subject, words });
        }
        found
    }

    /// How strongly each subject speaks for a department of this name; nothing where the name says nothing.
    pub fn speaks_for(&self, department: &str) -> Vec<(usize, f32)> {
        let name = department.trim().to_lowercase().replace(['-', '_'], " ");
        let kind = self.kinds.iter().find(|names| names.contains(&name));
        let Some(kind) = kind.and_then(|names| names.first()) else {
            return Vec::new();
        };
        let strength = |subject: &Subject| {
            let entry = subject.speaks_for.iter().find(|(name, _)| name == kind);
            entry.map(|(_, strength)| *strength)
        };
        let subjects = self.subjects.iter().enumerate();
        subjects
            .filter_map(|(at, subject)| Some((at, strength(subject)?)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::features::words;
    use super::*;

    #[test]
    fn the_list_is_read_whole() {
        let text = include_str!("general.txt");
        let count = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
        assert_eq!(GENERAL.kinds.len(), count("department "));
        assert_eq!(GENERAL.subjects.len(), count("subject "));
        assert!(
            GENERAL.subjects.len() <= 64,
            "each subject needs a place of its own"
        );
        for subject in &GENERAL.subjects {
            assert!(!subject.speaks_for.is_empty());
            for (name, strength) in &subject.speaks_for {
                assert!(GENERAL.kinds.iter().any(|names| &names[0] == name), "{name}");
                assert!(*strength > 0.0);
            }
        }
        for subject in 0..GENERAL.subjects.len() {
            assert!(GENERAL.of.contains(&subject), "subject {subject} has no words");
        }
    }

    #[test]
    fn whole_words_touch_and_starred_ones_with_any_ending() {
        let touched = |text: &str| -> Vec<String> {
            let found = GENERAL.touched(&words(text));
            found.into_iter().map(|touched| touched.words).collect()
        };
        assert_eq!(touched("Delays, delays"), ["delays"]);
        assert_eq!(touched("been ON HOLD"), ["on hold"]);
        assert_eq!(touched("bagpipes and plates"), Vec::<String>::new());
        assert_eq!(touched("bag bags"), ["bag"]);
    }

    #[test]
    fn a_department_is_known_by_its_usual_names() {
        assert_eq!(GENERAL.speaks_for("Customer-Care"), GENERAL.speaks_for("support"));
        assert!(!GENERAL.speaks_for("HR").is_empty());
        assert_eq!(GENERAL.speaks_for("Ministry of silly walks"), []);
    }
}
