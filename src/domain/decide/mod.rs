//! Decisions, one file per verb: `(view, event, now) → Decision`, or a `Refusal`. Pure: no clock, no store, no randomness.
//! The view holds everything a decision may look at; the desk commits what comes back, whole or not at all.

use jiff::Timestamp;

use super::assessment::Assessment;
use super::capability::Capabilities;
use super::company::Company;
use super::effect::Effect;
use super::event::Event;
use super::ids::{LeadId, PlatformId};
use super::lead::Lead;
use super::refusal::Refusal;
use super::timeline::{Actor, Happened};

/// What a decision may look at.
pub struct View<'a> {
    pub company: &'a Company,
    /// The subject as it is now; none for a mention that opens a new lead.
    pub lead: Option<&'a Lead>,
    /// The number a new lead would take.
    pub next_lead: LeadId,
    /// What listening makes of the mention; none for every other event.
    pub assessment: Option<&'a Assessment>,
    /// What the lead's network can do.
    pub capabilities: &'a Capabilities,
}

/// One line for the lead's timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub at: Timestamp,
    pub by: Actor,
    pub via: Option<PlatformId>,
    pub what: Happened,
}

/// A lead as it will be, what happened to it, and the errands that follow.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    pub lead: Lead,
    pub lines: Vec<Line>,
    pub effects: Vec<Effect>,
    /// What the person who asked is told.
    pub answer: String,
}

pub fn decide(_view: &View<'_>, _event: &Event, _now: Timestamp) -> Result<Decision, Refusal> {
    Err(Refusal::because("not yet"))
}
