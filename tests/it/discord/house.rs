//! A whole Switchboard on a still clock whose customer service sits on Discord (the test server) and whose sales department
//! sits on the web board. Nothing sleeps; the outbox is drained step by step.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use switchboard::app::couriers::{Couriers, Lanes};
use switchboard::app::desk::{self, Desk, DeskQueue};
use switchboard::app::front::Front;
use switchboard::app::setup::{Roster, Setup};
use switchboard::app::ticker;
use switchboard::command::Spelling;
use switchboard::domain::company::Company;
use switchboard::domain::event::Event;
use switchboard::domain::ids::{Channel, LeadId, PlatformId};
use switchboard::domain::mention::{Author, Mention, MentionKind};
use switchboard::domain::notice::{Answer, Tone};
use switchboard::listening::Routes;
use switchboard::platform::discord::{Discord, Inbound, Settings};
use switchboard::platform::memory::MemoryChat;
use switchboard::port::chat::ChatPlatform;
use switchboard::port::front_desk::FrontDesk;
use switchboard::port::secret::SecretRef;
use switchboard::port::store::Store;
use switchboard::store::memory::MemoryStore;

use super::server::{APPLICATION, GUILD, Server, TOKEN};
use crate::still::Still;

pub const SUPPORT: u64 = 1_106_298_301_283_012_700;
pub const FORUM: u64 = 1_106_298_301_283_012_710;
pub const DANA: u64 = 1_106_298_301_283_012_800;
pub const AMARA: u64 = 1_106_298_301_283_012_801;

pub const MATEO: u64 = 1_106_298_301_283_012_802;

pub struct House {
    pub server: Server,
    pub store: Arc<dyn Store>,
    pub web: Arc<MemoryChat>,
    pub front: Arc<Front>,
    pub couriers: Couriers,
    desk: DeskQueue,
    company: Arc<Company>,
    routes: Arc<Routes>,
    still: Still,
    token: PathBuf,
    _folder: tempfile::TempDir,
    count: u64,
}

pub fn settings(server: &Server, token: PathBuf) -> Settings {
    Settings {
        bot_token: SecretRef::File(token),
        application: APPLICATION.to_string(),
        guild: GUILD.to_string(),
        inbound: Inbound::Gateway,
        public_key: None,
        api_url: Some(server.api_url.clone()),
        threads: true,
    }
}

impl House {
    /// Customer service in a text channel.
    pub async fn new() -> Self {
        Self::in_channel(SUPPORT).await
    }

    pub async fn in_channel(channel: u64) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let demo = switchboard::config::demo().expect("the demo configuration is right");
        let mut company = Company::clone(&demo.company);
        company.platforms.insert("discord".into());
        company.threads.insert("discord".into());
        let support = company.departments.get_mut(&"support".into()).expect("support");
        support.channels = vec![Channel::new("discord", channel.to_string())];
        support.threads = true;
        for (member, id) in [("dana", DANA), ("amara", AMARA), ("mateo", MATEO)] {
            let member = company.members.get_mut(&member.into()).expect("a member");
            member.identities.insert("discord".into(), id.to_string());
        }
        let still = Still::at("2026-11-24T09:00:00Z");
        let server = Server::start(still.clock()).await;
        server.add_text_channel(SUPPORT, "support");
        server.add_forum(FORUM, "support-forum", &["Waiting", "Claimed", "Resolved"]);
        let folder = tempfile::tempdir().expect("a folder");
        let token = folder.path().join("token");
        std::fs::write(&token, TOKEN).expect("written");
        let (store, company) = (Arc::new(MemoryStore::default()), Arc::new(company));
        let web = Arc::new(MemoryChat::new("web"));
        let settings = settings(&server, token.clone());
        let parts = open(store.clone(), &company, &demo.routes, &still, &web, settings);
        Self {
            server,
            store,
            web,
            front: parts.0,
            couriers: parts.1,
            desk: parts.2,
            company,
            routes: demo.routes,
            still,
            token,
            _folder: folder,
            count: 0,
        }
    }

    /// Ends without a word and starts again on the same store.
    pub fn restart(self) -> Self {
        let settings = settings(&self.server, self.token.clone());
        let parts = open(
            Arc::clone(&self.store),
            &self.company,
            &self.routes,
            &self.still,
            &self.web,
            settings,
        );
        Self {
            front: parts.0,
            couriers: parts.1,
            desk: parts.2,
            ..self
        }
    }

    pub fn pass(&self, length: SignedDuration) {
        self.still.pass(length);
    }

    pub fn now(&self) -> Timestamp {
        self.still.now()
    }

    /// Another eye on the same server.
    pub fn discord(&self) -> Discord {
        let company = Arc::clone(&self.company);
        let settings = settings(&self.server, self.token.clone());
        let here = std::path::Path::new("/");
        let opened = Discord::open(
            settings,
            here,
            self.still.clock(),
            Arc::new(move || Arc::clone(&company)),
        );
        opened.expect("the settings are right")
    }

    pub async fn settle(&self) {
        for _ in 0..50 {
            if self.couriers.step().await.expect("couriers run") == 0 {
                return;
            }
        }
        panic!("the outbox never settles");
    }

    /// Lets time pass in steps, with the couriers at work.
    pub async fn work(&self, steps: u32, each: SignedDuration) {
        for _ in 0..steps {
            self.pass(each);
            self.settle().await;
        }
    }

    pub async fn tick(&self) {
        let due = ticker::due(self.store.as_ref(), &self.company, self.now()).expect("what is due");
        self.desk.submit(due).await.expect("taken");
    }

    /// A question to customer service; nothing is posted yet.
    pub async fn written(&mut self, text: &str) -> LeadId {
        self.count += 1;
        let id = format!("m{}", self.count);
        let mention = Mention {
            connector: "scripted".into(),
            network: "x".into(),
            id: id.clone(),
            kind: MentionKind::Mention,
            author: Author {
                id: format!("mara{}", self.count),
                handle: format!("mara{}", self.count).as_str().into(),
                ..Author::default()
            },
            text: text.into(),
            created: self.now(),
            account: None,
            language: None,
            url: Some(format!("https://x.example/mara/{id}")),
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
        let seen = self.store.seen(&"x".into(), &id).expect("readable");
        seen.expect("known").lead.expect("on a lead")
    }

    pub async fn question(&mut self) -> LeadId {
        let lead = self.written("@larkspurhome where is my order 4711?").await;
        self.settle().await;
        lead
    }

    /// A typed line, with what follows from it; it must be done.
    pub async fn says(&mut self, who: &str, line: &str) {
        self.says_only(who, line).await;
        self.settle().await;
    }

    pub async fn says_only(&mut self, who: &str, line: &str) {
        self.count += 1;
        let key = format!("said-{}", self.count);
        let answer = self.front.command(&who.into(), &"web".into(), line, &key).await;
        match answer.expect("taken") {
            Answer::Notice(notice) => assert_eq!(notice.tone, Tone::Done, "{}", notice.text),
            Answer::Form(form) => panic!("a form opened: {}", form.title),
        }
    }

    /// The cards in the text channel, as Discord shows them.
    pub fn cards(&self) -> Vec<Value> {
        self.server.messages(SUPPORT)
    }

    /// What the administrator was told on Discord.
    pub fn told_amara(&self) -> Vec<String> {
        let direct = self.server.direct_with(AMARA);
        let messages = direct.map_or(Vec::new(), |direct| self.server.messages(direct));
        messages.iter().map(words).collect()
    }
}

/// Everything that a message says.
pub fn words(message: &Value) -> String {
    fn gather(value: &Value, into: &mut Vec<String>) {
        match value {
            Value::Array(list) => list.iter().for_each(|item| gather(item, into)),
            Value::Object(fields) => {
                for (name, field) in fields {
                    match field.as_str() {
                        Some(text)
                            if matches!(
                                name.as_str(),
                                "content" | "title" | "description" | "name" | "value" | "text" | "label"
                            ) =>
                        {
                            into.push(text.to_owned());
                        }
                        Some(_) => {}
                        None => gather(field, into),
                    }
                }
            }
            _ => {}
        }
    }
    let mut texts = vec![message["content"].as_str().unwrap_or_default().to_owned()];
    gather(&message["embeds"], &mut texts);
    gather(&message["components"], &mut texts);
    texts.join("\n")
}

fn open(
    store: Arc<dyn Store>,
    company: &Arc<Company>,
    routes: &Arc<Routes>,
    still: &Still,
    web: &Arc<MemoryChat>,
    settings: Settings,
) -> (Arc<Front>, Couriers, DeskQueue) {
    let listening = Arc::clone(routes);
    let setup = Setup {
        roster: Arc::new(Roster::new(Arc::clone(company))),
        assess: Arc::new(move |mention| listening.assess(mention)),
        capabilities: Arc::new(|_, _| switchboard::domain::capability::Capabilities::read_only()),
        clock: still.clock(),
        quiet: false,
    };
    let (desk, _thread) =
        desk::start(Desk::new(Arc::clone(&store), setup.clone()).expect("a desk")).expect("a thread");
    let front = Arc::new(Front {
        store: Arc::clone(&store),
        setup: setup.clone(),
        desk: desk.clone(),
        spelling: Spelling::default(),
    });
    let roster = Arc::clone(&setup.roster);
    let here = std::path::Path::new("/");
    let discord = Discord::open(settings, here, still.clock(), Arc::new(move || roster.company()));
    let discord: Arc<dyn ChatPlatform> = Arc::new(discord.expect("the settings are right"));
    let web: Arc<dyn ChatPlatform> = Arc::clone(web) as Arc<dyn ChatPlatform>;
    let couriers = Couriers {
        store,
        setup,
        desk: desk.clone(),
        platforms: [
            (PlatformId::from("discord"), discord),
            (PlatformId::from("web"), web),
        ]
        .into(),
        connectors: [].into(),
        lanes: Lanes::default(),
        started: still.now(),
    };
    (front, couriers, desk)
}
