//! Reading conversations: history, threads, what a channel is.

use serde_json::{Value, json};

use super::world::{Answer, BOT_USER, Channel, No, TEAM, World, text};

impl World {
    fn readable(&self, id: &str, need: &str) -> Result<&Channel, No> {
        let channel = self.channels.get(id).ok_or("channel_not_found")?;
        let kind = match id.starts_with('D') {
            true => "im",
            false if channel.private => "groups",
            false => "channels",
        };
        self.require(&format!("{kind}:{need}"))?;
        match channel.has_bot {
            true => Ok(channel),
            false if channel.private => Err("channel_not_found".into()),
            false if need == "history" => Err("not_in_channel".into()),
            false => Ok(channel),
        }
    }

    pub fn history(&mut self, body: &Value) -> Answer {
        let id = text(body, "channel").ok_or("channel_not_found")?;
        let channel = self.readable(id, "history")?;
        let wanted = |message: &&Value| match message["thread_ts"].as_str() {
            Some(parent) => message["ts"] == parent,
            None => true,
        };
        let mut found: Vec<&Value> = channel
            .messages
            .values()
            .filter(wanted)
            .filter(between(body))
            .collect();
        found.reverse();
        page(found, body, 100)
    }

    pub fn replies(&mut self, body: &Value) -> Answer {
        let id = text(body, "channel").ok_or("channel_not_found")?;
        let channel = self.readable(id, "history")?;
        let parent = text(body, "ts").ok_or("thread_not_found")?;
        let first = channel.messages.get(parent).ok_or("thread_not_found")?;
        let replies = channel
            .messages
            .values()
            .filter(|message| message["thread_ts"] == parent);
        let found: Vec<&Value> = std::iter::once(first)
            .chain(replies.filter(between(body)))
            .collect();
        page(found, body, 1000)
    }

    pub fn channel_info(&mut self, body: &Value) -> Answer {
        let id = text(body, "channel").ok_or("channel_not_found")?;
        let channel = self.readable(id, "read")?;
        Ok(json!({"channel": {
            "id": id, "name": channel.name, "is_channel": true, "is_private": channel.private,
            "is_archived": channel.archived, "is_member": channel.has_bot, "is_im": id.starts_with('D'),
            "is_ext_shared": false, "context_team_id": TEAM,
        }}))
    }

    pub fn channel_members(&mut self, body: &Value) -> Answer {
        let id = text(body, "channel").ok_or("channel_not_found")?;
        let channel = self.readable(id, "read")?;
        let mut members = channel.members.clone();
        if channel.has_bot && !members.iter().any(|member| member == BOT_USER) {
            members.push(BOT_USER.to_owned());
        }
        let (from, limit) = place(body, 100)?;
        let next = next_place(from, limit, members.len());
        let members: Vec<String> = members.into_iter().skip(from).take(limit).collect();
        Ok(json!({"members": members, "response_metadata": {"next_cursor": next}}))
    }

    pub fn open_direct(&mut self, body: &Value) -> Answer {
        self.require("im:write")?;
        let user = text(body, "users").ok_or("users_list_not_supplied")?.to_owned();
        if !self.people.contains_key(&user) {
            return Err("user_not_found".into());
        }
        let id = self.direct(&user);
        Ok(json!({"channel": {"id": id}}))
    }

    pub fn join(&mut self, body: &Value) -> Answer {
        self.require("channels:join")?;
        let id = text(body, "channel").ok_or("channel_not_found")?;
        let channel = self.channels.get_mut(id).ok_or("channel_not_found")?;
        match channel {
            channel if channel.private => Err("method_not_supported_for_channel_type".into()),
            channel if channel.archived => Err("is_archived".into()),
            channel => {
                channel.has_bot = true;
                Ok(json!({"channel": {"id": id}}))
            }
        }
    }
}

/// Timestamps are strings of one shape, so that their order is the order of time.
fn between(body: &Value) -> impl Fn(&&Value) -> bool {
    let oldest = text(body, "oldest").unwrap_or("0").to_owned();
    let latest = text(body, "latest").map(str::to_owned);
    let inclusive = is_set(body, "inclusive");
    let number = |text: &str| {
        let (seconds, rest) = text.split_once('.').unwrap_or((text, "0"));
        let rest = format!("{rest:0<6}");
        (
            seconds.parse::<u64>().unwrap_or(0),
            rest.parse::<u64>().unwrap_or(0),
        )
    };
    move |message| {
        let at = number(message["ts"].as_str().unwrap_or_default());
        let after = match inclusive {
            true => at >= number(&oldest),
            false => at > number(&oldest),
        };
        let before = latest.as_deref().is_none_or(|latest| match inclusive {
            true => at <= number(latest),
            false => at < number(latest),
        });
        after && before
    }
}

pub fn is_set(body: &Value, key: &str) -> bool {
    body[key] == true || matches!(body[key].as_str(), Some("true" | "1"))
}

fn page(found: Vec<&Value>, body: &Value, usual: usize) -> Answer {
    let (from, limit) = place(body, usual)?;
    let next = next_place(from, limit, found.len());
    let all = is_set(body, "include_all_metadata");
    let shown: Vec<Value> = found
        .into_iter()
        .skip(from)
        .take(limit)
        .map(|message| {
            let mut message = message.clone();
            if !all && message["metadata"].is_object() {
                message["metadata"] = json!({"event_type": message["metadata"]["event_type"]});
            }
            message
        })
        .collect();
    Ok(json!({"messages": shown, "has_more": !next.is_empty(), "response_metadata": {"next_cursor": next}}))
}

/// Where a page begins and how long it is.
pub fn place(body: &Value, usual: usize) -> Result<(usize, usize), No> {
    let number = |key: &str| match &body[key] {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().map(|number| number as usize),
    };
    let from = match text(body, "cursor") {
        None => 0,
        Some(cursor) => cursor
            .strip_prefix("from-")
            .and_then(|at| at.parse().ok())
            .ok_or("invalid_cursor")?,
    };
    Ok((from, number("limit").unwrap_or(usual).clamp(1, 1000)))
}

pub fn next_place(from: usize, limit: usize, all: usize) -> String {
    match from + limit < all {
        true => format!("from-{}", from + limit),
        false => String::new(),
    }
}
