//! Recordings as people have them: in order or not, with broken quotes, foreign columns and stray bytes.

use std::path::Path;

use jiff::Timestamp;
use switchboard::domain::mention::Mention;
use switchboard::network::recorded::{Recording, Settings, read};

fn settings(map: &[&str]) -> Settings {
    Settings {
        map: map.iter().map(|pair| pair.to_string()).collect(),
        ..Settings::default()
    }
}

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn read_bytes(name: &str, bytes: &[u8], settings: &Settings) -> Result<Recording, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    read(&path, settings, now())
        .map_err(|problem| problem.to_string().replace(&format!("{}: ", path.display()), ""))
}

fn mentions(recording: &mut Recording) -> Vec<Mention> {
    recording.mentions().map(|mention| mention.unwrap()).collect()
}

fn texts(recording: &mut Recording) -> Vec<String> {
    let all = mentions(recording);
    all.iter()
        .map(|mention| mention.text.as_written().to_owned())
        .collect()
}

fn problems(recording: &Recording) -> Vec<String> {
    recording
        .problems
        .iter()
        .map(|problem| problem.to_string())
        .collect()
}

#[test]
fn rows_come_in_order_of_time_whatever_the_order_of_the_file() {
    let csv = "id,text,author,created,in_reply_to\r\n\
        9007199254740993,third,ana,2026-11-24T10:00:02Z,3.0\r\n\
        2,\"first,\nwith a \"\"line\"\"\",ben,2026-11-24T10:00:00Z,\r\n\
        \r\n\
        3,second &amp; last,ana,2026-11-24T10:00:01Z,2\r\n";
    let mut recording = read_bytes("a.csv", csv.as_bytes(), &settings(&[])).unwrap();
    assert_eq!((recording.read(), recording.skipped), (3, 0));
    let all = mentions(&mut recording);
    assert_eq!(all[0].text.as_written(), "first,\nwith a \"line\"");
    assert_eq!(all[1].text.as_written(), "second & last");
    assert_eq!(all[2].id, "9007199254740993");
    assert_eq!(all[2].in_reply_to.as_deref(), Some("3"));
    // Reading again gives the same.
    assert_eq!(mentions(&mut recording), all);
}

#[test]
fn a_bad_row_is_named_by_its_line_and_the_rest_goes_on() {
    let mut csv = b"id,text,created\n1,good,2026-01-01\n2,no time,someday\n3,too,many,cells\n4,\"odd\" quote,2026-01-01\n5,".to_vec();
    csv.extend(b"\xff\xfe,2026-01-01\n6,good,2026-01-02\n7,\"swallows,2026-01-01\n8,good,2026-01-03\n9,\"good,\ntwo lines\",2026-01-04\n10,\"to the end,2026-01-05\n11,good,2026-01-06\n");
    let mut recording = read_bytes("bad.csv", &csv, &settings(&[])).unwrap();
    assert_eq!(
        texts(&mut recording),
        ["good", "good", "good", "good,\ntwo lines", "good"]
    );
    let said = problems(&recording);
    let expected = [
        "line 3: created: found “someday”, which is not a time",
        "line 4: the row has 4 cells, the file has 3 columns",
        "line 5: text follows a closing quote",
        "line 6: the row is not UTF-8 (its byte 3)",
        "line 8: text follows a closing quote",
        "line 12: a quote is opened here and never closed",
    ];
    assert_eq!(said.len(), expected.len(), "{said:#?}");
    for (said, expected) in said.iter().zip(expected) {
        assert!(said.starts_with(expected), "{said} instead of {expected}");
    }
    assert_eq!(recording.read(), 11);
}

#[test]
fn a_quote_that_seems_to_close_much_later_swallows_nothing() {
    let mut csv = String::from("id,text\n1,\"opened\n");
    for number in 2..5_000 {
        csv.push_str(&format!("{number},plain text\n"));
    }
    csv.push_str("5000,\"\"\n5001,last\n");
    let recording = read_bytes("q.csv", csv.as_bytes(), &settings(&[])).unwrap();
    assert_eq!((recording.read(), recording.skipped), (5_001, 1));
    assert!(
        problems(&recording)[0].starts_with("line 2:"),
        "{:?}",
        recording.problems
    );
}

#[test]
fn mappings_say_what_is_wrong_with_them() {
    let csv = b"tweet_id;body;from\n1;hi;ana\n";
    let error = |map: &[&str]| read_bytes("m.csv", csv, &settings(map)).unwrap_err();
    assert_eq!(
        error(&["text=tweet"]),
        "--map text=tweet: the file has no column “tweet”; its columns are tweet_id, body, from"
    );
    assert!(
        error(&["texd=body"]).starts_with("--map texd=body: “texd” is not a field; the fields are id, text,")
    );
    assert!(error(&["body"]).starts_with("--map body: write FIELD=COLUMN"));
    assert_eq!(
        error(&["id=tweet_id"]),
        "no column fills the text; add --map text=COLUMN, with one of tweet_id, body, from"
    );

    let mut good = read_bytes(
        "m.csv",
        csv,
        &settings(&["text=body", "id=tweet_id", "author=From", "network==x"]),
    )
    .unwrap();
    let mention = &mentions(&mut good)[0];
    assert_eq!(
        (mention.network.as_str(), mention.author.handle.as_written()),
        ("x", "ana")
    );
}

#[test]
fn files_that_cannot_be_replayed_say_so() {
    let error = |name: &str, bytes: &[u8]| read_bytes(name, bytes, &settings(&[])).unwrap_err();
    assert_eq!(error("a.csv", b""), "the file is empty");
    assert_eq!(
        error("a.csv", b"\xff\xfei\0d\0"),
        "the file is UTF-16; save it as UTF-8"
    );
    assert_eq!(
        error("a.xlsx", b"PK"),
        "the ending does not tell the format; add --format jsonl or --format csv"
    );
    assert!(error("a.csv", b"id,\"text\n1,x\n").contains("a quote is opened here"));
    assert!(
        read(Path::new("/nowhere/a.csv"), &settings(&[]), now())
            .unwrap_err()
            .to_string()
            .contains("No such file")
    );
}

#[test]
fn json_lines_are_read_in_our_own_form() {
    let deep = "[".repeat(2_000);
    let lines = format!(
        "\u{feff}{{\"id\":2,\"text\":\"later\",\"created_at\":1767225601,\"author\":{{\"handle\":\"ana\"}}}}\n\n\
         {{\"id\":1,\"text\":\"sooner\",\"created_at\":1767225600}}\r\n{{\"id\":\n[1]\n{deep}\n{{\"id\":3,\"text\":\"no time\"}}"
    );
    let mut recording = read_bytes("a.jsonl", lines.as_bytes(), &settings(&[])).unwrap();
    assert_eq!(texts(&mut recording), ["sooner", "later", "no time"]);
    let said = problems(&recording);
    assert!(
        said[0].starts_with("line 4: the row is not JSON: EOF while parsing"),
        "{said:?}"
    );
    assert_eq!(said[1], "line 5: the row is not a JSON object");
    assert!(
        said[2].starts_with("line 6: the row is not JSON: recursion limit"),
        "{said:?}"
    );
}

#[test]
fn a_line_without_end_is_one_problem() {
    let mut csv = b"id,text\n1,".to_vec();
    csv.extend(std::iter::repeat_n(b'x', 5 << 20));
    csv.extend(b"\n2,fine\n");
    for name in ["long.csv", "long.jsonl"] {
        let recording = read_bytes(name, &csv, &settings(&[])).unwrap();
        assert!(
            problems(&recording)
                .iter()
                .any(|why| why.contains("is longer than")),
            "{name}"
        );
        assert!(recording.problems.iter().all(|problem| problem.line <= 3));
    }
    let mut recording = read_bytes("long.csv", &csv, &settings(&[])).unwrap();
    assert_eq!(texts(&mut recording), ["fine"]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    /// Whatever the bytes, every row that is counted as good is handed out, and nothing panics.
    #[test]
    fn no_file_panics(bytes in proptest::collection::vec(proptest::sample::select(b"ab1\",;\t\n\r\xc3\xa9\xff{}[]:".to_vec()), 0..300)) {
        for name in ["x.csv", "x.jsonl"] {
            let mut file = b"text,id\n".to_vec();
            file.extend(&bytes);
            if let Ok(mut recording) = read_bytes(name, &file, &settings(&[])) {
                let good = recording.read() - recording.skipped;
                proptest::prop_assert_eq!(mentions(&mut recording).len() as u64, good);
            }
        }
    }
}

/// The real tweets, where they are at hand: every row is read.
#[test]
fn real_recordings_lose_no_row() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let airline = data.join("airline/airline.csv");
    if !airline.exists() {
        println!("skipped: there are no real recordings beside this clone");
        return;
    }
    let map = ["id=tweet_id", "text=text", "author=name", "created=created_utc"];
    let mut recording = read(&airline, &settings(&map), now()).unwrap();
    assert_eq!((recording.read(), recording.skipped), (10_012, 0));
    assert!(
        mentions(&mut recording)
            .iter()
            .any(|mention| mention.id == "567590027375702016")
    );

    let map = [
        "id=tweet_id",
        "text=text",
        "author=author_id",
        "created=created_at",
        "in_reply_to=in_response_to_tweet_id",
        "inbound=inbound",
    ];
    let mut recording = read(&data.join("threads/twcs.csv"), &settings(&map), now()).unwrap();
    assert_eq!((recording.read(), recording.skipped), (5_000, 0));
    let all = mentions(&mut recording);
    assert!(all.windows(2).all(|pair| pair[0].created <= pair[1].created));
    let first = all.iter().find(|mention| mention.id == "1").unwrap();
    assert!(first.own);
    assert_eq!(first.in_reply_to.as_deref(), Some("3"));
}
