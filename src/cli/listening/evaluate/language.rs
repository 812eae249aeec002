//! `switchboard listening evaluate language`: is the language of a text found?

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use serde_json::{Map, json};

use super::super::progress::Progress;
use super::{per_second, tell};
use crate::listening::evaluate::language::{Labelled, Languages, Tally};
use crate::listening::language::languages;

/// Counts how often the language of a text is found
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  switchboard listening evaluate language --test tweets.csv
  switchboard listening evaluate language --test tweets.csv --test lingua/de/sentences.txt --json
  switchboard listening evaluate language --test lingua

A CSV file has the columns `lang` and `text`. A .txt file has a text in each line, and lies in a folder named by the language;
of a folder, all sentences.txt in the folders below it are read. Handles and links are taken out. Tags are compared without
script and country.")]
pub struct Args {
    /// Texts with their language; may be given several times
    #[arg(long, value_name = "FILE", required = true)]
    test: Vec<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for path in &args.test {
        read(path, &mut rows)?;
    }
    let known = languages().len();
    let mut found = Languages::default();
    let mut progress = Progress::new("read");
    let began = Instant::now();
    for (done, row) in rows.iter().enumerate() {
        found.read(row);
        progress.tick(done, rows.len());
    }
    let speed = per_second(rows.len(), began.elapsed());
    let mut words = format!(
        "{} of {} texts right, {:.4}; {known} languages are told apart; {speed} texts a second\n",
        found.all.right,
        found.all.read,
        found.all.accuracy()
    );
    let mut each = Map::new();
    for (language, tally) in &found.each {
        let mut wrong: Vec<_> = found
            .mistaken
            .iter()
            .filter(|((own, _), _)| own == language)
            .map(|((_, answer), count)| (*count, answer))
            .collect();
        wrong.sort_unstable_by(|a, b| b.cmp(a));
        let wrong: Vec<String> = wrong
            .iter()
            .take(4)
            .map(|(count, answer)| format!("{answer} {count}"))
            .collect();
        words.push_str(&format!(
            "  {language}: {:.3} of {}; mistaken for {}\n",
            tally.accuracy(),
            tally.read,
            match wrong.is_empty() {
                true => "none".to_owned(),
                false => wrong.join(", "),
            }
        ));
        each.insert(
            language.clone(),
            json!({ "read": tally.read, "right": tally.right, "accuracy": accuracy(*tally) }),
        );
    }
    let object = json!({
        "read": found.all.read, "right": found.all.right, "accuracy": accuracy(found.all),
        "languages": known, "per_second": speed, "per_language": each,
    });
    tell(args.json, &words, &object)
}

fn accuracy(tally: Tally) -> f64 {
    (tally.accuracy() * 10_000.0).round() / 10_000.0
}

fn read(path: &Path, rows: &mut Vec<Labelled>) -> anyhow::Result<()> {
    let before = rows.len();
    let name = path.display();
    if path.is_dir() {
        let entries = std::fs::read_dir(path).with_context(|| format!("cannot open the folder {name}"))?;
        let mut files = Vec::new();
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read the folder {name}"))?;
            files.push(entry.path().join("sentences.txt"));
        }
        files.sort();
        for file in files.iter().filter(|file| file.is_file()) {
            lines(file, rows)?;
        }
    } else if path.extension().is_some_and(|ending| ending == "txt") {
        lines(path, rows)?;
    } else {
        table(path, rows)?;
    }
    anyhow::ensure!(rows.len() > before, "{name} holds no texts");
    Ok(())
}

fn lines(path: &Path, rows: &mut Vec<Labelled>) -> anyhow::Result<()> {
    let name = path.display();
    let absolute = std::path::absolute(path).with_context(|| format!("cannot open {name}"))?;
    let folder = absolute.parent().and_then(Path::file_name);
    let language = folder.with_context(|| format!("{name} must lie in a folder named by its language"))?;
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    let texts = text.lines().filter(|line| !line.trim().is_empty());
    rows.extend(texts.map(|text| Labelled {
        language: language.to_string_lossy().into_owned(),
        text: text.to_owned(),
    }));
    Ok(())
}

fn table(path: &Path, rows: &mut Vec<Labelled>) -> anyhow::Result<()> {
    let name = path.display();
    let mut table = csv::Reader::from_path(path).with_context(|| format!("cannot open {name}"))?;
    let header = table
        .headers()
        .with_context(|| format!("cannot read {name}"))?
        .clone();
    let column = |titles: &[&str]| {
        let place = header.iter().position(|column| titles.contains(&column.trim()));
        place.with_context(|| format!("{name}, line 1: there is no column “{}”", titles[0]))
    };
    let (language, text) = (column(&["lang", "language"])?, column(&["text"])?);
    for row in table.records() {
        let row = row.with_context(|| format!("cannot read {name}"))?;
        rows.push(Labelled {
            language: row[language].to_owned(),
            text: row[text].to_owned(),
        });
    }
    Ok(())
}
