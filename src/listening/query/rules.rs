//! A list of rules, as somebody wrote them, made ready to be asked together.

use super::Query;
use super::heard::Heard;
use super::matcher::{Matcher, Scan};
use super::needs::{Needs, Term};
use super::tokens::{Spelling, tokens};

/// One rule as a list of terms: one of `any`, where there are any, each of `all`, none of `none`.
/// A term is a word, a hashtag, a handle, or several words behind each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Terms {
    pub any: Vec<String>,
    pub all: Vec<String>,
    pub none: Vec<String>,
}

/// A term of which no word is left.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing is left of “{0}” to look for; write letters, or take it out")]
pub struct NothingLeft(pub String);

impl Terms {
    fn needs(&self) -> Result<Needs, NothingLeft> {
        let read = |term: &String| -> Result<Term, NothingLeft> {
            let words = tokens(term, Spelling::Written);
            match words.is_empty() {
                true => Err(NothingLeft(term.clone())),
                false => Ok(words),
            }
        };
        let list = |terms: &[String]| terms.iter().map(read).collect::<Result<Vec<_>, _>>();
        let mut clauses: Vec<Vec<Term>> = list(&self.all)?.into_iter().map(|term| vec![term]).collect();
        let any = list(&self.any)?;
        if !any.is_empty() {
            clauses.push(any);
        }
        Ok(Needs {
            clauses,
            none: list(&self.none)?,
            exact: true,
        })
    }
}

/// One rule: a list of terms, or a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    Terms(Terms),
    Query(Query),
}

/// Rules ready to be asked together.
#[derive(Debug)]
pub struct Rules {
    terms: Matcher,
    /// Where in the list each of them stands.
    terms_at: Vec<u32>,
    queries: Matcher,
    queries_at: Vec<u32>,
    asked: Vec<Query>,
}

/// What reading a text needs and finds; used again for each text.
#[derive(Debug, Default)]
pub struct Reading {
    terms: Scan,
    queries: Scan,
    matches: Vec<u32>,
}

impl Reading {
    /// The rules that the last text matched, by their places in the list, in no order, each once.
    pub fn matches(&self) -> &[u32] {
        &self.matches
    }
}

impl Rules {
    /// The first rule that cannot be read is named by its place in the list.
    pub fn new(rules: &[Rule]) -> Result<Self, (usize, NothingLeft)> {
        let (mut terms, mut terms_at) = (Vec::new(), Vec::new());
        let (mut queries, mut queries_at, mut asked) = (Vec::new(), Vec::new(), Vec::new());
        for (place, (at, rule)) in (0..).zip(rules.iter().enumerate()) {
            match rule {
                Rule::Terms(rule) => {
                    terms.push(rule.needs().map_err(|error| (at, error))?);
                    terms_at.push(place);
                }
                Rule::Query(query) => {
                    queries.push(query.node.needs());
                    queries_at.push(place);
                    asked.push(query.clone());
                }
            }
        }
        Ok(Self {
            terms: Matcher::new(Spelling::Written, &terms),
            terms_at,
            queries: Matcher::new(Spelling::Folded, &queries),
            queries_at,
            asked,
        })
    }

    /// Bytes that the tables take.
    pub fn memory(&self) -> usize {
        self.terms.memory() + self.queries.memory()
    }

    /// Reads a text of which nothing else is known.
    pub fn read(&self, text: &str, reading: &mut Reading) {
        let Reading {
            terms,
            queries,
            matches,
        } = reading;
        matches.clear();
        if !self.terms_at.is_empty() {
            self.terms.read(text, terms);
            matches.extend(terms.matches.iter().map(|at| self.terms_at[*at as usize]));
        }
        if self.queries_at.is_empty() {
            return;
        }
        self.queries.read(text, queries);
        matches.extend(queries.matches.iter().map(|at| self.queries_at[*at as usize]));
        let heard = Heard::prepared(text, queries.text());
        let holds = |at: &&u32| self.asked[**at as usize].holds(&heard);
        let candidates = queries.candidates.iter().filter(holds);
        matches.extend(candidates.map(|at| self.queries_at[*at as usize]));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(rules: &[Terms], text: &str) -> Vec<u32> {
        let mut reading = Reading::default();
        let rules = Rules::new(&listed(rules)).expect("rules");
        rules.read("something else: refund, late flight, never again", &mut reading);
        rules.read(text, &mut reading);
        let mut matches = reading.matches().to_vec();
        matches.sort_unstable();
        matches
    }

    fn listed(rules: &[Terms]) -> Vec<Rule> {
        rules.iter().cloned().map(Rule::Terms).collect()
    }

    fn terms(any: &[&str], all: &[&str], none: &[&str]) -> Terms {
        let list = |terms: &[&str]| terms.iter().map(|term| (*term).to_owned()).collect();
        Terms {
            any: list(any),
            all: list(all),
            none: list(none),
        }
    }

    #[test]
    fn terms_stand_in_a_text_as_whole_words() {
        for (any, all, none, text, expected) in [
            (
                &["late"] as &[&str],
                &[] as &[&str],
                &[] as &[&str],
                "LATE again",
                true,
            ),
            (&["late"], &[], &[], "later, #late, @late", false),
            (&["#late", "@acme"], &[], &[], "hey @Acme", true),
            (&["x", "y"], &["late flight"], &[], "y: late, flight", true),
            (&["x", "y"], &["late flight"], &[], "y: late or flight", false),
            (&[], &["a b c d"], &[], "a b a b c d", true),
            (&[], &["a b c d"], &[], "a b c a b d c d", false),
            (&[], &["a b", "a b c"], &["b c d"], "a b c", true),
            (&[], &["a b", "a b c"], &["b c d"], "a b c d", false),
            (&[], &[], &["spam"], "all else", true),
            (&[], &[], &["spam"], "a spam", false),
            (&[], &[], &[], "", true),
            (&["internationalisation"], &[], &[], "internationalization", false),
            (&["don't"], &[], &[], "Don't &amp; won't", true),
        ] {
            let found = matches(&[terms(any, all, none)], text);
            assert_eq!(found == [0], expected, "{any:?} {all:?} {none:?} in {text}");
        }
    }

    #[test]
    fn a_term_of_which_nothing_is_left_is_refused() {
        let error = Rules::new(&listed(&[terms(&["a"], &[], &[]), terms(&["!?"], &[], &[])])).unwrap_err();
        assert_eq!(error, (1, NothingLeft("!?".to_owned())));
    }

    /// Few words, so that phrases and repetitions happen; one longer than a table's key, one beyond ASCII.
    fn word() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec!["a", "b", "c", "it's", "#a", "@b", "ärger", "extraordinary"])
    }

    fn term() -> impl Strategy<Value = String> {
        prop::collection::vec(word(), 1..5).prop_map(|words| words.join(" "))
    }

    fn list(most: usize) -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec(term(), 0..most)
    }

    fn rule() -> impl Strategy<Value = Terms> {
        (list(4), list(3), list(3)).prop_map(|(any, all, none)| Terms { any, all, none })
    }

    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => word().prop_map(str::to_owned),
            1 => prop::sample::select(vec!["z", "A", "EXTRAORDINARY", "&amp;", "Ä", "😡", "a-b", "extraordinarily"]).prop_map(str::to_owned),
        ];
        prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.join(" "))
    }

    /// As the rules are defined: a term with a space on each side in the text with a space on each side.
    fn plainly(rule: &Terms, text: &str) -> bool {
        let text = format!(" {} ", tokens(text, Spelling::Written).join(" "));
        let stands = |term: &String| text.contains(&format!(" {term} "));
        (rule.any.is_empty() || rule.any.iter().any(stands))
            && rule.all.iter().all(stands)
            && !rule.none.iter().any(stands)
    }

    proptest! {
        #[test]
        fn the_fast_matcher_says_what_a_plain_one_says(
            rules in prop::collection::vec(rule(), 0..30),
            texts in prop::collection::vec(text(), 1..10),
        ) {
            let compiled = Rules::new(&listed(&rules)).expect("rules");
            let mut reading = Reading::default();
            for text in texts {
                compiled.read(&text, &mut reading);
                let mut found = reading.matches().to_vec();
                found.sort_unstable();
                let plain: Vec<u32> = (0..)
                    .zip(&rules)
                    .filter(|(_, rule)| plainly(rule, &text))
                    .map(|(at, _)| at)
                    .collect();
                prop_assert_eq!(found, plain, "{}", text);
            }
        }

        #[test]
        fn no_text_makes_it_stumble(text in "\\PC*", term in "\\PC{1,9}") {
            if let Ok(rules) = Rules::new(&listed(&[terms(&[&term], &[], &[])])) {
                rules.read(&text, &mut Reading::default());
            }
        }
    }

    /// The Big List of Naughty Strings, where it is at hand: as queries, and as texts.
    #[test]
    fn naughty_strings_do_no_harm() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/naughty/blns.json");
        let Ok(list) = std::fs::read_to_string(&path) else {
            println!("not run: the list of naughty strings is not here");
            return;
        };
        let strings: Vec<String> = serde_json::from_str(&list).expect("a list");
        let queries: Vec<Query> = strings
            .iter()
            .filter_map(|string| Query::parse(string).ok())
            .collect();
        let rules: Vec<Rule> = queries.iter().cloned().map(Rule::Query).collect();
        let rules = Rules::new(&rules).expect("rules");
        let mut reading = Reading::default();
        for text in &strings {
            let heard = Heard::text(text);
            let plain = queries.iter().filter(|query| query.holds(&heard)).count();
            rules.read(text, &mut reading);
            assert_eq!(reading.matches().len(), plain, "{text}");
        }
        assert!(
            queries.len() > 50,
            "only {} of {} were queries",
            queries.len(),
            strings.len()
        );
    }
}
