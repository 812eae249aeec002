//! What is new under the channel's videos. There is no “since”: threads come newest first and are read until a page holds
//! nothing new. A new answer does not move its thread to the front, so the number of answers is remembered for the newest
//! threads, and once an hour more pages are read than news ask for. Deletions are seen only by asking.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::YouTube;
use super::account::PAGE;
use super::comment::{Comment, Thread};
use super::quota::Spent;
use crate::domain::mention::{Upstream, UpstreamChange};
use crate::port::delivery_error::DeliveryError;
use crate::port::social::Batch;

/// How many pages are read for what is new, and once an hour anyway.
const PAGES: usize = 10;
const DEEP_PAGES: usize = 5;
const DEEP_EVERY: SignedDuration = SignedDuration::from_hours(1);
/// How many threads are remembered: those of the pages that are read each hour.
const THREADS: usize = DEEP_PAGES * PAGE;
/// How much of the past is taken at first contact.
const BACKLOG: usize = 40;
/// How many ids one call may ask for.
const IDS: usize = 50;
/// How many of the newest mentions are looked after each hour.
const WATCHED: usize = 2 * IDS;

/// The connector's cursor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Cursor {
    /// The newest threads, by id.
    threads: BTreeMap<String, Known>,
    /// The newest mentions, oldest first.
    watched: Vec<Watched>,
    /// The latest edit that was seen.
    edited: Timestamp,
    deep: Timestamp,
    spent: Spent,
    /// When the channel was met, and which threads were old then or are forgotten: of those only new answers count.
    begun: Timestamp,
    floor: Timestamp,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Known {
    at: Timestamp,
    /// How many answers it has, and the newest of those that were taken.
    replies: u64,
    newest: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Watched {
    id: String,
    /// It was not there when we looked last. One answer without it is no proof.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    missing: bool,
}

pub(super) async fn poll(
    youtube: &YouTube,
    before: Option<&str>,
    now: Timestamp,
) -> Result<Batch, DeliveryError> {
    // A cursor that cannot be read costs one repeated delivery, which the desk swallows.
    let before: Option<Cursor> = before.and_then(|text| serde_json::from_str(text).ok());
    let first_contact = before.is_none();
    let mut cursor = before.clone().unwrap_or_default();
    youtube.account.quota().recall(cursor.spent, now);
    let channel = youtube.account.channel().await?;
    let deep = now.duration_since(cursor.deep) >= DEEP_EVERY;
    let mut batch = Batch::default();
    let mut new: Vec<Comment> = Vec::new();
    for status in youtube.statuses() {
        let threads = read_threads(youtube, channel, status, &cursor, first_contact, deep).await?;
        for thread in threads {
            batch.changes.extend(edits(youtube, &thread, &cursor));
            new.extend(unread(youtube, thread, &mut cursor, first_contact).await?);
        }
    }
    // Own comments are no mentions, and what was refused wants no answer.
    new.retain(|comment| comment.author.as_deref() != Some(channel) && !comment.is_refused());
    new.sort_by(|one, other| (one.published, &one.id).cmp(&(other.published, &other.id)));
    new.dedup_by(|one, other| one.id == other.id);
    if first_contact {
        new.drain(..new.len().saturating_sub(BACKLOG));
    }
    let seen = batch
        .changes
        .iter()
        .map(|change| change.at)
        .chain(new.iter().filter_map(Comment::edited));
    cursor.edited = seen.chain([cursor.edited]).max().unwrap_or_default();
    cursor.watched.extend(new.iter().map(|comment| Watched {
        id: comment.id.clone(),
        missing: false,
    }));
    if first_contact {
        // A first page that is not full shows all there is: whatever is met later is new.
        let oldest = cursor.threads.values().map(|known| known.at).min();
        cursor.floor = oldest
            .filter(|_| cursor.threads.len() >= PAGE)
            .unwrap_or_default();
        (cursor.begun, cursor.deep) = (now, now);
    } else if deep {
        let gone = deletions(youtube, &mut cursor.watched, now).await?;
        batch.changes.extend(gone);
        cursor.deep = now;
    }
    batch.mentions = new
        .iter()
        .map(|comment| comment.mention(&youtube.id, &youtube.network, channel, now))
        .collect();
    cursor.shorten();
    cursor.spent = youtube.account.quota().spent(now);
    let moved = Cursor {
        spent: Spent::default(),
        ..cursor.clone()
    } != Cursor {
        spent: Spent::default(),
        ..before.unwrap_or_default()
    };
    if moved || first_contact {
        batch.cursor = serde_json::to_string(&cursor).ok();
    }
    Ok(batch)
}

/// Newest first, until a page holds nothing new.
async fn read_threads(
    youtube: &YouTube,
    channel: &str,
    status: Option<&str>,
    cursor: &Cursor,
    first_contact: bool,
    deep: bool,
) -> Result<Vec<Thread>, DeliveryError> {
    let mut query = vec![
        ("part", "snippet,replies"),
        ("allThreadsRelatedToChannelId", channel),
        ("order", "time"),
        ("maxResults", "100"),
        ("textFormat", "plainText"),
    ];
    query.extend(status.map(|status| ("moderationStatus", status)));
    let (mut threads, mut token) = (Vec::new(), None::<String>);
    let least = if deep && !first_contact { DEEP_PAGES } else { 1 };
    let most = if first_contact { 1 } else { PAGES };
    for page in 0..most {
        let mut query = query.clone();
        query.extend(token.as_deref().map(|token| ("pageToken", token)));
        let next = youtube.account.page("commentThreads", &query).await?;
        let read: Vec<Thread> = next.items.iter().filter_map(Thread::read).collect();
        let news = read.iter().any(|thread| cursor.has_news(thread));
        threads.extend(read);
        token = next.next;
        if token.is_none() || (!news && page + 1 >= least) {
            break;
        }
    }
    Ok(threads)
}

impl Cursor {
    /// A thread that is met for the first time and began before the memory does.
    fn is_old(&self, thread: &Thread) -> bool {
        thread.top.published.is_some_and(|at| at < self.floor)
    }

    fn has_news(&self, thread: &Thread) -> bool {
        match self.threads.get(&thread.top.id) {
            Some(known) => thread.total > known.replies,
            None => !self.is_old(thread),
        }
    }

    fn shorten(&mut self) {
        self.watched.drain(..self.watched.len().saturating_sub(WATCHED));
        let mut ages: Vec<Timestamp> = self.threads.values().map(|known| known.at).collect();
        ages.sort_unstable_by(|one, other| other.cmp(one));
        if let Some(floor) = ages.get(THREADS.saturating_sub(1)).copied() {
            self.threads.retain(|_, known| known.at >= floor);
            self.floor = self.floor.max(floor);
        }
    }
}

/// The comments of a thread that were not taken before; remembers the thread as it is now.
async fn unread(
    youtube: &YouTube,
    thread: Thread,
    cursor: &mut Cursor,
    first_contact: bool,
) -> Result<Vec<Comment>, DeliveryError> {
    let known = cursor.threads.get(&thread.top.id).cloned();
    if known.is_some() && !cursor.has_news(&thread) {
        // Fewer answers than before: some were deleted, and the next new one must be seen.
        if let Some(known) = cursor.threads.get_mut(&thread.top.id) {
            known.replies = known.replies.min(thread.total);
        }
        return Ok(Vec::new());
    }
    let old = known.is_none() && cursor.is_old(&thread);
    let Thread {
        top,
        mut replies,
        total,
    } = thread;
    if total > replies.len() as u64 && !first_contact && !old {
        let query = [
            ("part", "snippet"),
            ("parentId", top.id.as_str()),
            ("maxResults", "100"),
            ("textFormat", "plainText"),
        ];
        let all = youtube.account.pages("comments", &query, PAGES).await?;
        replies.extend(all.iter().filter_map(Comment::read));
    }
    for reply in &mut replies {
        reply.belongs_to(&top);
    }
    let newest = replies.iter().filter_map(|reply| reply.published).max();
    let before = known.as_ref().map(|known| known.newest);
    let at = top.published.unwrap_or_default();
    let entry = Known {
        at,
        replies: total,
        newest: newest.max(before).unwrap_or(at),
    };
    cursor.threads.insert(top.id.clone(), entry);
    // A day of overlap: what was held for review appears late with its old time. The store swallows what comes twice.
    let since = match before {
        Some(before) => Some(before - SignedDuration::from_hours(24)),
        None => old.then_some(cursor.begun),
    };
    replies.retain(|reply| since.is_none_or(|since| reply.published.is_none_or(|at| at >= since)));
    let top = (known.is_none() && !old).then_some(top);
    Ok(top.into_iter().chain(replies).collect())
}

/// Later edits of what is on the pages that were read.
fn edits(youtube: &YouTube, thread: &Thread, cursor: &Cursor) -> Vec<Upstream> {
    if !cursor.threads.contains_key(&thread.top.id) {
        return Vec::new();
    }
    let comments = std::iter::once(&thread.top).chain(&thread.replies);
    comments
        .filter_map(|comment| {
            let at = comment.edited().filter(|at| *at > cursor.edited)?;
            Some(Upstream {
                network: youtube.network.clone(),
                id: comment.id.clone(),
                at,
                what: UpstreamChange::Edited {
                    text: comment.text.as_str().into(),
                },
            })
        })
        .collect()
}

/// Deleted comments vanish without a word. What is missing in two answers, an hour apart, is gone.
async fn deletions(
    youtube: &YouTube,
    watched: &mut Vec<Watched>,
    now: Timestamp,
) -> Result<Vec<Upstream>, DeliveryError> {
    let mut gone = Vec::new();
    let ids: Vec<String> = watched.iter().map(|one| one.id.clone()).collect();
    for ids in ids.chunks(IDS) {
        let query = [("part", "id"), ("id", &ids.join(",")), ("maxResults", "100")];
        let items = youtube.account.pages("comments", &query, 1).await?;
        let there: Vec<&str> = items.iter().filter_map(|item| item.get("id")?.as_str()).collect();
        watched.retain_mut(|one| {
            if !ids.contains(&one.id) {
                return true;
            }
            let was_missing = std::mem::replace(&mut one.missing, !there.contains(&one.id.as_str()));
            if !(was_missing && one.missing) {
                return true;
            }
            gone.push(Upstream {
                network: youtube.network.clone(),
                id: one.id.clone(),
                at: now,
                what: UpstreamChange::Deleted,
            });
            false
        });
    }
    Ok(gone)
}
