//! `switchboard listening evaluate storms`: do repetitions gather, and nothing else?

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use csv::StringRecord;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{per_second, tell};
use crate::listening::evaluate::storms::{Count, Pair, Post, gather};

/// Measures how well repetitions of a post gather
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  switchboard listening evaluate storms --test airline.csv
  switchboard listening evaluate storms --test airline.csv --pairs tests/listening/storm_pairs.csv --json

The posts have the columns `tweet_id`, `created_utc` and `text`, in the order of time. Precision is the share of gathered posts that
have half the words of the shorter in common with an earlier post of their storm; recall that of the posts gathered among those that
an exact comparison of all pairs finds alike. --pairs adds pairs that a person judged, with the columns `earlier`, `later` and `same`.")]
pub struct Args {
    /// The posts
    #[arg(long, value_name = "FILE")]
    test: PathBuf,
    /// Pairs that a person judged
    #[arg(long, value_name = "FILE")]
    pairs: Option<PathBuf>,
    /// How many hours without a repetition end a storm
    #[arg(long, value_name = "HOURS", default_value_t = 24)]
    window: u32,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let mut posts = rows(
        &args.test,
        ["tweet_id", "created_utc", "text"],
        |[id, at, text]| {
            let at: Timestamp = at
                .parse()
                .with_context(|| format!("“{at}” is not a time such as 2015-02-17T07:43:02Z"))?;
            Ok(Post {
                id: id.to_owned(),
                at,
                text: text.to_owned(),
            })
        },
    )?;
    posts.sort_by_key(|post| post.at);
    let pairs = args.pairs.as_deref().map(|file| {
        rows(file, ["earlier", "later", "same"], |[earlier, later, same]| {
            anyhow::ensure!(matches!(same, "0" | "1"), "“{same}” must be 1 for the same, or 0");
            Ok(Pair {
                earlier: earlier.to_owned(),
                later: later.to_owned(),
                same: same == "1",
            })
        })
    });
    let pairs = pairs.transpose()?;
    let window = SignedDuration::from_hours(i64::from(args.window));
    let began = Instant::now();
    let found = gather(&posts, window);
    let speed = per_second(posts.len(), began.elapsed());
    let (precision, recall) = (found.precision(&posts), found.recall(&posts, window));
    let mut words = format!(
        "{} posts: {} gathered in {} storms; {speed} posts a second\n  precision {}, recall {}, by an exact comparison\n",
        posts.len(),
        found.gathered(),
        found.storms(),
        share(precision),
        share(recall)
    );
    let mut object = json!({
        "read": posts.len(), "storms": found.storms(), "gathered": found.gathered(), "precision": round(precision),
        "recall": round(recall), "per_second": speed,
    });
    if let Some(pairs) = &pairs {
        let (precision, recall) = found.judged(&posts, pairs);
        words.push_str(&format!(
            "  precision {}, recall {}, by {} pairs that a person judged\n",
            share(precision),
            share(recall),
            pairs.len()
        ));
        object["judged"] = json!({
            "pairs": pairs.len(), "precision": round(precision), "recall": round(recall),
            "together": precision.said, "same": recall.said,
        });
    }
    tell(args.json, &words, &object)
}

fn share(count: Count) -> String {
    match round(count) {
        Some(share) => format!("{share} ({} of {})", count.right, count.said),
        None => "not to be said".to_owned(),
    }
}

fn round(count: Count) -> Option<f64> {
    count.share().map(|share| (share * 10_000.0).round() / 10_000.0)
}

/// Reads three columns of each row of a CSV file.
fn rows<T>(
    path: &Path,
    titles: [&str; 3],
    read: impl Fn([&str; 3]) -> anyhow::Result<T>,
) -> anyhow::Result<Vec<T>> {
    let name = path.display();
    let mut table = csv::Reader::from_path(path).with_context(|| format!("cannot open {name}"))?;
    let header = table
        .headers()
        .with_context(|| format!("cannot read {name}"))?
        .clone();
    let mut places = [0; 3];
    for (place, title) in places.iter_mut().zip(titles) {
        let found = header.iter().position(|column| column.trim() == title);
        *place = found.with_context(|| format!("{name}, line 1: there is no column “{title}”"))?;
    }
    let mut all = Vec::new();
    for row in table.records() {
        let row: StringRecord = row.with_context(|| format!("cannot read {name}"))?;
        let line = row.position().map_or(0, csv::Position::line);
        let one = read(places.map(|place| &row[place]));
        all.push(one.with_context(|| format!("{name}, line {line}"))?);
    }
    anyhow::ensure!(!all.is_empty(), "{name} holds no rows");
    Ok(all)
}
