//! A full disk under the whole product: webhooks answer 503, people are told, `/readyz` says why, the process lives; and
//! what was acknowledged is there when there is room again.

use std::process::Command;
use std::time::Duration;

use super::house::House;
use super::kill::all_errands_are_run;
use super::ledger::Ledger;
use super::load::Load;
use super::runtime;
use crate::mounted::Mounted;

#[test]
fn a_full_disk_is_said_and_nothing_is_acknowledged_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().join("disk");
    let Some(_mounted) = Mounted::new(&disk, &["-t", "tmpfs", "-o", "size=64m", "none"]) else {
        println!("skipped: this user may not mount a small disk");
        return;
    };
    let data = disk.join("data");
    let house = House::built(folder.path(), &data, 400, 50.0);
    let ledger = Ledger::default();
    let runtime = runtime();
    let (mut open, client) = house.open();
    runtime.block_on(async {
        let load = Load::start(&client, &ledger, 1);
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        assert_eq!(client.get("dana", "/readyz").await.unwrap().0, 200);
        // Somebody else's file takes what is left.
        let filled = Command::new("dd")
            .args(["if=/dev/zero", "bs=64k"])
            .arg(format!("of={}", disk.join("somebody-elses").display()))
            .output();
        assert!(!filled.unwrap().status.success(), "the disk is full now");
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        load.end().await;

        let (status, told) = client
            .hook(r#"{"id":"late","text":"my order never arrived"}"#)
            .await
            .unwrap();
        assert_eq!(status, 503, "{told}");
        assert!(told["error"].as_str().unwrap().contains("try again"), "{told}");
        let (status, told) = client
            .command("helen", "/note L-1 is this kept?", "late")
            .await
            .unwrap();
        assert_eq!(status, 200, "a refusal needs no disk: {told}");
        let (status, told) = client
            .command("amara", "/note L-1 is this kept?", "late")
            .await
            .unwrap();
        assert_eq!(status, 503, "{told}");
        let told = told["error"].as_str().unwrap().to_owned();
        assert!(
            told.contains("Not done") && told.contains("Nothing was lost"),
            "{told}"
        );
        let (status, why) = client.get("dana", "/readyz").await.unwrap();
        assert_eq!(status, 503, "{why}");
        println!("board: {told}\n/readyz: {why}");
        assert!(why.as_str().unwrap().starts_with("not ready: "), "{why}");
        assert_eq!(client.get("dana", "/healthz").await.unwrap().0, 200);
        let (status, _) = client.get("dana", "/board/api/public").await.unwrap();
        assert_eq!(status, 200, "reading goes on");
    });
    assert!(open.still_runs(), "the process lives\n{}", house.logged());
    assert!(ledger.pages().done.len() > 20 && !ledger.pages().not_taken.is_empty());
    std::fs::remove_file(disk.join("somebody-elses")).unwrap();
    runtime.block_on(async {
        let (_, why) = client.get("dana", "/readyz").await.unwrap();
        let (status, told) = client
            .command("amara", "/note L-1 There is room again.", "room")
            .await
            .unwrap();
        // Where the disk filled up in the middle of a write, the store waits for a new start, and says so.
        if why.as_str().unwrap().contains("goes on by itself") {
            assert_eq!(status, 200, "{told}");
            assert_eq!(client.get("dana", "/readyz").await.unwrap().0, 200);
        }
    });
    open.kill();

    let (open, client) = house.open();
    runtime.block_on(async {
        ledger.taken_up_again(&client).await;
        assert_eq!(client.get("dana", "/readyz").await.unwrap().0, 200);
        let load = Load::start(&client, &ledger, 2);
        tokio::time::sleep(Duration::from_millis(500)).await;
        load.end().await;
        all_errands_are_run(&client).await;
    });
    open.kill();
    println!("{:?}", ledger.audit(&data, true));
}
