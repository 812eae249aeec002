//! Messages: created once per nonce, edited, listed, deleted; and whom they ping.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::channels::{DIRECT, FORUM, THREAD, strings};
use super::door::Asked;
use super::limits::Wrong;
use super::world::{File, State, bot};
use super::{Answer, limits};

/// How long a nonce is remembered: “the past few minutes”.
const NONCE_LIVES: SignedDuration = SignedDuration::from_mins(3);

impl State {
    pub(super) fn message_in(&self, channel: u64, message: &str) -> Option<u64> {
        let id: u64 = message.parse().ok()?;
        let found = self.messages.get(&id)?;
        (found["channel_id"] == channel.to_string().as_str()).then_some(id)
    }

    /// `POST /channels/{c}/messages`.
    pub(super) fn create(&mut self, now: Timestamp, channel: &str, asked: &Asked) -> Answer {
        let (id, room) = match self.room_for(channel) {
            Ok((id, room)) => (id, room.clone()),
            Err(refused) => return refused,
        };
        if room.kind == FORUM {
            return Answer::refused(400, 50008, "Cannot send messages in a non-text channel");
        }
        if let Some((status, code)) = room.refuses_posts {
            return Answer::refused(status, code, "refused in this channel");
        }
        if room
            .recipient
            .is_some_and(|person| self.closed_doors.contains(&person))
        {
            return Answer::refused(403, 50007, "Cannot send messages to this user");
        }
        if room.locked {
            return Answer::refused(400, 160_005, "Thread is locked");
        }
        if let Some(wrong) = limits::of_message(&asked.body, &asked.files, &[]) {
            return wrong;
        }
        let nonce = match &asked.body["nonce"] {
            Value::String(nonce) => Some(nonce.clone()),
            Value::Number(nonce) => Some(nonce.to_string()),
            _ => None,
        };
        let enforced = asked.body["enforce_nonce"] == true;
        if let (Some(nonce), true) = (&nonce, enforced)
            && let Some((first, at)) = self.nonces.get(nonce)
            && at.duration_until(now) <= NONCE_LIVES
        {
            return match self.messages.get(first) {
                Some(message) => Answer::of(200, message.clone()),
                None => Answer::refused(404, 10008, "Unknown Message"),
            };
        }
        let made = self.snowflake(now);
        let mut message = self.keep(now, made, id, bot(), &asked.body, &asked.files);
        if let Some(nonce) = nonce {
            self.nonces.insert(nonce, (made, now));
        }
        if room.kind == THREAD
            && let Some(thread) = self.rooms.get_mut(&id)
        {
            thread.archived = false;
            thread.message_count += 1;
        }
        if room.kind == DIRECT {
            message["guild_id"] = Value::Null;
        }
        Answer::of(200, message)
    }

    /// Keeps a new message, and notes whom it pings.
    pub(super) fn keep(
        &mut self,
        now: Timestamp,
        id: u64,
        channel: u64,
        author: Value,
        body: &Value,
        files: &[File],
    ) -> Value {
        let is_direct = self.rooms.get(&channel).is_some_and(|room| room.kind == DIRECT);
        if !is_direct {
            self.note_pings(body);
        }
        let mut message = json!({
            "id": id.to_string(), "channel_id": channel.to_string(), "author": author, "content": "",
            "timestamp": now.to_string(), "edited_timestamp": null, "tts": false, "mention_everyone": false,
            "mentions": [], "mention_roles": [], "attachments": [], "embeds": [], "components": [],
            "pinned": false, "type": 0, "flags": body["flags"].as_u64().unwrap_or(0)
        });
        if !body["nonce"].is_null() {
            message["nonce"] = body["nonce"].clone();
        }
        overwrite(&mut message, body, files);
        self.messages.insert(id, message.clone());
        message
    }

    /// `PATCH /channels/{c}/messages/{m}`.
    pub(super) fn edit(&mut self, now: Timestamp, channel: &str, message: &str, asked: &Asked) -> Answer {
        let (room_id, archived) = match self.room_for(channel) {
            Ok((id, room)) => (id, room.archived),
            Err(refused) => return refused,
        };
        let Some(id) = self.message_in(room_id, message) else {
            return Answer::refused(404, 10008, "Unknown Message");
        };
        if archived {
            return Answer::refused(400, 50083, "Thread is archived");
        }
        self.edit_kept(now, id, asked)
    }

    pub(super) fn edit_kept(&mut self, now: Timestamp, id: u64, asked: &Asked) -> Answer {
        let mut whole = self.messages[&id].clone();
        overwrite(&mut whole, &asked.body, &asked.files);
        let checked = json!({
            "content": whole["content"], "embeds": whole["embeds"], "components": whole["components"],
            "attachments": asked.body["attachments"]
        });
        if let Some(wrong) = limits::of_edit(&checked, &asked.files) {
            return wrong;
        }
        self.note_pings(&asked.body);
        whole["edited_timestamp"] = now.to_string().into();
        self.messages.insert(id, whole.clone());
        Answer::of(200, whole)
    }

    /// `GET /channels/{c}/messages`: newest first.
    pub(super) fn list(&self, channel: &str, asked: &Asked) -> Answer {
        let id = match self.room_for(channel) {
            Ok((id, _)) => id,
            Err(refused) => return refused,
        };
        let limit: usize = match asked.query("limit").map_or(Ok(50), str::parse) {
            Ok(limit @ 1..=100) => limit,
            _ => return Wrong::one("limit", "NUMBER_TYPE_MAX").answer(),
        };
        let number = |name: &str| asked.query(name).and_then(|id| id.parse::<u64>().ok());
        let (after, before) = (number("after"), number("before"));
        let id_of = |message: &Value| message["id"].as_str().and_then(|id| id.parse::<u64>().ok());
        let mut found: Vec<Value> = self
            .messages_in(id)
            .filter(|message| after.is_none_or(|after| id_of(message) > Some(after)))
            .filter(|message| before.is_none_or(|before| id_of(message) < Some(before)))
            .cloned()
            .collect();
        // After some message: the oldest of the newer ones. Otherwise: the newest. Newest first in either case.
        match after {
            Some(_) => found.truncate(limit),
            None => drop(found.drain(..found.len().saturating_sub(limit))),
        }
        found.reverse();
        Answer::of(200, Value::Array(found))
    }

    /// What nobody asked not to ping, pings: without `allowed_mentions` everything does.
    fn note_pings(&mut self, body: &Value) {
        let mut texts = vec![body["content"].as_str().unwrap_or_default().to_owned()];
        texts.retain(|text| !text.is_empty());
        let allowed = &body["allowed_mentions"];
        let parse = strings(&allowed["parse"]);
        let may = |kind: &str, id: &str| {
            allowed.is_null()
                || parse.iter().any(|parsed| parsed == kind)
                || strings(&allowed[kind]).iter().any(|named| named == id)
        };
        for text in texts {
            for name in ["@everyone", "@here"] {
                if text.contains(name) && may("everyone", "") {
                    self.pings.push(name.to_owned());
                }
            }
            for piece in text.split("<@").skip(1) {
                let Some((id, _)) = piece.split_once('>') else {
                    continue;
                };
                let (kind, bare) = match id.strip_prefix('&') {
                    Some(role) => ("roles", role),
                    None => ("users", id.trim_start_matches('!')),
                };
                if bare.parse::<u64>().is_ok() && may(kind, bare) {
                    self.pings.push(format!("<@{id}>"));
                }
            }
        }
    }
}

/// Fields that a body names replace those of the message; attachments that it does not list are gone.
fn overwrite(message: &mut Value, body: &Value, files: &[File]) {
    for field in ["content", "components", "flags"] {
        match &body[field] {
            Value::Null => {}
            value => message[field] = value.clone(),
        }
    }
    if let Some(embeds) = body["embeds"].as_array() {
        let rich = embeds.iter().map(|embed| {
            let mut embed = embed.clone();
            embed["type"] = "rich".into();
            embed
        });
        message["embeds"] = rich.collect();
    }
    if let Some(listed) = body["attachments"].as_array() {
        let kept = listed.iter().map(|listed| {
            let part = format!("files[{}]", listed["id"].as_str().map_or_else(|| listed["id"].to_string(), str::to_owned));
            let file = files.iter().find(|file| file.part == part);
            json!({
                "id": message["id"], "filename": listed["filename"], "description": listed["description"],
                "size": file.map_or(0, |file| file.bytes.len()), "url": "https://cdn.example/a", "proxy_url": "https://cdn.example/a",
            })
        });
        message["attachments"] = kept.collect();
    }
}

impl State {
    pub fn was_asked(&self, path: &str) -> bool {
        self.requests.iter().any(|request| request.path.starts_with(path))
    }

    pub fn times_asked(&self, method: &str, path: &str) -> usize {
        let asked = self.requests.iter();
        asked
            .filter(|request| request.method == method && request.path.contains(path))
            .count()
    }

    pub fn has_messages(&self) -> bool {
        !self.messages.is_empty()
    }
}
