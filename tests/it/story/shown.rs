//! What a chat platform was asked to show, in neutral words, beside what it really shows: stories read the neutral card,
//! and the platform's own half of the story compares the two.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use switchboard::domain::digest::Digest;
use switchboard::domain::ids::{Channel, MessageRef};
use switchboard::port::chat::{Picture, Posting};
use switchboard::port::delivery_error::DeliveryError;

use super::*;

#[derive(Default)]
pub struct Kept {
    pub cards: Vec<(Channel, MessageRef, Card)>,
    threads: Vec<(Channel, MessageRef, Vec<String>)>,
    notices: Vec<(MemberId, String)>,
    digests: Vec<(Channel, Digest)>,
    edits: u64,
    faults: VecDeque<DeliveryError>,
}

/// What is kept outlives a restart; the platform behind it does not.
#[derive(Clone, Default)]
pub struct Shown {
    platform: Option<Arc<dyn ChatPlatform>>,
    kept: Arc<Mutex<Kept>>,
    /// Calls so far.
    calls: Arc<AtomicI64>,
}

impl Shown {
    /// The same memory before a platform, or before another instance of it.
    pub fn of(self, platform: Arc<dyn ChatPlatform>) -> Self {
        let platform = Some(platform);
        Self { platform, ..self }
    }

    /// The story's time with two seconds more for each call: the platform's pace is never in the way of a story, whose
    /// own clock stands still.
    pub fn clock(&self, now: &Arc<Mutex<Timestamp>>) -> Arc<dyn Fn() -> Timestamp + Send + Sync> {
        let (now, calls) = (Arc::clone(now), Arc::clone(&self.calls));
        Arc::new(move || {
            let later = SignedDuration::from_secs(2 * calls.load(Ordering::Relaxed));
            now.lock().unwrap().checked_add(later).expect("a moment")
        })
    }

    fn platform(&self) -> &dyn ChatPlatform {
        self.platform.as_deref().expect("a platform behind it")
    }

    pub fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap()
    }

    /// The next calls fail with these errors, one each; the platform hears nothing of them.
    pub fn fail_next(&self, errors: impl IntoIterator<Item = DeliveryError>) {
        self.kept().faults.extend(errors);
    }

    /// The cards of a channel, in the order in which they were posted.
    pub fn cards(&self, channel: &str) -> Vec<Card> {
        let kept = self.kept();
        let here = kept.cards.iter().filter(|(at, _, _)| at.name == channel);
        here.map(|(_, _, card)| card.clone()).collect()
    }

    /// What was told in the threads of a channel, card by card.
    pub fn threads(&self, channel: &str) -> Vec<Vec<String>> {
        let kept = self.kept();
        let here = kept.threads.iter().filter(|(at, _, _)| at.name == channel);
        here.map(|(_, _, lines)| lines.clone()).collect()
    }

    pub fn notices(&self, member: &str) -> Vec<String> {
        let kept = self.kept();
        let theirs = kept.notices.iter().filter(|(to, _)| to.as_str() == member);
        theirs.map(|(_, text)| text.clone()).collect()
    }

    pub fn digests(&self, channel: &str) -> Vec<Digest> {
        let kept = self.kept();
        let here = kept.digests.iter().filter(|(at, _)| at.name == channel);
        here.map(|(_, digest)| digest.clone()).collect()
    }

    /// How many cards were edited so far.
    pub fn edits(&self) -> u64 {
        self.kept().edits
    }

    fn fault(&self) -> Result<(), DeliveryError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.kept().faults.pop_front().map_or(Ok(()), Err)
    }
}

#[async_trait]
impl ChatPlatform for Shown {
    fn id(&self) -> PlatformId {
        self.platform().id()
    }

    fn shows_pictures(&self) -> bool {
        self.platform().shows_pictures()
    }

    async fn post_card(
        &self,
        channel: &Channel,
        card: &Card,
        posting: &Posting,
    ) -> Result<MessageRef, DeliveryError> {
        self.fault()?;
        let message = self.platform().post_card(channel, card, posting).await?;
        let mut kept = self.kept();
        if !kept.cards.iter().any(|(_, known, _)| *known == message) {
            kept.cards.push((channel.clone(), message.clone(), card.clone()));
        }
        Ok(message)
    }

    async fn edit_card(
        &self,
        channel: &Channel,
        message: &MessageRef,
        card: &Card,
    ) -> Result<(), DeliveryError> {
        self.fault()?;
        self.platform().edit_card(channel, message, card).await?;
        let mut kept = self.kept();
        kept.edits += 1;
        let mut cards = kept.cards.iter_mut();
        let shown = cards.find(|(_, known, _)| known == message);
        shown.expect("a card that was posted").2 = card.clone();
        Ok(())
    }

    async fn notify(
        &self,
        member: &MemberId,
        lead: Option<LeadId>,
        text: &str,
        posting: &Posting,
    ) -> Result<MessageRef, DeliveryError> {
        self.fault()?;
        let message = self.platform().notify(member, lead, text, posting).await?;
        self.kept().notices.push((member.clone(), text.to_owned()));
        Ok(message)
    }

    async fn tell_thread(
        &self,
        channel: &Channel,
        card: &MessageRef,
        line: &Row,
        posting: &Posting,
    ) -> Result<MessageRef, DeliveryError> {
        self.fault()?;
        let message = self.platform().tell_thread(channel, card, line, posting).await?;
        let mut kept = self.kept();
        match kept.threads.iter_mut().find(|(_, under, _)| under == card) {
            Some((_, _, lines)) => lines.push(line.text.clone()),
            None => kept
                .threads
                .push((channel.clone(), card.clone(), vec![line.text.clone()])),
        }
        Ok(message)
    }

    async fn post_digest(
        &self,
        channel: &Channel,
        digest: &Digest,
        pictures: &[Picture],
        posting: &Posting,
    ) -> Result<MessageRef, DeliveryError> {
        self.fault()?;
        let message = self
            .platform()
            .post_digest(channel, digest, pictures, posting)
            .await?;
        self.kept().digests.push((channel.clone(), digest.clone()));
        Ok(message)
    }
}
