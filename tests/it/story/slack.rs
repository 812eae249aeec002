//! The stories on Slack: a click, a line and a form are signed requests to our HTTP door, and what people see is read from
//! a Slack that keeps Slack's rules.

use std::path::Path;

use async_trait::async_trait;
use futures::FutureExt;
use serde_json::{Value, json};
use switchboard::platform::slack::{Slack, router};
use tokio_util::task::TaskTracker;

use super::wire::{name_of, reads, serve};
use super::*;
use crate::slack::server::{self, BOT_TOKEN, Payload, SIGNING_SECRET, SlackServer};
use crate::watched::Watched;

/// What stays when the house is closed and opened again.
#[derive(Clone)]
pub struct Workspace {
    server: SlackServer,
    /// Forms as they opened, by their keys.
    opened: Arc<Mutex<BTreeMap<String, Value>>>,
    /// Where our door listens now.
    door: Arc<Mutex<String>>,
    /// What was delivered, by click.
    delivered: Arc<Mutex<BTreeMap<String, Payload>>>,
}

pub struct SlackWire {
    workspace: Workspace,
    desk: Arc<Watched>,
    /// Where our door listens.
    base: String,
    tasks: TaskTracker,
}

/// Slack's id for a member: `U0DANA`.
pub fn user(member: &str) -> String {
    format!("U0{}", member.to_uppercase())
}

impl Workspace {
    /// Everybody of the company, a stranger, and a channel for each department.
    pub fn open(company: &Company, clock: server::Clock) -> Self {
        // Starting waits for nothing; it only binds ports.
        let server = SlackServer::start(clock).now_or_never().expect("at once");
        for member in company.members.values() {
            server.person(&user(member.id.as_str()), &member.name);
        }
        server.person(&user("stranger"), "A Stranger");
        for department in company.departments.keys() {
            let channel = Surface::Slack.channel(department.as_str());
            server.open_channel(&channel.name, department.as_str());
        }
        Self {
            server,
            opened: Arc::default(),
            door: Arc::default(),
            delivered: Arc::default(),
        }
    }

    pub fn server(&self) -> &SlackServer {
        &self.server
    }

    /// Where our door listens: `http://127.0.0.1:4010`.
    pub fn door(&self) -> String {
        self.door.lock().unwrap().clone()
    }

    /// Our half, as a new process would open it.
    pub fn join(&self, front: Arc<Front>, clock: server::Clock, folder: &Path) -> (Arc<Slack>, SlackWire) {
        let _ = rustls::crypto::ring::default_provider().install_default();
        std::fs::write(folder.join("bot"), BOT_TOKEN).expect("a file");
        std::fs::write(folder.join("signing"), SIGNING_SECRET).expect("a file");
        let settings = json!({
            "bot_token": {"file": "bot"}, "signing_secret": {"file": "signing"}, "inbound": "http",
            "api_url": self.server.api_url(),
        });
        let settings = serde_json::from_value(settings).expect("settings");
        let roster = Arc::clone(&front.setup.roster);
        let slack = Slack::open(settings, folder, clock).expect("Slack opens");
        let slack = Arc::new(slack.knowing(Arc::new(move || roster.company())));
        let (desk, tasks) = (Watched::new(front), TaskTracker::new());
        let router = router(
            Arc::clone(&slack),
            Arc::clone(&desk) as Arc<dyn FrontDesk>,
            tasks.clone(),
        );
        let base = serve(router);
        self.door.lock().unwrap().clone_from(&base);
        let wire = SlackWire {
            workspace: self.clone(),
            desk,
            base,
            tasks,
        };
        (slack, wire)
    }
}

impl SlackWire {
    fn server(&self) -> &SlackServer {
        &self.workspace.server
    }

    /// Delivers, and waits until our side has done all that it does because of it.
    async fn deliver(&self, payload: &Payload) -> Value {
        self.desk.heard();
        let (status, answered) = self.server().post_to(&self.base, payload).await;
        assert_eq!(status, 200, "the door understands Slack");
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
        answered.body
    }

    /// What a person sees besides cards: windows and private answers.
    fn private(&self, who: &str) -> Vec<String> {
        let answers = self.server().ephemerals(&user(who));
        answers
            .into_iter()
            .map(|one| format!("{} {}", one.text, one.blocks))
            .collect()
    }

    /// The neutral answer, once it is sure that the person was shown the same.
    fn told(&self, who: &str, seen_before: usize) -> Told {
        let shown = self.private(who).split_off(seen_before);
        match self.desk.heard().into_iter().next() {
            Some(Answer::Form(form)) => {
                let view = self.server().modal(&user(who)).expect("the form is open");
                assert_eq!(shown, [""; 0], "a form is answer enough");
                agrees_with(&form, &view);
                self.workspace
                    .opened
                    .lock()
                    .unwrap()
                    .insert(form.key.clone(), view);
                Told(Answer::Form(form))
            }
            Some(Answer::Notice(notice)) => {
                assert_eq!(shown.len(), 1, "one answer: {shown:?}");
                // Slack keeps these names for itself.
                let said = notice.text.replace("/who", "/lead who");
                let said = said.replace("/help", "/lead help");
                assert!(reads(&shown[0], &said), "“{}” in {}", notice.text, shown[0]);
                Told(Answer::Notice(notice))
            }
            // The door itself refused, before the desk was asked.
            None => {
                assert_eq!(shown.len(), 1, "one answer: {shown:?}");
                let text = shown.into_iter().next().unwrap_or_default();
                Told(Answer::Notice(Notice::new(Tone::Refused, text)))
            }
        }
    }

    /// The person closes whatever window is open, as they must before they can do anything else.
    async fn close_windows(&self, who: &str) {
        while self.server().modal(&user(who)).is_some() {
            let closed = self.server().close(&user(who));
            self.deliver(&closed).await;
        }
    }

    /// The lead's card, in whichever channel shows the button; else with a button that was there before.
    fn card_with(&self, command: &str, lead: LeadId) -> server::Shown {
        let mut all = Vec::new();
        for department in self.desk.company().departments.keys() {
            let channel = Surface::Slack.channel(department.as_str());
            all.extend(self.server().channel(&channel.name).messages());
        }
        all.retain(|message| is_about(&message.raw, lead));
        let action = json!(format!("do:{command}"));
        if let Some(at) = all.iter().position(|message| has(&message.raw, &action)) {
            return all.swap_remove(at);
        }
        let mut stale = all.pop().expect("the lead has a card in Slack");
        stale.raw["blocks"] = json!([{"type": "actions", "block_id": "stale", "elements": [{
            "type": "button", "action_id": action, "text": {"type": "plain_text", "text": command},
            "value": lead.to_string(),
        }]}]);
        stale
    }
}

#[async_trait]
impl Wire for SlackWire {
    async fn click(&self, who: &str, command: &str, lead: LeadId, key: &str) -> Option<Told> {
        let known = self.workspace.delivered.lock().unwrap().get(key).cloned();
        let again = known.is_some();
        let payload = match known {
            Some(payload) => payload,
            None => {
                self.close_windows(who).await;
                let card = self.card_with(command, lead);
                self.server().press(&user(who), &card, &format!("do:{command}"))
            }
        };
        self.workspace
            .delivered
            .lock()
            .unwrap()
            .insert(key.to_owned(), payload.clone());
        let seen = self.private(who).len();
        let ack = self.deliver(&payload).await;
        assert_eq!(ack, Value::Null, "a click is acknowledged with nothing");
        if again && self.private(who).len() == seen {
            return None;
        }
        Some(self.told(who, seen))
    }

    async fn says(&self, who: &str, line: &str, _: &str) -> Told {
        self.close_windows(who).await;
        let (command, text) = line.split_once(' ').unwrap_or((line, ""));
        let text = as_slack_hands_on(text, &self.desk.company());
        let typed = self.server().slash_in(
            &Surface::Slack.channel("support").name,
            &user(who),
            command,
            &text,
        );
        let seen = self.private(who).len();
        self.deliver(&typed).await;
        self.told(who, seen)
    }

    async fn send(&self, who: &str, form: &Form, fields: &[(&str, &str)]) -> Told {
        let opened = self.workspace.opened.lock().unwrap().get(&form.key).cloned();
        let view = opened.expect("the form was opened in Slack");
        let sent = self.server().submit_view(&user(who), view, fields);
        let ack = self.deliver(&sent).await;
        let Some(Answer::Notice(notice)) = self.desk.heard().into_iter().next() else {
            panic!("a form is answered with words");
        };
        let kept = self
            .desk
            .store()
            .lead(form.lead)
            .expect("readable")
            .expect("a lead");
        match notice.tone == Tone::Refused && !kept.recent_keys.contains(&form.key) {
            true => assert!(
                reads(&ack.to_string(), &notice.text) || reads(&ack.to_string(), "Something new was said"),
                "“{}” in {ack}",
                notice.text
            ),
            false => assert_eq!(ack, Value::Null, "the window closes"),
        }
        Told(Answer::Notice(notice))
    }

    async fn agrees(&self, asked: &Shown) {
        for (channel, message, card) in &asked.kept().cards {
            let shown = self.server().channel(&channel.name).message(message.as_str());
            let wanted: Vec<&str> = card.actions.iter().map(|action| action.label.as_str()).collect();
            assert_eq!(labels(&shown.raw), wanted, "{} in {}", card.lead, channel.name);
            let all = shown.raw["blocks"].to_string();
            assert!(reads(&all, &card.status), "“{}” in {all}", card.status);
            if let Some(owner) = &card.owner_name {
                assert!(reads(&all, owner), "“{owner}” in {all}");
            }
        }
    }
}

fn agrees_with(form: &Form, view: &Value) {
    let inputs = view["blocks"].as_array().into_iter().flatten();
    let inputs: Vec<_> = inputs
        .filter(|block| block["type"] == "input")
        .filter_map(|block| block["block_id"].as_str())
        .collect();
    let fields: Vec<_> = form.fields.iter().map(name_of).collect();
    assert_eq!(inputs, fields);
    if let Some(quote) = &form.quote {
        assert!(
            reads(&view.to_string(), quote.as_written()),
            "the mention is quoted"
        );
    }
}

/// The labels of a message's buttons and of the choices in its menus, in order; without the link to the post.
pub fn labels(message: &Value) -> Vec<String> {
    let blocks = message["blocks"].as_array().into_iter().flatten();
    let elements = blocks.flat_map(|block| {
        let listed = block["elements"].as_array().cloned().unwrap_or_default();
        let beside = Some(block["accessory"].clone()).filter(Value::is_object);
        listed.into_iter().chain(beside)
    });
    let offered = elements.flat_map(|element| match element["type"].as_str() {
        Some("button") => vec![element],
        Some("overflow") => element["options"].as_array().cloned().unwrap_or_default(),
        _ => Vec::new(),
    });
    let all = offered.filter_map(|one| one["text"]["text"].as_str().map(str::to_owned));
    all.filter(|label| label != "Open post").collect()
}

fn is_about(message: &Value, lead: LeadId) -> bool {
    let text = message["text"].as_str().unwrap_or_default();
    let named = lead.to_string();
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .any(|word| word == named)
}

fn has(message: &Value, action: &Value) -> bool {
    let blocks = message["blocks"].as_array().into_iter().flatten();
    let mut elements = blocks.filter_map(|block| block["elements"].as_array()).flatten();
    elements.any(|element| element["action_id"] == *action)
}

/// What was typed, as Slack hands it on with `should_escape`.
fn as_slack_hands_on(text: &str, company: &Company) -> String {
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let words = escaped.split(' ').map(|word| {
        let known = word
            .strip_prefix('@')
            .filter(|name| company.members.contains_key(&MemberId::from(*name)));
        match known {
            Some(name) => format!("<@{}|{name}>", user(name)),
            None if word.starts_with("https://") => format!("<{word}>"),
            None => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}
