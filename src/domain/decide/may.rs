//! Whether a form may be opened: the part of each verb's rules that does not depend on what will be written in it.
//! Nobody should write a text only to hear that they may not send it.

use jiff::Timestamp;

use super::super::ids::MemberId;
use super::super::lead::Lead;
use super::super::refusal::Refusal;
use super::View;
use super::change::Change;
use super::{assign, delivery, escalate, hand_off, note, reply, resolve, snooze};

/// `command` is the command whose form it is; a command without rules of its own is decided when it is submitted.
pub fn may(
    view: &View<'_>,
    lead: &Lead,
    by: &MemberId,
    command: &str,
    now: Timestamp,
) -> Result<(), Refusal> {
    let change = Change::by_switchboard(view, lead, now);
    match command {
        "reply" => reply::may_reply(&change, by),
        "answered" => reply::may_say_answered(&change, by),
        "settle" => delivery::may_settle(&change, by).map(drop),
        "note" => note::may_note(&change, by),
        "hand-off" => hand_off::may_offer(&change, by),
        "decline" => hand_off::may_answer(&change, by, "decline").map(drop),
        "assign" => assign::may_assign(&change, by),
        "escalate" => escalate::may_escalate(&change, by),
        "snooze" => snooze::may_snooze(&change, by),
        "resolve" => resolve::may_resolve(&change, by),
        _ => Ok(()),
    }
}
