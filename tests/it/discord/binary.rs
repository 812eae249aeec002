//! The real program at a Discord of our own: its configuration is on disk, its clicks come over real sockets, and it ends
//! by signals, as it does in a company.

use std::time::{Duration, Instant};

use serde_json::json;
use switchboard::network::scripted::{public_file, read_public};

use super::house::{SUPPORT, words};
use super::inbound::{Way, dana, inputs, words as told};
use super::server::{Press, TOKEN, Welcome};
use program::{Program, button, id};

mod killed;
mod program;

const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_over_the_gateway() {
    a_day(Way::Gateway).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_over_http() {
    a_day(Way::Http).await;
}

/// From the registration to the goodbye, and the next morning.
async fn a_day(way: Way) {
    // Of the script, the first goes to sales, on the web board, and the second to customer service.
    let program = Program::at_discord(way, 2).await;
    let server = &program.server;
    let (running, client) = program.start().await;
    server.until_asked("PUT", "/commands").await;
    let registered = server.commands("guild").expect("registered").to_string();
    assert!(registered.contains("\"claim\""), "{registered}");

    let body =
        json!([{ "id": "w-1", "text": "The parcel came broken", "author": { "id": "a", "handle": "mara" } }]);
    let (status, answer) = client.hook(&body.to_string()).await.expect("it answers");
    assert_eq!(status, 200, "{answer}");
    let card = server
        .until_message(SUPPORT, |card| words(card).contains("The parcel came broken"))
        .await;
    let answer = program.presses(&client, &card, "Claim").await;
    assert!(
        told(&answer.first["data"]).contains("is yours"),
        "{:#}",
        answer.first
    );
    server
        .until_message(SUPPORT, |now| {
            now["id"] == card["id"] && words(now).contains("Claimed by Dana Okafor")
        })
        .await;

    let card = server
        .until_message(SUPPORT, |card| words(card).contains("my order never arrived"))
        .await;
    program.presses(&client, &card, "Claim").await;
    let card = server
        .until_message(SUPPORT, |now| {
            now["id"] == card["id"] && button(now, "Reply").is_some()
        })
        .await;
    // The guidelines are longer than a window shows, so they are to be read first.
    let read = program.presses(&client, &card, "Reply").await;
    let guidelines = server.told(&read.interaction).remove(0);
    let modal = program.presses(&client, &guidelines, "Open the form").await.first;
    assert_eq!(modal["type"], 9, "{modal:#}");
    let fields = inputs(&modal["data"]).into_iter();
    let sent = Press::Modal {
        message: Some(id(&guidelines)),
        custom_id: modal["data"]["custom_id"].as_str().expect("an id").to_owned(),
        fields: fields
            .map(|(name, _)| (name, "It is on its way.".to_owned()))
            .collect(),
    };
    let answer = program.does(&client, &dana(), sent).await;
    assert!(
        told(&answer.first["data"]).contains("on its way"),
        "{:#}",
        answer.first
    );
    server
        .until_message(SUPPORT, |now| {
            now["id"] == card["id"] && words(now).contains("First answered")
        })
        .await;

    program.ends(running).await;
    let (running, _) = program.start().await;
    server
        .until(|state| state.times_asked("GET", "/commands") == 2)
        .await;
    program.ends(running).await;
    assert_eq!(server.asked("PUT", "/commands").len(), 1, "they had not changed");
    assert_eq!(server.messages(SUPPORT).len(), 2, "no card was posted anew");
    let posts = read_public(&public_file(&program.data)).expect("readable");
    let texts: Vec<_> = posts.iter().map(|post| post.text.as_str()).collect();
    assert_eq!(texts, ["It is on its way."]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_discord_does_not_accept_is_said_in_the_log_once_with_what_to_do() {
    let program = Program::at_discord(Way::Gateway, 0).await;
    program.server.welcome(Welcome::Closed(4004));
    let running = program.runs();
    program
        .server
        .until(|state| state.gateway().identifies.len() == 1)
        .await;
    let begun = Instant::now();
    let said = |log: &str| log.matches("does not accept the bot token").count();
    while said(&program.log()) == 0 && begun.elapsed() < PATIENCE {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let ended = tokio::task::block_in_place(|| running.terminated(PATIENCE));
    let (status, _) = ended.expect("it ends, though it waits to try again");
    let log = program.log();
    assert_eq!(status.code(), Some(0), "{log}");
    assert_eq!(said(&log), 1, "{log}");
    assert!(log.contains("Reset Token"), "what to do: {log}");
    assert!(!log.contains(TOKEN), "{log}");
    assert_eq!(program.server.gateway_counts().1, 1);
}
