//! `switchboard listening evaluate spikes`: are spikes found early, and nothing else?

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::super::progress::Progress;
use super::{per_second, tell};
use crate::listening::evaluate::spikes::{FEW_FALSE_ALARMS, FEW_MISSED, Outcome, STANDARD, Series, score};
use crate::listening::spikes::Spikes;

/// Scores alerts on series with labelled windows
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  switchboard listening evaluate spikes --series nab
  switchboard listening evaluate spikes --series nab --json

The folder holds one CSV file for each series, with the columns `timestamp` and `value`, and the labelled windows as windows.json:
{\"realTweets/Twitter_volume_AAPL.csv\": [[\"2015-03-03 04:37:53\", \"2015-03-04 13:37:53\"]]}. They may also be called
combined_windows.json, and lie in `labels`, or in the folder above. The score is that of the Numenta Anomaly Benchmark.")]
pub struct Args {
    /// The folder of the series
    #[arg(long, value_name = "FOLDER")]
    series: PathBuf,
    /// The surprise above which there is an alert, the same for all series
    #[arg(long, value_name = "NUMBER", default_value_t = Spikes::THRESHOLD)]
    threshold: f64,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let series = read(&args.series)?;
    let mut progress = Progress::new("series watched");
    let began = Instant::now();
    let mut outcomes = Vec::with_capacity(series.len());
    for (done, one) in series.iter().enumerate() {
        outcomes.push(one.watch(Spikes::new(args.threshold)));
        progress.tick(done + 1, series.len());
    }
    let took = began.elapsed();
    let points: usize = outcomes.iter().map(|outcome| outcome.read).sum();
    let windows: usize = outcomes.iter().map(|outcome| outcome.windows).sum();
    let found: usize = outcomes.iter().map(|outcome| outcome.found.len()).sum();
    let false_alarms: usize = outcomes.iter().map(|outcome| outcome.false_alarms.len()).sum();
    let days: f64 = outcomes.iter().map(|outcome| outcome.days).sum();
    let each_day = false_alarms as f64 / days.max(1.0);
    let standard = score(&outcomes, STANDARD).map(round);
    let speed = per_second(points, took);
    let mut words = format!(
        "{points} counts in {} series, threshold {}: score {}; {found} of {windows} windows found; {false_alarms} false alarms, {each_day:.3} a series and day; {speed} counts a second\n",
        outcomes.len(),
        args.threshold,
        standard.map_or_else(
            || "none, as no window is labelled".to_owned(),
            |score| score.to_string()
        ),
    );
    let mut each = Map::new();
    for outcome in &outcomes {
        let score = score([outcome], STANDARD).map(round);
        words.push_str(&format!(
            "  {}: score {}, {} of {} windows, {} false alarms in {:.1} days\n",
            outcome.name,
            score.map_or_else(|| "none".to_owned(), |score| score.to_string()),
            outcome.found.len(),
            outcome.windows,
            outcome.false_alarms.len(),
            outcome.days
        ));
        each.insert(outcome.name.clone(), figures(outcome, score));
    }
    let object = json!({
        "read": points, "series": outcomes.len(), "windows": windows, "found": found, "score": standard,
        "score_low_fp": score(&outcomes, FEW_FALSE_ALARMS).map(round),
        "score_low_fn": score(&outcomes, FEW_MISSED).map(round),
        "false_alarms": false_alarms,
        "false_alarms_per_series_day": (each_day * 10_000.0).round() / 10_000.0,
        "threshold": args.threshold, "per_second": speed, "per_series": each,
    });
    tell(args.json, &words, &object)
}

fn figures(outcome: &Outcome, score: Option<f64>) -> Value {
    json!({
        "read": outcome.read, "windows": outcome.windows, "found": outcome.found.len(), "score": score,
        "false_alarms": outcome.false_alarms.len(), "days": round(outcome.days),
    })
}

fn round(figure: f64) -> f64 {
    (figure * 100.0).round() / 100.0
}

fn read(folder: &Path) -> anyhow::Result<Vec<Series>> {
    let name = folder.display();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .with_context(|| format!("cannot open the folder {name}"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()
        .with_context(|| format!("cannot read the folder {name}"))?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "csv"));
    files.sort();
    anyhow::ensure!(!files.is_empty(), "{name} holds no CSV file");
    let windows = windows(folder)?;
    files.iter().map(|file| one(file, &windows)).collect()
}

fn one(file: &Path, windows: &BTreeMap<String, Vec<(Timestamp, Timestamp)>>) -> anyhow::Result<Series> {
    let name = file.display();
    let own = file.file_name().unwrap_or_default().to_string_lossy();
    let labelled = windows.get(own.as_ref()).with_context(|| {
        format!(
            "{name} is not among the labelled series: add it to windows.json, with [] if it has no window"
        )
    })?;
    let mut rows = csv::Reader::from_path(file).with_context(|| format!("cannot open {name}"))?;
    let header = rows
        .headers()
        .with_context(|| format!("cannot read {name}"))?
        .clone();
    let column = |title: &str| {
        let place = header.iter().position(|column| column.trim() == title);
        place.with_context(|| format!("{name}, line 1: there is no column “{title}”"))
    };
    let (when, value) = (column("timestamp")?, column("value")?);
    let mut counts = Vec::new();
    for row in rows.records() {
        let row = row.with_context(|| format!("cannot read {name}"))?;
        let line = row.position().map_or(0, csv::Position::line);
        let count: f64 = row[value]
            .trim()
            .parse()
            .ok()
            .filter(|count: &f64| *count >= 0.0)
            .with_context(|| format!("{name}, line {line}: “{}” is not a count", &row[value]))?;
        let at = time(&row[when]).with_context(|| format!("{name}, line {line}"))?;
        counts.push((at, count.round() as u64));
    }
    counts.sort_by_key(|(at, _)| *at);
    Ok(Series {
        name: own.trim_end_matches(".csv").to_owned(),
        counts,
        windows: labelled.clone(),
    })
}

/// The windows by the name of the file they belong to.
fn windows(folder: &Path) -> anyhow::Result<BTreeMap<String, Vec<(Timestamp, Timestamp)>>> {
    let above = folder.join("..");
    let places = [
        folder.to_owned(),
        folder.join("labels"),
        above.clone(),
        above.join("labels"),
    ];
    let mut files = places
        .iter()
        .flat_map(|place| [place.join("windows.json"), place.join("combined_windows.json")]);
    let file = files.find(|file| file.is_file()).with_context(|| {
        format!(
            "no windows.json in {}, nor in the folder above: it says where alerts are right",
            folder.display()
        )
    })?;
    let name = file.display();
    let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {name}"))?;
    let labelled: BTreeMap<String, Vec<(String, String)>> =
        serde_json::from_str(&text).with_context(|| format!("{name} is not JSON of windows by series"))?;
    let mut all = BTreeMap::new();
    for (series, windows) in labelled {
        let windows = windows.iter().map(|(from, to)| Ok((time(from)?, time(to)?)));
        let mut windows = windows
            .collect::<anyhow::Result<Vec<_>>>()
            .with_context(|| format!("{name}, “{series}”"))?;
        windows.sort_unstable();
        let own = series.rsplit('/').next().unwrap_or_default();
        all.insert(own.to_owned(), windows);
    }
    Ok(all)
}

/// A time of day as the benchmark writes it, without a zone; taken as UTC.
fn time(text: &str) -> anyhow::Result<Timestamp> {
    let civil: DateTime = text
        .trim()
        .parse()
        .map_err(|_| anyhow::anyhow!("“{text}” is not a time such as 2015-03-03 04:37:53"))?;
    Ok(civil.to_zoned(TimeZone::UTC)?.timestamp())
}
