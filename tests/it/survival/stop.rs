//! The ordered stop: SIGTERM while everybody works. Every request is answered or refused, and what was done stays done.

use std::time::Duration;

use super::house::House;
use super::kill::all_errands_are_run;
use super::ledger::Ledger;
use super::load::Load;
use super::{Dice, runtime, seed};

const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn it_stops_in_order_under_load() {
    let mut dice = Dice(seed());
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let house = House::built(folder.path(), &data, 400, 40.0);
    let ledger = Ledger::default();
    let runtime = runtime();
    for _ in 0..3 {
        // Slow enough that there are always replies under way.
        house.network_fails("{ latency_ms = 200, blind = true }");
        let (open, client) = house.open();
        runtime.block_on(async {
            ledger.taken_up_again(&client).await;
            let load = Load::start(&client, &ledger, dice.below(u64::MAX));
            tokio::time::sleep(Duration::from_millis(800 + dice.below(800))).await;
            let stopped = tokio::task::spawn_blocking(move || open.terminated(2 * PATIENCE));
            let (status, took) = stopped.await.unwrap().expect("it stops by itself");
            load.end().await;
            assert!(status.success(), "{status}\n{}", house.logged());
            assert!(took < PATIENCE, "it took {took:?}");
        });
        let audited = ledger.audit(&data, false);
        println!("{audited:?}");
        assert_eq!(
            audited.uncertain, 0,
            "attempts under way are finished, so that nobody need ask what became of them"
        );
    }
    let (open, client) = house.open();
    runtime.block_on(all_errands_are_run(&client));
    open.kill();
    assert_eq!(ledger.audit(&data, true).uncertain, 0);
}

/// A network that does not answer must not keep the program from stopping; the attempt is looked for after the start.
#[test]
fn an_attempt_that_hangs_does_not_keep_it_from_stopping() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let house = House::built(folder.path(), &data, 400, 200.0);
    let ledger = Ledger::default();
    let runtime = runtime();
    house.network_fails("{ latency_ms = 50000 }");
    let (open, client) = house.open();
    runtime.block_on(async {
        let load = Load::start(&client, &ledger, 1);
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        load.end().await;
    });
    let (status, took) = open.terminated(2 * PATIENCE).expect("it stops by itself");
    assert!(status.success(), "{status}\n{}", house.logged());
    assert!(took < PATIENCE, "it took {took:?}");
    house.network_fails("{}");
    let (open, client) = house.open();
    runtime.block_on(all_errands_are_run(&client));
    open.kill();
    let audited = ledger.audit(&data, true);
    assert!(audited.public > 0 && audited.uncertain == 0, "{audited:?}");
}

/// A sender that never finishes its request gets no answer, and keeps nobody waiting.
#[test]
fn a_request_that_never_ends_does_not_keep_it_from_stopping() {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let house = House::built(folder.path(), &folder.path().join("data"), 1, 1.0);
    let (open, client) = house.open();
    let address = client.address.strip_prefix("http://").unwrap();
    let mut sender = std::net::TcpStream::connect(address).unwrap();
    let signature = "0".repeat(64);
    let head = format!(
        "POST /hooks/tool HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Signature: sha256={signature}\r\nContent-Length: 100\r\n\r\n{{"
    );
    sender.write_all(head.as_bytes()).unwrap();
    // The head has arrived when a later request is answered.
    let alive = runtime().block_on(client.get("dana", "/healthz")).unwrap();
    assert_eq!(alive.0, 200);
    let (status, took) = open.terminated(2 * PATIENCE).expect("it stops by itself");
    assert!(status.success(), "{status}\n{}", house.logged());
    assert!(took < PATIENCE, "it took {took:?}");
}
