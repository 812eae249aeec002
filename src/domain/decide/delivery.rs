//! Delivery: what a courier or a person reports about a reply on its way. Published once is recorded once, however
//! often and from wherever the news arrives.

use super::super::event::{Ask, Report};
use super::super::ids::MemberId;
use super::super::lead::{Outgoing, OutgoingState};
use super::super::refusal::Refusal;
use super::super::timeline::Happened;
use super::Decision;
use super::change::Change;
use super::permission::ago;

/// A courier's report on the publish errand with this key.
pub(super) fn reported(mut change: Change<'_>, key: &str, report: &Report) -> Result<Decision, Refusal> {
    let Some(outgoing) = change
        .lead
        .outgoing
        .clone()
        .filter(|outgoing| outgoing.key == key)
    else {
        // Confirmed before, by the network's own echo or by a person.
        return Err(Refusal::because("this reply is settled already"));
    };
    let id = change.lead.id;
    match report {
        Report::Published { permalink, native_id } => {
            published(&mut change, permalink.clone(), native_id.clone())
        }
        Report::Dead { why } => {
            set_state(&mut change, OutgoingState::Failed { why: why.clone() });
            change.line(Happened::ReplyFailed {
                key: key.to_owned(),
                why: why.clone(),
            });
            change.notify(
                &outgoing.by,
                format!("Your reply to {id} was not published: {why}. It is kept on the card."),
            );
        }
        Report::Uncertain { why } => {
            set_state(&mut change, OutgoingState::Uncertain { why: why.clone() });
            if let Some(outgoing) = &mut change.lead.outgoing {
                outgoing.doubted = true;
            }
            change.line(Happened::ReplyUncertain {
                key: key.to_owned(),
                why: why.clone(),
            });
            change.notify(
                &outgoing.by,
                format!("It is not certain whether your reply to {id} is public ({why}). Please look, and say so on the card."),
            );
        }
        Report::Later { .. } | Report::Posted { .. } | Report::Digested { .. } | Report::Done => {
            return Err(Refusal::because("this report changes no lead"));
        }
    }
    Ok(change.decided(String::new()))
}

/// Whether the asker may say what became of a reply; returns that reply.
pub(super) fn may_settle(change: &Change<'_>, by: &MemberId) -> Result<Outgoing, Refusal> {
    change.must_hold(by, "settle the reply of")?;
    let id = change.lead.id;
    let Some(outgoing) = change.lead.outgoing.clone() else {
        return Err(Refusal::because(format!("No reply to {id} is in doubt.")));
    };
    match outgoing.state {
        OutgoingState::Uncertain { .. } => Ok(outgoing),
        OutgoingState::Sending => Err(Refusal::because(format!(
            "The reply to {id} is still being sent ({}); wait for its outcome.",
            ago(outgoing.at, change.now)
        ))),
        OutgoingState::Failed { .. } => Err(Refusal::because(format!(
            "The reply to {id} is known to have failed; retry it or write another."
        ))),
    }
}

/// A person looked: it is public, or it is not.
pub(super) fn settle(
    change: &mut Change<'_>,
    ask: &Ask,
    is_public: bool,
    permalink: Option<&str>,
) -> Result<String, Refusal> {
    let outgoing = may_settle(change, &ask.by)?;
    let id = change.lead.id;
    if is_public {
        published(change, permalink.map(str::to_owned), None);
        return Ok(format!("{id}: recorded as public."));
    }
    let why = format!("{} looked and did not find it", change.name(&ask.by));
    set_state(change, OutgoingState::Failed { why: why.clone() });
    change.line(Happened::ReplyFailed {
        key: outgoing.key,
        why,
    });
    Ok(format!("{id}: recorded as not public. You can retry it now."))
}

/// The reply on its way is public: the clock stops, the ball is with the author.
pub(super) fn published(change: &mut Change<'_>, permalink: Option<String>, native_id: Option<String>) {
    let Some(outgoing) = change.lead.outgoing.take() else {
        return;
    };
    change.line(Happened::ReplyPublished {
        key: outgoing.key,
        text: outgoing.text,
        permalink,
        native_id,
    });
    // A post of ours that was seen on the network before its report came is this very reply, and counts once.
    if !change.view.repeat {
        change.lead.replies += 1;
    }
    // If the author wrote again while the reply was on its way, that newer message is still waiting.
    if change.lead.latest.at <= outgoing.at || change.lead.latest.id == outgoing.answers {
        change.stop_clock(change.now);
    }
    change.renew_lease();
}

fn set_state(change: &mut Change<'_>, state: OutgoingState) {
    if let Some(outgoing) = &mut change.lead.outgoing {
        outgoing.state = state;
    }
}
