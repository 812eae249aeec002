//! `switchboard verify`: re-reads every record and every history chain, and says what is not as it was written.

use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::store;

const EXAMPLES: &str = "\
Examples:
  switchboard verify --data /var/lib/switchboard
  switchboard verify --data data && echo all is well

Every record is read again and its checksum compared; lists and totals are derived again; each lead's history
is followed from its first entry to the last. Exit code 1 when anything is wrong.";

/// How often somebody who waits hears that it goes on.
const PATIENCE: Duration = Duration::from_secs(2);

/// Verifies a store and its history
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The data folder that `run` or `demo` was started with
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
}

pub fn run(args: Args) -> anyhow::Result<()> {
    let store = store::open_existing(&args.data)
        .with_context(|| format!("{} cannot be verified", args.data.display()))?;
    let totals = store.totals()?;
    let findings = waiting(&format!("verifying {} leads", totals.leads), || store.verify())?;
    for finding in &findings {
        super::say(&format!("{finding}\n"))?;
    }
    super::say(&format!(
        "{} leads ({} open), {} waiting errands, {} dead ones, {} MB on disk: {}\n",
        totals.leads,
        totals.open,
        totals.errands,
        totals.dead_errands,
        totals.bytes_on_disk >> 20,
        match findings.len() {
            0 => "nothing is wrong".to_owned(),
            1 => "1 finding".to_owned(),
            many => format!("{many} findings"),
        }
    ))?;
    if !findings.is_empty() {
        bail!("the store is damaged; keep the folder, and restore the last backup into a new one");
    }
    Ok(())
}

/// Runs something long, and says every two seconds on stderr that it goes on.
fn waiting<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (done, waits) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let begun = Instant::now();
            while waits.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                eprintln!("{what}, {} s so far", begun.elapsed().as_secs());
            }
        });
        let result = work();
        drop(done);
        result
    })
}
