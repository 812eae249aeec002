//! `switchboard replay`: plays recorded mentions into a store.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use jiff::Timestamp;

use super::config_option::ConfigOption;
use crate::app::replay::{self, Played, Speed};
use crate::app::setup::{Roster, Setup, system_clock};
use crate::domain::capability::Capabilities;
use crate::network::recorded::{self, Format, Recording};
use crate::store;

/// Plays recorded mentions from a file
///
/// Every mention happens in the recording's own time: it is routed, put on its lead, and its clock runs. Rows by the
/// company's own accounts are its public replies. A row that was played before changes nothing. The store must not be in
/// use; `switchboard run` on the same folder then shows the leads.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  switchboard replay mentions.jsonl --data data
  switchboard replay tweets.csv --map id=tweet_id --map text=text --map author=name --map created=created_utc --speed max --json
  switchboard replay support.csv --map id=tweet_id --map author=author_id --map created=created_at \\
      --map in_reply_to=in_response_to_tweet_id --map inbound=inbound --speed 60

A CSV column is named as `field=column`, a constant as `field==value` (`network==x`). Fields and our JSON Lines form are
described in docs/mentions.md.")]
pub struct Args {
    /// The recording
    file: PathBuf,
    /// jsonl or csv; told by the file's ending when left out
    #[arg(long)]
    format: Option<Format>,
    /// Which column fills which field; repeat it
    #[arg(long = "map", value_name = "FIELD=COLUMN")]
    map: Vec<String>,
    /// The network of rows that name none
    #[arg(long, default_value = "recorded")]
    network: String,
    /// Leave HTML entities (&amp;) in texts as they are
    #[arg(long)]
    keep_entities: bool,
    /// How fast time passes: `max`, or how many times faster than it did (60, 1)
    #[arg(long, default_value = "max", value_parser = speed)]
    speed: Speed,
    /// Print one JSON object as the last line instead of a table
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigOption,
    /// The folder of the store; made when it is missing
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

fn speed(text: &str) -> Result<Speed, String> {
    if text == "max" {
        return Ok(Speed::Max);
    }
    match text.trim_end_matches('x').parse::<f64>() {
        Ok(times) if times.is_finite() && times > 0.0 => Ok(Speed::Times(times)),
        _ => Err("write max, or a number above 0 such as 60".to_owned()),
    }
}

pub fn run(args: Args) -> anyhow::Result<()> {
    let settings = args.config.load()?;
    let told = recorded::Settings {
        format: args.format,
        map: args.map,
        network: args.network,
        keep_entities: args.keep_entities,
    };
    let mut recording =
        recorded::read(&args.file, &told, Timestamp::now()).context("this file cannot be replayed")?;
    let store = store::open(&args.data.unwrap_or(settings.data))?;
    let routes = Arc::clone(&settings.routes);
    let setup = Setup {
        roster: Arc::new(Roster::new(settings.company)),
        assess: Arc::new(move |mention| routes.assess(mention)),
        capabilities: Arc::new(|_, _| Capabilities::read_only()),
        clock: system_clock(),
        quiet: true,
    };
    let mut progress = Progress::new();
    let played = replay::replay(&mut recording, &store, &setup, args.speed, &mut |done, rows| {
        progress.show(done, rows)
    })?;
    progress.end();
    for problem in &recording.problems {
        eprintln!("{}: {problem}", args.file.display());
    }
    if args.json {
        println!("{}", json(&played, &recording)?);
    } else {
        print!("{}", table(&played));
    }
    Ok(())
}

fn json(played: &Played, recording: &Recording) -> anyhow::Result<String> {
    let mut value = serde_json::to_value(played)?;
    let problems: Vec<String> = recording
        .problems
        .iter()
        .take(20)
        .map(ToString::to_string)
        .collect();
    value["problems"] = problems.into();
    Ok(value.to_string())
}

fn table(played: &Played) -> String {
    let mut out = format!(
        "{} rows read: {} mentions, {} replies of our own, {} duplicates, {} unreadable\n\
         {} leads opened, {} of them answered, {} late\n",
        played.read,
        played.mentions,
        played.replies,
        played.duplicates,
        played.skipped,
        played.leads,
        played.answered,
        played.breached
    );
    for (department, leads) in &played.departments {
        out.push_str(&format!("  {leads:>8}  {department}\n"));
    }
    if let Some(seconds) = played.median_first_response {
        out.push_str(&format!("median first response: {} min\n", seconds / 60));
    }
    out.push_str(&format!(
        "{:.1} s, {:.0} rows per second\n",
        played.seconds, played.per_second
    ));
    out
}

/// A line on the terminal while it takes longer than two seconds.
struct Progress {
    started: Instant,
    shown: Option<Instant>,
}

impl Progress {
    fn new() -> Self {
        Self {
            started: Instant::now(),
            shown: None,
        }
    }

    fn show(&mut self, done: u64, rows: u64) {
        let patient = self.started.elapsed() > Duration::from_secs(2);
        let again = self
            .shown
            .is_none_or(|at| at.elapsed() > Duration::from_millis(500));
        if patient && again && std::io::stderr().is_terminal() {
            self.shown = Some(Instant::now());
            eprint!("\r{done} of {rows} rows");
            let _ = std::io::stderr().flush();
        }
    }

    fn end(&self) {
        if self.shown.is_some() {
            eprintln!();
        }
    }
}
