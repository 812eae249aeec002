//! What it costs to have a past: stores of several sizes, each with some leads open in one channel and the rest resolved,
//! made by the desk itself; then the real server on each.
//!
//! ```text
//! cargo bench --bench scale                                                  # 1,000 and 20,000 leads
//! cargo bench --bench scale -- --leads 1000,100000,1000000 --open 10000     # the long one: half an hour
//! cargo bench --bench scale -- --leads 1000000 --reuse 1                    # on the store of the last run
//! ```
//!
//! A page that is measured was never read before in that process, then is read again (first, then the median of 20).

mod ground;

use std::path::Path;
use std::time::Duration;

use ground::board::Colleague;
use ground::figures::Latencies;
use ground::load::{self, Load};
use ground::options::Options;
use ground::server::{Server, folder};
use ground::stock;

fn main() {
    let options = Options::given();
    if load::run_if_asked(&options) {
        return;
    }
    let seconds = options.get("seconds", 6);
    for leads in options.list("leads", "1000,20000") {
        let open = options.get("open", 10_000).min(leads / 2);
        let name = format!("scale-{leads}");
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(&name);
        let data = if options.get("reuse", 0) == 1 && kept.exists() {
            kept
        } else {
            let data = folder(&name);
            stock::make(&data, leads, open);
            data
        };
        measure(&data, leads, open, seconds);
        if options.get("keep", 0) == 0 && options.get("reuse", 0) == 0 {
            let _ = std::fs::remove_dir_all(data);
        }
    }
}

fn measure(data: &Path, leads: u64, open: u64, seconds: u64) {
    println!("{leads} leads, {open} open");
    let disk = on_disk(data) as f64 / (1 << 20) as f64;
    let server = Server::start(data);
    std::thread::sleep(Duration::from_secs(1));
    let (memory, most) = server.memory();
    println!(
        "  {disk:.0} MB on disk; ready after {:.3} s; {memory:.1} MB of memory (at most {most:.1} so far)",
        server.started_in.as_secs_f64()
    );
    let mut dana = Colleague::sits_down(&server, "dana");
    for (name, path) in [
        ("channel list", "/board/api/channels"),
        ("channel page", "/board/api/channels/support/messages"),
        ("completion", "/board/api/complete?line=/claim%20"),
        ("public list", "/board/api/public"),
        ("one lead", "/board/api/leads/L-1?turns=50"),
        ("its history", "/board/api/leads/L-1/history"),
    ] {
        let (first, median) = twenty(|| dana.read(path).0);
        println!("  {name:<14} first {first:6.1} ms  then {median:6.1} ms");
    }
    for line in [
        "/queue",
        "/mine",
        "/find refund",
        "/find writer1234",
        "/who",
        "/digest support",
    ] {
        let (first, median) = twenty(|| dana.line(line).0);
        println!("  {line:<14} first {first:6.1} ms  then {median:6.1} ms");
    }
    let mut amara = Colleague::sits_down(&server, "amara");
    let claimed = leads - open + 1..=leads - open + (open / 4).min(200);
    let (mut claims, won) = amara.claims(claimed, Duration::from_millis(5));
    println!("  claim          {}  ({won} won)", claims.told());
    if seconds > 0 {
        let used = server.processor();
        let load = Load {
            mentions: 1,
            connections: 32,
            rate: 0,
            seconds,
            warm_up: 1,
        };
        println!("  webhook        {}", load.carry(server.address).told());
        let steady = Load { rate: 2_500, ..load };
        println!("  at 2,500/s     {}", steady.carry(server.address).told());
        let (memory, most) = server.memory();
        println!(
            "  {:.1} processor seconds; {memory:.1} MB of memory (at most {most:.1})",
            server.processor() - used
        );
    }
    println!("  stopped in {:.2} s", server.stop().as_secs_f64());
}

/// The first, and the median of the following, in milliseconds.
fn twenty(mut once: impl FnMut() -> Duration) -> (f64, f64) {
    let first = once().as_secs_f64() * 1_000.0;
    let mut latencies = Latencies::default();
    (0..20).for_each(|_| latencies.add(once()));
    (first, latencies.at(0.5))
}

fn on_disk(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(found) if found.is_dir() => on_disk(&entry.path()),
            Ok(found) => found.len(),
            Err(_) => 0,
        })
        .sum()
}
