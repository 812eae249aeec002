//! Where a lead shows: the channels that must have its card, the threads that are told of it, and what a posted errand
//! leaves behind. Decides nothing about the lead.

use crate::domain::effect::Effect;
use crate::domain::ids::{Channel, LeadId};
use crate::domain::lead::Lead;
use crate::domain::message::Content;
use crate::domain::timeline::Happened;
use crate::port::store::StoreError;

use super::Desk;
use super::working_set::WorkingSet;

impl Desk {
    /// Entries that are told in the threads under the lead's cards.
    pub(super) fn threads(&self, channels: &[Channel], lead: LeadId, told: &[u32]) -> Vec<Effect> {
        let company = self.setup.company();
        let mut effects = Vec::new();
        for channel in channels.iter().filter(|channel| company.keeps_threads(channel)) {
            effects.extend(told.iter().map(|seq| Effect::TellThread {
                lead,
                channel: channel.clone(),
                seq: *seq,
            }));
        }
        effects
    }

    /// Where the lead's card must be: its department, a department it is offered to, and wherever it was shown before.
    pub(super) fn channels(
        &self,
        set: &WorkingSet<'_>,
        before: Option<&Lead>,
        lead: &Lead,
    ) -> Result<Vec<Channel>, StoreError> {
        let company = self.setup.company();
        let offered = lead.hand_off.as_ref().map(|hand_off| &hand_off.to);
        let mut channels: Vec<Channel> = [Some(&lead.department), offered]
            .into_iter()
            .flatten()
            .filter_map(|department| company.department(department))
            .flat_map(|department| department.channels.iter().cloned())
            .collect();
        if before.is_some() {
            for channel in set.channels_with_card(lead.id)? {
                if !channels.contains(&channel) {
                    channels.push(channel);
                }
            }
        }
        Ok(channels)
    }
}

/// What a posted errand leaves in its channel.
pub(super) fn posted(effect: &Effect) -> Option<(Channel, Content)> {
    match effect {
        Effect::SyncCard { lead, channel } => Some((channel.clone(), Content::Card(*lead))),
        Effect::Notify {
            platform,
            member,
            lead,
            text,
        } => Some((
            Channel::private(platform, member),
            Content::Notice {
                lead: *lead,
                text: text.clone(),
            },
        )),
        // A digest's figures are of one moment, so its report carries them.
        Effect::PostDigest { .. } | Effect::TellThread { .. } | Effect::PublishReply { .. } => None,
    }
}

/// What a thread is told: all but what the card says better.
pub(super) fn belongs_in_thread(what: &Happened) -> bool {
    !matches!(
        what,
        Happened::Opened { .. } | Happened::Nudged | Happened::ReplyRequested { .. }
    )
}
