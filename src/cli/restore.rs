//! `switchboard restore`: fills an empty store from a backup, after the whole file was found to be what was written.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::store::{self, record};

const EXAMPLES: &str = "\
Examples:
  switchboard restore --data /var/lib/switchboard-new /backups/monday.jsonl
  switchboard verify --data /var/lib/switchboard-new";

/// Restores a backup into an empty folder
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// A new data folder, or one whose store holds nothing
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// A file that `switchboard backup` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub fn run(args: Args) -> anyhow::Result<()> {
    let unusable = || format!("{} was not restored", args.file.display());
    record::check(&mut reader(&args.file)?).with_context(unusable)?;
    let store = store::open(&args.data)?;
    let records = store.restore(&mut reader(&args.file)?).with_context(unusable)?;
    let leads = store.totals()?.leads;
    super::say(&format!(
        "{records} records, {leads} leads among them, are in {}; `switchboard verify` checks them\n",
        args.data.display()
    ))?;
    Ok(())
}

fn reader(file: &Path) -> anyhow::Result<BufReader<File>> {
    let file = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(BufReader::with_capacity(1 << 18, file))
}
