//! What people's browsers and a listening tool send, over real HTTP.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};

pub const SECRET: &str = "a-secret-of-the-sender";

/// A status and a JSON body, or no answer at all.
pub type Answered = Result<(u16, Value), reqwest::Error>;

#[derive(Clone)]
pub struct Client {
    pub address: String,
    http: reqwest::Client,
}

impl Client {
    pub fn of(address: &str) -> Self {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(20))
            .build();
        Self {
            address: address.to_owned(),
            http: http.unwrap(),
        }
    }

    async fn sent(request: reqwest::RequestBuilder) -> Answered {
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let text = answer.text().await?;
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }

    /// A signed webhook.
    pub async fn hook(&self, body: &str) -> Answered {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(body.as_bytes());
        let hex: String = mac
            .finalize()
            .into_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let request = self
            .http
            .post(format!("{}/hooks/tool", self.address))
            .header("X-Signature", format!("sha256={hex}"))
            .body(body.to_owned());
        Self::sent(request).await
    }

    /// One line, typed into the board by a member.
    pub async fn command(&self, who: &str, line: &str, key: &str) -> Answered {
        let body = json!({ "line": line, "key": key }).to_string();
        let request = self
            .http
            .post(format!("{}/board/api/command", self.address))
            .header("Origin", &self.address)
            .header("Content-Type", "application/json")
            .header("Cookie", format!("who={who}"))
            .body(body);
        Self::sent(request).await
    }

    pub async fn get(&self, who: &str, path: &str) -> Answered {
        let request = self.http.get(format!("{}{path}", self.address));
        Self::sent(request.header("Cookie", format!("who={who}"))).await
    }

    /// A figure of `/metrics`.
    pub async fn figure(&self, name: &str) -> Option<f64> {
        let (_, text) = self.get("amara", "/metrics").await.ok()?;
        let text = text.as_str()?.to_owned();
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().parse().ok()
    }
}
