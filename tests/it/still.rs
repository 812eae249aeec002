//! A clock that stands still until somebody moves it. Its copies are one clock.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use switchboard::app::setup::Clock;

#[derive(Clone)]
pub struct Still(Arc<Mutex<Timestamp>>);

impl Still {
    pub fn at(moment: &str) -> Self {
        Self(Arc::new(Mutex::new(moment.parse().expect("a moment"))))
    }

    pub fn now(&self) -> Timestamp {
        *self.0.lock().expect("the clock")
    }

    pub fn pass(&self, length: SignedDuration) {
        let mut now = self.0.lock().expect("the clock");
        *now = now.checked_add(length).expect("a moment");
    }

    /// The clock as it is handed to what is tested.
    pub fn clock(&self) -> Clock {
        let still = self.clone();
        Arc::new(move || still.now())
    }
}
