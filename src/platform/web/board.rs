//! The outbound half: the chat port as the board implements it. Posting names a message and tells every open board
//! that something changed; the desk stores the message. Nothing is kept here but the last name given out.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use super::PLATFORM;
use crate::domain::card::Card;
use crate::domain::company::Company;
use crate::domain::digest::Digest;
use crate::domain::ids::{Channel, LeadId, MemberId, MessageRef, PlatformId};
use crate::domain::notice::Row;
use crate::port::chat::{ChatPlatform, Picture, Posting};
use crate::port::delivery_error::DeliveryError;

/// What time it is; an argument, so that tests and the demo can turn the hands.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// "Look again": which channel changed, and which lead or new message in it. It never carries content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub channel: Channel,
    pub lead: Option<LeadId>,
    pub message: Option<MessageRef>,
}

/// Changes that a slow browser may fall behind before it is told to read everything again.
const BACKLOG: usize = 256;

pub struct WebBoard {
    company: Arc<Company>,
    clock: Clock,
    session_key: [u8; 32],
    /// Microseconds in the newest message name.
    newest: AtomicI64,
    changes: broadcast::Sender<Change>,
    closing: CancellationToken,
}

impl WebBoard {
    /// `session_key` signs session cookies: random, and kept with the data folder so that a restart signs nobody out.
    pub fn new(company: Arc<Company>, clock: Clock, session_key: [u8; 32]) -> Self {
        Self {
            company,
            clock,
            session_key,
            newest: AtomicI64::new(0),
            changes: broadcast::channel(BACKLOG).0,
            closing: CancellationToken::new(),
        }
    }

    /// Tells every open board to read this channel, or this lead, again. `app` calls it after a commit, so that boards
    /// are up to date at once; channels of other platforms are ignored.
    pub fn changed(&self, channel: &Channel, lead: Option<LeadId>) {
        self.announce(channel, lead, None);
    }

    /// Ends every event stream, so that the HTTP server can shut down in order.
    pub fn close(&self) {
        self.closing.cancel();
    }

    /// Names given out from now on sort after this one, also when the clock was set back while we were away.
    pub(super) fn continue_after(&self, message: &MessageRef) {
        let micros = message
            .as_str()
            .split('-')
            .next()
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(0);
        self.newest.fetch_max(micros, Ordering::AcqRel);
    }

    pub(super) fn session_key(&self) -> &[u8; 32] {
        &self.session_key
    }

    pub(super) fn listen(&self) -> (broadcast::Receiver<Change>, CancellationToken) {
        (self.changes.subscribe(), self.closing.clone())
    }

    /// Zero-padded microseconds, always later than the one before, and what the message is about.
    fn name(&self, about: &str) -> MessageRef {
        let now = (self.clock)().as_microsecond();
        let mut newest = self.newest.load(Ordering::Acquire);
        loop {
            let next = now.max(newest + 1);
            match self
                .newest
                .compare_exchange_weak(newest, next, Ordering::AcqRel, Ordering::Acquire)
            {
                Ok(_) => return MessageRef::new(format!("{next:017}-{about}")),
                Err(other) => newest = other,
            }
        }
    }

    fn announce(&self, channel: &Channel, lead: Option<LeadId>, message: Option<MessageRef>) {
        if channel.platform.as_str() == PLATFORM {
            // An error only says that no board is open.
            let _ = self.changes.send(Change {
                channel: channel.clone(),
                lead,
                message,
            });
        }
    }

    fn posted(&self, channel: &Channel, lead: Option<LeadId>, about: &str) -> MessageRef {
        let message = self.name(about);
        self.announce(channel, lead, Some(message.clone()));
        message
    }
}

#[async_trait]
impl ChatPlatform for WebBoard {
    fn id(&self) -> PlatformId {
        PlatformId::new(PLATFORM)
    }

    /// Needs no idempotency key: a posting whose report was never committed was never to be seen.
    async fn post_card(
        &self,
        channel: &Channel,
        card: &Card,
        _: &Posting,
    ) -> Result<MessageRef, DeliveryError> {
        Ok(self.posted(channel, Some(card.lead), &card.lead.to_string()))
    }

    async fn edit_card(&self, channel: &Channel, _: &MessageRef, card: &Card) -> Result<(), DeliveryError> {
        self.announce(channel, Some(card.lead), None);
        Ok(())
    }

    async fn notify(
        &self,
        member: &MemberId,
        lead: Option<LeadId>,
        _: &str,
        _: &Posting,
    ) -> Result<MessageRef, DeliveryError> {
        if !self.company.members.contains_key(member) {
            return Err(DeliveryError::Gone(format!(
                "{member} is not a member of staff any more"
            )));
        }
        Ok(self.posted(&Channel::private(&self.id(), member), lead, "notice"))
    }

    /// The board shows a lead's history on request; it keeps no threads.
    async fn tell_thread(
        &self,
        _: &Channel,
        card: &MessageRef,
        _: &Row,
        _: &Posting,
    ) -> Result<MessageRef, DeliveryError> {
        Ok(card.clone())
    }

    async fn post_digest(
        &self,
        channel: &Channel,
        _: &Digest,
        _: &[Picture],
        _: &Posting,
    ) -> Result<MessageRef, DeliveryError> {
        Ok(self.posted(channel, None, "digest"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn board_at(micros: i64) -> WebBoard {
        let now = Timestamp::from_microsecond(micros).expect("a moment");
        WebBoard::new(Arc::default(), Arc::new(move || now), [7; 32])
    }

    #[test]
    fn names_sort_in_the_order_of_posting_even_while_the_clock_stands_or_jumps_back() {
        let board = board_at(1_700_000_000_000_000);
        let names: Vec<_> = (0..1000).map(|lead| board.name(&format!("L-{lead}"))).collect();
        assert!(names.is_sorted());
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());

        let later = board_at(1_600_000_000_000_000);
        later.continue_after(&names[999]);
        assert!(later.name("L-1") > names[999]);
    }

    #[tokio::test]
    async fn somebody_who_left_cannot_be_told() {
        let told = board_at(0)
            .notify(&"dana".into(), None, "hello", &"key".into())
            .await;
        assert!(matches!(told, Err(DeliveryError::Gone(_))), "{told:?}");
    }
}
