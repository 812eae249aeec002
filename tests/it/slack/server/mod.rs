//! A Slack for tests: the Web API, Socket Mode, uploads and response URLs of one workspace, on this machine. It keeps the
//! limits that Slack keeps, records every call, and breaks on demand. Its time is an argument; it does not wait by itself.
//!
//! What it does not do: real permissions of people, search, more than one workspace, animations of any kind.
//! <https://docs.slack.dev/reference/methods>

// What one story does not use, another does; unused is only what no story has needed yet.
#![allow(dead_code, unused_imports)]

mod api;
mod blocks;
mod chat;
mod files;
mod members;
mod payload;
mod people;
mod reads;
mod shown;
mod socket;
mod views;
mod world;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

pub use payload::{Answered, Payload, signature};
pub use shown::{Room, Shown};
use world::World;
pub use world::{APP_TOKEN, BOT_TOKEN, BOT_USER, Call, Ephemeral, SIGNING_SECRET, TEAM};

pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How the next call of a method goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Slack says no with this code; nothing is done.
    Refuse(String),
    /// The connection ends before anything is done.
    DropBefore,
    /// The work is done; then the connection ends without an answer.
    DropAfter,
    /// The work is done; the answer never comes.
    HangAfter,
    /// This HTTP status, with nothing done.
    StatusBefore(u16),
    /// The work is done, and this HTTP status is the answer.
    StatusAfter(u16),
    /// The work is done, and this code is the answer: `internal_error`.
    SayAfter(String),
    /// Something in between answers 200 with a page of its own; nothing is done.
    Html,
}

/// Does not end its tasks by itself: they end with the test's runtime.
#[derive(Clone)]
pub struct SlackServer {
    /// `http://127.0.0.1:4010`; the Web API is below `/api`.
    pub address: String,
    socket_address: String,
    world: Arc<Mutex<World>>,
    links: socket::Links,
}

impl SlackServer {
    /// A workspace with no channels and nobody in it but the bot.
    pub async fn start(clock: Clock) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let sockets = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let socket_address = format!("ws://{}", sockets.local_addr().expect("an address"));
        let server = Self {
            address,
            socket_address,
            world: Arc::new(Mutex::new(World::new(clock))),
            links: socket::Links::default(),
        };
        let routes = api::router(server.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        tokio::spawn(socket::accept(server.clone(), sockets));
        server
    }

    /// A workspace with a channel for customer service and one for sales, the bot in both, and a few people.
    pub async fn larkspur(clock: Clock) -> Self {
        let server = Self::start(clock).await;
        server.person("U0DANA", "Dana Okafor");
        server.person("U0LEE", "Lee Marsh");
        server.person("U0AMARA", "Amara Nwosu");
        server.open_channel("C0SUPPORT", "social-support");
        server.open_channel("C0SALES", "social-sales");
        server
    }

    pub fn api_url(&self) -> String {
        format!("{}/api", self.address)
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn now(&self) -> Timestamp {
        (self.world().clock)()
    }

    // --- the workspace ---

    /// A public channel with everybody and the bot in it.
    pub fn open_channel(&self, id: &str, name: &str) {
        self.world().open_channel(id, name);
    }

    /// Somebody throws the bot out, or invites it.
    pub fn bot_is_in(&self, channel: &str, is_in: bool) {
        self.world().channel_mut(channel).has_bot = is_in;
    }

    pub fn archive(&self, channel: &str) {
        self.world().channel_mut(channel).archived = true;
    }

    pub fn make_private(&self, channel: &str) {
        self.world().channel_mut(channel).private = true;
    }

    pub fn person(&self, id: &str, name: &str) {
        self.world().person(id, name);
    }

    /// Changes what Slack says of a person: `deleted`, `is_restricted`, `is_stranger`, `team_id`.
    pub fn change_person(&self, id: &str, key: &str, value: Value) {
        self.world().change_person(id, key, value);
    }

    /// A user group; none on a free plan.
    pub fn group(&self, id: &str, handle: &str, users: &[&str]) {
        let users = users.iter().map(|user| (*user).to_owned()).collect();
        self.world()
            .groups
            .insert(id.to_owned(), (handle.to_owned(), users));
    }

    /// User groups are for paid plans only.
    pub fn free_plan(&self) {
        self.world().free_plan = true;
    }

    pub fn members_of_channel(&self, channel: &str, users: &[&str]) {
        self.world().channel_mut(channel).members = users.iter().map(|user| (*user).to_owned()).collect();
    }

    pub fn without_scope(&self, scope: &str) {
        self.world().scopes.remove(scope);
    }

    /// Somebody deletes a message in Slack.
    pub fn delete_message(&self, channel: &str, ts: &str) {
        self.world().channel_mut(channel).messages.remove(ts);
    }

    // --- trouble ---

    /// The next call of this method goes wrong in this way, once. Several are taken in order.
    pub fn fail(&self, method: &str, fault: Fault) {
        self.world().faults.push((method.to_owned(), fault));
    }

    /// All calls of this method are too fast for a while.
    pub fn slow_down(&self, method: &str, length: SignedDuration) {
        let until = self.now().checked_add(length).expect("a moment");
        self.world().slow_until.insert(method.to_owned(), until);
    }

    /// Every call is answered 503, and every socket ends, until it is over.
    pub fn outage(&self, is_down: bool) {
        self.world().is_down = is_down;
        if is_down {
            self.drop_sockets();
        }
    }

    /// All tokens are refused, as after somebody removed the app.
    pub fn revoke(&self) {
        self.world().revoked = true;
    }

    /// Refuses what is faster than Slack allows: posts by channel, updates by workspace, with 429.
    pub fn keep_pace_rules(&self) {
        self.world().keeps_pace = true;
    }

    // --- what happened ---

    pub fn calls(&self) -> Vec<Call> {
        self.world().calls.clone()
    }

    /// Calls of one method, with what came of each.
    pub fn calls_of(&self, method: &str) -> Vec<Call> {
        let mut calls = self.calls();
        calls.retain(|call| call.method == method);
        calls
    }

    /// Forgets the calls so far.
    pub fn forget_calls(&self) {
        self.world().calls.clear();
    }

    pub fn channel(&self, id: &str) -> Room {
        Room::of(self, id)
    }

    /// The direct messages between the bot and a person.
    pub fn direct(&self, user: &str) -> Room {
        let room = self.world().direct(user);
        Room::of(self, &room)
    }

    /// What only this person saw, oldest first.
    pub fn ephemerals(&self, user: &str) -> Vec<Ephemeral> {
        let mut seen = self.world().ephemerals.clone();
        seen.retain(|one| one.user == user);
        seen
    }

    /// The App Home that a person sees.
    pub fn home(&self, user: &str) -> Option<Value> {
        self.world().homes.get(user).cloned()
    }

    /// The modal on top of a person's screen.
    pub fn modal(&self, user: &str) -> Option<Value> {
        let world = self.world();
        let top = world.stacks.get(user)?.last()?.clone();
        world.views.get(&top).cloned()
    }
}
