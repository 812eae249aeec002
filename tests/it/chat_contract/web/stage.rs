//! The web board with a browser in front of it.

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::StatusCode;
use serde_json::Value;
use switchboard::domain::card::Card;
use switchboard::domain::ids::{Channel, MessageRef};
use switchboard::domain::message::Content;
use switchboard::platform::web::{Settings, WebBoard};
use switchboard::port::chat::ChatPlatform;

use super::super::{Looks, Seen};
use crate::web_board::{Browser, open_board};
use crate::web_board_desk::HandWrittenDesk;

pub struct Stage {
    desk: Arc<HandWrittenDesk>,
    board: Arc<WebBoard>,
    browser: Browser,
}

impl Stage {
    pub async fn open() -> Self {
        let (desk, board, browser) = open_board(Settings::default()).await;
        Self { desk, board, browser }
    }

    async fn page(&self, member: &str, channel: &str) -> Vec<Value> {
        let path = format!("/board/api/channels/{channel}/messages");
        let (status, page) = self.browser.of(member).get(&path).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        page["messages"].as_array().expect("messages").clone()
    }
}

#[async_trait]
impl Looks for Stage {
    fn platform(&self) -> &dyn ChatPlatform {
        self.board.as_ref()
    }

    fn channel(&self) -> Channel {
        Channel::new("web", "support")
    }

    fn holds(&self, card: &Card) {
        self.desk.cards.lock().unwrap().insert(card.lead, card.clone());
    }

    fn heard(&self, channel: &Channel, message: &MessageRef, content: Content) {
        self.desk.keep(channel, message.clone(), content);
    }

    async fn seen(&self) -> Vec<Seen> {
        let messages = self.page("dana", "support").await;
        messages.iter().map(seen).collect()
    }

    async fn told(&self, member: &str) -> Vec<String> {
        let messages = self.page(member, &format!("@{member}")).await;
        let texts = messages.iter().map(|message| message["notice"]["text"].to_string());
        texts.collect()
    }
}

/// The page sets every text as text (the browser's own tests look at that), so what it is given is what is displayed.
fn seen(message: &Value) -> Seen {
    let mut words = Vec::new();
    let shown = match &message["card"] {
        Value::Null => &message["digest"],
        card => card,
    };
    strings(shown, &mut words);
    let actions = shown["actions"].as_array().cloned().unwrap_or_default();
    Seen {
        text: words.join("\n"),
        buttons: actions
            .iter()
            .filter_map(|action| action["label"].as_str().map(str::to_owned))
            .collect(),
        ..Seen::default()
    }
}

fn strings(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::String(text) => words.push(text.clone()),
        Value::Number(number) => words.push(format!("L-{number}")),
        Value::Array(list) => list.iter().for_each(|value| strings(value, words)),
        Value::Object(fields) => fields.values().for_each(|value| strings(value, words)),
        _ => {}
    }
}
