//! The audit: the store is opened directly and asked for everything that was acknowledged, lead by lead.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use switchboard::domain::ids::{LeadId, MemberId};
use switchboard::domain::lead::{Lead, OutgoingState};
use switchboard::domain::timeline::{Actor, Entry, Happened};
use switchboard::network::scripted::{public_file, read_public};
use switchboard::store;

use super::ledger::{Ledger, Pages, What};

/// What the store says of all leads together.
#[derive(Default)]
struct Found {
    /// The leads that each mention is on.
    mentions: BTreeMap<String, Vec<LeadId>>,
    /// How often each member did each thing on each lead; texts where there are some.
    done: BTreeMap<(u64, String, What, String), u32>,
    /// Replies by key: their text, and whether each became public, failed, or is uncertain.
    replies: BTreeMap<String, Fate>,
    wrong: Vec<String>,
}

#[derive(Default)]
struct Fate {
    text: String,
    published: u32,
    failed: u32,
    uncertain: u32,
    sending: bool,
}

/// What was checked, for the test's own report.
#[derive(Debug)]
#[expect(dead_code, reason = "some figures are only printed")]
pub struct Audited {
    pub leads: u64,
    pub mentions: usize,
    pub done: usize,
    pub public: usize,
    pub uncertain: usize,
}

impl Ledger {
    pub fn audit(&self, data: &Path, settled: bool) -> Audited {
        self.pages().audit(data, settled)
    }
}

impl Pages {
    /// Opens the data folder and compares. With `settled`, no reply may be on its way any more.
    pub fn audit(&self, data: &Path, settled: bool) -> Audited {
        let store = store::open(data).expect("the store opens");
        let mut found = Found::default();
        found.wrong.extend(store.verify().unwrap());
        let mut from = LeadId(1);
        loop {
            let leads = store.leads_from(from, 500).unwrap();
            let Some(last) = leads.last() else { break };
            from = LeadId(last.id.0 + 1);
            for lead in &leads {
                found.lead(lead, &store.timeline(lead.id, 0, usize::MAX).unwrap());
            }
        }
        let public = read_public(&public_file(data)).unwrap();
        for text in &self.odd {
            found.wrong.push(format!("an odd answer: {text}"));
        }
        self.mentions_are_there(&mut found);
        self.work_is_there(&mut found);
        let posted: Vec<(&str, &str)> = public.iter().map(|post| (&*post.key, &*post.text)).collect();
        self.replies_are_told_as_they_are(&mut found, &posted, settled);
        assert!(
            found.wrong.is_empty(),
            "{} findings:\n{}",
            found.wrong.len(),
            found.wrong[..found.wrong.len().min(30)].join("\n")
        );
        Audited {
            leads: store.totals().unwrap().leads,
            mentions: self.mentions.len(),
            done: self.done.len(),
            public: public.len(),
            uncertain: found.replies.values().filter(|fate| fate.uncertain > 0).count(),
        }
    }

    fn mentions_are_there(&self, found: &mut Found) {
        for id in &self.mentions {
            if !found.mentions.contains_key(id) {
                found.wrong.push(format!("{id} was acknowledged and is nowhere"));
            }
        }
        for (id, leads) in &found.mentions {
            if leads.len() != 1 {
                found.wrong.push(format!("{id} is on {leads:?}"));
            }
        }
        // The script's cursor is never ahead of its mentions.
        let played: BTreeSet<u64> = found
            .mentions
            .keys()
            .filter_map(|id| id.strip_prefix("s-")?.parse().ok())
            .collect();
        if let Some(&last) = played.last()
            && played.len() as u64 != last + 1
        {
            found
                .wrong
                .push(format!("{} of {} of the script came in", played.len(), last + 1));
        }
    }

    fn work_is_there(&self, found: &mut Found) {
        let mut acknowledged: BTreeMap<(u64, String, What, String), u32> = BTreeMap::new();
        for request in &self.done {
            let text = match request.what {
                What::Note | What::Reply | What::HandOff => request.text.clone(),
                _ => String::new(),
            };
            *acknowledged
                .entry((request.lead, request.who.to_owned(), request.what, text))
                .or_default() += 1;
        }
        for (what, times) in &acknowledged {
            let there = found.done.get(what).copied().unwrap_or_default();
            if there < *times {
                found.wrong.push(format!(
                    "{what:?} was done {times} times and is there {there} times"
                ));
            }
        }
        for (what, times) in &found.done {
            if !what.3.is_empty() && *times != 1 {
                found.wrong.push(format!("{what:?} is there {times} times"));
            }
        }
    }

    fn replies_are_told_as_they_are(&self, found: &mut Found, public: &[(&str, &str)], settled: bool) {
        let mut keys = BTreeSet::new();
        let mut texts = BTreeSet::new();
        for (key, text) in public {
            if !keys.insert(*key) || !texts.insert(*text) {
                found.wrong.push(format!("the public reads {key} “{text}” twice"));
            }
            if !self.replies_asked.contains(*text) {
                found
                    .wrong
                    .push(format!("the public reads “{text}”, which nobody sent"));
            }
            match found.replies.get(*key) {
                None => found.wrong.push(format!("{key} is public and no lead knows it")),
                Some(fate) if fate.text != *text => {
                    found
                        .wrong
                        .push(format!("{key} is public as “{text}”, not “{}”", fate.text));
                }
                Some(_) => {}
            }
        }
        for (key, fate) in &found.replies {
            let told = (fate.published, fate.failed, fate.uncertain, fate.sending);
            let right = match told {
                (0, 0, 0, true) => !settled,
                (1, 0, 0, false) => keys.contains(&**key),
                (0, 1, 0, false) => !keys.contains(&**key),
                (0, 0, 1, false) => true,
                _ => false,
            };
            if !right {
                let public = keys.contains(&**key);
                found.wrong.push(format!(
                    "{key}: (published, failed, uncertain, sending) is {told:?}, public: {public}"
                ));
            }
        }
    }
}

impl Found {
    fn lead(&mut self, lead: &Lead, entries: &[Entry]) {
        let mut owner: Option<MemberId> = None;
        for entry in entries {
            self.entry(lead, entry);
            let by = match &entry.by {
                Actor::Member(member) => Some(member.clone()),
                _ => None,
            };
            let before = owner.clone();
            let held = match &entry.what {
                Happened::Claimed => {
                    owner = by;
                    before.is_none()
                }
                Happened::Released { .. } => {
                    owner = None;
                    before.is_some()
                }
                Happened::ClaimLapsed { owner: lapsed } => {
                    owner = None;
                    before.as_ref() == Some(lapsed)
                }
                Happened::Assigned { to, from } => {
                    owner = Some(to.clone());
                    before == *from
                }
                Happened::HandOffAccepted { .. } => {
                    owner = by;
                    before.is_some()
                }
                _ => true,
            };
            if !held {
                self.wrong.push(format!(
                    "{}, entry {}: {:?} while it belonged to {before:?}",
                    lead.id, entry.seq, entry.what
                ));
            }
        }
        if owner.as_ref() != lead.owner() {
            self.wrong.push(format!(
                "{} belongs to {:?}, its history says {owner:?}",
                lead.id,
                lead.owner()
            ));
        }
        if let Some(outgoing) = &lead.outgoing {
            let fate = self.replies.entry(outgoing.key.clone()).or_default();
            fate.sending = outgoing.state == OutgoingState::Sending;
        }
    }

    fn entry(&mut self, lead: &Lead, entry: &Entry) {
        let mut did = |what, text: &str| {
            if let Actor::Member(who) = &entry.by {
                let key = (lead.id.0, who.as_str().to_owned(), what, text.to_owned());
                *self.done.entry(key).or_default() += 1;
            }
        };
        match &entry.what {
            Happened::MentionReceived { mention } => {
                self.mentions.entry(mention.id.clone()).or_default().push(lead.id);
            }
            Happened::Claimed => did(What::Claim, ""),
            Happened::Released { .. } => did(What::Release, ""),
            Happened::Noted { text } => did(What::Note, text),
            Happened::HandOffOffered { packet, .. } => did(What::HandOff, &packet.summary),
            Happened::HandOffAccepted { .. } => did(What::Accept, ""),
            Happened::Resolved { .. } => did(What::Resolve, ""),
            Happened::ReplyRequested { key, text } => {
                did(What::Reply, text);
                self.replies.entry(key.clone()).or_default().text.clone_from(text);
            }
            Happened::ReplyPublished { key, .. } => {
                self.replies.entry(key.clone()).or_default().published += 1;
            }
            Happened::ReplyFailed { key, .. } => {
                self.replies.entry(key.clone()).or_default().failed += 1;
            }
            Happened::ReplyUncertain { key, .. } => {
                self.replies.entry(key.clone()).or_default().uncertain += 1;
            }
            _ => {}
        }
    }
}
