//! What the desk needs to know besides the store: the company, how mentions are assessed, what each network can do, the time.
//! Assembled once by whoever starts Switchboard; tests assemble their own.

use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::assessment::Assessment;
use crate::domain::capability::Capabilities;
use crate::domain::company::Company;
use crate::domain::ids::{ConnectorId, NetworkId};
use crate::domain::mention::Mention;

/// The time is asked for in one place only, so that tests and replays set it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

#[derive(Clone)]
pub struct Setup {
    pub company: Arc<Company>,
    pub assess: Arc<dyn Fn(&Mention) -> Assessment + Send + Sync>,
    pub capabilities: Arc<dyn Fn(&ConnectorId, &NetworkId) -> Capabilities + Send + Sync>,
    pub clock: Clock,
}

/// The machine's own clock.
pub fn system_clock() -> Clock {
    Arc::new(Timestamp::now)
}
