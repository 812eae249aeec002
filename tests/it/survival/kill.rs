//! The kill test: SIGKILL at any moment, again and again, on the same folder.

use std::time::{Duration, Instant};

use super::client::Client;
use super::house::House;
use super::ledger::Ledger;
use super::load::Load;
use super::{Dice, runtime, seed, setting};

/// How the network fails, in turn: answers lost, and networks that show nobody what was posted, so that nobody can look.
pub const FAULTS: [&str; 4] = [
    "{ uncertain = 0.3, seed = 7 }",
    "{ uncertain = 0.3, seed = 8, blind = true, latency_ms = 15 }",
    "{ fail_next = 5, uncertain = 0.2, seed = 9, latency_ms = 40 }",
    "{ blind = true, fail_next = 2, latency_ms = 5 }",
];

/// Rounds after which a new folder is begun, so that thousands of them do not measure the size of the store.
const ON_ONE_FOLDER: u64 = 200;

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_said_twice_when_it_is_killed() {
    let seed = seed();
    let mut dice = Dice(seed);
    let mut left = setting("SWITCHBOARD_KILL_ROUNDS", 50);
    while left > 0 {
        let rounds = left.min(ON_ONE_FOLDER);
        killed_again_and_again(rounds, &mut dice);
        left -= rounds;
    }
}

fn killed_again_and_again(rounds: u64, dice: &mut Dice) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let house = House::built(folder.path(), &data, rounds as usize * 60, 25.0);
    let ledger = Ledger::default();
    let runtime = runtime();
    let mut seen = 0;
    for round in 0..rounds {
        house.network_fails(FAULTS[round as usize % FAULTS.len()]);
        if round % 7 == 3 {
            // Killed while it starts, perhaps while it takes up its errands.
            let open = house.start();
            std::thread::sleep(Duration::from_millis(dice.below(400)));
            open.kill();
        }
        let (open, client) = house.open();
        runtime.block_on(async {
            ledger.seen_on_the_board(&client, seen).await;
            seen = ledger.pages().done.len();
            ledger.taken_up_again(&client).await;
            let load = Load::start(&client, &ledger, dice.below(u64::MAX));
            tokio::time::sleep(Duration::from_millis(400 + dice.below(1_100))).await;
            open.kill();
            load.end().await;
        });
        if round % 10 == 9 {
            let audited = ledger.audit(&data, false);
            println!("after {} rounds: {audited:?}", round + 1);
        }
    }
    house.network_fails("{ blind = true }");
    let (open, client) = house.open();
    runtime.block_on(async {
        ledger.taken_up_again(&client).await;
        all_errands_are_run(&client).await;
    });
    open.kill();
    let audited = ledger.audit(&data, true);
    println!("{audited:?}");
    assert!(
        audited.public as u64 > rounds,
        "the test did not test much: {audited:?}"
    );
}

/// Waits until the outbox is empty.
pub async fn all_errands_are_run(client: &Client) {
    let begun = Instant::now();
    loop {
        let waiting = client.figure("switchboard_errands_waiting").await;
        if waiting == Some(0.0) {
            return;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(90),
            "{waiting:?} errands still wait"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
