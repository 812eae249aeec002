//! The sender: this same executable run once more with `--load`, so that what it costs is not the server's.
//!
//! With a rate it is an open loop: request number n is due at its moment, whatever became of those before, and its
//! latency counts from that moment (no coordinated omission). Without a rate every connection sends as soon as it has
//! been answered: that is the most the server takes.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::figures::Latencies;
use super::http::Connection;
use super::options::Options;
use super::writers::Writers;

#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Mentions in one body.
    pub mentions: usize,
    pub connections: usize,
    /// Mentions per second; 0 for as many as go.
    pub rate: u64,
    pub seconds: u64,
    /// Requests before this many seconds are not counted.
    pub warm_up: u64,
}

pub struct Carried {
    /// All that were taken, those of the warm-up too.
    pub mentions: f64,
    pub mentions_per_second: f64,
    pub refused: u64,
    pub p50: f64,
    pub p99: f64,
    pub p999: f64,
    pub most: f64,
}

impl Carried {
    pub fn told(&self) -> String {
        format!(
            "{:>7.0} mentions/s  p50 {:.1} ms  p99 {:.1} ms  p99.9 {:.1} ms  max {:.0} ms  refused {}",
            self.mentions_per_second, self.p50, self.p99, self.p999, self.most, self.refused
        )
    }
}

impl Load {
    /// Starts the second process; `wait` for what it carried.
    pub fn start(self, address: SocketAddr) -> Sending {
        let program = std::env::current_exe().expect("this executable has a path");
        let pairs = [
            ("--load", address.to_string()),
            ("--mentions", self.mentions.to_string()),
            ("--connections", self.connections.to_string()),
            ("--rate", self.rate.to_string()),
            ("--seconds", self.seconds.to_string()),
            ("--warm-up", self.warm_up.to_string()),
        ];
        let mut command = Command::new(program);
        for (name, value) in pairs {
            command.args([name, &value]);
        }
        let child = command
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("the sender starts");
        Sending(child)
    }

    pub fn carry(self, address: SocketAddr) -> Carried {
        self.start(address).wait()
    }
}

pub struct Sending(std::process::Child);

impl Sending {
    pub fn wait(self) -> Carried {
        let output = self.0.wait_with_output().expect("the sender ends");
        let told: Value = serde_json::from_slice(&output.stdout).expect("the sender tells its figures");
        let number = |name: &str| told[name].as_f64().unwrap_or_default();
        Carried {
            mentions: number("mentions"),
            mentions_per_second: number("mentions_per_second"),
            refused: number("refused") as u64,
            p50: number("p50"),
            p99: number("p99"),
            p999: number("p999"),
            most: number("most"),
        }
    }
}

/// Runs as the sender if this process was started as one.
pub fn run_if_asked(options: &Options) -> bool {
    let address: String = options.get("load", String::new());
    let Ok(address) = address.parse() else {
        return false;
    };
    let load = Load {
        mentions: options.get("mentions", 1),
        connections: options.get("connections", 32),
        rate: options.get("rate", 0),
        seconds: options.get("seconds", 10),
        warm_up: options.get("warm-up", 0),
    };
    println!("{}", send(load, address));
    true
}

fn send(load: Load, address: SocketAddr) -> Value {
    let begun = Instant::now();
    let turn = Arc::new(AtomicU64::new(0));
    let threads: Vec<_> = (0..load.connections)
        .map(|number| {
            let turn = Arc::clone(&turn);
            std::thread::Builder::new()
                .stack_size(256 * 1024)
                .spawn(move || one_connection(load, address, number, begun, &turn))
                .expect("a thread starts")
        })
        .collect();
    let mut latencies = Latencies::default();
    let mut refused = 0;
    let mut last = Duration::ZERO;
    for thread in threads {
        let (own, not_taken, ended) = thread.join().expect("a sender's thread ends");
        latencies.join(own);
        refused += not_taken;
        last = last.max(ended);
    }
    let all = turn.load(Ordering::Relaxed) * load.mentions as u64;
    let counted = (latencies.len() * load.mentions) as f64;
    let time = last
        .saturating_sub(Duration::from_secs(load.warm_up))
        .as_secs_f64();
    let [p50, p99, p999, most] = [0.5, 0.99, 0.999, 1.0].map(|share| latencies.at(share));
    json!({
        "mentions": all, "mentions_per_second": counted / time, "refused": refused,
        "p50": p50, "p99": p99, "p999": p999, "most": most,
    })
}

fn one_connection(
    load: Load,
    address: SocketAddr,
    number: usize,
    begun: Instant,
    turn: &AtomicU64,
) -> (Latencies, u64, Duration) {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_millis() % 1_000_000_000;
    let mut writers = Writers::new(&format!("w{since}-{number}"));
    let mut connection = Connection::open(address).expect("the server listens");
    let mut latencies = Latencies::default();
    let mut refused = 0;
    let every = match load.rate {
        0 => None,
        rate => Some(Duration::from_secs_f64(load.mentions as f64 / rate as f64)),
    };
    let (warm, end) = (
        Duration::from_secs(load.warm_up),
        Duration::from_secs(load.seconds),
    );
    loop {
        let request = writers.request(load.mentions);
        let due = match every {
            None => {
                turn.fetch_add(1, Ordering::Relaxed);
                begun.elapsed()
            }
            Some(every) => every.mul_f64(turn.fetch_add(1, Ordering::Relaxed) as f64),
        };
        if due >= end {
            return (latencies, refused, begun.elapsed());
        }
        std::thread::sleep(due.saturating_sub(begun.elapsed()));
        match connection.ask(&request) {
            Ok(answer) if answer.status == 200 => {}
            Ok(_) => refused += 1,
            Err(_) => {
                refused += 1;
                connection = Connection::open(address).expect("the server listens");
            }
        }
        if due >= warm {
            latencies.add(begun.elapsed().saturating_sub(due));
        }
    }
}
