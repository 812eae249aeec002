//! The stories on Discord: a click, a command and a form are signed interactions to our HTTP door, and what people see is
//! read from a Discord that keeps Discord's rules.

use std::path::Path;

use async_trait::async_trait;
use futures::FutureExt;
use serde_json::{Value, json};
use switchboard::command::{Catalogue, CommandOption, OptionKind};
use switchboard::platform::discord::{Discord, Inbound, Settings, router};
use switchboard::port::secret::SecretRef;
use tokio_util::task::TaskTracker;

use super::wire::{name_of, reads, serve};
use super::*;
use crate::discord::server::{APPLICATION, Clock, GUILD, Press, Server, Signer, TOKEN, Who};
use crate::watched::Watched;

/// What stays when the house is closed and opened again.
#[derive(Clone)]
pub struct Guild {
    server: Arc<Server>,
    /// Interactions that opened a form, by the form's key.
    opened: Arc<Mutex<BTreeMap<String, Value>>>,
    /// What was delivered, by click.
    delivered: Arc<Mutex<BTreeMap<String, Value>>>,
}

pub struct DiscordWire {
    guild: Guild,
    desk: Arc<Watched>,
    base: String,
    tasks: TaskTracker,
}

/// Discord's id for a member, a department's channel, whatever has a name.
pub fn snowflake(name: &str) -> u64 {
    1_106_298_310_000_000_000 + u64::from(crc32fast::hash(name.as_bytes()))
}

impl Guild {
    /// A channel for each department; people need not be told of before they do something.
    pub fn open(company: &Company, clock: Clock) -> Self {
        // Starting waits for nothing; it only binds ports.
        let server = Server::start(clock).now_or_never().expect("at once");
        for department in company.departments.keys() {
            server.add_text_channel(snowflake(department.as_str()), department.as_str());
        }
        Self {
            server: Arc::new(server),
            opened: Arc::default(),
            delivered: Arc::default(),
        }
    }

    /// Our half, as a new process would open it.
    pub fn join(&self, front: Arc<Front>, clock: Clock, folder: &Path) -> (Arc<Discord>, DiscordWire) {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let token = folder.join("discord");
        std::fs::write(&token, TOKEN).expect("a file");
        let settings = Settings {
            bot_token: SecretRef::File(token),
            application: APPLICATION.to_string(),
            guild: GUILD.to_string(),
            inbound: Inbound::Http,
            public_key: Some(Signer::public_key()),
            api_url: Some(self.server.api_url.clone()),
            threads: true,
        };
        let roster = Arc::clone(&front.setup.roster);
        let company = Arc::new(move || roster.company());
        let discord = Discord::open(settings, folder, clock, company).expect("Discord opens");
        let discord = Arc::new(discord);
        let (desk, tasks) = (Watched::new(front), TaskTracker::new());
        let router = router(
            Arc::clone(&discord),
            Arc::clone(&desk) as Arc<dyn FrontDesk>,
            tasks.clone(),
        );
        let base = serve(router);
        let wire = DiscordWire {
            guild: self.clone(),
            desk,
            base,
            tasks,
        };
        (discord, wire)
    }
}

impl DiscordWire {
    fn server(&self) -> &Server {
        &self.guild.server
    }

    fn person(&self, who: &str) -> Who {
        let company = self.desk.company();
        let member = company.members.get(&MemberId::from(who));
        Who::new(snowflake(who), member.map_or(who, |member| &member.name), &[])
    }

    /// Delivers, and hands the answer to Discord.
    async fn deliver(&self, interaction: &Value) -> Value {
        let first = self.post(interaction).await.expect("answered");
        let taken = self.server().answered_over_http(interaction, &first);
        taken.expect("Discord takes the answer");
        first
    }

    /// Delivers, and waits until our side has done all that it does because of it. None where we had answered it before.
    async fn post(&self, interaction: &Value) -> Option<Value> {
        self.desk.heard();
        let (body, headers) = Signer::signed(self.desk.now(), interaction);
        let mut request = reqwest::Client::new()
            .post(format!("{}/discord/interactions", self.base))
            .body(body);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answer = request.send().await.expect("the door answers");
        let status = answer.status();
        if status == reqwest::StatusCode::CONFLICT {
            return None;
        }
        let text = answer.text().await.expect("a body");
        assert_eq!(status, reqwest::StatusCode::OK, "{text}");
        let first: Value = serde_json::from_str(&text).expect("JSON");
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
        Some(first)
    }

    /// What the person was shown, once it is sure that it is the neutral answer.
    fn told(&self, interaction: &Value, first: &Value, answer: Option<Answer>) -> Told {
        let shown = match first["type"].as_u64() {
            Some(9) => first["data"].to_string(),
            _ => json!(self.server().told(interaction)).to_string(),
        };
        match answer {
            Some(Answer::Form(form)) => {
                let mut opened = self.guild.opened.lock().unwrap();
                opened.insert(form.key.clone(), interaction.clone());
                Told(Answer::Form(form))
            }
            Some(Answer::Notice(notice)) => {
                assert!(reads(&shown, &notice.text), "“{}” in {shown}", notice.text);
                Told(Answer::Notice(notice))
            }
            // The door itself refused, before the desk was asked.
            None => Told(Answer::Notice(Notice::new(Tone::Refused, shown))),
        }
    }

    /// The lead's card in the channel of whoever offers this button; else in any, with a button that was there before.
    fn card_with(&self, command: &str, lead: LeadId) -> (u64, String, String) {
        let custom_id = format!("do|{command}|{lead}");
        let mut found = None;
        for department in self.desk.company().departments.keys() {
            let channel = snowflake(department.as_str());
            for message in self.server().messages(channel) {
                let id = message["id"].as_str().expect("an id").to_owned();
                let has = message["components"].to_string().contains(&custom_id);
                if has || (found.is_none() && message["embeds"].to_string().contains(&lead.to_string())) {
                    found = Some((channel, id, custom_id.clone()));
                }
                if has {
                    return found.expect("just found");
                }
            }
        }
        found.expect("the lead has a card on Discord")
    }
}

#[async_trait]
impl Wire for DiscordWire {
    async fn click(&self, who: &str, command: &str, lead: LeadId, key: &str) -> Option<Told> {
        let known = self.guild.delivered.lock().unwrap().get(key).cloned();
        let again = known.is_some();
        let interaction = known.unwrap_or_else(|| {
            let (channel, message, custom_id) = self.card_with(command, lead);
            let press = Press::Button { message, custom_id };
            self.server().interact(&self.person(who), channel, press)
        });
        self.guild
            .delivered
            .lock()
            .unwrap()
            .insert(key.to_owned(), interaction.clone());
        if again {
            // Discord has its answer already.
            self.post(&interaction).await?;
            return self.desk.heard().pop().map(Told);
        }
        let first = self.deliver(&interaction).await;
        let answer = self.desk.heard().pop();
        Some(self.told(&interaction, &first, answer))
    }

    async fn says(&self, who: &str, line: &str, _: &str) -> Told {
        let (command, options) = as_options(line);
        let press = Press::Slash { command, options };
        let interaction = self
            .server()
            .interact(&self.person(who), snowflake("support"), press);
        let first = self.deliver(&interaction).await;
        let answer = self.desk.heard().pop();
        self.told(&interaction, &first, answer)
    }

    async fn send(&self, who: &str, form: &Form, fields: &[(&str, &str)]) -> Told {
        let opened = self.guild.opened.lock().unwrap().get(&form.key).cloned();
        let mut interaction = opened.expect("the form was opened on Discord");
        let channel: u64 = interaction["channel_id"]
            .as_str()
            .and_then(|id| id.parse().ok())
            .expect("a channel");
        // Selects and previews stand before the modal, in a message that this person alone sees.
        for _ in 0..5 {
            let issued = self.server().issued(&interaction);
            let first = issued.first.expect("answered");
            let press = if first["type"] == 9 {
                let data = &first["data"];
                Press::Modal {
                    message: None,
                    custom_id: data["custom_id"].as_str().expect("an id").to_owned(),
                    fields: typed(data, fields),
                }
            } else {
                let told = self.server().told(&interaction);
                let message = told.last().expect("a message for this person");
                step(message, form, fields)
            };
            let is_last = matches!(press, Press::Modal { .. });
            interaction = self.server().interact(&self.person(who), channel, press);
            let first = self.deliver(&interaction).await;
            let mut heard = self.desk.heard();
            heard.retain(|answer| matches!(answer, Answer::Notice(_)));
            if is_last || !heard.is_empty() {
                return self.told(&interaction, &first, heard.pop());
            }
        }
        panic!("the form never came to its end");
    }

    async fn agrees(&self, asked: &Shown) {
        for (channel, message, card) in &asked.kept().cards {
            let shown = self.server().message(message.as_str());
            let shown = shown.unwrap_or_else(|| panic!("{message} is in {channel}"));
            let wanted: Vec<&str> = match card.state {
                switchboard::domain::lead::State::Resolved => Vec::new(),
                _ => card.actions.iter().map(|action| action.label.as_str()).collect(),
            };
            assert_eq!(labels(&shown), wanted, "{} in {channel}", card.lead);
            let all = shown["embeds"].to_string();
            assert!(reads(&all, &card.status), "“{}” in {all}", card.status);
            if let Some(owner) = &card.owner_name {
                assert!(reads(&all, owner), "“{owner}” in {all}");
            }
        }
    }
}

/// The labels of a message's buttons, in order; without links.
pub fn labels(message: &Value) -> Vec<String> {
    let rows = message["components"].as_array().into_iter().flatten();
    let buttons = rows.flat_map(|row| row["components"].as_array().cloned().unwrap_or_default());
    buttons
        .filter(|button| button["style"] != 5)
        .filter_map(|button| button["label"].as_str().map(str::to_owned))
        .collect()
}

/// What is typed into a modal: what the story says, else what stands there already.
fn typed(modal: &Value, fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let rows = modal["components"].as_array().into_iter().flatten();
    let inputs = rows.filter_map(|row| row["components"].get(0));
    inputs
        .map(|input| {
            let name = input["custom_id"].as_str().expect("an id");
            let given = fields.iter().find(|(field, _)| *field == name);
            let text = given.map_or(input["value"].as_str().unwrap_or_default(), |(_, text)| text);
            (name.to_owned(), text.to_owned())
        })
        .collect()
}

/// The next press in a message that leads to a form.
fn step(message: &Value, form: &Form, fields: &[(&str, &str)]) -> Press {
    let component = &message["components"][0]["components"][0];
    let custom_id = component["custom_id"].as_str().expect("an id").to_owned();
    let message = message["id"].as_str().expect("an id").to_owned();
    if component["type"] != 3 {
        return Press::Button { message, custom_id };
    }
    let at: usize = custom_id
        .rsplit('|')
        .next()
        .and_then(|at| at.parse().ok())
        .expect("a field");
    let name = name_of(&form.fields[at]);
    let given = fields.iter().find(|(field, _)| *field == name);
    let (_, value) = given.unwrap_or_else(|| panic!("“{name}” must be chosen"));
    let values = vec![(*value).to_owned()];
    Press::Select {
        message,
        custom_id,
        values,
    }
}

/// A typed line as a person gives the same to Discord, which tells options apart.
fn as_options(line: &str) -> (String, Value) {
    let line = line.trim_start_matches('/');
    let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
    if first == "lead" {
        let (name, options) = as_options(rest);
        return (
            first.to_owned(),
            json!([{ "type": 1, "name": name, "options": options }]),
        );
    }
    let command = Catalogue::builtin().get(first).expect("a command of ours");
    let mut given = Vec::new();
    let mut rest = rest.trim();
    for option in &command.options {
        if rest.is_empty() {
            break;
        }
        let Some((value, left)) = take(option, rest) else {
            continue;
        };
        given.push(json!({ "type": 3, "name": option.name, "value": value }));
        rest = left.trim_start();
    }
    (first.to_owned(), json!(given))
}

/// The option's value at the beginning of the line, and what is left. None: it was left out.
fn take<'a>(option: &CommandOption, line: &'a str) -> Option<(&'a str, &'a str)> {
    if let Some(keyword) = &option.keyword {
        let behind = line.strip_prefix(keyword.as_str())?.strip_prefix(' ')?;
        return Some(behind.split_once(' ').unwrap_or((behind, "")));
    }
    match option.kind {
        OptionKind::Time | OptionKind::Text | OptionKind::LongText => Some((line, "")),
        _ => Some(line.split_once(' ').unwrap_or((line, ""))),
    }
}
