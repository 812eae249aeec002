//! The real front desk, watched: a test may hold up whoever comes to it, let it refuse, and read what it answered. How busy
//! the desk is, is an argument.

use std::sync::atomic::{AtomicBool, Ordering};
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
use tokio::sync::{Notify, RwLock, RwLockReadGuard};

pub struct Watched {
    desk: Arc<Front>,
    /// Whoever writes here holds up everybody.
    pub door: RwLock<()>,
    /// The queue is full: nothing is taken.
    pub full: AtomicBool,
    /// The same for drafts alone.
    pub keeps_no_draft: AtomicBool,
    heard: Mutex<Vec<Answer>>,
    troubles: Mutex<Vec<String>>,
    changed: Notify,
}

impl Watched {
    pub fn new(desk: Arc<Front>) -> Arc<Self> {
        Arc::new(Self {
            desk,
            door: RwLock::new(()),
            full: AtomicBool::new(false),
            keeps_no_draft: AtomicBool::new(false),
            heard: Mutex::default(),
            troubles: Mutex::default(),
            changed: Notify::new(),
        })
    }

    /// The answers since the last time, in order; none where the platform answered without the desk.
    pub fn heard(&self) -> Vec<Answer> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }

    /// What administrators were told of.
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

    async fn pass(&self) -> Result<RwLockReadGuard<'_, ()>, NotTaken> {
        let open = self.door.read().await;
        match self.full.load(Ordering::SeqCst) {
            true => Err(NotTaken::Busy),
            false => Ok(open),
        }
    }

    fn keep(&self, answer: Result<Answer, NotTaken>) -> Result<Answer, NotTaken> {
        if let Ok(answer) = &answer {
            self.heard.lock().unwrap().push(answer.clone());
        }
        answer
    }
}

#[async_trait]
impl FrontDesk for Watched {
    async fn submit(&self, events: Vec<Event>) -> Result<Vec<Notice>, NotTaken> {
        let _open = self.pass().await?;
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
        let _open = self.pass().await?;
        self.keep(self.desk.command(who, via, line, key).await)
    }

    async fn told_apart(
        &self,
        who: &MemberId,
        via: &PlatformId,
        command: &str,
        given: Vec<(String, String)>,
        key: &str,
    ) -> Result<Answer, NotTaken> {
        let _open = self.pass().await?;
        self.keep(self.desk.told_apart(who, via, command, given, key).await)
    }

    async fn click(
        &self,
        who: &MemberId,
        via: &PlatformId,
        command: &str,
        lead: LeadId,
        key: &str,
    ) -> Result<Answer, NotTaken> {
        let _open = self.pass().await?;
        self.keep(self.desk.click(who, via, command, lead, key).await)
    }

    async fn fill_in(&self, who: &MemberId, via: &PlatformId, form: FilledIn) -> Result<Answer, NotTaken> {
        let _open = self.pass().await?;
        self.keep(self.desk.fill_in(who, via, form).await)
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
        let _open = self.pass().await?;
        match self.keeps_no_draft.load(Ordering::SeqCst) {
            true => Err(NotTaken::Busy),
            false => self.desk.keep_draft(lead, draft).await,
        }
    }
}
