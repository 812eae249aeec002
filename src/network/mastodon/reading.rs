//! Reading: the account's notifications page by page, and a second look at the newest of them for what was edited or
//! deleted since (<https://docs.joinmastodon.org/methods/notifications/>).
//!
//! `min_id` asks for the page right after an id, so nothing falls between two polls; `since_id` would leave a gap in a
//! burst. Mentions that the server's policy filters away from strangers are asked for too: they are the customers.

use std::time::Duration;

use serde_json::Value;

use super::cursor::{Cursor, Watched, by_id};
use super::mention::{self, Reader};
use super::server::{Server, SignedIn};
use super::wire::{Notification, Status, each};
use crate::domain::ids::NetworkId;
use crate::domain::mention::{Mention, Upstream, UpstreamChange};
use crate::network::http::{Answer, Budget, budget, rest};
use crate::port::delivery_error::DeliveryError;

/// Servers give up to 40 or 80; what they cut is on the next page.
const PAGE: &str = "40";
/// How many pages one poll reads; the next one goes on there.
const PAGES: usize = 10;

pub(super) struct Reading<'a> {
    pub server: &'a Server,
    pub signed_in: &'a SignedIn,
    pub reader: Reader<'a>,
    pub cursor: Cursor,
    /// What the server said last of its budget.
    pub budget: Option<Budget>,
}

impl Reading<'_> {
    /// The newest page, at the first contact.
    pub async fn backlog(&mut self) -> Result<Vec<Mention>, DeliveryError> {
        let page = self.page(None).await?;
        Ok(self.take(&page))
    }

    /// All after the cursor, page by page until one is empty.
    pub async fn news(&mut self) -> Result<Vec<Mention>, DeliveryError> {
        if self.cursor.newest.is_empty() {
            return self.first_ones().await;
        }
        let mut mentions = Vec::new();
        for _ in 0..PAGES {
            let newest = self.cursor.newest.clone();
            let page = self.page(Some(("min_id", &newest))).await?;
            mentions.extend(self.take(&page));
            // An empty page, or a server that does not know `min_id`; what it repeats is swallowed by the desk.
            if self.cursor.newest == newest {
                break;
            }
        }
        Ok(mentions)
    }

    /// Where there was nothing before, whatever is there now is new: from the newest page back.
    async fn first_ones(&mut self) -> Result<Vec<Mention>, DeliveryError> {
        let mut pages = Vec::new();
        let mut oldest: Option<String> = None;
        for _ in 0..PAGES {
            let page = self.page(oldest.as_deref().map(|id| ("max_id", id))).await?;
            let Some(first) = page.first() else { break };
            if oldest
                .as_ref()
                .is_some_and(|oldest| by_id(&first.id, oldest).is_ge())
            {
                break;
            }
            oldest = Some(first.id.clone());
            pages.push(page);
        }
        let all: Vec<Notification> = pages.into_iter().rev().flatten().collect();
        Ok(self.take(&all))
    }

    /// One page, oldest first.
    async fn page(&mut self, from: Option<(&str, &str)>) -> Result<Vec<Notification>, DeliveryError> {
        let mut query = vec![("types[]", "mention")];
        if self.signed_in.tells_quotes() {
            query.push(("types[]", "quote"));
        }
        query.extend([("limit", PAGE), ("include_filtered", "true")]);
        query.extend(from);
        let answer = self.server.get(&["api", "v1", "notifications"], &query).await?;
        self.note(&answer);
        let mut page: Vec<Notification> = each(answer.json::<Vec<Value>>()?);
        page.sort_by(|one, other| by_id(&one.id, &other.id));
        Ok(page)
    }

    fn note(&mut self, answer: &Answer) {
        self.budget = budget(&answer.headers, self.reader.now).or(self.budget);
    }

    /// What the budget asks for between two polls.
    pub fn rest(&self, every: Duration) -> Duration {
        self.budget.map_or(every, |budget| rest(&budget, every))
    }

    fn take(&mut self, page: &[Notification]) -> Vec<Mention> {
        let mut mentions = Vec::new();
        for notification in page {
            self.cursor.advance(&notification.id);
            let (Some(mention), Some(status)) = (self.reader.mention(notification), &notification.status)
            else {
                continue;
            };
            self.cursor.watch(Watched {
                notification: notification.id.clone(),
                status: status.id.clone(),
                edited: status.edited_at,
            });
            mentions.push(mention);
        }
        mentions
    }

    /// A second look at the newest mentions: as they are now, or no longer there. What cannot be read now is looked at the
    /// next time; it must not hold up what is new.
    pub async fn look_again(&mut self) -> Vec<Upstream> {
        let mut changes = Vec::new();
        if self.cursor.watched.is_empty() {
            return changes;
        }
        let Ok(page) = self.page(None).await else {
            return changes;
        };
        let statuses: Vec<&Status> = page.iter().filter_map(|note| note.status.as_ref()).collect();
        for watched in self.cursor.watched.clone() {
            if let Some(status) = statuses.iter().find(|status| status.id == watched.status) {
                changes.extend(self.edited(status));
            } else if !within(&page, &watched) {
                self.cursor.forget(&watched.status);
            } else if self.is_gone(&watched.status).await {
                changes.push(self.deleted(&watched.status));
            }
        }
        changes
    }

    async fn is_gone(&self, status: &str) -> bool {
        let asked = self.server.get(&["api", "v1", "statuses", status], &[]).await;
        matches!(asked, Err(DeliveryError::Gone(_)))
    }

    /// Tells an edit once, whichever way it became known.
    pub fn edited(&mut self, status: &Status) -> Option<Upstream> {
        status.edited_at?;
        let is_news = self.cursor.edited(&status.id, status.edited_at);
        let text = mention::text(status);
        is_news.then(|| self.change(&status.id, UpstreamChange::Edited { text }))
    }

    pub fn deleted(&mut self, status: &str) -> Upstream {
        self.cursor.forget(status);
        self.change(status, UpstreamChange::Deleted)
    }

    fn change(&self, status: &str, what: UpstreamChange) -> Upstream {
        let network: &NetworkId = self.reader.network;
        Upstream {
            network: network.clone(),
            id: status.to_owned(),
            at: self.reader.now,
            what,
        }
    }
}

/// Would the page show it if it were still there?
fn within(page: &[Notification], watched: &Watched) -> bool {
    let is_full = PAGE.parse().is_ok_and(|full: usize| page.len() >= full);
    let oldest = page.first().filter(|_| is_full);
    oldest.is_none_or(|oldest| by_id(&watched.notification, &oldest.id).is_gt())
}
