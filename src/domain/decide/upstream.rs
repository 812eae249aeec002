//! Upstream: a message that we have was edited or deleted on its network. An edit is something new to read before a reply
//! goes out; after the deletion of what waited for an answer nobody waits any more. The first text stays in the history.

use jiff::Timestamp;

use super::super::mention::{Upstream, UpstreamChange};
use super::super::refusal::Refusal;
use super::super::timeline::{Actor, Happened};
use super::change::Change;
use super::intake::excerpt;
use super::{Decision, View};

pub(super) fn changed(view: &View<'_>, news: &Upstream, now: Timestamp) -> Result<Decision, Refusal> {
    let lead = view
        .lead
        .ok_or_else(|| Refusal::because("no lead has this message"))?;
    let mut change = Change::by_switchboard(view, lead, now);
    let is_latest = lead.latest.id == news.id;
    let id = lead.id;
    let told = match &news.what {
        UpstreamChange::Edited { text } => {
            change.line_by(
                Actor::Author,
                Happened::MentionEdited {
                    id: news.id.clone(),
                    text: text.clone(),
                },
            );
            if is_latest {
                change.lead.latest.excerpt = excerpt(text.as_written());
            }
            format!("The author of {id} changed what they wrote.")
        }
        UpstreamChange::Deleted => {
            change.line_by(Actor::Author, Happened::MentionDeleted { id: news.id.clone() });
            // Of several messages an older one may still wait for its answer.
            if is_latest && lead.mentions == 1 {
                let clock = &mut change.lead.clock;
                clock.waiting_since = None;
                clock.due = None;
            }
            format!("The author of {id} deleted what they wrote.")
        }
    };
    if let Some(owner) = change.lead.owner().cloned() {
        change.notify(&owner, told);
    }
    Ok(change.decided(id.to_string()))
}
