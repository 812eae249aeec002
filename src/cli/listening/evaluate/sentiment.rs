//! `switchboard listening evaluate sentiment`: how well tone is read, by the lexicon and with corrections learned.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::json;

use super::super::progress::Progress;
use super::routing::table;
use super::{labelled, per_second, rounded, tell};
use crate::listening::evaluate::tone::{as_taught, by_lexicon};
use crate::listening::learned::tone::Tones;

/// Measures how well tone is read
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  switchboard listening evaluate sentiment --test tweets.csv
  switchboard listening evaluate sentiment --train before.csv --test after.csv --json

CSV with a header and the columns `text` and `sentiment` or `airline_sentiment` (negative, neutral, positive), or JSON Lines
with `text` and `sentiment` or `human_mean` (−4 to 4). Rows of --train are people’s corrections, learned one at a time.")]
pub struct Args {
    /// The texts to measure with
    #[arg(long, value_name = "FILE")]
    test: PathBuf,
    /// Corrections to learn first
    #[arg(long, value_name = "FILE")]
    train: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let train = match &args.train {
        Some(path) => labelled::tones(path)?,
        None => Vec::new(),
    };
    let test = labelled::tones(&args.test)?;
    let mut tones = Tones::new();
    let mut progress = Progress::new("learned");
    let began = Instant::now();
    for (done, (text, tone)) in train.iter().enumerate() {
        tones.learn(text, *tone);
        progress.tick(done, train.len());
    }
    let learning: Duration = began.elapsed();
    let began = Instant::now();
    let taught = as_taught(&tones, &test);
    let speed = per_second(test.len(), began.elapsed());
    let lexicon = by_lexicon(&tones, &test);
    let mut figures = json!({
        "read": test.len(),
        "train": train.len(),
        "accuracy": rounded(taught.accuracy()),
        "macro_f1": rounded(taught.macro_f1()),
        "lexicon_accuracy": rounded(lexicon.accuracy()),
        "lexicon_macro_f1": rounded(lexicon.macro_f1()),
        "per_second": speed,
        "confusion": taught.confusion(),
    });
    if !train.is_empty() {
        figures["learn_per_second"] = per_second(train.len(), learning).into();
    }
    let words = format!(
        "{} texts, accuracy and macro-F1\n  the lexicon alone: {:.3} / {:.3}\n  {} corrections learned: {:.3} / {:.3}\n{speed} \
         texts a second\n\n{}",
        test.len(),
        lexicon.accuracy(),
        lexicon.macro_f1(),
        train.len(),
        taught.accuracy(),
        taught.macro_f1(),
        table(taught.confusion())
    );
    tell(args.json, &words, &figures)
}
