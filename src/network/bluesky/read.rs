//! Who mentions, answers or quotes us: the notifications of the account, read back to what is known.
//! <https://docs.bsky.app/docs/api/app-bsky-notification-list-notifications>

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::Bluesky;
use super::mark::Mark;
use super::session::Session;
use crate::domain::ids::{ConnectorId, NetworkId};
use crate::domain::mention::Mention;
use crate::network::atproto::{self, Found, Strong};
use crate::network::http::Purpose;
use crate::port::delivery_error::DeliveryError;
use crate::port::social::Batch;

/// What of all that is told (likes, reposts, followers, …) somebody should answer.
const REASONS: [&str; 3] = ["mention", "reply", "quote"];
/// The network's largest page, and how much of the past is wanted at first contact.
const PAGE: u32 = 100;
const BACKLOG: u32 = 40;
/// Pages read in one poll; the way back goes on in the next.
const PAGES_A_POLL: usize = 10;
/// Profiles that one request may ask for.
const PROFILES: usize = 25;

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    notifications: Vec<Value>,
    cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notification {
    uri: String,
    cid: String,
    author: Author,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    record: Value,
    indexed_at: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Author {
    did: String,
    #[serde(default)]
    handle: Option<String>,
    #[serde(default)]
    display_name: Option<String>,
    #[serde(default)]
    verification: Value,
    followers_count: Option<u64>,
}

#[derive(Deserialize)]
struct Profiles {
    #[serde(default)]
    profiles: Vec<Author>,
}

/// One notification as a mention: when the network told of it, and none where it is nothing that somebody should answer.
/// What is no notification at all is an error, which names no text of the stranger's.
fn read(
    one: &Value,
    own: &Session,
    connector: &ConnectorId,
    network: &NetworkId,
    now: Timestamp,
) -> Result<(Timestamp, Option<Mention>), String> {
    let told = Notification::deserialize(one).map_err(|error| error.to_string())?;
    // A post without a time of the network's is as new as can be.
    let seen = told.indexed_at.unwrap_or(now);
    if !REASONS.contains(&told.reason.as_str()) || told.author.did == own.did {
        return Ok((seen, None));
    }
    let mut author = atproto::author(
        &told.author.did,
        told.author.handle.as_deref(),
        told.author.display_name.as_deref(),
    );
    author.verified = told.author.verification["verifiedStatus"] == "valid";
    let mut mention = atproto::mention(Found {
        connector,
        network,
        at: Strong {
            uri: told.uri,
            cid: told.cid,
        },
        author,
        record: &told.record,
        seen,
    });
    mention.account = Some(own.handle.clone());
    Ok((seen, Some(mention)))
}

impl Bluesky {
    pub(super) async fn news(&self, cursor: Option<&str>) -> Result<Batch, DeliveryError> {
        let before = cursor.map(Mark::read);
        let session = self.sessions.get().await?;
        let walked = self.walk(before.as_ref(), &session).await;
        let (mut mentions, mark) = match (walked, &before) {
            // The place where we stopped is no place any more: the way back begins anew.
            (Err(DeliveryError::Permanent(_)), Some(mark)) if mark.is_on_the_way() => {
                self.walk(Some(&mark.clone().begun_anew()), &session).await?
            }
            (walked, _) => walked?,
        };
        mentions.reverse();
        self.count_followers(&mut mentions).await;
        let moved = before.as_ref() != Some(&mark);
        Ok(Batch {
            mentions,
            cursor: moved.then(|| serde_json::to_string(&mark).ok()).flatten(),
            ..Batch::default()
        })
    }

    /// Newest first, from the top or from where the last poll stopped.
    async fn walk(
        &self,
        before: Option<&Mark>,
        session: &Session,
    ) -> Result<(Vec<Mention>, Mark), DeliveryError> {
        let mut way = before.cloned().unwrap_or_default().way();
        let mut mentions = Vec::new();
        let mut next = way.page().map(str::to_owned);
        for _ in 0..PAGES_A_POLL {
            let page = self.page(next.as_deref(), before.is_none()).await?;
            let mut complete = page.notifications.is_empty() || before.is_none();
            for one in &page.notifications {
                match read(one, session, &self.id, &self.network, (self.clock)()) {
                    Ok((seen, mention)) => {
                        let uri = one["uri"].as_str().unwrap_or_default();
                        match way.meet(uri, seen) {
                            Some(true) => mentions.extend(mention),
                            Some(false) => {}
                            None => complete = true,
                        }
                    }
                    Err(why) => {
                        tracing::warn!(connector = %self.id, "a notification cannot be read and is passed over: {why}");
                    }
                }
            }
            // A server that names the same place again would be read for ever.
            let further = page.cursor.filter(|cursor| next.as_ref() != Some(cursor));
            next = if complete { None } else { further };
            if next.is_none() {
                break;
            }
        }
        Ok((mentions, way.after(next)))
    }

    async fn page(&self, cursor: Option<&str>, first_contact: bool) -> Result<Page, DeliveryError> {
        let limit = if first_contact { BACKLOG } else { PAGE };
        let answer = self
            .sessions
            .call(Purpose::Read, |client, session| {
                let address = format!("{}/xrpc/app.bsky.notification.listNotifications", session.server);
                let mut query = vec![("limit", limit.to_string())];
                query.extend(REASONS.map(|reason| ("reasons", reason.to_owned())));
                query.extend(cursor.map(|cursor| ("cursor", cursor.to_owned())));
                client.get(address).query(&query)
            })
            .await?;
        answer.json()
    }

    /// How many follow the authors, for as many as one request tells. Routes may ask for it; nothing waits for it.
    async fn count_followers(&self, mentions: &mut [Mention]) {
        let mut asked: Vec<String> = Vec::new();
        for mention in mentions.iter() {
            if asked.len() < PROFILES && !asked.contains(&mention.author.id) {
                asked.push(mention.author.id.clone());
            }
        }
        if asked.is_empty() {
            return;
        }
        let answer = self
            .sessions
            .call(Purpose::Read, |client, session| {
                let query: Vec<_> = asked.iter().map(|did| ("actors", did)).collect();
                client
                    .get(format!("{}/xrpc/app.bsky.actor.getProfiles", session.server))
                    .query(&query)
            })
            .await;
        let profiles = match answer.and_then(|answer| answer.json::<Profiles>()) {
            Ok(profiles) => profiles.profiles,
            Err(why) => {
                tracing::debug!(connector = %self.id, "followers stay unknown: {why}");
                return;
            }
        };
        let followers: HashMap<_, _> = profiles
            .into_iter()
            .filter_map(|profile| Some((profile.did, profile.followers_count?)))
            .collect();
        for mention in mentions {
            mention.author.followers = followers.get(&mention.author.id).copied();
        }
    }
}
