//! How long a colleague waits for a claim: decided and on disk. At the desk itself, through the board's HTTP interface
//! with nothing else going on, and through it while mentions come in.
//!
//! ```text
//! cargo bench --bench claim
//! cargo bench --bench claim -- --claims 1000 --rate 2500
//! ```

mod ground;

use std::time::{Duration, Instant};

use ground::board::Colleague;
use ground::figures::Latencies;
use ground::load::{self, Load};
use ground::options::Options;
use ground::server::{Server, folder};
use ground::stock;
use jiff::Timestamp;
use switchboard::domain::event::Verb;
use switchboard::store;

fn main() {
    let options = Options::given();
    if load::run_if_asked(&options) {
        return;
    }
    let claims = options.get("claims", 300);
    let rate = options.get("rate", 2_500);
    at_the_desk(claims);
    at_the_board(claims, rate);
}

fn at_the_desk(claims: u64) {
    let data = folder("claim-desk");
    {
        let store = store::open(&data).expect("a new store opens");
        let mut desk = stock::desk(&store);
        let received: Vec<_> = (1..=claims).map(|number| stock::received(number, true)).collect();
        desk.step(&received, Timestamp::now())
            .expect("mentions are taken");
        let mut latencies = Latencies::default();
        for number in 1..=claims {
            let claim = [stock::asked(number, Verb::Claim)];
            let begun = Instant::now();
            desk.step(&claim, Timestamp::now()).expect("a claim is taken");
            latencies.add(begun.elapsed());
        }
        println!("at the desk, one at a time:     {}", latencies.told());
    }
    let _ = std::fs::remove_dir_all(data);
}

fn at_the_board(claims: u64, rate: u64) {
    let data = folder("claim-board");
    let leads = 2 * claims.max(100);
    stock::make(&data, leads, leads);
    let server = Server::start(&data);
    let mut amara = Colleague::sits_down(&server, "amara");
    let (mut latencies, won) = amara.claims(1..=claims, Duration::from_millis(5));
    println!(
        "over HTTP, nothing else:        {}  ({won} of {claims} won)",
        latencies.told()
    );
    if rate > 0 {
        let rest = Duration::from_millis(20);
        let load = Load {
            mentions: 1,
            connections: 32,
            rate,
            seconds: claims / 40 + 4,
            warm_up: 2,
        };
        let sending = load.start(server.address);
        std::thread::sleep(Duration::from_secs(2));
        let (mut latencies, won) = amara.claims(claims + 1..=2 * claims, rest);
        println!(
            "over HTTP, {rate} mentions/s:     {}  ({won} of {claims} won)",
            latencies.told()
        );
        println!("  the mentions meanwhile: {}", sending.wait().told());
    }
    server.stop();
    let _ = std::fs::remove_dir_all(data);
}
