//! How many texts a second many rules read, on one core: lists of terms and queries, 1,000 and 10,000 of them, over made-up
//! texts whose words are as unevenly common as in real ones. The fastest of several passes.
//!
//! ```text
//! cargo bench --bench matching
//! ```

use std::time::{Duration, Instant};

use switchboard::listening::query::{Query, Reading, Rule, Rules, Terms};

const TEXTS: usize = 10_000;
const PASSES: usize = 20;

fn main() {
    let mut chance = Chance(7);
    let mut words = Vec::new();
    while words.len() < 6_000 {
        let word = chance.word();
        if !words.contains(&word) {
            words.push(word);
        }
    }
    let texts: Vec<String> = (0..TEXTS).map(|_| text(&words, &mut chance)).collect();
    println!("rules                  texts/s   matches/text   compiled in   tables");
    for count in [1_000, 10_000] {
        let lists: Vec<Terms> = (0..count).map(|_| terms(&words, &texts, &mut chance)).collect();
        let queries = lists.iter().map(query).map(Rule::Query).collect::<Vec<_>>();
        let lists: Vec<Rule> = lists.into_iter().map(Rule::Terms).collect();
        told(&format!("{count} lists of terms"), &lists, &texts);
        told(&format!("{count} queries"), &queries, &texts);
    }
}

fn told(what: &str, rules: &[Rule], texts: &[String]) {
    let began = Instant::now();
    let rules = Rules::new(rules).expect("rules with words");
    let compiling = began.elapsed();
    let mut reading = Reading::default();
    let (mut matches, mut fastest) = (0, Duration::MAX);
    for _ in 0..PASSES {
        let began = Instant::now();
        matches = 0;
        for text in texts {
            rules.read(text, &mut reading);
            matches += reading.matches().len();
        }
        fastest = fastest.min(began.elapsed());
    }
    println!(
        "{what:<20} {:>9.0}   {:>12.2}   {:>8.1} ms   {:>4} KiB",
        texts.len() as f64 / fastest.as_secs_f64(),
        matches as f64 / texts.len() as f64,
        compiling.as_secs_f64() * 1e3,
        rules.memory() / 1024,
    );
}

/// The same numbers each time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / (1u64 << 31) as f64
    }

    fn below(&mut self, limit: usize) -> usize {
        ((self.next() * limit as f64) as usize).min(limit - 1)
    }

    fn word(&mut self) -> String {
        let syllables = 1 + self.below(4);
        let syllable = |chance: &mut Self| {
            let consonant = b"bcdfghklmnprstvw"[chance.below(16)] as char;
            let vowel = b"aeiou"[chance.below(5)] as char;
            format!("{consonant}{vowel}")
        };
        (0..syllables).map(|_| syllable(self)).collect()
    }
}

/// The first words are the common ones: rank and frequency are inversely proportional.
fn text(words: &[String], chance: &mut Chance) -> String {
    let count = 6 + chance.below(25);
    let word = |_| {
        let rank = (words.len() as f64).powf(chance.next()) as usize;
        words[rank.min(words.len()) - 1].clone()
    };
    (0..count).map(word).collect::<Vec<_>>().join(" ") + "!"
}

/// One to four of which one is needed, in half of the rules one that must be there, up to two that must not; a quarter
/// are phrases of two words. All stand somewhere in the texts.
fn terms(words: &[String], texts: &[String], chance: &mut Chance) -> Terms {
    // Nobody listens for the commonest words alone.
    let (common, rare) = words.split_at(100);
    let term = |chance: &mut Chance| loop {
        let text = texts[chance.below(texts.len())].trim_end_matches('!');
        let text: Vec<&str> = text.split(' ').collect();
        let at = chance.below(text.len() - 1);
        match chance.below(4) {
            0 if common.iter().any(|word| word == text[at]) => {}
            0 => return text[at..at + 2].join(" "),
            _ => return rare[chance.below(rare.len())].clone(),
        }
    };
    let (any, all, none) = (1 + chance.below(4), chance.below(2), chance.below(3));
    let mut list = |count: usize| (0..count).map(|_| term(chance)).collect();
    Terms {
        any: list(any),
        all: list(all),
        none: list(none),
    }
}

/// The same rule in the query language.
fn query(terms: &Terms) -> Query {
    let quoted = |term: &String| format!("\"{term}\"");
    let mut written = format!(
        "({})",
        terms.any.iter().map(quoted).collect::<Vec<_>>().join(" OR ")
    );
    for term in &terms.all {
        written.push_str(&format!(" {}", quoted(term)));
    }
    for term in &terms.none {
        written.push_str(&format!(" -{}", quoted(term)));
    }
    Query::parse(&written).expect("a query")
}
