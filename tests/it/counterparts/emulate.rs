//! What we write to Slack, written to a Slack that no one here wrote. It keeps messages, views and files; it takes reads by
//! POST only, so that ours, which are GET as Slack's own are, come back with nothing: the test itself looks.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};
use switchboard::domain::ids::Channel;
use switchboard::domain::notice::Row;
use switchboard::platform::slack::Slack;
use switchboard::port::chat::{ChatPlatform, Posting};
use switchboard::port::delivery_error::DeliveryError;

use super::Node;
use crate::web_board_things::card;

struct Emulate {
    _node: Node,
    url: String,
    channel: Channel,
    slack: Slack,
    _folder: tempfile::TempDir,
}

async fn ask(url: &str, method: &str, body: Value) -> Value {
    let asked = reqwest::Client::new()
        .post(format!("{url}/api/{method}"))
        .bearer_auth("xoxb-test")
        .header("content-type", "application/json")
        .body(body.to_string());
    let answer = asked.send().await.expect("emulate answers");
    let text = answer.text().await.expect("a body");
    let answer: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{method}: {text}"));
    assert_eq!(answer["ok"], true, "{method}: {answer}");
    answer
}

impl Emulate {
    async fn start() -> Option<Self> {
        let node = tokio::task::spawn_blocking(|| Node::start("emulate.mjs"));
        let node = node.await.expect("Node starts")?;
        let url = node.said["url"].as_str().expect("where it listens").to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "on loopback only");
        let channels = ask(&url, "conversations.list", json!({})).await;
        let channels = channels["channels"].as_array().expect("channels");
        let channel = channels.iter().find(|channel| channel["name"] == "support");
        let channel = channel.expect("a channel")["id"]
            .as_str()
            .expect("an id")
            .to_owned();
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("bot"), "xoxb-test").expect("a file");
        let settings = json!({"bot_token": {"file": "bot"}, "api_url": format!("{url}/api")});
        let settings = serde_json::from_value(settings).expect("settings");
        let slack = Slack::open(settings, folder.path(), Arc::new(Timestamp::now)).expect("Slack opens");
        Some(Self {
            _node: node,
            url,
            channel: Channel::new("slack", channel),
            slack,
            _folder: folder,
        })
    }

    async fn messages(&self) -> Vec<Value> {
        let history = ask(
            &self.url,
            "conversations.history",
            json!({"channel": self.channel.name, "include_all_metadata": true}),
        );
        history.await["messages"].as_array().expect("messages").clone()
    }
}

#[tokio::test]
async fn a_card_is_posted_edited_and_told_of_in_its_thread() {
    let Some(there) = Emulate::start().await else {
        return;
    };
    let mut lead = card(7, "support", "My parcel is lost", Timestamp::now());
    let posting = Posting::from("L-7");
    let message = there
        .slack
        .post_card(&there.channel, &lead, &posting)
        .await
        .expect("posted");
    let messages = there.messages().await;
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!(messages[0]["ts"], message.as_str());
    assert!(messages[0].to_string().contains("My parcel is lost"));

    lead.status = "Claimed by Dana Okafor".into();
    let edited = there.slack.edit_card(&there.channel, &message, &lead).await;
    edited.expect("edited");
    let messages = there.messages().await;
    assert_eq!(messages.len(), 1);
    assert!(messages[0].to_string().contains("Claimed by Dana Okafor"));

    let line = Row {
        lead: None,
        text: "Dana Okafor claimed it".into(),
        said: None,
        at: Some(Timestamp::now()),
    };
    let posting = Posting::from("line");
    let told = there.slack.tell_thread(&there.channel, &message, &line, &posting);
    told.await.expect("told");
    let thread = ask(
        &there.url,
        "conversations.replies",
        json!({"channel": there.channel.name, "ts": message.as_str()}),
    );
    let thread = thread.await;
    assert!(thread.to_string().contains("Dana Okafor claimed it"), "{thread}");

    let deleted = json!({"channel": there.channel.name, "ts": message.as_str()});
    ask(&there.url, "chat.delete", deleted).await;
    let gone = there.slack.edit_card(&there.channel, &message, &lead).await;
    assert!(matches!(gone, Err(DeliveryError::Gone(_))), "{gone:?}");
}

#[tokio::test]
async fn a_channel_that_is_not_there_is_a_closed_way() {
    let Some(there) = Emulate::start().await else {
        return;
    };
    let lead = card(7, "support", "My parcel is lost", Timestamp::now());
    let nowhere = Channel::new("slack", "C0NOWHERE");
    let posted = there
        .slack
        .post_card(&nowhere, &lead, &Posting::from("L-7"))
        .await;
    assert!(matches!(posted, Err(DeliveryError::Blocked(_))), "{posted:?}");
}
