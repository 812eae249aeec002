//! The way in without a public address, Socket Mode: several sockets that we open and keep. Our own reader, because
//! slack-morphism's reads the next frame only after the last one was answered, loses what an organisation's install sends
//! with `team: null`, and logs the address with its ticket (docs/decisions/08).
//!
//! Each envelope is handled in a task of its own, so that none delays another's acknowledgement. Before Slack closes a
//! socket it says so; the next one is open before the old one is let go. <https://docs.slack.dev/apis/events-api/using-socket-mode>

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::future::{BoxFuture, OptionFuture};
use futures::{FutureExt, StreamExt};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::dial::{NoSocket, Socket, dial};
use super::door::Door;
use super::envelope::{self, Frame};
use crate::domain::event::Event;
use crate::platform::slack::Slack;
use crate::port::front_desk::FrontDesk;

/// How often we ask a silent socket whether it lives, and how long it may stay silent.
const PING_EVERY: Duration = Duration::from_secs(10);
const SILENT_AT_MOST: Duration = Duration::from_secs(35);

/// How long a replaced socket is still read, and how long one may take to say good-bye.
const LINGER: Duration = Duration::from_secs(10);
const FAREWELL: Duration = Duration::from_secs(2);

/// A socket that lived at least so long is replaced without delay.
const SETTLED: Duration = Duration::from_secs(30);

/// Where only a person can mend it, Slack is asked again this seldom.
const SELDOM: Duration = Duration::from_secs(60);

/// Opens the configured number of sockets and keeps them until `stop`.
pub async fn listen(
    slack: Arc<Slack>,
    front: Arc<dyn FrontDesk>,
    tasks: TaskTracker,
    stop: CancellationToken,
) {
    let slots = usize::from(slack.settings.connections.clamp(1, 10));
    let door = Door::new(slack, front, tasks);
    door.prepare();
    let listener = Arc::new(Listener {
        door,
        stop,
        told: AtomicBool::new(false),
    });
    let sockets = (0..slots).map(|_| listener.keep_open());
    futures::future::join_all(sockets).await;
}

struct Listener {
    door: Arc<Door>,
    stop: CancellationToken,
    /// Whether administrators heard of the present trouble.
    told: AtomicBool,
}

/// Why a socket is no longer read.
enum End {
    Stopped,
    Replaced(Box<Socket>),
    Lost(NoSocket),
}

impl Listener {
    async fn keep_open(self: &Arc<Self>) {
        let mut next = None;
        let mut failures = 0;
        loop {
            let dialled = match next.take() {
                Some(socket) => Ok(socket),
                None => tokio::select! {
                    dialled = dial(&self.door.slack) => dialled.map(Box::new),
                    () = self.stop.cancelled() => return,
                },
            };
            let lost = match dialled {
                Err(why) => why,
                Ok(socket) => {
                    self.told.store(false, Ordering::Relaxed);
                    let opened = Instant::now();
                    let end = self.read(*socket).await;
                    if opened.elapsed() >= SETTLED {
                        failures = 0;
                    }
                    match end {
                        End::Stopped => return,
                        End::Replaced(socket) => {
                            next = Some(socket);
                            continue;
                        }
                        End::Lost(why) => why,
                    }
                }
            };
            let wait = self.after(&lost, failures);
            failures += 1;
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.stop.cancelled() => return,
            }
        }
    }

    /// How long to wait after a failure; administrators hear once of what only they can mend.
    fn after(&self, why: &NoSocket, failures: u32) -> Duration {
        match why {
            NoSocket::Trouble(text) => {
                tracing::error!("{text}");
                if !self.told.swap(true, Ordering::Relaxed) {
                    let (front, text) = (Arc::clone(&self.door.front), text.clone());
                    self.door.tasks.spawn(async move {
                        if let Err(why) = front.submit(vec![Event::TroubleFound { text }]).await {
                            tracing::error!("administrators could not be told of Slack’s refusal: {why}");
                        }
                    });
                }
                jittered(SELDOM)
            }
            NoSocket::Wait(wait) => jittered(*wait),
            NoSocket::Lost(text) => {
                tracing::warn!("a socket to Slack is gone and will be opened again: {text}");
                jittered(Duration::from_millis(250).saturating_mul(1 << failures.min(7)))
            }
        }
    }

    async fn read(self: &Arc<Self>, mut socket: Socket) -> End {
        let mut heard = Instant::now();
        let mut pulse = tokio::time::interval(PING_EVERY);
        let mut replacement: Option<BoxFuture<'_, Result<Socket, NoSocket>>> = None;
        // Whether Slack announced the end of this socket, and whether it is time to open the next.
        let (mut ending, mut dials) = (false, false);
        loop {
            if dials && replacement.is_none() {
                replacement = Some(dial(&self.door.slack).boxed());
            }
            tokio::select! {
                () = self.stop.cancelled() => {
                    socket.close(FAREWELL).await;
                    return End::Stopped;
                }
                frame = socket.frames.next() => {
                    heard = Instant::now();
                    let Some(Ok(frame)) = frame else {
                        return self.ended(replacement).await;
                    };
                    match envelope::frame(&frame) {
                        Frame::Envelope(envelope) => socket.handle(&self.door, *envelope),
                        Frame::Refresh => (ending, dials) = (true, true),
                        Frame::TooMany => {
                            socket.close(FAREWELL).await;
                            return End::Lost(NoSocket::Wait(SELDOM));
                        }
                        Frame::Disabled => {
                            socket.close(FAREWELL).await;
                            return End::Lost(NoSocket::Trouble(super::dial::SWITCHED_OFF.to_owned()));
                        }
                        Frame::Closed => return self.ended(replacement).await,
                        Frame::Other => {}
                    }
                }
                Some(dialled) = OptionFuture::from(replacement.as_mut()) => {
                    replacement = None;
                    match dialled {
                        Ok(next) => {
                            let (listener, old) = (Arc::clone(self), socket);
                            self.door.tasks.spawn(async move { listener.linger(old).await });
                            return End::Replaced(Box::new(next));
                        }
                        // The old one still serves; the next pulse tries again.
                        Err(why) => {
                            tracing::warn!("the next socket to Slack could not be opened yet: {why}");
                            dials = false;
                        }
                    }
                }
                _ = pulse.tick() => {
                    dials = ending;
                    if heard.elapsed() > SILENT_AT_MOST {
                        return End::Lost(NoSocket::Lost("it fell silent".to_owned()));
                    }
                    socket.ping().await;
                }
            }
        }
    }

    /// The other side closed; a replacement that is on its way is waited for.
    async fn ended(&self, replacement: Option<BoxFuture<'_, Result<Socket, NoSocket>>>) -> End {
        let Some(replacement) = replacement else {
            return End::Lost(NoSocket::Lost("Slack closed it".to_owned()));
        };
        tokio::select! {
            () = self.stop.cancelled() => End::Stopped,
            dialled = replacement => match dialled {
                Ok(next) => End::Replaced(Box::new(next)),
                Err(why) => End::Lost(why),
            },
        }
    }

    /// Reads what Slack had already sent to a socket that was replaced.
    async fn linger(&self, mut socket: Socket) {
        let reading = async {
            while let Some(Ok(frame)) = socket.frames.next().await {
                match envelope::frame(&frame) {
                    Frame::Envelope(envelope) => socket.handle(&self.door, *envelope),
                    Frame::Closed => break,
                    _ => {}
                }
            }
        };
        tokio::select! {
            _ = tokio::time::timeout(LINGER, reading) => {}
            () = self.stop.cancelled() => {}
        }
        socket.close(FAREWELL).await;
    }
}

/// Between half of a wait and the whole, so that many do not come back at the same moment.
fn jittered(wait: Duration) -> Duration {
    let mut byte = [0];
    // Without randomness the wait is whole, which is right as well.
    let part = getrandom::fill(&mut byte).map_or(1.0, |()| 0.5 + f64::from(byte[0]) / 510.0);
    wait.mul_f64(part)
}
