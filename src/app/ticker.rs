//! The ticker: turns rows whose time has come into events. Nothing sleeps in memory that a restart would forget.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::domain::company::Company;
use crate::domain::event::Event;
use crate::port::store::{Store, StoreError};
use crate::report::schedule;

use super::desk::DeskQueue;
use super::setup::Setup;

const EVERY: Duration = Duration::from_millis(500);
/// Deadlines turned into events at once; the rest follow with the next tick.
const AT_ONCE: usize = 500;

/// What is due at `now`.
pub fn due(store: &dyn Store, company: &Company, now: Timestamp) -> Result<Vec<Event>, StoreError> {
    let mut events: Vec<Event> = store
        .due(now, AT_ONCE)?
        .into_iter()
        .map(Event::DeadlinePassed)
        .collect();
    for department in company.departments.values() {
        let last = store.last_digest(&department.id)?;
        let day = match last {
            Some(_) => schedule::due_day(department, last, now),
            None => schedule::first_day(department, now),
        };
        if let Some(day) = day {
            events.push(Event::DigestDue {
                department: department.id.clone(),
                day,
            });
        }
    }
    Ok(events)
}

/// Ticks until `stop`.
pub async fn run(store: Arc<dyn Store>, setup: Setup, desk: DeskQueue, stop: CancellationToken) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            () = stop.cancelled() => return,
        }
        let outcome = match due(store.as_ref(), &setup.company(), (setup.clock)()) {
            Ok(events) => desk
                .submit(events)
                .await
                .map(drop)
                .map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(why) = outcome {
            tracing::error!("deadlines could not be turned into events: {why}");
        }
    }
}
