//! What is written: one comment, at most once, and a refusal in the words of the desk.

use jiff::SignedDuration;
use switchboard::domain::ids::NetworkId;
use switchboard::network::reddit::Settings;
use switchboard::port::delivery_error::DeliveryError;
use switchboard::port::social::{Connector, PublicReply, Published, Reconciled};

use super::server::Fate;
use super::{Stage, comment, start};

fn reply(text: &str) -> PublicReply {
    PublicReply {
        key: "L-1/1".into(),
        network: NetworkId::new("reddit"),
        answers: "t1_mabc123".into(),
        conversation: "t3_1pxyz".into(),
        reply_target: None,
        text: text.into(),
        asked: start(),
    }
}

#[tokio::test]
async fn a_reply_is_a_comment_with_a_permalink() {
    let stage = Stage::new().await;
    let published = stage.reddit.publish(&reply("Yes, we do.")).await.unwrap();
    assert_eq!(published.native_id.as_deref(), Some("t1_own0"));
    assert_eq!(
        published.permalink.as_deref(),
        Some("https://www.reddit.com/r/tea/comments/1pxyz/title/own0/")
    );
    let world = stage.server.world();
    assert_eq!(world.comments[0]["data"]["parent_id"], "t1_mabc123");
    assert_eq!(world.comments[0]["data"]["body"], "Yes, we do.");
}

#[tokio::test]
async fn a_success_that_names_nothing_is_a_success() {
    let stage = Stage::new().await;
    stage.server.world().fate = Fate::PostedUnnamed;
    assert_eq!(
        stage.reddit.publish(&reply("Yes.")).await.unwrap(),
        Published::default()
    );
}

#[tokio::test]
async fn refusals_inside_a_success_are_refusals() {
    let stage = Stage::new().await;
    stage.server.world().fate = Fate::Refused("RATELIMIT", "Take a break for 7 minutes before trying again.");
    let DeliveryError::Wait { wait, why } = stage.reddit.publish(&reply("a")).await.unwrap_err() else {
        panic!("a wait");
    };
    assert_eq!(wait, SignedDuration::from_mins(7));
    assert!(why.contains("too often"), "{why}");
    stage.server.world().fate = Fate::Refused("THREAD_LOCKED", "That thread is locked.");
    assert!(matches!(
        stage.reddit.publish(&reply("a")).await.unwrap_err(),
        DeliveryError::Gone(_)
    ));
    assert!(stage.server.world().comments.is_empty());
}

#[tokio::test]
async fn a_reply_whose_answer_was_lost_is_found_and_not_sent_twice() {
    let stage = Stage::new().await;
    stage.server.world().fate = Fate::PostedAndBroken;
    let asked = reply("Yes, see https://shop.example/ship");
    let error = stage.reddit.publish(&asked).await.unwrap_err();
    assert!(matches!(error, DeliveryError::Uncertain(_)), "{error:?}");
    let Reconciled::Found(found) = stage.reddit.reconcile(&asked).await.unwrap() else {
        panic!("it is there");
    };
    assert_eq!(found.native_id.as_deref(), Some("t1_own0"));
}

#[tokio::test]
async fn absence_is_claimed_only_where_it_is_certain() {
    let stage = Stage::new().await;
    let asked = reply("Yes.");
    let early = stage.reddit.reconcile(&asked).await.unwrap_err();
    assert!(
        matches!(early, DeliveryError::Wait { .. }),
        "own comments show up late: {early:?}"
    );
    stage.later(1);
    // The same words to somebody else are not this reply.
    stage
        .server
        .world()
        .comments
        .push(comment("elsewhere", "demo_shop", "Yes.", -5));
    assert_eq!(stage.reddit.reconcile(&asked).await.unwrap(), Reconciled::Absent);
    {
        let mut world = stage.server.world();
        world.comments = (0..150)
            .map(|index| comment(&format!("o{index}"), "demo_shop", "No.", 60 - index / 10))
            .collect();
    }
    assert!(matches!(
        stage.reddit.reconcile(&asked).await.unwrap(),
        Reconciled::CannotTell(_)
    ));
    let message = PublicReply {
        answers: "t4_m1".into(),
        ..asked
    };
    assert!(matches!(
        stage.reddit.reconcile(&message).await.unwrap(),
        Reconciled::CannotTell(_)
    ));
}

#[test]
fn settings_say_what_is_wrong_with_them() {
    let settings: Settings = toml::from_str(
        "name = \"reddit\"\nclient_id = { env = \"A\" }\nclient_secret = { env = \"B\" }\nrefresh_token = { env = \"C\" }\n\
         user_agent = \"Mozilla\"\nsubreddits = [\"r/tea\"]\nevery_seconds = 1\napi_url = \"ftp://x\"",
    )
    .unwrap();
    let said = settings.problems().join("\n");
    for part in [
        "user_agent: “Mozilla”",
        "subreddits: “r/tea”",
        "keywords: ",
        "every_seconds: 1",
        "api_url: ",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
}
