//! Intake: a mention opens a lead or joins the one its author has in that conversation. What our own accounts say in
//! public is a reply, not a mention: it joins the lead and stops its clock.

use jiff::{SignedDuration, Timestamp};
use unicode_segmentation::UnicodeSegmentation;

use super::super::assessment::Assessment;
use super::super::ids::DepartmentId;
use super::super::lead::{Latest, Lead, Outcome, Resolution, ResponseClock};
use super::super::mention::{Mention, PublicText};
use super::super::refusal::Refusal;
use super::super::timeline::{Actor, GENESIS, Happened};
use super::change::Change;
use super::permission::ago;
use super::{Decision, View, delivery};

/// A first contact's backlog pings nobody, except what is younger than this.
const STILL_NEWS: SignedDuration = SignedDuration::from_hours(1);
const EXCERPT_LENGTH: usize = 160;

pub(super) fn received(
    view: &View<'_>,
    mention: &Mention,
    backlog: bool,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let silent = backlog && mention.created.duration_until(now) > STILL_NEWS;
    let change = match view.lead {
        Some(lead) if view.repeat => {
            let mut change = Change::by_switchboard(view, lead, now);
            change.lead.duplicates += 1;
            return Ok(change
                .without_card()
                .decided(format!("{} has it already", lead.id)));
        }
        Some(lead) => follow_up(Change::by_switchboard(view, lead, now), mention),
        None => open(view, mention, now)?,
    };
    let answer = change.lead.id.to_string();
    Ok(if silent { change.without_card() } else { change }.decided(answer))
}

fn open<'a>(view: &'a View<'a>, mention: &Mention, now: Timestamp) -> Result<Change<'a>, Refusal> {
    let assessment = view
        .assessment
        .ok_or_else(|| Refusal::because("the mention was not assessed"))?;
    let lead = blank(view, mention, assessment, now);
    let mut change = Change::by_switchboard(view, &lead, now);
    change.line(Happened::Opened {
        department: assessment.department.clone(),
        priority: assessment.priority,
        reasons: assessment.reasons.clone(),
    });
    if mention.own {
        // All we have seen is our own answer; the message it answers may still come, and then takes this lead.
        change.line_by(
            Actor::Account,
            Happened::PublicReplySeen {
                post: Box::new(mention.clone()),
            },
        );
        change.lead.replies = 1;
        change.stop_clock(mention.created);
        change.lead.resolution = Some(Resolution {
            outcome: Outcome::Answered,
            by: None,
            at: now,
            duplicate_of: None,
        });
        return Ok(change);
    }
    change.line_by(
        Actor::Author,
        Happened::MentionReceived {
            mention: Box::new(mention.clone()),
        },
    );
    change.lead.mentions = 1;
    change.start_clock(mention.created.min(now));
    for watcher in &assessment.watchers {
        let department = change.department_name(&change.lead.department);
        let id = change.lead.id;
        change.notify(
            watcher,
            format!("{id} came in for {department}: {}", assessment.reasons.join("; ")),
        );
    }
    Ok(change)
}

fn blank(view: &View<'_>, mention: &Mention, assessment: &Assessment, now: Timestamp) -> Lead {
    Lead {
        id: view.next_lead,
        version: 0,
        opened: now,
        connector: mention.connector.clone(),
        network: mention.network.clone(),
        account: mention.account.clone(),
        kind: mention.kind,
        conversation: view.conversation.to_owned(),
        author: (!mention.own).then(|| mention.author.clone()),
        latest: latest(mention, 1),
        department: known_department(view, &assessment.department),
        priority: assessment.priority,
        tags: assessment.tags.clone(),
        watchers: assessment.watchers.clone(),
        clock: ResponseClock::default(),
        claim: None,
        hand_off: None,
        escalation: None,
        outgoing: None,
        snooze: None,
        resolution: None,
        mentions: 0,
        duplicates: 0,
        replies: 0,
        entries: 0,
        head: GENESIS.to_owned(),
        last_turn: 0,
        drafts: Vec::new(),
        recent_keys: Vec::new(),
    }
}

/// A route may name a department that a newer configuration no longer has; the lead must not vanish with it.
fn known_department(view: &View<'_>, wanted: &DepartmentId) -> DepartmentId {
    let company = view.company;
    if company.departments.contains_key(wanted) {
        return wanted.clone();
    }
    let fallback = company
        .fallback
        .as_ref()
        .or_else(|| company.departments.keys().next());
    fallback.cloned().unwrap_or_else(|| wanted.clone())
}

fn latest(mention: &Mention, seq: u32) -> Latest {
    Latest {
        id: mention.id.clone(),
        at: mention.created,
        excerpt: excerpt(mention.text.as_written()),
        url: mention.url.clone(),
        seq,
        reply_target: mention.reply_target.clone(),
    }
}

/// The first words, cut between characters as a reader sees them.
pub(super) fn excerpt(text: &str) -> PublicText {
    let mut clusters = text.graphemes(true);
    let mut short: String = clusters.by_ref().take(EXCERPT_LENGTH).collect();
    if clusters.next().is_some() {
        short.push('…');
    }
    // One grapheme can carry any number of combining marks; a list must still stay short.
    if short.len() > 4 * EXCERPT_LENGTH {
        short = short.chars().take(EXCERPT_LENGTH).collect();
    }
    PublicText::new(short)
}

fn follow_up<'a>(mut change: Change<'a>, mention: &Mention) -> Change<'a> {
    if mention.own {
        own_post(&mut change, mention);
        return change;
    }
    let seq = change.next_seq();
    change.line_by(
        Actor::Author,
        Happened::MentionReceived {
            mention: Box::new(mention.clone()),
        },
    );
    change.lead.mentions += 1;
    if change.lead.author.is_none() {
        change.lead.author = Some(mention.author.clone());
    }
    let newest = mention.created >= change.lead.latest.at || change.lead.mentions == 1;
    if newest {
        change.lead.latest = latest(mention, seq);
    }
    // A late delivery of something that was answered meanwhile: it joins the story and wakes nobody.
    let answered = change
        .lead
        .clock
        .last_response
        .is_some_and(|at| mention.created < at);
    if answered {
        return change;
    }
    let id = change.lead.id;
    if let Some(resolution) = change.lead.resolution.take() {
        let when = ago(resolution.at, change.now);
        change.line(Happened::Reopened {
            reason: format!(
                "the author wrote again; it was resolved as {} {when}",
                resolution.outcome.label()
            ),
        });
    }
    if change.lead.snooze.take().is_some() {
        change.line(Happened::Woke);
    }
    if change.lead.clock.waiting_since.is_none() {
        change.start_clock(mention.created.min(change.now));
        change.renew_lease();
    }
    if let Some(owner) = change.lead.owner().cloned() {
        change.notify(&owner, format!("The author of {id} wrote again."));
    }
    change
}

fn own_post(change: &mut Change<'_>, post: &Mention) {
    let echo = change
        .lead
        .outgoing
        .as_ref()
        .is_some_and(|outgoing| outgoing.text.trim() == post.text.as_written().trim());
    if echo {
        // The network shows us the very reply whose outcome we wait for: that is its confirmation.
        delivery::published(change, post.url.clone(), Some(post.id.clone()));
        return;
    }
    change.line_by(
        Actor::Account,
        Happened::PublicReplySeen {
            post: Box::new(post.clone()),
        },
    );
    change.lead.replies += 1;
    let clock = &mut change.lead.clock;
    if clock.waiting_since.is_some_and(|since| since <= post.created) {
        change.stop_clock(post.created);
    } else {
        clock.last_response = clock.last_response.max(Some(post.created));
    }
}
