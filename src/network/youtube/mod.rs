//! YouTube, polled: comments on the channel's videos and their answers; replies below them.
//! <https://developers.google.com/youtube/v3/docs>; text limit and quota: `TEXT_LIMIT`, [`quota`].
//!
//! Everything costs units of a daily budget (`quota`). Mentions of the channel elsewhere, direct messages and community
//! posts have no API. A comment has one level of answers: whoever answers an answer writes below the same first comment.

mod account;
mod comment;
pub mod device;
mod quota;
mod reading;

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Clock;
use super::same_text::same_text;
use crate::domain::capability::{Capabilities, Counting};
use crate::domain::ids::{ConnectorId, NetworkId};
use crate::domain::mention::MentionKind;
use crate::port::delivery_error::DeliveryError;
use crate::port::finding::Finding;
use crate::port::secret::SecretRef;
use crate::port::social::{Batch, Connector, PublicReply, Published, Reconciled};

use account::Account;
use comment::{Comment, top_of};

/// The longest comment, in characters; products that write here keep to it, YouTube does not document it.
pub const TEXT_LIMIT: usize = 10_000;
/// The units that a project has unless Google granted more.
pub const DAILY_UNITS: u32 = 10_000;
/// What reading and writing comments takes.
pub const SCOPE: &str = "https://www.googleapis.com/auth/youtube.force-ssl";
/// New comments show up late in listings; before that, absence proves nothing.
const SHOWS_UP_AFTER: SignedDuration = SignedDuration::from_mins(5);
/// How many pages of a thread are looked through for our own reply, newest threads being short.
const RECONCILE_PAGES: usize = 10;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The connector's name; with it goes how far it has read.
    pub name: String,
    /// The OAuth client, from <https://console.cloud.google.com/apis/credentials>.
    pub client_id: SecretRef,
    pub client_secret: SecretRef,
    /// From `switchboard connect youtube`.
    pub refresh_token: SecretRef,
    /// The channel's id, `UC…`; the account's own when left out.
    #[serde(default)]
    pub channel: Option<String>,
    /// Read also what YouTube holds back until the channel allows it?
    #[serde(default)]
    pub held_for_review: bool,
    #[serde(default = "every_seconds")]
    pub every_seconds: u32,
    /// The units that Switchboard may spend on a day, of those that the project has.
    #[serde(default = "daily_units")]
    pub daily_units: u32,
    #[serde(default = "api_url")]
    pub api_url: String,
    #[serde(default = "auth_url")]
    pub auth_url: String,
}

fn every_seconds() -> u32 {
    60
}

fn daily_units() -> u32 {
    DAILY_UNITS
}

fn api_url() -> String {
    "https://youtube.googleapis.com/youtube/v3".to_owned()
}

/// Where Google gives tokens.
pub fn auth_url() -> String {
    "https://oauth2.googleapis.com".to_owned()
}

impl Settings {
    /// Every mistake in the settings at once.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if let Some(channel) = &self.channel {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            if !channel.starts_with("UC") || !channel.chars().all(plain) {
                problems.push(format!(
                    "channel: “{channel}” is no channel's id; it begins with UC, not with @"
                ));
            }
        }
        if !(10..=86_400).contains(&self.every_seconds) {
            problems.push(format!(
                "every_seconds: {} is not from 10 to 86400",
                self.every_seconds
            ));
        }
        if !(100..=100_000_000).contains(&self.daily_units) {
            problems.push(format!(
                "daily_units: {} is not from 100 to 100000000",
                self.daily_units
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
}

pub struct YouTube {
    id: ConnectorId,
    network: NetworkId,
    held_for_review: bool,
    every: Duration,
    account: Account,
    clock: Clock,
}

impl YouTube {
    pub fn open(settings: &Settings, folder: &Path, clock: Clock) -> Result<Self, Vec<String>> {
        let mut problems = settings.problems();
        let account = Account::open(settings, folder, clock.clone()).map_err(|why| problems.extend(why));
        match account {
            Ok(account) if problems.is_empty() => Ok(Self {
                id: ConnectorId::new(settings.name.clone()),
                network: NetworkId::new("youtube"),
                held_for_review: settings.held_for_review,
                every: Duration::from_secs(settings.every_seconds.into()),
                account,
                clock,
            }),
            _ => Err(problems),
        }
    }

    /// The listings of one poll, by the state of the comments in them.
    fn statuses(&self) -> Vec<Option<&'static str>> {
        let held = self.held_for_review.then_some(Some("heldForReview"));
        std::iter::once(None).chain(held).collect()
    }
}

#[async_trait]
impl Connector for YouTube {
    fn id(&self) -> &ConnectorId {
        &self.id
    }

    fn capabilities(&self, _network: &NetworkId) -> Capabilities {
        Capabilities {
            reads: vec![MentionKind::Comment],
            replies: true,
            text_limit: Some(TEXT_LIMIT),
            counting: Counting::Characters,
            idempotent: false,
            reconciles: true,
            ..Capabilities::default()
        }
    }

    fn poll_every(&self) -> Option<Duration> {
        // A poll costs a unit for each listing, and another one now and then.
        let cost = u32::try_from(self.statuses().len()).unwrap_or(2) + 1;
        Some(self.account.quota().rest(cost, self.every, (self.clock)()))
    }

    async fn poll(&self, cursor: Option<&str>) -> Result<Batch, DeliveryError> {
        reading::poll(self, cursor, (self.clock)()).await
    }

    async fn publish(&self, reply: &PublicReply) -> Result<Published, DeliveryError> {
        let snippet = json!({"parentId": top_of(&reply.answers), "textOriginal": reply.text});
        let answer = self.account.insert(&json!({"snippet": snippet})).await?;
        let value: Value = serde_json::from_slice(&answer.body).map_err(|_| {
            // The comment may be there although the answer is no JSON.
            DeliveryError::Uncertain("YouTube took the reply and answered something unreadable".to_owned())
        })?;
        let Some(comment) = Comment::read(&value) else {
            return Err(DeliveryError::Uncertain(
                "YouTube took the reply and named no comment".to_owned(),
            ));
        };
        if comment.is_held() || comment.is_refused() {
            tracing::warn!(connector = %self.id, "YouTube holds our own reply back for review");
        }
        Ok(published(&comment))
    }

    async fn reconcile(&self, reply: &PublicReply) -> Result<Reconciled, DeliveryError> {
        let channel = self.account.channel().await?;
        let parent = top_of(&reply.answers);
        let query = [
            ("part", "snippet"),
            ("parentId", parent),
            ("maxResults", "100"),
            ("textFormat", "plainText"),
        ];
        let items = self.account.pages("comments", &query, RECONCILE_PAGES).await?;
        // An author that YouTube leaves out may be us: a text too few is better than one twice.
        let ours = |comment: &Comment| {
            comment.author.as_deref().is_none_or(|author| author == channel)
                && same_text(&comment.text, &reply.text)
        };
        if let Some(comment) = items.iter().filter_map(Comment::read).find(ours) {
            return Ok(Reconciled::Found(published(&comment)));
        }
        let waited = (self.clock)().duration_since(reply.asked);
        if waited < SHOWS_UP_AFTER {
            return Err(DeliveryError::Wait {
                wait: SHOWS_UP_AFTER - waited.max(SignedDuration::ZERO),
                why: "new comments show up late on YouTube".to_owned(),
            });
        }
        if items.len() < RECONCILE_PAGES * account::PAGE {
            return Ok(Reconciled::Absent);
        }
        Ok(Reconciled::CannotTell(
            "the thread has more answers than can be looked through".to_owned(),
        ))
    }

    async fn check(&self) -> Vec<Finding> {
        self.account.check().await
    }
}

fn published(comment: &Comment) -> Published {
    Published {
        native_id: Some(comment.id.clone()),
        permalink: comment.permalink(),
    }
}
