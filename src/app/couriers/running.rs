//! The couriers' loop: each lane runs on its own, so that a slow network or a limited channel holds up nobody else.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{Id, JoinSet};
use tokio_util::sync::CancellationToken;

use super::{AFTER_FAILURE, Couriers};

/// How long to rest when nothing is ready; a commit that asks for errands wakes the loop at once.
const REST: Duration = Duration::from_millis(500);
/// How long attempts under way may take to finish when Switchboard stops.
const FINISHING: Duration = Duration::from_secs(5);
/// Lanes that may run at once.
const LANES: usize = 64;

/// Runs until `stop`, then finishes the attempts under way, within a few seconds.
pub async fn run(couriers: Arc<Couriers>, stop: CancellationToken) {
    let mut changes = couriers.desk.changes();
    let mut running: JoinSet<()> = JoinSet::new();
    let mut lanes_by_task: HashMap<Id, String> = HashMap::new();
    while !stop.is_cancelled() {
        let now = (couriers.setup.clock)();
        let mut rest = match couriers.lanes.next(now) {
            Some(at) => REST.min(now.duration_until(at).unsigned_abs()),
            None => REST,
        };
        if running.len() < LANES {
            let busy: BTreeSet<String> = lanes_by_task.values().cloned().collect();
            match couriers.lease(&busy) {
                Ok(lanes) => {
                    for (lane, errands) in lanes {
                        let (couriers, stop) = (Arc::clone(&couriers), stop.clone());
                        let name = lane.clone();
                        let task = running.spawn(async move {
                            if let Err(error) = couriers.run_lane(errands, &stop).await {
                                tracing::error!(lane, "the reports of a lane were not taken: {error}");
                                tokio::select! {
                                    () = tokio::time::sleep(AFTER_FAILURE) => {}
                                    () = stop.cancelled() => {}
                                }
                            }
                        });
                        lanes_by_task.insert(task.id(), name);
                    }
                }
                Err(error) => {
                    tracing::error!("the outbox cannot be read: {error}");
                    rest = AFTER_FAILURE;
                }
            }
        }
        tokio::select! {
            Some(done) = running.join_next_with_id(), if !running.is_empty() => {
                let task = match done {
                    Ok((task, ())) => task,
                    // Its errands run again when their leases end; that an attempt began is on disk.
                    Err(error) => {
                        tracing::error!("a lane of errands broke down: {error}");
                        error.id()
                    }
                };
                lanes_by_task.remove(&task);
            }
            _ = changes.recv() => {}
            () = tokio::time::sleep(rest) => {}
            () = stop.cancelled() => break,
        }
    }
    // An attempt that hangs is left alone: that it began is on disk, so it is looked for after the next start.
    let finished = async { while running.join_next().await.is_some() {} };
    if tokio::time::timeout(FINISHING, finished).await.is_err() {
        tracing::warn!("an attempt did not end in time; its outcome is looked for after the next start");
    }
}
