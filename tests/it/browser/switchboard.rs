//! The real binary as its own process, killed when a test ends, also when it panics.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::webhook::sender;

pub struct Switchboard {
    process: Child,
    pub address: String,
    arguments: Vec<String>,
    folder: TempDir,
}

impl Switchboard {
    /// The demo, as the README starts it, on a free port.
    pub fn demo() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self::start(folder, vec!["demo".to_owned()])
    }

    /// The demo's company run from a configuration of the test's own: quiet but for a webhook, which `post` signs for.
    pub fn with_webhook() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = folder.path().join("config");
        std::fs::create_dir(&config).expect("a folder for the configuration");
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo");
        for name in ["departments.toml", "members.toml", "routes.toml"] {
            std::fs::copy(sample.join(name), config.join(name)).expect("the sample is copied");
        }
        let main = r#"
            [company]
            name = "Larkspur Home"
            admins = ["amara"]
            [[connector]]
            kind = "webhook"
            name = "tool"
            network = "news"
            scheme = { kind = "hmac", header = "X-Signature", prefix = "sha256=", secrets = [{ env = "TOOL_SECRET" }] }
        "#;
        std::fs::write(config.join("switchboard.toml"), main).expect("the configuration is written");
        let arguments = vec![
            "run".to_owned(),
            "--config".to_owned(),
            config.display().to_string(),
        ];
        Self::start(folder, arguments)
    }

    fn start(folder: TempDir, arguments: Vec<String>) -> Self {
        let (process, address) = spawn(&arguments, "127.0.0.1:0", folder.path());
        Self {
            process,
            address,
            arguments,
            folder,
        }
    }

    /// Ends it in the middle of whatever it does.
    pub fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// Starts it again on the same folder and the same address.
    pub fn start_again(&mut self) {
        let (process, address) = spawn(&self.arguments, &self.address, self.folder.path());
        assert_eq!(address, self.address);
        self.process = process;
    }

    /// Posts a mention in our own form, signed.
    pub async fn post(&self, mention: Value) {
        let body = mention.to_string();
        let answer = reqwest::Client::builder()
            .no_proxy()
            .build()
            .expect("a client")
            .post(format!("http://{}/hooks/tool", self.address))
            .header("X-Signature", sender::sign(&[body.as_bytes()]))
            .body(body)
            .send()
            .await
            .expect("an answer");
        let (status, text) = (answer.status(), answer.text().await.expect("a body"));
        let answer: Value = serde_json::from_str(&text).unwrap_or_default();
        assert_eq!((status.as_u16(), &answer["taken"]), (200, &json!(1)), "{text}");
    }
}

impl Drop for Switchboard {
    fn drop(&mut self) {
        self.kill();
    }
}

fn spawn(arguments: &[String], address: &str, folder: &Path) -> (Child, String) {
    let log: PathBuf = folder.join("log");
    let mut process = Command::new(env!("CARGO_BIN_EXE_switchboard"))
        .args(arguments)
        .args(["--address", address, "--data"])
        .arg(folder.join("data"))
        .env("TOOL_SECRET", sender::SECRET)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(File::create(&log).expect("a log"))
        .spawn()
        .expect("switchboard starts");
    let mut lines = BufReader::new(process.stdout.take().expect("its output"))
        .lines()
        .map_while(Result::ok);
    let said = lines.find_map(|line| {
        Some(
            line.split_once("http://")?
                .1
                .split_whitespace()
                .next()?
                .to_owned(),
        )
    });
    let Some(address) = said else {
        let _ = process.kill();
        let _ = process.wait();
        panic!(
            "switchboard said no address: {}",
            std::fs::read_to_string(&log).unwrap_or_default()
        );
    };
    std::thread::spawn(move || lines.for_each(drop));
    (process, address)
}
