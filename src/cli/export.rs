//! `switchboard export`: writes leads or history as CSV or JSON Lines, to standard output or to a file.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::company::Company;
use crate::domain::ids::DepartmentId;
use crate::port::store::Store;
use crate::report::export::{self, ExportError, Filter, Format};

/// Exports leads or history
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  switchboard export leads --data data --format csv --out leads.csv
  switchboard export history --data data --format jsonl --since 2026-11-01 | jq .did
  switchboard export leads --data data --department support --department sales

Texts in CSV are safe in a spreadsheet: one that starts like a formula gets a leading apostrophe,
control and bidi characters are made visible. JSON Lines carry every text exactly as written.
Confidential departments are included.")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// One row per lead
    Leads(Options),
    /// One row per entry of history, every public message with its native id
    History(Options),
}

#[derive(clap::Args, Debug)]
struct Options {
    /// The data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    #[arg(long, value_enum, default_value = "csv")]
    format: FormatName,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Only leads that this department owns now; may be given several times
    #[arg(long, value_name = "DEPARTMENT")]
    department: Vec<String>,
    /// Only what was opened (history: happened) on this day or later; days are in UTC
    #[arg(long, value_name = "DATE")]
    since: Option<Date>,
    /// Only what was opened (history: happened) on this day or earlier
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatName {
    Csv,
    Jsonl,
}

pub fn run(args: Args) -> anyhow::Result<()> {
    let options = match &args.what {
        What::Leads(options) | What::History(options) => options,
    };
    let filter = options.filter()?;
    let store = crate::store::open_existing(&options.data)?;
    let written = match &options.out {
        None => to_standard_output(&args.what, store.as_ref(), &filter),
        Some(path) => to_file(&args.what, store.as_ref(), &filter, path),
    }?;
    if let Some(path) = &options.out {
        eprintln!("{written} rows written to {}", path.display());
    }
    Ok(())
}

impl Options {
    fn filter(&self) -> anyhow::Result<Filter> {
        if let (Some(since), Some(until)) = (self.since, self.until) {
            anyhow::ensure!(
                since <= until,
                "--since {since} is after --until {until}; nothing lies between them"
            );
        }
        let until = self.until.map(|day| day.tomorrow()).transpose();
        let until = until.context("--until: the calendar ends before that day")?;
        Ok(Filter {
            departments: self
                .department
                .iter()
                .map(|name| DepartmentId::new(name.trim()))
                .collect(),
            since: self.since.map(midnight).transpose()?,
            until: until.map(midnight).transpose()?,
        })
    }

    fn format(&self) -> Format {
        match self.format {
            FormatName::Csv => Format::Csv,
            FormatName::Jsonl => Format::JsonLines,
        }
    }
}

fn midnight(day: Date) -> anyhow::Result<Timestamp> {
    let moment = day.to_zoned(TimeZone::UTC);
    Ok(moment
        .with_context(|| format!("{day} is beyond the calendar"))?
        .timestamp())
}

/// A reader that has seen enough (`… | head`) is no error.
fn to_standard_output(what: &What, store: &dyn Store, filter: &Filter) -> anyhow::Result<u64> {
    match write(what, store, filter, io::stdout().lock()) {
        Err(ExportError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(0),
        other => Ok(other?),
    }
}

/// Written beside its place and put there when it is whole, so that a broken export never passes for a full one.
fn to_file(what: &What, store: &dyn Store, filter: &Filter, path: &Path) -> anyhow::Result<u64> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let naming = || format!("--out {}", path.display());
    let mut file = File::create(&partial).with_context(naming)?;
    let written = write(what, store, filter, &mut file).and_then(|written| {
        file.sync_all()?;
        std::fs::rename(&partial, path)?;
        Ok(written)
    });
    if written.is_err() {
        // The reason of the failure matters more than a left-over that says what it is.
        let _ = std::fs::remove_file(&partial);
    }
    written.with_context(naming)
}

fn write(what: &What, store: &dyn Store, filter: &Filter, out: impl Write) -> Result<u64, ExportError> {
    match what {
        What::Leads(options) => export::leads(store, filter, options.format(), out),
        // Without a configuration, people and departments go by their short names.
        What::History(options) => export::history(store, &Company::default(), filter, options.format(), out),
    }
}
