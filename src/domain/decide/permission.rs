//! Who may do what, and the polite no. Rules that several verbs share; each verb's own rules stand in its file.

use jiff::{SignedDuration, Timestamp};

use super::super::company::Role;
use super::super::ids::{DepartmentId, MemberId};
use super::super::lead::OutgoingState;
use super::super::refusal::Refusal;
use super::change::Change;

/// How long ago, in words: `just now`, `4 s ago`, `3 min ago`, `2 h ago`, `5 days ago`.
pub fn ago(since: Timestamp, now: Timestamp) -> String {
    match since.duration_until(now) {
        moment if moment.as_secs() < 1 => "just now".to_owned(),
        length => format!("{} ago", span(length)),
    }
}

/// A length of time in words; a negative one (a clock that jumped) counts as none.
pub fn span(length: SignedDuration) -> String {
    let seconds = length.as_secs().max(0);
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds / 60),
        7200..=172_799 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

impl Change<'_> {
    pub(super) fn name(&self, member: &MemberId) -> String {
        self.company().name_of(member).to_owned()
    }

    pub(super) fn department_name(&self, department: &DepartmentId) -> String {
        self.company().department_name(department).to_owned()
    }

    pub(super) fn role(&self, by: &MemberId) -> Option<Role> {
        self.company().role(&self.lead.department, by)
    }

    /// The asker must work in the lead's department.
    pub(super) fn must_be_agent(&self, by: &MemberId, what: &str) -> Result<Role, Refusal> {
        self.must_be_agent_of(&self.lead.department, by, what)
    }

    pub(super) fn must_be_agent_of(
        &self,
        department: &DepartmentId,
        by: &MemberId,
        what: &str,
    ) -> Result<Role, Refusal> {
        let name = self.department_name(department);
        match self.company().role(department, by) {
            Some(role) if role >= Role::Agent => Ok(role),
            Some(_) => Err(Refusal::because(format!(
                "You may read in {name} but not {what} {}; an agent or lead of {name} can.",
                self.lead.id
            ))),
            None => Err(Refusal::because(format!(
                "{} belongs to {name}, and you do not work there; `/who {}` says who does.",
                self.lead.id, self.lead.id
            ))),
        }
    }

    /// The asker must hold the lead, or be a lead or admin of its department (who may act over an owner's head).
    pub(super) fn must_hold(&self, by: &MemberId, what: &str) -> Result<(), Refusal> {
        let role = self.must_be_agent(by, what)?;
        let department = &self.lead.department;
        if let Some(heard) = self.company().role_heard_too_long_ago(department, by, self.now) {
            return Err(Refusal::because(format!(
                "Who works in {} was last confirmed {}, which is too long ago to {what} {}; an administrator can see why \
                 (`switchboard check --online`). Claims and notes still work.",
                self.department_name(department),
                ago(heard, self.now),
                self.lead.id
            )));
        }
        match self.lead.owner() {
            Some(owner) if owner == by => Ok(()),
            _ if role >= Role::Lead => Ok(()),
            Some(owner) => Err(Refusal::because(format!(
                "{} has {}, so only {} or a lead of {} can {what} it.",
                self.name(owner),
                self.lead.id,
                self.name(owner),
                self.department_name(&self.lead.department)
            ))),
            None => Err(Refusal::because(format!(
                "Nobody has {id} yet; claim it first (`/claim {id}`), then {what} it.",
                id = self.lead.id
            ))),
        }
    }

    /// As `must_hold`, except that nobody's lead is everybody's in the department.
    pub(super) fn must_hold_or_be_free(&self, by: &MemberId, what: &str) -> Result<(), Refusal> {
        if self.lead.claim.is_none() {
            return self.must_be_agent(by, what).map(drop);
        }
        self.must_hold(by, what)
    }

    pub(super) fn must_be_open(&self) -> Result<(), Refusal> {
        let Some(resolution) = &self.lead.resolution else {
            return Ok(());
        };
        let by = resolution
            .by
            .as_ref()
            .map(|by| format!(" by {}", self.name(by)))
            .unwrap_or_default();
        Err(Refusal::because(format!(
            "{id} was resolved{by} as {} {}; `/reopen {id}` brings it back.",
            resolution.outcome.label(),
            ago(resolution.at, self.now),
            id = self.lead.id
        )))
    }

    /// While a reply's fate is open, nothing may happen that would hide it.
    pub(super) fn no_reply_under_way(&self) -> Result<(), Refusal> {
        let Some(outgoing) = &self.lead.outgoing else {
            return Ok(());
        };
        let by = self.name(&outgoing.by);
        match outgoing.state {
            OutgoingState::Sending => Err(Refusal::because(format!(
                "A reply by {by} to {} is on its way out ({}); wait until it is public.",
                self.lead.id,
                ago(outgoing.at, self.now)
            ))),
            OutgoingState::Uncertain { .. } => Err(Refusal::because(format!(
                "Nobody can tell whether {by}’s reply to {id} is public. Look at the network, then press “It is public” \
                 or “It is not there” (`/settle {id} sent` or `/settle {id} not-sent`).",
                id = self.lead.id
            ))),
            OutgoingState::Failed { .. } => Ok(()),
        }
    }

    pub(super) fn no_hand_off_open(&self) -> Result<(), Refusal> {
        let Some(hand_off) = &self.lead.hand_off else {
            return Ok(());
        };
        Err(Refusal::because(format!(
            "{} is offered to {} ({}) and not answered yet; wait, or withdraw the offer (`/withdraw {}`).",
            self.lead.id,
            self.department_name(&hand_off.to),
            ago(hand_off.offered, self.now),
            self.lead.id
        )))
    }
}

/// A reason that must be given, trimmed.
pub(super) fn needed<'t>(text: &'t str, field: &str, ask_for: &str) -> Result<&'t str, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        Err(Refusal::of_field(field, ask_for))
    } else {
        Ok(text)
    }
}
