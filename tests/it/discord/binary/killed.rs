//! SIGKILL between the post and its record: Discord has the card, and nobody here knows. Whatever Discord remembers by
//! then, there is one card.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::super::server::{Fault, Server};
use super::*;
use crate::survival::all_errands_are_run;

/// What Discord still knows when the program comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Remembers {
    /// The nonce; its list of messages lags behind, so that looking finds nothing.
    Nonce,
    /// The message; the nonce is forgotten.
    Message,
    /// The post in a forum, which never had a nonce.
    Post,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soon_after_the_nonce_keeps_the_card_from_being_posted_twice() {
    killed_after_the_post(Remembers::Nonce).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn later_the_card_is_looked_for_and_found() {
    killed_after_the_post(Remembers::Message).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_forum_the_post_is_looked_for_and_found() {
    killed_after_the_post(Remembers::Post).await;
}

async fn killed_after_the_post(remembers: Remembers) {
    let program = Program::at_discord(Way::Gateway, 0).await;
    let server = &program.server;
    let channel = match remembers {
        Remembers::Post => {
            server.add_forum(SUPPORT, "support", &["Waiting", "Claimed", "Resolved"]);
            format!("/channels/{SUPPORT}/threads")
        }
        _ => format!("/channels/{SUPPORT}/messages"),
    };
    server.fail_next("POST", &channel, [Fault::HangAfter]);
    let (running, client) = program.start().await;
    let body =
        json!([{ "id": "w-1", "text": "The parcel came broken", "author": { "id": "a", "handle": "mara" } }]);
    let (status, answer) = client.hook(&body.to_string()).await.expect("it answers");
    assert_eq!(status, 200, "{answer}");
    server.until_asked("POST", &channel).await;
    running.kill();
    server.let_go();
    assert_eq!(cards(server).len(), 1, "Discord has it");

    match remembers {
        Remembers::Nonce => server.fail_next("GET", &channel, [Fault::Lags]),
        Remembers::Message | Remembers::Post => program.discord_is_ahead(SignedDuration::from_mins(5)),
    }
    let (running, client) = program.start().await;
    all_errands_are_run(&client).await;
    let posts = server.asked("POST", &channel);
    let nonces: Vec<_> = posts.iter().map(|post| &post.body["nonce"]).collect();
    match remembers {
        Remembers::Nonce => {
            assert_eq!(nonces.len(), 2, "looking found nothing, so it was posted again");
            assert_eq!(nonces[0], nonces[1], "under the same name");
        }
        Remembers::Message | Remembers::Post => {
            assert_eq!(nonces.len(), 1, "it was found, and not posted again")
        }
    }
    let known = cards(server);
    assert_eq!(known.len(), 1, "{known:#?}");

    // And it is the one that we know: a click on it changes it.
    program.presses(&client, &known[0], "Claim").await;
    let room = known[0]["channel_id"].as_str().and_then(|id| id.parse().ok());
    server
        .until_message(room.expect("an id"), |card| {
            words(card).contains("Claimed by Dana Okafor")
        })
        .await;
    assert_eq!(cards(server).len(), 1);
    program.ends(running).await;
}

/// The messages of the channel, or the first of each post where it is a forum.
fn cards(server: &Server) -> Vec<Value> {
    let posts = server.threads_of(SUPPORT).into_iter();
    let posts = posts.filter_map(|(id, _)| server.message(&id.to_string()));
    let posts = posts.filter(|post| post["channel_id"] == post["id"]);
    server.messages(SUPPORT).into_iter().chain(posts).collect()
}
