//! A chat platform that keeps what it is told in memory: for tests, and for anybody who wants to see what a platform is
//! asked to do. It speaks to nobody and forgets everything when it is dropped.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::domain::card::Card;
use crate::domain::digest::Digest;
use crate::domain::ids::{Channel, LeadId, MemberId, MessageRef, PlatformId};
use crate::domain::notice::Row;
use crate::port::chat::{ChatPlatform, Picture, Posting};
use crate::port::delivery_error::DeliveryError;

#[derive(Default)]
struct Kept {
    posted: u64,
    /// What each posting key made, so that a repeated post makes nothing new.
    keys: BTreeMap<String, MessageRef>,
    cards: BTreeMap<(String, MessageRef), Card>,
    threads: BTreeMap<(String, MessageRef), Vec<String>>,
    notices: BTreeMap<MemberId, Vec<String>>,
    digests: BTreeMap<String, Vec<Digest>>,
}

pub struct MemoryChat {
    id: PlatformId,
    kept: Mutex<Kept>,
}

impl MemoryChat {
    pub fn new(id: &str) -> Self {
        Self {
            id: id.into(),
            kept: Mutex::default(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The cards of a channel, in the order in which they were posted.
    pub fn cards(&self, channel: &str) -> Vec<Card> {
        let kept = self.kept();
        kept.cards
            .iter()
            .filter(|((at, _), _)| at == channel)
            .map(|(_, card)| card.clone())
            .collect()
    }

    /// What was told in the threads of a channel, card by card.
    pub fn threads(&self, channel: &str) -> Vec<Vec<String>> {
        let kept = self.kept();
        let here = kept.threads.iter().filter(|((at, _), _)| at == channel);
        here.map(|(_, lines)| lines.clone()).collect()
    }

    pub fn notices(&self, member: &MemberId) -> Vec<String> {
        self.kept().notices.get(member).cloned().unwrap_or_default()
    }

    pub fn digests(&self, channel: &str) -> Vec<Digest> {
        self.kept().digests.get(channel).cloned().unwrap_or_default()
    }

    fn post(&self, key: &str, keep: impl FnOnce(&mut Kept, MessageRef)) -> Result<MessageRef, DeliveryError> {
        let mut kept = self.kept();
        if let Some(message) = kept.keys.get(key) {
            return Ok(message.clone());
        }
        kept.posted += 1;
        let message = MessageRef::new(format!("{:016}", kept.posted));
        kept.keys.insert(key.to_owned(), message.clone());
        keep(&mut kept, message.clone());
        Ok(message)
    }
}

#[async_trait]
impl ChatPlatform for MemoryChat {
    fn id(&self) -> PlatformId {
        self.id.clone()
    }

    async fn post_card(
        &self,
        channel: &Channel,
        card: &Card,
        posting: &Posting,
    ) -> Result<MessageRef, DeliveryError> {
        let message = self.post(&posting.key, |_, _| {})?;
        let at = (channel.name.clone(), message.clone());
        self.kept().cards.insert(at, card.clone());
        Ok(message)
    }

    async fn edit_card(
        &self,
        channel: &Channel,
        message: &MessageRef,
        card: &Card,
    ) -> Result<(), DeliveryError> {
        let mut kept = self.kept();
        match kept.cards.get_mut(&(channel.name.clone(), message.clone())) {
            Some(shown) => *shown = card.clone(),
            None => return Err(DeliveryError::Gone("no such message".to_owned())),
        }
        Ok(())
    }

    async fn notify(
        &self,
        member: &MemberId,
        _lead: Option<LeadId>,
        text: &str,
        posting: &Posting,
    ) -> Result<MessageRef, DeliveryError> {
        self.post(&format!("{}#{}", posting.key, text.len()), |kept, _| {
            kept.notices
                .entry(member.clone())
                .or_default()
                .push(text.to_owned());
        })
    }

    async fn tell_thread(
        &self,
        channel: &Channel,
        card: &MessageRef,
        line: &Row,
        posting: &Posting,
    ) -> Result<MessageRef, DeliveryError> {
        self.post(&posting.key, |kept, _| {
            kept.threads
                .entry((channel.name.clone(), card.clone()))
                .or_default()
                .push(line.text.clone());
        })
    }

    async fn post_digest(
        &self,
        channel: &Channel,
        digest: &Digest,
        _: &[Picture],
        posting: &Posting,
    ) -> Result<MessageRef, DeliveryError> {
        self.post(&posting.key, |kept, _| {
            kept.digests
                .entry(channel.name.clone())
                .or_default()
                .push(digest.clone());
        })
    }
}
