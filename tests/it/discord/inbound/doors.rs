//! The door over HTTP: who is let in, and who is not.

use serde_json::{Value, json};
use switchboard::domain::lead::State;
use switchboard::port::front_desk::FrontDesk;

use super::*;
use crate::counterparts::{installed, python};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_signer_signed_that_no_one_here_wrote_is_believed_and_nothing_else() {
    let Some(program) = installed("SWITCHBOARD_PYTHON") else {
        return;
    };
    let mut house = House::open(Way::Http).await;
    let lead = house.story.question().await;
    let press = Press::Slash {
        command: "claim".to_owned(),
        options: json!([option("lead", &lead.to_string())]),
    };
    let interaction = house.server.interact(&dana(), SUPPORT, press);
    let (ping, claim) = (house.server.ping().to_string(), interaction.to_string());
    let by_another = claim.replace(&DANA.to_string(), &LEE.to_string());
    let now = house.story.front.now().as_second();
    let deliver = |signed: &str, sent: &str, seconds: i64| json!({ "signed": signed, "sent": sent, "seconds": seconds });
    let given = json!({ "seed": "07".repeat(32), "url": house.address, "deliveries": [
        deliver(&ping, &ping, now),
        deliver(&claim, &by_another, now),
        deliver(&claim, &claim, now - 301),
        deliver(&claim, &claim, now),
    ] });
    let told = tokio::task::spawn_blocking(move || python(&program, "discord_client.py", &given));
    let told = told.await.expect("Python ends");
    assert_eq!(told["public_key"], Signer::public_key(), "both know the key");
    let answers = told["answers"].as_array().expect("answers");
    let status: Vec<_> = answers.iter().map(|answer| answer["status"].clone()).collect();
    assert_eq!(status, [200, 401, 401, 200]);
    assert_eq!(answers[0]["body"], json!({ "type": 1 }));
    let taken = house.server.answered_over_http(&interaction, &answers[3]["body"]);
    taken.expect("Discord takes the answer");
    assert_eq!(words(&answers[3]["body"]["data"]), format!("{lead} is yours."));
    assert_eq!(house.story.lead(lead).owner(), Some(&"dana".into()));
}

#[tokio::test]
async fn discord_tries_the_address_and_finds_us() {
    let house = House::open(Way::Http).await;
    let (body, headers) = Signer::signed(house.story.front.now(), &house.server.ping());
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let response = {
        let mut request = house.http.post(&house.address).body(body);
        for (name, value) in &headers {
            request = request.header(*name, *value);
        }
        request.send().await.expect("an answer")
    };
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.text().await.expect("whole"), r#"{"type":1}"#);
}

#[tokio::test]
async fn what_discord_did_not_sign_just_now_is_turned_away_unread() {
    let mut house = House::open(Way::Http).await;
    let lead = house.story.question().await;
    let message = house.message().await;
    let custom_id = format!("do|claim|{lead}");
    let interaction = house
        .server
        .interact(&dana(), SUPPORT, Press::Button { message, custom_id });
    let now = house.story.front.now();
    let body = serde_json::to_vec(&interaction).expect("JSON");
    let (good, stamp) = Signer::sign(now, &body);
    let other = Signer::sign(now, b"something else").0;
    let minute = |minutes: i64| {
        now.checked_add(jiff::SignedDuration::from_mins(minutes))
            .expect("a moment")
    };
    let (stale, stale_stamp) = Signer::sign(minute(-6), &body);
    let (early, early_stamp) = Signer::sign(minute(6), &body);
    for (signature, timestamp) in [
        (Some(other.as_str()), Some(stamp.as_str())),
        (Some("00"), Some(&stamp)),
        (Some(""), Some(&stamp)),
        (Some(&good), Some("")),
        (Some(&good), Some("1")),
        (Some(&good), None),
        (None, Some(&stamp)),
        (None, None),
        (Some(&stale), Some(&stale_stamp)),
        (Some(&early), Some(&early_stamp)),
    ] {
        let headers: Vec<(&str, &str)> = [
            ("x-signature-ed25519", signature),
            ("x-signature-timestamp", timestamp),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
        let (status, _) = house.post_raw(body.clone(), &headers).await;
        assert_eq!(status, 401, "{headers:?}");
    }
    assert_eq!(
        house.story.lead(lead).state(),
        State::Waiting,
        "nobody has claimed it"
    );

    // The same, signed.
    let (status, _) = house.post(&interaction).await;
    assert_eq!(status, 200);
    assert_eq!(house.story.lead(lead).owner(), Some(&"dana".into()));
}

#[tokio::test]
async fn a_request_that_was_caught_and_is_sent_again_changes_nothing() {
    let mut house = House::open(Way::Http).await;
    let lead = house.story.question().await;
    let message = house.message().await;
    let custom_id = format!("do|claim|{lead}");
    let interaction = house
        .server
        .interact(&dana(), SUPPORT, Press::Button { message, custom_id });
    assert_eq!(house.post(&interaction).await.0, 200);
    house.story.click("dana", "release", lead).await;
    let before = house.story.history(lead);
    assert_eq!(house.post(&interaction).await.0, 409);
    assert_eq!(house.story.history(lead), before);
}

#[tokio::test]
async fn what_is_signed_and_still_no_interaction_is_told_so() {
    let house = House::open(Way::Http).await;
    for value in [
        json!(null),
        json!([]),
        json!({ "type": "2" }),
        json!({ "id": "5" }),
    ] {
        assert_eq!(house.post(&value).await.0, 400, "{value}");
    }
    let huge = json!({ "id": "5", "type": 2, "data": "x".repeat(600 * 1024) });
    assert_eq!(house.post(&huge).await.0, 413);
    let unheard_of: Value = json!({ "id": "6", "type": 77, "token": "t", "guild_id": GUILD.to_string(),
        "member": { "user": { "id": DANA.to_string() }, "roles": [] } });
    let (status, body) = house.post(&unheard_of).await;
    assert_eq!((status, &body["type"]), (200, &json!(4)));
    assert!(words(&body["data"]).contains("not known here"), "{body}");
}
