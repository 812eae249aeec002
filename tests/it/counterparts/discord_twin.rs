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
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Node;
use crate::story::{TestDesk, reads};

struct Twin {
    node: Node,
    channel: String,
    person: String,
}

impl Twin {
    fn ask(&mut self, ask: &str, args: Value) -> Value {
        let mut line = args;
        line["ask"] = json!(ask);
        let answer = self.node.ask(&line);
        assert!(answer["error"].is_null(), "{ask}: {answer}");
        answer
    }

    /// Somebody does something; what we answered first, once we did. None: we did not hear of it.
    async fn answered(&mut self, ask: &str, args: Value) -> Option<Value> {
        let mut args = args;
        args["channelId"] = json!(self.channel);
        args["userId"] = json!(self.person);
        let interaction = self.ask(ask, args);
        for _ in 0..40 {
            let answer = self.ask("answer", json!({"id": interaction["id"]}));
            if answer["acknowledged"] == true {
                return Some(answer);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        None
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_a_click_and_a_form_reach_the_desk_through_its_gateway() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let Some(node) = Node::start("discord_twin.mjs") else {
        return;
    };
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
    let mut desk = TestDesk::with(known, Faults::default());
    let lead = desk.question().await;
    let roster = Arc::clone(&desk.front.setup.roster);
    let company = Arc::new(move || roster.company());
    let clock = Arc::new(jiff::Timestamp::now);
    let discord = Discord::open(settings, folder.path(), clock, company).expect("Discord opens");
    let (discord, stop) = (Arc::new(discord), CancellationToken::new());
    let listening = tokio::spawn(listen(
        Arc::clone(&discord),
        ours,
        Arc::clone(&desk.front) as Arc<dyn FrontDesk>,
        TaskTracker::new(),
        stop.clone(),
    ));
    let mut twin = Twin {
        node,
        channel: channel.clone(),
        person,
    };

    // What is said before the gateway is ready is lost, as on Discord: it is said again.
    let option = json!([{"name": "lead", "type": 3, "value": "L-1"}]);
    let mut answer = None;
    for _ in 0..15 {
        answer = twin
            .answered("slash", json!({"name": "claim", "options": option}))
            .await;
        if answer.is_some() {
            break;
        }
    }
    let answer = answer.expect("the gateway is ready in the end");
    assert!(reads(&answer.to_string(), "L-1 is yours"), "{answer}");
    assert_eq!(desk.lead(lead).owner(), Some(&"dana".into()));
    // It cannot list commands, so they were registered unseen.
    let registered = twin.ask("commands", json!({}));
    assert!(registered.to_string().contains("\"claim\""), "{registered}");

    let card = desk.front.card(None, lead, 4).expect("a card");
    let at = Channel::new("discord", channel.clone());
    let message = discord.post_card(&at, &card, &Posting::from("L-1")).await;
    let message = message.expect("posted");
    let messages = twin.ask("messages", json!({"channelId": channel}));
    assert!(reads(&messages.to_string(), "order 4711"), "{messages}");

    let pressed = json!({"messageId": message.as_str(), "customId": "do|note|L-1"});
    let modal = twin.answered("press", pressed).await.expect("answered");
    assert_eq!(modal["type"], 9, "{modal}");
    let data: Value = serde_json::from_str(modal["data"].as_str().unwrap_or_default()).unwrap_or_default();
    let id = data["custom_id"].as_str().or(data["data"]["custom_id"].as_str());
    let fields = json!([{"customId": "text", "value": "Asked the warehouse"}]);
    let sent = json!({"customId": id.expect("the modal's id"), "fields": fields});
    twin.answered("modal", sent).await.expect("answered");
    assert!(
        desk.history(lead)
            .iter()
            .any(|line| line.contains("Asked the warehouse"))
    );

    let card = desk.front.card(None, lead, 4).expect("a card");
    discord.edit_card(&at, &message, &card).await.expect("edited");
    let messages = twin.ask("messages", json!({"channelId": channel}));
    assert!(
        reads(&messages.to_string(), "Claimed by Dana Okafor"),
        "{messages}"
    );
    stop.cancel();
    listening.await.expect("it stops when it is told to");
}
