//! Our whole Discord half against a stateful Discord that no one here wrote: over its gateway, with the real desk behind.
//! It knows no permissions, no limits and no RESUME; our own test server does.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use switchboard::command::{Catalogue, Spelling};
use switchboard::domain::ids::Channel;
use switchboard::network::scripted::Faults;
use switchboard::platform::discord::{Discord, Inbound, Settings, commands, listen};
use switchboard::port::chat::{ChatPlatform, Posting};
use switchboard::port::front_desk::FrontDesk;
use switchboard::port::secret::SecretRef;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Node;
use crate::story::{TestDesk, reads};
use crate::watched::Watched;

struct Twin {
    node: Node,
    desk: TestDesk,
    discord: Arc<Discord>,
    channel: String,
    person: String,
    stop: CancellationToken,
    listening: JoinHandle<()>,
    _folder: TempDir,
}

impl Twin {
    /// With a desk in front of the real one. None where it is not installed.
    async fn open(front: impl FnOnce(&TestDesk) -> Arc<dyn FrontDesk>) -> Option<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let node = Node::start("discord_twin.mjs")?;
        let said = |name: &str| node.said[name].as_str().expect("a word").to_owned();
        let (url, channel, person) = (said("url"), said("channel"), said("person"));
        assert!(url.starts_with("http://127.0.0.1:"), "on loopback only");
        let ours = commands(Catalogue::builtin(), &Spelling::default()).expect("commands");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("token"), said("token")).expect("a file");
        let settings = Settings {
            bot_token: SecretRef::File("token".into()),
            application: said("application"),
            guild: said("guild"),
            inbound: Inbound::Gateway,
            public_key: None,
            api_url: Some(url),
            threads: false,
        };
        let dana = person.clone();
        let known = move |company: &mut switchboard::domain::company::Company| {
            let member = company.members.get_mut(&"dana".into()).expect("dana");
            member.identities.insert("discord".into(), dana);
        };
        let desk = TestDesk::with(known, Faults::default());
        let roster = Arc::clone(&desk.front.setup.roster);
        let company = Arc::new(move || roster.company());
        let clock = Arc::new(jiff::Timestamp::now);
        let discord = Discord::open(settings, folder.path(), clock, company).expect("Discord opens");
        let (discord, stop) = (Arc::new(discord), CancellationToken::new());
        let listening = tokio::spawn(listen(
            Arc::clone(&discord),
            ours,
            front(&desk),
            TaskTracker::new(),
            stop.clone(),
        ));
        let mut twin = Self {
            node,
            desk,
            discord,
            channel,
            person,
            stop,
            listening,
            _folder: folder,
        };
        // What is said before the gateway is ready is lost, as on Discord: it is said again.
        for _ in 0..15 {
            if twin.answered("slash", json!({"name": "mine"})).await.is_some() {
                return Some(twin);
            }
        }
        panic!("the gateway is never ready");
    }

    fn ask(&mut self, ask: &str, args: Value) -> Value {
        let mut line = args;
        line["ask"] = json!(ask);
        let answer = self.node.ask(&line);
        assert!(answer["error"].is_null(), "{ask}: {answer}");
        answer
    }

    /// Somebody does something; the interaction's id.
    fn begin(&mut self, ask: &str, args: Value) -> Value {
        let mut args = args;
        args["channelId"] = json!(self.channel);
        args["userId"] = json!(self.person);
        self.ask(ask, args)["id"].clone()
    }

    /// Somebody does something; what we answered first, once we did. None: we did not hear of it.
    async fn answered(&mut self, ask: &str, args: Value) -> Option<Value> {
        let id = self.begin(ask, args);
        for _ in 0..60 {
            let answer = self.ask("answer", json!({"id": id}));
            if answer["acknowledged"] == true {
                return Some(answer);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        None
    }

    fn shown(&mut self) -> String {
        let channel = json!({"channelId": self.channel});
        self.ask("messages", channel).to_string()
    }

    /// Looks again until the channel says so.
    async fn comes_to_show(&mut self, words: &str) {
        for _ in 0..100 {
            if reads(&self.shown(), words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("never shown: {words}\n{}", self.shown());
    }

    async fn close(self) {
        self.stop.cancel();
        let stopped = tokio::time::timeout(Duration::from_secs(20), self.listening).await;
        stopped.expect("in time").expect("it stops when it is told to");
    }
}

fn lead_option() -> Value {
    json!({"name": "lead", "type": 3, "value": "L-1"})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_a_click_and_a_form_reach_the_desk_through_its_gateway() {
    let front = |desk: &TestDesk| Arc::clone(&desk.front) as Arc<dyn FrontDesk>;
    let Some(mut twin) = Twin::open(front).await else {
        return;
    };
    let lead = twin.desk.question().await;
    let claim = json!({"name": "claim", "options": [lead_option()]});
    let answer = twin.answered("slash", claim).await.expect("answered");
    assert!(reads(&answer.to_string(), "L-1 is yours"), "{answer}");
    assert_eq!(twin.desk.lead(lead).owner(), Some(&"dana".into()));
    // It cannot list commands, so they were registered unseen.
    let registered = twin.ask("commands", json!({}));
    assert!(registered.to_string().contains("\"claim\""), "{registered}");

    let card = twin.desk.front.card(None, lead, 4).expect("a card");
    let at = Channel::new("discord", twin.channel.clone());
    let message = twin.discord.post_card(&at, &card, &Posting::from("L-1")).await;
    let message = message.expect("posted");
    assert!(reads(&twin.shown(), "order 4711"));

    let pressed = json!({"messageId": message.as_str(), "customId": "do|note|L-1"});
    let modal = twin.answered("press", pressed).await.expect("answered");
    assert_eq!(modal["type"], 9, "{modal}");
    let data: Value = serde_json::from_str(modal["data"].as_str().unwrap_or_default()).unwrap_or_default();
    let id = data["custom_id"].as_str().or(data["data"]["custom_id"].as_str());
    let fields = json!([{"customId": "text", "value": "Asked the warehouse"}]);
    let sent = json!({"customId": id.expect("the modal's id"), "fields": fields});
    twin.answered("modal", sent).await.expect("answered");
    let history = twin.desk.history(lead);
    assert!(
        history.iter().any(|line| line.contains("Asked the warehouse")),
        "{history:?}"
    );

    let card = twin.desk.front.card(None, lead, 4).expect("a card");
    twin.discord
        .edit_card(&at, &message, &card)
        .await
        .expect("edited");
    assert!(reads(&twin.shown(), "Claimed by Dana Okafor"));
    twin.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_answered_late_edits_the_placeholder_and_what_was_answered_before_is_followed_up() {
    let mut watched = None;
    let front = |desk: &TestDesk| {
        let before = watched.insert(Watched::new(Arc::clone(&desk.front)));
        Arc::clone(before) as Arc<dyn FrontDesk>
    };
    let Some(mut twin) = Twin::open(front).await else {
        return;
    };
    let watched = watched.expect("opened");
    let lead = twin.desk.question().await;

    let busy = watched.door.write().await;
    let claim = json!({"name": "claim", "options": [lead_option()]});
    let answer = twin.answered("slash", claim).await.expect("answered");
    assert_eq!((&answer["type"], &answer["messageId"]), (&json!(5), &Value::Null));
    assert!(!reads(&twin.shown(), "L-1 is yours"));
    drop(busy);
    twin.comes_to_show("L-1 is yours").await;
    let answer = twin.ask("answer", json!({"id": answer["interactionId"]}));
    assert!(answer["messageId"].is_string(), "it is the placeholder: {answer}");

    // 40060: it has an answer already, so ours follows.
    let text = json!({"name": "text", "type": 3, "value": "Asked the warehouse"});
    let busy = watched.door.write().await;
    let id = twin.begin("slash", json!({"name": "note", "options": [lead_option(), text]}));
    twin.ask("answered", json!({"id": id}));
    assert!(!reads(&twin.shown(), "Noted on L-1"));
    drop(busy);
    twin.comes_to_show("Noted on L-1").await;

    // 10062: nobody waits for the answer any more; what was asked for is done, and the next is answered as ever.
    let busy = watched.door.write().await;
    let id = twin.begin("slash", json!({"name": "release", "options": [lead_option()]}));
    twin.ask("forget", json!({"id": id}));
    let mut changes = twin.desk.front.desk.changes();
    drop(busy);
    let done = tokio::time::timeout(Duration::from_secs(20), changes.recv()).await;
    done.expect("in time").expect("the desk works");
    assert_eq!(twin.desk.lead(lead).owner(), None);
    let answer = twin.answered("slash", json!({"name": "mine"})).await;
    answer.expect("answered");
    twin.close().await;
}
