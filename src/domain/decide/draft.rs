//! Draft: what somebody wrote in a form and has not sent is kept with the lead, for nobody else's eyes. No history, no card.

use super::super::lead::Draft;
use super::super::refusal::Refusal;
use super::Decision;
use super::change::Change;

/// The oldest drafts of a lead give way to newer ones beyond this many.
const MOST: usize = 8;
/// The longest draft in characters, all fields together: more than any form takes.
const LONGEST: usize = 20_000;

pub(super) fn kept(mut change: Change<'_>, draft: &Draft) -> Result<Decision, Refusal> {
    let length: usize = draft.fields.iter().map(|(_, text)| text.chars().count()).sum();
    if length > LONGEST {
        return Err(Refusal::because(format!(
            "A draft of {length} characters is too long to be kept; {LONGEST} is the most."
        )));
    }
    let drafts = &mut change.lead.drafts;
    drafts.retain(|other| other.by != draft.by || other.command != draft.command);
    if draft.fields.iter().any(|(_, text)| !text.trim().is_empty()) {
        drafts.push(draft.clone());
    }
    if drafts.len() > MOST {
        drafts.remove(0);
    }
    Ok(change.without_card().decided(String::new()))
}
