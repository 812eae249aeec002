//! Slack's own Python library reads what we draw and finds nothing to complain about. Runs where `SWITCHBOARD_PYTHON` names
//! a Python that has it (`tests/run.sh` sees to that).

use std::io::Write;
use std::process::{Command, Stdio};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::super::*;
use super::{sample_forms, samples, words};
use crate::domain::ids::LeadId;

/// Samples of each kind.
const EACH: usize = 60;

fn several<T>(runner: &mut TestRunner, strategy: impl Strategy<Value = T>) -> Vec<T> {
    (0..EACH)
        .map(|_| strategy.new_tree(runner).unwrap().current())
        .collect()
}

fn drawn() -> Vec<Value> {
    let mut runner = TestRunner::deterministic();
    let mut messages = Vec::new();
    let mut views = Vec::new();
    messages.extend(several(&mut runner, samples::card()).iter().map(card));
    messages.extend(several(&mut runner, samples::row()).iter().map(line));
    for sample in several(&mut runner, samples::notice()) {
        messages.push(notice(&sample));
        views.push(say(&sample));
    }
    for sample in several(&mut runner, samples::digest()) {
        let picture = (
            "F0123456789".to_owned(),
            "Open leads".to_owned(),
            "A chart".to_owned(),
        );
        messages.push(digest(&sample, &[picture]));
    }
    for text in several(&mut runner, words::any_text()) {
        messages.push(told(Some(LeadId(142)), &text));
    }
    for form in several(&mut runner, sample_forms::form()) {
        let state = FormState {
            preview: Some("Thank you <3".to_owned()),
            ..FormState::default()
        };
        views.push(modal(&form, &state));
    }
    views.extend(several(&mut runner, samples::home()).iter().map(home));
    let messages = messages
        .into_iter()
        .map(|message| json!({ "message": { "text": message.text, "blocks": message.blocks } }));
    messages
        .chain(views.into_iter().map(|view| json!({ "view": view })))
        .collect()
}

fn judge(python: &str, lines: &[Value]) -> (bool, String) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/slack/validate.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("SWITCHBOARD_PYTHON runs");
    let mut input = child.stdin.take().unwrap();
    for line in lines {
        writeln!(input, "{line}").unwrap();
    }
    drop(input);
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

#[test]
fn slacks_own_library_accepts_everything_that_is_drawn() {
    let Ok(python) = std::env::var("SWITCHBOARD_PYTHON") else {
        let required = std::env::var_os("SWITCHBOARD_REQUIRE_COUNTERPARTS").is_some_and(|value| value == "1");
        assert!(!required, "SWITCHBOARD_PYTHON must name a Python with slack_sdk");
        println!("skipped: SWITCHBOARD_PYTHON names no Python with slack_sdk; tests/run.sh installs one");
        return;
    };
    let lines = drawn();
    let (fine, said) = judge(&python, &lines);
    assert!(fine, "{said}");
    assert!(said.contains(&format!("{} accepted", lines.len())), "{said}");

    // The judge can say no.
    for wrong in [
        json!({ "message": { "text": "x", "blocks": [{ "type": "header", "text": { "type": "plain_text", "text": "x".repeat(151) } }] } }),
        json!({ "message": { "text": "x", "blocks": [{ "type": "actions", "elements": [
            { "type": "button", "text": { "type": "plain_text", "text": "x".repeat(76) }, "action_id": "do:x" }
        ] }] } }),
        json!({ "message": { "text": "x", "blocks": [{ "type": "rich_text", "elements": [{ "type": "rich_text_sectoin" }] }] } }),
        json!({ "view": { "type": "modal", "title": { "type": "plain_text", "text": "x".repeat(25) }, "blocks": [] } }),
    ] {
        assert!(!judge(&python, std::slice::from_ref(&wrong)).0, "{wrong}");
    }
}
