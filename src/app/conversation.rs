//! Reads the end of a lead's conversation from its timeline: enough for a card, never more than a bounded number of entries.

use crate::domain::lead::Lead;
use crate::domain::timeline::{Entry, Happened};
use crate::port::store::{Store, StoreError};

/// Entries read to find the last turns; a lead with more history than this between two turns shows fewer.
const EXAMINED: usize = 64;

/// The opening entry, if it is near, the entries of the last `turns` public turns, and what became of them upstream, in
/// order; with the number of public turns left out.
pub fn last_turns(store: &dyn Store, lead: &Lead, turns: usize) -> Result<(Vec<Entry>, u32), StoreError> {
    let examined = EXAMINED.max(turns) as u32;
    let from = lead.entries.saturating_sub(examined);
    let mut entries = if from > 0 {
        store.timeline(lead.id, 0, 1)?
    } else {
        Vec::new()
    };
    entries.extend(store.timeline(lead.id, from, examined as usize)?);
    let public = entries.iter().filter(|entry| is_turn(entry)).count();
    let mut skip = public.saturating_sub(turns);
    entries.retain(|entry| {
        if is_turn(entry) && skip > 0 {
            skip -= 1;
            return false;
        }
        is_turn(entry)
            || matches!(
                entry.what,
                Happened::Opened { .. } | Happened::MentionEdited { .. } | Happened::MentionDeleted { .. }
            )
    });
    let shown = entries.iter().filter(|entry| is_turn(entry)).count() as u32;
    let all = lead.mentions + lead.replies;
    Ok((entries, all.saturating_sub(shown)))
}

fn is_turn(entry: &Entry) -> bool {
    matches!(
        entry.what,
        Happened::MentionReceived { .. } | Happened::PublicReplySeen { .. } | Happened::ReplyPublished { .. }
    )
}
