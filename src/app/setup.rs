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

/// Listening, as the desk sees it.
pub type Assess = Arc<dyn Fn(&Mention) -> Assessment + Send + Sync>;

/// What a network can do through a connector.
pub type Abilities = Arc<dyn Fn(&ConnectorId, &NetworkId) -> Capabilities + Send + Sync>;

#[derive(Clone)]
pub struct Setup {
    pub company: Arc<Company>,
    pub assess: Assess,
    pub capabilities: Abilities,
    pub clock: Clock,
    /// A replay tells nobody of what happened long ago; cards and digests are asked for all the same.
    pub quiet: bool,
}

/// The machine's own clock.
pub fn system_clock() -> Clock {
    Arc::new(Timestamp::now)
}
