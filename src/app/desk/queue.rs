//! The desk's one door: a bounded queue in front of one thread. The thread takes what is queued as one batch and commits
//! it with one flush (group commit); each caller hears of its own events only after that.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::{broadcast, mpsc, oneshot};

use crate::domain::event::Event;
use crate::domain::notice::Notice;
use crate::port::front_desk::NotTaken;

use super::{Desk, Stepped};

/// Submissions that may wait; beyond it callers wait, and after `PATIENCE` are told that the desk is busy.
const QUEUE_LENGTH: usize = 4_096;
const PATIENCE: Duration = Duration::from_secs(5);
/// Events of one batch. More would only lengthen the wait of the first.
const BATCH: usize = 1_000;

struct Submission {
    events: Vec<Event>,
    answer: oneshot::Sender<Result<Vec<Notice>, NotTaken>>,
}

/// A handle on the queue; cheap to clone.
#[derive(Clone)]
pub struct DeskQueue {
    sender: mpsc::Sender<Submission>,
    changes: broadcast::Sender<Arc<Stepped>>,
    trouble: Trouble,
}

/// Why the last commit failed; none while all is well.
type Trouble = Arc<Mutex<Option<String>>>;

impl DeskQueue {
    /// Hands in events and waits until they are decided and on disk.
    pub async fn submit(&self, events: Vec<Event>) -> Result<Vec<Notice>, NotTaken> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let (answer, answered) = oneshot::channel();
        let submission = Submission { events, answer };
        match self.sender.send_timeout(submission, PATIENCE).await {
            Ok(()) => {}
            Err(mpsc::error::SendTimeoutError::Timeout(_)) => return Err(NotTaken::Busy),
            Err(mpsc::error::SendTimeoutError::Closed(_)) => return Err(NotTaken::ShuttingDown),
        }
        answered.await.unwrap_or(Err(NotTaken::ShuttingDown))
    }

    /// What each commit changed. A slow listener misses some and must read anew; nothing durable depends on it.
    pub fn changes(&self) -> broadcast::Receiver<Arc<Stepped>> {
        self.changes.subscribe()
    }

    /// Why nothing is taken, or why the last commit failed, for `/readyz`.
    pub fn trouble(&self) -> Option<String> {
        if self.sender.is_closed() {
            return Some("the desk has ended; start Switchboard again, the log says why".to_owned());
        }
        self.trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// How many submissions wait.
    pub fn waiting(&self) -> usize {
        QUEUE_LENGTH.saturating_sub(self.sender.capacity())
    }
}

/// Starts the desk's thread. It ends when the last handle is dropped, after everything queued is committed.
pub fn start(desk: Desk) -> std::io::Result<(DeskQueue, JoinHandle<()>)> {
    let (sender, receiver) = mpsc::channel(QUEUE_LENGTH);
    let (changes, _) = broadcast::channel(1_024);
    let trouble = Trouble::default();
    let mut writer = Writer {
        desk,
        announce: changes.clone(),
        trouble: Arc::clone(&trouble),
    };
    let thread = std::thread::Builder::new()
        .name("desk".to_owned())
        .spawn(move || writer.run(receiver))?;
    Ok((
        DeskQueue {
            sender,
            changes,
            trouble,
        },
        thread,
    ))
}

/// The one writer.
struct Writer {
    desk: Desk,
    announce: broadcast::Sender<Arc<Stepped>>,
    trouble: Trouble,
}

impl Writer {
    fn run(&mut self, mut queue: mpsc::Receiver<Submission>) {
        while let Some(first) = queue.blocking_recv() {
            let mut events = first.events.len();
            let mut batch = vec![first];
            while events < BATCH
                && let Ok(next) = queue.try_recv()
            {
                events += next.events.len();
                batch.push(next);
            }
            self.commit(batch);
        }
    }

    fn commit(&mut self, mut batch: Vec<Submission>) {
        let lengths: Vec<usize> = batch.iter().map(|submission| submission.events.len()).collect();
        let events: Vec<Event> = batch
            .iter_mut()
            .flat_map(|submission| std::mem::take(&mut submission.events))
            .collect();
        let now = (self.desk.setup.clock)();
        let started = std::time::Instant::now();
        let stepped = self.desk.step(&events, now);
        // A step that wrote nothing says nothing about the disk.
        if stepped.as_ref().map_or(true, |stepped| stepped.written) {
            *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) =
                stepped.as_ref().err().map(ToString::to_string);
        }
        match stepped {
            Ok(mut stepped) => {
                metrics::histogram!("switchboard_commit_seconds").record(started.elapsed().as_secs_f64());
                count(&events);
                let mut notices = std::mem::take(&mut stepped.notices).into_iter();
                let _ = self.announce.send(Arc::new(stepped));
                for (submission, length) in batch.into_iter().zip(lengths) {
                    // A caller that went away has its events on disk all the same.
                    let _ = submission
                        .answer
                        .send(Ok(notices.by_ref().take(length).collect()));
                }
            }
            Err(error) => {
                metrics::counter!("switchboard_commit_failures_total").increment(1);
                tracing::error!(events = events.len(), "the desk could not commit: {error}");
                for submission in batch {
                    let _ = submission.answer.send(Err(NotTaken::Store(error.to_string())));
                }
            }
        }
    }
}

/// Counts events by kind; a batch touches each counter once.
fn count(events: &[Event]) {
    let mut kinds: BTreeMap<&'static str, u64> = BTreeMap::new();
    for event in events {
        *kinds.entry(event.word()).or_default() += 1;
    }
    for (kind, number) in kinds {
        metrics::counter!("switchboard_events_total", "kind" => kind).increment(number);
    }
}
