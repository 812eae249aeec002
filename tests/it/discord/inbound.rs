//! What people do on Discord, told over both doors: a real desk behind the inbound half, and a Discord of our own that
//! takes answers only as Discord would.

use std::sync::Arc;

use serde_json::{Value, json};
use switchboard::command::{Catalogue, Spelling};
use switchboard::domain::company::{Company, Role};
use switchboard::domain::ids::{LeadId, PlatformId};
use switchboard::domain::staff::Group;
use switchboard::platform::discord::{self, Discord, Settings};
use switchboard::port::front_desk::FrontDesk;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use super::server::{APPLICATION, GUILD, Press, Server, Signer, TOKEN, Who};
use crate::story::TestDesk;

mod acts;
mod completions;
mod doors;
mod forms;
mod gateway;
mod people;
mod sessions;
mod slow;

const SUPPORT: u64 = 1_106_298_301_283_012_700;
const DANA: u64 = 1_106_298_301_283_012_800;
const LEE: u64 = 1_106_298_301_283_012_801;
/// The role whose people work in customer service.
const AGENTS: u64 = 1_106_298_301_283_012_900;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Http,
    Gateway,
}

const BOTH: [Way; 2] = [Way::Http, Way::Gateway];

pub struct House {
    pub story: TestDesk,
    pub server: Server,
    way: Way,
    address: String,
    http: reqwest::Client,
    stop: CancellationToken,
    _stop: DropGuard,
}

/// What a person saw at once, and what they see now.
#[derive(Clone, Debug)]
pub struct Seen {
    pub interaction: Value,
    pub first: Value,
}

impl House {
    pub async fn open(way: Way) -> Self {
        Self::open_where(way, |_| {}).await
    }

    /// In a company that is a little different.
    pub async fn open_where(way: Way, change: impl FnOnce(&mut Company)) -> Self {
        let here = |company: &mut Company| {
            on_discord(company);
            change(company);
        };
        let story = TestDesk::with(here, switchboard::network::scripted::Faults::default());
        let front: Arc<dyn FrontDesk> = story.front.clone();
        Self::open_with(way, story, front).await
    }

    /// With another desk in front of the story's own.
    pub async fn open_with(way: Way, story: TestDesk, front: Arc<dyn FrontDesk>) -> Self {
        let clock: discord::Clock = {
            let front = story.front.clone();
            Arc::new(move || front.now())
        };
        let server = Server::start(Arc::clone(&clock)).await;
        server.add_text_channel(SUPPORT, "support");
        let company = Arc::clone(&front);
        let company: discord::Roster = Arc::new(move || company.company());
        let discord = Arc::new(discord_at(&server.api_url, way, clock, company));
        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();
        let router = discord::router(Arc::clone(&discord), Arc::clone(&front), tasks.clone());
        let door = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!(
            "http://{}/discord/interactions",
            door.local_addr().expect("bound")
        );
        let closing = stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                _ = axum::serve(door, router) => {}
                () = closing.cancelled() => {}
            }
        });
        if way == Way::Gateway {
            tokio::spawn(discord::listen(discord, commands(), front, tasks, stop.clone()));
            server.until_ready().await;
        }
        Self {
            story,
            server,
            way,
            address,
            http: reqwest::Client::new(),
            stop: stop.clone(),
            _stop: stop.drop_guard(),
        }
    }

    /// Another start on the same server, to the moment at which it listens.
    pub async fn listens_again(&self) {
        let front: Arc<dyn FrontDesk> = self.story.front.clone();
        let (clock, company) = (Arc::clone(&front), Arc::clone(&front));
        let discord = discord_at(
            &self.server.api_url,
            self.way,
            Arc::new(move || clock.now()),
            Arc::new(move || company.company()),
        );
        let before = self.server.gateway_counts().1;
        let stop = self.stop.child_token();
        tokio::spawn(discord::listen(
            Arc::new(discord),
            commands(),
            front,
            TaskTracker::new(),
            stop,
        ));
        self.server
            .until(|state| state.gateway().identifies.len() > before)
            .await;
    }

    /// A card's place in the channel; what stands in it does not matter to who presses.
    pub async fn message(&self) -> String {
        let url = format!("{}/api/v10/channels/{SUPPORT}/messages", self.server.api_url);
        let request = self
            .http
            .post(url)
            .header("authorization", format!("Bot {TOKEN}"))
            .header("user-agent", "DiscordBot (https://example.com, 1)")
            .header("content-type", "application/json")
            .body(json!({ "content": "a card", "allowed_mentions": { "parse": [] } }).to_string());
        let body = request
            .send()
            .await
            .expect("an answer")
            .bytes()
            .await
            .expect("whole");
        let message: Value = serde_json::from_slice(&body).expect("JSON");
        message["id"].as_str().expect("an id").to_owned()
    }

    /// Somebody does something; Discord takes the first answer, or the test fails.
    pub async fn does(&self, who: &Who, press: Press) -> Seen {
        let interaction = self.server.interact(who, SUPPORT, press);
        let first = self.first(&interaction).await;
        Seen { interaction, first }
    }

    async fn first(&self, interaction: &Value) -> Value {
        if self.way == Way::Gateway {
            self.server.dispatch("INTERACTION_CREATE", interaction.clone());
            return self.server.first_answer(interaction).await;
        }
        let (status, body) = self.post(interaction).await;
        assert_eq!(status, 200, "{body}");
        let taken = self.server.answered_over_http(interaction, &body);
        taken.unwrap_or_else(|refused| panic!("Discord refuses {body:#}: {refused:#}"));
        body
    }

    pub async fn post(&self, interaction: &Value) -> (u16, Value) {
        let (body, headers) = Signer::signed(self.story.front.now(), interaction);
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.post_raw(body, &headers).await
    }

    pub async fn post_raw(&self, body: Vec<u8>, headers: &[(&str, &str)]) -> (u16, Value) {
        let mut request = self.http.post(&self.address).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let body = response.bytes().await.expect("whole");
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    pub async fn presses(&self, who: &Who, command: &str, lead: LeadId) -> Seen {
        let message = self.message().await;
        let custom_id = format!("do|{command}|{lead}");
        self.does(who, Press::Button { message, custom_id }).await
    }

    pub async fn types(&self, who: &Who, command: &str, options: Value) -> Seen {
        let command = command.to_owned();
        self.does(who, Press::Slash { command, options }).await
    }

    /// Fills in the modal that somebody sees.
    pub async fn sends(&self, who: &Who, modal: &Seen, fields: &[(&str, &str)]) -> Seen {
        assert_eq!(modal.first["type"], 9, "a modal: {:#}", modal.first);
        let offered = inputs(&modal.first["data"]);
        for (name, _) in fields {
            assert!(
                offered.iter().any(|(offered, _)| offered == name),
                "{name} in {offered:?}"
            );
        }
        let fields = offered.into_iter().map(|(name, value)| {
            let typed = fields.iter().find(|(typed, _)| *typed == name);
            let value = typed.map_or(value, |(_, value)| (*value).to_owned());
            (name, value)
        });
        let press = Press::Modal {
            message: modal.interaction["message"]["id"].as_str().map(str::to_owned),
            custom_id: modal.first["data"]["custom_id"]
                .as_str()
                .expect("an id")
                .to_owned(),
            fields: fields.collect(),
        };
        self.does(who, press).await
    }

    /// The private message that came of it, as it stands now.
    pub fn told(&self, seen: &Seen) -> Value {
        let told = self.server.told(&seen.interaction);
        told.first()
            .cloned()
            .unwrap_or_else(|| panic!("a message: {:#}", seen.first))
    }

    /// Its words.
    pub fn words(&self, seen: &Seen) -> String {
        words(&self.told(seen))
    }

    /// Chooses in the select that somebody sees in their own message.
    pub async fn chooses(&self, who: &Who, seen: &Seen, value: &str) -> Seen {
        let message = self.told(seen);
        let select = &message["components"][0]["components"][0];
        assert_eq!(select["type"], 3, "a select: {message:#}");
        let options = select["options"].as_array().expect("options");
        assert!(
            options.iter().any(|option| option["value"] == value),
            "{value} in {options:?}"
        );
        let press = Press::Select {
            message: message["id"].as_str().expect("an id").to_owned(),
            custom_id: select["custom_id"].as_str().expect("an id").to_owned(),
            values: vec![value.to_owned()],
        };
        self.does(who, press).await
    }

    /// Presses the one button of their own message.
    pub async fn presses_own(&self, who: &Who, seen: &Seen, label: &str) -> Seen {
        let message = self.told(seen);
        let button = &message["components"][0]["components"][0];
        assert_eq!(button["label"], label, "{message:#}");
        let press = Press::Button {
            message: message["id"].as_str().expect("an id").to_owned(),
            custom_id: button["custom_id"].as_str().expect("an id").to_owned(),
        };
        self.does(who, press).await
    }
}

fn commands() -> Vec<Value> {
    discord::commands(Catalogue::builtin(), &Spelling::default()).expect("within Discord’s limits")
}

/// The settings of the trial server.
fn discord_at(api_url: &str, way: Way, clock: discord::Clock, company: discord::Roster) -> Discord {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("token"), TOKEN).expect("written");
    let inbound = match way {
        Way::Http => "http",
        Way::Gateway => "gateway",
    };
    let settings = format!(
        "bot_token = {{ file = \"token\" }}\napplication = \"{APPLICATION}\"\nguild = \"{GUILD}\"\n\
         inbound = \"{inbound}\"\npublic_key = \"{}\"\napi_url = \"{api_url}\"\n",
        Signer::public_key()
    );
    let settings: Settings = toml::from_str(&settings).expect("settings");
    Discord::open(settings, folder.path(), clock, company).expect("it opens")
}

/// Larkspur Home, with two of its people on Discord, and a role for customer service.
pub fn on_discord(company: &mut Company) {
    let platform = PlatformId::from(discord::PLATFORM);
    company.platforms.insert(platform.clone());
    for (member, id) in [("dana", DANA), ("lee", LEE)] {
        let member = company.members.get_mut(&member.into()).expect("a member");
        member.identities.insert(platform.clone(), id.to_string());
    }
    let support = company.departments.get_mut(&"support".into()).expect("support");
    let group = Group {
        platform,
        name: AGENTS.to_string(),
    };
    support.groups.insert(group, Role::Agent);
}

pub fn dana() -> Who {
    Who::new(DANA, "Dana Okafor", &[])
}

pub fn lee() -> Who {
    Who::new(LEE, "Lee Novak", &[])
}

/// The words of a message, without the marks that keep them words.
pub fn words(message: &Value) -> String {
    let embeds = message["embeds"].as_array().into_iter().flatten();
    let texts: Vec<&str> = embeds.filter_map(|embed| embed["description"].as_str()).collect();
    texts.join("\n").replace(['\\', '\u{200b}'], "")
}

/// The inputs of a modal: names and values.
pub fn inputs(modal: &Value) -> Vec<(String, String)> {
    let rows = modal["components"].as_array().expect("rows");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    rows.iter()
        .map(|row| &row["components"][0])
        .map(|input| (text(&input["custom_id"]), text(&input["value"])))
        .collect()
}

pub fn option(name: &str, value: &str) -> Value {
    json!({ "name": name, "type": 3, "value": value })
}
