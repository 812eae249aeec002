//! A store in memory: plain maps behind one lock. For tests and trials; nothing survives the process.
//! It keeps no index that could be wrong: lists are found by looking at every lead, so it is the yardstick for the others.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use jiff::Timestamp;
use jiff::civil::Date;

use self::tables::Tables;
use super::outbox::Outbox;
use super::record::{self, Writer};
use crate::domain::digest::Figures;
use crate::domain::effect::Errand;
use crate::domain::ids::{Channel, ConnectorId, DepartmentId, ErrandId, LeadId, MessageRef, NetworkId};
use crate::domain::lead::Lead;
use crate::domain::message::{Content, Message};
use crate::domain::timeline::{Entry, verify_chain};
use crate::port::store::{Commit, Conversation, Queue, Seen, Store, StoreError, Totals};

mod tables;

#[derive(Debug, Default)]
pub struct MemoryStore {
    tables: RwLock<Tables>,
    outbox: Mutex<Outbox>,
}

impl MemoryStore {
    fn read(&self) -> RwLockReadGuard<'_, Tables> {
        self.tables.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Tables> {
        self.tables.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn outbox(&self) -> std::sync::MutexGuard<'_, Outbox> {
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn commit(&self, commit: &Commit) -> Result<(), StoreError> {
        let mut tables = self.write();
        tables.check_versions(commit)?;
        let mut outbox = self.outbox();
        for change in &commit.leads {
            tables.leads.insert(change.after.id, change.after.clone());
        }
        for (lead, entry) in &commit.entries {
            tables.entries.insert((*lead, entry.seq), entry.clone());
        }
        for (network, id, seen) in &commit.seen {
            tables.seen.insert((network.clone(), id.clone()), seen.clone());
        }
        for (network, id, conversation) in &commit.conversations {
            tables
                .conversations
                .insert((network.clone(), id.clone()), conversation.clone());
        }
        for errand in &commit.errands {
            let key = errand.effect.key();
            let replaced = tables.errands.insert(key.clone(), errand.clone());
            outbox.put(&key, errand, replaced.as_ref());
        }
        for (key, id) in &commit.errands_done {
            outbox.done(key, *id, tables.errands.get(key));
            if tables.errands.get(key).is_some_and(|errand| errand.id == *id) {
                tables.errands.remove(key);
            }
        }
        for message in &commit.messages {
            let key = (message.channel.clone(), message.message.clone());
            tables.messages.insert(key, message.clone());
        }
        for (connector, cursor) in &commit.cursors {
            tables.cursors.insert(connector.clone(), cursor.clone());
        }
        for (department, day) in &commit.digests {
            tables.digests.insert(department.clone(), *day);
        }
        for (department, day, figures) in &commit.figures {
            let key = (department.clone(), *day);
            tables.figures.entry(key).or_default().add(figures);
        }
        // A number is given once, whatever the caller says.
        let beyond = commit
            .leads
            .iter()
            .map(|change| LeadId(change.after.id.0.saturating_add(1)))
            .max();
        tables.next_lead = tables.next_lead.max(commit.next_lead).max(beyond);
        tables.next_errand = commit.next_errand.or(tables.next_errand);
        Ok(())
    }

    fn lead(&self, id: LeadId) -> Result<Option<Lead>, StoreError> {
        Ok(self.read().leads.get(&id).cloned())
    }

    fn timeline(&self, id: LeadId, from_seq: u32, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let tables = self.read();
        let entries = tables.entries.range((id, from_seq)..=(id, u32::MAX));
        Ok(entries.take(limit).map(|(_, entry)| entry.clone()).collect())
    }

    fn seen(&self, network: &NetworkId, native_id: &str) -> Result<Option<Seen>, StoreError> {
        let key = (network.clone(), native_id.to_owned());
        Ok(self.read().seen.get(&key).cloned())
    }

    fn conversation(
        &self,
        network: &NetworkId,
        conversation: &str,
    ) -> Result<Option<Conversation>, StoreError> {
        let key = (network.clone(), conversation.to_owned());
        Ok(self.read().conversations.get(&key).cloned())
    }

    fn queue(&self, queue: &Queue, limit: usize) -> Result<Vec<Lead>, StoreError> {
        let tables = self.read();
        Ok(tables.queue(queue).into_iter().take(limit).cloned().collect())
    }

    fn queue_length(&self, queue: &Queue, limit: usize) -> Result<usize, StoreError> {
        Ok(self.read().queue(queue).len().min(limit))
    }

    fn leads_of_author(
        &self,
        network: &NetworkId,
        author: &str,
        limit: usize,
    ) -> Result<Vec<LeadId>, StoreError> {
        let tables = self.read();
        let by_author = |lead: &&Lead| {
            lead.network == *network && lead.author.as_ref().is_some_and(|wrote| wrote.id == author)
        };
        let leads = tables.leads.values().rev().filter(by_author);
        Ok(leads.take(limit).map(|lead| lead.id).collect())
    }

    fn leads_before(&self, below: Option<LeadId>, limit: usize) -> Result<Vec<Lead>, StoreError> {
        let below = below.map_or(std::ops::Bound::Unbounded, std::ops::Bound::Excluded);
        let tables = self.read();
        let leads = tables.leads.range((std::ops::Bound::Unbounded, below)).rev();
        Ok(leads.take(limit).map(|(_, lead)| lead.clone()).collect())
    }

    fn leads_from(&self, from: LeadId, limit: usize) -> Result<Vec<Lead>, StoreError> {
        let tables = self.read();
        let leads = tables.leads.range(from..);
        Ok(leads.take(limit).map(|(_, lead)| lead.clone()).collect())
    }

    fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<LeadId>, StoreError> {
        let tables = self.read();
        let mut due: Vec<(Timestamp, LeadId)> = tables
            .leads
            .values()
            .filter_map(|lead| Some((lead.next_due()?, lead.id)))
            .filter(|(due, _)| *due <= now)
            .collect();
        due.sort_unstable();
        Ok(due.into_iter().take(limit).map(|(_, id)| id).collect())
    }

    fn lease_errands(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
        busy: &BTreeSet<String>,
    ) -> Result<Vec<Errand>, StoreError> {
        let tables = self.read();
        let leased = self.outbox().lease(now, until, limit, busy);
        Ok(leased
            .iter()
            .filter_map(|(key, _)| tables.errands.get(key).cloned())
            .collect())
    }

    fn release_errand(&self, key: &str, id: ErrandId) {
        self.outbox().release(key, id);
    }

    fn errand(&self, key: &str) -> Result<Option<Errand>, StoreError> {
        Ok(self.read().errands.get(key).cloned())
    }

    fn dead_errands(&self, limit: usize) -> Result<Vec<Errand>, StoreError> {
        let tables = self.read();
        let mut dead: Vec<&Errand> = tables.errands.values().filter(|e| e.dead.is_some()).collect();
        dead.sort_by_key(|errand| errand.id);
        Ok(dead.into_iter().take(limit).cloned().collect())
    }

    fn messages(
        &self,
        channel: &Channel,
        before: Option<&MessageRef>,
        limit: usize,
    ) -> Result<Vec<Message>, StoreError> {
        let tables = self.read();
        let older = |message: &&Message| before.is_none_or(|before| message.message < *before);
        let messages = tables.messages(channel).rev().filter(older);
        Ok(messages.take(limit).cloned().collect())
    }

    fn messages_after(
        &self,
        channel: &Channel,
        after: Option<&MessageRef>,
        limit: usize,
    ) -> Result<usize, StoreError> {
        let tables = self.read();
        let newer = |message: &&Message| after.is_none_or(|after| message.message > *after);
        Ok(tables.messages(channel).filter(newer).take(limit).count())
    }

    fn cards(&self, lead: LeadId) -> Result<Vec<(Channel, MessageRef)>, StoreError> {
        let tables = self.read();
        let cards = tables
            .messages
            .iter()
            .filter(|(_, message)| message.content == Content::Card(lead));
        Ok(cards.map(|(place, _)| place.clone()).collect())
    }

    fn cursor(&self, connector: &ConnectorId) -> Result<Option<String>, StoreError> {
        Ok(self.read().cursors.get(connector).cloned())
    }

    fn last_digest(&self, department: &DepartmentId) -> Result<Option<Date>, StoreError> {
        Ok(self.read().digests.get(department).copied())
    }

    fn figures(&self, department: &DepartmentId, day: Date) -> Result<Figures, StoreError> {
        let key = (department.clone(), day);
        Ok(self.read().figures.get(&key).cloned().unwrap_or_default())
    }

    fn next_numbers(&self) -> Result<(LeadId, ErrandId), StoreError> {
        let tables = self.read();
        Ok((
            tables.next_lead.unwrap_or(LeadId(1)),
            tables.next_errand.unwrap_or(ErrandId(1)),
        ))
    }

    fn totals(&self) -> Result<Totals, StoreError> {
        let tables = self.read();
        let dead = tables.errands.values().filter(|errand| errand.dead.is_some());
        let dead = dead.count() as u64;
        Ok(Totals {
            leads: tables.leads.len() as u64,
            open: tables.leads.values().filter(|lead| lead.is_open()).count() as u64,
            errands: tables.errands.len() as u64 - dead,
            dead_errands: dead,
            bytes_on_disk: 0,
        })
    }

    fn backup(&self, out: &mut dyn std::io::Write) -> Result<u64, StoreError> {
        let tables = self.read();
        let mut writer = Writer::begin(out)?;
        for record in tables.records() {
            writer.write(&record)?;
        }
        writer.end()
    }

    fn restore(&self, input: &mut dyn std::io::BufRead) -> Result<u64, StoreError> {
        if self.read().records().nth(1).is_some() {
            return Err(record::not_empty());
        }
        record::restore(input, |commit| self.commit(commit))
    }

    fn verify(&self) -> Result<Vec<String>, StoreError> {
        let mut findings = Vec::new();
        for lead in self.leads_from(LeadId(0), usize::MAX)? {
            let entries = self.timeline(lead.id, 0, usize::MAX)?;
            findings.extend(verify_chain(lead.id, &entries, lead.entries, &lead.head).err());
        }
        Ok(findings)
    }
}
