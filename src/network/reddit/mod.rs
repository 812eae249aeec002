//! Reddit, polled: the account's inbox and mentions, and subreddits by keyword; replies as comments.
//! <https://www.reddit.com/dev/api/>, rules and limits: <https://support.reddithelp.com/hc/en-us/articles/16160319875092>.
//!
//! A listing has no dependable “newer than”: an item that was deleted is a dead end. So each listing is read from its
//! newest end until it meets what was there before (`window`), and the store swallows what comes twice. Chat has no API;
//! old private messages are read and, like everything else here, never marked as read.

mod account;
mod errors;
mod item;
mod keywords;
mod window;

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::same_text::same_text;
use super::{Clock, http};
use crate::domain::capability::{Capabilities, Counting};
use crate::domain::ids::{ConnectorId, NetworkId};
use crate::domain::mention::MentionKind;
use crate::port::delivery_error::DeliveryError;
use crate::port::finding::Finding;
use crate::port::secret::SecretRef;
use crate::port::social::{Batch, Connector, PublicReply, Published, Reconciled};

use account::Account;
use item::Item;
use keywords::Keywords;

/// The longest comment, in characters of its Markdown.
pub const TEXT_LIMIT: usize = 10_000;
/// What an account needs to be allowed: <https://www.reddit.com/dev/api/oauth>.
pub const SCOPES: [&str; 5] = ["identity", "read", "submit", "privatemessages", "history"];
/// Own comments show up late; before that, absence proves nothing.
const SHOWS_UP_AFTER: SignedDuration = SignedDuration::from_secs(30);

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The connector's name; with it goes how far it has read.
    pub name: String,
    /// The application, from <https://www.reddit.com/prefs/apps>.
    pub client_id: SecretRef,
    pub client_secret: SecretRef,
    /// The account's permanent refresh token.
    pub refresh_token: SecretRef,
    /// Who asks: `platform:application:version (by /u/name)`. Reddit slows down whoever has none of their own.
    pub user_agent: String,
    /// Read the account's inbox: mentions, replies, messages.
    #[serde(default = "yes")]
    pub inbox: bool,
    /// Subreddits whose new posts and comments are read, without the `r/`.
    #[serde(default)]
    pub subreddits: Vec<String>,
    /// Words and phrases, one of which must be in a subreddit's post or comment.
    #[serde(default)]
    pub keywords: Vec<String>,
    #[serde(default = "every_seconds")]
    pub every_seconds: u32,
    #[serde(default = "api_url")]
    pub api_url: String,
    #[serde(default = "auth_url")]
    pub auth_url: String,
}

fn yes() -> bool {
    true
}

fn every_seconds() -> u32 {
    60
}

fn api_url() -> String {
    "https://oauth.reddit.com".to_owned()
}

fn auth_url() -> String {
    "https://www.reddit.com".to_owned()
}

impl Settings {
    /// Every mistake in the settings at once.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let named = self.user_agent.contains(':') && self.user_agent.contains("u/");
        if !named || !self.user_agent.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            problems.push(format!(
                "user_agent: “{}” does not say who asks; Reddit wants “server:com.example.switchboard:v1 (by /u/your_account)”",
                self.user_agent
            ));
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        for subreddit in &self.subreddits {
            if subreddit.is_empty() || !subreddit.chars().all(plain) {
                problems.push(format!(
                    "subreddits: “{subreddit}” is no subreddit's name; leave out the “r/”"
                ));
            }
        }
        if !self.subreddits.is_empty() && self.keywords.is_empty() {
            problems.push("keywords: subreddits are read by keyword; name at least one".to_owned());
        }
        if self.keywords.iter().any(|keyword| keyword.trim().is_empty()) {
            problems.push("keywords: one of them is empty".to_owned());
        }
        if !self.inbox && self.subreddits.is_empty() {
            problems
                .push("subreddits: with inbox = false and no subreddit there is nothing to read".to_owned());
        }
        if !(10..=86_400).contains(&self.every_seconds) {
            problems.push(format!(
                "every_seconds: {} is not from 10 to 86400",
                self.every_seconds
            ));
        }
        for (key, url) in [("api_url", &self.api_url), ("auth_url", &self.auth_url)] {
            if !matches!(url::Url::parse(url), Ok(url) if matches!(url.scheme(), "http" | "https")) {
                problems.push(format!("{key}: an address begins with https:// or http://"));
            }
        }
        problems
    }

    /// What is kept outside the configuration, by the settings' names.
    pub fn secrets(&self) -> [(&'static str, &SecretRef); 3] {
        [
            ("client_id", &self.client_id),
            ("client_secret", &self.client_secret),
            ("refresh_token", &self.refresh_token),
        ]
    }

    /// Every listing that one poll asks for, and whether keywords decide what is taken from it.
    fn listings(&self) -> Vec<(String, bool)> {
        // `unread` alone would lose what a person reads first; only messages have no listing of their own that works.
        let inbox = ["mentions", "comments", "selfreply", "unread"];
        let inbox = inbox.into_iter().filter(|_| self.inbox);
        let of_subreddits = self
            .subreddits
            .iter()
            .flat_map(|name| ["new", "comments"].map(|listing| (format!("/r/{name}/{listing}"), true)));
        inbox
            .map(|listing| (format!("/message/{listing}"), false))
            .chain(of_subreddits)
            .collect()
    }
}

pub struct Reddit {
    id: ConnectorId,
    network: NetworkId,
    listings: Vec<(String, bool)>,
    subreddits: Vec<String>,
    keywords: Keywords,
    every: Duration,
    account: Account,
    clock: Clock,
}

impl Reddit {
    pub fn open(settings: &Settings, folder: &Path, clock: Clock) -> Result<Self, Vec<String>> {
        let mut problems = settings.problems();
        let account = Account::open(settings, folder, clock.clone()).map_err(|why| problems.extend(why));
        match account {
            Ok(account) if problems.is_empty() => Ok(Self {
                id: ConnectorId::new(settings.name.clone()),
                network: NetworkId::new("reddit"),
                listings: settings.listings(),
                subreddits: settings.subreddits.clone(),
                keywords: Keywords::new(&settings.keywords),
                every: Duration::from_secs(settings.every_seconds.into()),
                account,
                clock,
            }),
            _ => Err(problems),
        }
    }

    /// Our own comment that answers this and says that, if it is among the newest hundred.
    fn ours(&self, items: &[Item], reply: &PublicReply) -> Option<Published> {
        let found = items.iter().find(|item| {
            item.text_of("parent_id") == Some(reply.answers.as_str())
                && same_text(item.text_of("body").unwrap_or_default(), &reply.text)
        })?;
        Some(Published {
            native_id: found.name().map(str::to_owned),
            permalink: found.permalink(),
        })
    }
}

#[async_trait]
impl Connector for Reddit {
    fn id(&self) -> &ConnectorId {
        &self.id
    }

    fn capabilities(&self, _network: &NetworkId) -> Capabilities {
        Capabilities {
            reads: vec![
                MentionKind::Mention,
                MentionKind::Comment,
                MentionKind::DirectMessage,
            ],
            replies: true,
            text_limit: Some(TEXT_LIMIT),
            counting: Counting::Characters,
            idempotent: false,
            reconciles: true,
            ..Capabilities::default()
        }
    }

    fn poll_every(&self) -> Option<Duration> {
        let calls = u32::try_from(self.listings.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        Some(match self.account.budget() {
            Some(budget) => self
                .every
                .max(http::rest(&budget, Duration::ZERO).saturating_mul(calls)),
            None => self.every,
        })
    }

    async fn poll(&self, cursor: Option<&str>) -> Result<Batch, DeliveryError> {
        window::poll(self, cursor, (self.clock)()).await
    }

    async fn publish(&self, reply: &PublicReply) -> Result<Published, DeliveryError> {
        let form = [
            ("api_type", "json"),
            ("raw_json", "1"),
            ("thing_id", reply.answers.as_str()),
            ("text", reply.text.as_str()),
        ];
        let answer = self.account.post("/api/comment", &form).await?;
        let value = serde_json::from_slice(&answer.body).map_err(|_| {
            // The comment may be there although the answer is no JSON.
            DeliveryError::Uncertain("Reddit took the reply and answered something unreadable".to_owned())
        })?;
        errors::published(&value)
    }

    async fn reconcile(&self, reply: &PublicReply) -> Result<Reconciled, DeliveryError> {
        if reply.answers.starts_with("t4_") {
            let why = "Reddit lists no private messages that were sent".to_owned();
            return Ok(Reconciled::CannotTell(why));
        }
        let name = self.account.name().await?;
        let page = self
            .account
            .listing(&format!("/user/{name}/comments?sort=new"), None)
            .await?;
        if let Some(published) = self.ours(&page.items, reply) {
            return Ok(Reconciled::Found(published));
        }
        let waited = (self.clock)().duration_since(reply.asked);
        if waited < SHOWS_UP_AFTER {
            return Err(DeliveryError::Wait {
                wait: SHOWS_UP_AFTER - waited.max(SignedDuration::ZERO),
                why: "own comments show up late on Reddit".to_owned(),
            });
        }
        let since = |item: &Item| item.created().is_some_and(|created| created < reply.asked);
        if page.after.is_none() || page.items.iter().any(since) {
            return Ok(Reconciled::Absent);
        }
        let why = "the account has written more than a hundred comments since".to_owned();
        Ok(Reconciled::CannotTell(why))
    }

    async fn check(&self) -> Vec<Finding> {
        self.account.check(&self.subreddits).await
    }
}

/// Reddit's times are Unix seconds with a fraction that is always zero.
fn moment(seconds: f64) -> Option<Timestamp> {
    Timestamp::from_second(seconds as i64)
        .ok()
        .filter(|_| seconds.is_finite())
}
