//! `switchboard backup`: writes every record of a store to one file, whole or not at all.

use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::app::backup;
use crate::store;

const EXAMPLES: &str = "\
Examples:
  switchboard backup --data /var/lib/switchboard /backups/monday.jsonl
  switchboard backup --data data --force latest.jsonl

A running Switchboard holds its data folder; asked through the folder, it writes the backup itself and goes on.
Never copy the live folder instead: such a copy can open and be empty.";

/// Writes a backup of a store
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The data folder that `run` or `demo` was started with
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
    /// Where to write the backup: one JSON record a line, the last line with their number and SHA-256
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub fn run(args: Args) -> anyhow::Result<()> {
    if args.file.exists() && !args.force {
        bail!(
            "{} is there already; choose another name, or give --force",
            args.file.display()
        );
    }
    let records = match store::open_existing(&args.data) {
        Ok(store) => backup::write(store.as_ref(), &args.file)?,
        // Perhaps a running Switchboard holds the folder; then it writes the backup itself.
        Err(error) => match backup::ask(&args.data, &args.file) {
            Ok(Some(records)) => records,
            Ok(None) => return Err(anyhow::Error::new(error).context(refused(&args.data))),
            Err(asking) if args.data.is_dir() => return Err(asking),
            Err(_) => return Err(anyhow::Error::new(error).context(refused(&args.data))),
        },
    };
    super::say(&format!(
        "{records} records of {} are in {}\n",
        args.data.display(),
        args.file.display()
    ))?;
    Ok(())
}

fn refused(data: &Path) -> String {
    format!("{} cannot be backed up from here", data.display())
}
