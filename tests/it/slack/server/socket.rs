//! Socket Mode: hello, envelopes, acknowledgements, refreshes and broken lines. <https://docs.slack.dev/apis/events-api/using-socket-mode>

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};

use super::world::APP;
use super::{Answered, Payload, SlackServer};

/// Slack waits three seconds; a busy machine may need longer, and no test measures it.
const PATIENCE: Duration = Duration::from_secs(20);

enum Order {
    Say(String),
    /// Ends the line without a word.
    Drop,
}

#[derive(Default)]
struct Lines {
    open: BTreeMap<u64, mpsc::UnboundedSender<Order>>,
    opened: u64,
    waiting: BTreeMap<String, oneshot::Sender<Answered>>,
    turn: usize,
}

#[derive(Clone, Default)]
pub struct Links {
    lines: Arc<Mutex<Lines>>,
    changed: Arc<Notify>,
}

impl Links {
    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub async fn accept(server: SlackServer, listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(line(server.clone(), stream));
    }
}

#[allow(clippy::result_large_err)]
async fn line(server: SlackServer, stream: TcpStream) {
    let check = |request: &Request, response: Response| {
        let query = request.uri().query().unwrap_or_default().as_bytes().to_vec();
        let ticket = url::form_urlencoded::parse(&query).find(|(name, _)| name == "ticket");
        let mut world = server.world();
        let is_good = ticket.is_some_and(|(_, ticket)| world.tickets.remove(ticket.as_ref()));
        match is_good && !world.is_down {
            true => Ok(response),
            false => {
                let mut refusal = ErrorResponse::new(None);
                *refusal.status_mut() = axum::http::StatusCode::UNAUTHORIZED;
                Err(refusal)
            }
        }
    };
    let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(stream, check).await else {
        return;
    };
    let (sender, mut orders) = mpsc::unbounded_channel();
    let (number, count) = {
        let mut lines = server.links.lines();
        lines.opened += 1;
        let number = lines.opened;
        lines.open.insert(number, sender);
        (number, lines.open.len())
    };
    let hello = json!({
        "type": "hello", "num_connections": count, "connection_info": {"app_id": APP},
        "debug_info": {"host": "applink-test", "build_number": 1, "approximate_connection_time": 18060},
    });
    let greeted = socket.send(Message::text(hello.to_string())).await;
    server.links.changed.notify_waiters();
    // A line that is broken already ends at the first thing heard.
    drop(greeted);
    loop {
        tokio::select! {
            order = orders.recv() => match order {
                Some(Order::Say(text)) => if socket.send(Message::text(text)).await.is_err() { break },
                Some(Order::Drop) | None => break,
            },
            heard = socket.next() => match heard {
                Some(Ok(Message::Text(text))) => server.heard(&text),
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => {}
            },
        }
    }
    server.links.lines().open.remove(&number);
    server.links.changed.notify_waiters();
}

impl SlackServer {
    fn heard(&self, text: &str) {
        let ack: Value = serde_json::from_str(text).unwrap_or_default();
        let envelope = ack["envelope_id"].as_str().unwrap_or_default();
        if let Some(waiting) = self.links.lines().waiting.remove(envelope) {
            let _ = waiting.send(Answered {
                body: ack["payload"].clone(),
            });
        }
    }

    /// Sockets that are open now.
    pub fn sockets(&self) -> usize {
        self.links.lines().open.len()
    }

    /// Waits until this many sockets are open.
    pub async fn until_sockets(&self, count: usize) {
        let reached = async {
            loop {
                let changed = self.links.changed.notified();
                tokio::pin!(changed);
                changed.as_mut().enable();
                if self.sockets() == count {
                    return;
                }
                changed.await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, reached).await;
        assert!(
            in_time.is_ok(),
            "{} sockets are open, not {count}",
            self.sockets()
        );
    }

    /// Sends through one of the sockets, in turn. What comes back is what Slack would act on.
    pub async fn deliver(&self, payload: &Payload) -> Answered {
        let answer = tokio::time::timeout(PATIENCE, self.send(payload)).await;
        let answered = answer
            .expect("the app acknowledges")
            .expect("the socket stays open");
        self.act_on(payload, &answered);
        answered
    }

    /// Sends, and hands back the wait for the acknowledgement.
    pub fn send(&self, payload: &Payload) -> oneshot::Receiver<Answered> {
        let (envelope, text) = self.envelope(payload);
        let (sender, receiver) = oneshot::channel();
        let mut lines = self.links.lines();
        lines.waiting.insert(envelope, sender);
        lines.turn += 1;
        let turn = lines.turn % lines.open.len().max(1);
        let line = lines.open.values().nth(turn).expect("a socket is open");
        let _ = line.send(Order::Say(text));
        receiver
    }

    /// Sends one payload and cuts the line behind it, before anybody can acknowledge.
    pub fn send_and_drop(&self, payload: &Payload) {
        let (_, text) = self.envelope(payload);
        let lines = self.links.lines();
        let line = lines.open.values().next().expect("a socket is open");
        let _ = line.send(Order::Say(text));
        let _ = line.send(Order::Drop);
    }

    /// Something that is no envelope at all.
    pub fn send_raw(&self, text: &str) {
        let lines = self.links.lines();
        let line = lines.open.values().next().expect("a socket is open");
        let _ = line.send(Order::Say(text.to_owned()));
    }

    fn envelope(&self, payload: &Payload) -> (String, String) {
        let id = format!("e{:08x}-0000-4000-8000-000000000000", self.world().serial());
        let envelope = json!({
            "type": payload.kind, "envelope_id": id, "payload": payload.body,
            "accepts_response_payload": payload.takes_answer(),
        });
        (id, envelope.to_string())
    }

    /// `warning`, `refresh_requested`, `link_disabled`: every socket is told, and ends where Slack would end it.
    pub fn disconnect(&self, reason: &str) {
        let text = json!({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-test"}})
            .to_string();
        for line in self.links.lines().open.values() {
            let _ = line.send(Order::Say(text.clone()));
            if reason != "warning" {
                let _ = line.send(Order::Drop);
            }
        }
    }

    /// Every socket ends without a word.
    pub fn drop_sockets(&self) {
        for line in self.links.lines().open.values() {
            let _ = line.send(Order::Drop);
        }
    }
}
