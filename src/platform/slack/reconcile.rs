//! Was it posted? Slack knows no idempotency keys, so every message carries one of ours as metadata, and after an attempt
//! whose outcome is not known the conversation is read before anything is posted again. Slack's history may lag: absence
//! is believed only of a reading that is made long enough after the attempt.
//!
//! What remains: a message that Slack shows later than that, or that somebody deleted meanwhile, is posted twice.
//! <https://docs.slack.dev/messaging/message-metadata/>

use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::Slack;
use super::client::Failure;
use super::errors::{Place, delivery};
use crate::port::chat::Posting;
use crate::port::delivery_error::DeliveryError;

pub(super) const EVENT_TYPE: &str = "switchboard_message";

/// Seconds after the attempt at which Slack is asked; what is not there at the last is not there.
const LOOKS: [i64; 3] = [10, 20, 40];
/// How far Slack's clock may be behind ours.
const SKEW: SignedDuration = SignedDuration::from_secs(5);
const PAGE: &str = "200";
const PAGES: usize = 10;
/// Conversations whose last reading is remembered.
const REMEMBERED: usize = 64;

/// Where a message may stand: a conversation, or a thread in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Room {
    pub channel: String,
    pub thread: Option<String>,
}

#[derive(Clone, Copy)]
struct Doubt {
    /// The first attempt was made no earlier.
    since: Timestamp,
    /// The last attempt was made no later.
    arose: Timestamp,
}

/// What one look at a conversation showed of our own messages.
struct Reading {
    from: Timestamp,
    at: Timestamp,
    found: BTreeMap<String, String>,
}

#[derive(Default)]
pub(super) struct Doubts {
    by_key: BTreeMap<String, Doubt>,
    readings: BTreeMap<Room, Reading>,
}

/// What others may read of a key: nothing.
pub(super) fn opaque(key: &str) -> String {
    let hash = Sha256::digest(key.as_bytes());
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// What every message carries.
pub(super) fn metadata(posting: &Posting) -> Value {
    json!({"event_type": EVENT_TYPE, "event_payload": {"key": opaque(&posting.key)}})
}

impl Slack {
    fn doubts(&self) -> MutexGuard<'_, Doubts> {
        self.doubts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn doubt(&self, posting: &Posting) -> Option<Doubt> {
        let from_before = posting.since.map(|since| Doubt {
            since,
            arose: self.opened,
        });
        self.doubts().by_key.get(&posting.key).copied().or(from_before)
    }

    pub(super) fn is_in_doubt(&self, posting: &Posting) -> bool {
        self.doubt(posting).is_some()
    }

    /// An attempt is about to be made. Should it be cut off, it is in doubt.
    pub(super) fn begins(&self, posting: &Posting) {
        let now = self.now();
        let doubt = Doubt {
            since: posting.since.unwrap_or(now),
            arose: now,
        };
        self.doubts().by_key.insert(posting.key.clone(), doubt);
    }

    /// The attempt's outcome is known, or is not.
    pub(super) fn ended(&self, posting: &Posting, is_known: bool) {
        let now = self.now();
        let mut doubts = self.doubts();
        if is_known {
            doubts.by_key.remove(&posting.key);
        } else if let Some(doubt) = doubts.by_key.get_mut(&posting.key) {
            doubt.arose = now;
        }
    }

    /// Looks for what an earlier attempt may have posted: its `ts`, or none where it is certainly not there. While nobody
    /// can tell yet, the error says so, and nothing may be posted.
    pub(super) async fn look(
        &self,
        room: &Room,
        posting: &Posting,
        place: &Place,
    ) -> Result<Option<String>, DeliveryError> {
        let Some(doubt) = self.doubt(posting) else {
            return Ok(None);
        };
        let not_yet = || {
            Err(DeliveryError::Uncertain(
                "an earlier attempt may have reached Slack; it is looked for before another is made"
                    .to_owned(),
            ))
        };
        let age = doubt.arose.duration_until(self.now()).as_secs();
        let Some(look) = LOOKS.iter().rev().find(|look| **look <= age) else {
            return not_yet();
        };
        let from = doubt.since.checked_sub(SKEW).unwrap_or(doubt.since);
        let no_older = doubt
            .arose
            .checked_add(SignedDuration::from_secs(*look))
            .unwrap_or(Timestamp::MAX);
        let serves = |reading: &Reading| reading.from <= from && reading.at >= no_older;
        if !self.doubts().readings.get(room).is_some_and(serves) {
            self.read_room(room, from, place).await?;
        }
        let key = opaque(&posting.key);
        let found = self
            .doubts()
            .readings
            .get(room)
            .and_then(|reading| reading.found.get(&key).cloned());
        match found {
            Some(ts) => {
                tracing::info!(channel = room.channel, "a message in doubt was found in Slack");
                Ok(Some(ts))
            }
            None if Some(look) == LOOKS.last() => Ok(None),
            None => not_yet(),
        }
    }

    /// What we found is gone again.
    pub(super) fn forget(&self, room: &Room, posting: &Posting) {
        if let Some(reading) = self.doubts().readings.get_mut(room) {
            reading.found.remove(&opaque(&posting.key));
        }
    }

    async fn read_room(&self, room: &Room, from: Timestamp, place: &Place) -> Result<(), DeliveryError> {
        let at = self.now();
        let oldest = format!("{}.000000", from.as_second());
        let method = match room.thread {
            Some(_) => "conversations.replies",
            None => "conversations.history",
        };
        let mut found = BTreeMap::new();
        let mut cursor = String::new();
        for _ in 0..PAGES {
            let mut query = vec![
                ("channel", room.channel.as_str()),
                ("oldest", &oldest),
                ("inclusive", "true"),
                ("include_all_metadata", "true"),
                ("limit", PAGE),
            ];
            query.extend(room.thread.as_deref().map(|thread| ("ts", thread)));
            query.extend((!cursor.is_empty()).then_some(("cursor", cursor.as_str())));
            // Reading does nothing that could be in doubt.
            let page = match self.read(method, &query).await {
                Err(Failure::Unknown(why)) => return Err(DeliveryError::Transient(why)),
                answer => answer.map_err(|failure| delivery(&failure, place))?,
            };
            found.extend(page["messages"].as_array().into_iter().flatten().filter_map(ours));
            cursor = page["response_metadata"]["next_cursor"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            if cursor.is_empty() {
                let mut doubts = self.doubts();
                if doubts.readings.len() >= REMEMBERED {
                    doubts.readings.clear();
                }
                doubts.readings.insert(room.clone(), Reading { from, at, found });
                return Ok(());
            }
        }
        Err(DeliveryError::Transient(
            "so much was written in the channel that an earlier attempt cannot be looked for".to_owned(),
        ))
    }
}

fn ours(message: &Value) -> Option<(String, String)> {
    let metadata = &message["metadata"];
    let key = metadata["event_payload"]["key"].as_str()?;
    let ts = message["ts"].as_str()?;
    (metadata["event_type"] == EVENT_TYPE).then(|| (key.to_owned(), ts.to_owned()))
}
