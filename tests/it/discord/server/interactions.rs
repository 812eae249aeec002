//! Interactions: made as Discord makes them (all fields that serenity wants), and answered under Discord's rules: once,
//! within three seconds, then edits and follow-ups for fifteen minutes.
//!
//! <https://docs.discord.com/developers/interactions/receiving-and-responding>

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::door::Asked;
use super::world::{State, World, bot};
use super::{APPLICATION, Answer, GUILD, limits};

/// Until the first answer.
const DEADLINE: SignedDuration = SignedDuration::from_secs(3);
/// Until the token dies.
const TOKEN_LIVES: SignedDuration = SignedDuration::from_mins(15);
/// Whoever reads this message sees it alone.
const EPHEMERAL: u64 = 64;

/// Somebody in the guild.
#[derive(Clone, Debug)]
pub struct Who {
    pub id: u64,
    pub name: String,
    pub roles: Vec<u64>,
    pub permissions: u64,
    /// Another guild than ours; none: a direct message.
    pub guild: Option<u64>,
}

impl Who {
    pub fn new(id: u64, name: &str, roles: &[u64]) -> Self {
        Self {
            id,
            name: name.to_owned(),
            roles: roles.to_vec(),
            permissions: 1 << 10 | 1 << 11,
            guild: Some(GUILD),
        }
    }
}

/// What a person does.
#[derive(Clone, Debug)]
pub enum Press {
    /// `/claim`, with options as Discord writes them: `[{"name":"id","type":3,"value":"L-1"}]`.
    Slash {
        command: String,
        options: Value,
    },
    /// The same while it is typed; one option has `"focused": true`.
    Typing {
        command: String,
        options: Value,
    },
    Button {
        message: String,
        custom_id: String,
    },
    Select {
        message: String,
        custom_id: String,
        values: Vec<String>,
    },
    /// A modal sent; `message` where a component opened it.
    Modal {
        message: Option<String>,
        custom_id: String,
        fields: Vec<(String, String)>,
    },
}

/// An interaction, and what it was answered.
#[derive(Clone, Debug)]
pub struct Issued {
    pub id: String,
    pub at: Timestamp,
    pub kind: u64,
    /// Where it was done, and where its answers stand.
    pub channel: u64,
    /// The whole first answer: `{"type":4,"data":…}`.
    pub first: Option<Value>,
    pub first_at: Option<Timestamp>,
    pub message: Option<u64>,
    /// What `@original` names.
    pub original: Option<u64>,
    pub follow_ups: Vec<u64>,
}

impl World {
    /// Makes an interaction of this moment; hand it to the gateway or sign it. Remember its `token` to see the answers.
    pub fn interact(&self, who: &Who, channel: u64, press: Press) -> Value {
        let now = self.now();
        let mut state = self.state();
        let id = state.snowflake(now).to_string();
        let token = format!("aW50ZXJhY3Rpb246{id}");
        let (kind, data, message) = match press {
            Press::Slash { command, options } => (2, command_data(&command, options), None),
            Press::Typing { command, options } => (4, command_data(&command, options), None),
            Press::Button { message, custom_id } => {
                let data = json!({ "custom_id": custom_id, "component_type": 2, "id": 1 });
                (3, data, Some(message))
            }
            Press::Select {
                message,
                custom_id,
                values,
            } => {
                let data = json!({ "custom_id": custom_id, "component_type": 3, "values": values, "id": 1 });
                (3, data, Some(message))
            }
            Press::Modal {
                message,
                custom_id,
                fields,
            } => {
                let rows = fields.into_iter().map(|(name, value)| {
                    let input = json!({ "type": 4, "custom_id": name, "value": value });
                    json!({ "type": 1, "components": [input] })
                });
                (
                    5,
                    json!({ "custom_id": custom_id, "components": rows.collect::<Value>() }),
                    message,
                )
            }
        };
        let message = message.map(|id| id.parse::<u64>().expect("a snowflake"));
        let user = json!({
            "id": who.id.to_string(), "username": who.name.to_lowercase().replace(' ', "."),
            "global_name": who.name, "discriminator": "0", "avatar": null, "public_flags": 0
        });
        let mut interaction = json!({
            "id": id, "application_id": APPLICATION.to_string(), "type": kind, "token": token, "version": 1,
            "channel_id": channel.to_string(), "locale": "en-GB", "entitlements": [],
            "attachment_size_limit": 10_485_760, "app_permissions": "309237763072", "data": data,
            "authorizing_integration_owners": { "0": GUILD.to_string() }, "context": 0,
            "channel": { "id": channel.to_string(), "type": 0, "permissions": "309237763072" }
        });
        match who.guild {
            Some(guild) => {
                interaction["guild_id"] = guild.to_string().into();
                interaction["guild_locale"] = "en-GB".into();
                interaction["guild"] = json!({ "id": guild.to_string(), "locale": "en-GB", "features": [] });
                interaction["member"] = json!({
                    "user": user, "roles": who.roles.iter().map(u64::to_string).collect::<Vec<_>>(), "nick": null,
                    "avatar": null, "deaf": false, "mute": false, "flags": 0, "pending": false,
                    "joined_at": "2024-01-01T00:00:00+00:00", "premium_since": null,
                    "communication_disabled_until": null, "permissions": who.permissions.to_string()
                });
            }
            None => {
                interaction["user"] = user;
                interaction["context"] = 1.into();
            }
        }
        if let Some(message) = message {
            interaction["message"] = state
                .messages
                .get(&message)
                .expect("a message to press on")
                .clone();
        }
        let issued = Issued {
            id,
            at: now,
            kind,
            channel,
            first: None,
            first_at: None,
            message,
            original: None,
            follow_ups: Vec::new(),
        };
        state.issued.insert(token, issued);
        interaction
    }

    /// `PING`, by which Discord tries an address.
    pub fn ping(&self) -> Value {
        let id = self.state().snowflake(self.now()).to_string();
        json!({ "id": id, "application_id": APPLICATION.to_string(), "type": 1, "token": "ping", "version": 1,
                "entitlements": [], "attachment_size_limit": 10_485_760 })
    }

    /// What became of an interaction, by its token.
    pub fn issued(&self, interaction: &Value) -> Issued {
        let token = interaction["token"].as_str().expect("a token");
        self.state().issued.get(token).expect("issued here").clone()
    }

    /// The first answer, once there is one.
    pub async fn first_answer(&self, interaction: &Value) -> Value {
        let token = interaction["token"].as_str().expect("a token").to_owned();
        self.until(|state| {
            state
                .issued
                .get(&token)
                .is_some_and(|issued| issued.first.is_some())
        })
        .await;
        self.issued(interaction).first.expect("there is one")
    }

    /// Takes the body of an HTTP answer for the first answer, as Discord does.
    pub fn answered_over_http(&self, interaction: &Value, body: &Value) -> Result<(), Value> {
        let id = interaction["id"].as_str().expect("an id");
        let token = interaction["token"].as_str().expect("a token");
        let taken = self.state().first_answer(self.now(), id, token, body);
        self.changed.notify_waiters();
        taken.map_err(|refused| refused.body.unwrap_or_default())
    }

    /// The messages that only the presser sees, or that followed: `@original` first.
    pub fn told(&self, interaction: &Value) -> Vec<Value> {
        let issued = self.issued(interaction);
        let state = self.state();
        let ids = issued.original.into_iter().chain(issued.follow_ups);
        ids.filter_map(|id| state.messages.get(&id).cloned()).collect()
    }
}

fn command_data(command: &str, options: Value) -> Value {
    json!({ "id": (APPLICATION + 1001).to_string(), "name": command, "type": 1, "options": options,
            "guild_id": GUILD.to_string() })
}

fn unknown_interaction() -> Answer {
    Answer::refused(404, 10062, "Unknown interaction")
}

impl State {
    /// The first answer: within three seconds, once, of a kind that fits.
    pub(super) fn first_answer(
        &mut self,
        now: Timestamp,
        id: &str,
        token: &str,
        body: &Value,
    ) -> Result<(), Answer> {
        let issued = match self.issued.get(token) {
            Some(issued) if issued.id == id => issued.clone(),
            _ => return Err(unknown_interaction()),
        };
        if issued.first.is_some() {
            return Err(Answer::refused(
                400,
                40060,
                "Interaction has already been acknowledged.",
            ));
        }
        if issued.at.duration_until(now) > DEADLINE {
            return Err(unknown_interaction());
        }
        let data = &body["data"];
        let kind = body["type"].as_u64();
        let fits = match kind {
            Some(1) => issued.kind == 1,
            Some(4 | 5) => matches!(issued.kind, 2 | 3 | 5),
            Some(6 | 7) => issued.message.is_some() && matches!(issued.kind, 3 | 5),
            Some(8) => issued.kind == 4,
            Some(9) => matches!(issued.kind, 2 | 3),
            _ => false,
        };
        if !fits {
            return Err(
                limits::Wrong::one("type", "INTERACTION_APPLICATION_COMMAND_CALLBACK_TYPE_INVALID").answer(),
            );
        }
        let wrong = match kind {
            Some(4) => limits::of_message(data, &[], &["data"]),
            Some(7) => limits::of_edit(data, &[]),
            Some(8) => limits::of_choices(data),
            Some(9) => limits::of_modal(data),
            _ => None,
        };
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        let original = match kind {
            Some(4 | 5) => Some(self.tell(now, issued.channel, data, &[])),
            _ => issued.message,
        };
        if kind == Some(7)
            && let Some(message) = issued.message
        {
            let asked = Asked {
                method: String::new(),
                path: Vec::new(),
                query: Vec::new(),
                token: None,
                body: data.clone(),
                files: Vec::new(),
            };
            self.edit_kept(now, message, &asked);
        }
        let issued = self.issued.get_mut(token).expect("looked up");
        issued.first = Some(body.clone());
        issued.first_at = Some(now);
        issued.original = original;
        Ok(())
    }

    fn tell(&mut self, now: Timestamp, channel: u64, body: &Value, files: &[super::File]) -> u64 {
        let id = self.snowflake(now);
        self.keep(now, id, channel, bot(), body, files);
        if body["flags"].as_u64().unwrap_or(0) & EPHEMERAL != 0 {
            self.private.insert(id);
        }
        id
    }

    fn live(&self, now: Timestamp, application: &str, token: &str) -> Result<Issued, Answer> {
        let issued = match self.issued.get(token) {
            Some(issued) if application == APPLICATION.to_string() => issued,
            _ => return Err(Answer::refused(404, 10015, "Unknown Webhook")),
        };
        if issued.at.duration_until(now) > TOKEN_LIVES {
            return Err(Answer::refused(401, 50027, "Invalid Webhook Token"));
        }
        if issued.first.is_none() {
            return Err(Answer::refused(404, 10015, "Unknown Webhook"));
        }
        Ok(issued.clone())
    }

    /// `POST /webhooks/{application}/{token}`: a follow-up.
    pub(super) fn follow_up(
        &mut self,
        now: Timestamp,
        application: &str,
        token: &str,
        asked: &Asked,
    ) -> Answer {
        let issued = match self.live(now, application, token) {
            Ok(issued) => issued,
            Err(refused) => return refused,
        };
        if let Some(wrong) = limits::of_message(&asked.body, &asked.files, &[]) {
            return wrong;
        }
        let id = self.tell(now, issued.channel, &asked.body, &asked.files);
        self.issued.get_mut(token).expect("live").follow_ups.push(id);
        Answer::of(200, self.messages[&id].clone())
    }

    /// `@original` or a follow-up: read, edited, deleted.
    pub(super) fn followed_up(
        &mut self,
        now: Timestamp,
        method: &str,
        application: &str,
        token: &str,
        message: &str,
        asked: &Asked,
    ) -> Answer {
        let issued = match self.live(now, application, token) {
            Ok(issued) => issued,
            Err(refused) => return refused,
        };
        let id = match message {
            "@original" => issued.original,
            id => id.parse().ok().filter(|id| issued.follow_ups.contains(id)),
        };
        let Some(id) = id.filter(|id| self.messages.contains_key(id)) else {
            return Answer::refused(404, 10008, "Unknown Message");
        };
        match method {
            "GET" => Answer::of(200, self.messages[&id].clone()),
            "PATCH" => self.edit_kept(now, id, asked),
            "DELETE" => {
                self.messages.remove(&id);
                Answer::empty()
            }
            _ => Answer::refused(405, 0, "405: Method Not Allowed"),
        }
    }
}
