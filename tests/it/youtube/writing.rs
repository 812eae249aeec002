//! What is written: one answer below the first comment, at most once; and signing a channel in.

use jiff::SignedDuration;
use secrecy::ExposeSecret;
use switchboard::domain::ids::NetworkId;
use switchboard::network::youtube::device::{Device, Outcome};
use switchboard::network::youtube::{SCOPE, Settings};
use switchboard::port::delivery_error::DeliveryError;
use switchboard::port::social::{Connector, PublicReply, Reconciled};

use super::server::{Fate, Server};
use super::{Stage, comment, start};

fn reply(answers: &str, text: &str) -> PublicReply {
    PublicReply {
        key: "L-1/1".into(),
        network: NetworkId::new("youtube"),
        answers: answers.into(),
        conversation: "UgxAAA".into(),
        reply_target: None,
        text: text.into(),
        asked: start(),
    }
}

#[tokio::test]
async fn an_answer_stands_below_the_first_comment_also_when_it_answers_an_answer() {
    let stage = Stage::new().await;
    for answers in ["UgxAAA", "UgxAAA.9bcd"] {
        let published = stage
            .youtube
            .publish(&reply(answers, "In our shop."))
            .await
            .unwrap();
        assert_eq!(published.native_id.as_deref(), Some("UgxAAA.own"));
        assert_eq!(
            published.permalink.as_deref(),
            Some("https://www.youtube.com/watch?v=vid123&lc=UgxAAA.own")
        );
    }
}

#[tokio::test]
async fn refusals_keep_their_meaning() {
    let stage = Stage::new().await;
    use DeliveryError::{Blocked, Gone, Permanent, Transient, Uncertain, Wait};
    let meet = async |status, reason| {
        stage.server.world().fate = Fate::Refused(status, reason);
        stage.youtube.publish(&reply("UgxAAA", "a")).await.unwrap_err()
    };
    assert!(matches!(meet(403, "commentsDisabled").await, Permanent(_)));
    assert!(matches!(meet(403, "insufficientPermissions").await, Blocked(_)));
    assert!(matches!(meet(404, "parentCommentNotFound").await, Gone(_)));
    assert!(matches!(meet(400, "processingFailure").await, Uncertain(_)));
    assert!(matches!(meet(503, "backendError").await, Uncertain(_)));
    assert!(matches!(meet(403, "rateLimitExceeded").await, Wait { .. }));
    stage.later(5);
    assert!(
        matches!(meet(401, "authError").await, Transient(_)),
        "the next call has a new token"
    );
    assert!(
        matches!(meet(401, "authError").await, Blocked(_)),
        "a new one is refused too"
    );
    stage.later(5);
    let gone = meet(403, "quotaExceeded").await;
    assert!(
        matches!(gone, Wait { wait, .. } if wait > SignedDuration::from_hours(19)),
        "{gone:?}"
    );
}

#[tokio::test]
async fn an_answer_that_was_lost_is_found_and_absence_is_claimed_only_when_certain() {
    let stage = Stage::new().await;
    stage.server.world().fate = Fate::PostedAndBroken;
    let lost = reply("UgxAAA", "See https://shop.example/x");
    let error = stage.youtube.publish(&lost).await.unwrap_err();
    assert!(matches!(error, DeliveryError::Uncertain(_)), "{error:?}");
    assert!(
        matches!(stage.youtube.reconcile(&lost).await.unwrap(), Reconciled::Found(found) if found.native_id.as_deref() == Some("UgxAAA.own"))
    );
    let other = reply("UgxBBB", "Hello");
    stage
        .server
        .world()
        .replies
        .insert("UgxBBB".into(), vec![comment("UgxBBB.1", "kim", "Hello", 0)]);
    let early = stage.youtube.reconcile(&other).await.unwrap_err();
    assert!(
        matches!(early, DeliveryError::Wait { .. }),
        "comments show up late: {early:?}"
    );
    stage.later(6);
    assert_eq!(
        stage.youtube.reconcile(&other).await.unwrap(),
        Reconciled::Absent,
        "somebody else said it"
    );
}

#[tokio::test]
async fn a_channel_signs_in_on_another_screen() {
    let (server, address) = Server::start().await;
    let device = Device::new(&address, "app-id".into(), "app-secret".to_owned().into()).unwrap();
    let started = device.start(SCOPE).await.unwrap();
    assert_eq!(
        (started.page.as_str(), started.code.as_str()),
        ("https://www.google.com/device", "GQVQ-JKEC")
    );
    server.world().device_answers = vec!["authorization_pending", "slow_down", "granted", "access_denied"];
    assert!(matches!(device.ask(&started).await.unwrap(), Outcome::Pending));
    assert!(matches!(device.ask(&started).await.unwrap(), Outcome::Slower));
    let Outcome::Granted(token) = device.ask(&started).await.unwrap() else {
        panic!("granted")
    };
    assert_eq!(token.expose_secret(), "refresh-me");
    assert!(device.ask(&started).await.is_err());
}

#[test]
fn settings_say_what_is_wrong_with_them() {
    let settings: Settings = toml::from_str(
        "name = \"youtube\"\nclient_id = { env = \"A\" }\nclient_secret = { env = \"B\" }\nrefresh_token = { env = \"C\" }\n\
         channel = \"@demo\"\nevery_seconds = 1\ndaily_units = 1\nauth_url = \"x\"",
    )
    .unwrap();
    let said = settings.problems().join("\n");
    for part in [
        "channel: “@demo”",
        "every_seconds: 1",
        "daily_units: 1",
        "auth_url: ",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
}
