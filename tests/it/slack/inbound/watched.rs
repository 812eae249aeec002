//! A front desk that can be held up, and that remembers what it was told: how busy the real one is, is an argument.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use switchboard::app::front::Front;
use switchboard::domain::card::Card;
use switchboard::domain::company::Company;
use switchboard::domain::event::Event;
use switchboard::domain::ids::{LeadId, MemberId, PlatformId};
use switchboard::domain::lead::Draft;
use switchboard::domain::notice::{Answer, Notice};
use switchboard::domain::staff::Membership;
use switchboard::port::front_desk::{FilledIn, FrontDesk, NotTaken};
use switchboard::port::store::Store;
use tokio::sync::{Notify, RwLock};

pub struct Watched {
    desk: Arc<Front>,
    /// Whoever writes here holds up everybody.
    pub door: RwLock<()>,
    troubles: Mutex<Vec<String>>,
    changed: Notify,
}

impl Watched {
    pub fn new(desk: Arc<Front>) -> Self {
        Self {
            desk,
            door: RwLock::new(()),
            troubles: Mutex::default(),
            changed: Notify::new(),
        }
    }

    pub fn troubles(&self) -> Vec<String> {
        self.troubles.lock().unwrap().clone()
    }

    /// Waits until administrators were told of something.
    pub async fn until_trouble(&self) -> String {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if let Some(trouble) = self.troubles().pop() {
                return trouble;
            }
            changed.await;
        }
    }
}

#[async_trait]
impl FrontDesk for Watched {
    async fn submit(&self, events: Vec<Event>) -> Result<Vec<Notice>, NotTaken> {
        let _open = self.door.read().await;
        for event in &events {
            if let Event::TroubleFound { text } = event {
                self.troubles.lock().unwrap().push(text.clone());
                self.changed.notify_waiters();
            }
        }
        self.desk.submit(events).await
    }

    async fn command(
        &self,
        who: &MemberId,
        via: &PlatformId,
        line: &str,
        key: &str,
    ) -> Result<Answer, NotTaken> {
        let _open = self.door.read().await;
        self.desk.command(who, via, line, key).await
    }

    async fn told_apart(
        &self,
        who: &MemberId,
        via: &PlatformId,
        command: &str,
        given: Vec<(String, String)>,
        key: &str,
    ) -> Result<Answer, NotTaken> {
        let _open = self.door.read().await;
        self.desk.told_apart(who, via, command, given, key).await
    }

    async fn click(
        &self,
        who: &MemberId,
        via: &PlatformId,
        command: &str,
        lead: LeadId,
        key: &str,
    ) -> Result<Answer, NotTaken> {
        let _open = self.door.read().await;
        self.desk.click(who, via, command, lead, key).await
    }

    async fn fill_in(&self, who: &MemberId, via: &PlatformId, form: FilledIn) -> Result<Answer, NotTaken> {
        let _open = self.door.read().await;
        self.desk.fill_in(who, via, form).await
    }

    fn complete(&self, who: &MemberId, line: &str) -> Vec<(String, String)> {
        self.desk.complete(who, line)
    }

    fn card(&self, who: Option<&MemberId>, lead: LeadId, turns: usize) -> Option<Card> {
        self.desk.card(who, lead, turns)
    }

    fn history(&self, who: &MemberId, lead: LeadId) -> Notice {
        self.desk.history(who, lead)
    }

    fn store(&self) -> Arc<dyn Store> {
        self.desk.store()
    }

    fn company(&self) -> Arc<Company> {
        self.desk.company()
    }

    fn now(&self) -> Timestamp {
        self.desk.now()
    }

    fn learn(&self, news: Membership) {
        self.desk.learn(news);
    }

    async fn keep_draft(&self, lead: LeadId, draft: Draft) -> Result<(), NotTaken> {
        let _open = self.door.read().await;
        self.desk.keep_draft(lead, draft).await
    }
}
