//! Many rules over many texts. A text is read once: each word is looked up in one table, each step of a phrase in another.
//! A rule is looked at only when its rarest clause is met, so that the work follows what a text says and not how many
//! rules there are.

use std::collections::HashMap;
use std::ops::Range;

use super::needs::{Needs, Term};
use super::tokens::{Prepared, Spelling};
use super::vocabulary::{Next, Steps, Vocabulary, Word};

/// The rules, ready to be asked. They are known by their place in the list they came from.
#[derive(Debug)]
pub(super) struct Matcher {
    spelling: Spelling,
    vocabulary: Vocabulary,
    steps: Steps,
    /// Per term, where its part of `outright` and of `triggers` begins; the next term's begin is its end.
    begins: Vec<[u32; 2]>,
    /// Rules that need nothing but this term.
    outright: Vec<u32>,
    triggers: Vec<Trigger>,
    /// What the triggers' rules need besides: see [`Trigger`].
    checks: Vec<u32>,
    /// Rules that no word can trigger.
    always: Vec<Trigger>,
    rules: usize,
}

/// A rule to be looked at. Its part of `checks` is terms that must all stand in the text, terms that must not, and then
/// clauses, each with its length before it.
#[derive(Clone, Copy, Debug)]
struct Trigger {
    rule: u32,
    start: u32,
    none: u32,
    clauses: u32,
    end: u32,
    /// Only one term leads here, so the rule cannot be found a second time.
    once: bool,
    exact: bool,
}

/// What one text needs while it is read, and what was found; used again for the next.
#[derive(Debug, Default)]
pub(super) struct Scan {
    text: Prepared,
    words: Vec<Word>,
    /// One bit per term and per rule. Cleared by walking what was found, not as a whole.
    seen: Vec<u64>,
    taken: Vec<u64>,
    hits: Vec<u32>,
    /// Rules that match.
    pub(super) matches: Vec<u32>,
    /// Rules whose words are there, and which ask for more than words.
    pub(super) candidates: Vec<u32>,
}

fn has(bits: &[u64], at: u32) -> bool {
    bits.get(at as usize / 64)
        .is_some_and(|part| part >> (at % 64) & 1 == 1)
}

/// Sets a bit; says whether it was not set before.
#[inline]
fn set(bits: &mut [u64], at: u32) -> bool {
    let Some(part) = bits.get_mut(at as usize / 64) else {
        return false;
    };
    let before = *part;
    *part |= 1 << (at % 64);
    *part != before
}

fn clear(bits: &mut [u64], at: u32) {
    if let Some(part) = bits.get_mut(at as usize / 64) {
        *part = 0;
    }
}

impl Matcher {
    pub(super) fn new(spelling: Spelling, rules: &[Needs]) -> Self {
        let terms = Terms::of(rules);
        let mut outright = vec![Vec::new(); terms.count as usize];
        let mut triggers = vec![Vec::new(); terms.count as usize];
        let (mut checks, mut always) = (Vec::new(), Vec::new());
        for (rule, needs) in (0..).zip(rules) {
            let rarest = needs.rarest();
            let trigger = terms.trigger(rule, needs, rarest, &mut checks);
            let Some(rarest) = rarest else {
                always.push(trigger);
                continue;
            };
            for term in terms.ids(&needs.clauses[rarest]) {
                if trigger.once && trigger.exact && trigger.start == trigger.end {
                    outright[term as usize].push(rule);
                } else {
                    triggers[term as usize].push(trigger);
                }
            }
        }
        let (mut begins, mut sums) = (Vec::with_capacity(outright.len() + 1), [0, 0]);
        for (outright, triggers) in outright.iter().zip(&triggers) {
            begins.push(sums);
            sums = [sums[0] + number(outright.len()), sums[1] + number(triggers.len())];
        }
        begins.push(sums);
        Self {
            spelling,
            vocabulary: Vocabulary::new(&terms.words),
            steps: Steps::new(&terms.steps),
            begins,
            outright: outright.concat(),
            triggers: triggers.concat(),
            checks,
            always,
            rules: rules.len(),
        }
    }

    /// Bytes that the tables take.
    pub(super) fn memory(&self) -> usize {
        self.vocabulary.memory()
            + self.steps.memory()
            + size_of_val(&self.begins[..])
            + size_of_val(&self.outright[..])
            + size_of_val(&self.triggers[..])
            + size_of_val(&self.checks[..])
    }

    /// Reads a text; what was found is in `scan` until the next one. Each loop does one thing and asks as little as it
    /// can: a question whose answer cannot be guessed costs a processor more than the work behind it.
    pub(super) fn read(&self, text: &str, scan: &mut Scan) {
        scan.make_ready(self);
        let Scan {
            text: prepared,
            words,
            ..
        } = scan;
        prepared.read(text, self.spelling);
        words.clear();
        words.extend(prepared.spans.iter().map(|(start, end)| {
            self.vocabulary
                .get(&prepared.bytes, *start as usize, *end as usize)
        }));
        let words = std::mem::take(&mut scan.words);
        let mut before = Word::default();
        for (at, word) in words.iter().enumerate() {
            scan.hit(word.id(), word.is(Word::ASKED));
            if before.is(Word::BEGINS) & word.is(Word::FOLLOWS)
                && let Some(next) = self.steps.get(before.id(), word.id())
            {
                scan.hit(next.node, true);
                if next.goes_on {
                    self.go_on(next.node, &words[at + 1..], scan);
                }
            }
            before = *word;
        }
        scan.words = words;
        self.decide(scan);
    }

    /// Follows the phrases that are longer than two words.
    #[cold]
    fn go_on(&self, mut node: u32, words: &[Word], scan: &mut Scan) {
        for word in words.iter().take_while(|word| word.is(Word::FOLLOWS)) {
            let Some(next) = self.steps.get(node, word.id()) else {
                return;
            };
            scan.hit(next.node, true);
            node = next.node;
        }
    }

    fn part(&self, term: u32) -> (Range<usize>, Range<usize>) {
        match self.begins.get(term as usize..) {
            Some([begin, end, ..]) => (
                begin[0] as usize..end[0] as usize,
                begin[1] as usize..end[1] as usize,
            ),
            _ => (0..0, 0..0),
        }
    }

    fn decide(&self, scan: &mut Scan) {
        let hits = std::mem::take(&mut scan.hits);
        for term in &hits {
            let (outright, triggers) = self.part(*term);
            scan.matches.extend_from_slice(&self.outright[outright]);
            for trigger in &self.triggers[triggers] {
                self.look_at(trigger, scan);
            }
        }
        for trigger in &self.always {
            self.look_at(trigger, scan);
        }
        scan.hits = hits;
    }

    #[inline]
    fn look_at(&self, trigger: &Trigger, scan: &mut Scan) {
        let checks = |from: u32, to: u32| &self.checks[from as usize..to as usize];
        let stands = |term: &u32| has(&scan.seen, *term);
        if !checks(trigger.start, trigger.none).iter().all(stands)
            || checks(trigger.none, trigger.clauses).iter().any(stands)
        {
            return;
        }
        let mut clauses = checks(trigger.clauses, trigger.end);
        while let Some((length, rest)) = clauses.split_first() {
            let (clause, others) = rest.split_at(*length as usize);
            if !clause.iter().any(stands) {
                return;
            }
            clauses = others;
        }
        if !trigger.once && !set(&mut scan.taken, trigger.rule) {
            return;
        }
        match trigger.exact {
            true => scan.matches.push(trigger.rule),
            false => scan.candidates.push(trigger.rule),
        }
    }
}

impl Scan {
    /// The text that was read last, parted into words.
    pub(super) fn text(&self) -> &Prepared {
        &self.text
    }

    fn make_ready(&mut self, matcher: &Matcher) {
        for term in self.hits.drain(..) {
            clear(&mut self.seen, term);
        }
        for rule in self.matches.drain(..).chain(self.candidates.drain(..)) {
            clear(&mut self.taken, rule);
        }
        self.seen.resize(matcher.begins.len().div_ceil(64), 0);
        self.taken.resize(matcher.rules.div_ceil(64), 0);
    }

    /// Notes a term, the first time it is met.
    #[inline]
    fn hit(&mut self, term: u32, asked: bool) {
        if asked && set(&mut self.seen, term) {
            self.hits.push(term);
        }
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Every word and phrase of all rules, with a number. Words come first; a phrase is a node in a tree of steps.
#[derive(Default)]
struct Terms {
    words: Vec<(String, u32)>,
    ids: HashMap<String, u32>,
    steps: Vec<(u32, u32, Next)>,
    nodes: HashMap<(u32, u32), usize>,
    count: u32,
}

impl Terms {
    fn of(rules: &[Needs]) -> Self {
        let mut terms = Self::default();
        let all = || {
            rules
                .iter()
                .flat_map(|rule| rule.clauses.iter().flatten().chain(&rule.none))
        };
        for word in all().flatten() {
            if !terms.ids.contains_key(word) {
                terms.ids.insert(word.clone(), number(terms.words.len()));
                terms.words.push((word.clone(), 0));
            }
        }
        terms.count = number(terms.words.len());
        for term in all() {
            match term.as_slice() {
                [word] => {
                    let id = terms.ids[word];
                    terms.words[id as usize].1 |= Word::ASKED;
                }
                _ => terms.add(term),
            }
        }
        terms
    }

    fn add(&mut self, phrase: &Term) {
        let mut words = phrase.iter().map(|word| self.ids[word]);
        let mut node = words.next().unwrap_or_default();
        let mut above = None;
        for word in words {
            match above {
                Some(step) => {
                    let (_, _, next): &mut (u32, u32, Next) = &mut self.steps[step];
                    next.goes_on = true;
                }
                None => self.words[node as usize].1 |= Word::BEGINS,
            }
            self.words[word as usize].1 |= Word::FOLLOWS;
            let step = *self.nodes.entry((node, word)).or_insert_with(|| {
                let next = Next {
                    node: self.count,
                    goes_on: false,
                };
                self.count += 1;
                self.steps.push((node, word, next));
                self.steps.len() - 1
            });
            above = Some(step);
            node = self.steps[step].2.node;
        }
    }

    fn id(&self, term: &Term) -> Option<u32> {
        let mut words = term.iter().filter_map(|word| self.ids.get(word).copied());
        let first = words.next()?;
        words.try_fold(first, |node, word| {
            self.nodes.get(&(node, word)).map(|step| self.steps[*step].2.node)
        })
    }

    /// A clause's terms, each once.
    fn ids(&self, clause: &[Term]) -> Vec<u32> {
        let mut ids: Vec<_> = clause.iter().filter_map(|term| self.id(term)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    fn trigger(&self, rule: u32, needs: &Needs, rarest: Option<usize>, checks: &mut Vec<u32>) -> Trigger {
        let start = number(checks.len());
        let others = (0..needs.clauses.len()).filter(|at| Some(*at) != rarest);
        let (single, several): (Vec<_>, Vec<_>) = others
            .map(|at| self.ids(&needs.clauses[at]))
            .partition(|clause| clause.len() == 1);
        checks.extend(single.iter().flatten());
        let none = number(checks.len());
        checks.extend(self.ids(&needs.none));
        let clauses = number(checks.len());
        for clause in several {
            checks.push(number(clause.len()));
            checks.extend(clause);
        }
        Trigger {
            rule,
            start,
            none,
            clauses,
            end: number(checks.len()),
            once: rarest.is_some_and(|at| self.ids(&needs.clauses[at]).len() == 1),
            exact: needs.exact,
        }
    }
}
