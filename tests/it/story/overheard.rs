//! The front desk with somebody listening: what it answers to a platform is kept, so that a story reads the neutral answer
//! and the wire can compare what the person was shown with it.

use async_trait::async_trait;
use switchboard::domain::lead::Draft;
use switchboard::domain::staff::Membership;
use switchboard::port::front_desk::NotTaken;

use super::*;

pub struct Overheard {
    front: Arc<Front>,
    heard: Mutex<Vec<Answer>>,
}

impl Overheard {
    pub fn new(front: Arc<Front>) -> Arc<Self> {
        let heard = Mutex::default();
        Arc::new(Self { front, heard })
    }

    /// The answers since the last time, in order; none where the platform answered without the desk.
    pub fn heard(&self) -> Vec<Answer> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }

    fn keep(&self, answer: Result<Answer, NotTaken>) -> Result<Answer, NotTaken> {
        if let Ok(answer) = &answer {
            self.heard.lock().unwrap().push(answer.clone());
        }
        answer
    }
}

#[async_trait]
impl FrontDesk for Overheard {
    async fn submit(&self, events: Vec<Event>) -> Result<Vec<Notice>, NotTaken> {
        self.front.submit(events).await
    }

    async fn command(
        &self,
        who: &MemberId,
        via: &PlatformId,
        line: &str,
        key: &str,
    ) -> Result<Answer, NotTaken> {
        self.keep(self.front.command(who, via, line, key).await)
    }

    async fn told_apart(
        &self,
        who: &MemberId,
        via: &PlatformId,
        command: &str,
        given: Vec<(String, String)>,
        key: &str,
    ) -> Result<Answer, NotTaken> {
        self.keep(self.front.told_apart(who, via, command, given, key).await)
    }

    async fn click(
        &self,
        who: &MemberId,
        via: &PlatformId,
        command: &str,
        lead: LeadId,
        key: &str,
    ) -> Result<Answer, NotTaken> {
        self.keep(self.front.click(who, via, command, lead, key).await)
    }

    async fn fill_in(&self, who: &MemberId, via: &PlatformId, form: FilledIn) -> Result<Answer, NotTaken> {
        self.keep(self.front.fill_in(who, via, form).await)
    }

    fn complete(&self, who: &MemberId, line: &str) -> Vec<(String, String)> {
        self.front.complete(who, line)
    }

    fn card(&self, who: Option<&MemberId>, lead: LeadId, turns: usize) -> Option<Card> {
        self.front.card(who, lead, turns)
    }

    fn history(&self, who: &MemberId, lead: LeadId) -> Notice {
        self.front.history(who, lead)
    }

    fn store(&self) -> Arc<dyn Store> {
        self.front.store()
    }

    fn company(&self) -> Arc<Company> {
        self.front.company()
    }

    fn now(&self) -> Timestamp {
        self.front.now()
    }

    fn learn(&self, news: Membership) {
        self.front.learn(news);
    }

    async fn keep_draft(&self, lead: LeadId, draft: Draft) -> Result<(), NotTaken> {
        self.front.keep_draft(lead, draft).await
    }
}
