//! The web board in a real browser: headless Chromium works the real binary as people do.
//!
//! Needs Debian's `chromium` and `chromium-driver`; where they are missing each test prints one line and returns, unless
//! `SWITCHBOARD_REQUIRE_BROWSER=1` (set by `tests/run.sh`) forbids that. Every test leaves pictures in `target/browser`.

mod chromium;
mod claim;
mod commands;
mod counting;
mod hand_off;
mod hostile;
mod keyboard;
mod page;
mod pictures;
mod reply;
mod restart;
mod switchboard;

use std::io::Write;
use std::time::Duration;

/// How long anything may take before a test gives up; a loaded machine is slow, a broken board is slower.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often a condition is looked at.
const BEAT: Duration = Duration::from_millis(25);

/// Says a line past the test runner's capture.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
