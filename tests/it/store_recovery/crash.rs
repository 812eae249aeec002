//! A writer in a process of its own that is killed: the child side, and what the parent asks of the folder afterwards.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use super::{nothing_is_wrong, opened};
use crate::store_samples::*;
use switchboard::domain::ids::LeadId;
use switchboard::port::store::LeadChange;

const DIR: &str = "SWITCHBOARD_TEST_CHILD_DIR";
/// Leads that each commit opens.
const BATCH: u64 = 4;

/// The child: opens leads, claims earlier ones, and says which commits were acknowledged. Does nothing in an ordinary run.
#[test]
fn child() {
    let Some(dir) = std::env::var_os(DIR) else {
        return;
    };
    let store = opened(Path::new(&dir));
    let mut out = std::io::stdout();
    loop {
        let first = store.next_numbers().unwrap().0.0;
        let mut commit = switchboard::port::store::Commit::default();
        for id in first..first + BATCH {
            let opened = opening(id, &"word ".repeat(id as usize % 1100));
            commit.leads.extend(opened.leads);
            commit.entries.extend(opened.entries);
            commit.seen.extend(opened.seen);
            commit.errands.extend(opened.errands);
            commit.next_lead = opened.next_lead;
            commit.next_errand = opened.next_errand;
        }
        if let Some(before) = store.lead(LeadId(first / 2)).unwrap() {
            let LeadChange { before, after } = change(&before, |lead| lead.claim = claimed("dana"));
            commit.leads.push(LeadChange { before, after });
        }
        store.commit(&commit).unwrap();
        writeln!(out, "\nacknowledged {}", first + BATCH - 1).unwrap();
        out.flush().unwrap();
    }
}

pub(super) struct Writer {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
    pub acknowledged: u64,
}

impl Writer {
    pub fn start(dir: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store_recovery::crash::child", "--nocapture"])
            .env(DIR, dir)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self {
            child,
            lines,
            acknowledged: 0,
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Reads acknowledgements until there were so many; false when the child has ended.
    pub fn wait_for(&mut self, commits: u64) -> bool {
        let mut seen = 0;
        while seen < commits {
            let Some(Ok(line)) = self.lines.next() else {
                return false;
            };
            if let Some(number) = line.strip_prefix("acknowledged ") {
                self.acknowledged = number.parse().unwrap();
                seen += 1;
            }
        }
        true
    }

    /// Ends the child as `kill -9` does, and reads what it still said.
    pub fn kill(mut self) -> u64 {
        self.child.kill().unwrap();
        while self.wait_for(1) {}
        self.child.wait().unwrap();
        self.acknowledged
    }
}

/// Opens what is left and checks that all that was acknowledged is there, whole; returns how many leads there are.
pub(super) fn nothing_acknowledged_is_missing(dir: &Path, acknowledged: u64) -> u64 {
    let store = opened(dir);
    nothing_is_wrong(&*store);
    let leads = store.totals().unwrap().leads;
    assert!(
        leads >= acknowledged,
        "{acknowledged} leads were acknowledged, {leads} are there"
    );
    assert_eq!(leads % BATCH, 0, "a commit is there whole or not at all");
    assert_eq!(store.next_numbers().unwrap().0, LeadId(leads + 1));
    leads
}

/// A number below `limit`, different in every round and every run.
pub(super) fn chance(round: u64, limit: u64) -> u64 {
    let now = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .unwrap()
        .subsec_nanos();
    (u64::from(now) ^ round.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_mul(0xD129_0B26_36A8_91E5) % limit
}

/// `SWITCHBOARD_TEST_ROUNDS`, where somebody has the patience for more.
pub(super) fn rounds(usual: u64) -> u64 {
    let rounds = std::env::var("SWITCHBOARD_TEST_ROUNDS").ok();
    rounds.and_then(|rounds| rounds.parse().ok()).unwrap_or(usual)
}

#[test]
fn a_killed_writer_loses_nothing_it_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    for round in 0..rounds(15) {
        let mut writer = Writer::start(dir.path());
        // Some rounds end while the store is still being opened, the others somewhere in the work.
        if round % 3 == 0 {
            std::thread::sleep(Duration::from_micros(chance(round, 30_000)));
        } else {
            assert!(
                writer.wait_for(1 + chance(round, 40)),
                "the writer ended by itself"
            );
            std::thread::sleep(Duration::from_micros(chance(round, 2_000)));
        }
        nothing_acknowledged_is_missing(dir.path(), writer.kill());
    }
}
