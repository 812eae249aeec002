//! The app's home: what somebody holds, what waits where they work, and what is about to be late. Drawn from the store
//! whenever it is opened or something is clicked in it; nothing is kept of it. <https://docs.slack.dev/surfaces/app-home>

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde_json::json;

use super::door::Door;
use super::ear::Ear;
use super::opening::saying;
use super::payload::By;
use crate::domain::company::Company;
use crate::domain::ids::{LeadId, MemberId};
use crate::domain::lead::Lead;
use crate::domain::notice::{Notice, Tone};
use crate::platform::slack::render::{self, Home, Summary, Waiting};
use crate::port::store::{Queue, StoreError};

/// Leads looked at in one queue, and how far a queue is counted.
const LOOKED_AT: usize = 40;
const COUNTED: usize = 1_000;
/// Leads of one list; the rest is a command away.
const LISTED: usize = 8;
/// What is due within this time is shown above everything.
const SOON: SignedDuration = SignedDuration::from_mins(30);

impl Door {
    /// Draws a person's home anew, with an answer above it where there is one.
    pub(super) async fn show_home(&self, by: &By, said: Option<&Notice>) {
        let mut said = said.cloned();
        let home = match self.member(by).await.map(|who| self.home_of(&who)) {
            Ok(Ok(home)) => home,
            Ok(Err(error)) => {
                tracing::error!("the store cannot be read: {error}");
                let text = "The leads cannot be read just now; an administrator finds more in the log.";
                said = Some(Notice::new(Tone::Warning, text));
                Home::default()
            }
            Err(refusal) => {
                said = Some(refusal.into());
                Home::default()
            }
        };
        let mut view = render::home(&home);
        if let Some(notice) = &said {
            view = saying(view, notice);
        }
        let body = json!({ "user_id": by.user, "view": view });
        if let Err(failure) = self.slack.client.post("views.publish", &body).await {
            tracing::warn!("a home in Slack could not be drawn: {failure:?}");
            if let Some(notice) = said {
                Ear::of(&by.user).hear(&self.slack, &notice).await;
            }
        }
    }

    fn home_of(&self, who: &MemberId) -> Result<Home, StoreError> {
        let (company, store) = (self.front.company(), self.front.store());
        let mine = store.queue(&Queue::Owner(who.clone()), LOOKED_AT)?;
        let mut late: Vec<Lead> = mine.clone();
        let mut queues = Vec::new();
        for department in company.departments.values() {
            if company.role(&department.id, who).is_none() {
                continue;
            }
            let queue = Queue::Department(department.id.clone());
            let leads = store.queue(&queue, LOOKED_AT)?;
            late.extend(leads.iter().cloned());
            queues.push(Waiting {
                department: department.id.clone(),
                department_name: department.name.clone(),
                leads: self.summaries(
                    who,
                    &company,
                    leads.into_iter().filter(|lead| lead.claim.is_none()),
                ),
                open: store.queue_length(&queue, COUNTED)?,
            });
        }
        let soon = self.front.now().checked_add(SOON).unwrap_or(jiff::Timestamp::MAX);
        let mut seen = BTreeSet::<LeadId>::new();
        late.retain(|lead| {
            let due = lead.clock.due.filter(|_| lead.clock.waiting_since.is_some());
            due.is_some_and(|due| due <= soon) && seen.insert(lead.id)
        });
        late.sort_by_key(|lead| lead.clock.due);
        Ok(Home {
            breaching: self.summaries(who, &company, late.into_iter()),
            mine: self.summaries(who, &company, mine.into_iter()),
            queues,
        })
    }

    fn summaries(
        &self,
        who: &MemberId,
        company: &Company,
        leads: impl Iterator<Item = Lead>,
    ) -> Vec<Summary> {
        let summary = |lead: Lead| {
            let card = self.front.card(Some(who), lead.id, 0)?;
            (!card.stub).then(|| Summary {
                lead: lead.id,
                priority: lead.priority,
                said: lead.latest.excerpt.clone(),
                network: lead.network.clone(),
                department_name: card.department_name,
                owner_name: lead.owner().map(|owner| company.name_of(owner).to_owned()),
                due: card.due,
                breached: card.breached,
                actions: card.actions,
            })
        };
        leads.filter_map(summary).take(LISTED).collect()
    }
}
