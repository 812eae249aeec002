//! A Discord of our own on loopback: REST and gateway, as strict as the facts say Discord is. It holds a small guild, checks
//! limits, permissions and deadlines, remembers every request, and misbehaves when told to: before the work or after it.
//! Time is the clock it is given. It knows nothing of Switchboard.
//!
//! What it imitates: <https://docs.discord.com/developers/reference>

// Stories use what they need; each file is part of one server.
#![allow(dead_code, unused_imports)]

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

mod channels;
mod door;
mod faults;
mod gateway;
mod interactions;
mod limits;
mod limits_of_commands;
mod messages;
mod routes;
mod signer;
mod world;

pub use faults::{Fault, Pace};
pub use gateway::{Session, Welcome};
pub use interactions::{Press, Who};
pub use signer::Signer;
pub use world::{File, Request, World};

pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

pub const TOKEN: &str = "MTEwNjI5ODMwMTI4MzAxMjYwMQ.trial.token";
pub const APPLICATION: u64 = 1_106_298_301_283_012_601;
pub const BOT: u64 = 1_106_298_301_283_012_602;
pub const GUILD: u64 = 1_106_298_301_283_012_603;

/// A running server; gone when it is dropped.
pub struct Server {
    /// For `api_url`: `http://127.0.0.1:…`.
    pub api_url: String,
    /// `ws://127.0.0.1:…`.
    pub gateway_url: String,
    pub world: Arc<World>,
    _stop: DropGuard,
}

impl std::ops::Deref for Server {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl Server {
    pub async fn start(clock: Clock) -> Self {
        let http = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let sockets = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let api_url = format!("http://{}", http.local_addr().expect("bound"));
        let gateway_url = format!("ws://{}", sockets.local_addr().expect("bound"));
        let world = Arc::new(World::new(clock, gateway_url.clone()));
        let stop = CancellationToken::new();
        tokio::spawn(door::serve(http, Arc::clone(&world), stop.clone()));
        tokio::spawn(gateway::serve(sockets, Arc::clone(&world), stop.clone()));
        Self {
            api_url,
            gateway_url,
            world,
            _stop: stop.drop_guard(),
        }
    }
}

/// What a route answers.
pub(crate) struct Answer {
    pub status: u16,
    pub body: Option<Value>,
    pub headers: Vec<(&'static str, String)>,
}

impl Answer {
    fn of(status: u16, body: Value) -> Self {
        Self {
            status,
            body: Some(body),
            headers: Vec::new(),
        }
    }

    fn empty() -> Self {
        Self {
            status: 204,
            body: None,
            headers: Vec::new(),
        }
    }

    /// Discord's JSON error.
    fn refused(status: u16, code: u32, message: &str) -> Self {
        Self::of(status, serde_json::json!({ "message": message, "code": code }))
    }
}
