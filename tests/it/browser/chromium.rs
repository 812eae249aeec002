//! Debian's Chromium through its chromedriver: started on a free port, every browser with a fresh profile, nothing left
//! behind when a test ends, also when it panics. Talks to 127.0.0.1 only.
//!
//! <https://www.w3.org/TR/webdriver2/>, <https://developer.chrome.com/docs/chromedriver>

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use axum::http::Method;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::{ParseError, Url};

const CHROMIUM: &str = "/usr/bin/chromium";
const DRIVER: &str = "/usr/bin/chromedriver";

const FLAGS: [&str; 15] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    "--lang=en",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

pub struct Chromium {
    driver: Child,
    address: String,
    profiles: TempDir,
}

impl Chromium {
    /// Starts chromedriver. None, after a line that says so, where there is no browser and none is required.
    pub fn start() -> Option<Self> {
        let missing: Vec<_> = [CHROMIUM, DRIVER]
            .into_iter()
            .filter(|path| !Path::new(path).exists())
            .collect();
        if !missing.is_empty() {
            let required = std::env::var("SWITCHBOARD_REQUIRE_BROWSER").is_ok_and(|value| value == "1");
            assert!(
                !required,
                "a browser is required, but there is no {}",
                missing.join(" and no ")
            );
            super::tell(&format!(
                "skipped: no {}; tests/run.sh installs it",
                missing.join(" and no ")
            ));
            return None;
        }
        let profiles = tempfile::tempdir().expect("a folder for the profiles");
        let mut driver = Command::new(DRIVER)
            .args(["--port=0", "--allowed-ips=127.0.0.1"])
            .env("TMPDIR", profiles.path())
            .env("HOME", profiles.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let lines = BufReader::new(driver.stdout.take().expect("its output")).lines();
        let mut chromium = Self {
            driver,
            address: String::new(),
            profiles,
        };
        let mut lines = lines.map_while(Result::ok);
        let port = lines.find_map(|line| {
            Some(
                line.split_once("successfully on port ")?
                    .1
                    .trim_end_matches('.')
                    .to_owned(),
            )
        });
        chromium.address = format!("http://127.0.0.1:{}", port.expect("chromedriver says its port"));
        // What it says later must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Some(chromium)
    }

    /// A browser of its own: other cookies, other memory.
    pub async fn open(&self, profile: &str) -> Client {
        let folder = self.profiles.path().join(profile);
        let mut arguments: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
        arguments.push(format!("--user-data-dir={}", folder.display()));
        let Value::Object(wishes) = json!({
            "browserName": "chrome",
            "unhandledPromptBehavior": "ignore",
            "goog:chromeOptions": { "binary": CHROMIUM, "args": arguments },
        }) else {
            unreachable!("an object stands above")
        };
        ClientBuilder::new(HttpConnector::new())
            .capabilities(wishes)
            .connect(&self.address)
            .await
            .unwrap_or_else(|error| panic!("chromium does not start: {error}"))
    }
}

impl Drop for Chromium {
    /// A browser outlives its driver, so each that works in one of our profiles is ended by its id.
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let ours = self.profiles.path().display().to_string();
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        for process in processes {
            let id = process.file_name().to_string_lossy().into_owned();
            let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
            if id.bytes().all(|byte| byte.is_ascii_digit()) && String::from_utf8_lossy(&line).contains(&ours)
            {
                let _ = Command::new("kill")
                    .args(["-KILL", &id])
                    .stderr(Stdio::null())
                    .status();
            }
        }
    }
}

/// A command of the DevTools protocol, <https://chromedevtools.github.io/devtools-protocol/>.
#[derive(Debug)]
pub struct DevTools(pub &'static str, pub Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/goog/cdp/execute",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (
            Method::POST,
            Some(json!({ "cmd": self.0, "params": self.1 }).to_string()),
        )
    }
}
