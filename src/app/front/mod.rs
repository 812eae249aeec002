//! The front desk: what stands behind `port::front_desk::FrontDesk`. It understands requests through the command
//! catalogue, hands what must be decided to the desk's queue, and answers what is only read straight from the store.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::command::{Asker, Catalogue, Request, Spelling};
use crate::domain::card::Card;
use crate::domain::company::Company;
use crate::domain::draw::{Seat, draw};
use crate::domain::event::{Ask, Event, Verb};
use crate::domain::ids::{LeadId, MemberId, PlatformId};
use crate::domain::lead::Draft;
use crate::domain::notice::{Answer, Notice, Tone};
use crate::domain::refusal::Refusal;
use crate::domain::staff::Membership;
use crate::port::front_desk::{FilledIn, FrontDesk, NotTaken};
use crate::port::store::{Queue, Store, StoreError};

use super::conversation;
use super::desk::DeskQueue;
use super::setup::Setup;

mod forms;
mod readings;

/// Leads offered as completions.
const COMPLETED_LEADS: usize = 20;

pub struct Front {
    pub store: Arc<dyn Store>,
    pub setup: Setup,
    pub desk: DeskQueue,
    pub spelling: Spelling,
}

impl Front {
    fn asker<'a>(&'a self, company: &'a Company, who: &'a MemberId) -> Asker<'a> {
        Asker {
            company,
            member: who,
            now: self.now(),
            spelling: &self.spelling,
        }
    }

    /// Only members of staff are served; a stranger in a shared channel is not one.
    fn known(&self, who: &MemberId) -> Result<(), Refusal> {
        let company = self.setup.company();
        if company.members.contains_key(who) {
            return Ok(());
        }
        Err(Refusal::because(format!(
            "“{who}” is not a member of {}; an administrator adds members in the configuration.",
            company.name
        )))
    }

    async fn request(
        &self,
        who: &MemberId,
        via: &PlatformId,
        request: Result<Request, Refusal>,
        key: &str,
    ) -> Result<Answer, NotTaken> {
        let request = match self.known(who).and(request) {
            Ok(request) => request,
            Err(refusal) => return Ok(refusal.into()),
        };
        match request {
            Request::Ask { lead, verb } => self.ask(who, via, lead, verb, key).await.map(Answer::Notice),
            Request::Form {
                command,
                lead,
                filled,
            } => Ok(match self.form(who, &command, lead, &filled, key) {
                Ok(Ok(form)) => Answer::Form(Box::new(form)),
                Ok(Err(refusal)) => refusal.into(),
                Err(error) => unreadable(&error).into(),
            }),
            Request::Read(reading) => {
                let notice = self
                    .reading(who, &reading)
                    .unwrap_or_else(|error| unreadable(&error).into());
                Ok(Answer::Notice(notice))
            }
        }
    }

    async fn ask(
        &self,
        who: &MemberId,
        via: &PlatformId,
        lead: LeadId,
        verb: Verb,
        key: &str,
    ) -> Result<Notice, NotTaken> {
        let ask = Ask {
            lead,
            by: who.clone(),
            via: via.clone(),
            verb,
            key: key.to_owned(),
        };
        let mut notices = self.desk.submit(vec![Event::Asked(ask)]).await?;
        Ok(notices
            .pop()
            .unwrap_or_else(|| Notice::new(Tone::Warning, "The desk gave no answer; look at the card.")))
    }
}

/// The store cannot be read: told to the person, and to the log by whoever noticed first.
fn unreadable(error: &StoreError) -> Refusal {
    tracing::error!("the store cannot be read: {error}");
    Refusal::because(
        "The store cannot be read just now; nothing was changed. An administrator finds more in the log.",
    )
}

#[async_trait]
impl FrontDesk for Front {
    async fn submit(&self, events: Vec<Event>) -> Result<Vec<Notice>, NotTaken> {
        self.desk.submit(events).await
    }

    async fn command(
        &self,
        who: &MemberId,
        via: &PlatformId,
        line: &str,
        key: &str,
    ) -> Result<Answer, NotTaken> {
        let request = Catalogue::builtin().parse(line, &self.asker(&self.setup.company(), who));
        self.request(who, via, request, key).await
    }

    async fn told_apart(
        &self,
        who: &MemberId,
        via: &PlatformId,
        command: &str,
        given: Vec<(String, String)>,
        key: &str,
    ) -> Result<Answer, NotTaken> {
        let company = self.setup.company();
        let request = Catalogue::builtin().told_apart(command, given, &self.asker(&company, who));
        self.request(who, via, request, key).await
    }

    async fn click(
        &self,
        who: &MemberId,
        via: &PlatformId,
        command: &str,
        lead: LeadId,
        key: &str,
    ) -> Result<Answer, NotTaken> {
        let request = Catalogue::builtin().click(command, lead, &self.asker(&self.setup.company(), who));
        let answer = self.request(who, via, request, key).await?;
        // A button that lacks a word (why do you take it back?) asks for it instead of sending people to a command.
        if let Answer::Notice(Notice {
            tone: Tone::Refused,
            field: Some(_),
            ..
        }) = &answer
            && let Ok(Ok(form)) = self.form(who, command, lead, &[], key)
        {
            return Ok(Answer::Form(Box::new(form)));
        }
        Ok(answer)
    }

    async fn fill_in(&self, who: &MemberId, via: &PlatformId, form: FilledIn) -> Result<Answer, NotTaken> {
        let verb = Catalogue::builtin().fill_in(
            &form.command,
            form.lead,
            &form.fields,
            form.seen,
            &self.asker(&self.setup.company(), who),
        );
        match self.known(who).and(verb) {
            Ok(verb) => self
                .ask(who, via, form.lead, verb, &form.key)
                .await
                .map(Answer::Notice),
            Err(refusal) => Ok(refusal.into()),
        }
    }

    fn complete(&self, who: &MemberId, line: &str) -> Vec<(String, String)> {
        let leads = self.offered_leads(who).unwrap_or_default();
        Catalogue::builtin().complete(line, &self.asker(&self.setup.company(), who), &leads)
    }

    fn card(&self, who: Option<&MemberId>, lead: LeadId, turns: usize) -> Option<Card> {
        let lead = self.store.lead(lead).ok()??;
        let (entries, earlier) = conversation::last_turns(self.store.as_ref(), &lead, turns).ok()?;
        let capabilities = (self.setup.capabilities)(&lead.connector, &lead.network);
        let seat = match who {
            Some(member) => Seat::Member(member),
            None => Seat::Channel(&lead.department),
        };
        Some(draw(
            &lead,
            &entries,
            earlier,
            &self.setup.company(),
            &capabilities,
            seat,
            self.now(),
        ))
    }

    fn history(&self, who: &MemberId, lead: LeadId) -> Notice {
        let reading = crate::command::Reading::Show { lead };
        self.reading(who, &reading)
            .unwrap_or_else(|error| unreadable(&error).into())
    }

    fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store)
    }

    fn company(&self) -> Arc<Company> {
        self.setup.company()
    }

    fn now(&self) -> Timestamp {
        (self.setup.clock)()
    }

    async fn keep_draft(&self, lead: LeadId, draft: Draft) -> Result<(), NotTaken> {
        self.desk
            .submit(vec![Event::DraftKept { lead, draft }])
            .await
            .map(drop)
    }

    fn learn(&self, news: Membership) {
        self.setup.roster.learn(news, self.now());
    }
}

impl Front {
    /// What a person is likely to mean: their own leads first, then what waits in their departments.
    fn offered_leads(&self, who: &MemberId) -> Result<Vec<(LeadId, String)>, StoreError> {
        let company = self.setup.company();
        let mut leads = self.store.queue(&Queue::Owner(who.clone()), COMPLETED_LEADS)?;
        for department in company
            .departments
            .keys()
            .filter(|id| company.role(id, who).is_some())
        {
            for queue in [
                Queue::OfferedTo(department.clone()),
                Queue::Department(department.clone()),
            ] {
                if leads.len() < 2 * COMPLETED_LEADS {
                    leads.extend(self.store.queue(&queue, COMPLETED_LEADS)?);
                }
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        leads.retain(|lead| seen.insert(lead.id));
        Ok(leads
            .into_iter()
            .map(|lead| (lead.id, lead.latest.excerpt.as_written().to_owned()))
            .collect())
    }
}
