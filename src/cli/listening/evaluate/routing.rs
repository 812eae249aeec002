//! `switchboard listening evaluate routing`: how well the router learns where things belong.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::{Value, json};

use super::super::progress::Progress;
use super::{labelled, per_second, rounded, tell};
use crate::listening::evaluate::routing::{LOOKS, beginner, judge};
use crate::listening::evaluate::score::{Confusion, Score};
use crate::report::curve;

/// Learns hand-offs one at a time, and measures on others
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  switchboard listening evaluate routing --train before.csv --test after.csv --label dep6
  switchboard listening evaluate routing --train before.csv --test after.csv --label team --chart curve.png --json

Both files are CSV with a header and need the columns `text` and the label’s; `dep6` and `dep8` are derived from
`airline_sentiment` and `negativereason` where they are missing. Rows without a label are skipped. Rows of --train are
learned in time order, by `created_utc` or `created_at`; nothing is learned from --test.")]
pub struct Args {
    /// The hand-offs to learn, as CSV
    #[arg(long, value_name = "FILE")]
    train: PathBuf,
    /// The texts to measure with, as CSV
    #[arg(long, value_name = "FILE")]
    test: PathBuf,
    /// The column that says where a text belongs
    #[arg(long, value_name = "COLUMN", default_value = "dep6")]
    label: String,
    /// Draw the learning curve, as PNG
    #[arg(long, value_name = "FILE")]
    chart: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let (train, read_train) = labelled::read(&args.train, &args.label)?;
    let (test, read_test) = labelled::read(&args.test, &args.label)?;
    let mut router = beginner(&train);
    let cold = judge(&router, &test);
    let mut looks: Vec<(usize, Score)> = Vec::new();
    let mut learning = Duration::ZERO;
    let mut progress = Progress::new("learned");
    for (done, row) in train.iter().enumerate() {
        if LOOKS.contains(&done) {
            looks.push((done, judge(&router, &test)));
        }
        let began = Instant::now();
        router.learn(&row.text, &row.label);
        learning += began.elapsed();
        progress.tick(done, train.len());
    }
    let began = Instant::now();
    let score = judge(&router, &test);
    let judging = began.elapsed();
    looks.push((train.len(), score.clone()));

    let cut = score.cut_at_precision(0.9);
    let sure = score.cut_at(0.9);
    let after = |count: usize| looks.iter().find(|(examples, _)| *examples == count);
    let curve: Vec<Value> = looks
        .iter()
        .map(|(examples, score)| {
            json!({
                "examples": examples,
                "accuracy": rounded(score.accuracy()),
                "macro_f1": rounded(score.macro_f1()),
            })
        })
        .collect();
    let figures = json!({
        "read": read_train + read_test,
        "train": train.len(),
        "test": test.len(),
        "accuracy": rounded(score.accuracy()),
        "macro_f1": rounded(score.macro_f1()),
        "coverage_at_90": rounded(cut.coverage),
        "threshold_at_90": cut.threshold,
        "coverage_when_sure": rounded(sure.coverage),
        "precision_when_sure": rounded(sure.precision),
        "accuracy_at_1000": after(1000).map(|(_, score)| rounded(score.accuracy())),
        "cold_start": rounded(cold.accuracy()),
        "cold_start_macro_f1": rounded(cold.macro_f1()),
        "curve": curve,
        "per_second": per_second(test.len(), judging),
        "learn_per_second": per_second(train.len(), learning),
        "state_bytes": router.export().context("cannot write the router’s state")?.len(),
        "confusion": score.confusion(),
    });
    let mut words = format!(
        "{} hand-offs learned, {} texts measured\n\naccuracy and macro-F1\n  {:>8}  {}\n",
        train.len(),
        test.len(),
        "rules",
        both(&cold)
    );
    for (examples, score) in &looks {
        words.push_str(&format!("  {examples:>8}  {}\n", both(score)));
    }
    words.push_str(&format!(
        "\nwhere 90 % are right (threshold {:.3}): {:.1} % of the texts\nwhere it is 90 % sure: {:.1} % of the texts, {:.1} % of \
         them right\n{} proposals and {} lessons a second\n\n{}",
        cut.threshold,
        cut.coverage * 100.0,
        sure.coverage * 100.0,
        sure.precision * 100.0,
        figures["per_second"],
        figures["learn_per_second"],
        table(score.confusion())
    ));
    if let Some(path) = &args.chart {
        let mut points = vec![(0, cold.accuracy(), cold.macro_f1())];
        points.extend(
            looks
                .iter()
                .map(|(count, score)| (*count, score.accuracy(), score.macro_f1())),
        );
        let png = curve::learning(&points).context("the chart cannot be drawn")?;
        std::fs::write(path, png).with_context(|| format!("cannot write {}", path.display()))?;
    }
    tell(args.json, &words, &figures)
}

fn both(score: &Score) -> String {
    format!("{:.3} / {:.3}", score.accuracy(), score.macro_f1())
}

/// Truth, with what was proposed, most often first.
pub fn table(confusion: &Confusion) -> String {
    let mut text = String::new();
    for (truth, answers) in confusion {
        let mut answers: Vec<_> = answers.iter().collect();
        answers.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let answers: Vec<String> = answers
            .iter()
            .map(|(answer, count)| format!("{answer} {count}"))
            .collect();
        text.push_str(&format!("{truth}: {}\n", answers.join(", ")));
    }
    text
}
