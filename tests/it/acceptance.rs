//! Acceptance on real recordings that are not part of this repository: every row is on exactly one lead of the right
//! conversation, and the exports agree with what `replay` said. Runs where the recordings are, and says so where not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn recording(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(name);
    if !path.is_file() {
        println!("skipped: there is no ../shared/data/{name} beside this clone");
        return None;
    }
    Some(path)
}

fn switchboard(arguments: &[&str]) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_switchboard"))
        .args(arguments)
        .output()
        .expect("it runs");
    assert!(
        out.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    String::from_utf8(out.stdout).expect("text")
}

fn replay(file: &Path, data: &str, maps: &[&str]) -> Value {
    let file = file.to_string_lossy().into_owned();
    let mut arguments = vec![
        "replay",
        &file,
        "--format",
        "csv",
        "--speed",
        "max",
        "--json",
        "--data",
        data,
        "--network",
        "x",
    ];
    for map in maps {
        arguments.extend(["--map", map]);
    }
    let out = switchboard(&arguments);
    serde_json::from_str(out.lines().last().expect("a last line")).expect("one JSON object")
}

fn number(value: &Value, key: &str) -> u64 {
    value[key].as_u64().unwrap_or_else(|| panic!("{key} in {value}"))
}

/// The leads of every public message, by native id, from the exported history.
fn leads_of_messages(data: &str) -> BTreeMap<String, BTreeSet<String>> {
    let history = switchboard(&["export", "history", "--data", data, "--format", "jsonl"]);
    let mut leads: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in history.lines() {
        let row: Value = serde_json::from_str(line).expect("a JSON line");
        if let Some(id) = row["native_id"].as_str().filter(|id| !id.is_empty()) {
            let lead = row["lead"].as_str().expect("a lead").to_owned();
            leads.entry(id.to_owned()).or_default().insert(lead);
        }
    }
    leads
}

fn rows(file: &Path) -> Vec<BTreeMap<String, String>> {
    // One row holds bare carriage returns outside of quotes; only a line feed ends a row here.
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader
        .terminator(csv::Terminator::Any(b'\n'))
        .from_path(file)
        .expect("the recording");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

#[test]
fn every_airline_tweet_is_on_exactly_one_lead() {
    let Some(file) = recording("airline/airline.csv") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_string_lossy().into_owned();
    let maps = ["id=tweet_id", "text=text", "author=name", "created=created_utc"];
    let played = replay(&file, &data, &maps);
    let rows = rows(&file);
    assert_eq!(number(&played, "read"), rows.len() as u64);
    assert_eq!(number(&played, "mentions"), rows.len() as u64);
    assert_eq!(
        (number(&played, "duplicates"), number(&played, "skipped")),
        (0, 0)
    );
    let departments: u64 = played["departments"]
        .as_object()
        .unwrap()
        .values()
        .filter_map(Value::as_u64)
        .sum();
    assert_eq!(departments, number(&played, "leads"));

    let leads = leads_of_messages(&data);
    assert_eq!(leads.len(), rows.len());
    assert!(leads.values().all(|on| on.len() == 1));
    let exported = switchboard(&["export", "leads", "--data", &data, "--format", "jsonl"]);
    assert_eq!(exported.lines().count() as u64, number(&played, "leads"));

    let again = replay(&file, &data, &maps);
    assert_eq!(
        (number(&again, "duplicates"), number(&again, "leads")),
        (rows.len() as u64, 0)
    );
}

/// A conversation is what hangs together by replies; worked out here without any of Switchboard's code.
struct Threads(BTreeMap<String, String>);

impl Threads {
    fn root(&self, id: &str) -> String {
        let mut id = id.to_owned();
        while let Some(parent) = self.0.get(&id) {
            id.clone_from(parent);
        }
        id
    }
}

#[test]
fn every_tweet_of_the_support_conversations_is_on_its_own_authors_lead_there() {
    let Some(file) = recording("threads/twcs.csv") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_string_lossy().into_owned();
    let maps = [
        "id=tweet_id",
        "text=text",
        "author=author_id",
        "created=created_at",
        "in_reply_to=in_response_to_tweet_id",
        "inbound=inbound",
    ];
    let played = replay(&file, &data, &maps);
    let rows = rows(&file);
    let ours = rows.iter().filter(|row| row["inbound"] == "False").count() as u64;
    assert_eq!(number(&played, "read"), rows.len() as u64);
    assert_eq!(number(&played, "replies"), ours);
    assert_eq!(number(&played, "mentions"), rows.len() as u64 - ours);

    let parent =
        |row: &BTreeMap<String, String>| row["in_response_to_tweet_id"].trim_end_matches(".0").to_owned();
    let mut threads = Threads(BTreeMap::new());
    for row in rows.iter().filter(|row| !parent(row).is_empty()) {
        let (child, parent) = (threads.root(&row["tweet_id"]), threads.root(&parent(row)));
        if child != parent {
            threads.0.insert(child, parent);
        }
    }
    let leads = leads_of_messages(&data);
    let mut conversations: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut authors: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut own_leads: BTreeMap<(String, &str), BTreeSet<&str>> = BTreeMap::new();
    let by_id: BTreeMap<&str, &BTreeMap<String, String>> =
        rows.iter().map(|row| (row["tweet_id"].as_str(), row)).collect();
    for row in &rows {
        let on = &leads[&row["tweet_id"]];
        assert_eq!(on.len(), 1, "{} is on exactly one lead", row["tweet_id"]);
        let lead = on.first().unwrap().as_str();
        let root = threads.root(&row["tweet_id"]);
        conversations.entry(lead).or_default().insert(root.clone());
        if row["inbound"] == "True" {
            authors.entry(lead).or_default().insert(&row["author_id"]);
            own_leads
                .entry((root, &row["author_id"]))
                .or_default()
                .insert(lead);
        } else if let Some(asked) = by_id
            .get(parent(row).as_str())
            .filter(|asked| asked["inbound"] == "True")
        {
            assert_eq!(
                on, &leads[&asked["tweet_id"]],
                "our answer {} is on the lead it answers",
                row["tweet_id"]
            );
        }
    }
    assert!(
        conversations.values().all(|of| of.len() == 1),
        "a lead lies in one conversation"
    );
    assert!(authors.values().all(|of| of.len() == 1), "a lead has one author");
    assert!(
        own_leads.values().all(|of| of.len() == 1),
        "an author has one lead in a conversation"
    );
    assert!(number(&played, "answered") > 0 && played["median_first_response"].as_i64().is_some());
}
