//! A change in the making: the lead as it will be, with the lines and errands gathered on the way.
//! The verbs use it; it decides nothing itself, except what follows for every verb alike.

use jiff::Timestamp;

use super::super::company::{Company, Department};
use super::super::effect::Effect;
use super::super::event::Ask;
use super::super::ids::{MemberId, PlatformId};
use super::super::lead::{Claim, Lead};
use super::super::timeline::{Actor, Happened};
use super::{Decision, Line, View};

pub(super) struct Change<'a> {
    pub view: &'a View<'a>,
    pub lead: Lead,
    pub now: Timestamp,
    by: Actor,
    via: Option<PlatformId>,
    lines: Vec<Line>,
    effects: Vec<Effect>,
    card: bool,
}

impl<'a> Change<'a> {
    fn new(view: &'a View<'a>, lead: Lead, now: Timestamp, by: Actor, via: Option<PlatformId>) -> Self {
        Self {
            view,
            lead,
            now,
            by,
            via,
            lines: Vec::new(),
            effects: Vec::new(),
            card: true,
        }
    }

    pub fn by_member(view: &'a View<'a>, lead: &Lead, ask: &Ask, now: Timestamp) -> Self {
        Self::new(
            view,
            lead.clone(),
            now,
            Actor::Member(ask.by.clone()),
            Some(ask.via.clone()),
        )
    }

    pub fn by_switchboard(view: &'a View<'a>, lead: &Lead, now: Timestamp) -> Self {
        Self::new(view, lead.clone(), now, Actor::Switchboard, None)
    }

    pub fn company(&self) -> &'a Company {
        self.view.company
    }

    /// The lead's department, where the configuration still has it.
    pub fn department(&self) -> Option<&'a Department> {
        self.view.company.department(&self.lead.department)
    }

    /// One line of history by whoever makes this change.
    pub fn line(&mut self, what: Happened) {
        let by = self.by.clone();
        self.line_by(by, what);
    }

    pub fn line_by(&mut self, by: Actor, what: Happened) {
        if let Happened::MentionReceived { .. }
        | Happened::MentionEdited { .. }
        | Happened::PublicReplySeen { .. }
        | Happened::ReplyPublished { .. } = what
        {
            self.lead.last_turn = self.lead.entries + self.lines.len() as u32;
        }
        let via = matches!(by, Actor::Member(_)).then(|| self.via.clone()).flatten();
        self.lines.push(Line {
            at: self.now,
            by,
            via,
            what,
        });
    }

    /// The position that the next line will have in the timeline.
    pub fn next_seq(&self) -> u32 {
        self.lead.entries + self.lines.len() as u32
    }

    pub fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// A private notice on every platform where the member can be reached, unless it would tell people what they
    /// have just done themselves.
    pub fn notify(&mut self, member: &MemberId, text: String) {
        let Some(known) = self.view.company.members.get(member) else {
            return;
        };
        if matches!(&self.by, Actor::Member(by) if by == member) {
            return;
        }
        let in_use = &self.view.company.platforms;
        for platform in known
            .identities
            .keys()
            .filter(|platform| in_use.contains(*platform))
        {
            self.effects.push(Effect::Notify {
                platform: platform.clone(),
                member: member.clone(),
                lead: Some(self.lead.id),
                text: text.clone(),
            });
        }
    }

    pub fn without_card(mut self) -> Self {
        self.card = false;
        self
    }

    /// Gives the lead to a member, with the department's lease.
    pub fn give_to(&mut self, member: &MemberId) {
        self.lead.claim = Some(Claim {
            by: member.clone(),
            since: self.now,
            renewed: self.now,
            nudge_at: None,
            lapses_at: None,
        });
        self.renew_lease();
    }

    /// A sign of work: the lease runs anew from now.
    pub fn renew_lease(&mut self) {
        let lease = self.department().and_then(|department| department.lease.as_ref());
        let now = self.now;
        if let Some(claim) = &mut self.lead.claim {
            claim.renewed = now;
            claim.nudge_at = lease.and_then(|lease| now.checked_add(lease.nudge_after).ok());
            claim.lapses_at = lease.and_then(|lease| now.checked_add(lease.lapse_after).ok());
        }
    }

    /// The author waits for us since `since`; the department's target says until when.
    pub fn start_clock(&mut self, since: Timestamp) {
        self.lead.clock.waiting_since = Some(since);
        self.set_due(since);
    }

    /// Works out the due time of a running clock anew, counted from `from`.
    pub fn set_due(&mut self, from: Timestamp) {
        self.lead.clock.breached = false;
        self.lead.clock.due = self.department().and_then(|department| {
            let target = department.targets.get(&self.lead.priority)?;
            department.calendar.due(from, *target)
        });
    }

    /// Lets go of a reply that failed; the history says so, since its text leaves the card with it.
    pub fn drop_failed_reply(&mut self) {
        if let Some(outgoing) = self.lead.outgoing.take() {
            self.line(Happened::ReplyDropped { key: outgoing.key });
        }
    }

    /// The company answered at `at`: the ball is with the author. An answer after the due time is a miss, also when no
    /// tick came between the two.
    pub fn stop_clock(&mut self, at: Timestamp) {
        if let Some(due) = self
            .lead
            .clock
            .due
            .filter(|due| *due < at && !self.lead.clock.breached)
        {
            self.lead.clock.breached = true;
            self.line_by(Actor::Switchboard, Happened::Breached { due });
        }
        let clock = &mut self.lead.clock;
        clock.waiting_since = None;
        clock.due = None;
        clock.first_response.get_or_insert(at);
        clock.last_response = clock.last_response.max(Some(at));
    }

    pub fn decided(self, answer: String) -> Decision {
        Decision {
            lead: self.lead,
            lines: self.lines,
            card: self.card,
            effects: self.effects,
            answer,
        }
    }
}
