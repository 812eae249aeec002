//! The couriers' loop: each lane runs on its own, so that a slow network or a limited channel holds up nobody else.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Couriers;

/// How long to rest when nothing is ready; a commit that asks for errands wakes the loop at once.
const REST: Duration = Duration::from_millis(500);
/// How long to rest after the outbox could not be read.
const AFTER_FAILURE: Duration = Duration::from_secs(5);
/// Lanes that may run at once.
const LANES: usize = 64;

/// Runs until `stop`, then finishes the attempts under way.
pub async fn run(couriers: Arc<Couriers>, stop: CancellationToken) {
    let mut changes = couriers.desk.changes();
    let mut running: JoinSet<String> = JoinSet::new();
    let mut busy: BTreeSet<String> = BTreeSet::new();
    while !stop.is_cancelled() {
        let mut rest = REST;
        if busy.len() < LANES {
            match couriers.lease(&busy) {
                Ok(lanes) => {
                    for (lane, errands) in lanes {
                        busy.insert(lane.clone());
                        let couriers = Arc::clone(&couriers);
                        running.spawn(async move {
                            if let Err(error) = couriers.run_lane(errands).await {
                                tracing::error!(lane, "the reports of a lane were not taken: {error}");
                                tokio::time::sleep(AFTER_FAILURE).await;
                            }
                            lane
                        });
                    }
                }
                Err(error) => {
                    tracing::error!("the outbox cannot be read: {error}");
                    rest = AFTER_FAILURE;
                }
            }
        }
        tokio::select! {
            Some(done) = running.join_next(), if !running.is_empty() => {
                if let Ok(lane) = done {
                    busy.remove(&lane);
                }
            }
            _ = changes.recv() => {}
            () = tokio::time::sleep(rest) => {}
            () = stop.cancelled() => break,
        }
    }
    while running.join_next().await.is_some() {}
}
