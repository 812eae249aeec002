//! What the desk needs to know besides the store: the company, how mentions are assessed, what each network can do, the time.
//! Assembled once by whoever starts Switchboard; tests assemble their own.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::Timestamp;

use crate::domain::assessment::Assessment;
use crate::domain::capability::Capabilities;
use crate::domain::company::Company;
use crate::domain::ids::{ConnectorId, NetworkId};
use crate::domain::mention::Mention;
use crate::domain::staff::{Membership, Staff};

/// The time is asked for in one place only, so that tests and replays set it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Listening, as the desk sees it.
pub type Assess = Arc<dyn Fn(&Mention) -> Assessment + Send + Sync>;

/// What a network can do through a connector.
pub type Abilities = Arc<dyn Fn(&ConnectorId, &NetworkId) -> Capabilities + Send + Sync>;

/// The company as it is now: the configuration, and whom the chat platforms name besides.
pub struct Roster {
    configured: Arc<Company>,
    staff: Mutex<Staff>,
    now: RwLock<Arc<Company>>,
}

impl Roster {
    pub fn new(configured: Arc<Company>) -> Self {
        Self {
            now: RwLock::new(Arc::clone(&configured)),
            staff: Mutex::default(),
            configured,
        }
    }

    pub fn company(&self) -> Arc<Company> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn learn(&self, news: Membership, now: Timestamp) {
        let mut staff = self.staff.lock().unwrap_or_else(PoisonError::into_inner);
        if staff.learn(news, &self.configured, now) {
            let company = Arc::new(staff.with(&self.configured));
            *self.now.write().unwrap_or_else(PoisonError::into_inner) = company;
        }
    }
}

#[derive(Clone)]
pub struct Setup {
    pub roster: Arc<Roster>,
    pub assess: Assess,
    pub capabilities: Abilities,
    pub clock: Clock,
    /// A replay tells nobody of what happened long ago; cards and digests are asked for all the same.
    pub quiet: bool,
}

impl Setup {
    pub fn company(&self) -> Arc<Company> {
        self.roster.company()
    }
}

/// The machine's own clock.
pub fn system_clock() -> Clock {
    Arc::new(Timestamp::now)
}
