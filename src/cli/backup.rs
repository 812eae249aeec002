//! `switchboard backup`: writes every record of a store to one file, whole or not at all.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::store;

const EXAMPLES: &str = "\
Examples:
  switchboard backup --data /var/lib/switchboard /backups/monday.jsonl
  switchboard backup --data data --force latest.jsonl

A running Switchboard holds its data folder: stop it first, or let it write its own backup.
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
    let store = store::open_existing(&args.data)
        .with_context(|| format!("{} cannot be backed up from here", args.data.display()))?;
    let records = whole_file(&args.file, |out| Ok(store.backup(out)?))?;
    super::say(&format!(
        "{records} records of {} are in {}\n",
        args.data.display(),
        args.file.display()
    ))?;
    Ok(())
}

/// Writes beside the file first and puts it in place when it is on disk, so that there is never half a backup under its name.
fn whole_file<T>(file: &Path, write: impl FnOnce(&mut dyn Write) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let mut name = file
        .file_name()
        .context("the backup needs a file name")?
        .to_owned();
    name.push(".unfinished");
    let unfinished = file.with_file_name(name);
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let written = (|| {
        let mut out = BufWriter::new(File::create(&unfinished)?);
        let written = write(&mut out)?;
        out.into_inner()?.sync_all()?;
        fs::rename(&unfinished, file)?;
        File::open(folder)?.sync_all()?;
        anyhow::Ok(written)
    })();
    if written.is_err() {
        // What is left of it is of no use; that it cannot be removed changes nothing about the error.
        let _ = fs::remove_file(&unfinished);
    }
    written.with_context(|| format!("{} cannot be written", file.display()))
}
