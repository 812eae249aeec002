//! What people see: messages of a channel, their texts and buttons.

use serde_json::Value;

use super::SlackServer;

/// One channel, as it is when it is asked.
pub struct Room {
    server: SlackServer,
    id: String,
}

/// One message as it was when it was looked at.
#[derive(Clone, Debug)]
pub struct Shown {
    pub channel: String,
    pub ts: String,
    pub raw: Value,
}

impl Room {
    pub(super) fn of(server: &SlackServer, id: &str) -> Self {
        Self {
            server: server.clone(),
            id: id.to_owned(),
        }
    }

    fn all(&self) -> Vec<Shown> {
        let mut world = self.server.world();
        let messages = &world.channel_mut(&self.id).messages;
        let shown = |(ts, raw): (&String, &Value)| Shown {
            channel: self.id.clone(),
            ts: ts.clone(),
            raw: raw.clone(),
        };
        messages.iter().map(shown).collect()
    }

    /// Messages that stand in the channel itself, oldest first.
    pub fn messages(&self) -> Vec<Shown> {
        let mut all = self.all();
        all.retain(|message| {
            message.raw["thread_ts"]
                .as_str()
                .is_none_or(|parent| parent == message.ts)
        });
        all
    }

    /// What stands in the thread under a message, oldest first.
    pub fn thread(&self, ts: &str) -> Vec<Shown> {
        let mut all = self.all();
        all.retain(|message| message.raw["thread_ts"] == ts && message.ts != ts);
        all
    }

    pub fn message(&self, ts: &str) -> Shown {
        let mut all = self.all();
        all.retain(|message| message.ts == ts);
        all.pop()
            .unwrap_or_else(|| panic!("no message {ts} in {}", self.id))
    }

    /// The one message of the channel.
    pub fn only(&self) -> Shown {
        let mut messages = self.messages();
        assert_eq!(messages.len(), 1, "messages in {}: {messages:#?}", self.id);
        messages.remove(0)
    }
}

impl Shown {
    /// What a notification and a screen reader say.
    pub fn text(&self) -> &str {
        self.raw["text"].as_str().unwrap_or_default()
    }

    /// Everything there is to read in the blocks, text by text, as it was sent.
    pub fn reads(&self) -> Vec<String> {
        let mut found = Vec::new();
        texts(&self.raw["blocks"], &mut found);
        found
    }

    pub fn says(&self, part: &str) -> bool {
        self.reads().iter().any(|text| text.contains(part))
    }

    fn elements(&self) -> Vec<Value> {
        let blocks = self.raw["blocks"].as_array().into_iter().flatten();
        let listed = blocks.flat_map(|block| match block["type"].as_str() {
            Some("actions") => block["elements"].as_array().cloned().unwrap_or_default(),
            _ => vec![block["accessory"].clone()],
        });
        listed.filter(|element| element["type"] == "button").collect()
    }

    /// The labels of its buttons, in order.
    pub fn buttons(&self) -> Vec<String> {
        let label = |button: &Value| button["text"]["text"].as_str().unwrap_or_default().to_owned();
        self.elements().iter().map(label).collect()
    }

    pub fn button(&self, label: &str) -> Value {
        let mut buttons = self.elements();
        buttons.retain(|button| button["text"]["text"] == label);
        buttons
            .pop()
            .unwrap_or_else(|| panic!("no button “{label}” among {:?}", self.buttons()))
    }

    /// The action id behind a button.
    pub fn action(&self, label: &str) -> String {
        self.button(label)["action_id"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The key that the bot left with the message.
    pub fn key(&self) -> Option<&str> {
        self.raw["metadata"]["event_payload"]["key"].as_str()
    }

    pub fn is_edited(&self) -> bool {
        self.raw["edited"].is_object()
    }
}

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| texts(one, found)),
        Value::Object(fields) => {
            if let Some(text) = fields.get("text").and_then(Value::as_str) {
                found.push(text.to_owned());
            }
            fields
                .values()
                .filter(|value| !value.is_string())
                .for_each(|one| texts(one, found));
        }
        _ => {}
    }
}
