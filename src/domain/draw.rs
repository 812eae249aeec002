//! Draws a lead's card as it is now, for one seat: a department's channel, or one member's own screen.
//! Pure; a late retry therefore draws the newest state and can never overwrite it with an older one.

use jiff::Timestamp;

use super::capability::Capabilities;
use super::card::{Action, Banner, Card, Emphasis, Turn};
use super::company::{Company, Role};
use super::decide::{ago, span};
use super::ids::{DepartmentId, MemberId};
use super::lead::{Lead, OutgoingState, State};
use super::mention::{Mention, PublicText};
use super::notice::Tone;
use super::timeline::{Entry, Happened};

/// Who looks: everybody in a department's channel, or one member.
#[derive(Clone, Copy, Debug)]
pub enum Seat<'a> {
    Channel(&'a DepartmentId),
    Member(&'a MemberId),
}

impl Seat<'_> {
    /// Whether the lead's text may be shown there.
    pub fn may_read(self, company: &Company, lead: &Lead) -> bool {
        let confidential = company
            .department(&lead.department)
            .is_some_and(|department| department.confidential);
        let offered_to = lead.hand_off.as_ref().map(|hand_off| &hand_off.to);
        match self {
            Self::Channel(department) => {
                !confidential || *department == lead.department || Some(department) == offered_to
            }
            Self::Member(member) => {
                company.may_read(&lead.department, member)
                    || offered_to.is_some_and(|department| company.role(department, member).is_some())
            }
        }
    }

    fn works_in(self, company: &Company, department: &DepartmentId) -> bool {
        match self {
            Self::Channel(seat) => seat == department,
            Self::Member(member) => company
                .role(department, member)
                .is_some_and(|role| role >= Role::Agent),
        }
    }
}

/// `entries` are timeline entries in order; `earlier` says how many public turns before them are left out.
pub fn draw(
    lead: &Lead,
    entries: &[Entry],
    earlier: u32,
    company: &Company,
    capabilities: &Capabilities,
    seat: Seat<'_>,
    now: Timestamp,
) -> Card {
    let stub = !seat.may_read(company, lead);
    let media = entries.iter().rev().find_map(|entry| match &entry.what {
        Happened::MentionReceived { mention } => Some(mention.media.clone()),
        _ => None,
    });
    let reasons = entries.iter().find_map(|entry| match &entry.what {
        Happened::Opened { reasons, .. } => Some(reasons.clone()),
        _ => None,
    });
    let open = lead.is_open();
    Card {
        lead: lead.id,
        version: lead.version,
        department: lead.department.clone(),
        department_name: company.department_name(&lead.department).to_owned(),
        state: lead.state(),
        status: status(lead, company, now),
        priority: lead.priority,
        tags: lead.tags.clone(),
        network: lead.network.clone(),
        kind: lead.kind,
        opened: lead.opened,
        owner: lead.owner().cloned(),
        owner_name: lead.owner().map(|owner| company.name_of(owner).to_owned()),
        due: lead
            .clock
            .due
            .filter(|_| open && lead.clock.waiting_since.is_some()),
        breached: open && lead.clock.breached && lead.clock.waiting_since.is_some(),
        first_response: lead.clock.first_response,
        author: lead.author.clone().filter(|_| !stub),
        url: lead.latest.url.clone().filter(|_| !stub),
        media: media.filter(|_| !stub).unwrap_or_default(),
        turns: if stub { Vec::new() } else { turns(entries) },
        earlier,
        mentions: lead.mentions,
        duplicates: lead.duplicates,
        reasons: reasons.filter(|_| !stub).unwrap_or_default(),
        banners: if stub {
            Vec::new()
        } else {
            banners(lead, company, capabilities, now)
        },
        actions: if stub {
            Vec::new()
        } else {
            actions(lead, company, capabilities, seat)
        },
        stub,
    }
}

fn status(lead: &Lead, company: &Company, now: Timestamp) -> String {
    let owner = lead.owner().map(|owner| company.name_of(owner));
    match (lead.state(), owner) {
        (State::Resolved, _) => {
            let Some(resolution) = &lead.resolution else {
                return String::new();
            };
            let by = resolution
                .by
                .as_ref()
                .map(|by| format!(" by {}", company.name_of(by)))
                .unwrap_or_default();
            let of = resolution
                .duplicate_of
                .map(|of| format!(" of {of}"))
                .unwrap_or_default();
            format!("Resolved as {}{of}{by}", resolution.outcome.label())
        }
        (State::HandingOff, owner) => {
            let to = lead
                .hand_off
                .as_ref()
                .map(|hand_off| company.department_name(&hand_off.to));
            format!(
                "{} offers it to {}",
                owner.unwrap_or("Somebody"),
                to.unwrap_or("another department")
            )
        }
        (State::Snoozed, owner) => {
            let left = lead
                .snooze
                .as_ref()
                .map(|snooze| now.duration_until(snooze.until));
            let left = left.map(span).unwrap_or_default();
            format!("Set aside for {left} by {}", owner.unwrap_or("the department"))
        }
        (State::Claimed, owner) => format!("Claimed by {}", owner.unwrap_or("somebody")),
        (State::Waiting, _) => "Waiting for somebody to claim it".to_owned(),
    }
}

/// The public conversation among these entries.
fn turns(entries: &[Entry]) -> Vec<Turn> {
    // A reply of ours that the network showed us before its report came stands in the history twice, and is one turn.
    let reported: Vec<&str> = entries
        .iter()
        .filter_map(|entry| match &entry.what {
            Happened::ReplyPublished { native_id, .. } => native_id.as_deref(),
            _ => None,
        })
        .collect();
    entries
        .iter()
        .filter_map(|entry| match &entry.what {
            Happened::MentionReceived { mention } => Some(Turn {
                at: mention.created,
                author: Some(mention.author.handle.clone()),
                text: as_it_is_now(mention, entries),
                url: mention.url.clone(),
            }),
            Happened::PublicReplySeen { post } if !reported.contains(&post.id.as_str()) => Some(Turn {
                at: post.created,
                author: None,
                text: post.text.clone(),
                url: post.url.clone(),
            }),
            Happened::ReplyPublished { text, permalink, .. } => Some(Turn {
                at: entry.at,
                author: None,
                text: text.as_str().into(),
                url: permalink.clone(),
            }),
            _ => None,
        })
        .collect()
}

/// The text of a message after what its author did to it since.
fn as_it_is_now(mention: &Mention, entries: &[Entry]) -> PublicText {
    let newest = entries.iter().rev().find_map(|entry| match &entry.what {
        Happened::MentionEdited { id, text } if *id == mention.id => {
            Some(PublicText::new(format!("{} (edited)", text.as_written())))
        }
        Happened::MentionDeleted { id } if *id == mention.id => Some("(deleted by its author)".into()),
        _ => None,
    });
    newest.unwrap_or_else(|| mention.text.clone())
}

fn banners(lead: &Lead, company: &Company, capabilities: &Capabilities, now: Timestamp) -> Vec<Banner> {
    let mut banners = Vec::new();
    let mut say = |tone, text: String, lines: Vec<String>| banners.push(Banner { tone, text, lines });
    if let Some(hand_off) = &lead.hand_off {
        let packet = &hand_off.packet;
        let named = [
            ("Promised", &packet.promised),
            ("Suggested reply", &packet.suggested_reply),
        ];
        let lines = std::iter::once(packet.summary.clone())
            .chain(
                named
                    .into_iter()
                    .filter(|(_, text)| !text.is_empty())
                    .map(|(name, text)| format!("{name}: {text}")),
            )
            .collect();
        let (by, to) = (
            company.name_of(&hand_off.by),
            company.department_name(&hand_off.to),
        );
        say(
            Tone::Warning,
            format!("{by} offers this to {to} ({})", ago(hand_off.offered, now)),
            lines,
        );
    }
    if let Some(outgoing) = &lead.outgoing {
        let by = company.name_of(&outgoing.by);
        let text = vec![outgoing.text.clone()];
        match &outgoing.state {
            OutgoingState::Sending => say(Tone::Plain, format!("{by}’s reply is on its way out"), text),
            OutgoingState::Failed { why } => say(
                Tone::Refused,
                format!("{by}’s reply was not published: {why}"),
                text,
            ),
            OutgoingState::Uncertain { why } => say(
                Tone::Warning,
                format!(
                    "It is not certain whether {by}’s reply is public ({why}). Look at the network, then settle it."
                ),
                text,
            ),
        }
    }
    if let Some(escalation) = lead.escalation.as_ref().filter(|_| lead.is_open()) {
        let told: Vec<_> = escalation
            .told
            .iter()
            .map(|member| company.name_of(member))
            .collect();
        match &escalation.acknowledged {
            Some(by) => say(
                Tone::Plain,
                format!(
                    "Escalated: {}. {} acknowledged it",
                    escalation.reason,
                    company.name_of(by)
                ),
                Vec::new(),
            ),
            None => say(
                Tone::Warning,
                format!(
                    "Escalated to {} ({}): {}",
                    told.join(", "),
                    ago(escalation.at, now),
                    escalation.reason
                ),
                Vec::new(),
            ),
        }
    }
    if lead.is_open() && !capabilities.replies {
        say(
            Tone::Plain,
            format!(
                "Switchboard cannot publish to {}: answer it there, then press “Answered there”",
                lead.network.label()
            ),
            Vec::new(),
        );
    }
    banners
}

/// The buttons that mean something now. What a click does is decided again when it arrives.
fn actions(lead: &Lead, company: &Company, capabilities: &Capabilities, seat: Seat<'_>) -> Vec<Action> {
    use Emphasis::{Danger, Normal, Primary};
    let mut actions = Vec::new();
    let mut add = |command: &str, label: &str, form: bool, emphasis| {
        actions.push(Action {
            command: command.to_owned(),
            label: label.to_owned(),
            form,
            emphasis,
        });
    };
    if !lead.is_open() {
        if seat.works_in(company, &lead.department) {
            add("reopen", "Reopen", false, Normal);
        }
        return actions;
    }
    let here = seat.works_in(company, &lead.department);
    if let Some(hand_off) = &lead.hand_off {
        if seat.works_in(company, &hand_off.to) {
            add("accept", "Accept", false, Primary);
            add("decline", "Decline", true, Normal);
        }
        if here {
            add("withdraw", "Withdraw offer", false, Normal);
            add("note", "Note", true, Normal);
        }
        return actions;
    }
    if lead
        .escalation
        .as_ref()
        .is_some_and(|escalation| escalation.acknowledged.is_none())
    {
        add("acknowledge", "Acknowledge", false, Primary);
    }
    if !here {
        return actions;
    }
    match lead.outgoing.as_ref().map(|outgoing| &outgoing.state) {
        Some(OutgoingState::Sending) => {
            add("note", "Note", true, Normal);
            return actions;
        }
        Some(OutgoingState::Uncertain { .. }) => {
            add("settle", "Settle the reply", true, Primary);
            add("note", "Note", true, Normal);
            return actions;
        }
        Some(OutgoingState::Failed { .. }) => add("retry", "Retry", false, Primary),
        None => {}
    }
    let claimed = lead.claim.is_some();
    if !claimed {
        add("claim", "Claim", false, Primary);
    } else if capabilities.replies {
        add("reply", "Reply", true, Primary);
    }
    if !capabilities.replies {
        add(
            "answered",
            "Answered there",
            true,
            if claimed { Primary } else { Normal },
        );
    }
    add("note", "Note", true, Normal);
    add("hand-off", "Hand off", true, Normal);
    add("assign", "Assign", true, Normal);
    if claimed {
        add("snooze", "Snooze", true, Normal);
    }
    add("escalate", "Escalate", true, Danger);
    add("resolve", "Resolve", true, Normal);
    if claimed {
        add("release", "Release", false, Normal);
    }
    actions
}
