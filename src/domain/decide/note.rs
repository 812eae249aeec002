//! Note: a word among colleagues. Never public.

use super::super::event::Ask;
use super::super::ids::MemberId;
use super::super::refusal::Refusal;
use super::super::timeline::Happened;
use super::change::Change;
use super::permission::needed;

/// Longer than any useful note, short enough to stay one.
const LONGEST_NOTE: usize = 4_000;

/// Colleagues of the department, and of one that it is offered to, share their notes.
pub(super) fn may_note(change: &Change<'_>, by: &MemberId) -> Result<(), Refusal> {
    let invited = change
        .lead
        .hand_off
        .as_ref()
        .is_some_and(|hand_off| change.company().role(&hand_off.to, by).is_some());
    if !invited {
        change.must_be_agent(by, "write a note on")?;
    }
    Ok(())
}

pub(super) fn note(change: &mut Change<'_>, ask: &Ask, text: &str) -> Result<String, Refusal> {
    may_note(change, &ask.by)?;
    let text = needed(
        text,
        "text",
        "The note is empty; write what your colleagues should know.",
    )?;
    let length = text.chars().count();
    if length > LONGEST_NOTE {
        return Err(Refusal::of_field(
            "text",
            format!("The note is {length} characters long; {LONGEST_NOTE} is the most."),
        ));
    }
    change.line(Happened::Noted {
        text: text.to_owned(),
    });
    if change.lead.owner() == Some(&ask.by) {
        change.renew_lease();
    }
    Ok(format!("Noted on {}; only colleagues see it.", change.lead.id))
}
