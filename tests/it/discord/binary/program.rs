//! The program on Larkspur Home's configuration, with customer service on a Discord of our own.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::super::house::{DANA, SUPPORT};
use super::super::inbound::{Seen, Way, dana};
use super::super::server::{APPLICATION, GUILD, Press, Server, Session, Signer, TOKEN, Who};
use super::PATIENCE;
use crate::survival::client::Client;
use crate::survival::house::{House, Open};

/// Discord's own deadline for the first answer.
const DEADLINE: Duration = Duration::from_secs(3);

pub struct Program {
    pub server: Server,
    pub data: PathBuf,
    way: Way,
    house: House,
    http: reqwest::Client,
    /// By how many seconds Discord's clock is ahead of ours.
    ahead: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

impl Program {
    /// Its scripted network says so many `entries`, at once.
    pub async fn at_discord(way: Way, entries: usize) -> Self {
        let ahead = Arc::new(AtomicI64::new(0));
        let hand = Arc::clone(&ahead);
        let server = Server::start(Arc::new(move || {
            let ahead = SignedDuration::from_secs(hand.load(Ordering::Relaxed));
            Timestamp::now().checked_add(ahead).expect("a moment")
        }))
        .await;
        server.add_text_channel(SUPPORT, "support");
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let house = House::built(folder.path(), &data, entries, 1000.0);
        put_on_discord(&folder.path().join("config"), &server.api_url, way);
        let http = reqwest::Client::builder().timeout(PATIENCE).build();
        Self {
            server,
            data,
            way,
            house,
            http: http.expect("a client"),
            ahead,
            _folder: folder,
        }
    }

    /// Starts it, to the moment at which clicks reach it.
    pub async fn start(&self) -> (Open, Client) {
        let identified = self.server.gateway_counts().1;
        let started = tokio::task::block_in_place(|| self.house.open());
        if self.way == Way::Gateway {
            let ready = |session: &Session| session.ready && session.identifies.len() > identified;
            self.server.until(|state| ready(state.gateway())).await;
        }
        started
    }

    /// Starts it, whatever becomes of the gateway.
    pub fn runs(&self) -> Open {
        tokio::task::block_in_place(|| self.house.open()).0
    }

    /// What it wrote to its log since its last start.
    pub fn log(&self) -> String {
        self.house.logged()
    }

    /// SIGTERM; it must end well, and say goodbye to the gateway.
    pub async fn ends(&self, running: Open) {
        let before = self.server.goodbyes().len();
        let ended = tokio::task::block_in_place(|| running.terminated(PATIENCE));
        let (status, took) = ended.expect("it ends in time");
        let log = self.house.logged();
        assert_eq!(status.code(), Some(0), "{log}");
        assert!(!log.contains(TOKEN) && !log.contains("\"ERROR\""), "{log}");
        println!("it ended after {took:?}");
        if self.way == Way::Gateway {
            self.server
                .until(|state| state.gateway().goodbyes.len() > before)
                .await;
            assert_eq!(self.server.goodbyes().last(), Some(&1000));
        }
    }

    /// Discord's clock goes ahead of ours.
    pub fn discord_is_ahead(&self, by: SignedDuration) {
        self.ahead.store(by.as_secs(), Ordering::Relaxed);
    }

    /// Dana presses the button of a card that is called so.
    pub async fn presses(&self, client: &Client, card: &Value, label: &str) -> Seen {
        let custom_id = button(card, label).unwrap_or_else(|| panic!("no {label} on {card:#}"));
        let message = id(card);
        self.does(client, &dana(), Press::Button { message, custom_id })
            .await
    }

    /// Somebody does something; Discord must take the first answer.
    pub async fn does(&self, client: &Client, who: &Who, press: Press) -> Seen {
        let interaction = self.server.interact(who, SUPPORT, press);
        let pressed = Instant::now();
        let first = match self.way {
            Way::Gateway => {
                self.server.dispatch("INTERACTION_CREATE", interaction.clone());
                self.server.first_answer(&interaction).await
            }
            Way::Http => {
                let first = self.delivered(client, &interaction).await;
                let taken = self.server.answered_over_http(&interaction, &first);
                taken.unwrap_or_else(|refused| panic!("Discord refuses {first:#}: {refused:#}"));
                first
            }
        };
        let took = pressed.elapsed();
        println!("{:?}: answered after {took:?}", self.way);
        assert!(took < DEADLINE, "{took:?}");
        Seen { interaction, first }
    }

    async fn delivered(&self, client: &Client, interaction: &Value) -> Value {
        let (body, headers) = Signer::signed(Timestamp::now(), interaction);
        let url = format!("{}/discord/interactions", client.address);
        let mut request = self.http.post(url).body(body);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        serde_json::from_slice(&answer.bytes().await.expect("whole")).expect("JSON")
    }
}

/// Customer service meets on Discord instead of the web board, and Dana is known there.
fn put_on_discord(config: &Path, api_url: &str, way: Way) {
    let edit = |name: &str, change: &dyn Fn(String) -> String| {
        let path = config.join(name);
        let before = fs::read_to_string(&path).expect("readable");
        let after = change(before.clone());
        assert_ne!(before, after, "{name} looks otherwise");
        fs::write(path, after).expect("written");
    };
    edit("departments.toml", &|text| {
        text.replace("\"web/support\"", &format!("\"discord/{SUPPORT}\""))
    });
    edit("members.toml", &|text| {
        let name = "name = \"Dana Okafor\"";
        text.replace(name, &format!("{name}\nidentities = {{ discord = \"{DANA}\" }}"))
    });
    fs::write(config.join("discord.token"), TOKEN).expect("written");
    let inbound = match way {
        Way::Http => "http",
        Way::Gateway => "gateway",
    };
    let key = Signer::public_key();
    edit("switchboard.toml", &|text| {
        format!(
            "{text}\n[discord]\nbot_token = {{ file = \"discord.token\" }}\napplication = \"{APPLICATION}\"\n\
             guild = \"{GUILD}\"\ninbound = \"{inbound}\"\npublic_key = \"{key}\"\napi_url = \"{api_url}\"\n"
        )
    });
}

pub fn id(message: &Value) -> String {
    message["id"].as_str().expect("an id").to_owned()
}

/// The `custom_id` of the button that is called so.
pub fn button(message: &Value, label: &str) -> Option<String> {
    let rows = message["components"].as_array()?.iter();
    let mut buttons = rows.filter_map(|row| row["components"].as_array()).flatten();
    let found = buttons.find(|button| button["label"] == label)?;
    found["custom_id"].as_str().map(str::to_owned)
}
