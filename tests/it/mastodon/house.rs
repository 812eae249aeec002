//! A whole Switchboard between a test server and a board, on a still clock: polls, the desk and the couriers move only when
//! a story says so.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use switchboard::app::couriers::{Couriers, Lanes};
use switchboard::app::desk::{self, Desk, DeskQueue};
use switchboard::app::front::Front;
use switchboard::app::setup::{Roster, Setup};
use switchboard::command::Spelling;
use switchboard::domain::card::Card;
use switchboard::domain::event::Event;
use switchboard::domain::ids::{ConnectorId, PlatformId};
use switchboard::domain::notice::{Answer, Notice, Tone};
use switchboard::network::Clock;
use switchboard::network::mastodon::{Mastodon, Settings};
use switchboard::platform::memory::MemoryChat;
use switchboard::port::chat::ChatPlatform;
use switchboard::port::front_desk::FrontDesk;
use switchboard::port::social::Connector;
use switchboard::port::store::Store;
use switchboard::store::memory::MemoryStore;

use super::server::{Kind, TOKEN, TestServer};

pub fn still_clock() -> (Arc<Mutex<Timestamp>>, Clock) {
    let now: Timestamp = "2026-11-24T09:00:00Z".parse().expect("a moment");
    let now = Arc::new(Mutex::new(now));
    let clock = Arc::clone(&now);
    (now, Arc::new(move || *clock.lock().expect("a clock")))
}

/// A connector of the account, as its section in the configuration says.
pub fn connector(server: &str, more: &str, clock: Clock) -> Result<Mastodon, Vec<String>> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("token"), format!("{TOKEN}\n")).expect("a token");
    let text =
        format!("name = \"mastodon\"\nserver = \"{server}\"\naccess_token = {{ file = \"token\" }}\n{more}");
    let settings: Settings = toml::from_str(&text).expect("settings");
    Mastodon::open(&settings, folder.path(), clock)
}

pub struct House {
    pub server: TestServer,
    pub connector: Arc<Mastodon>,
    store: Arc<MemoryStore>,
    board: Arc<MemoryChat>,
    front: Arc<Front>,
    desk: DeskQueue,
    couriers: Couriers,
    now: Arc<Mutex<Timestamp>>,
    lines: u64,
}

impl House {
    pub async fn open(kind: Kind) -> Self {
        let (now, clock) = still_clock();
        let server = TestServer::start(kind, Arc::clone(&clock)).await;
        let store = Arc::new(MemoryStore::default());
        let mut house = Self::built(server, store, Arc::new(MemoryChat::new("web")), now, clock);
        house.poll().await;
        house
    }

    /// Killed at once, and started again on the same store.
    pub fn restart(self) -> Self {
        let clock = Arc::clone(&self.now);
        Self::built(
            self.server,
            self.store,
            self.board,
            self.now,
            Arc::new(move || *clock.lock().expect("a clock")),
        )
    }

    fn built(
        server: TestServer,
        store: Arc<MemoryStore>,
        board: Arc<MemoryChat>,
        now: Arc<Mutex<Timestamp>>,
        clock: Clock,
    ) -> Self {
        let settings = switchboard::config::demo().expect("the demo configuration");
        let connector =
            connector(&server.address, "streaming = false", Arc::clone(&clock)).expect("a connector");
        let connector = Arc::new(connector);
        let abilities = Arc::clone(&connector);
        let setup = Setup {
            roster: Arc::new(Roster::new(Arc::clone(&settings.company))),
            assess: Arc::new(move |mention| settings.routes.assess(mention)),
            capabilities: Arc::new(move |_, network| abilities.capabilities(network)),
            clock,
            quiet: false,
        };
        let open: Arc<dyn Store> = Arc::clone(&store) as Arc<dyn Store>;
        let (desk, _thread) =
            desk::start(Desk::new(Arc::clone(&open), setup.clone()).expect("a desk")).expect("its thread");
        let front = Arc::new(Front {
            store: Arc::clone(&open),
            setup: setup.clone(),
            desk: desk.clone(),
            spelling: Spelling::default(),
        });
        let platform = Arc::clone(&board) as Arc<dyn ChatPlatform>;
        let social = Arc::clone(&connector) as Arc<dyn Connector>;
        let started = *now.lock().expect("a clock");
        Self {
            couriers: Couriers {
                store: open,
                setup,
                desk: desk.clone(),
                platforms: [(PlatformId::from("web"), platform)].into(),
                connectors: [(ConnectorId::from("mastodon"), social)].into(),
                lanes: Lanes::default(),
                started,
            },
            server,
            connector,
            store,
            board,
            front,
            desk,
            now,
            lines: 0,
        }
    }

    pub fn now(&self) -> Timestamp {
        *self.now.lock().expect("a clock")
    }

    pub fn sleep(&self, seconds: i64) {
        let mut now = self.now.lock().expect("a clock");
        *now += SignedDuration::from_secs(seconds);
    }

    /// One poll, as the ingest makes it; how many events it brought.
    pub async fn poll(&mut self) -> usize {
        let cursor = self.store.cursor(self.connector.id()).expect("a cursor");
        let batch = self.connector.poll(cursor.as_deref()).await.expect("a poll");
        let first_contact = cursor.is_none();
        let mentions = batch.mentions.into_iter().map(|mention| Event::MentionReceived {
            mention: Box::new(mention),
            backlog: first_contact,
        });
        let changes = batch.changes.into_iter().map(Event::ChangedUpstream);
        let cursor = batch.cursor.map(|cursor| Event::CursorAdvanced {
            connector: self.connector.id().clone(),
            cursor,
        });
        let events: Vec<Event> = mentions.chain(changes).chain(cursor).collect();
        if events.is_empty() {
            return 0;
        }
        let told = self.desk.submit(events).await.expect("taken").len();
        self.settle().await;
        told
    }

    pub async fn settle(&mut self) {
        for _ in 0..50 {
            if self.couriers.step().await.expect("couriers run") == 0 {
                return;
            }
        }
        panic!("the outbox never settles");
    }

    /// Time passes until nothing waits for another attempt.
    pub async fn in_time(&mut self) {
        for _ in 0..40 {
            self.sleep(10);
            self.settle().await;
        }
    }

    /// A line typed by a member; what they are told.
    pub async fn says(&mut self, who: &str, line: &str) -> Notice {
        self.lines += 1;
        let key = format!("line-{}", self.lines);
        let answer = self
            .front
            .command(&who.into(), &"web".into(), line, &key)
            .await
            .expect("taken");
        self.settle().await;
        match answer {
            Answer::Notice(notice) => notice,
            other => panic!("{line}: {other:?}"),
        }
    }

    pub async fn done(&mut self, who: &str, line: &str) -> String {
        let notice = self.says(who, line).await;
        assert_ne!(notice.tone, Tone::Refused, "{line}: {}", notice.text);
        notice.text
    }

    pub fn cards(&self, channel: &str) -> Vec<Card> {
        self.board.cards(channel)
    }

    pub fn notices(&self, who: &str) -> Vec<String> {
        self.board.notices(&who.into())
    }
}
