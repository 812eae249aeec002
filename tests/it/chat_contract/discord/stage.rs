//! Discord, as the people of a server see it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use jiff::SignedDuration;
use serde_json::Value;
use switchboard::domain::ids::{Channel, MessageRef};
use switchboard::platform::discord::{Discord, Inbound, Settings};
use switchboard::port::chat::ChatPlatform;
use switchboard::port::secret::SecretRef;

use super::super::{Looks, Seen, Trouble};
use crate::discord::server::{APPLICATION, Clock, Fault, GUILD, Server, TOKEN};
use crate::story::{labels_on_discord, snowflake};
use crate::web_board::start;
use crate::web_board_things::company;

pub struct Stage {
    server: Server,
    discord: Discord,
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
        let server = Server::start(Arc::clone(&clock)).await;
        server.add_text_channel(snowflake("support"), "support");
        let mut company = company();
        for (id, member) in &mut company.members {
            let identity = snowflake(id.as_str()).to_string();
            member.identities.insert("discord".into(), identity);
        }
        let company = Arc::new(company);
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("bot"), TOKEN).expect("a file");
        let settings = Settings {
            bot_token: SecretRef::File("bot".into()),
            application: APPLICATION.to_string(),
            guild: GUILD.to_string(),
            inbound: Inbound::Gateway,
            public_key: None,
            api_url: Some(server.api_url.clone()),
            threads: true,
        };
        let roster = Arc::new(move || Arc::clone(&company));
        let discord = Discord::open(settings, folder.path(), clock, roster).expect("Discord opens");
        Self {
            server,
            discord,
            seconds,
            _folder: folder,
        }
    }

    fn lines_in(&self, channel: u64) -> Vec<String> {
        self.server.messages(channel).iter().map(read).collect()
    }
}

#[async_trait]
impl Looks for Stage {
    fn platform(&self) -> &dyn ChatPlatform {
        &self.discord
    }

    fn channel(&self) -> Channel {
        Channel::new("discord", snowflake("support").to_string())
    }

    async fn seen(&self) -> Vec<Seen> {
        let messages = self.server.messages(snowflake("support"));
        let seen = messages.iter().map(|message| {
            let id: u64 = message["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
            // A thread that was made of a message has its id; Discord notes in the channel that there is one.
            Seen {
                text: read(message),
                buttons: labels_on_discord(message),
                thread: self.lines_in(id),
                pictures: message["attachments"].as_array().map_or(0, Vec::len),
                calls: self.server.pings(),
            }
        });
        seen.collect()
    }

    async fn told(&self, member: &str) -> Vec<String> {
        let direct = self.server.direct_with(snowflake(member));
        direct.map(|channel| self.lines_in(channel)).unwrap_or_default()
    }

    fn delete(&self, message: &MessageRef) {
        self.server.delete_by_hand(message.as_str());
    }

    fn pass(&self, length: SignedDuration) {
        self.seconds.fetch_add(length.as_secs() + 1, Ordering::Relaxed);
    }

    fn trouble(&self, trouble: Trouble) {
        let support = snowflake("support");
        match trouble {
            Trouble::TooFast => self.server.fail_next("POST", "/messages", [Fault::TooFast { retry_after: 5.0, global: false }]),
            Trouble::NoAnswer => self.server.fail_next("POST", "/messages", [Fault::CutAfter]),
            Trouble::NotInvited => self.server.refuse_in(support, Some((403, 50001))),
            Trouble::ThrownOut => self.server.set_token("another"),
        }
    }
}

/// All texts of a message as they are displayed: with the marks of escaping taken away.
fn read(message: &Value) -> String {
    let mut words = Vec::new();
    strings(&message["content"], &mut words);
    strings(&message["embeds"], &mut words);
    let text = words.join("\n").replace('\u{200b}', "");
    let mut shown = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letters.peek() {
            Some(next) if letter == '\\' && next.is_ascii_punctuation() => shown.extend(letters.next()),
            _ => shown.push(letter),
        }
    }
    shown
}

fn strings(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::String(text) => words.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|one| strings(one, words)),
        Value::Object(fields) => fields.values().for_each(|one| strings(one, words)),
        _ => {}
    }
}
