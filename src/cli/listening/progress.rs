//! Says on standard error how far a measurement is, once it has taken two seconds. Standard output stays for the figures.

use std::io::Write;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(2);

pub struct Progress {
    what: &'static str,
    began: Instant,
    said: Option<Instant>,
}

impl Progress {
    pub fn new(what: &'static str) -> Self {
        Self {
            what,
            began: Instant::now(),
            said: None,
        }
    }

    /// `done` of `all` are done; says so at most once in two seconds.
    pub fn tick(&mut self, done: usize, all: usize) {
        if self.said.unwrap_or(self.began).elapsed() < PATIENCE {
            return;
        }
        self.said = Some(Instant::now());
        // Progress that nobody can be told is no reason to stop.
        let _ = writeln!(std::io::stderr(), "{}: {done} of {all}", self.what);
    }
}
