//! Errands at the desk: asking for them, and recording what couriers report. Whether to try again is the courier's
//! business (`DeliveryError`); here it only becomes durable.

use jiff::Timestamp;

use crate::domain::company::Company;
use crate::domain::effect::{Effect, Errand};
use crate::domain::event::Report;
use crate::domain::lead::{Outgoing, OutgoingState};
use crate::domain::notice::{Notice, Tone};
use crate::port::store::StoreError;

use super::working_set::WorkingSet;

pub(super) fn ask(set: &mut WorkingSet<'_>, effect: Effect, now: Timestamp) -> Result<(), StoreError> {
    // It waits since it was first asked for: an attempt may have been made meanwhile, and must be looked for from then on.
    let waiting = set
        .errand(&effect.key())?
        .filter(|waiting| waiting.dead.is_none());
    let id = set.take_errand_number();
    set.put_errand(Errand {
        id,
        effect,
        created: waiting.map_or(now, |waiting| waiting.created),
        not_before: now,
        attempts: 0,
        begun: false,
        dead: None,
    });
    Ok(())
}

/// Tells every administrator, wherever they can be reached.
pub(super) fn tell_administrators(
    set: &mut WorkingSet<'_>,
    company: &Company,
    text: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    for admin in &company.admins {
        let identities = company.members.get(admin).map(|member| &member.identities);
        for platform in identities.into_iter().flat_map(|identities| identities.keys()) {
            if company.platforms.contains(platform) {
                ask(
                    set,
                    Effect::Notify {
                        platform: platform.clone(),
                        member: admin.clone(),
                        lead: None,
                        text: text.to_owned(),
                    },
                    now,
                )?;
            }
        }
    }
    Ok(())
}

/// An attempt that the public could see is about to be made. Refused when the errand is no longer wanted: the network's
/// own echo, or a colleague who answered in the same words, may have made it public meanwhile.
pub(super) fn began(set: &mut WorkingSet<'_>, errand: &Errand) -> Result<Notice, StoreError> {
    let current = set.errand(&errand.effect.key())?;
    if current.is_none_or(|current| current.id != errand.id) {
        return Ok(Notice::new(Tone::Refused, "this errand is over"));
    }
    if let Effect::PublishReply { lead, key, .. } = &errand.effect {
        let outgoing = set.lead(*lead)?.and_then(|lead| lead.outgoing);
        let is_wanted =
            |outgoing: &Outgoing| outgoing.key == *key && outgoing.state == OutgoingState::Sending;
        if !outgoing.as_ref().is_some_and(is_wanted) {
            set.end_errand(errand);
            return Ok(Notice::new(Tone::Refused, "this reply is settled already"));
        }
    }
    let mut errand = errand.clone();
    errand.begun = true;
    errand.attempts += 1;
    set.put_errand(errand);
    Ok(Notice::done("go ahead"))
}

pub(super) fn reported(set: &mut WorkingSet<'_>, errand: &Errand, report: &Report) -> Result<(), StoreError> {
    let wanted = set
        .errand(&errand.effect.key())?
        .is_some_and(|current| current.id == errand.id);
    match report {
        // A newer request under the same key has its own turn; the old one is simply over.
        _ if !wanted => set.end_errand(errand),
        Report::Later { at, .. } => {
            let mut errand = errand.clone();
            errand.not_before = *at;
            set.put_errand(errand);
        }
        Report::Dead { why } if !matches!(errand.effect, Effect::PublishReply { .. }) => {
            let mut errand = errand.clone();
            errand.dead = Some(why.clone());
            set.put_errand(errand);
        }
        // A dead or uncertain reply lives on in its lead, where people see it.
        Report::Dead { .. }
        | Report::Uncertain { .. }
        | Report::Posted { .. }
        | Report::Digested { .. }
        | Report::Published { .. }
        | Report::Done => set.end_errand(errand),
    }
    Ok(())
}
