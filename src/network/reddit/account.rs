//! The account's side of the wire: signed-in calls within Reddit's budget, and what `check --online` asks.
//! Budget: <https://support.reddithelp.com/hc/en-us/articles/16160319875092>, a hundred calls a minute over ten minutes.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::{Client, RequestBuilder, header};
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::sync::OnceCell;

use super::item::{Item, Page};
use super::{SCOPES, Settings};
use crate::network::Clock;
use crate::network::http::{self, Answer, Budget, Means, Purpose};
use crate::network::oauth::{Access, ClientIn, Grant};
use crate::port::delivery_error::DeliveryError;
use crate::port::finding::Finding;

const TIMEOUT: Duration = Duration::from_secs(20);
/// The most items that Reddit puts on a page, or tells about in one call.
pub(super) const PAGE: usize = 100;

const TABLE: [(u16, &str, Means); 2] = [
    // A gate in front of Reddit, for whoever is not known there.
    (403, "network policy", Means::Blocked),
    (403, "USER_BANNED", Means::Blocked),
];

pub(super) struct Account {
    client: Client,
    base: String,
    user_agent: String,
    access: Access,
    name: OnceCell<String>,
    budget: Mutex<Option<(Budget, Timestamp)>>,
    clock: Clock,
}

impl Account {
    pub fn open(settings: &Settings, folder: &Path, clock: Clock) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        let [client_id, client_secret, refresh_token] = settings.secrets().map(|(name, secret)| {
            let secret = secret.resolve(folder);
            secret.map_err(|why| problems.push(format!("{name}: {why}"))).ok()
        });
        let (Some(client_id), Some(client_secret), Some(refresh_token)) =
            (client_id, client_secret, refresh_token)
        else {
            return Err(problems);
        };
        let client = http::client(TIMEOUT).map_err(|why| vec![why])?;
        let grant = Grant {
            network: "Reddit",
            url: format!("{}/api/v1/access_token", settings.auth_url.trim_end_matches('/')),
            client_id: client_id.expose_secret().to_owned(),
            client_secret,
            client_in: ClientIn::Header,
            refresh_token,
            user_agent: settings.user_agent.clone(),
        };
        Ok(Self {
            access: Access::new(client.clone(), grant, clock.clone()),
            client,
            base: settings.api_url.trim_end_matches('/').to_owned(),
            user_agent: settings.user_agent.clone(),
            name: OnceCell::new(),
            budget: Mutex::new(None),
            clock,
        })
    }

    /// What Reddit said last of its budget, as it is now.
    pub fn budget(&self) -> Option<Budget> {
        let held = *self.budget.lock().unwrap_or_else(PoisonError::into_inner);
        let (budget, said) = held?;
        let resets_in = budget.resets_in - (self.clock)().duration_since(said);
        resets_in.is_positive().then_some(Budget { resets_in, ..budget })
    }

    /// The account's own name, asked for once.
    pub async fn name(&self) -> Result<&str, DeliveryError> {
        let asked = self.name.get_or_try_init(async || {
            let me: Value = self.get("/api/v1/me").await?.json()?;
            let name = me.get("name").and_then(Value::as_str);
            name.map(str::to_owned)
                .ok_or_else(|| DeliveryError::Transient("Reddit does not say who we are".to_owned()))
        });
        asked.await.map(String::as_str)
    }

    /// One page of a listing, from its newest end or from `after` on.
    pub async fn listing(&self, path: &str, after: Option<&str>) -> Result<Page, DeliveryError> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut path = format!("{path}{joint}limit={PAGE}&raw_json=1");
        if let Some(after) = after {
            let after: String = url::form_urlencoded::byte_serialize(after.as_bytes()).collect();
            path.push_str(&format!("&after={after}"));
        }
        Page::read(&self.get(&path).await?.json()?)
    }

    /// What became of up to a hundred posts and comments.
    pub async fn info(&self, names: &[&str]) -> Result<Vec<Item>, DeliveryError> {
        let path = format!("/api/info?id={}&raw_json=1", names.join(","));
        Ok(Page::read(&self.get(&path).await?.json()?)?.items)
    }

    async fn get(&self, path: &str) -> Result<Answer, DeliveryError> {
        self.call(self.client.get(format!("{}{path}", self.base)), Purpose::Read)
            .await
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Result<Answer, DeliveryError> {
        let request = self.client.post(format!("{}{path}", self.base)).form(form);
        self.call(request, Purpose::Write).await
    }

    async fn call(&self, request: RequestBuilder, purpose: Purpose) -> Result<Answer, DeliveryError> {
        if let Some(budget) = self.budget().filter(|budget| budget.remaining == 0) {
            return Err(DeliveryError::Wait {
                wait: budget.resets_in,
                why: "Reddit's budget is used up".to_owned(),
            });
        }
        let token = self.access.token().await?;
        let request = request
            .bearer_auth(token.secret.expose_secret())
            .header(header::USER_AGENT, &self.user_agent);
        let answer = http::send(request, purpose).await?;
        let now = (self.clock)();
        if let Some(budget) = http::budget(&answer.headers, now) {
            *self.budget.lock().unwrap_or_else(PoisonError::into_inner) = Some((budget, now));
        }
        match answer.status {
            200..300 => Ok(answer),
            401 => Err(self.access.was_refused(&token).await),
            403 if lacks_a_scope(&answer) => Err(DeliveryError::Blocked(format!(
                "Reddit's token lacks a scope; sign the account in again with: {}",
                SCOPES.join(" ")
            ))),
            _ => Err(http::refused(&answer, purpose, &TABLE, now)),
        }
    }

    pub async fn check(&self, subreddits: &[String]) -> Vec<Finding> {
        let mut found = Vec::new();
        match self.access.token().await {
            Err(error) => {
                let todo = "make a refresh token with duration=permanent, see docs/networks/reddit.md";
                return vec![Finding::problem("refresh_token", error.to_string(), todo)];
            }
            Ok(token) => {
                let all = token.scopes.iter().any(|scope| scope == "*");
                let missing: Vec<&str> = SCOPES
                    .into_iter()
                    .filter(|scope| !all && !token.scopes.iter().any(|has| has == scope))
                    .collect();
                if !missing.is_empty() {
                    let what = format!("the token lacks {}", missing.join(", "));
                    let todo = format!("sign the account in again with the scopes {}", SCOPES.join(" "));
                    found.push(Finding::problem("refresh_token", what, todo));
                }
            }
        }
        match self.name().await {
            Ok(name) => found.push(Finding::fine("account", format!("signed in as u/{name}"))),
            Err(error) => {
                found.push(Finding::problem(
                    "account",
                    error.to_string(),
                    "ask Reddit whether the account is in order",
                ));
                return found;
            }
        }
        for subreddit in subreddits {
            let about = format!("r/{subreddit}");
            found.push(match self.listing(&format!("/r/{subreddit}/new"), None).await {
                Ok(_) => Finding::fine(about, "can be read"),
                Err(error) => Finding::problem(
                    about,
                    error.to_string(),
                    "is it spelt so, and may the account see it?",
                ),
            });
        }
        if let Some(budget) = self.budget() {
            let what = format!(
                "{} calls are left for {} s",
                budget.remaining,
                budget.resets_in.as_secs()
            );
            found.push(Finding::fine("budget", what));
        }
        found
    }
}

fn lacks_a_scope(answer: &Answer) -> bool {
    let said = answer.headers.get(header::WWW_AUTHENTICATE);
    said.and_then(|said| said.to_str().ok())
        .is_some_and(|said| said.contains("insufficient_scope"))
}
