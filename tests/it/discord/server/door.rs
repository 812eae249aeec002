//! The server's HTTP door: reads a request, applies the fault that is due, records, answers. A connection can be cut instead
//! of answered, as a network does it.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, FromRequest, Multipart, Request as HttpRequest, State};
use axum::response::{IntoResponse, Response};
use axum::serve::{IncomingStream, Listener};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::faults::Fault;
use super::world::{File, Request, World};
use super::{Answer, routes};

/// The largest request that Discord takes.
const REQUEST_LIMIT: usize = 25 * 1024 * 1024;

pub async fn serve(listener: TcpListener, world: Arc<World>, stop: CancellationToken) {
    let routes = axum::Router::new()
        .fallback(answer)
        .layer(axum::extract::DefaultBodyLimit::disable())
        .with_state(world);
    let service = routes.into_make_service_with_connect_info::<Wire>();
    tokio::select! {
        served = axum::serve(Door(listener), service) => served.expect("the server serves"),
        () = stop.cancelled() => {}
    }
}

/// What was asked, taken apart.
pub(super) struct Asked {
    pub method: String,
    pub path: Vec<String>,
    pub query: Vec<(String, String)>,
    pub token: Option<String>,
    pub body: Value,
    pub files: Vec<File>,
}

impl Asked {
    pub fn query(&self, name: &str) -> Option<&str> {
        let mut query = self.query.iter();
        query
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

async fn answer(
    State(world): State<Arc<World>>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    request: HttpRequest,
) -> Response {
    let method = request.method().to_string();
    let uri = request.uri().clone();
    let agent = header(&request, "user-agent").unwrap_or_default();
    let token = header(&request, "authorization");
    let (body, files) = read(request).await;
    let path = uri.path().strip_prefix("/api/v10").unwrap_or("/no-such-version");
    let asked = Asked {
        method,
        path: path
            .trim_start_matches('/')
            .split('/')
            .map(str::to_owned)
            .collect(),
        query: url::form_urlencoded::parse(uri.query().unwrap_or("").as_bytes())
            .into_owned()
            .collect(),
        token,
        body,
        files,
    };
    let full = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let (answered, fault) = {
        let mut state = world.state();
        let fault = state.due_fault(&asked.method, &full);
        let answered = match &fault {
            Some(fault) if fault.is_before() => fault.answer(),
            _ if !agent.starts_with("DiscordBot (") => Answer::refused(403, 40333, "internal network error"),
            _ => match state.paced(&asked, world.now()) {
                Some(limited) => limited,
                None => {
                    let mut answered = routes::answer(&world, &mut state, &asked);
                    answered.headers.extend(state.pace_headers(&asked, world.now()));
                    answered
                }
            },
        };
        let status = match &fault {
            Some(Fault::CutBefore | Fault::CutAfter | Fault::HangAfter) => None,
            Some(Fault::ErrorAfter(status)) => Some(*status),
            _ => Some(answered.status),
        };
        let with_token = asked.token.as_deref() == Some(&format!("Bot {}", state.token));
        state.requests.push(Request {
            at: world.now(),
            method: asked.method.clone(),
            path: full,
            with_token,
            body: asked.body.clone(),
            files: asked.files.clone(),
            status,
        });
        (answered, fault)
    };
    world.changed.notify_waiters();
    match fault {
        Some(Fault::CutBefore | Fault::CutAfter) => wire.cut(),
        Some(Fault::HangAfter) => {
            world.let_go.notified().await;
            wire.cut();
        }
        Some(Fault::ErrorAfter(status)) => return respond(Answer::refused(status, 0, "upstream trouble")),
        Some(Fault::PageAfter) => return (axum::http::StatusCode::OK, "<html>hello</html>").into_response(),
        _ => {}
    }
    respond(answered)
}

fn header(request: &HttpRequest, name: &str) -> Option<String> {
    Some(request.headers().get(name)?.to_str().ok()?.to_owned())
}

fn respond(answer: Answer) -> Response {
    let status = axum::http::StatusCode::from_u16(answer.status).expect("a status");
    let mut response = match answer.body {
        Some(body) => (status, axum::Json(body)).into_response(),
        None => status.into_response(),
    };
    for (name, value) in answer.headers {
        response
            .headers_mut()
            .insert(name, value.parse().expect("a header"));
    }
    response
}

/// The JSON body, and the files of a multipart request.
async fn read(request: HttpRequest) -> (Value, Vec<File>) {
    let kind = request.headers().get("content-type");
    let is_multipart = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"));
    if !is_multipart {
        let bytes = axum::body::to_bytes(request.into_body(), REQUEST_LIMIT).await;
        return (
            serde_json::from_slice(&bytes.unwrap_or_default()).unwrap_or(Value::Null),
            Vec::new(),
        );
    }
    let (mut body, mut files) = (Value::Null, Vec::new());
    let mut parts = Multipart::from_request(request, &()).await.expect("multipart");
    while let Some(part) = parts.next_field().await.expect("a readable part") {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let content_type = part.content_type().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.expect("a whole part").to_vec();
        match file {
            None if name == "payload_json" => body = serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            file => files.push(File {
                part: name,
                name: file.unwrap_or_default(),
                content_type,
                bytes,
            }),
        }
    }
    (body, files)
}

struct Door(TcpListener);

impl Listener for Door {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        let (stream, peer) = Listener::accept(&mut self.0).await;
        (
            Line {
                stream,
                wire: Wire::default(),
            },
            peer,
        )
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// One connection, and whether it is cut: then nothing more goes out.
struct Line {
    stream: TcpStream,
    wire: Wire,
}

#[derive(Clone, Default)]
struct Wire(Arc<AtomicBool>);

impl Wire {
    fn cut(&self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Connected<IncomingStream<'_, Door>> for Wire {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.io().wire.clone()
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.wire.0.load(Ordering::SeqCst) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
