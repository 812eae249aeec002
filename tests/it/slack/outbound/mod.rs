//! What Switchboard does in Slack, through its own couriers: cards, notices, threads and digests, at Slack's pace and in
//! Slack's trouble. The clock stands still; it moves to where the couriers ask to be called again.

mod digests;
mod doubt;
mod refusals;
mod storm;
mod updates;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use switchboard::app::couriers::{Couriers, Lanes};
use switchboard::app::desk::{self, Desk, DeskQueue};
use switchboard::app::front::Front;
use switchboard::app::setup::{Roster, Setup};
use switchboard::command::Spelling;
use switchboard::domain::capability::Capabilities;
use switchboard::domain::company::Company;
use switchboard::domain::event::Event;
use switchboard::domain::ids::{Channel, LeadId};
use switchboard::domain::mention::{Author, Mention, MentionKind};
use switchboard::platform::memory::MemoryChat;
use switchboard::platform::slack::Slack;
use switchboard::port::chat::ChatPlatform;
use switchboard::port::front_desk::FrontDesk;
use switchboard::port::store::Store;
use switchboard::store::memory::MemoryStore;

use super::server::{BOT_TOKEN, Room, SlackServer};
use crate::still::Still;

const MORNING: &str = "2026-11-24T09:00:00Z";

pub struct House {
    pub slack: SlackServer,
    pub web: Arc<MemoryChat>,
    pub store: Arc<dyn Store>,
    pub front: Arc<Front>,
    pub adapter: Arc<Slack>,
    pub couriers: Couriers,
    pub desk: DeskQueue,
    company: Company,
    still: Still,
    count: usize,
}

impl House {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// Customer service works in Slack; administrators read notices on the web board.
    pub async fn with(change: impl FnOnce(&mut Company)) -> Self {
        let settings = switchboard::config::demo().expect("the demo configuration is right");
        let mut company = Company::clone(&settings.company);
        company.platforms.insert("slack".into());
        company.threads.insert("slack".into());
        let support = company
            .departments
            .get_mut(&"support".into())
            .expect("customer service");
        support.channels = vec![Channel::new("slack", "C0SUPPORT")];
        support.threads = false;
        let dana = company.members.get_mut(&"dana".into()).expect("Dana");
        dana.identities.insert("slack".into(), "U0DANA".to_owned());
        change(&mut company);
        let still = Still::at(MORNING);
        let slack = SlackServer::larkspur(still.clock()).await;
        Self::open(
            slack,
            company,
            still,
            Arc::new(MemoryStore::default()),
            Arc::new(MemoryChat::new("web")),
            0,
        )
    }

    fn open(
        slack: SlackServer,
        company: Company,
        still: Still,
        store: Arc<dyn Store>,
        web: Arc<MemoryChat>,
        count: usize,
    ) -> Self {
        let clock = still.clock();
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("bot"), BOT_TOKEN).expect("a file");
        let settings = json!({"bot_token": {"file": "bot"}, "api_url": slack.api_url()});
        let settings = serde_json::from_value(settings).expect("settings");
        let routes = switchboard::config::demo().expect("the demo").routes;
        let setup = Setup {
            roster: Arc::new(Roster::new(Arc::new(company.clone()))),
            assess: Arc::new(move |mention| routes.assess(mention)),
            capabilities: Arc::new(|_, _| Capabilities::read_only()),
            clock: Arc::clone(&clock),
            quiet: false,
        };
        let roster = Arc::clone(&setup.roster);
        let adapter = Slack::open(settings, folder.path(), clock).expect("Slack opens");
        let adapter = Arc::new(adapter.knowing(Arc::new(move || roster.company())));
        let (desk, _thread) =
            desk::start(Desk::new(Arc::clone(&store), setup.clone()).expect("a desk")).expect("a thread");
        let front = Arc::new(Front {
            store: Arc::clone(&store),
            setup: setup.clone(),
            desk: desk.clone(),
            spelling: Spelling::default(),
        });
        let platforms: Vec<Arc<dyn ChatPlatform>> = vec![Arc::clone(&adapter) as _, Arc::clone(&web) as _];
        let couriers = Couriers {
            store: Arc::clone(&store),
            setup,
            desk: desk.clone(),
            platforms: platforms
                .into_iter()
                .map(|platform| (platform.id(), platform))
                .collect(),
            connectors: std::collections::BTreeMap::new(),
            lanes: Lanes::default(),
            started: still.now(),
        };
        Self {
            slack,
            web,
            store,
            front,
            adapter,
            couriers,
            desk,
            company,
            still,
            count,
        }
    }

    /// Another process on the same store, a second later.
    pub fn restart(self) -> Self {
        self.sleep(1);
        Self::open(
            self.slack,
            self.company,
            self.still,
            self.store,
            self.web,
            self.count,
        )
    }

    pub fn now(&self) -> Timestamp {
        self.still.now()
    }

    /// Moves the clock and does nothing else.
    pub fn sleep(&self, seconds: i64) {
        self.still.pass(SignedDuration::from_secs(seconds));
    }

    pub fn support(&self) -> Room {
        self.slack.channel("C0SUPPORT")
    }

    /// Somebody asks customer service something.
    pub async fn question(&mut self) -> LeadId {
        self.count += 1;
        let id = format!("m{}", self.count);
        let author = format!("mara{}", self.count);
        let mention = Mention {
            connector: "scripted".into(),
            network: "x".into(),
            id: id.clone(),
            kind: MentionKind::Mention,
            author: Author {
                id: author.clone(),
                handle: author.as_str().into(),
                ..Author::default()
            },
            text: "@larkspurhome where is my order 4711? It should have come on Monday.".into(),
            created: self.now(),
            account: None,
            language: None,
            url: Some(format!("https://x.example/{id}")),
            in_reply_to: None,
            conversation: None,
            media: Vec::new(),
            rating: None,
            reply_target: None,
            own: false,
        };
        let event = Event::MentionReceived {
            mention: Box::new(mention),
            backlog: false,
        };
        self.desk.submit(vec![event]).await.expect("taken");
        let seen = self
            .store
            .seen(&"x".into(), &id)
            .expect("readable")
            .expect("seen");
        seen.lead.expect("a lead")
    }

    pub async fn claim(&mut self, lead: LeadId) {
        self.count += 1;
        let key = format!("click-{}", self.count);
        let answer = self
            .front
            .click(&"dana".into(), &"slack".into(), "claim", lead, &key)
            .await;
        answer.expect("taken");
    }

    /// Couriers work until the outbox is empty or the time is over; the clock goes where they want to be called again.
    pub async fn run(&self, minutes: i64) {
        let end = self
            .now()
            .checked_add(SignedDuration::from_mins(minutes))
            .expect("a moment");
        while self.now() < end {
            while self.couriers.step().await.expect("couriers run") > 0 {}
            if self.store.totals().expect("totals").errands == 0 {
                return;
            }
            let now = self.now();
            let next = self.couriers.lanes.next(now).map(|at| now.duration_until(at));
            let pause = next
                .unwrap_or(SignedDuration::from_secs(1))
                .min(SignedDuration::from_secs(1));
            self.still.pass(pause.max(SignedDuration::from_millis(1)));
        }
    }
}
