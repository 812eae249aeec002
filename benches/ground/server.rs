//! The real binary, `switchboard run`, with the sample company, one HMAC-SHA256 webhook and no other connector; and what
//! `/proc` says of it.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::http::Connection;
use super::slack::{DANA, SIGNING_SECRET};
use super::writers::SECRET;

const BINARY: &str = env!("CARGO_BIN_EXE_switchboard");
/// The kernel's clock ticks per second, as `/proc` counts them on Linux.
const TICKS: f64 = 100.0;

pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process until `/readyz` said 200.
    pub started_in: Duration,
}

/// A folder on a real disk: below the target folder, never in `/tmp`, which may be memory.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for the bench");
    folder
}

impl Server {
    pub fn start(data: &Path) -> Self {
        Self::configured(data, &configuration(data))
    }

    /// The same company in Slack, over HTTP, with whoever answers at `api` for Slack.
    pub fn start_on_slack(data: &Path, api: SocketAddr) -> Self {
        let config = configuration(data);
        let edit = |name: &str, change: &dyn Fn(String) -> String| {
            let file = config.join(name);
            let text = fs::read_to_string(&file).expect("a file of the configuration");
            fs::write(file, change(text)).expect("the configuration");
        };
        edit("switchboard.toml", &|text| {
            format!(
                "{text}\n[slack]\ninbound = \"http\"\nbot_token = {{ file = \"bot\" }}\n\
                 signing_secret = {{ file = \"signing\" }}\napi_url = \"http://{api}/api\"\n"
            )
        });
        edit("members.toml", &|text| {
            let dana = "[member.dana]\n";
            text.replace(dana, &format!("{dana}identities = {{ slack = \"{DANA}\" }}\n"))
        });
        fs::write(config.join("bot"), "xoxb-bench").expect("the token");
        fs::write(config.join("signing"), SIGNING_SECRET).expect("the secret");
        Self::configured(data, &config)
    }

    fn configured(data: &Path, config: &Path) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let begun = Instant::now();
        // Another binary, to compare two versions on one day.
        let binary = std::env::var("SWITCHBOARD_BINARY").unwrap_or_else(|_| BINARY.to_owned());
        let child = Command::new(binary)
            .args(["run", "--config"])
            .arg(config)
            .args(["--address", &address.to_string(), "--data"])
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .env("SWITCHBOARD_LOG", "warn")
            .spawn()
            .expect("the binary starts");
        let mut server = Self {
            child,
            address,
            started_in: Duration::ZERO,
        };
        loop {
            if server.get("/readyz").is_some_and(|(status, _)| status == 200) {
                server.started_in = begun.elapsed();
                return server;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(120),
                "the server does not become ready"
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    pub fn get(&self, path: &str) -> Option<(u16, String)> {
        let mut connection = Connection::open(self.address).ok()?;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address);
        let answer = connection.ask(request.as_bytes()).ok()?;
        Some((answer.status, String::from_utf8_lossy(&answer.body).into_owned()))
    }

    /// A figure of `/metrics`.
    pub fn figure(&self, name: &str) -> f64 {
        let (_, text) = self.get("/metrics").unwrap_or_default();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
        line.unwrap_or(f64::NAN)
    }

    /// Waits until every card is where it belongs; none when the time was not enough.
    pub fn rest(&self, most: Duration) -> Option<Duration> {
        let begun = Instant::now();
        while self.figure("switchboard_errands_waiting") != 0.0 {
            if begun.elapsed() > most {
                return None;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Some(begun.elapsed())
    }

    /// Processor seconds used so far.
    pub fn processor(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        let field = |number: usize| {
            after_name
                .split_whitespace()
                .nth(number)
                .and_then(|text| text.parse::<f64>().ok())
        };
        (field(11).unwrap_or(0.0) + field(12).unwrap_or(0.0)) / TICKS
    }

    /// Resident memory now, and the most it ever was, in megabytes.
    pub fn memory(&self) -> (f64, f64) {
        memory_of(self.child.id())
    }

    /// SIGTERM, and waits for the ordered end.
    pub fn stop(mut self) -> Duration {
        let begun = Instant::now();
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
        begun.elapsed()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A process's resident memory now, and the most it ever was, in megabytes.
pub fn memory_of(process: u32) -> (f64, f64) {
    let status = fs::read_to_string(format!("/proc/{}/status", process)).unwrap_or_default();
    let megabytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace()
            .next()?
            .parse::<f64>()
            .ok()
            .map(|kilobytes| kilobytes / 1_024.0)
    };
    (
        megabytes("VmRSS:").unwrap_or(0.0),
        megabytes("VmHWM:").unwrap_or(0.0),
    )
}

fn configuration(data: &Path) -> PathBuf {
    let config = data.join("config");
    fs::create_dir_all(&config).expect("a folder for the configuration");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo");
    for name in ["departments.toml", "members.toml", "routes.toml"] {
        fs::copy(sample.join(name), config.join(name)).expect("the sample company");
    }
    fs::write(config.join("secret"), SECRET).expect("the secret");
    let main = "[company]\nname = \"Larkspur Home\"\nzone = \"Europe/London\"\naccounts = [\"@larkspurhome\"]\nadmins = [\"amara\"]\n\
        [[connector]]\nkind = \"webhook\"\nname = \"bench\"\n\
        scheme = { kind = \"hmac\", header = \"X-Signature\", prefix = \"sha256=\", secrets = [{ file = \"secret\" }] }\n";
    fs::write(config.join("switchboard.toml"), main).expect("the configuration");
    config
}
