//! The desk: one writer that takes events in order, asks the domain what they mean, and commits the answers together with
//! the errands they imply. No async, no IO but the store's; `step` is the whole of it, and tests and replays call it directly.

use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::decide::{self, Decision, View};
use crate::domain::effect::{Effect, Errand};
use crate::domain::event::{Event, Report};
use crate::domain::ids::{Channel, ErrandId, LeadId};
use crate::domain::lead::Lead;
use crate::domain::mention::Mention;
use crate::domain::message::{Content, Message};
use crate::domain::notice::{Notice, Tone};
use crate::domain::timeline::{Entry, Happened};
use crate::port::store::{Store, StoreError};
use crate::report::figures;

use super::setup::Setup;
use surfaces::{belongs_in_thread, posted};
use working_set::WorkingSet;

mod digest;
mod errands;
mod intake;
mod queue;
mod surfaces;
mod working_set;

pub use queue::{DeskQueue, start};

pub struct Desk {
    store: Arc<dyn Store>,
    setup: Setup,
    next_lead: LeadId,
    next_errand: ErrandId,
}

/// What one step did: a notice per event, and what changed, for whoever wants to show it at once.
#[derive(Debug, Default)]
pub struct Stepped {
    pub notices: Vec<Notice>,
    pub leads: Vec<LeadId>,
    pub channels: Vec<Channel>,
    pub errands: usize,
    /// Whether anything had to be written; a refusal needs no disk.
    pub written: bool,
}

impl Desk {
    pub fn new(store: Arc<dyn Store>, setup: Setup) -> Result<Self, StoreError> {
        let (next_lead, next_errand) = store.next_numbers()?;
        Ok(Self {
            store,
            setup,
            next_lead,
            next_errand,
        })
    }

    /// Decides the events in order and commits all of them, or none. After an error nothing of them is known anywhere.
    pub fn step(&mut self, events: &[Event], now: Timestamp) -> Result<Stepped, StoreError> {
        self.step_through(events.iter().map(|event| (event, now)))
    }

    /// The same, with each event at a time of its own: how a replay lives through a day in a second.
    pub fn step_through<'e>(
        &mut self,
        events: impl Iterator<Item = (&'e Event, Timestamp)>,
    ) -> Result<Stepped, StoreError> {
        let store = Arc::clone(&self.store);
        let mut set = WorkingSet::new(store.as_ref(), self.next_lead, self.next_errand);
        let mut notices = Vec::new();
        for (event, now) in events {
            notices.push(self.one(&mut set, event, now)?);
        }
        let (next_lead, next_errand) = (set.next_lead, set.next_errand);
        let commit = set.into_commit();
        let stepped = Stepped {
            notices,
            leads: commit.leads.iter().map(|change| change.after.id).collect(),
            channels: commit
                .messages
                .iter()
                .map(|message| message.channel.clone())
                .collect(),
            errands: commit.errands.len(),
            written: !commit.is_empty(),
        };
        if stepped.written {
            store.commit(&commit)?;
        }
        self.next_lead = next_lead;
        self.next_errand = next_errand;
        Ok(stepped)
    }

    fn one(&self, set: &mut WorkingSet<'_>, event: &Event, now: Timestamp) -> Result<Notice, StoreError> {
        match event {
            Event::MentionReceived { mention, backlog } if !mention.own && self.is_ours(mention) => {
                let mut mention = mention.clone();
                mention.own = true;
                let backlog = *backlog;
                self.one(set, &Event::MentionReceived { mention, backlog }, now)
            }
            Event::MentionReceived { mention, .. } => self.mention(set, event, mention, now),
            Event::ChangedUpstream(news) => {
                match set.seen(&news.network, &news.id)?.and_then(|seen| seen.lead) {
                    Some(lead) => unless_damaged(lead, self.about(set, event, lead, false, now)),
                    None => Ok(Notice::done("unknown")),
                }
            }
            Event::CursorAdvanced { connector, cursor } => {
                set.put_cursor(connector, cursor);
                Ok(Notice::done("remembered"))
            }
            Event::Asked(ask) => unless_damaged(ask.lead, self.about(set, event, ask.lead, false, now)),
            Event::DraftKept { lead, .. } => unless_damaged(*lead, self.about(set, event, *lead, false, now)),
            Event::TroubleFound { text } => {
                errands::tell_administrators(set, &self.setup.company(), text, now)?;
                Ok(Notice::done("told"))
            }
            Event::DeadlinePassed(lead) => unless_damaged(*lead, self.about(set, event, *lead, false, now)),
            Event::DigestDue { department, day } => {
                digest::due(set, &self.setup.company(), department, *day, now)
            }
            Event::AttemptBegan(errand) => errands::began(set, errand),
            Event::Reported { errand, report } => self.reported(set, event, errand, report, now),
        }
    }

    fn is_ours(&self, mention: &Mention) -> bool {
        let handle = mention.author.handle.as_written();
        self.setup.company().is_own_account(&mention.network, handle)
    }

    fn mention(
        &self,
        set: &mut WorkingSet<'_>,
        event: &Event,
        mention: &Mention,
        now: Timestamp,
    ) -> Result<Notice, StoreError> {
        let place = intake::place(set, mention)?;
        let assessment = place.lead.is_none().then(|| (self.setup.assess)(mention));
        let capabilities = (self.setup.capabilities)(&mention.connector, &mention.network);
        let view = View {
            company: &self.setup.company(),
            lead: place.lead.as_ref(),
            next_lead: set.next_lead,
            conversation: &place.conversation,
            repeat: place.repeat,
            assessment: assessment.as_ref(),
            capabilities: &capabilities,
        };
        let decision = match decide::decide(&view, event, now) {
            Ok(decision) => decision,
            // Every mention without a lead is assessed, so that none is refused. Should one be, nobody may hear that it is kept.
            Err(refusal) => return Err(StoreError::Damaged(refusal.text)),
        };
        let tone = if place.repeat { Tone::Plain } else { Tone::Done };
        if place.lead.is_none() {
            set.next_lead = LeadId(set.next_lead.0 + 1);
        }
        let answer = decision.answer.clone();
        let lead = self.take(set, place.lead, decision, now)?;
        if !place.repeat {
            intake::remember(set, mention, place.conversation, place.leads, &lead);
        }
        Ok(Notice::new(tone, answer))
    }

    /// An event about a lead that exists.
    fn about(
        &self,
        set: &mut WorkingSet<'_>,
        event: &Event,
        id: LeadId,
        repeat: bool,
        now: Timestamp,
    ) -> Result<Notice, StoreError> {
        let lead = set.lead(id)?;
        if let Some(refusal) = self.missing_original(set, event)? {
            return Ok(refusal);
        }
        let capabilities = match &lead {
            Some(lead) => (self.setup.capabilities)(&lead.connector, &lead.network),
            None => crate::domain::capability::Capabilities::read_only(),
        };
        let view = View {
            company: &self.setup.company(),
            lead: lead.as_ref(),
            next_lead: set.next_lead,
            conversation: "",
            repeat,
            assessment: None,
            capabilities: &capabilities,
        };
        match decide::decide(&view, event, now) {
            Ok(decision) => {
                let answer = decision.answer.clone();
                self.take(set, lead, decision, now)?;
                Ok(Notice::done(answer))
            }
            Err(refusal) => Ok(refusal.into()),
        }
    }

    /// A duplicate must point at a lead that exists.
    fn missing_original(&self, set: &WorkingSet<'_>, event: &Event) -> Result<Option<Notice>, StoreError> {
        use crate::domain::event::{Ask, Verb};
        use crate::domain::refusal::Refusal;
        let Event::Asked(Ask {
            verb:
                Verb::Resolve {
                    duplicate_of: Some(original),
                    ..
                },
            ..
        }) = event
        else {
            return Ok(None);
        };
        if set.lead(*original)?.is_some() {
            return Ok(None);
        }
        Ok(Some(
            Refusal::of_field("duplicate_of", format!("There is no {original}.")).into(),
        ))
    }

    fn reported(
        &self,
        set: &mut WorkingSet<'_>,
        event: &Event,
        errand: &Errand,
        report: &Report,
        now: Timestamp,
    ) -> Result<Notice, StoreError> {
        errands::reported(set, errand, report)?;
        match (&errand.effect, report) {
            (Effect::PublishReply { lead, .. }, _) => {
                let id = *lead;
                let mut echoed = false;
                if let (
                    Report::Published {
                        native_id: Some(native_id),
                        ..
                    },
                    Some(lead),
                ) = (report, set.lead(id)?)
                {
                    let seen = set.seen(&lead.network, native_id)?;
                    echoed = seen.is_some_and(|seen| seen.lead == Some(id));
                    intake::remember_reply(set, &lead, native_id);
                }
                self.about(set, event, id, echoed, now)
            }
            (effect, Report::Posted { message }) => {
                if let Some((channel, content)) = posted(effect) {
                    set.put_message(Message {
                        channel,
                        message: message.clone(),
                        posted: now,
                        content,
                    });
                }
                Ok(Notice::done("recorded"))
            }
            (Effect::PostDigest { channel, .. }, Report::Digested { message, digest }) => {
                let content = Content::Digest(digest.clone());
                set.put_message(Message {
                    channel: channel.clone(),
                    message: message.clone(),
                    posted: now,
                    content,
                });
                Ok(Notice::done("recorded"))
            }
            _ => Ok(Notice::done("recorded")),
        }
    }

    /// Takes a decision into the working set: the lead with its chain, its errands, its department's figures.
    fn take(
        &self,
        set: &mut WorkingSet<'_>,
        before: Option<Lead>,
        decision: Decision,
        now: Timestamp,
    ) -> Result<Lead, StoreError> {
        let Decision {
            mut lead,
            lines,
            card,
            effects,
            ..
        } = decision;
        lead.version += 1;
        // What can fail comes first, so that a decision is taken whole or not at all.
        let channels = if card {
            self.channels(set, before.as_ref(), &lead)?
        } else {
            Vec::new()
        };
        {
            let happened: Vec<&Happened> = lines.iter().map(|line| &line.what).collect();
            let delta = figures::delta(before.as_ref(), &lead, &happened, now);
            let department = figures::credited(before.as_ref(), &lead);
            let day = figures::local_day(&self.setup.company(), department, now);
            set.add_figures(department, day, &delta);
        }
        let mut told = Vec::new();
        for line in lines {
            if before.is_some() && belongs_in_thread(&line.what) {
                told.push(lead.entries);
            }
            let entry = Entry::chained(
                &lead.head,
                lead.id,
                lead.entries,
                line.at,
                line.by,
                line.via,
                line.what,
            );
            lead.head.clone_from(&entry.hash);
            lead.entries += 1;
            set.put_entry(lead.id, entry);
        }
        let threads = self.threads(&channels, lead.id, &told);
        let cards = channels.into_iter().map(|channel| Effect::SyncCard {
            lead: lead.id,
            channel,
        });
        let quiet = self.setup.quiet;
        let wanted = effects
            .into_iter()
            .filter(|effect| !quiet || !matches!(effect, Effect::Notify { .. }));
        for effect in cards.chain(threads).chain(wanted) {
            errands::ask(set, effect, now)?;
        }
        set.put_lead(before, lead.clone());
        Ok(lead)
    }
}

/// One lead that cannot be read must not hold up everybody else's events. A mention, a cursor or a delivery is another
/// matter: whoever handed it in must hear that it was not kept, so that it comes again.
fn unless_damaged(lead: LeadId, notice: Result<Notice, StoreError>) -> Result<Notice, StoreError> {
    match notice {
        Err(StoreError::Damaged(why)) => {
            tracing::error!(%lead, "a lead cannot be read: {why}");
            let text = format!(
                "{lead} cannot be read: the store is damaged there. An administrator runs `switchboard verify`."
            );
            Ok(Notice::new(Tone::Refused, text))
        }
        other => other,
    }
}
