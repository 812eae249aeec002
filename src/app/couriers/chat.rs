//! Chat errands: a card is drawn from the lead as it is at this moment, then posted or edited.

use crate::domain::draw::{Seat, draw};
use crate::domain::effect::{Effect, Errand};
use crate::domain::event::Report;
use crate::domain::ids::{Channel, DepartmentId, LeadId, PlatformId};
use crate::domain::notice::Row;
use crate::port::chat::{ChatPlatform, Posting};
use crate::port::delivery_error::DeliveryError;
use crate::report::{charts, digest, history};

use super::{ATTEMPT_TIMEOUT, Couriers};
use crate::app::conversation;

/// Turns of the conversation on a card; the rest is behind *show*.
const TURNS_ON_CARD: usize = 4;

impl Couriers {
    pub(super) async fn deliver(&self, errand: &Errand) -> Result<Report, DeliveryError> {
        let attempt = async {
            match &errand.effect {
                Effect::SyncCard { lead, channel } => self.sync_card(*lead, channel, errand).await,
                Effect::TellThread { lead, channel, seq } => {
                    self.tell_thread(*lead, channel, *seq, errand).await
                }
                Effect::Notify {
                    platform,
                    member,
                    lead,
                    text,
                } => {
                    let posting = self.posting(errand, errand.effect.key());
                    let platform = self.platform(platform)?;
                    let message = platform.notify(member, *lead, text, &posting).await?;
                    Ok(Report::Posted { message })
                }
                Effect::PostDigest {
                    department,
                    channel,
                    day,
                } => {
                    let now = (self.setup.clock)();
                    let digest =
                        digest::build(self.store.as_ref(), &self.setup.company(), department, *day, now)
                            .map_err(|error| DeliveryError::Transient(error.to_string()))?;
                    if digest.is_empty() {
                        return Ok(Report::Done);
                    }
                    let posting = self.posting(errand, errand.effect.key());
                    let platform = self.platform(&channel.platform)?;
                    let pictures = match platform.shows_pictures() {
                        true => charts::of_digest(&digest),
                        false => Vec::new(),
                    };
                    let message = platform
                        .post_digest(channel, &digest, &pictures, &posting)
                        .await?;
                    Ok(Report::Digested {
                        message,
                        digest: Box::new(digest),
                    })
                }
                Effect::PublishReply { .. } => {
                    Err(DeliveryError::Permanent("a reply is no chat errand".to_owned()))
                }
            }
        };
        tokio::time::timeout(ATTEMPT_TIMEOUT, attempt)
            .await
            .unwrap_or_else(|_| {
                Err(DeliveryError::Uncertain(format!(
                    "no answer within {} s",
                    ATTEMPT_TIMEOUT.as_secs()
                )))
            })
    }

    fn posting(&self, errand: &Errand, key: String) -> Posting {
        Posting {
            key,
            since: (errand.created < self.started).then_some(errand.created),
        }
    }

    async fn sync_card(
        &self,
        id: LeadId,
        channel: &Channel,
        errand: &Errand,
    ) -> Result<Report, DeliveryError> {
        let unreadable = |error: crate::port::store::StoreError| DeliveryError::Transient(error.to_string());
        let platform = self.platform(&channel.platform)?;
        let Some(lead) = self.store.lead(id).map_err(unreadable)? else {
            return Ok(Report::Done);
        };
        let (entries, earlier) =
            conversation::last_turns(self.store.as_ref(), &lead, TURNS_ON_CARD).map_err(unreadable)?;
        let capabilities = (self.setup.capabilities)(&lead.connector, &lead.network);
        let seat = self
            .department_of(channel)
            .unwrap_or_else(|| lead.department.clone());
        let card = draw(
            &lead,
            &entries,
            earlier,
            &self.setup.company(),
            &capabilities,
            Seat::Channel(&seat),
            (self.setup.clock)(),
        );
        let posted = self
            .store
            .cards(id)
            .map_err(unreadable)?
            .into_iter()
            .find(|(at, _)| at == channel);
        let mut instead_of = "none".to_owned();
        if let Some((_, message)) = posted {
            match platform.edit_card(channel, &message, &card).await {
                // Somebody deleted the message: the lead must be seen all the same.
                Err(DeliveryError::Gone(_)) => instead_of = message.to_string(),
                done => return done.map(|()| Report::Done),
            }
        }
        // A re-post after a deletion is a new message; a repeated attempt is the same one, whatever became of the lead since.
        let posting = self.posting(errand, format!("{id}:{channel}:{instead_of}"));
        let message = platform.post_card(channel, &card, &posting).await?;
        Ok(Report::Posted { message })
    }

    /// Tells one entry under the card; what the channel may not read is not told there.
    async fn tell_thread(
        &self,
        id: LeadId,
        channel: &Channel,
        seq: u32,
        errand: &Errand,
    ) -> Result<Report, DeliveryError> {
        let unreadable = |error: crate::port::store::StoreError| DeliveryError::Transient(error.to_string());
        let platform = self.platform(&channel.platform)?;
        let company = self.setup.company();
        let lead = self.store.lead(id).map_err(unreadable)?;
        let entry = self.store.timeline(id, seq, 1).map_err(unreadable)?.pop();
        let (Some(lead), Some(entry)) = (lead, entry) else {
            return Ok(Report::Done);
        };
        let seat = self.department_of(channel);
        if !seat.is_some_and(|seat| Seat::Channel(&seat).may_read(&company, &lead)) {
            return Ok(Report::Done);
        }
        let cards = self.store.cards(id).map_err(unreadable)?;
        let Some((_, card)) = cards.into_iter().find(|(at, _)| at == channel) else {
            return Err(DeliveryError::Transient("the card is not posted yet".to_owned()));
        };
        let zone = company
            .department(&lead.department)
            .map_or(jiff::tz::TimeZone::UTC, |department| {
                department.calendar.zone.clone()
            });
        let sentence = history::sentence(&company, &zone, &entry);
        let line = Row {
            lead: Some(id),
            text: sentence.text,
            said: sentence.said,
            at: Some(entry.at),
        };
        let message = platform
            .tell_thread(channel, &card, &line, &self.posting(errand, errand.effect.key()))
            .await;
        match message {
            Ok(_) => Ok(Report::Done),
            // Somebody deleted the card; its next version is posted anew, and this line is in the history.
            Err(DeliveryError::Gone(_)) => Ok(Report::Done),
            Err(error) => Err(error),
        }
    }

    fn department_of(&self, channel: &Channel) -> Option<DepartmentId> {
        let company = self.setup.company();
        let mut departments = company.departments.values();
        departments
            .find(|department| department.channels.contains(channel))
            .map(|found| found.id.clone())
    }

    fn platform(&self, id: &PlatformId) -> Result<&dyn ChatPlatform, DeliveryError> {
        self.platforms.get(id).map(AsRef::as_ref).ok_or_else(|| {
            DeliveryError::Permanent(format!(
                "no platform “{id}” is configured; the channel that names it gets nothing"
            ))
        })
    }
}
