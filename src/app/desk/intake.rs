//! Intake at the desk: finds the conversation a mention belongs to, and the lead its author has there.
//! What that means for the lead is decided in `domain::decide::intake`.
//!
//! A conversation is named by the network where it has a name of its own, otherwise by its root message. A message whose
//! parent never reached us leaves the parent's name behind, so that siblings meet, and so that the parent is recognised
//! when it arrives late.

use crate::domain::ids::LeadId;
use crate::domain::lead::Lead;
use crate::domain::mention::Mention;
use crate::port::store::{Conversation, Seen, StoreError};

use super::working_set::WorkingSet;

/// Where a mention belongs.
pub(super) struct Place {
    pub conversation: String,
    /// The leads that the conversation has so far.
    pub leads: Conversation,
    /// The lead that takes it; none opens a new one.
    pub lead: Option<Lead>,
    /// It was delivered before; `lead` has it.
    pub repeat: bool,
}

pub(super) fn place(set: &mut WorkingSet<'_>, mention: &Mention) -> Result<Place, StoreError> {
    let known = set.seen(&mention.network, &mention.id)?;
    if let Some(Seen {
        conversation,
        lead: Some(id),
    }) = known
    {
        return Ok(Place {
            conversation,
            leads: Conversation::default(),
            lead: set.lead(id)?,
            repeat: true,
        });
    }
    let conversation = conversation_of(set, mention, known)?;
    let leads = leads_of(set, mention, &conversation)?;
    let lead = match &mention.in_reply_to {
        // Our own answer belongs to whoever it answers, not to whoever else speaks in that conversation.
        Some(parent) if mention.own => match set.seen(&mention.network, parent)?.and_then(|seen| seen.lead) {
            Some(id) => Some(id),
            None => lead_among(&leads, mention),
        },
        _ => lead_among(&leads, mention),
    };
    Ok(Place {
        conversation,
        leads,
        lead: lead.map(|id| set.lead(id)).transpose()?.flatten(),
        repeat: false,
    })
}

fn conversation_of(
    set: &mut WorkingSet<'_>,
    mention: &Mention,
    named_as_parent: Option<Seen>,
) -> Result<String, StoreError> {
    let network = &mention.network;
    let own = named_as_parent.map(|seen| seen.conversation);
    if let Some(given) = &mention.conversation {
        return Ok(given.clone());
    }
    let Some(parent) = &mention.in_reply_to else {
        return Ok(own.unwrap_or_else(|| mention.id.clone()));
    };
    match (set.seen(network, parent)?, own) {
        (Some(parents), None) => Ok(parents.conversation),
        (Some(parents), Some(own)) => {
            // Two threads turn out to be one: the parent's conversation takes over the leads of the other.
            if parents.conversation != own {
                let moved = leads_of(set, mention, &own)?;
                let mut joined = leads_of(set, mention, &parents.conversation)?;
                joined.leads.extend(moved.leads);
                set.put_conversation(network, &parents.conversation, joined);
            }
            Ok(parents.conversation)
        }
        (None, own) => {
            let conversation = own.unwrap_or_else(|| parent.clone());
            set.put_seen(
                network,
                parent,
                Seen {
                    conversation: conversation.clone(),
                    lead: None,
                },
            );
            Ok(conversation)
        }
    }
}

/// The leads of a conversation. A conversation of one lead that is named by its root message needs no row of its own.
fn leads_of(set: &WorkingSet<'_>, mention: &Mention, conversation: &str) -> Result<Conversation, StoreError> {
    if let Some(found) = set.conversation(&mention.network, conversation)? {
        return Ok(found);
    }
    if conversation == mention.id {
        // Seen before it would be a repeat.
        return Ok(Conversation::default());
    }
    let root = set
        .seen(&mention.network, conversation)?
        .and_then(|seen| seen.lead);
    let Some(lead) = root.map(|id| set.lead(id)).transpose()?.flatten() else {
        return Ok(Conversation::default());
    };
    Ok(Conversation {
        leads: vec![(author_of(&lead), lead.id)],
    })
}

fn author_of(lead: &Lead) -> String {
    lead.author
        .as_ref()
        .map(|author| author.id.clone())
        .unwrap_or_default()
}

/// The author's own lead there; a lead that still waits for its author (we only saw our own answer) is anybody's.
/// Our own posts go to the newest lead of the conversation.
fn lead_among(conversation: &Conversation, mention: &Mention) -> Option<LeadId> {
    let fits = |author: &str| mention.own || author == mention.author.id || author.is_empty();
    let mut newest_first = conversation.leads.iter().rev();
    newest_first.find(|(author, _)| fits(author)).map(|(_, id)| *id)
}

/// Remembers where the mention went, after it was decided; `leads` are those that the conversation had before.
pub(super) fn remember(
    set: &mut WorkingSet<'_>,
    mention: &Mention,
    conversation: String,
    mut leads: Conversation,
    lead: &Lead,
) {
    let author = author_of(lead);
    let listed = leads.leads.iter().any(|(by, id)| *id == lead.id && *by == author);
    let needs_row = !leads.leads.is_empty() || conversation != mention.id;
    if !listed && needs_row {
        leads.leads.retain(|(_, id)| *id != lead.id);
        leads.leads.push((author, lead.id));
        set.put_conversation(&mention.network, &conversation, leads);
    }
    let seen = Seen {
        conversation,
        lead: Some(lead.id),
    };
    set.put_seen(&mention.network, &mention.id, seen);
}

/// A reply of ours is public under this id: its echo must be recognised.
pub(super) fn remember_reply(set: &mut WorkingSet<'_>, lead: &Lead, native_id: &str) {
    let seen = Seen {
        conversation: lead.conversation.clone(),
        lead: Some(lead.id),
    };
    set.put_seen(&lead.network, native_id, seen);
}
