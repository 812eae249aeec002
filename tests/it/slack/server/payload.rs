//! What Slack sends to an app, in both of its wrappings: a signed body over HTTP, an envelope in a socket.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;

/// One delivery: `kind` is its name in Socket Mode, `body` what both ways carry.
#[derive(Clone, Debug)]
pub struct Payload {
    pub kind: &'static str,
    pub body: Value,
}

/// What the app acknowledged with; null where it said nothing.
#[derive(Clone, Debug)]
pub struct Answered {
    pub body: Value,
}

impl Payload {
    /// Where it arrives over HTTP.
    pub fn path(&self) -> &'static str {
        match self.kind {
            "slash_commands" => "/slack/commands",
            "interactive" => "/slack/interactivity",
            _ => "/slack/events",
        }
    }

    /// The raw body over HTTP.
    pub fn raw(&self) -> String {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        match self.kind {
            "events_api" => return self.body.to_string(),
            "slash_commands" => {
                for (name, value) in self.body.as_object().into_iter().flatten() {
                    form.append_pair(name, value.as_str().unwrap_or_default());
                }
            }
            _ => {
                form.append_pair("payload", &self.body.to_string());
            }
        }
        form.finish()
    }

    pub fn content_type(&self) -> &'static str {
        match self.kind {
            "events_api" => "application/json",
            _ => "application/x-www-form-urlencoded",
        }
    }

    pub(super) fn takes_answer(&self) -> bool {
        self.kind == "slash_commands"
            || matches!(
                self.body["type"].as_str(),
                Some("view_submission" | "block_suggestion")
            )
    }
}

/// `v0=…` over the raw body.
pub fn signature(secret: &str, seconds: i64, body: &str) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).expect("any key");
    mac.update(format!("v0:{seconds}:{body}").as_bytes());
    let hex: String = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("v0={hex}")
}
