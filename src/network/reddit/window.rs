//! How far each listing was read: the names on its newest page, and the age of the oldest of them. A listing is read from
//! its newest end until it meets them. What is approved late appears in the middle, and is new all the same; what was
//! deleted takes nobody's place. And what became of the newest mentions, which Reddit tells only who asks.

use std::collections::{BTreeMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Reddit;
use super::account::PAGE;
use super::item::Item;
use crate::domain::mention::{Mention, Upstream, UpstreamChange};
use crate::port::delivery_error::DeliveryError;
use crate::port::social::Batch;

/// The most pages of one listing in one poll: Reddit's listings end after about a thousand items.
const PAGES: usize = 10;
/// How much of each listing's past is taken at first contact.
const BACKLOG: usize = 40;
/// Of a listing that is new in the settings, only what is younger is worth anybody's while.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// How often we look what became of the newest mentions.
const LOOK_EVERY: SignedDuration = SignedDuration::from_mins(5);

/// The connector's cursor.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    listings: BTreeMap<String, Window>,
    /// The newest mentions that can still change, oldest first.
    watched: Vec<Watched>,
    looked: Timestamp,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Window {
    seen: Vec<String>,
    /// What is older was there before.
    floor: Timestamp,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Watched {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    edited: Option<Timestamp>,
}

pub(super) async fn poll(
    reddit: &Reddit,
    cursor: Option<&str>,
    now: Timestamp,
) -> Result<Batch, DeliveryError> {
    // A cursor that cannot be read costs one repeated delivery, which the desk swallows.
    let mut cursor: Cursor = cursor
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let first_contact = cursor.listings.is_empty();
    let name = reddit.account.name().await?;
    let mut batch = Batch::default();
    let mut new: Vec<(Option<Watched>, Mention)> = Vec::new();
    let mut taken = HashSet::new();
    let (mut read, mut closed) = (0, None);
    for (path, by_keyword) in &reddit.listings {
        let known = cursor.listings.get(path);
        let (items, window) = match unread(reddit, path, known).await {
            Ok(found) => found,
            // One subreddit that went private silences no other listing.
            Err(error @ (DeliveryError::Permanent(_) | DeliveryError::Gone(_))) => {
                tracing::warn!(connector = %reddit.id, "{path} cannot be read: {error}");
                closed = Some(error);
                continue;
            }
            Err(error) => return Err(error),
        };
        let wanted = |item: &&Item| {
            let fresh = || item.created().is_some_and(|at| now.duration_since(at) < FRESH);
            !item.is_gone()
                && !item
                    .author()
                    .is_some_and(|author| author.eq_ignore_ascii_case(name))
                && (!by_keyword || reddit.keywords.are_in(item.text().as_written()))
                && (known.is_some() || first_contact || fresh())
        };
        let bound = if known.is_some() { usize::MAX } else { BACKLOG };
        for item in items.iter().filter(wanted).take(bound) {
            let mention = item.mention(&reddit.id, &reddit.network, name, now);
            if let Some(mention) = mention.filter(|mention| taken.insert(mention.id.clone())) {
                new.push((watch(&mention, item), mention));
            }
        }
        read += 1;
        cursor.listings.insert(path.clone(), window);
    }
    if let Some(error) = closed.filter(|_| read == 0) {
        return Err(error);
    }
    cursor
        .listings
        .retain(|path, _| reddit.listings.iter().any(|(asked, _)| asked == path));
    new.sort_by_key(|(_, mention)| mention.created);
    for (watched, mention) in new {
        cursor.watched.extend(watched);
        batch.mentions.push(mention);
    }
    let excess = cursor.watched.len().saturating_sub(PAGE);
    cursor.watched.drain(..excess);
    if now.duration_since(cursor.looked) >= LOOK_EVERY {
        batch.changes = changes(reddit, &mut cursor.watched, now).await?;
        cursor.looked = now;
    }
    batch.cursor = serde_json::to_string(&cursor).ok();
    Ok(batch)
}

/// What is new in a listing, newest first, and the window that it leaves.
async fn unread(
    reddit: &Reddit,
    path: &str,
    known: Option<&Window>,
) -> Result<(Vec<Item>, Window), DeliveryError> {
    let mut items: Vec<Item> = Vec::new();
    let mut after = None;
    for page in 0..PAGES {
        let next = reddit.account.listing(path, after.as_deref()).await?;
        after = next.after;
        items.extend(next.items);
        let met = match (known, items.last()) {
            // At first contact one page is past enough.
            (None, _) | (_, None) => true,
            (Some(window), Some(last)) => !window.is_new(last),
        };
        if met || after.is_none() {
            break;
        }
        if page + 1 == PAGES {
            tracing::warn!(connector = %reddit.id, "{path} has more new items than Reddit lists");
        }
    }
    let seen: Vec<String> = items
        .iter()
        .take(PAGE)
        .filter_map(|item| item.name().map(str::to_owned))
        .collect();
    let whole = after.is_none() && items.len() <= PAGE;
    let oldest = items.iter().take(PAGE).filter_map(Item::created).min();
    let window = Window {
        // A listing that shows all it has leaves nothing older to be mistaken for new.
        floor: oldest.filter(|_| !whole).unwrap_or(Timestamp::UNIX_EPOCH),
        seen,
    };
    if let Some(known) = known {
        items.retain(|item| known.is_new(item));
    }
    Ok((items, window))
}

impl Window {
    fn is_new(&self, item: &Item) -> bool {
        let known = item
            .name()
            .is_some_and(|name| self.seen.iter().any(|seen| seen == name));
        !known && item.created().is_none_or(|created| created >= self.floor)
    }
}

/// Messages cannot be looked up; posts and comments can.
fn watch(mention: &Mention, item: &Item) -> Option<Watched> {
    let (id, edited) = (mention.id.clone(), item.edited());
    (id.starts_with("t1_") || id.starts_with("t3_")).then_some(Watched { id, edited })
}

/// Asks once for all that is watched. What Reddit does not mention stays as it is: silence is no deletion.
async fn changes(
    reddit: &Reddit,
    watched: &mut Vec<Watched>,
    now: Timestamp,
) -> Result<Vec<Upstream>, DeliveryError> {
    if watched.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<&str> = watched.iter().map(|one| one.id.as_str()).collect();
    let items = reddit.account.info(&names).await?;
    let mut changes = Vec::new();
    let mut change = |id: &str, at, what| {
        let (network, id) = (reddit.network.clone(), id.to_owned());
        changes.push(Upstream {
            network,
            id,
            at,
            what,
        });
    };
    watched.retain_mut(|one| {
        let Some(item) = items.iter().find(|item| item.name() == Some(one.id.as_str())) else {
            return true;
        };
        if item.is_gone() {
            change(&one.id, now, UpstreamChange::Deleted);
            return false;
        }
        if let Some(at) = item.edited().filter(|at| Some(*at) != one.edited) {
            change(&one.id, at, UpstreamChange::Edited { text: item.text() });
            one.edited = Some(at);
        }
        true
    });
    Ok(changes)
}
