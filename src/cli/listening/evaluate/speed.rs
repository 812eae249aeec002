//! `switchboard listening evaluate speed`: how many texts a second many rules read, on one core.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::{Value, json};

use super::super::progress::Progress;
use super::{per_second, tell};
use crate::listening::query::{Query, Reading, Rule, Rules, Terms};

/// Measures how fast many rules read many texts
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  switchboard listening evaluate speed --rules rules.json --texts tweets.csv
  switchboard listening evaluate speed --rules rules.json --texts tweets.csv --json

The rules are a JSON array. A rule is an object { \"any\": […], \"all\": […], \"none\": […] }, whose terms are words,
#tags, @handles and phrases; or a query, as a text or as { \"query\": \"…\" }. The texts are the column `text` of a CSV
file. All that happens to a text is inside the measurement: HTML entities, case, parting into words, matching. One
thread, its own time; the texts are read again until the time is up.")]
pub struct Args {
    /// The rules, as JSON
    #[arg(long, value_name = "FILE")]
    rules: PathBuf,
    /// The texts, as CSV with a column `text`
    #[arg(long, value_name = "FILE")]
    texts: PathBuf,
    /// For how long to measure, at least
    #[arg(long, value_name = "SECONDS", default_value_t = 3)]
    seconds: u64,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let given = rules(&args.rules)?;
    let texts = texts(&args.texts)?;
    let began = Instant::now();
    let rules = Rules::new(&given)
        .map_err(|(at, error)| anyhow::anyhow!("{}, rule {at}: {error}", args.rules.display()))?;
    let compiling = began.elapsed();

    let mut reading = Reading::default();
    let matches = pass(&rules, &texts, &mut reading);
    let mut progress = Progress::new("passes over the texts, seconds");
    let (mut passes, mut fastest) = (0, Duration::MAX);
    let (began, worked) = (Instant::now(), work_so_far());
    while passes < 3 || began.elapsed().as_secs() < args.seconds {
        let pass_began = Instant::now();
        let again = pass(&rules, &texts, &mut reading);
        fastest = fastest.min(pass_began.elapsed());
        anyhow::ensure!(
            again == matches,
            "two passes found different matches: {matches} and {again}"
        );
        passes += 1;
        progress.tick(began.elapsed().as_secs() as usize, args.seconds as usize);
    }
    let (took, worked) = (began.elapsed(), work_so_far().saturating_sub(worked));
    let speed = per_second(passes * texts.len(), worked);
    let by_the_clock = per_second(passes * texts.len(), took);
    let fastest = per_second(texts.len(), fastest);
    let words = format!(
        "{} rules over {} texts: {matches} matches\n\
         {speed} texts a second on one core ({passes} passes in {:.1} s; by the clock on the wall {by_the_clock}, \
         the fastest pass {fastest})\n\
         compiled in {:.1} ms, {} KiB of tables\n",
        given.len(),
        texts.len(),
        worked.as_secs_f64(),
        compiling.as_secs_f64() * 1e3,
        rules.memory() / 1024,
    );
    let object = json!({
        "read": texts.len(),
        "rules": given.len(),
        "matches": matches,
        "per_second": speed,
        "per_second_wall": by_the_clock,
        "per_second_fastest_pass": fastest,
        "passes": passes,
        "seconds": worked.as_secs_f64(),
        "compile_seconds": compiling.as_secs_f64(),
        "table_bytes": rules.memory(),
    });
    tell(args.json, &words, &object)
}

/// How long this thread has been at work. Not the clock on the wall: what else runs on the machine is not this thread's
/// speed.
fn work_so_far() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(
        time.tv_sec.unsigned_abs(),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
}

fn pass(rules: &Rules, texts: &[String], reading: &mut Reading) -> usize {
    let mut matches = 0;
    for text in texts {
        rules.read(text, reading);
        matches += reading.matches().len();
    }
    matches
}

fn rules(path: &Path) -> anyhow::Result<Vec<Rule>> {
    let name = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    let value: Value = serde_json::from_str(&text).with_context(|| format!("{name} is not JSON"))?;
    let rules = value.as_array();
    let rules = rules.with_context(|| format!("{name} must be a JSON array of rules"))?;
    anyhow::ensure!(!rules.is_empty(), "{name} holds no rules");
    let read = |(at, value)| rule(value).map_err(|what| anyhow::anyhow!("{name}, rule {at}: {what}"));
    rules.iter().enumerate().map(read).collect()
}

fn rule(value: &Value) -> Result<Rule, String> {
    if let Some(query) = value.as_str().or_else(|| value.get("query")?.as_str()) {
        return match Query::parse(query) {
            Ok(query) => Ok(Rule::Query(query)),
            Err(error) => Err(error.to_string()),
        };
    }
    let list = |key: &str| -> Result<Vec<String>, String> {
        let Some(list) = value.get(key) else {
            return Ok(Vec::new());
        };
        let wrong = || format!("“{key}” must be a list of texts");
        let entries = list.as_array().ok_or_else(wrong)?;
        let text = |entry: &Value| entry.as_str().map(str::to_owned).ok_or_else(wrong);
        entries.iter().map(text).collect()
    };
    if !["any", "all", "none"].iter().any(|key| value.get(key).is_some()) {
        return Err("a rule is a query, or an object with “any”, “all” or “none”".to_owned());
    }
    Ok(Rule::Terms(Terms {
        any: list("any")?,
        all: list("all")?,
        none: list("none")?,
    }))
}

fn texts(path: &Path) -> anyhow::Result<Vec<String>> {
    let name = path.display();
    let mut file = csv::ReaderBuilder::new().flexible(true).from_path(path);
    let file = file
        .as_mut()
        .map_err(|error| anyhow::anyhow!("cannot open {name}: {error}"))?;
    let headers = file.headers().with_context(|| format!("cannot read {name}"))?;
    let column = headers.iter().position(|header| header == "text");
    let column = column.with_context(|| format!("{name} has no column “text”"))?;
    let mut texts = Vec::new();
    for row in file.records() {
        let row = row.with_context(|| format!("cannot read {name}"))?;
        texts.push(row.get(column).unwrap_or_default().to_owned());
    }
    anyhow::ensure!(!texts.is_empty(), "{name} holds no rows");
    Ok(texts)
}
