//! The door through which both ways in come: one delivery in, one acknowledgement out, well inside Slack's three seconds
//! however busy the desk is. What takes longer goes on as a task and says its answer when it has one.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::oneshot;
use tokio_util::task::TaskTracker;

use super::ear::Ear;
use super::payload::Incoming;
use super::remembered::Remembered;
use super::who::People;
use crate::domain::ids::PlatformId;
use crate::domain::notice::{Notice, Tone};
use crate::platform::slack::{PLATFORM, Slack};
use crate::port::front_desk::{FrontDesk, NotTaken};

/// How long an answer may take to stand in the acknowledgement itself.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) struct Door {
    pub slack: Arc<Slack>,
    pub front: Arc<dyn FrontDesk>,
    pub tasks: TaskTracker,
    pub people: People,
    /// Envelopes of Socket Mode.
    pub envelopes: Remembered,
    /// Triggers, clicks and events.
    deliveries: Remembered,
    /// Forms that are being sent, or were: what was typed in them before is no draft any more.
    pub sent: Remembered,
}

/// What is said to Slack, and whom it would have reached where it cannot be delivered.
#[derive(Default)]
pub(super) struct Ack {
    pub body: Option<Value>,
    pub ear: Option<Ear>,
}

impl Door {
    pub fn new(slack: Arc<Slack>, front: Arc<dyn FrontDesk>, tasks: TaskTracker) -> Arc<Self> {
        Arc::new(Self {
            slack,
            front,
            tasks,
            people: People::default(),
            envelopes: Remembered::default(),
            deliveries: Remembered::default(),
            sent: Remembered::default(),
        })
    }

    pub fn now(&self) -> Timestamp {
        (self.slack.clock)()
    }

    pub fn via() -> PlatformId {
        PLATFORM.into()
    }

    /// Asks now for what the first person would otherwise wait for.
    pub fn prepare(self: &Arc<Self>) {
        let door = Arc::clone(self);
        self.tasks.spawn(async move {
            if let Err(failure) = door.slack.workspace().await {
                tracing::warn!(
                    "Slack did not say whose workspace this is, and will be asked again: {failure:?}"
                );
            }
        });
    }

    /// Takes one delivery and says what to acknowledge it with.
    pub async fn take(self: &Arc<Self>, incoming: Incoming) -> Ack {
        let door = Arc::clone(self);
        match incoming {
            Incoming::Other => Ack::default(),
            Incoming::Typed(typed) if self.deliveries.is_new(&typed.trigger) => {
                let ear = typed.ear();
                let (later, slack) = (ear.clone(), Arc::clone(&self.slack));
                let work = async move { door.typed(typed).await };
                let late = async move |message| later.hear_message(&slack, message).await;
                let body = self.soon(PATIENCE, work, late).await;
                Ack { body, ear: Some(ear) }
            }
            Incoming::Sent(window) if self.deliveries.is_new(&window.trigger) => self.submitted(window).await,
            Incoming::Click(click) if self.deliveries.is_new(&click.name()) => {
                self.tasks.spawn(async move { door.clicked(click).await });
                Ack::default()
            }
            Incoming::Shortcut(shortcut) if self.deliveries.is_new(&shortcut.trigger) => {
                self.tasks.spawn(async move { door.shortcut(shortcut).await });
                Ack::default()
            }
            Incoming::Happening(happening) if self.deliveries.is_new(&happening.id) => {
                self.tasks.spawn(async move { door.happening(happening).await });
                Ack::default()
            }
            Incoming::Closed(window) => {
                self.tasks.spawn(async move { door.closed(window).await });
                Ack::default()
            }
            // Delivered before: what it asked for is done, or under way.
            Incoming::Typed(_)
            | Incoming::Sent(_)
            | Incoming::Click(_)
            | Incoming::Shortcut(_)
            | Incoming::Happening(_) => Ack::default(),
        }
    }

    /// The outcome of some work, if it comes in time; otherwise nothing, and `late` is given it when it comes.
    pub async fn soon<T: Send + 'static, Late>(
        &self,
        patience: Duration,
        work: impl Future<Output = Option<T>> + Send + 'static,
        late: impl FnOnce(T) -> Late + Send + 'static,
    ) -> Option<T>
    where
        Late: Future<Output = ()> + Send,
    {
        let (tell, mut told) = oneshot::channel();
        self.tasks.spawn(async move {
            if let Some(outcome) = work.await
                && let Err(outcome) = tell.send(outcome)
            {
                late(outcome).await;
            }
        });
        match tokio::time::timeout(patience, &mut told).await {
            Ok(outcome) => outcome.ok(),
            Err(_) => {
                // From here on the work finds nobody waiting; unless it ended just now.
                told.close();
                told.try_recv().ok()
            }
        }
    }

    /// An answer that could not stand in an acknowledgement.
    pub async fn not_delivered(&self, ack: Ack) {
        if let Ack {
            body: Some(message),
            ear: Some(ear),
        } = ack
        {
            ear.hear_message(&self.slack, message).await;
        }
    }
}

/// What a person hears when the desk did not take their request.
pub(super) fn not_taken(why: &NotTaken) -> Notice {
    let text = match why {
        NotTaken::ShuttingDown => {
            "Switchboard is just shutting down; nothing was changed. Try again in a moment."
        }
        NotTaken::Busy => "The desk has its hands full; nothing was changed. Try again in a moment.",
        NotTaken::Store(_) => {
            "Nothing can be written down just now, so nothing was changed. An administrator finds more in the log."
        }
    };
    Notice::new(Tone::Refused, text)
}
