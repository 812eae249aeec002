//! Slack, as the people of a workspace see it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use jiff::SignedDuration;
use serde_json::{Value, json};
use switchboard::domain::ids::{Channel, MessageRef};
use switchboard::platform::slack::Slack;
use switchboard::port::chat::ChatPlatform;

use super::super::{Looks, Seen, Trouble};
use crate::slack::server::{BOT_TOKEN, Clock, Fault, Shown, SlackServer};
use crate::story::{labels_in_slack, user_in_slack};
use crate::web_board::start;
use crate::web_board_things::company;

const SUPPORT: &str = "C0SUPPORT";

pub struct Stage {
    server: SlackServer,
    slack: Slack,
    seconds: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

impl Stage {
    pub async fn open() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        // A second later at each look: nobody is ever too fast.
        let seconds = Arc::new(AtomicI64::new(0));
        let hand = Arc::clone(&seconds);
        let clock: Clock = Arc::new(move || {
            let passed = SignedDuration::from_secs(hand.fetch_add(1, Ordering::Relaxed));
            start().checked_add(passed).expect("a moment")
        });
        let server = SlackServer::larkspur(Arc::clone(&clock)).await;
        let mut company = company();
        for (id, member) in &mut company.members {
            let user = user_in_slack(id.as_str());
            server.person(&user, &member.name);
            member.identities.insert("slack".into(), user);
        }
        let company = Arc::new(company);
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("bot"), BOT_TOKEN).expect("a file");
        let settings = json!({"bot_token": {"file": "bot"}, "api_url": server.api_url()});
        let settings = serde_json::from_value(settings).expect("settings");
        let slack = Slack::open(settings, folder.path(), clock).expect("Slack opens");
        Self {
            server,
            slack: slack.knowing(Arc::new(move || Arc::clone(&company))),
            seconds,
            _folder: folder,
        }
    }

    fn seen_in_channel(&self, message: &Shown) -> Seen {
        let thread = self.server.channel(SUPPORT).thread(&message.ts);
        let mut calls = Vec::new();
        called(&message.raw["blocks"], &mut calls);
        Seen {
            text: message.reads().join("\n"),
            buttons: labels_in_slack(&message.raw),
            thread: thread.iter().map(|line| line.reads().concat()).collect(),
            pictures: message.raw["blocks"].to_string().matches("\"slack_file\"").count(),
            calls,
        }
    }
}

#[async_trait]
impl Looks for Stage {
    fn platform(&self) -> &dyn ChatPlatform {
        &self.slack
    }

    fn channel(&self) -> Channel {
        Channel::new("slack", SUPPORT)
    }

    async fn seen(&self) -> Vec<Seen> {
        let messages = self.server.channel(SUPPORT).messages();
        messages.iter().map(|message| self.seen_in_channel(message)).collect()
    }

    async fn told(&self, member: &str) -> Vec<String> {
        let user = user_in_slack(member);
        let direct = self.server.direct(&user).messages();
        let ephemeral = self.server.ephemerals(&user).into_iter().map(|one| one.text);
        direct.iter().map(|message| message.reads().concat()).chain(ephemeral).collect()
    }

    fn delete(&self, message: &MessageRef) {
        self.server.delete_message(SUPPORT, message.as_str());
    }

    fn pass(&self, length: SignedDuration) {
        self.seconds.fetch_add(length.as_secs() + 1, Ordering::Relaxed);
    }

    fn trouble(&self, trouble: Trouble) {
        match trouble {
            Trouble::TooFast => self
                .server
                .slow_down("chat.postMessage", SignedDuration::from_mins(10)),
            Trouble::NoAnswer => self.server.fail("chat.postMessage", Fault::DropAfter),
            Trouble::NotInvited => self.server.bot_is_in(SUPPORT, false),
            Trouble::ThrownOut => self.server.revoke(),
        }
    }
}

/// Whom a message calls: mentions in markup, and in rich text.
fn called(value: &Value, calls: &mut Vec<String>) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| called(one, calls)),
        Value::Object(fields) => {
            let kind = value["type"].as_str().unwrap_or_default();
            let text = value["text"].as_str().unwrap_or_default();
            if matches!(kind, "user" | "usergroup" | "broadcast" | "channel") {
                calls.push(value.to_string());
            }
            if kind == "mrkdwn" && ["<!h", "<!c", "<!e", "<!s", "<@", "<#"].iter().any(|call| text.contains(call)) {
                calls.push(text.to_owned());
            }
            fields.values().for_each(|one| called(one, calls));
        }
        _ => {}
    }
}
