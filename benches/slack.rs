//! Signed slash commands answered per second, at 16 connections from a second process: our HTTP door with the real desk
//! behind it, a minimal `@slack/bolt` app and a minimal `slack_bolt` one, one after the other on the same machine.
//!
//! ```text
//! tests/run.sh --no-run        # installs both bolts
//! cargo bench --bench slack
//! cargo bench --bench slack -- --seconds 20 --connections 16
//! ```
//!
//! It uses the whole machine: app and sender share its processors. Figures are in `docs/performance.md`.

mod ground;

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ground::load::Load;
use ground::options::Options;
use ground::server::{self, Server, folder};
use ground::slack::{self, Answered, SIGNING_SECRET, Typing};

fn main() {
    let options = Options::given();
    if slack::run_if_asked(&options) || ground::load::run_if_asked(&options) {
        return;
    }
    let seconds = options.get("seconds", 10);
    let typing = |command: &str, text: &str| Typing {
        command: command.to_owned(),
        text: text.to_owned(),
        connections: options.get("connections", 16),
        seconds,
        warm_up: seconds.min(2),
    };
    let claim = typing("/claim", "L-1");
    println!("| app | command | answered/s | p50 | p99 | memory idle | after |");
    println!("|---|---|---|---|---|---|---|");
    for (name, program, script) in [
        ("`@slack/bolt`", "bin/node", "bolt.mjs"),
        (
            "`slack_bolt`, asynchronous",
            "python/bin/python",
            "slack_bolt_app.py",
        ),
    ] {
        match Bolt::start(program, script) {
            Some(app) => {
                let idle = server::memory_of(app.child.id()).0;
                let answered = claim.at(app.address);
                let after = server::memory_of(app.child.id()).0;
                tell(name, &claim, &answered, idle, after);
            }
            None => println!("| {name} | not installed: tests/run.sh --no-run does it | | | | | |"),
        }
    }
    let data = folder("slack");
    let server = Server::start_on_slack(&data, slack::yes_man());
    let idle = server.memory().0;
    one_lead(&server);
    let mut rows = vec![claim.clone(), typing("/help", ""), typing("/queue", "")];
    if options.get("only-claim", false) {
        rows.truncate(1);
    }
    for typing in rows {
        let answered = typing.at(server.address);
        tell("Switchboard", &typing, &answered, idle, server.memory().0);
    }
    server.stop();
    let _ = std::fs::remove_dir_all(data);
}

/// L-1, by webhook: the command is answered about a real lead.
fn one_lead(server: &Server) {
    let load = Load {
        mentions: 1,
        connections: 1,
        rate: 1,
        seconds: 1,
        warm_up: 0,
    };
    load.carry(server.address);
    server.rest(Duration::from_secs(20)).expect("the card is posted");
}

fn tell(name: &str, typing: &Typing, answered: &Answered, idle: f64, after: f64) {
    println!(
        "| {name} | `{} {}` | {:.0} | {:.1} ms | {:.1} ms | {idle:.0} MB | {after:.0} MB |",
        typing.command, typing.text, answered.per_second, answered.p50, answered.p99
    );
    eprintln!("  {} not answered; one answer: {}", answered.wrong, answered.said);
}

struct Bolt {
    child: Child,
    address: SocketAddr,
}

impl Bolt {
    /// None when it is not installed.
    fn start(program: &str, script: &str) -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let installed = root.join("target/counterparts");
        let program = installed.join(program);
        if !program.exists() {
            return None;
        }
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        drop(listener);
        let child = Command::new(program)
            .arg(root.join("tests/counterparts").join(script))
            .args([&address.port().to_string(), SIGNING_SECRET])
            .current_dir(installed.join("node"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("the app starts");
        let app = Self { child, address };
        let begun = Instant::now();
        while std::net::TcpStream::connect(address).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "{script} does not listen"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(app)
    }
}

impl Drop for Bolt {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
