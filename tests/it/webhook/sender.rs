//! A sender that signs, and a desk that keeps what it is handed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde_json::Value;
use switchboard::domain::card::Card;
use switchboard::domain::company::Company;
use switchboard::domain::event::Event;
use switchboard::domain::ids::{LeadId, MemberId, PlatformId};
use switchboard::domain::mention::Mention;
use switchboard::domain::notice::{Answer, Notice, Tone};
use switchboard::network::webhook::{Settings, Webhook, router};
use switchboard::port::front_desk::{FilledIn, FrontDesk, NotTaken};
use switchboard::port::store::Store;

pub const NOW: i64 = 1_767_225_600;
pub const SECRET: &str = "a-secret-of-the-sender";

/// A desk that keeps mentions, knows repeats, and can be full.
#[derive(Default)]
pub struct Desk {
    pub taken: Mutex<Vec<Mention>>,
    pub full: AtomicBool,
}

#[async_trait]
impl FrontDesk for Desk {
    async fn submit(&self, events: Vec<Event>) -> Result<Vec<Notice>, NotTaken> {
        if self.full.load(Ordering::SeqCst) {
            return Err(NotTaken::Busy);
        }
        let mut taken = self.taken.lock().unwrap();
        Ok(events
            .into_iter()
            .map(|event| {
                let Event::MentionReceived { mention, .. } = event else {
                    panic!("a webhook delivers mentions")
                };
                let known = taken.iter().any(|known| known.id == mention.id);
                if !known {
                    taken.push(*mention);
                }
                Notice::new(if known { Tone::Plain } else { Tone::Done }, "")
            })
            .collect())
    }

    async fn command(&self, _: &MemberId, _: &PlatformId, _: &str, _: &str) -> Result<Answer, NotTaken> {
        unreachable!("nobody types at a webhook")
    }

    async fn told_apart(
        &self,
        _: &MemberId,
        _: &PlatformId,
        _: &str,
        _: Vec<(String, String)>,
        _: &str,
    ) -> Result<Answer, NotTaken> {
        unreachable!("nobody types at a webhook")
    }

    async fn click(
        &self,
        _: &MemberId,
        _: &PlatformId,
        _: &str,
        _: LeadId,
        _: &str,
    ) -> Result<Answer, NotTaken> {
        unreachable!("nobody clicks at a webhook")
    }

    async fn fill_in(&self, _: &MemberId, _: &PlatformId, _: FilledIn) -> Result<Answer, NotTaken> {
        unreachable!("nobody fills in forms at a webhook")
    }

    fn complete(&self, _: &MemberId, _: &str) -> Vec<(String, String)> {
        Vec::new()
    }

    fn card(&self, _: Option<&MemberId>, _: LeadId, _: usize) -> Option<Card> {
        None
    }

    fn history(&self, _: &MemberId, _: LeadId) -> Notice {
        Notice::done("")
    }

    fn store(&self) -> Arc<dyn Store> {
        unreachable!("a webhook does not read the store")
    }

    fn company(&self) -> Arc<Company> {
        Arc::default()
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_second(NOW).unwrap()
    }

    fn learn(&self, _: switchboard::domain::staff::Membership) {}

    async fn keep_draft(&self, _: LeadId, _: switchboard::domain::lead::Draft) -> Result<(), NotTaken> {
        Ok(())
    }
}

pub struct Hooks {
    pub desk: Arc<Desk>,
    pub address: String,
    pub client: reqwest::Client,
}

impl Hooks {
    pub async fn open(settings: &str, secret: &str) -> Self {
        let settings: Settings = toml::from_str(settings).unwrap();
        let webhook = Webhook::new(&settings, &[secret.into()]).unwrap();
        let desk = Arc::new(Desk::default());
        let app = router(desk.clone(), vec![Arc::new(webhook)]);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self {
            desk,
            address,
            client: reqwest::Client::new(),
        }
    }

    pub async fn hmac() -> Self {
        let settings = r#"
            name = "tool"
            scheme = { kind = "hmac", header = "X-Signature", prefix = "sha256=", secrets = [{ env = "UNUSED" }] }
        "#;
        Self::open(settings, SECRET).await
    }

    pub async fn post(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> (u16, Value) {
        let mut request = self.client.post(format!("{}{path}", self.address)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    pub async fn signed(&self, body: impl AsRef<[u8]>) -> (u16, Value) {
        let body = body.as_ref().to_vec();
        let signature = sign(&[&body]);
        self.post("/hooks/tool", &[("X-Signature", &signature)], body)
            .await
    }

    pub fn taken(&self) -> usize {
        self.desk.taken.lock().unwrap().len()
    }
}

pub fn mac(secret: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

pub fn sign(parts: &[&[u8]]) -> String {
    let hex: String = mac(SECRET.as_bytes(), parts)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("sha256={hex}")
}
