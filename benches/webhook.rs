//! What the real server takes by signed webhook, from a second process on the same machine: the most it takes, and
//! latencies at a steady rate. Every answer counted comes after the flush that holds its mentions.
//!
//! ```text
//! cargo bench --bench webhook
//! cargo bench --bench webhook -- --seconds 60 --mentions 1,10,50 --connections 32 --rate 2500
//! ```
//!
//! It uses the whole machine: server and sender share its processors. Figures are in `docs/performance.md`.

mod ground;

use std::time::{Duration, Instant};

use ground::load::{self, Load};
use ground::options::Options;
use ground::server::{Server, folder};

fn main() {
    let options = Options::given();
    if load::run_if_asked(&options) {
        return;
    }
    let seconds = options.get("seconds", 8);
    let connections = options.get("connections", 32);
    let rate = options.get("rate", 2_500);
    let drain = options.get("drain", 20);
    for mentions in options.list("mentions", "1,10,50") {
        for rate in [0, rate] {
            let load = Load {
                mentions,
                connections,
                rate,
                seconds,
                warm_up: seconds.min(2),
            };
            measure(load, drain);
        }
    }
}

fn measure(load: Load, drain: u64) {
    let data = folder("webhook");
    let server = Server::start(&data);
    let kind = match load.rate {
        0 => "as many as go".to_owned(),
        rate => format!("{rate}/s steadily"),
    };
    eprintln!(
        "{} mentions a body, {} connections, {kind}",
        load.mentions, load.connections
    );
    let (begun, used) = (Instant::now(), server.processor());
    let carried = load.carry(server.address);
    let time = begun.elapsed().as_secs_f64();
    let (memory, most) = server.memory();
    println!("  {}", carried.told());
    let waiting = server.figure("switchboard_errands_waiting");
    let drained = match server.rest(Duration::from_secs(drain)) {
        Some(took) => format!("{:.1} s", took.as_secs_f64()),
        None => format!(
            "not in {drain} s ({} left)",
            server.figure("switchboard_errands_waiting")
        ),
    };
    let used = server.processor() - used;
    println!(
        "  server: {:.2} processors, {:.0} µs of one for a mention and its card, {memory:.0} MB (at most {most:.0}); \
         cards waiting at the end {waiting}, posted in {drained}",
        used / time,
        used / carried.mentions.max(1.0) * 1e6
    );
    server.stop();
    let _ = std::fs::remove_dir_all(data);
}
