//! Ingest: asks polled connectors for what is new, and hands it to the desk. The cursor follows the mentions in the same
//! submission, so it is never ahead of what is on disk (law 1).

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::domain::event::Event;
use crate::port::delivery_error::DeliveryError;
use crate::port::social::{Batch, Connector};
use crate::port::store::Store;

use super::desk::DeskQueue;
use super::health::Health;
use super::setup::Clock;

/// The longest rest after failures that follow one another.
const LONGEST_REST: Duration = Duration::from_secs(15 * 60);
/// A stream asks again at once; after a failure it too rests.
const LEAST_REST: Duration = Duration::from_secs(1);
/// How long a connector rests after it panicked.
const AFTER_PANIC: Duration = Duration::from_secs(30);

/// A batch as events: mentions in order, then how far we have read.
pub fn events(connector: &dyn Connector, batch: Batch, first_contact: bool) -> Vec<Event> {
    let mentions = batch.mentions.into_iter().map(|mention| Event::MentionReceived {
        mention: Box::new(mention),
        backlog: first_contact,
    });
    let changes = batch.changes.into_iter().map(Event::ChangedUpstream);
    let cursor = batch.cursor.map(|cursor| Event::CursorAdvanced {
        connector: connector.id().clone(),
        cursor,
    });
    mentions.chain(changes).chain(cursor).collect()
}

/// Polls one connector until `stop`. A connector that panics is begun again from its cursor: one damaged answer must not
/// silence a channel for good.
pub async fn run(
    connector: Arc<dyn Connector>,
    store: Arc<dyn Store>,
    desk: DeskQueue,
    clock: Clock,
    stop: CancellationToken,
) {
    loop {
        let polling = poll(
            Arc::clone(&connector),
            Arc::clone(&store),
            desk.clone(),
            Arc::clone(&clock),
            stop.clone(),
        );
        if tokio::spawn(polling).await.is_ok() {
            return;
        }
        tracing::error!(connector = %connector.id(), "a connector ended badly; it begins again");
        tokio::select! {
            () = tokio::time::sleep(AFTER_PANIC) => {}
            () = stop.cancelled() => return,
        }
    }
}

async fn poll(
    connector: Arc<dyn Connector>,
    store: Arc<dyn Store>,
    desk: DeskQueue,
    clock: Clock,
    stop: CancellationToken,
) {
    let Some(every) = connector.poll_every() else {
        return;
    };
    let mut failures: u32 = 0;
    let mut health = Health::default();
    let name = connector.id().as_str().to_owned();
    loop {
        // A poll that is dropped half-way has moved no cursor; what it brought comes again.
        let polled = tokio::select! {
            polled = poll_once(connector.as_ref(), store.as_ref(), &desk) => polled,
            () = stop.cancelled() => return,
        };
        // A connector with a budget asks for a longer rest when there is little of it left.
        let every = connector.poll_every().unwrap_or(every);
        let (rest, news) = match &polled {
            Ok(mentions) => {
                failures = 0;
                (every, health.well(&name, *mentions, clock()))
            }
            Err(trouble) => {
                failures += 1;
                tracing::warn!(connector = %connector.id(), failures, "a poll failed: {trouble}");
                (
                    after(trouble, every, failures),
                    health.failed(&name, trouble, clock()),
                )
            }
        };
        if let Some(text) = news
            && let Err(why) = desk.submit(vec![Event::TroubleFound { text }]).await
        {
            tracing::warn!(connector = %connector.id(), "the administrators could not be told: {why}");
        }
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// How long to rest after a poll that failed: as long as the network asks, otherwise longer each time.
fn after(trouble: &DeliveryError, every: Duration, failures: u32) -> Duration {
    let asked = match trouble {
        DeliveryError::Wait { wait, .. } => Duration::try_from(*wait).ok(),
        _ => None,
    };
    asked
        .unwrap_or_else(|| (every.max(LEAST_REST) * 2_u32.saturating_pow(failures.min(16))).min(LONGEST_REST))
}

/// One poll; returns how many mentions it brought.
async fn poll_once(
    connector: &dyn Connector,
    store: &dyn Store,
    desk: &DeskQueue,
) -> Result<usize, DeliveryError> {
    let ours = |why: String| DeliveryError::Transient(why);
    let cursor = store
        .cursor(connector.id())
        .map_err(|error| ours(error.to_string()))?;
    let batch = connector.poll(cursor.as_deref()).await?;
    let mentions = batch.mentions.len();
    let events = events(connector, batch, cursor.is_none());
    desk.submit(events)
        .await
        .map_err(|error| ours(error.to_string()))?;
    Ok(mentions)
}
