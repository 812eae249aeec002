//! What one rule asks of a mention: words, phrases, hashtags, people, places and numbers. Everything that a condition
//! names must hold; within a list one entry is enough. A query, in the language of
//! [`super::query`], is one more of these checks.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, MatchKind};

use super::folding::{Folded, bare_handle, bare_hashtag, fold, is_boundary};
use super::query::{Heard, Query};
use crate::domain::mention::{Mention, MentionKind};

/// A condition as a person writes it. An empty one holds for everything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Condition {
    /// Whole words, whatever their case and accents.
    pub words: Vec<String>,
    /// Several words in this order.
    pub phrases: Vec<String>,
    pub hashtags: Vec<String>,
    /// Handles that the text mentions.
    pub mentions: Vec<String>,
    /// Handles of the author.
    pub authors: Vec<String>,
    pub networks: Vec<String>,
    /// Our own account that was addressed.
    pub accounts: Vec<String>,
    /// Language tags; `de` also stands for `de-AT`.
    pub languages: Vec<String>,
    pub kinds: Vec<MentionKind>,
    pub followers_min: Option<u64>,
    pub followers_max: Option<u64>,
    pub rating_min: Option<u8>,
    pub rating_max: Option<u8>,
    pub has_link: Option<bool>,
    pub query: Option<Query>,
}

impl Condition {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One check of a compiled condition.
#[derive(Debug)]
enum Check {
    /// Something of a list stands in the text; `slot` says where the index notes it, `in_vain` is what is said where nothing does.
    InText {
        slot: usize,
        in_vain: String,
    },
    Author(Vec<String>),
    Network(Vec<String>),
    Account(Vec<String>),
    Language(Vec<String>),
    Kind(Vec<MentionKind>),
    Followers(Option<u64>, Option<u64>),
    Rating(Option<u8>, Option<u8>),
    Link(bool),
    Query(Query),
}

/// A condition ready to be asked.
#[derive(Debug)]
pub(super) struct Compiled(Vec<Check>);

/// Collects every word, phrase, hashtag and handle of a whole tree, so that a text is searched once for all of them.
#[derive(Debug, Default)]
pub(super) struct IndexBuilder {
    slots: usize,
    has_queries: bool,
    patterns: HashMap<String, Vec<Entry>>,
    hashtags: HashMap<String, Vec<Entry>>,
    handles: HashMap<String, Vec<Entry>>,
}

/// Which slot an entry fills, and how it is named in a reason.
#[derive(Clone, Debug)]
struct Entry {
    slot: usize,
    label: String,
}

impl IndexBuilder {
    pub(super) fn compile(&mut self, condition: &Condition) -> Compiled {
        let mut checks = Vec::new();
        let list = |list: &[String], change: fn(&str) -> String| -> Vec<String> {
            list.iter().map(|entry| change(entry)).collect()
        };
        // Cheap questions first: most mentions fail on them before any list is looked at.
        if !condition.networks.is_empty() {
            checks.push(Check::Network(list(&condition.networks, fold)));
        }
        if !condition.kinds.is_empty() {
            checks.push(Check::Kind(condition.kinds.clone()));
        }
        if !condition.accounts.is_empty() {
            checks.push(Check::Account(list(&condition.accounts, bare_handle)));
        }
        if !condition.languages.is_empty() {
            checks.push(Check::Language(list(&condition.languages, fold)));
        }
        if condition.followers_min.is_some() || condition.followers_max.is_some() {
            checks.push(Check::Followers(condition.followers_min, condition.followers_max));
        }
        if condition.rating_min.is_some() || condition.rating_max.is_some() {
            checks.push(Check::Rating(condition.rating_min, condition.rating_max));
        }
        if !condition.authors.is_empty() {
            checks.push(Check::Author(list(&condition.authors, bare_handle)));
        }
        for (entries, what, kind) in [
            (&condition.words, "word", Kind::Pattern),
            (&condition.phrases, "phrase", Kind::Pattern),
            (&condition.hashtags, "hashtag", Kind::Hashtag),
            (&condition.mentions, "mention", Kind::Handle),
        ] {
            if !entries.is_empty() {
                checks.push(self.in_text(entries, what, kind));
            }
        }
        if let Some(wanted) = condition.has_link {
            checks.push(Check::Link(wanted));
        }
        if let Some(query) = &condition.query {
            self.has_queries = true;
            checks.push(Check::Query(query.clone()));
        }
        Compiled(checks)
    }

    fn in_text(&mut self, entries: &[String], what: &str, kind: Kind) -> Check {
        let slot = self.slots;
        self.slots += 1;
        for entry in entries {
            let (map, key, shown) = match kind {
                Kind::Pattern => (&mut self.patterns, fold(entry), entry.clone()),
                Kind::Hashtag => {
                    let bare = entry.trim().trim_start_matches('#');
                    (&mut self.hashtags, bare_hashtag(entry), format!("#{bare}"))
                }
                Kind::Handle => {
                    let bare = entry.trim().trim_start_matches('@');
                    (&mut self.handles, bare_handle(entry), format!("@{bare}"))
                }
            };
            // An entry that folds to nothing would be found everywhere; the configuration refuses it as well.
            if !key.is_empty() {
                map.entry(key).or_default().push(Entry {
                    slot,
                    label: match kind {
                        Kind::Handle => format!("a mention of “{shown}”"),
                        _ => format!("the {what} “{shown}”"),
                    },
                });
            }
        }
        Check::InText {
            slot,
            in_vain: in_vain(what, entries),
        }
    }

    pub(super) fn build(self) -> Index {
        let (patterns, entries): (Vec<_>, Vec<_>) = self.patterns.into_iter().unzip();
        // The automaton cannot be built only where there are more patterns than memory can index; then the slow
        // search says the same.
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&patterns)
            .ok();
        Index {
            slots: self.slots,
            has_queries: self.has_queries,
            patterns,
            automaton,
            entries,
            hashtags: self.hashtags,
            handles: self.handles,
        }
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Pattern,
    Hashtag,
    Handle,
}

/// Everything that the tree looks for in a text, searched in one pass.
#[derive(Debug)]
pub(super) struct Index {
    slots: usize,
    has_queries: bool,
    patterns: Vec<String>,
    automaton: Option<AhoCorasick>,
    entries: Vec<Vec<Entry>>,
    hashtags: HashMap<String, Vec<Entry>>,
    handles: HashMap<String, Vec<Entry>>,
}

/// What was found in one mention, ready for every condition of the tree.
pub(super) struct Seen<'a> {
    mention: &'a Mention,
    has_link: bool,
    found: Vec<Option<&'a str>>,
    /// Only where there are queries to be asked.
    heard: Option<Heard<'a>>,
}

impl Index {
    pub(super) fn look_at<'a>(&'a self, mention: &'a Mention) -> Seen<'a> {
        let folded = Folded::of(mention.text.as_written());
        let mut found = vec![None; self.slots];
        let mut note = |entries: &'a [Entry]| {
            for entry in entries {
                found[entry.slot].get_or_insert(entry.label.as_str());
            }
        };
        let words = folded.words.as_str();
        match &self.automaton {
            Some(automaton) => {
                for hit in automaton.find_overlapping_iter(words) {
                    if is_whole(words, hit.start(), hit.end()) {
                        note(&self.entries[hit.pattern().as_usize()]);
                    }
                }
            }
            None => {
                for (pattern, entries) in self.patterns.iter().zip(&self.entries) {
                    let mut hits = words.match_indices(pattern.as_str());
                    if hits.any(|(start, _)| is_whole(words, start, start + pattern.len())) {
                        note(entries);
                    }
                }
            }
        }
        let named = |names: &std::collections::BTreeSet<String>, map: &'a HashMap<String, Vec<Entry>>| {
            names.iter().filter_map(|name| map.get(name)).collect::<Vec<_>>()
        };
        for entries in named(&folded.hashtags, &self.hashtags) {
            note(entries);
        }
        for entries in named(&folded.handles, &self.handles) {
            note(entries);
        }
        Seen {
            mention,
            has_link: folded.has_link || mention.text.as_written().contains("://"),
            found,
            heard: self.has_queries.then(|| Heard::of(mention)),
        }
    }
}

fn is_whole(words: &str, start: usize, end: usize) -> bool {
    let inside = &words[start..end];
    is_boundary(words[..start].chars().next_back(), inside.chars().next())
        && is_boundary(inside.chars().next_back(), words[end..].chars().next())
}

impl Compiled {
    /// Why the condition holds, one reason per check, or on what it fails.
    pub(super) fn ask(&self, seen: &Seen<'_>) -> Result<Vec<String>, String> {
        self.0.iter().map(|check| check.ask(seen)).collect()
    }

    /// The same answer without the words.
    pub(super) fn holds(&self, seen: &Seen<'_>) -> bool {
        self.0.iter().all(|check| match check {
            Check::InText { slot, .. } => seen.found[*slot].is_some(),
            Check::Query(query) => seen.heard.as_ref().is_some_and(|heard| query.holds(heard)),
            other => other.ask(seen).is_ok(),
        })
    }
}

impl Check {
    fn ask(&self, seen: &Seen<'_>) -> Result<String, String> {
        let mention = seen.mention;
        match self {
            Self::InText { slot, in_vain } => match seen.found[*slot] {
                Some(label) => Ok(label.to_owned()),
                None => Err(in_vain.clone()),
            },
            Self::Author(handles) => {
                let own = bare_handle(mention.author.handle.as_written());
                match handles.iter().find(|handle| **handle == own) {
                    Some(handle) => Ok(format!("the author @{handle}")),
                    None => Err(format!("the author is not {}", one_of(handles, "@"))),
                }
            }
            Self::Network(networks) => {
                let own = fold(mention.network.as_str());
                match networks.iter().find(|network| **network == own) {
                    Some(network) => Ok(format!("the network {network}")),
                    None => Err(format!("the network is not {}", one_of(networks, ""))),
                }
            }
            Self::Account(accounts) => {
                let own = mention.account.as_deref().map(bare_handle);
                match accounts.iter().find(|account| Some(*account) == own.as_ref()) {
                    Some(account) => Ok(format!("addressed to @{account}")),
                    None => Err(format!("not addressed to {}", one_of(accounts, "@"))),
                }
            }
            Self::Language(tags) => {
                let own = mention.language.as_deref().map(|tag| fold(tag).replace('_', "-"));
                let speaks = |tag: &&String| {
                    let tail = own.as_deref().and_then(|own| own.strip_prefix(tag.as_str()));
                    tail.is_some_and(|tail| tail.is_empty() || tail.starts_with('-'))
                };
                match (tags.iter().find(speaks), &own) {
                    (Some(tag), _) => Ok(format!("the language {tag}")),
                    (None, Some(_)) => Err(format!("the language is not {}", one_of(tags, ""))),
                    (None, None) => Err("the network names no language".to_owned()),
                }
            }
            Self::Kind(kinds) => {
                let kind = readable(mention.kind);
                if kinds.contains(&mention.kind) {
                    Ok(format!("a {kind}"))
                } else {
                    Err(format!("it is a {kind}"))
                }
            }
            Self::Followers(min, max) => within(mention.author.followers, *min, *max, "followers"),
            Self::Rating(min, max) => within(mention.rating, *min, *max, "stars"),
            Self::Link(wanted) => match (wanted, seen.has_link) {
                (true, true) => Ok("a link".to_owned()),
                (false, false) => Ok("no link".to_owned()),
                (true, false) => Err("there is no link".to_owned()),
                (false, true) => Err("there is a link".to_owned()),
            },
            Self::Query(query) => match seen.heard.as_ref().and_then(|heard| query.explain(heard)) {
                Some(found) if found.is_empty() => Ok("the query, whose words are all absent".to_owned()),
                Some(found) => Ok(format!("the query’s {}", found.join(", "))),
                None => Err(format!("not the query {}", query.as_written())),
            },
        }
    }
}

/// A kind as a sentence has it.
pub fn readable(kind: MentionKind) -> &'static str {
    match kind {
        MentionKind::DirectMessage => "direct message",
        other => other.word(),
    }
}

fn within<N>(own: Option<N>, min: Option<N>, max: Option<N>, unit: &str) -> Result<String, String>
where
    N: Copy + PartialOrd + std::fmt::Display,
{
    let Some(own) = own else {
        return Err(format!("the network does not say how many {unit}"));
    };
    if let Some(min) = min.filter(|min| own < *min) {
        return Err(format!("{own} {unit}, fewer than {min}"));
    }
    if let Some(max) = max.filter(|max| own > *max) {
        return Err(format!("{own} {unit}, more than {max}"));
    }
    Ok(format!("{own} {unit}"))
}

const SHOWN: usize = 4;

fn one_of(entries: &[String], sign: &str) -> String {
    let mut shown: Vec<_> = entries
        .iter()
        .take(SHOWN)
        .map(|entry| format!("{sign}{entry}"))
        .collect();
    if entries.len() > SHOWN {
        shown.push(format!("{} more", entries.len() - SHOWN));
    }
    shown.join(", ")
}

/// What was looked for in vain: `no word “press”`, `none of the words “order”, “refund”`.
fn in_vain(what: &str, entries: &[String]) -> String {
    let quoted: Vec<_> = entries.iter().map(|entry| format!("“{entry}”")).collect();
    match quoted.as_slice() {
        [only] => format!("no {what} {only}"),
        quoted => format!("none of the {what}s {}", one_of(quoted, "")),
    }
}
