//! Exports: every lead and every entry is there, JSON Lines are exact, and no CSV cell is a formula.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;
use switchboard::domain::event::Verb;
use switchboard::domain::ids::LeadId;
use switchboard::domain::lead::Outcome;
use switchboard::report::export::{self, ExportError, Filter, Format, HISTORY_COLUMNS, LEAD_COLUMNS};

use crate::report_house::{House, at};

fn leads(house: &House, filter: &Filter, format: Format) -> String {
    let mut out = Vec::new();
    export::leads(house.store.as_ref(), filter, format, &mut out).expect("an export");
    String::from_utf8(out).expect("text")
}

fn history(house: &House, filter: &Filter, format: Format) -> String {
    let mut out = Vec::new();
    export::history(house.store.as_ref(), &house.company, filter, format, &mut out).expect("an export");
    String::from_utf8(out).expect("text")
}

fn json(lines: &str) -> Vec<Value> {
    lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("one JSON object per line"))
        .collect()
}

fn cells(text: &str) -> Vec<Vec<String>> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes())
        .records()
        .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
        .collect()
}

fn answered() -> House {
    told_in(House::new())
}

fn told_in(mut house: House) -> House {
    let parcel = house.mention(
        "=mara",
        "=HYPERLINK(\"http://lie.example\")\r\nwhere, is \u{202e}it?",
    );
    house.wait(30);
    house.ask("dana", parcel, Verb::Claim);
    let text = "-10 % for you".to_owned();
    house.ask("dana", parcel, Verb::Note { text });
    house.mention_in("acme", "On its way!", "own-1", "m1");
    house.wait(60);
    house.ask(
        "dana",
        parcel,
        Verb::Resolve {
            outcome: Outcome::Won,
            note: None,
            duplicate_of: None,
        },
    );
    house.wait(24 * 60);
    house.mention("eve", "my salary was not paid");
    house
}

#[test]
fn leads_come_one_per_row_safe_in_csv_and_exact_in_json() {
    let house = answered();
    let csv = leads(&house, &Filter::default(), Format::Csv);
    assert_eq!(
        csv,
        "\
id,opened,network,account,kind,conversation,author_handle,author_name,author_followers,department,priority,tags,\
state,owner,first_response_seconds,outcome,resolved_at,mentions,duplicates,replies,breached,permalink,text,native_id,\
written
L-1,2026-11-24T08:00:00Z,mastodon,,mention,m1,'=mara,,,support,normal,,resolved,dana,1800,won,2026-11-24T09:30:00Z,\
1,0,1,false,,\"'=HYPERLINK(\"\"http://lie.example\"\")
where, is ⟨U+202E⟩it?\",m1,2026-11-24T08:00:00Z
L-2,2026-11-25T09:30:00Z,mastodon,,mention,m5,eve,,,hr,normal,,waiting,,,,,1,0,0,false,,my salary was not paid,m5,\
2026-11-25T09:30:00Z
"
    );
    let rows = json(&leads(&house, &Filter::default(), Format::JsonLines));
    assert_eq!(rows.len(), 2);
    assert_eq!(
        rows[0]["text"],
        "=HYPERLINK(\"http://lie.example\")\r\nwhere, is \u{202e}it?"
    );
    assert_eq!(rows[0]["first_response_seconds"], 1800);
    assert_eq!(rows[0]["replies"], 1);
    assert_eq!(rows[1]["outcome"], Value::Null);
}

#[test]
fn history_holds_every_public_message_with_its_native_id() {
    let house = answered();
    let rows = json(&history(&house, &Filter::default(), Format::JsonLines));
    let public: Vec<(&str, &str)> = rows
        .iter()
        .filter_map(|row| Some((row["did"].as_str()?, row["native_id"].as_str()?)))
        .collect();
    assert_eq!(
        public,
        [
            ("mention_received", "m1"),
            ("public_reply_seen", "own-1"),
            ("mention_received", "m5")
        ]
    );
    let mut seqs = BTreeSet::new();
    for row in &rows {
        assert!(seqs.insert((row["lead"].to_string(), row["seq"].as_u64())));
        assert_eq!(row["hash"].as_str().map(str::len), Some(64));
    }
    let story: Vec<&str> = rows.iter().filter_map(|row| row["detail"].as_str()).collect();
    assert_eq!(
        story,
        [
            "Opened in Support: no route took it",
            "The author wrote",
            "Dana Okafor claimed it",
            "Dana Okafor noted: -10 % for you",
            "One of our accounts answered in public",
            "Dana Okafor resolved it as won",
            "Opened in HR: route “hr”: the word “salary”",
            "The author wrote"
        ]
    );
}

/// The network shows us the very reply we sent: it is the confirmation, and its id is in the history.
#[test]
fn a_published_reply_carries_its_native_id_too() {
    let mut house = House::new();
    let lead = house.mention_in("mara", "Where is my parcel?", "m1", "talk");
    house.ask("dana", lead, Verb::Claim);
    let text = "It is on its way.".to_owned();
    house.ask("dana", lead, Verb::Reply { text, seen: None });
    house.mention_in("acme", "It is on its way.", "own-1", "talk");
    let rows = json(&history(&house, &Filter::default(), Format::JsonLines));
    let published = rows
        .iter()
        .find(|row| row["did"] == "reply_published")
        .expect("the reply");
    assert_eq!(published["native_id"], "own-1");
    assert_eq!(published["network"], "mastodon");
    assert_eq!(published["text"], "It is on its way.");
}

#[test]
fn filters_choose_departments_and_days() {
    let house = answered();
    let of_hr = Filter {
        departments: vec!["hr".into()],
        ..Filter::default()
    };
    assert_eq!(json(&leads(&house, &of_hr, Format::JsonLines)).len(), 1);
    let until = Filter {
        until: Some(at("2026-11-25T00:00:00Z")),
        ..Filter::default()
    };
    assert_eq!(
        json(&leads(&house, &until, Format::JsonLines))[0]["id"],
        LeadId(1).to_string()
    );
    let since = Filter {
        since: until.until,
        ..Filter::default()
    };
    let (early, late) = (
        json(&history(&house, &until, Format::JsonLines)),
        json(&history(&house, &since, Format::JsonLines)),
    );
    assert_eq!(
        early.len() + late.len(),
        json(&history(&house, &Filter::default(), Format::JsonLines)).len()
    );
    let empty = leads(&House::new(), &Filter::default(), Format::Csv);
    assert_eq!(empty.trim_end(), LEAD_COLUMNS.join(","), "a header alone");
}

#[test]
fn an_export_goes_on_past_a_page() {
    let mut house = House::new();
    for index in 0..1_203 {
        house.mention(&format!("author{index}"), "hello");
    }
    for index in 0..700 {
        house.mention_in("author0", "again", &format!("again-{index}"), "m1");
    }
    let exported = cells(&leads(&house, &Filter::default(), Format::Csv));
    assert_eq!(exported.len(), 1 + 1_203);
    let entries = cells(&history(&house, &Filter::default(), Format::Csv));
    assert_eq!(entries.len(), 1 + 2 * 1_203 + 700);
}

/// A reader that goes away after the first bytes.
struct Broken;

impl std::io::Write for Broken {
    fn write(&mut self, _bytes: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_that_went_away_is_told_apart_from_a_full_disk() {
    let house = answered();
    for format in [Format::Csv, Format::JsonLines] {
        let error = export::leads(house.store.as_ref(), &Filter::default(), format, Broken);
        assert!(
            matches!(error, Err(ExportError::Write(ref error)) if error.kind() == std::io::ErrorKind::BrokenPipe),
            "{error:?}"
        );
    }
}

fn switchboard(arguments: &[&str]) -> std::process::Command {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_switchboard"));
    command.arg("export").args(arguments);
    command
}

#[test]
fn the_command_writes_to_standard_output_or_to_a_file_and_says_what_is_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let house = told_in(House::with(switchboard::store::open(&data).expect("a store")));
    let expected = leads(&house, &Filter::default(), Format::Csv);
    drop(house);
    let data = data.to_str().expect("a plain path");
    let out = folder.path().join("leads.csv");
    let out = out.to_str().expect("a plain path");

    let plain = switchboard(&["leads", "--data", data]).output().expect("a run");
    assert!(
        plain.status.success(),
        "{}",
        String::from_utf8_lossy(&plain.stderr)
    );
    assert_eq!(String::from_utf8_lossy(&plain.stdout), expected);

    let to_file = switchboard(&["leads", "--data", data, "--out", out])
        .output()
        .expect("a run");
    assert_eq!(
        String::from_utf8_lossy(&to_file.stderr),
        format!("2 rows written to {out}\n")
    );
    assert_eq!(std::fs::read_to_string(out).expect("the file"), expected);

    let of_hr = switchboard(&[
        "history",
        "--data",
        data,
        "--format",
        "jsonl",
        "--department",
        "hr",
        "--since",
        "2026-11-25",
    ])
    .output()
    .expect("a run");
    assert_eq!(json(&String::from_utf8_lossy(&of_hr.stdout)).len(), 2);

    for (arguments, complaint) in [
        (vec!["leads", "--data", "/no/such/folder"], "/no/such/folder"),
        (
            vec!["leads", "--data", data, "--out", "/no/such/folder/x.csv"],
            "--out /no/such/folder/x.csv",
        ),
        (vec!["leads", "--data", data, "--since", "2026-11-31"], "--since"),
        (
            vec![
                "leads",
                "--data",
                data,
                "--since",
                "2026-11-25",
                "--until",
                "2026-11-24",
            ],
            "--since 2026-11-25 is after --until 2026-11-24",
        ),
    ] {
        let run = switchboard(&arguments).output().expect("a run");
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(!run.status.success() && said.contains(complaint), "{said}");
    }
}

#[test]
fn a_closed_pipe_ends_the_command_in_silence() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut house = House::with(switchboard::store::open(folder.path()).expect("a store"));
    for index in 0..300 {
        house.mention(&format!("author{index}"), &"hello ".repeat(100));
    }
    drop(house);
    let data = folder.path().to_str().expect("a plain path");
    let mut child = switchboard(&["history", "--data", data])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("a run");
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("an end");
    assert!(ended.status.success());
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever strangers write: the file has one row per lead with every column, no cell is a formula, and JSON Lines
    /// give back the very text.
    #[test]
    fn whatever_is_written_no_cell_is_a_formula(
        handle in r#"[=+@\-a-z"',;\n\t＝\x{202e}\x{0}]{1,8}"#,
        text in r#"[=+@\-a-z"',;\n\r\t '＝\x{202e}\x{0}]{0,12}"#,
        conversation in r#"[=+@\-a-z"',\n]{1,6}"#,
    ) {
        let mut house = House::new();
        house.mention_in(&handle, &text, "native", &conversation);
        for (exported, columns) in [
            (leads(&house, &Filter::default(), Format::Csv), LEAD_COLUMNS.len()),
            (history(&house, &Filter::default(), Format::Csv), HISTORY_COLUMNS.len()),
        ] {
            for row in cells(&exported) {
                prop_assert_eq!(row.len(), columns);
                for cell in row {
                    prop_assert!(
                        !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝']),
                        "{:?}", cell
                    );
                    prop_assert!(!cell.contains(['\u{202e}', '\0', '\r']), "{:?}", cell);
                }
            }
        }
        let row = &json(&leads(&house, &Filter::default(), Format::JsonLines))[0];
        prop_assert_eq!(row["text"].as_str(), Some(text.as_str()));
        prop_assert_eq!(row["author_handle"].as_str(), Some(handle.as_str()));
    }
}
