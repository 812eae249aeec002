//! What the server holds: channels, messages, threads, interactions, and what was asked of it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard};

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::channels::Room;
use super::faults::{Bucket, Fault, Pace};
use super::gateway::Session;
use super::interactions::Issued;
use super::{BOT, Clock};

/// Nothing that a test waits for takes longer.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(90);

/// Discord's own beginning of time, in milliseconds.
const EPOCH: i64 = 1_420_070_400_000;

#[derive(Clone, Debug)]
pub struct File {
    pub part: String,
    pub name: String,
    pub content_type: String,
    pub bytes: Vec<u8>,
}

/// One request, as it came; and what it was told.
#[derive(Clone, Debug)]
pub struct Request {
    pub at: Timestamp,
    pub method: String,
    /// Without `/api/v10`, with the query.
    pub path: String,
    pub with_token: bool,
    pub body: Value,
    pub files: Vec<File>,
    /// None where the connection was cut or left hanging.
    pub status: Option<u16>,
}

#[derive(Default)]
pub struct State {
    pub(super) counter: u64,
    pub(super) rooms: BTreeMap<u64, Room>,
    pub(super) messages: BTreeMap<u64, Value>,
    /// Ephemeral messages: seen by one person, in no channel's history.
    pub(super) private: BTreeSet<u64>,
    pub(super) nonces: BTreeMap<String, (u64, Timestamp)>,
    pub(super) commands: BTreeMap<String, Value>,
    pub(super) issued: BTreeMap<String, Issued>,
    pub(super) closed_doors: BTreeSet<u64>,
    pub(super) requests: Vec<Request>,
    pub(super) pings: Vec<String>,
    pub(super) faults: VecDeque<(String, String, Fault)>,
    pub(super) down: bool,
    pub(super) pace: Option<Pace>,
    pub(super) buckets: BTreeMap<String, Bucket>,
    pub(super) token: String,
    pub(super) session: Session,
    pub(super) gateway_listed: bool,
}

pub struct World {
    clock: Clock,
    pub(super) gateway_url: String,
    state: Mutex<State>,
    pub(super) changed: Notify,
    /// Requests that hang are let go by this.
    pub(super) let_go: Notify,
}

impl World {
    pub(super) fn new(clock: Clock, gateway_url: String) -> Self {
        Self {
            clock,
            gateway_url,
            state: Mutex::new(State {
                token: super::TOKEN.to_owned(),
                gateway_listed: true,
                ..State::default()
            }),
            changed: Notify::new(),
            let_go: Notify::new(),
        }
    }

    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("the server did not panic")
    }

    /// Waits until the server has come to this. Whoever waits in vain is told what was asked of the server.
    pub async fn until(&self, what: impl Fn(&State) -> bool) {
        let come = async {
            loop {
                let changed = self.changed.notified();
                tokio::pin!(changed);
                changed.as_mut().enable();
                if what(&self.state()) {
                    return;
                }
                changed.await;
            }
        };
        if tokio::time::timeout(PATIENCE, come).await.is_err() {
            let asked = self.requests().into_iter();
            let asked = asked.map(|request| (request.method, request.path, request.status));
            panic!("waited in vain, after {:#?}", asked.collect::<Vec<_>>());
        }
    }

    /// Waits for the first message of a channel that is as described.
    pub async fn until_message(&self, channel: u64, what: impl Fn(&Value) -> bool) -> Value {
        self.until(|state| state.messages_in(channel).any(&what)).await;
        let mut messages = self.messages(channel).into_iter();
        messages.find(what).expect("it was there")
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Request> {
        self.state().requests.clone()
    }

    /// The requests of one kind: `asked("POST", "/messages")`.
    pub fn asked(&self, method: &str, path: &str) -> Vec<Request> {
        let wanted = |request: &Request| request.method == method && request.path.contains(path);
        self.requests().into_iter().filter(wanted).collect()
    }

    /// Waits until somebody has asked for this.
    pub async fn until_asked(&self, method: &str, path: &str) {
        let wanted = |request: &Request| request.method == method && request.path.contains(path);
        self.until(|state| state.requests.iter().any(wanted)).await;
    }

    /// Answers that Discord counts against an address: 10 000 in ten minutes and it is shut out.
    pub fn invalid_answers(&self) -> usize {
        let counted = |request: &&Request| matches!(request.status, Some(401 | 403 | 429));
        self.requests().iter().filter(counted).count()
    }

    /// Whom a message has pinged so far: `@everyone`, `<@1106…>`.
    pub fn pings(&self) -> Vec<String> {
        self.state().pings.clone()
    }

    /// The token that is good from now on.
    pub fn set_token(&self, token: &str) {
        self.state().token = token.to_owned();
    }

    /// The commands of a scope as they were registered last: `guild` or `global`.
    pub fn commands(&self, scope: &str) -> Option<Value> {
        self.state().commands.get(scope).cloned()
    }

    /// Messages of a channel, oldest first, without those only one person sees.
    pub fn messages(&self, channel: u64) -> Vec<Value> {
        self.state().messages_in(channel).cloned().collect()
    }

    pub fn message(&self, id: &str) -> Option<Value> {
        self.state().messages.get(&id.parse().ok()?).cloned()
    }

    /// Somebody deletes a message by hand.
    pub fn delete_by_hand(&self, id: &str) {
        let id: u64 = id.parse().expect("a snowflake");
        self.state().messages.remove(&id);
    }
}

impl State {
    /// A new snowflake of this moment.
    pub(super) fn snowflake(&mut self, now: Timestamp) -> u64 {
        self.counter += 1;
        let milliseconds = u64::try_from(now.as_millisecond() - EPOCH).expect("after 2015");
        (milliseconds << 22) | (self.counter & 0x003F_FFFF)
    }

    pub(super) fn messages_in(&self, channel: u64) -> impl Iterator<Item = &Value> {
        let here = channel.to_string();
        self.messages
            .iter()
            .filter(|(id, _)| !self.private.contains(id))
            .map(|(_, message)| message)
            .filter(move |message| message["channel_id"] == here.as_str())
    }
}

/// When a snowflake was made.
pub fn made_at(id: u64) -> Timestamp {
    Timestamp::from_millisecond(i64::try_from(id >> 22).expect("small") + EPOCH).expect("a moment")
}

pub(super) fn bot() -> Value {
    json!({
        "id": BOT.to_string(), "username": "switchboard", "discriminator": "0", "global_name": null,
        "avatar": null, "bot": true, "flags": 0, "public_flags": 0
    })
}
