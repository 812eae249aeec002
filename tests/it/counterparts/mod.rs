//! Our halves of Slack and Discord against programs that no one here wrote: the vendors' own clients, and stand-ins for
//! their servers from others. `tests/run.sh` installs them; where they are not installed, these tests say so and skip.

mod discord_twin;
mod emulate;
mod slack_client;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

/// How long a counterpart may take to start, or to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program that this variable names. None: not installed, which is said; and must not be where `tests/run.sh` did it.
pub fn installed(variable: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    if named.is_none() {
        let required = std::env::var_os("SWITCHBOARD_REQUIRE_COUNTERPARTS").is_some_and(|value| value == "1");
        assert!(!required, "{variable} must be set");
        println!("skipped: {variable} names nothing; tests/run.sh installs it");
    }
    named
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/counterparts")
        .join(name)
}

/// Runs a Python script to its end: JSON in, JSON out.
pub fn python(program: &Path, name: &str, given: &Value) -> Value {
    let mut child = Command::new(program)
        .arg(script(name))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut input = child.stdin.take().expect("its input");
    input.write_all(given.to_string().as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{name} ended with {}", output.status);
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A server in Node; it ends with the test.
pub struct Node {
    child: Child,
    input: ChildStdin,
    output: mpsc::Receiver<String>,
    /// What it printed first.
    pub said: Value,
}

impl Node {
    /// Starts it and waits for its first line. None where Node is not installed.
    pub fn start(name: &str) -> Option<Self> {
        let (program, folder) = (
            installed("SWITCHBOARD_NODE")?,
            installed("SWITCHBOARD_COUNTERPARTS")?,
        );
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        let mut child = Command::new(program)
            .arg(script(name))
            .arg(port.to_string())
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node starts");
        let input = child.stdin.take().expect("its input");
        let printed = BufReader::new(child.stdout.take().expect("its output"));
        let (prints, output) = mpsc::channel();
        std::thread::spawn(move || {
            for line in printed.lines().map_while(Result::ok) {
                // Whoever started it has heard enough.
                let _ = prints.send(line);
            }
        });
        let line = output.recv_timeout(PATIENCE).unwrap_or_default();
        let said = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{name} printed: {line}"));
        Some(Self {
            child,
            input,
            output,
            said,
        })
    }

    /// Asks in one line, and reads the line that answers.
    pub fn ask(&mut self, line: &Value) -> Value {
        writeln!(self.input, "{line}").expect("it reads");
        let answer = self.output.recv_timeout(PATIENCE).expect("it answers in time");
        serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{line}: {answer}"))
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
