//! Reply: only an explicit send by whoever holds the lead becomes public (law 2), and only if nothing new was said since
//! the form was opened. Publishing itself is a courier's errand; what comes back is in `delivery`.

use super::super::effect::Effect;
use super::super::event::Ask;
use super::super::ids::MemberId;
use super::super::lead::{Outgoing, OutgoingState};
use super::super::refusal::Refusal;
use super::super::timeline::Happened;
use super::change::Change;
use super::permission::needed;

pub(super) fn reply(
    change: &mut Change<'_>,
    ask: &Ask,
    text: &str,
    seen: Option<u32>,
) -> Result<String, Refusal> {
    may_reply(change, &ask.by)?;
    let id = change.lead.id;
    let text = needed(
        text,
        "text",
        "The reply is empty; write what the public should read.",
    )?;
    fits(change, text)?;
    if seen.is_some_and(|seen| change.lead.last_turn >= seen) {
        return Err(Refusal::of_field(
            "text",
            format!(
                "Something new was said on {id} while you were writing. Read it, then send again; your text is kept."
            ),
        ));
    }
    // Entries only grow. After a restore they grow anew, and a network that remembers this key must not take another
    // text, or an answer to somebody else, for the one it knows.
    let said = format!("{}\n{text}", change.lead.latest.id);
    let key = format!(
        "{id}-{}-{:08x}",
        change.next_seq(),
        crc32fast::hash(said.as_bytes())
    );
    change.lead.outgoing = Some(Outgoing {
        key: key.clone(),
        text: text.to_owned(),
        by: ask.by.clone(),
        at: change.now,
        asked: change.now,
        answers: change.lead.latest.id.clone(),
        reply_target: change.lead.latest.reply_target.clone(),
        doubted: false,
        state: OutgoingState::Sending,
    });
    change.lead.snooze = None;
    change.line(Happened::ReplyRequested {
        key,
        text: text.to_owned(),
    });
    change.renew_lease();
    send(change);
    Ok(format!("Your reply to {id} is on its way."))
}

/// Whether the asker may answer now; what is left to check is the text.
pub(super) fn may_reply(change: &Change<'_>, by: &MemberId) -> Result<(), Refusal> {
    change.must_be_open()?;
    change.must_hold(by, "answer")?;
    change.no_reply_under_way()?;
    change.no_hand_off_open()?;
    can_be_answered(change)
}

pub(super) fn retry(change: &mut Change<'_>, ask: &Ask) -> Result<String, Refusal> {
    change.must_be_open()?;
    change.must_hold(&ask.by, "send again")?;
    change.no_reply_under_way()?;
    change.no_hand_off_open()?;
    let now = change.now;
    let id = change.lead.id;
    let Some(outgoing) = &mut change.lead.outgoing else {
        return Err(Refusal::because(format!(
            "No reply to {id} has failed; there is nothing to send again."
        )));
    };
    outgoing.state = OutgoingState::Sending;
    outgoing.at = now;
    let (key, text) = (outgoing.key.clone(), outgoing.text.clone());
    change.line(Happened::ReplyRequested { key, text });
    change.renew_lease();
    send(change);
    Ok(format!("The reply to {id} is on its way again."))
}

/// For networks through which we cannot publish: the person answered there, and says where.
pub(super) fn answered_there(
    change: &mut Change<'_>,
    ask: &Ask,
    permalink: Option<&str>,
) -> Result<String, Refusal> {
    may_say_answered(change, &ask.by)?;
    let permalink = permalink.map(str::trim).filter(|link| !link.is_empty());
    if let Some(link) = permalink
        && !link.starts_with("https://")
        && !link.starts_with("http://")
    {
        return Err(Refusal::of_field(
            "link",
            "The link must begin with https:// (or be left empty).",
        ));
    }
    if change.lead.claim.is_none() {
        change.give_to(&ask.by);
        change.line(Happened::Claimed);
    }
    change.line(Happened::AnsweredThere {
        permalink: permalink.map(str::to_owned),
    });
    change.drop_failed_reply();
    change.lead.replies += 1;
    change.stop_clock(change.now);
    change.renew_lease();
    Ok(format!(
        "{}: noted as answered there. The clock stands until the author writes again.",
        change.lead.id
    ))
}

pub(super) fn may_say_answered(change: &Change<'_>, by: &MemberId) -> Result<(), Refusal> {
    change.must_be_open()?;
    change.must_hold_or_be_free(by, "close the clock of")?;
    change.no_reply_under_way()
}

fn can_be_answered(change: &Change<'_>) -> Result<(), Refusal> {
    let id = change.lead.id;
    if change.lead.author.is_none() {
        return Err(Refusal::because(format!(
            "The message that {id} belongs to never reached Switchboard, so there is nothing to answer."
        )));
    }
    if !change.view.capabilities.replies {
        return Err(Refusal::because(format!(
            "Switchboard cannot publish to {}. Answer it there, then press “Answered there” (`/answered {id} LINK`).",
            change.lead.network.label()
        )));
    }
    Ok(())
}

fn fits(change: &Change<'_>, text: &str) -> Result<(), Refusal> {
    let capabilities = change.view.capabilities;
    let Some(limit) = capabilities.text_limit else {
        return Ok(());
    };
    let length = capabilities.counting.count(text);
    if length <= limit {
        return Ok(());
    }
    Err(Refusal::of_field(
        "text",
        format!(
            "The reply is {length} long as {} counts, {} more than its limit of {limit}; shorten it.",
            change.lead.network.label(),
            length - limit
        ),
    ))
}

/// Asks for the publish of what `outgoing` holds.
fn send(change: &mut Change<'_>) {
    let Some(outgoing) = &change.lead.outgoing else {
        return;
    };
    let errand = Effect::PublishReply {
        lead: change.lead.id,
        connector: change.lead.connector.clone(),
        key: outgoing.key.clone(),
        text: outgoing.text.clone(),
        answers: outgoing.answers.clone(),
        reply_target: outgoing.reply_target.clone(),
        doubted: outgoing.doubted,
    };
    change.effect(errand);
}
