//! `switchboard listening evaluate parity`: is the lexicon's reading exactly that of the Python original?

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use serde_json::{Value, json};

use super::super::progress::Progress;
use super::{per_second, tell};
use crate::listening::evaluate::parity::{Parity, Recorded};
use crate::listening::sentiment::{Lexicon, Reading};

/// Compares the lexicon with recorded output of the original
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  switchboard listening evaluate parity --test vader.jsonl
  switchboard listening evaluate parity --test vader.jsonl --json

Each line is a JSON object: `text`, and what vaderSentiment 3.3.2 returns for exactly this text, as `py332_compound`,
`py332_neg`, `py332_neu` and `py332_pos`.")]
pub struct Args {
    /// The recorded output, as JSON Lines
    #[arg(long, value_name = "FILE")]
    test: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let rows = read(&args.test)?;
    let lexicon = Lexicon::new();
    let mut parity = Parity::default();
    let mut progress = Progress::new("compared");
    let began = Instant::now();
    for (done, row) in rows.iter().enumerate() {
        parity.compare(&lexicon, row);
        progress.tick(done, rows.len());
    }
    let speed = per_second(parity.read, began.elapsed());
    let mut words = format!(
        "{} of {} texts have exactly the original’s four figures; {speed} texts a second\n",
        parity.equal, parity.read
    );
    for (line, expected, ours) in parity.different.iter().take(10) {
        words.push_str(&format!(
            "  line {line}: {} there, {} here\n",
            figures(expected),
            figures(ours)
        ));
    }
    let object = json!({ "read": parity.read, "equal": parity.equal, "per_second": speed });
    tell(args.json, &words, &object)
}

fn figures(reading: &Reading) -> String {
    format!(
        "{} ({} negative, {} neutral, {} positive)",
        reading.compound, reading.negative, reading.neutral, reading.positive
    )
}

fn read(path: &Path) -> anyhow::Result<Vec<Recorded>> {
    let name = path.display();
    let file = File::open(path).with_context(|| format!("cannot open {name}"))?;
    let mut rows = Vec::new();
    for (line, text) in (1..).zip(BufReader::new(file).lines()) {
        let text = text.with_context(|| format!("cannot read {name}, line {line}"))?;
        if text.trim().is_empty() {
            continue;
        }
        let row: Value = serde_json::from_str(&text).map_err(|error| {
            anyhow::anyhow!(
                "{name}, line {line}, column {}: not JSON ({error})",
                error.column()
            )
        })?;
        let missing =
            |field: &str, what: &str| anyhow::anyhow!("{name}, line {line}: “{field}” must be {what}");
        let number = |field: &str| {
            let value = row.get(field).and_then(Value::as_f64);
            value.ok_or_else(|| missing(field, "a number"))
        };
        let text = row.get("text").and_then(Value::as_str);
        rows.push(Recorded {
            line,
            text: text.ok_or_else(|| missing("text", "a text"))?.to_owned(),
            expected: Reading {
                compound: number("py332_compound")?,
                negative: number("py332_neg")?,
                neutral: number("py332_neu")?,
                positive: number("py332_pos")?,
            },
        });
    }
    anyhow::ensure!(!rows.is_empty(), "{name} holds no rows");
    Ok(rows)
}
