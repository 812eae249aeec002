//! The server's gateway: hello, identify, heartbeats, dispatches with a sequence, resume with replay, and every way to lose it.
//! One session at a time, JSON without compression, as serenity accepts it.
//!
//! <https://docs.discord.com/developers/events/gateway>

use std::sync::Arc;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_util::sync::CancellationToken;

use super::world::{State, World, bot};
use super::{APPLICATION, GUILD};

/// What is sent to the one who is connected.
enum Send {
    Frame(Value),
    Close(u16),
    Drop,
}

/// How whoever identifies is met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Welcome {
    #[default]
    Ready,
    /// Op 9, which cannot be resumed.
    Invalid,
    /// Closed with this code.
    Closed(u16),
}

/// The session, and what happened on the gateway.
#[derive(Default)]
pub struct Session {
    id: u64,
    /// It can be resumed.
    pub(super) alive: bool,
    /// Every dispatch with its sequence, so that it can be replayed.
    sent: Vec<Value>,
    /// Sequence of the newest dispatch; also those of former sessions.
    sequence: u64,
    line: Option<UnboundedSender<Send>>,
    line_number: u64,
    /// Identified or resumed on this line: dispatches go out.
    pub ready: bool,
    pub connections: u32,
    pub identifies: Vec<Value>,
    pub resumes: Vec<Value>,
    pub heartbeats: u32,
    /// The codes with which the other side said goodbye.
    pub goodbyes: Vec<u16>,
    welcome: Welcome,
    /// Heartbeats are not answered: a zombie.
    silent: bool,
    refuse_next_resume: bool,
    heartbeat_interval: Option<u64>,
}

pub async fn serve(listener: TcpListener, world: Arc<World>, stop: CancellationToken) {
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted.expect("a connection").0,
            () = stop.cancelled() => return,
        };
        let (world, stop) = (Arc::clone(&world), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = converse(stream, world) => {}
                () = stop.cancelled() => {}
            }
        });
    }
}

async fn converse(stream: TcpStream, world: Arc<World>) {
    let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await else {
        return;
    };
    let (line, mut orders): (_, UnboundedReceiver<Send>) = unbounded_channel();
    let number = {
        let mut state = world.state();
        let session = &mut state.session;
        session.connections += 1;
        session.line_number += 1;
        session.ready = false;
        let interval = session.heartbeat_interval.unwrap_or(41_250);
        let hello = json!({ "op": 10, "d": { "heartbeat_interval": interval }, "s": null, "t": null });
        let _ = line.send(Send::Frame(hello));
        session.line = Some(line);
        session.line_number
    };
    world.changed.notify_waiters();
    loop {
        tokio::select! {
            order = orders.recv() => match order {
                Some(Send::Frame(frame)) => {
                    if socket.send(Message::text(frame.to_string())).await.is_err() {
                        break;
                    }
                }
                Some(Send::Close(code)) => {
                    let frame = CloseFrame { code: code.into(), reason: "by the test".into() };
                    let _ = socket.close(Some(frame)).await;
                    break;
                }
                Some(Send::Drop) | None => break,
            },
            frame = socket.next() => match frame {
                Some(Ok(Message::Text(text))) => {
                    let frame = serde_json::from_str(&text).unwrap_or(Value::Null);
                    world.state().heard(&frame, &world.gateway_url);
                    world.changed.notify_waiters();
                }
                Some(Ok(Message::Close(close))) => {
                    // Whoever says goodbye with 1000 or 1001 ends the session.
                    let code = close.map_or(1005, |close| u16::from(close.code));
                    let mut state = world.state();
                    state.session.goodbyes.push(code);
                    state.session.alive &= !matches!(code, 1000 | 1001);
                    break;
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => break,
            },
        }
    }
    let mut state = world.state();
    if state.session.line_number == number {
        state.session.ready = false;
        state.session.line = None;
    }
    drop(state);
    world.changed.notify_waiters();
}

impl State {
    pub fn gateway(&self) -> &Session {
        &self.session
    }

    fn heard(&mut self, frame: &Value, gateway_url: &str) {
        let data = &frame["d"];
        let token = data["token"].as_str().unwrap_or_default();
        // serenity says `Bot …` here as well, and Discord takes it.
        let good = token.strip_prefix("Bot ").unwrap_or(token) == self.token;
        match frame["op"].as_u64() {
            Some(1) => {
                self.session.heartbeats += 1;
                if !self.session.silent {
                    self.session
                        .send(json!({ "op": 11, "d": null, "s": null, "t": null }));
                }
            }
            Some(2) => {
                self.session.identifies.push(data.clone());
                match self.session.welcome {
                    _ if !good => return self.session.close(4004),
                    Welcome::Closed(code) => return self.session.close(code),
                    Welcome::Invalid => return self.session.invalid(),
                    Welcome::Ready => {}
                }
                self.session.id += 1;
                self.session.alive = true;
                self.session.ready = true;
                self.session.sent.clear();
                self.session.sequence = 0;
                let ready = json!({
                    "v": 10, "user": bot(), "guilds": [{ "id": GUILD.to_string(), "unavailable": true }],
                    "session_id": format!("session-{}", self.session.id), "resume_gateway_url": gateway_url,
                    "session_type": "normal", "shard": [0, 1],
                    "application": { "id": APPLICATION.to_string(), "flags": 0 }
                });
                self.session.dispatch("READY", ready);
            }
            Some(6) => {
                self.session.resumes.push(data.clone());
                let known = data["session_id"] == format!("session-{}", self.session.id).as_str();
                if !good || !known || !self.session.alive || self.session.refuse_next_resume {
                    self.session.refuse_next_resume = false;
                    return self.session.invalid();
                }
                self.session.ready = true;
                let seen = data["seq"].as_u64().unwrap_or_default();
                let missed = self
                    .session
                    .sent
                    .iter()
                    .filter(|sent| sent["s"].as_u64() > Some(seen));
                for frame in missed.cloned().collect::<Vec<_>>() {
                    self.session.send(frame);
                }
                self.session.dispatch("RESUMED", json!({}));
            }
            Some(3) => {}
            _ => self.session.close(4001),
        }
    }
}

impl Session {
    fn send(&self, frame: Value) {
        if let Some(line) = &self.line {
            let _ = line.send(Send::Frame(frame));
        }
    }

    fn close(&mut self, code: u16) {
        if let Some(line) = &self.line {
            let _ = line.send(Send::Close(code));
        }
    }

    fn invalid(&mut self) {
        self.alive = false;
        self.send(json!({ "op": 9, "d": false, "s": null, "t": null }));
    }

    fn dispatch(&mut self, event: &str, data: Value) {
        self.sequence += 1;
        let frame = json!({ "op": 0, "t": event, "s": self.sequence, "d": data });
        self.sent.push(frame.clone());
        if self.ready {
            self.send(frame);
        }
    }
}

impl World {
    /// An event for the session: sent at once, or replayed when it is resumed.
    pub fn dispatch(&self, event: &str, data: Value) {
        self.state().session.dispatch(event, data);
    }

    /// Waits until somebody has identified or resumed.
    pub async fn until_ready(&self) {
        self.until(|state| state.session.ready).await;
    }

    /// The line breaks without a word; the session lives on.
    pub fn drop_gateway(&self) {
        self.order(Send::Drop);
    }

    /// Closed with a code of Discord's: 4000, 4004, 4009, 4014 and so on.
    pub fn close_gateway(&self, code: u16) {
        self.order(Send::Close(code));
    }

    /// Op 7: come again, and resume.
    pub fn ask_to_reconnect(&self) {
        self.order(Send::Frame(json!({ "op": 7, "d": null, "s": null, "t": null })));
    }

    /// Op 9: the session is invalid; `resumable` or not.
    pub fn invalidate(&self, resumable: bool) {
        self.state().session.alive &= resumable;
        self.order(Send::Frame(
            json!({ "op": 9, "d": resumable, "s": null, "t": null }),
        ));
    }

    /// Whoever identifies from now on is met like this.
    pub fn welcome(&self, welcome: Welcome) {
        self.state().session.welcome = welcome;
    }

    /// The next resume is answered by op 9 `false`.
    pub fn refuse_next_resume(&self) {
        self.state().session.refuse_next_resume = true;
    }

    /// Heartbeats are no longer answered, or again.
    pub fn keep_silent(&self, silent: bool) {
        self.state().session.silent = silent;
    }

    /// For lines from now on, in milliseconds.
    pub fn set_heartbeat_interval(&self, milliseconds: u64) {
        self.state().session.heartbeat_interval = Some(milliseconds);
    }

    /// The codes of the goodbyes so far.
    pub fn goodbyes(&self) -> Vec<u16> {
        self.state().session.goodbyes.clone()
    }

    /// How often somebody connected, identified, resumed.
    pub fn gateway_counts(&self) -> (u32, usize, usize) {
        let state = self.state();
        let session = &state.session;
        (
            session.connections,
            session.identifies.len(),
            session.resumes.len(),
        )
    }

    fn order(&self, order: Send) {
        let mut state = self.state();
        if matches!(order, Send::Drop | Send::Close(_)) {
            state.session.ready = false;
        }
        if let Some(line) = &state.session.line {
            let _ = line.send(order);
        }
    }
}
