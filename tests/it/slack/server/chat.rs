//! Messages: posted, edited, deleted, shown to one person, answered through a response URL.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response as HttpResponse};
use serde_json::{Value, json};

use super::world::{APP, Answer, BOT, BOT_USER, Call, Ephemeral, No, TEAM, World, named_blocks, text};
use super::{Fault, SlackServer, blocks};

const LONGEST_TEXT: usize = 40_000;
const LONGEST_UPDATE: usize = 4_000;

impl World {
    /// The channel a call may write into.
    fn writable(&mut self, body: &Value) -> Result<String, No> {
        self.require("chat:write")?;
        let named = text(body, "channel").ok_or("channel_not_found")?;
        let id = match named.starts_with(['U', 'W']) {
            true if self.people.contains_key(named) => self.direct(named),
            _ => named.to_owned(),
        };
        let channel = self.channels.get(&id).ok_or("channel_not_found")?;
        match channel {
            channel if channel.archived => Err("is_archived".into()),
            channel if channel.has_bot => Ok(id),
            channel if channel.private => Err("channel_not_found".into()),
            _ if self.scopes.contains("chat:write.public") => Ok(id),
            _ => Err("not_in_channel".into()),
        }
    }

    /// What Slack checks of any message.
    fn content(&self, body: &Value, longest: usize) -> Result<(), No> {
        if body["markdown_text"].is_string() && (body["text"].is_string() || body["blocks"].is_array()) {
            return Err("markdown_text_conflict".into());
        }
        let has_blocks = body["blocks"].as_array().is_some_and(|blocks| !blocks.is_empty());
        if text(body, "text").is_none() && !has_blocks {
            return Err("no_text".into());
        }
        if text(body, "text").is_some_and(|text| text.chars().count() > longest) {
            return Err("msg_too_long".into());
        }
        let metadata = &body["metadata"];
        let is_cleared = metadata.as_object().is_some_and(serde_json::Map::is_empty);
        let is_whole = text(metadata, "event_type").is_some() && metadata["event_payload"].is_object();
        if !(metadata.is_null() || is_cleared || is_whole) {
            return Err(No::new("invalid_metadata_format", metadata.to_string()));
        }
        blocks::message(self, &body["blocks"])
    }

    pub fn post_message(&mut self, body: &Value) -> Answer {
        let channel = self.writable(body)?;
        self.content(body, LONGEST_TEXT)?;
        let ts = self.ts();
        let mut message = json!({
            "type": "message", "user": BOT_USER, "bot_id": BOT, "app_id": APP, "team": TEAM, "ts": ts,
            "text": body["text"].as_str().unwrap_or_default(),
            "unfurl_links": body["unfurl_links"], "unfurl_media": body["unfurl_media"],
        });
        for key in ["metadata", "thread_ts"] {
            if !body[key].is_null() {
                message[key] = body[key].clone();
            }
        }
        if !body["blocks"].is_null() {
            message["blocks"] = named_blocks(self, &body["blocks"]);
        }
        let messages = &mut self.channel_mut(&channel).messages;
        if let Some(parent) = text(body, "thread_ts")
            && !messages.contains_key(parent)
        {
            return Err("thread_not_found".into());
        }
        messages.insert(ts.clone(), message.clone());
        Ok(json!({"channel": channel, "ts": ts, "message": message}))
    }

    pub fn update(&mut self, body: &Value) -> Answer {
        let channel = self.writable(body)?;
        self.content(body, LONGEST_UPDATE)?;
        let ts = text(body, "ts").ok_or("message_not_found")?.to_owned();
        let now = self.ts();
        // Text without blocks takes the old blocks away.
        let blocks = match body["blocks"].is_null() {
            true => json!([]),
            false => named_blocks(self, &body["blocks"]),
        };
        let message = self
            .channel_mut(&channel)
            .messages
            .get_mut(&ts)
            .ok_or("message_not_found")?;
        if message["bot_id"] != BOT {
            return Err("cant_update_message".into());
        }
        message["text"] = json!(body["text"].as_str().unwrap_or_default());
        message["blocks"] = blocks;
        // No metadata keeps the old, an empty one clears it.
        match body["metadata"].as_object() {
            Some(metadata) if metadata.is_empty() => message["metadata"] = Value::Null,
            Some(_) => message["metadata"] = body["metadata"].clone(),
            None => {}
        }
        message["edited"] = json!({"user": BOT_USER, "ts": now});
        Ok(json!({"channel": channel, "ts": ts, "text": message["text"], "message": message}))
    }

    pub fn post_ephemeral(&mut self, body: &Value) -> Answer {
        let channel = self.writable(body)?;
        self.content(body, LONGEST_TEXT)?;
        let user = text(body, "user").ok_or("user_not_in_channel")?.to_owned();
        if !self.channel_mut(&channel).members.contains(&user) {
            return Err("user_not_in_channel".into());
        }
        let message_ts = self.ts();
        self.show_to(&channel, &user, body);
        Ok(json!({"message_ts": message_ts}))
    }

    pub fn show_to(&mut self, channel: &str, user: &str, body: &Value) {
        self.ephemerals.push(Ephemeral {
            channel: channel.to_owned(),
            user: user.to_owned(),
            text: body["text"].as_str().unwrap_or_default().to_owned(),
            blocks: body["blocks"].clone(),
            thread_ts: text(body, "thread_ts").map(str::to_owned),
        });
    }

    pub fn delete(&mut self, body: &Value) -> Answer {
        let channel = self.writable(body)?;
        let ts = text(body, "ts").ok_or("message_not_found")?.to_owned();
        match self.channel_mut(&channel).messages.remove(&ts) {
            Some(_) => Ok(json!({"channel": channel, "ts": ts})),
            None => Err("message_not_found".into()),
        }
    }

    pub fn permalink(&mut self, body: &Value) -> Answer {
        let channel = text(body, "channel").ok_or("channel_not_found")?;
        let ts = text(body, "message_ts").ok_or("message_not_found")?;
        let found = self.channels.get(channel).ok_or("channel_not_found")?;
        match found.messages.contains_key(ts) {
            true => {
                let link = format!(
                    "https://larkspur.slack.com/archives/{channel}/p{}",
                    ts.replace('.', "")
                );
                Ok(json!({"channel": channel, "permalink": link}))
            }
            false => Err("message_not_found".into()),
        }
    }

    /// The message that answers a command, a click or a response URL.
    pub fn answer(
        &mut self,
        channel: &str,
        user: &str,
        clicked: Option<&str>,
        body: &Value,
    ) -> Result<(), No> {
        if body["delete_original"] == true {
            if let Some(ts) = clicked {
                self.channel_mut(channel).messages.remove(ts);
            }
            return Ok(());
        }
        self.content(body, LONGEST_TEXT)?;
        if body["replace_original"] == true {
            if let Some(message) = clicked.and_then(|ts| self.channel_mut(channel).messages.get_mut(ts)) {
                message["text"] = body["text"].clone();
                message["blocks"] = body["blocks"].clone();
            }
            return Ok(());
        }
        if body["response_type"] != "in_channel" {
            self.show_to(channel, user, body);
            return Ok(());
        }
        let ts = self.ts();
        let message = json!({
            "type": "message", "user": BOT_USER, "bot_id": BOT, "ts": ts, "text": body["text"], "blocks": body["blocks"],
        });
        self.channel_mut(channel).messages.insert(ts, message);
        Ok(())
    }
}

/// A response URL: five answers within thirty minutes, no token.
pub async fn respond(State(server): State<SlackServer>, Path(id): Path<String>, body: Bytes) -> HttpResponse {
    let mut world = server.world();
    let at = world.now();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let number = world.calls.len();
    world.calls.push(Call {
        at,
        method: "response_url".to_owned(),
        body: body.clone(),
        outcome: "ok".to_owned(),
    });
    if world.is_down {
        world.calls[number].outcome = "503".to_owned();
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let fault = world.faults.iter().position(|(of, _)| of == "response_url");
    if let Some(fault) = fault {
        let (_, fault) = world.faults.remove(fault);
        world.calls[number].outcome = format!("{fault:?}");
        return match fault {
            Fault::StatusBefore(status) | Fault::StatusAfter(status) => {
                StatusCode::from_u16(status).expect("a status").into_response()
            }
            _ => StatusCode::BAD_GATEWAY.into_response(),
        };
    }
    let outcome = match world.responses.get_mut(&id) {
        None => Err(No::from("expired_url")),
        Some(response) if response.until < at || response.uses >= 5 => Err(No::from("used_url")),
        Some(response) => {
            response.uses += 1;
            let (channel, user) = (response.channel.clone(), response.user.clone());
            let clicked = response.message.clone();
            world.answer(&channel, &user, clicked.as_deref(), &body)
        }
    };
    match outcome {
        Ok(()) => ([(header::CONTENT_TYPE, "text/html")], "ok").into_response(),
        Err(no) => {
            world.calls[number].outcome = format!("{}: {}", no.code, no.detail);
            let status = match no.code.as_str() {
                "expired_url" | "used_url" => StatusCode::NOT_FOUND,
                _ => StatusCode::BAD_REQUEST,
            };
            (status, no.code).into_response()
        }
    }
}
