//! `switchboard listening evaluate KIND`: one file per kind, each prints its figures in words or, with `--json`, as one
//! object in the last line.

use clap::Subcommand;
use serde_json::Value;

mod labelled;
mod language;
mod parity;
mod routing;
mod sentiment;
mod speed;
mod spikes;
mod storms;

/// Measures on texts that somebody has labelled
///
/// Every kind prints its figures, and with --json one JSON object as the last line.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  switchboard listening evaluate parity --test vader.jsonl --json
  switchboard listening evaluate spikes --series nab
  switchboard listening evaluate language --test tweets.csv
  switchboard listening evaluate speed --rules rules.json --texts tweets.csv
  switchboard listening evaluate storms --test tweets.csv
  switchboard listening evaluate routing --train before.csv --test after.csv --label dep6

docs/listening.md says what was measured, with which commands.")]
pub struct Args {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Subcommand, Debug)]
enum Kind {
    Language(language::Args),
    Parity(parity::Args),
    Speed(speed::Args),
    Spikes(spikes::Args),
    Storms(storms::Args),
    Routing(routing::Args),
    Sentiment(sentiment::Args),
}

pub fn run(args: Args) -> anyhow::Result<()> {
    match args.kind {
        Kind::Language(args) => language::run(&args),
        Kind::Parity(args) => parity::run(&args),
        Kind::Speed(args) => speed::run(&args),
        Kind::Spikes(args) => spikes::run(&args),
        Kind::Storms(args) => storms::run(&args),
        Kind::Routing(args) => routing::run(&args),
        Kind::Sentiment(args) => sentiment::run(&args),
    }
}

/// Prints the figures: in words, or as one JSON object in one line.
fn tell(json: bool, words: &str, figures: &Value) -> anyhow::Result<()> {
    match json {
        true => crate::cli::say(&format!("{figures}\n")),
        false => crate::cli::say(words),
    }
}

/// A share as figures give it: four decimals.
fn rounded(share: f64) -> f64 {
    (share * 1e4).round() / 1e4
}

/// How many a second; a measurement too short to be seen counts as a microsecond.
fn per_second(count: usize, took: std::time::Duration) -> f64 {
    (count as f64 / took.as_secs_f64().max(1e-6)).round()
}
