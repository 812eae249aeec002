//! The desk's one door: a bounded queue in front of one thread. The thread takes what is queued as one batch and commits
//! it with one flush (group commit); each caller hears of its own events only after that.

use std::sync::Arc;
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
}

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

    /// How many submissions wait.
    pub fn waiting(&self) -> usize {
        QUEUE_LENGTH.saturating_sub(self.sender.capacity())
    }
}

/// Starts the desk's thread. It ends when the last handle is dropped, after everything queued is committed.
pub fn start(mut desk: Desk) -> std::io::Result<(DeskQueue, JoinHandle<()>)> {
    let (sender, receiver) = mpsc::channel(QUEUE_LENGTH);
    let (changes, _) = broadcast::channel(1_024);
    let announce = changes.clone();
    let thread = std::thread::Builder::new()
        .name("desk".to_owned())
        .spawn(move || run(&mut desk, receiver, &announce))?;
    Ok((DeskQueue { sender, changes }, thread))
}

fn run(desk: &mut Desk, mut queue: mpsc::Receiver<Submission>, announce: &broadcast::Sender<Arc<Stepped>>) {
    while let Some(first) = queue.blocking_recv() {
        let mut batch = vec![first];
        let mut events = batch[0].events.len();
        while events < BATCH
            && let Ok(next) = queue.try_recv()
        {
            events += next.events.len();
            batch.push(next);
        }
        commit(desk, batch, announce);
    }
}

fn commit(desk: &mut Desk, mut batch: Vec<Submission>, announce: &broadcast::Sender<Arc<Stepped>>) {
    let lengths: Vec<usize> = batch.iter().map(|submission| submission.events.len()).collect();
    let events: Vec<Event> = batch
        .iter_mut()
        .flat_map(|submission| std::mem::take(&mut submission.events))
        .collect();
    let now = (desk.setup.clock)();
    let started = std::time::Instant::now();
    match desk.step(&events, now) {
        Ok(mut stepped) => {
            metrics::histogram!("switchboard_commit_seconds").record(started.elapsed().as_secs_f64());
            metrics::counter!("switchboard_events_total").increment(events.len() as u64);
            let mut notices = std::mem::take(&mut stepped.notices).into_iter();
            let _ = announce.send(Arc::new(stepped));
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
