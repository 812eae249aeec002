//! People who type into Slack: slash commands, signed by the rules and never the same twice, from a second process; and
//! just enough of Slack to start beside. Like `load`, it must cost next to nothing.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::figures::Latencies;
use super::http::Connection;
use super::options::Options;

pub const SIGNING_SECRET: &str = "0123456789abcdef0123456789abcdef";
pub const TEAM: &str = "T0BENCH";
pub const DANA: &str = "U0DANA";

/// A closed loop: each connection types as soon as it was answered.
#[derive(Clone, Debug)]
pub struct Typing {
    pub command: String,
    pub text: String,
    pub connections: usize,
    pub seconds: u64,
    pub warm_up: u64,
}

pub struct Answered {
    pub per_second: f64,
    pub p50: f64,
    pub p99: f64,
    pub wrong: u64,
    /// One of the answers.
    pub said: String,
}

impl Typing {
    pub fn at(&self, address: SocketAddr) -> Answered {
        let program = std::env::current_exe().expect("this executable has a path");
        let pairs = [
            ("--type-at", address.to_string()),
            ("--command", self.command.clone()),
            ("--text", self.text.clone()),
            ("--connections", self.connections.to_string()),
            ("--seconds", self.seconds.to_string()),
            ("--warm-up", self.warm_up.to_string()),
        ];
        let mut command = Command::new(program);
        for (name, value) in pairs {
            command.args([name, &value]);
        }
        let output = command
            .stderr(Stdio::inherit())
            .output()
            .expect("the sender ends");
        let told: Value = serde_json::from_slice(&output.stdout).expect("the sender tells its figures");
        let number = |name: &str| told[name].as_f64().unwrap_or_default();
        Answered {
            per_second: number("per_second"),
            p50: number("p50"),
            p99: number("p99"),
            wrong: number("wrong") as u64,
            said: told["said"].as_str().unwrap_or_default().to_owned(),
        }
    }
}

/// Runs as the sender if this process was started as one.
pub fn run_if_asked(options: &Options) -> bool {
    let address: String = options.get("type-at", String::new());
    let Ok(address) = address.parse() else {
        return false;
    };
    let typing = Typing {
        command: options.get("command", "/claim".to_owned()),
        text: options.get("text", String::new()),
        connections: options.get("connections", 16),
        seconds: options.get("seconds", 8),
        warm_up: options.get("warm-up", 2),
    };
    println!("{}", send(&typing, address));
    true
}

fn send(typing: &Typing, address: SocketAddr) -> Value {
    let begun = Instant::now();
    let threads: Vec<_> = (0..typing.connections)
        .map(|number| {
            let typing = typing.clone();
            std::thread::spawn(move || one_person(&typing, address, number, begun))
        })
        .collect();
    let (mut latencies, mut wrong, mut said) = (Latencies::default(), 0, String::new());
    for thread in threads {
        let (own, refused, answer) = thread.join().expect("a sender's thread ends");
        latencies.join(own);
        wrong += refused;
        said = answer;
    }
    let counted = (typing.seconds - typing.warm_up) as f64;
    json!({
        "per_second": latencies.len() as f64 / counted, "wrong": wrong, "said": said,
        "p50": latencies.at(0.5), "p99": latencies.at(0.99),
    })
}

fn one_person(
    typing: &Typing,
    address: SocketAddr,
    number: usize,
    begun: Instant,
) -> (Latencies, u64, String) {
    let mut connection = Connection::open(address).expect("the app listens");
    let (mut latencies, mut wrong, mut said) = (Latencies::default(), 0, String::new());
    let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
    for turn in 0_u64.. {
        let request = signed(address, typing, &format!("{since}.{number}.{turn}"));
        let sent = Instant::now();
        if begun.elapsed() >= Duration::from_secs(typing.seconds) {
            break;
        }
        match connection.ask(&request) {
            Ok(answer) if answer.status == 200 && !answer.body.is_empty() => {
                if said.is_empty() {
                    said = String::from_utf8_lossy(&answer.body).into_owned();
                }
            }
            _ => wrong += 1,
        }
        if begun.elapsed() >= Duration::from_secs(typing.warm_up) {
            latencies.add(sent.elapsed());
        }
    }
    (latencies, wrong, said)
}

/// <https://docs.slack.dev/authentication/verifying-requests-from-slack>
fn signed(address: SocketAddr, typing: &Typing, trigger: &str) -> Vec<u8> {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [
        ("team_id", TEAM),
        ("team_domain", "bench"),
        ("channel_id", "C0BENCH"),
        ("channel_name", "bench"),
        ("user_id", DANA),
        ("user_name", "dana"),
        ("command", &typing.command),
        ("text", &typing.text),
        ("api_app_id", "A0BENCH"),
        ("is_enterprise_install", "false"),
        // Nobody listens there: an answer that comes too late for its acknowledgement is lost.
        ("response_url", "http://127.0.0.1:9/late"),
        ("trigger_id", trigger),
    ] {
        form.append_pair(name, value);
    }
    let body = form.finish();
    let seconds = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_secs();
    let mut mac = Hmac::<Sha256>::new_from_slice(SIGNING_SECRET.as_bytes()).expect("a key of any length");
    mac.update(format!("v0:{seconds}:{body}").as_bytes());
    let signature: String = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!(
        "POST /slack/commands HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         X-Slack-Request-Timestamp: {seconds}\r\nX-Slack-Signature: v0={signature}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Says yes to every call of the Web API. Ends with the process.
pub fn yes_man() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer_all(stream));
        }
    });
    address
}

fn answer_all(stream: TcpStream) {
    let mut lines = BufReader::new(&stream);
    let (mut length, mut about_people) = (0, false);
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let line = line.trim_end().to_ascii_lowercase();
        about_people |= line.contains("users.info");
        if let Some(text) = line.strip_prefix("content-length:") {
            length = text.trim().parse().unwrap_or(0);
        }
        if !line.is_empty() {
            continue;
        }
        let mut body = vec![0; std::mem::take(&mut length)];
        if lines.read_exact(&mut body).is_err() {
            return;
        }
        let user = match std::mem::take(&mut about_people) {
            true => json!({ "id": DANA, "team_id": TEAM, "name": "dana", "profile": {} }),
            false => json!("switchboard"),
        };
        let yes = json!({
            "ok": true, "url": "https://bench.slack.example/", "team": "Bench", "team_id": TEAM, "user": user,
            "user_id": "U0BOT", "bot_id": "B0BOT", "channel": "C0BENCH", "ts": "1700000000.000100",
        })
        .to_string();
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{yes}",
            yes.len()
        );
        if (&stream).write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}
