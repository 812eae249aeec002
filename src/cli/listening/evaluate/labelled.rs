//! Reads texts that somebody has labelled: a CSV file with a header, or JSON Lines.

use std::path::Path;

use anyhow::Context;
use jiff::Timestamp;
use serde_json::Value;

use crate::listening::evaluate::routing::Labelled;
use crate::listening::sentiment::Tone;

const TONES: [&str; 2] = ["sentiment", "airline_sentiment"];
const REASONS: [&str; 2] = ["negativereason", "negative_reason"];
const TIMES: [&str; 4] = ["created_utc", "created_at", "tweet_created", "time"];

/// Reasons of complaint as the published airline set names them, and the department that answers each.
const DEPARTMENTS: [(&str, &str); 9] = [
    ("Customer Service Issue", "Support"),
    ("Late Flight", "Operations"),
    ("Cancelled Flight", "Operations"),
    ("Lost Luggage", "Baggage"),
    ("Damaged Luggage", "Baggage"),
    ("Flight Booking Problems", "Sales"),
    ("Flight Attendant Complaints", "HR"),
    ("Bad Flight", "Product"),
    ("longlines", "Product"),
];

/// All rows of a CSV file in time order, where every row says its time as RFC 3339; otherwise as they stand.
struct Table {
    name: String,
    header: csv::StringRecord,
    rows: Vec<csv::StringRecord>,
}

/// The rows that have a label, and how many rows there were.
pub fn read(path: &Path, label: &str) -> anyhow::Result<(Vec<Labelled>, usize)> {
    let table = Table::read(path)?;
    let text = table.column(&["text"])?;
    let of: Box<dyn Fn(&csv::StringRecord) -> String> = match (table.find(&[label]), label) {
        (Some(at), _) => Box::new(move |row| row[at].to_owned()),
        (None, "dep6" | "dep8") => {
            let (tone, reason) = (table.column(&TONES), table.column(&REASONS));
            let derived = |missing| format!("“{label}” is not a column, and cannot be derived: {missing}");
            let (tone, reason) = match (tone, reason) {
                (Ok(tone), Ok(reason)) => (tone, reason),
                (Err(missing), _) | (_, Err(missing)) => anyhow::bail!(derived(missing)),
            };
            let all = label == "dep8";
            Box::new(move |row| department(&row[tone], &row[reason], all).to_owned())
        }
        (None, _) => anyhow::bail!(table.missing(&[label])),
    };
    let labelled = table.rows.iter().map(|row| Labelled {
        text: row[text].to_owned(),
        label: of(row).trim().to_owned(),
    });
    let labelled: Vec<_> = labelled.filter(|row| !row.label.is_empty()).collect();
    anyhow::ensure!(
        !labelled.is_empty(),
        "{}: no row has a label in “{label}”",
        table.name
    );
    Ok((labelled, table.rows.len()))
}

/// Texts with their tone; rows without one are left out.
pub fn tones(path: &Path) -> anyhow::Result<Vec<(String, Tone)>> {
    let rows = match path.extension().is_some_and(|ending| ending == "jsonl") {
        true => tones_of_lines(path)?,
        false => {
            let table = Table::read(path)?;
            let (text, tone) = (table.column(&["text"])?, table.column(&TONES)?);
            let read = |row: &csv::StringRecord| Some((row[text].to_owned(), Tone::parse(row[tone].trim())?));
            table.rows.iter().filter_map(read).collect()
        }
    };
    let words = "negative, neutral or positive";
    anyhow::ensure!(!rows.is_empty(), "{}: no row says {words}", path.display());
    Ok(rows)
}

/// Either `sentiment` as a word, or `human_mean`, people's mean from −4 to 4, with the lexicon's own thresholds.
fn tones_of_lines(path: &Path) -> anyhow::Result<Vec<(String, Tone)>> {
    let name = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    let mut rows = Vec::new();
    for (line, json) in (1..)
        .zip(text.lines())
        .filter(|(_, json)| !json.trim().is_empty())
    {
        let row: Value = serde_json::from_str(json).map_err(|error| {
            anyhow::anyhow!(
                "{name}, line {line}, column {}: not JSON ({error})",
                error.column()
            )
        })?;
        let text = row.get("text").and_then(Value::as_str);
        let text = text.with_context(|| format!("{name}, line {line}: “text” must be a text"))?;
        let word = row.get("sentiment").and_then(Value::as_str).and_then(Tone::parse);
        let mean = row
            .get("human_mean")
            .and_then(Value::as_f64)
            .map(|mean| match mean {
                mean if mean >= 0.05 => Tone::Positive,
                mean if mean <= -0.05 => Tone::Negative,
                _ => Tone::Neutral,
            });
        rows.extend(word.or(mean).map(|tone| (text.to_owned(), tone)));
    }
    Ok(rows)
}

/// Empty where the row has no department.
fn department(tone: &str, reason: &str, all: bool) -> &'static str {
    match tone {
        "positive" if all => "Marketing",
        "neutral" if all => "Enquiries",
        _ => DEPARTMENTS
            .iter()
            .find(|(known, _)| *known == reason)
            .map_or("", |(_, department)| department),
    }
}

impl Table {
    fn read(path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let mut reader = csv::Reader::from_path(path).with_context(|| format!("cannot open {name}"))?;
        let header = reader
            .headers()
            .with_context(|| format!("cannot read {name}"))?
            .clone();
        let rows = reader.records().collect::<Result<Vec<_>, _>>();
        let mut table = Self {
            header,
            rows: rows.with_context(|| format!("cannot read {name}"))?,
            name,
        };
        if let Some(at) = table.find(&TIMES) {
            let times: Result<Vec<Timestamp>, _> = table.rows.iter().map(|row| row[at].parse()).collect();
            if let Ok(times) = times {
                let mut rows: Vec<_> = times.into_iter().zip(table.rows).collect();
                rows.sort_by_key(|(time, _)| *time);
                table.rows = rows.into_iter().map(|(_, row)| row).collect();
            }
        }
        Ok(table)
    }

    fn find(&self, names: &[&str]) -> Option<usize> {
        names
            .iter()
            .find_map(|name| self.header.iter().position(|column| column.trim() == *name))
    }

    fn column(&self, names: &[&str]) -> anyhow::Result<usize> {
        self.find(names).with_context(|| self.missing(names))
    }

    fn missing(&self, names: &[&str]) -> String {
        let columns: Vec<&str> = self.header.iter().collect();
        format!(
            "{}: no column “{}”; its columns are {}",
            self.name,
            names.join("” or “"),
            columns.join(", ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(content: &str, ending: &str) -> tempfile::NamedTempFile {
        let file = tempfile::Builder::new()
            .suffix(ending)
            .tempfile()
            .expect("a file");
        std::fs::write(file.path(), content).expect("written");
        file
    }

    fn labels(content: &str, label: &str) -> Result<Vec<(String, String)>, String> {
        match read(file(content, ".csv").path(), label) {
            Ok((rows, _)) => Ok(rows.into_iter().map(|row| (row.text, row.label)).collect()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
        of.iter()
            .map(|(text, label)| ((*text).to_owned(), (*label).to_owned()))
            .collect()
    }

    #[test]
    fn the_column_is_taken_or_derived_and_rows_without_a_label_are_skipped() {
        assert_eq!(
            labels("text,dep6\na,Sales\nb,\n", "dep6"),
            Ok(pairs(&[("a", "Sales")]))
        );
        let reasons = "airline_sentiment,negativereason,text\nnegative,Late Flight,a\nnegative,Can't Tell,b\n\
                       positive,,c\nneutral,,d\nnegative,longlines,e\n";
        assert_eq!(
            labels(reasons, "dep6"),
            Ok(pairs(&[("a", "Operations"), ("e", "Product")]))
        );
        assert_eq!(
            labels(reasons, "dep8"),
            Ok(pairs(&[
                ("a", "Operations"),
                ("c", "Marketing"),
                ("d", "Enquiries"),
                ("e", "Product")
            ]))
        );
    }

    #[test]
    fn rows_come_in_time_order_where_all_say_their_time() {
        let late = "created_utc,text,team\n2015-02-17T09:00:00Z,b,x\n2015-02-17T08:00:00Z,a,x\n";
        assert_eq!(labels(late, "team"), Ok(pairs(&[("a", "x"), ("b", "x")])));
        let unsure = "created_utc,text,team\n2015-02-17T09:00:00Z,b,x\nyesterday,a,x\n";
        assert_eq!(labels(unsure, "team"), Ok(pairs(&[("b", "x"), ("a", "x")])));
    }

    #[test]
    fn what_is_missing_is_named() {
        let told = |content: &str, label: &str| labels(content, label).expect_err("refused");
        assert!(
            told("body,dep6\na,Sales\n", "dep6").ends_with("no column “text”; its columns are body, dep6")
        );
        assert!(told("text\na\n", "team").ends_with("no column “team”; its columns are text"));
        let derived = told("text,sentiment\na,negative\n", "dep6");
        assert!(
            derived.starts_with("“dep6” is not a column") && derived.contains("“negativereason” or"),
            "{derived}"
        );
        assert!(told("text,dep6\na,\n", "dep6").ends_with("no row has a label in “dep6”"));
    }

    #[test]
    fn tones_are_read_from_each_form() {
        let csv = file("lang,sentiment,text\nen,negative,a\nen,unsure,b\n", ".csv");
        assert_eq!(
            tones(csv.path()).expect("read"),
            [("a".to_owned(), Tone::Negative)]
        );
        let lines = file(
            "{\"text\":\"a\",\"human_mean\":-1.2}\n\n{\"text\":\"b\",\"human_mean\":0.0}\n",
            ".jsonl",
        );
        let read = tones(lines.path()).expect("read");
        assert_eq!(
            read,
            [("a".to_owned(), Tone::Negative), ("b".to_owned(), Tone::Neutral)]
        );
        let broken = file("{\"text\":\"a\"\n", ".jsonl");
        assert!(
            tones(broken.path())
                .expect_err("refused")
                .to_string()
                .contains("line 1")
        );
    }
}
