//! The account's stream, over a WebSocket (<https://docs.joinmastodon.org/methods/streaming/>). It repeats nothing that was
//! missed, so a notification in it only says that there is something to read; edits and deletions are taken from it.

use std::time::Duration;

use futures::StreamExt;
use secrecy::ExposeSecret;
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use url::Url;

use super::server::{Server, SignedIn};
use super::wire::{Frame, Status};

const TIME_LIMIT: Duration = Duration::from_secs(10);
/// A status with all its parts has some ten thousand bytes.
const LARGEST_FRAME: usize = 2 * 1024 * 1024;
/// Servers ping every half minute or so; a longer silence is a dead connection.
const SILENCE: Duration = Duration::from_secs(300);

pub(super) enum Happening {
    Notification,
    Edited(Box<Status>),
    Deleted(String),
    /// The connection ended.
    Closed,
    /// Nothing within the time.
    Nothing,
}

pub(super) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    heard: Instant,
}

/// Opens the stream. The reason names no address, since some carry a token.
pub(super) async fn dial(server: &Server, signed_in: &SignedIn) -> Result<Socket, String> {
    let url = address(server, signed_in);
    let host = url.host_str().unwrap_or("the server").to_owned();
    let mut request = url
        .as_str()
        .into_client_request()
        .map_err(|_| format!("the stream's address at {host} cannot be used"))?;
    let bearer = format!("Bearer {}", server.token.expose_secret());
    let mut bearer = HeaderValue::from_str(&bearer).map_err(|_| "the access token has strange characters")?;
    bearer.set_sensitive(true);
    request.headers_mut().insert("Authorization", bearer);
    let config = WebSocketConfig::default()
        .max_message_size(Some(LARGEST_FRAME))
        .max_frame_size(Some(LARGEST_FRAME));
    let connecting = connect_async_with_config(request, Some(config), true);
    match tokio::time::timeout(TIME_LIMIT, connecting).await {
        Ok(Ok((stream, _))) => Ok(Socket {
            stream,
            heard: Instant::now(),
        }),
        Ok(Err(tokio_tungstenite::tungstenite::Error::Http(answer))) => {
            Err(format!("{host} refuses the stream with HTTP {}", answer.status()))
        }
        Ok(Err(_)) => Err(format!("the stream at {host} could not be opened")),
        Err(_) => Err(format!("the stream at {host} did not open in time")),
    }
}

/// Where the server says its streams are, otherwise on the server itself. A server that we reach without TLS, on this
/// machine or beside it, names an encrypted address of itself that is not there.
fn address(server: &Server, signed_in: &SignedIn) -> Url {
    let instance = &signed_in.instance;
    let urls = [
        &instance.configuration.urls.streaming,
        &instance.urls.streaming_api,
    ];
    let stated = urls.into_iter().flatten().find_map(|url| Url::parse(url).ok());
    let ours = server.address(&[]);
    let encrypted = ours.scheme() == "https";
    let mut url = stated
        .filter(|url| url.host_str().is_some())
        .filter(|url| match url.scheme() {
            "wss" | "https" => encrypted || url.host_str() != ours.host_str(),
            _ => !encrypted,
        })
        .unwrap_or(ours);
    let scheme = match url.scheme() {
        "https" | "wss" => "wss",
        _ => "ws",
    };
    // An address of the web may become one of a socket.
    let _ = url.set_scheme(scheme);
    let path = url.path().trim_end_matches('/').to_owned();
    if !path.ends_with("/api/v1/streaming") {
        url.set_path(&format!("{path}/api/v1/streaming"));
    }
    url.set_query(Some("stream=user"));
    url
}

impl Socket {
    /// What happens until `until`, or nothing. May be dropped at any time.
    pub async fn next(&mut self, until: Instant) -> Happening {
        loop {
            let Ok(frame) = tokio::time::timeout_at(until, self.stream.next()).await else {
                let silent = self.heard.elapsed() > SILENCE;
                return if silent {
                    Happening::Closed
                } else {
                    Happening::Nothing
                };
            };
            self.heard = Instant::now();
            match frame {
                Some(Ok(Message::Text(text))) => {
                    if let Some(happening) = read(&text) {
                        return happening;
                    }
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Happening::Closed,
                Some(Ok(_)) => {}
            }
        }
    }
}

fn read(text: &str) -> Option<Happening> {
    let frame: Frame = serde_json::from_str(text).ok()?;
    match frame.event.as_str() {
        "notification" | "notifications_merged" => Some(Happening::Notification),
        "status.update" => {
            let status: Status = serde_json::from_str(&frame.payload).ok()?;
            (!status.id.is_empty()).then(|| Happening::Edited(Box::new(status)))
        }
        "delete" => {
            let id = frame.payload.trim_matches('"').to_owned();
            (!id.is_empty()).then_some(Happening::Deleted(id))
        }
        // A stream that the server does not give us any more.
        "" if frame.error.is_some() => Some(Happening::Closed),
        _ => None,
    }
}
