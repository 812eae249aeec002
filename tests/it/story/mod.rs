//! The story language: a whole Switchboard on a still clock, told in the verbs of the people who use it.
//! Unexpected refusals fail a story at once; nothing sleeps, and the outbox is drained step by step.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use switchboard::app::couriers::Couriers;
use switchboard::app::desk::{self, Desk, DeskQueue};
use switchboard::app::front::Front;
use switchboard::app::setup::Setup;
use switchboard::app::ticker;
use switchboard::command::Spelling;
use switchboard::domain::card::Card;
use switchboard::domain::company::Company;
use switchboard::domain::digest::Digest;
use switchboard::domain::event::Event;
use switchboard::domain::form::Form;
use switchboard::domain::ids::{ConnectorId, LeadId, MemberId, NetworkId, PlatformId};
use switchboard::domain::lead::Lead;
use switchboard::domain::mention::{Author, Mention, MentionKind, Upstream, UpstreamChange};
use switchboard::domain::notice::{Answer, Notice, Row, Tone};
use switchboard::listening::Routes;
use switchboard::network::scripted::{self, Scripted};
use switchboard::platform::memory::MemoryChat;
use switchboard::port::chat::ChatPlatform;
use switchboard::port::front_desk::{FilledIn, FrontDesk};
use switchboard::port::social::Connector;
use switchboard::port::store::Store;
use switchboard::store::memory::MemoryStore;

#[macro_use]
mod surface;

mod chat_way;
mod claim;
mod delivery;
mod digest;
mod discord;
mod follow_up;
mod hand_off;
mod keeping;
mod opening;
mod reply;
mod several;
mod shown;
mod slack;
mod told;
mod verbs;
mod wire;

pub use discord::{labels as labels_on_discord, snowflake};
pub use shown::Shown;
pub use slack::{labels as labels_in_slack, user as user_in_slack};
pub use surface::{Surface, on};
pub use told::Told;
pub use wire::{Wire, reads, serve};

/// Tuesday morning at Larkspur Home; customer service is at work.
pub const MORNING: &str = "2026-11-24T09:00:00Z";

pub struct TestDesk {
    pub store: Arc<dyn Store>,
    pub company: Arc<Company>,
    routes: Arc<Routes>,
    now: Arc<Mutex<Timestamp>>,
    pub front: Arc<Front>,
    couriers: Couriers,
    desk: DeskQueue,
    surface: Surface,
    /// What the story's own platform was asked to show.
    pub chat: Shown,
    /// The same of every platform.
    chats: BTreeMap<PlatformId, Shown>,
    slack: Option<slack::Workspace>,
    discord: Option<discord::Guild>,
    wires: BTreeMap<PlatformId, Arc<dyn Wire>>,
    faults: scripted::Faults,
    data: PathBuf,
    _folder: Option<tempfile::TempDir>,
    clicks: u64,
    mentions: u64,
}

impl TestDesk {
    pub fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    /// The story's clock, for what is built beside it.
    pub fn clock(&self) -> switchboard::app::setup::Clock {
        let now = Arc::clone(&self.now);
        Arc::new(move || *now.lock().unwrap())
    }

    /// Moves the clock and does nothing else: the house was switched off.
    pub fn sleep(&mut self, length: SignedDuration) {
        let mut now = self.now.lock().unwrap();
        *now = now.checked_add(length).expect("a moment");
    }

    pub fn set_clock(&mut self, at: &str) {
        *self.now.lock().unwrap() = at.parse().expect("a timestamp");
    }

    /// Lets time pass, with everything that falls due on the way.
    pub async fn pass(&mut self, length: SignedDuration) {
        self.sleep(length);
        self.tick().await;
        self.settle().await;
    }

    /// One tick: what is due becomes events, until nothing more is due at this moment.
    pub async fn tick(&mut self) {
        for _ in 0..20 {
            let due = ticker::due(self.store.as_ref(), &self.company, self.now()).expect("what is due");
            if due.is_empty() {
                return;
            }
            self.desk.submit(due).await.expect("the desk takes deadlines");
        }
        panic!("something stays due for ever");
    }

    /// Couriers run until the outbox has nothing ready.
    pub async fn settle(&mut self) {
        for _ in 0..50 {
            if self.couriers.step().await.expect("couriers run") == 0 {
                for (platform, wire) in &self.wires {
                    wire.agrees(&self.chats[platform]).await;
                }
                return;
            }
        }
        panic!("the outbox never settles");
    }

    /// One courier step, no more.
    pub async fn one_errand_round(&mut self) -> usize {
        self.couriers.step().await.expect("couriers run")
    }

    /// A mention as a network would deliver it; change it before `arrive`.
    pub fn written(&mut self, network: &str, handle: &str, text: &str) -> Mention {
        self.mentions += 1;
        Mention {
            connector: "scripted".into(),
            network: network.into(),
            id: format!("m{}", self.mentions),
            kind: MentionKind::Mention,
            author: Author {
                id: handle.to_owned(),
                handle: handle.into(),
                ..Author::default()
            },
            text: text.into(),
            created: self.now(),
            account: None,
            language: None,
            url: Some(format!("https://{network}.example/{handle}/m{}", self.mentions)),
            in_reply_to: None,
            conversation: None,
            media: Vec::new(),
            rating: None,
            reply_target: None,
            own: false,
        }
    }

    /// Delivers a mention and lets the couriers run. Returns the lead it is on.
    pub async fn arrive(&mut self, mention: Mention) -> LeadId {
        let (network, id) = (mention.network.clone(), mention.id.clone());
        self.deliver(mention, false).await;
        self.lead_of(&network, &id)
    }

    pub async fn deliver(&mut self, mention: Mention, backlog: bool) -> Notice {
        let event = Event::MentionReceived {
            mention: Box::new(mention),
            backlog,
        };
        let notice = self.desk.submit(vec![event]).await.expect("taken").remove(0);
        self.settle().await;
        notice
    }

    /// The network says what became of a message.
    pub async fn upstream(&mut self, network: &str, id: &str, what: UpstreamChange) {
        let news = Upstream {
            network: network.into(),
            id: id.into(),
            at: self.now(),
            what,
        };
        let taken = self.desk.submit(vec![Event::ChangedUpstream(news)]).await;
        taken.expect("taken");
        self.settle().await;
    }

    pub fn lead_of(&self, network: &NetworkId, native_id: &str) -> LeadId {
        let seen = self
            .store
            .seen(network, native_id)
            .expect("readable")
            .expect("the mention is known");
        seen.lead.expect("the mention is on a lead")
    }

    /// A question to customer service, from a stranger on X.
    pub async fn question(&mut self) -> LeadId {
        let mention = self.written(
            "x",
            "mara",
            "@larkspurhome where is my order 4711? It should have come on Monday.",
        );
        self.arrive(mention).await
    }

    /// A question that Dana has claimed.
    pub async fn claimed(&mut self) -> LeadId {
        let id = self.question().await;
        self.click("dana", "claim", id).await.done();
        id
    }

    pub fn lead(&self, id: LeadId) -> Lead {
        self.store.lead(id).expect("readable").expect("the lead exists")
    }

    fn key(&mut self) -> String {
        self.clicks += 1;
        format!("click-{}", self.clicks)
    }

    /// A click on a card's button, with everything that follows from it.
    pub async fn click(&mut self, who: &str, command: &str, lead: LeadId) -> Told {
        let key = self.key();
        let told = self.click_with_key(who, command, lead, &key).await;
        told.expect("a click is answered")
    }

    /// A click that may be delivered more than once: none where the platform's half had it before.
    pub async fn click_with_key(
        &mut self,
        who: &str,
        command: &str,
        lead: LeadId,
        key: &str,
    ) -> Option<Told> {
        let told = self.wire().click(who, command, lead, key).await;
        self.settle().await;
        told
    }

    /// A typed line.
    pub async fn says(&mut self, who: &str, line: &str) -> Told {
        let key = self.key();
        let told = self.wire().says(who, line, &key).await;
        self.settle().await;
        told
    }

    /// Sends a form that was opened before.
    pub async fn send(&mut self, who: &str, form: &Form, fields: &[(&str, &str)]) -> Told {
        let told = self.send_only(who, form, fields).await;
        self.settle().await;
        told
    }

    /// The same, with the couriers still at rest.
    pub async fn send_only(&mut self, who: &str, form: &Form, fields: &[(&str, &str)]) -> Told {
        self.wire().send(who, form, fields).await
    }

    /// Another network, through its own connector.
    pub fn join_network(&mut self, connector: Arc<dyn Connector>) {
        let id = connector.id().clone();
        self.couriers.connectors.insert(id, connector);
    }

    /// From now on people act on this platform.
    pub fn go_to(&mut self, surface: Surface) {
        self.surface = surface;
        self.chat = self.chats[&surface.platform()].clone();
    }

    /// How people act on the story's platform.
    pub fn wire(&self) -> Arc<dyn Wire> {
        Arc::clone(&self.wires[&self.surface.platform()])
    }

    /// The story's workspace in Slack.
    pub fn workspace(&self) -> &slack::Workspace {
        self.slack.as_ref().expect("a story on Slack")
    }

    /// What another platform was asked to show.
    pub fn on(&self, platform: &str) -> &Shown {
        &self.chats[&PlatformId::from(platform)]
    }

    /// The cards in a department's channel, in the order in which they were posted.
    pub fn cards(&self, department: &str) -> Vec<Card> {
        self.chat.cards(&self.surface.channel(department).name)
    }

    /// The one card of this lead in a department's channel.
    pub fn card(&self, department: &str, lead: LeadId) -> Card {
        let mut cards = self.cards(department);
        cards.retain(|card| card.lead == lead);
        assert_eq!(cards.len(), 1, "one card in {department}, found {}", cards.len());
        cards.remove(0)
    }

    pub fn digests(&self, department: &str) -> Vec<Digest> {
        self.chat.digests(&self.surface.channel(department).name)
    }

    pub fn notices(&self, member: &str) -> Vec<String> {
        self.chat.notices(member)
    }

    /// What the public sees of Switchboard's replies.
    pub fn public(&self) -> Vec<String> {
        self.public_posts().into_iter().map(|post| post.text).collect()
    }

    pub fn public_posts(&self) -> Vec<scripted::Post> {
        let file = scripted::public_file(&self.data);
        scripted::read_public(&file).expect("the public file")
    }

    /// The lead's history, one line each, with what was said.
    pub fn history(&self, lead: LeadId) -> Vec<String> {
        let said = |row: &Row| {
            row.said
                .as_ref()
                .map_or(String::new(), |said| format!(": {}", said.as_written()))
        };
        let rows = self.front.history(&"amara".into(), lead).rows;
        rows.iter()
            .map(|row| format!("{}{}", row.text, said(row)))
            .collect()
    }
}

/// The labels of a card's buttons.
pub fn buttons(card: &Card) -> Vec<&str> {
    card.actions.iter().map(|action| action.label.as_str()).collect()
}

pub fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

pub fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}
