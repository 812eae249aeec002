//! A house of its own for each test: a configuration folder, a data folder, and the program running on them.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::json;

use super::client::{Client, SECRET};

/// Networks of the script: with and without idempotency keys.
const NETWORKS: [&str; 4] = ["x", "mastodon", "facebook", "bluesky"];

/// How long a start may take, on a busy machine.
const STARTING: Duration = Duration::from_secs(60);

pub struct House {
    config: PathBuf,
    pub data: PathBuf,
}

impl House {
    /// The sample company with a signed webhook and a scripted network, whose script says something `per_second`.
    pub fn built(folder: &Path, data: &Path, entries: usize, per_second: f64) -> Self {
        let config = folder.join("config");
        fs::create_dir_all(&config).unwrap();
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo");
        for name in ["members.toml", "departments.toml", "routes.toml"] {
            fs::copy(sample.join(name), config.join(name)).unwrap();
        }
        fs::write(config.join("tool.key"), SECRET).unwrap();
        let script: String = (0..entries)
            .map(|number| {
                let entry = json!({
                    "after_seconds": number as f64 / per_second,
                    "id": format!("s-{number}"),
                    "network": NETWORKS[number % NETWORKS.len()],
                    "author": { "id": format!("a-{number}"), "handle": format!("author{number}") },
                    "text": format!("s-{number}: {}", said(number as u64)),
                });
                format!("{entry}\n")
            })
            .collect();
        fs::write(config.join("script.jsonl"), script).unwrap();
        let house = Self {
            config,
            data: data.to_owned(),
        };
        house.network_fails("{}");
        house
    }

    /// How the network fails from the next start on.
    pub fn network_fails(&self, faults: &str) {
        let main = format!(
            r#"
            [company]
            name = "Larkspur Home"
            zone = "Europe/London"
            accounts = ["@larkspurhome"]
            admins = ["amara"]
            [[connector]]
            kind = "scripted"
            name = "sample-day"
            script = "script.jsonl"
            faults = {faults}
            [[connector]]
            kind = "webhook"
            name = "tool"
            network = "news"
            scheme = {{ kind = "hmac", header = "X-Signature", prefix = "sha256=", secrets = [{{ file = "tool.key" }}] }}
            "#
        );
        fs::write(self.config.join("switchboard.toml"), main).unwrap();
    }

    pub fn command(&self, address: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
        command
            .args(["run", "--address", address, "--config"])
            .arg(&self.config)
            .arg("--data")
            .arg(&self.data)
            .env_remove("SWITCHBOARD_CONFIG")
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null());
        command
    }

    fn log(&self) -> PathBuf {
        self.config.join("log")
    }

    /// What the program wrote to its log since its last start.
    pub fn logged(&self) -> String {
        fs::read_to_string(self.log()).unwrap_or_default()
    }

    /// Starts the program without waiting for it.
    pub fn start(&self) -> Open {
        let mut child = self
            .command("127.0.0.1:0")
            .stdout(Stdio::piped())
            .stderr(File::create(self.log()).unwrap())
            .spawn()
            .unwrap();
        let output = child.stdout.take().unwrap();
        let (says, said) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // Whoever started it has heard enough.
                let _ = says.send(line);
            }
        });
        Open { child, said }
    }

    /// Starts the program and waits until it answers.
    pub fn open(&self) -> (Open, Client) {
        let open = self.start();
        // Nothing where it ended or was too slow.
        let line = open.said.recv_timeout(STARTING).unwrap_or_default();
        match line.trim().strip_prefix("Switchboard is running on ") {
            Some(address) => (open, Client::of(address)),
            None => panic!("it did not start: {line}{}", self.logged()),
        }
    }

    /// A start that must fail: the exit code, and what was said.
    pub fn refusal(&self, address: &str) -> (Option<i32>, String) {
        let output = self.command(address).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    }
}

/// A text that the sample's routes bring to customer service, or to sales.
pub fn said(number: u64) -> &'static str {
    if number.is_multiple_of(4) {
        "how much is the oak table?"
    } else {
        "my order never arrived"
    }
}

/// The running program; it is killed when the test ends, however it ends.
pub struct Open {
    child: Child,
    said: mpsc::Receiver<String>,
}

impl Open {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn still_runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Ends it as `kill -9` does.
    pub fn kill(mut self) {
        assert!(self.still_runs(), "it ended by itself: {:?}", self.child.wait());
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn signal(&self, signal: &str) {
        let sent = Command::new("kill")
            .args([signal, &self.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
    }

    /// Asks it to stop, and waits for its end.
    pub fn terminated(mut self, patience: Duration) -> Option<(ExitStatus, Duration)> {
        self.signal("-TERM");
        let asked = Instant::now();
        while asked.elapsed() < patience {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some((status, asked.elapsed()));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        None
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        // It has ended already in a test that went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
