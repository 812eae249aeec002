//! The desk's working set: what the events of one batch have read and changed so far. Later events of a batch see what
//! earlier ones decided; the store sees nothing until the whole batch is committed.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use crate::domain::digest::Figures;
use crate::domain::effect::Errand;
use crate::domain::ids::{Channel, ConnectorId, DepartmentId, ErrandId, LeadId, NetworkId};
use crate::domain::lead::Lead;
use crate::domain::message::Message;
use crate::domain::timeline::Entry;
use crate::port::store::{Commit, Conversation, LeadChange, Seen, Store, StoreError};

pub(super) struct WorkingSet<'s> {
    store: &'s dyn Store,
    leads: HashMap<LeadId, LeadChange>,
    entries: Vec<(LeadId, Entry)>,
    seen: HashMap<(NetworkId, String), Seen>,
    conversations: HashMap<(NetworkId, String), Conversation>,
    /// None marks an errand that is over.
    errands: BTreeMap<String, (ErrandId, Option<Errand>)>,
    messages: Vec<Message>,
    cursors: BTreeMap<ConnectorId, String>,
    digests: BTreeMap<DepartmentId, Date>,
    figures: BTreeMap<(DepartmentId, Date), Figures>,
    pub next_lead: LeadId,
    pub next_errand: ErrandId,
    started_from: (LeadId, ErrandId),
}

impl<'s> WorkingSet<'s> {
    pub fn new(store: &'s dyn Store, next_lead: LeadId, next_errand: ErrandId) -> Self {
        Self {
            store,
            leads: HashMap::new(),
            entries: Vec::new(),
            seen: HashMap::new(),
            conversations: HashMap::new(),
            errands: BTreeMap::new(),
            messages: Vec::new(),
            cursors: BTreeMap::new(),
            digests: BTreeMap::new(),
            figures: BTreeMap::new(),
            next_lead,
            next_errand,
            started_from: (next_lead, next_errand),
        }
    }

    pub fn lead(&self, id: LeadId) -> Result<Option<Lead>, StoreError> {
        match self.leads.get(&id) {
            Some(change) => Ok(Some(change.after.clone())),
            None => self.store.lead(id),
        }
    }

    /// Takes a lead as it will be. `before` is what the decision started from.
    pub fn put_lead(&mut self, before: Option<Lead>, after: Lead) {
        match self.leads.get_mut(&after.id) {
            Some(change) => change.after = after,
            None => {
                self.leads.insert(after.id, LeadChange { before, after });
            }
        }
    }

    pub fn put_entry(&mut self, lead: LeadId, entry: Entry) {
        self.entries.push((lead, entry));
    }

    pub fn seen(&self, network: &NetworkId, native_id: &str) -> Result<Option<Seen>, StoreError> {
        match self.seen.get(&(network.clone(), native_id.to_owned())) {
            Some(seen) => Ok(Some(seen.clone())),
            None => self.store.seen(network, native_id),
        }
    }

    pub fn put_seen(&mut self, network: &NetworkId, native_id: &str, seen: Seen) {
        self.seen.insert((network.clone(), native_id.to_owned()), seen);
    }

    pub fn conversation(&self, network: &NetworkId, id: &str) -> Result<Option<Conversation>, StoreError> {
        match self.conversations.get(&(network.clone(), id.to_owned())) {
            Some(conversation) => Ok(Some(conversation.clone())),
            None => self.store.conversation(network, id),
        }
    }

    pub fn put_conversation(&mut self, network: &NetworkId, id: &str, conversation: Conversation) {
        self.conversations
            .insert((network.clone(), id.to_owned()), conversation);
    }

    /// The errand that waits under this key now.
    pub fn errand(&self, key: &str) -> Result<Option<Errand>, StoreError> {
        match self.errands.get(key) {
            Some((_, errand)) => Ok(errand.clone()),
            None => self.store.errand(key),
        }
    }

    pub fn put_errand(&mut self, errand: Errand) {
        self.errands
            .insert(errand.effect.key(), (errand.id, Some(errand)));
    }

    /// The errand is over, unless a newer request has taken its place.
    pub fn end_errand(&mut self, errand: &Errand) {
        let key = errand.effect.key();
        match self.errands.get(&key) {
            Some((id, _)) if *id != errand.id => {}
            _ => {
                self.errands.insert(key, (errand.id, None));
            }
        }
    }

    pub fn take_errand_number(&mut self) -> ErrandId {
        let id = self.next_errand;
        self.next_errand = ErrandId(id.0 + 1);
        id
    }

    pub fn put_message(&mut self, message: Message) {
        self.messages.push(message);
    }

    /// Channels that show this lead, on disk or about to be.
    pub fn channels_with_card(&self, lead: LeadId) -> Result<Vec<Channel>, StoreError> {
        Ok(self
            .store
            .cards(lead)?
            .into_iter()
            .map(|(channel, _)| channel)
            .collect())
    }

    pub fn put_cursor(&mut self, connector: &ConnectorId, cursor: &str) {
        self.cursors.insert(connector.clone(), cursor.to_owned());
    }

    pub fn last_digest(&self, department: &DepartmentId) -> Result<Option<Date>, StoreError> {
        match self.digests.get(department) {
            Some(day) => Ok(Some(*day)),
            None => self.store.last_digest(department),
        }
    }

    pub fn put_digest(&mut self, department: &DepartmentId, day: Date) {
        self.digests.insert(department.clone(), day);
    }

    pub fn add_figures(&mut self, department: &DepartmentId, day: Date, figures: &Figures) {
        if !figures.is_empty() {
            self.figures
                .entry((department.clone(), day))
                .or_default()
                .add(figures);
        }
    }

    pub fn into_commit(self) -> Commit {
        let (ended, open): (Vec<_>, Vec<_>) = self
            .errands
            .into_iter()
            .partition(|(_, (_, errand))| errand.is_none());
        let (next_lead, next_errand) = self.started_from;
        Commit {
            leads: self.leads.into_values().collect(),
            entries: self.entries,
            seen: self
                .seen
                .into_iter()
                .map(|((network, id), seen)| (network, id, seen))
                .collect(),
            conversations: self
                .conversations
                .into_iter()
                .map(|((network, id), conversation)| (network, id, conversation))
                .collect(),
            errands: open.into_iter().filter_map(|(_, (_, errand))| errand).collect(),
            errands_done: ended.into_iter().map(|(key, (id, _))| (key, id)).collect(),
            messages: self.messages,
            cursors: self.cursors.into_iter().collect(),
            digests: self.digests.into_iter().collect(),
            figures: self
                .figures
                .into_iter()
                .map(|((department, day), figures)| (department, day, figures))
                .collect(),
            next_lead: (self.next_lead != next_lead).then_some(self.next_lead),
            next_errand: (self.next_errand != next_errand).then_some(self.next_errand),
        }
    }
}
