//! The maps of the memory store, and what follows from them by looking at everything.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::domain::digest::Figures;
use crate::domain::effect::Errand;
use crate::domain::ids::{Channel, ConnectorId, DepartmentId, ErrandId, LeadId, MessageRef, NetworkId};
use crate::domain::lead::Lead;
use crate::domain::message::Message;
use crate::domain::timeline::Entry;
use crate::port::store::{Commit, Conversation, Queue, Seen, StoreError};
use crate::store::record::Record;

#[derive(Debug, Default)]
pub(super) struct Tables {
    pub leads: BTreeMap<LeadId, Lead>,
    pub entries: BTreeMap<(LeadId, u32), Entry>,
    pub seen: BTreeMap<(NetworkId, String), Seen>,
    pub conversations: BTreeMap<(NetworkId, String), Conversation>,
    pub errands: BTreeMap<String, Errand>,
    pub messages: BTreeMap<(Channel, MessageRef), Message>,
    pub cursors: BTreeMap<ConnectorId, String>,
    pub digests: BTreeMap<DepartmentId, Date>,
    pub figures: BTreeMap<(DepartmentId, Date), Figures>,
    pub next_lead: Option<LeadId>,
    pub next_errand: Option<ErrandId>,
}

fn holds(queue: &Queue, lead: &Lead) -> bool {
    lead.is_open()
        && match queue {
            Queue::Department(department) => lead.department == *department,
            Queue::Owner(member) => lead.owner() == Some(member),
            Queue::OfferedTo(department) => lead
                .hand_off
                .as_ref()
                .is_some_and(|hand_off| hand_off.to == *department),
        }
}

impl Tables {
    /// Every change must start from the version that is there; checked for all before any is made.
    pub fn check_versions(&self, commit: &Commit) -> Result<(), StoreError> {
        let mut versions = BTreeMap::new();
        for change in &commit.leads {
            let id = change.after.id;
            let stored = || self.leads.get(&id).map(|lead| lead.version);
            let known = versions.get(&id).copied().unwrap_or_else(stored);
            if known != change.before.as_ref().map(|before| before.version) {
                return Err(StoreError::Conflict(id));
            }
            versions.insert(id, Some(change.after.version));
        }
        Ok(())
    }

    pub fn queue(&self, queue: &Queue) -> Vec<&Lead> {
        let mut leads: Vec<&Lead> = self.leads.values().filter(|lead| holds(queue, lead)).collect();
        leads.sort_by_key(|lead| (lead.urgency(), lead.id));
        leads
    }

    pub fn messages(&self, channel: &Channel) -> impl DoubleEndedIterator<Item = &Message> {
        let first = (channel.clone(), MessageRef::new(""));
        self.messages
            .range(first..)
            .map(|(_, message)| message)
            .take_while(|message| message.channel == *channel)
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Everything, in the order of a backup; the first is always the next numbers.
    pub fn records(&self) -> impl Iterator<Item = Record> {
        let numbers = Record::NextNumbers {
            lead: self.next_lead.unwrap_or(LeadId(1)),
            errand: self.next_errand.unwrap_or(ErrandId(1)),
        };
        let leads = self
            .leads
            .values()
            .map(|lead| Record::Lead(Box::new(lead.clone())));
        let entries = self.entries.iter().map(|((lead, _), entry)| Record::Entry {
            lead: *lead,
            entry: Box::new(entry.clone()),
        });
        let seen = self.seen.iter().map(|((network, id), seen)| Record::Seen {
            network: network.clone(),
            id: id.clone(),
            seen: seen.clone(),
        });
        let conversations =
            self.conversations
                .iter()
                .map(|((network, id), conversation)| Record::Conversation {
                    network: network.clone(),
                    id: id.clone(),
                    conversation: conversation.clone(),
                });
        let errands = self
            .errands
            .values()
            .map(|errand| Record::Errand(Box::new(errand.clone())));
        let messages = self
            .messages
            .values()
            .map(|message| Record::Message(Box::new(message.clone())));
        let cursors = self.cursors.iter().map(|(connector, cursor)| Record::Cursor {
            connector: connector.clone(),
            cursor: cursor.clone(),
        });
        let digests = self.digests.iter().map(|(department, day)| Record::Digest {
            department: department.clone(),
            day: *day,
        });
        let figures = self
            .figures
            .iter()
            .map(|((department, day), figures)| Record::Figures {
                department: department.clone(),
                day: *day,
                figures: figures.clone(),
            });
        std::iter::once(numbers)
            .chain(leads)
            .chain(entries)
            .chain(seen)
            .chain(conversations)
            .chain(errands)
            .chain(messages)
            .chain(cursors)
            .chain(digests)
            .chain(figures)
    }
}
