//! Bluesky against a server of our own that speaks as the recorded official one does.

mod jetstream;
mod reading;
mod recordings;
mod replying;
mod server;

use std::sync::Arc;

use jiff::Timestamp;
use switchboard::network::bluesky::{Bluesky, Settings};
use switchboard::port::social::Connector;

use server::Server;

pub const NOON: &str = "2026-11-24T12:00:00Z";

/// The account on this server, as a file of configuration names it.
pub fn account_with(server: &Server, password: &str) -> Arc<Bluesky> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("key"), password).unwrap();
    let settings = format!(
        "name = \"sky\"\nhandle = \"@larkspur.test\"\napp_password = {{ file = \"key\" }}\nserver = \"{}/\"",
        server.address
    );
    let settings: Settings = toml::from_str(&settings).unwrap();
    let now: Timestamp = NOON.parse().unwrap();
    Arc::new(Bluesky::open(&settings, folder.path(), Arc::new(move || now)).unwrap())
}

pub fn account(server: &Server) -> Arc<Bluesky> {
    account_with(server, server::PASSWORD)
}

#[tokio::test]
async fn check_says_who_we_are_or_why_not() {
    let server = Server::start().await;
    let said: Vec<_> = account(&server)
        .check()
        .await
        .into_iter()
        .map(|found| found.what)
        .collect();
    assert_eq!(
        said,
        [
            format!("signed in as @larkspur.test (did:plc:own) at {}", server.address),
            "notifications can be read".to_owned()
        ],
        "it stays on this machine, whatever the identity says"
    );
    let wrong = account_with(&server, "hunter2-hunter2").check().await;
    assert!(wrong[0].what.contains("the app password is wrong"), "{wrong:?}");
    assert!(!format!("{wrong:?}").contains("hunter2"));
    let nobody = server.moved("http://127.0.0.1:1");
    assert!(
        account(&nobody).check().await[0]
            .what
            .contains("cannot be reached")
    );
}

#[test]
fn every_mistake_in_the_settings_is_named() {
    for (handle, server, expected) in [
        (
            "larkspur",
            "https://bsky.social",
            "handle: “larkspur” is no handle",
        ),
        (
            "a.example",
            "http://bsky.social",
            "server: the address begins with https://",
        ),
        (
            "a.example",
            "https://me:pw@pds.example",
            "server: the address is only",
        ),
        (
            "a.example",
            "https://pds.example/xrpc",
            "server: the address is only",
        ),
    ] {
        let text = format!(
            "name = \"sky\"\nhandle = \"{handle}\"\napp_password = {{ env = \"X\" }}\nserver = \"{server}\"\npoll_every = \"1s\""
        );
        let problems = toml::from_str::<Settings>(&text).unwrap().problems();
        assert!(problems[0].starts_with(expected), "{problems:?}");
        assert!(problems[1].starts_with("poll_every: "), "{problems:?}");
    }
}
