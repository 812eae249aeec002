//! Larkspur Home with a workspace: a real desk behind the real way in, on a still clock. Cards stand in the channel as the
//! store knows them; how they are drawn is told elsewhere.

use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use serde_json::{Value, json};
use switchboard::app::desk::{self, Desk};
use switchboard::app::front::Front;
use switchboard::app::setup::{Roster, Setup};
use switchboard::command::Spelling;
use switchboard::domain::capability::{Capabilities, Counting};
use switchboard::domain::company::Company;
use switchboard::domain::event::Event;
use switchboard::domain::ids::{Channel, LeadId, MessageRef, PlatformId};
use switchboard::domain::lead::Lead;
use switchboard::domain::mention::{Author, Mention, MentionKind};
use switchboard::domain::message::{Content, Message};
use switchboard::domain::notice::{Answer, Notice};
use switchboard::platform::slack::{self, Slack};
use switchboard::port::front_desk::FrontDesk;
use switchboard::port::store::{Commit, Store};
use switchboard::store::memory::MemoryStore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::super::server::{APP_TOKEN, Answered, BOT_TOKEN, Payload, SIGNING_SECRET, Shown, SlackServer};
use crate::still::Still;
use crate::watched::Watched;

/// How Slack reaches the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Http,
    Socket,
}

pub const BOTH: [Way; 2] = [Way::Http, Way::Socket];

pub const SUPPORT: &str = "C0SUPPORT";

pub struct House {
    pub slack: SlackServer,
    pub front: Arc<Front>,
    pub watched: Arc<Watched>,
    pub store: Arc<dyn Store>,
    pub base: String,
    pub stop: CancellationToken,
    pub listening: Option<tokio::task::JoinHandle<()>>,
    way: Way,
    still: Still,
    tasks: TaskTracker,
    mentions: Mutex<u32>,
    _folder: tempfile::TempDir,
}

impl House {
    pub async fn open(way: Way) -> Self {
        Self::with(way, |_| {}).await
    }

    /// With something done to the workspace before anybody connects.
    pub async fn with(way: Way, before: impl FnOnce(&SlackServer)) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let still = Still::at("2026-11-24T09:00:00Z");
        let clock = still.clock();
        let server = SlackServer::larkspur(Arc::clone(&clock)).await;
        server.person("U0MATEO", "Mateo Rivas");
        server.person("U0GUEST", "Gil Guest");
        server.members_of_channel(SUPPORT, &["U0DANA", "U0MATEO", "U0LEE", "U0AMARA", "U0GUEST"]);
        before(&server);

        let settings = switchboard::config::demo().expect("the demo configuration is right");
        let setup = Setup {
            roster: Arc::new(Roster::new(Arc::new(with_slack(&settings.company)))),
            assess: Arc::new(move |mention| settings.routes.assess(mention)),
            capabilities: Arc::new(|_, network| match network.as_str() {
                "x" => Capabilities {
                    replies: true,
                    text_limit: Some(280),
                    counting: Counting::Weighted,
                    ..Capabilities::read_only()
                },
                _ => Capabilities::read_only(),
            }),
            clock: Arc::clone(&clock),
            quiet: false,
        };
        let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
        let (desk, _thread) = desk::start(Desk::new(Arc::clone(&store), setup.clone()).unwrap()).unwrap();
        let spelling = Spelling {
            prefix: "sb-".to_owned(),
            ..Spelling::default()
        };
        let front = Arc::new(Front {
            store: Arc::clone(&store),
            setup,
            desk,
            spelling,
        });
        let watched = Watched::new(Arc::clone(&front));
        let folder = tempfile::tempdir().unwrap();
        let slack =
            Arc::new(Slack::open(slack_settings(&server, folder.path()), folder.path(), clock).unwrap());
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        tasks.close();
        let desk: Arc<dyn FrontDesk> = Arc::clone(&watched) as Arc<dyn FrontDesk>;
        let (mut base, mut listening) = (String::new(), None);
        match way {
            Way::Http => {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                base = format!("http://{}", listener.local_addr().unwrap());
                let router = slack::router(slack, desk, tasks.clone());
                tokio::spawn(async move { axum::serve(listener, router).await });
            }
            Way::Socket => {
                listening = Some(tokio::spawn(slack::listen(
                    slack,
                    desk,
                    tasks.clone(),
                    stop.clone(),
                )));
            }
        }
        Self {
            slack: server,
            front,
            watched,
            store,
            base,
            stop,
            listening,
            way,
            still,
            tasks,
            mentions: Mutex::default(),
            _folder: folder,
        }
    }

    pub fn pass(&self, length: SignedDuration) {
        self.still.pass(length);
    }

    /// Delivers what a person did, and waits until everything that follows from it is done.
    pub async fn does(&self, payload: &Payload) -> Answered {
        let answered = self.acknowledged(payload).await;
        self.tasks.wait().await;
        answered
    }

    /// Delivers, and waits for the acknowledgement only.
    pub async fn acknowledged(&self, payload: &Payload) -> Answered {
        match self.way {
            Way::Http => {
                let (status, answered) = self.slack.post_to(&self.base, payload).await;
                assert_eq!(status, 200, "{}", payload.body);
                answered
            }
            Way::Socket => {
                if self.slack.sockets() == 0 {
                    self.slack.until_sockets(2).await;
                }
                self.slack.deliver(payload).await
            }
        }
    }

    /// Until everything that was begun is done.
    pub async fn settled(&self) {
        self.tasks.wait().await;
    }

    /// A mention from X by its author, on a lead of its own or on the one they have.
    pub async fn mention(&self, handle: &str, text: &str) -> LeadId {
        let number = {
            let mut mentions = self.mentions.lock().unwrap();
            *mentions += 1;
            *mentions
        };
        let mention = Mention {
            connector: "scripted".into(),
            network: "x".into(),
            id: format!("m{number}"),
            kind: MentionKind::Mention,
            author: Author {
                id: handle.to_owned(),
                handle: handle.into(),
                ..Author::default()
            },
            text: text.into(),
            created: self.front.now(),
            account: None,
            language: None,
            url: None,
            in_reply_to: None,
            conversation: Some(handle.to_owned()),
            media: Vec::new(),
            rating: None,
            reply_target: None,
            own: false,
        };
        let event = Event::MentionReceived {
            mention: Box::new(mention),
            backlog: false,
        };
        self.front.submit(vec![event]).await.expect("taken");
        let seen = self.store.seen(&"x".into(), &format!("m{number}")).unwrap();
        seen.expect("known").lead.expect("on a lead")
    }

    pub async fn question(&self) -> LeadId {
        self.mention(
            "mara",
            "@larkspurhome where is my order 4711? It should have come on Monday.",
        )
        .await
    }

    /// Somebody does something on the web board.
    pub async fn on_the_board(&self, who: &str, line: &str) -> Notice {
        let key = format!("board {line}");
        match self
            .front
            .command(&who.into(), &PlatformId::from("web"), line, &key)
            .await
            .expect("taken")
        {
            Answer::Notice(notice) => notice,
            Answer::Form(form) => panic!("a form opened: {form:?}"),
        }
    }

    pub fn lead(&self, id: LeadId) -> Lead {
        self.store.lead(id).unwrap().expect("the lead exists")
    }

    pub fn owner(&self, id: LeadId) -> Option<String> {
        self.lead(id).owner().map(ToString::to_string)
    }

    pub fn history(&self, lead: LeadId) -> String {
        let rows = self.front.history(&"amara".into(), lead).rows;
        let said = |said: &switchboard::domain::mention::PublicText| said.as_written().to_owned();
        let line = |row: &switchboard::domain::notice::Row| {
            format!(
                "{} {}\n",
                row.text,
                row.said.as_ref().map(said).unwrap_or_default()
            )
        };
        rows.iter().map(line).collect()
    }

    /// The lead's card in the channel of customer service, with these buttons.
    pub async fn card(&self, lead: LeadId, commands: &[&str]) -> Shown {
        let button = |command: &&str| {
            json!({
                "type": "button", "action_id": format!("do:{command}"), "value": lead.to_string(),
                "text": {"type": "plain_text", "text": command},
            })
        };
        let buttons: Vec<Value> = commands.iter().map(button).collect();
        let title = json!({"type": "section", "text": {"type": "plain_text", "text": lead.to_string()}});
        let body = json!({
            "channel": SUPPORT, "text": lead.to_string(),
            "blocks": [title, {"type": "actions", "elements": buttons}],
        });
        let request = reqwest::Client::new().post(format!("{}/chat.postMessage", self.slack.api_url()));
        let request = request
            .header("content-type", "application/json; charset=utf-8")
            .bearer_auth(BOT_TOKEN);
        let answer = request
            .body(body.to_string())
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let ts = answer["ts"]
            .as_str()
            .unwrap_or_else(|| panic!("posted: {answer}"))
            .to_owned();
        let message = Message {
            channel: Channel::new("slack", SUPPORT),
            message: MessageRef::new(ts.clone()),
            posted: self.front.now(),
            content: Content::Card(lead),
        };
        let commit = Commit {
            messages: vec![message],
            ..Commit::default()
        };
        self.store.commit(&commit).unwrap();
        self.slack.channel(SUPPORT).message(&ts)
    }

    /// The last thing that only this person was told.
    pub fn told(&self, user: &str) -> String {
        let mut heard = self.slack.ephemerals(user);
        let last = heard.pop().unwrap_or_else(|| panic!("{user} was told nothing"));
        format!("{} {}", last.text, texts(&last.blocks))
    }

    pub fn times_told(&self, user: &str) -> usize {
        self.slack.ephemerals(user).len()
    }
}

fn with_slack(company: &Company) -> Company {
    let mut company = company.clone();
    company.platforms.insert("slack".into());
    company.threads.insert("slack".into());
    for (member, user) in [
        ("dana", "U0DANA"),
        ("mateo", "U0MATEO"),
        ("lee", "U0LEE"),
        ("amara", "U0AMARA"),
        ("yuki", "U0GUEST"),
    ] {
        let member = company
            .members
            .get_mut(&member.into())
            .expect("a member of the demo");
        member.identities.insert("slack".into(), user.to_owned());
    }
    let support = company
        .departments
        .get_mut(&"support".into())
        .expect("customer service");
    support.channels.push(Channel::new("slack", SUPPORT));
    company
}

fn slack_settings(server: &SlackServer, folder: &std::path::Path) -> slack::Settings {
    for (name, secret) in [
        ("bot", BOT_TOKEN),
        ("app", APP_TOKEN),
        ("signing", SIGNING_SECRET),
    ] {
        std::fs::write(folder.join(name), secret).unwrap();
    }
    let text = format!(
        "bot_token = {{ file = \"bot\" }}\napp_token = {{ file = \"app\" }}\nsigning_secret = {{ file = \"signing\" }}\n\
         api_url = \"{}\"",
        server.api_url()
    );
    toml::from_str(&text).expect("settings")
}

/// Everything there is to read in blocks, in order.
pub fn texts(blocks: &Value) -> String {
    match blocks {
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
        Value::Array(all) => all.iter().map(texts).collect(),
        Value::Object(fields) => {
            let own = fields.get("text").and_then(Value::as_str).unwrap_or_default();
            own.to_owned() + &fields.values().map(texts).collect::<String>()
        }
    }
}
