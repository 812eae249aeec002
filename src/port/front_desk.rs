//! The front desk: the one counter at which every inbound adapter hands in events and asks questions. `app` stands behind it.
//! Writing goes through `submit` (one queue, one writer); reading never waits for it.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::store::Store;
use crate::domain::card::Card;
use crate::domain::company::Company;
use crate::domain::event::Event;
use crate::domain::ids::{LeadId, MemberId, PlatformId};
use crate::domain::lead::Draft;
use crate::domain::notice::{Answer, Notice};
use crate::domain::staff::Membership;

/// Why the desk did not take an event. Nothing of it was kept; the caller must not acknowledge.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    #[error("Switchboard is shutting down; try again in a moment")]
    ShuttingDown,
    #[error("the queue is full; try again in a moment")]
    Busy,
    /// Disk full, store damaged: written in words for the log and for `/readyz`.
    #[error("nothing was kept: {0}")]
    Store(String),
}

/// A filled-in form: field names and values as the form named them; `seen` and `key` come back from the form.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct FilledIn {
    pub command: String,
    pub lead: LeadId,
    pub fields: Vec<(String, String)>,
    pub seen: u32,
    pub key: String,
}

#[async_trait]
pub trait FrontDesk: Send + Sync {
    /// Hands in events and waits until they are decided and on disk. One notice per event, in order: what the person
    /// is told, a refusal included. Events of one call are decided in order.
    async fn submit(&self, events: Vec<Event>) -> Result<Vec<Notice>, NotTaken>;

    /// One line as typed into a chat: `/claim L-142`, `/lead claim L-142`. Answers with a notice or a form.
    async fn command(
        &self,
        who: &MemberId,
        via: &PlatformId,
        line: &str,
        key: &str,
    ) -> Result<Answer, NotTaken>;

    /// A command whose options the platform has told apart: names and values, in any order.
    async fn told_apart(
        &self,
        who: &MemberId,
        via: &PlatformId,
        command: &str,
        given: Vec<(String, String)>,
        key: &str,
    ) -> Result<Answer, NotTaken>;

    /// A click on a card's button: runs the command, or opens its form.
    async fn click(
        &self,
        who: &MemberId,
        via: &PlatformId,
        command: &str,
        lead: LeadId,
        key: &str,
    ) -> Result<Answer, NotTaken>;

    async fn fill_in(&self, who: &MemberId, via: &PlatformId, form: FilledIn) -> Result<Answer, NotTaken>;

    /// Completions for a half-typed line: the whole line each would make, and what it does.
    fn complete(&self, who: &MemberId, line: &str) -> Vec<(String, String)>;

    /// The lead's card as this member may see it; `turns` is how much of the conversation.
    fn card(&self, who: Option<&MemberId>, lead: LeadId, turns: usize) -> Option<Card>;

    /// History lines for the lead as this member may see them, oldest first.
    fn history(&self, who: &MemberId, lead: LeadId) -> Notice;

    fn store(&self) -> Arc<dyn Store>;

    fn company(&self) -> Arc<Company>;

    fn now(&self) -> Timestamp;

    /// A platform says who is in its groups; who works where follows from that at once.
    fn learn(&self, news: Membership);

    /// Keeps what a person has written in a form and not sent, so that closing a window or a change of owner loses nothing.
    /// It fills the same form the next time; sending it, or the end of the lead, lets it go.
    async fn keep_draft(&self, lead: LeadId, draft: Draft) -> Result<(), NotTaken>;
}
