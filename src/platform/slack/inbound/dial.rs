//! One socket of Socket Mode: opened with a fresh ticket, greeted by Slack, closed with a word. The address holds the
//! ticket, so it is never part of an error or a log line. Does not decide when to open another.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use secrecy::ExposeSecret;
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use tokio_util::task::TaskTracker;

use super::door::Door;
use super::envelope::{self, Envelope};
use crate::platform::slack::Slack;
use crate::platform::slack::client::Failure;

/// How long connecting may take, greeting included.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Slack's frames stay far below it.
const LARGEST_FRAME: usize = 4 * 1024 * 1024;

pub(super) const SWITCHED_OFF: &str = "Slack says that Socket Mode is switched off for this app: nothing that people do in Slack arrives here. Switch \
     it on in the app’s settings, under Socket Mode, or set inbound = \"http\".";

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Why there is no socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoSocket {
    /// Only an administrator can mend it; the text says how.
    Trouble(String),
    Wait(Duration),
    Lost(String),
}

impl fmt::Display for NoSocket {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trouble(why) | Self::Lost(why) => out.write_str(why),
            Self::Wait(wait) => write!(out, "Slack asks to wait {} s", wait.as_secs()),
        }
    }
}

pub(super) struct Socket {
    pub frames: SplitStream<Stream>,
    sink: Arc<Mutex<SplitSink<Stream, Message>>>,
    /// Envelopes that are not acknowledged yet.
    under_way: TaskTracker,
}

/// Opens a socket and waits for Slack's hello.
pub(super) async fn dial(slack: &Slack) -> Result<Socket, NoSocket> {
    let url = slack.client.open_socket().await.map_err(refused)?;
    let config = WebSocketConfig::default()
        .max_message_size(Some(LARGEST_FRAME))
        .max_frame_size(Some(LARGEST_FRAME));
    let lost = |why: &str| NoSocket::Lost(why.to_owned());
    let connecting = async {
        let connected = connect_async_with_config(url.expose_secret(), Some(config), true).await;
        let (stream, _) = connected.map_err(|_| lost("the socket’s address could not be reached"))?;
        let (sink, mut frames) = stream.split();
        while let Some(Ok(frame)) = frames.next().await {
            if envelope::is_hello(&frame) {
                return Ok(Socket {
                    frames,
                    sink: Arc::new(Mutex::new(sink)),
                    under_way: TaskTracker::new(),
                });
            }
        }
        Err(lost("Slack closed it without a greeting"))
    };
    tokio::time::timeout(TIME_LIMIT, connecting)
        .await
        .unwrap_or_else(|_| Err(lost("Slack did not greet in time")))
}

fn refused(failure: Failure) -> NoSocket {
    match failure {
        Failure::Refused(code) if code == "too_many_websockets" => NoSocket::Wait(Duration::from_secs(60)),
        Failure::Refused(code) if code == "socket_mode_not_enabled" || code == "link_disabled" => {
            NoSocket::Trouble(SWITCHED_OFF.to_owned())
        }
        Failure::Refused(code) => NoSocket::Trouble(format!(
            "Slack refuses to open a socket for this app ({code}): nothing that people do in Slack arrives here. Make an \
             app-level token with connections:write, under Basic Information in the app’s settings, give it as \
             slack.app_token, and start Switchboard again."
        )),
        Failure::TooFast(wait) => NoSocket::Wait(wait.unsigned_abs()),
        Failure::NotSent(why) | Failure::Unknown(why) => NoSocket::Lost(why),
    }
}

impl Socket {
    /// Handles one envelope in a task of its own.
    pub fn handle(&self, door: &Arc<Door>, envelope: Envelope) {
        let (door, sink) = (Arc::clone(door), Arc::clone(&self.sink));
        let tasks = door.tasks.clone();
        let work = async move {
            let ack = match door.envelopes.is_new(&envelope.id) {
                true => door.take(envelope.incoming).await,
                false => super::door::Ack::default(),
            };
            let answer = ack.body.as_ref().filter(|_| envelope.takes_answer);
            let text = envelope::acknowledgement(&envelope.id, answer);
            let sent = sink.lock().await.send(Message::text(text)).await;
            if sent.is_err() || answer.is_none() {
                door.not_delivered(ack).await;
            }
        };
        tasks.spawn(self.under_way.track_future(work));
    }

    /// A failed ping shows as silence.
    pub async fn ping(&self) {
        let ping = Message::Ping(Default::default());
        let _ = self.sink.lock().await.send(ping).await;
    }

    /// Lets what is under way be acknowledged, then closes.
    pub async fn close(self, within: Duration) {
        self.under_way.close();
        let closing = async {
            self.under_way.wait().await;
            let _ = self.sink.lock().await.send(Message::Close(None)).await;
        };
        let _ = tokio::time::timeout(within, closing).await;
    }
}
