//! The routes, and who may use them: all but interaction callbacks and follow-ups want the bot's token.

use serde_json::{Value, json};

use super::door::Asked;
use super::world::{State, World, bot};
use super::{APPLICATION, Answer, BOT, GUILD, limits_of_commands};

pub(super) fn answer(world: &World, state: &mut State, asked: &Asked) -> Answer {
    let now = world.now();
    let path: Vec<&str> = asked.path.iter().map(String::as_str).collect();
    let open = matches!(path[..], ["interactions", ..] | ["webhooks", _, _, ..]);
    if !open && asked.token.as_deref() != Some(&format!("Bot {}", state.token)) {
        return Answer::refused(401, 0, "401: Unauthorized");
    }
    match (asked.method.as_str(), &path[..]) {
        ("GET", ["gateway"]) if state.gateway_listed => Answer::of(200, json!({ "url": world.gateway_url })),
        ("GET", ["gateway", "bot"]) if state.gateway_listed => {
            let limit = json!({ "total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1 });
            let body = json!({ "url": world.gateway_url, "shards": 1, "session_start_limit": limit });
            Answer::of(200, body)
        }
        ("GET", ["users", "@me"]) => Answer::of(200, bot()),
        ("GET", ["applications", "@me"] | ["oauth2", "applications", "@me"]) => Answer::of(
            200,
            json!({ "id": APPLICATION.to_string(), "name": "Switchboard", "verify_key": super::Signer::public_key(), "flags": 0,
                    "interactions_endpoint_url": null }),
        ),
        ("POST", ["users", "@me", "channels"]) => state.open_direct(now, &asked.body),
        ("GET" | "PUT", ["applications", application, rest @ ..]) => {
            if *application != APPLICATION.to_string() {
                return Answer::refused(404, 10002, "Unknown Application");
            }
            match *rest {
                ["commands"] => state.commands_of("global", asked),
                ["guilds", guild, "commands"] if guild == GUILD.to_string() => {
                    state.commands_of("guild", asked)
                }
                ["guilds", _, "commands"] => Answer::refused(403, 50001, "Missing Access"),
                _ => not_found(),
            }
        }
        ("GET", ["guilds", guild, rest @ ..]) => {
            if *guild != GUILD.to_string() {
                return Answer::refused(404, 10004, "Unknown Guild");
            }
            match *rest {
                [] => Answer::of(
                    200,
                    json!({ "id": guild, "name": "Larkspur Home", "roles": [
                    { "id": guild, "name": "@everyone", "permissions": "1024" },
                    { "id": BOT.to_string(), "name": "Switchboard", "permissions": "309237763072" },
                ] }),
                ),
                ["members", bot] if bot == BOT.to_string() => {
                    Answer::of(200, json!({ "user": super::world::bot(), "roles": [bot] }))
                }
                ["channels"] => {
                    let rooms = state.rooms.iter().filter(|(_, room)| room.recipient.is_none());
                    Answer::of(200, rooms.map(|(id, room)| state.channel(*id, room)).collect())
                }
                ["threads", "active"] => state.listed_threads(None, false),
                _ => not_found(),
            }
        }
        ("GET", ["channels", channel]) => match state.room_for(channel) {
            Ok((id, room)) => Answer::of(200, state.channel(id, room)),
            Err(refused) => refused,
        },
        ("PATCH", ["channels", channel]) => state.change_channel(channel, &asked.body),
        ("GET", ["channels", channel, "threads", "archived", "public"]) => match state.room_for(channel) {
            Ok((id, _)) => state.listed_threads(Some(id), true),
            Err(refused) => refused,
        },
        ("POST", ["channels", channel, "threads"]) => state.post_in_forum(now, channel, asked),
        ("POST", ["channels", channel, "messages"]) => state.create(now, channel, asked),
        ("GET", ["channels", channel, "messages"]) => state.list(channel, asked),
        ("PATCH", ["channels", channel, "messages", message]) => state.edit(now, channel, message, asked),
        ("POST", ["channels", channel, "messages", message, "threads"]) => {
            state.thread_under(channel, message, &asked.body)
        }
        (method @ ("GET" | "DELETE"), ["channels", channel, "messages", message]) => {
            let id = match state.room_for(channel) {
                Ok((id, _)) => id,
                Err(refused) => return refused,
            };
            let Some(id) = state.message_in(id, message) else {
                return Answer::refused(404, 10008, "Unknown Message");
            };
            if method == "GET" {
                return Answer::of(200, state.messages[&id].clone());
            }
            state.messages.remove(&id);
            Answer::empty()
        }
        ("POST", ["interactions", id, token, "callback"]) => {
            match state.first_answer(now, id, token, &asked.body) {
                Ok(()) if asked.query("with_response") == Some("true") => {
                    Answer::of(200, json!({ "interaction": { "id": id } }))
                }
                Ok(()) => Answer::empty(),
                Err(refused) => refused,
            }
        }
        ("POST", ["webhooks", application, token]) => state.follow_up(now, application, token, asked),
        (method, ["webhooks", application, token, "messages", message]) => {
            state.followed_up(now, method, application, token, message, asked)
        }
        _ => not_found(),
    }
}

fn not_found() -> Answer {
    Answer::refused(404, 0, "404: Not Found")
}

impl State {
    fn commands_of(&mut self, scope: &str, asked: &Asked) -> Answer {
        if asked.method == "GET" {
            let known = self.commands.get(scope).cloned();
            return Answer::of(200, known.unwrap_or_else(|| json!([])));
        }
        if let Some(wrong) = limits_of_commands::of_commands(&asked.body) {
            return wrong;
        }
        let made = asked
            .body
            .as_array()
            .into_iter()
            .flatten()
            .zip(1_u64..)
            .map(|(command, number)| {
                let mut command = command.clone();
                command["id"] = (APPLICATION + 1000 + number).to_string().into();
                command["application_id"] = APPLICATION.to_string().into();
                command["version"] = (APPLICATION + 2000 + number).to_string().into();
                if command["type"].is_null() {
                    command["type"] = 1.into();
                }
                if scope == "guild" {
                    command["guild_id"] = GUILD.to_string().into();
                }
                command
            });
        let made: Value = made.collect();
        self.commands.insert(scope.to_owned(), made.clone());
        Answer::of(200, made)
    }
}

impl World {
    /// Whether `GET /gateway` works.
    pub fn list_gateway(&self, listed: bool) {
        self.state().gateway_listed = listed;
    }
}
