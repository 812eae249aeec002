//! Calls at Slack's pace: what comes too early is not made, and what Slack answers teaches the pace.

use std::sync::{MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::Value;

use super::Slack;
use super::client::Failure;
use super::pace::Pace;

impl Slack {
    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A call that writes. `channel` is where a message goes, for posts.
    pub(super) async fn write(
        &self,
        method: &str,
        channel: Option<&str>,
        body: &Value,
    ) -> Result<Value, Failure> {
        let taken = self.pace().take(method, channel, self.now());
        taken.map_err(Failure::TooFast)?;
        self.learned(method, self.client.post(method, body).await)
    }

    /// The same call once more in another form, because Slack refused the first: made whatever the pace says, which it is
    /// counted in.
    pub(super) async fn write_again(
        &self,
        method: &str,
        channel: Option<&str>,
        body: &Value,
    ) -> Result<Value, Failure> {
        self.pace().count(method, channel, self.now());
        self.learned(method, self.client.post(method, body).await)
    }

    /// A call that only reads.
    pub(super) async fn read(&self, method: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
        let taken = self.pace().take(method, None, self.now());
        taken.map_err(Failure::TooFast)?;
        self.learned(method, self.client.get(method, query).await)
    }

    fn learned(&self, method: &str, outcome: Result<Value, Failure>) -> Result<Value, Failure> {
        let now = self.now();
        let mut pace = self.pace();
        match &outcome {
            Err(Failure::TooFast(wait)) => {
                pace.answered();
                pace.blocked(method, *wait, now);
            }
            Err(Failure::Unknown(_) | Failure::NotSent(_)) => pace.unanswered(now),
            Ok(_) | Err(Failure::Refused(_)) => pace.answered(),
        }
        outcome
    }
}
