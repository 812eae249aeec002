//! `find`: a lead by its number, an author by the exact handle, or words in what was written. Bounded: it reads the
//! newest leads first, until it has enough or has spent its budget, and says how far it went.
//!
//! A confidential lead is found by its number only, as a stub: even a stub as the answer to a handle or to words would
//! tell who wrote there, or what.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::domain::company::Company;
use crate::domain::ids::{LeadId, MemberId, NetworkId};
use crate::domain::lead::Lead;
use crate::domain::notice::{Notice, Tone};
use crate::domain::refusal::Refusal;
use crate::domain::timeline::{Entry, Happened};
use crate::port::store::{Store, StoreError};
use crate::report::lead_row::{self, Naming};
use crate::report::words::{count, thousands};

/// Rows of one answer.
const ROWS: usize = 20;
/// Leads read in one search, and entries of their conversations.
const LEADS: usize = 5_000;
const ENTRIES: usize = 20_000;
/// Leads read at once, and entries of one lead.
const PAGE: usize = 500;
const ENTRIES_OF_ONE: usize = 50;
/// An excerpt shorter than this is the whole message; a longer one may have been cut.
const WHOLE: usize = 120;

/// What `words` finds, newest first.
pub fn find(
    store: &dyn Store,
    company: &Company,
    words: &str,
    who: &MemberId,
    now: Timestamp,
) -> Result<Notice, StoreError> {
    let words = words.trim();
    let wanted = Wanted::new(words);
    if wanted.words.is_empty() {
        return Ok(Refusal::because(
            "Say what to look for: a lead’s number, a handle, or words of the text.",
        )
        .into());
    }
    let row = |lead: &Lead| lead_row::for_member(company, lead, who, Naming::Department, now);
    let numbered = match words.parse::<LeadId>() {
        Ok(number) => store.lead(number)?,
        Err(_) => None,
    };
    if let Some(lead) = &numbered {
        let mut notice = Notice::new(Tone::Plain, format!("Found {}.", lead.id));
        notice.rows.push(row(lead));
        return Ok(notice);
    }
    if let Ok(number) = words.parse::<LeadId>()
        && words.starts_with(['L', 'l', '#'])
    {
        return Ok(Notice::new(Tone::Plain, format!("There is no lead {number}.")));
    }

    let mut search = Search {
        store,
        company,
        who,
        found: BTreeMap::new(),
        read: 0,
        entries: 0,
        networks: company
            .accounts
            .iter()
            .filter_map(|account| account.network.clone())
            .collect(),
        authors: BTreeSet::new(),
    };
    let reach = search.newest(&wanted)?;
    if let Some(handle) = &wanted.handle {
        search.by_author(handle)?;
    }
    let hits = search.found.len();
    let mut notice = Notice::new(
        Tone::Plain,
        format!(
            "{} “{words}”. {}",
            match hits {
                0 => "Nothing matches".to_owned(),
                1 => "1 lead matches".to_owned(),
                ROWS.. => format!("The newest {ROWS} leads that match"),
                hits => format!("{hits} leads match"),
            },
            match reach {
                Reach::Everything => format!("Searched all {}.", count(search.read, "lead", "leads")),
                Reach::Newest => format!("Searched the newest {} leads.", thousands(search.read)),
            }
        ),
    );
    notice.rows = search.found.values().rev().take(ROWS).map(row).collect();
    Ok(notice)
}

/// What a person typed, ready to compare.
struct Wanted {
    words: Vec<String>,
    /// One word may be a handle.
    handle: Option<String>,
}

impl Wanted {
    fn new(text: &str) -> Self {
        let words: Vec<String> = text
            .to_lowercase()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        let handle = match text.split_whitespace().collect::<Vec<_>>()[..] {
            [one] if !bare(one).is_empty() => Some(bare(one).to_owned()),
            _ => None,
        };
        Self { words, handle }
    }

    fn all_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.words.iter().all(|word| text.contains(word.as_str()))
    }
}

enum Reach {
    Everything,
    Newest,
}

struct Search<'a> {
    store: &'a dyn Store,
    company: &'a Company,
    who: &'a MemberId,
    found: BTreeMap<LeadId, Lead>,
    read: usize,
    entries: usize,
    networks: BTreeSet<NetworkId>,
    /// Authors whose handle is the one asked for, by network and the network's own id.
    authors: BTreeSet<(NetworkId, String)>,
}

impl Search<'_> {
    /// Reads the newest leads until there are enough hits or the budget is spent.
    fn newest(&mut self, wanted: &Wanted) -> Result<Reach, StoreError> {
        let mut below = None;
        loop {
            if self.read >= LEADS {
                let older = self.store.leads_before(below, 1)?;
                return Ok(if older.is_empty() {
                    Reach::Everything
                } else {
                    Reach::Newest
                });
            }
            let page = self.store.leads_before(below, PAGE.min(LEADS - self.read))?;
            let Some(last) = page.last() else {
                return Ok(Reach::Everything);
            };
            below = Some(last.id);
            for lead in page {
                self.read += 1;
                self.networks.insert(lead.network.clone());
                if !self.company.may_read(&lead.department, self.who) {
                    continue;
                }
                if let Some(handle) = &wanted.handle
                    && let Some(author) = &lead.author
                    && bare(author.handle.as_written()).to_lowercase() == handle.to_lowercase()
                {
                    self.authors.insert((lead.network.clone(), author.id.clone()));
                }
                if self.matches(wanted, &lead)? {
                    self.found.insert(lead.id, lead);
                }
                if self.found.len() >= ROWS || self.entries >= ENTRIES {
                    return Ok(Reach::Newest);
                }
            }
        }
    }

    fn matches(&mut self, wanted: &Wanted, lead: &Lead) -> Result<bool, StoreError> {
        let mut text = lead.latest.excerpt.as_written().to_owned();
        if let Some(author) = &lead.author {
            for name in [&author.handle, &author.name] {
                text.push(' ');
                text.push_str(name.as_written());
            }
        }
        for tag in &lead.tags {
            text.push(' ');
            text.push_str(tag);
        }
        if wanted.all_in(&text) {
            return Ok(true);
        }
        let excerpt_is_all = lead.mentions <= 1
            && lead.replies == 0
            && lead.latest.excerpt.as_written().chars().count() < WHOLE;
        if excerpt_is_all {
            return Ok(false);
        }
        let timeline = self.store.timeline(lead.id, 0, ENTRIES_OF_ONE)?;
        self.entries += timeline.len();
        for said in timeline.iter().filter_map(written) {
            text.push(' ');
            text.push_str(said);
        }
        Ok(wanted.all_in(&text))
    }

    /// Leads by exactly this author on every network known, however old.
    fn by_author(&mut self, handle: &str) -> Result<(), StoreError> {
        let lower = handle.to_lowercase();
        let mut authors = std::mem::take(&mut self.authors);
        for network in &self.networks {
            // Where a network gives no stable id, the handle stands in.
            for id in [handle, lower.as_str()] {
                authors.insert((network.clone(), id.to_owned()));
            }
        }
        for (network, author) in authors {
            for id in self.store.leads_of_author(&network, &author, ROWS)? {
                if !self.found.contains_key(&id)
                    && let Some(lead) = self.store.lead(id)?
                    && self.company.may_read(&lead.department, self.who)
                {
                    self.found.insert(id, lead);
                }
            }
        }
        Ok(())
    }
}

/// The words of an entry that a person wrote: in public, or as a note.
fn written(entry: &Entry) -> Option<&str> {
    match &entry.what {
        Happened::MentionReceived { mention } => Some(mention.text.as_written()),
        Happened::PublicReplySeen { post } => Some(post.text.as_written()),
        Happened::ReplyPublished { text, .. } | Happened::Noted { text } => Some(text),
        _ => None,
    }
}

fn bare(handle: &str) -> &str {
    handle.trim().trim_start_matches('@')
}
