//! The test server is itself tried: what it must refuse, it refuses; what it must do once, it does once.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::server::{APPLICATION, Fault, GUILD, Pace, Press, Server, Signer, TOKEN, Who};
use crate::still::Still;

const SUPPORT: u64 = 1_106_298_301_283_012_700;
const DANA: u64 = 1_106_298_301_283_012_800;

struct Try {
    server: Server,
    clock: Still,
    http: reqwest::Client,
}

impl Try {
    async fn new() -> Self {
        let clock = Still::at("2026-11-24T09:00:00Z");
        let server = Server::start(clock.clock()).await;
        server.add_text_channel(SUPPORT, "support");
        Self {
            server,
            clock,
            http: reqwest::Client::new(),
        }
    }

    fn pass(&self, length: SignedDuration) {
        self.clock.pass(length);
    }

    async fn ask(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/api/v10{path}", self.server.api_url);
        let request = self
            .http
            .request(method.parse().expect("a method"), url)
            .header("authorization", format!("Bot {TOKEN}"))
            .header("user-agent", "DiscordBot (https://example.com, 1)")
            .header("content-type", "application/json")
            .body(body.to_string());
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let body = response.bytes().await.expect("a whole answer");
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    async fn post(&self, body: Value) -> (u16, Value) {
        self.ask("POST", &format!("/channels/{SUPPORT}/messages"), body)
            .await
    }
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

#[tokio::test]
async fn a_nonce_posts_once_for_some_minutes() {
    let it = Try::new().await;
    let body = json!({ "content": "hello", "nonce": "n1", "enforce_nonce": true });
    let (_, first) = it.post(body.clone()).await;
    let (_, again) = it.post(body.clone()).await;
    assert_eq!(first["id"], again["id"]);
    it.server.fail_next("POST", "/messages", [Fault::CutAfter]);
    let cut = it.http.post(format!(
        "{}/api/v10/channels/{SUPPORT}/messages",
        it.server.api_url
    ));
    let cut = cut
        .header("authorization", format!("Bot {TOKEN}"))
        .header("user-agent", "DiscordBot (x)");
    assert!(cut.body(body.to_string()).send().await.is_err());
    assert_eq!(it.server.messages(SUPPORT).len(), 1);
    it.pass(minutes(4));
    it.post(body.clone()).await;
    assert_eq!(it.server.messages(SUPPORT).len(), 2);
    let newest = it.server.messages(SUPPORT).remove(1);
    it.server.delete_by_hand(newest["id"].as_str().expect("an id"));
    assert_eq!(it.post(body).await.1["code"], 10008);
}

#[tokio::test]
async fn forms_that_do_not_fit_are_refused_with_their_path() {
    let it = Try::new().await;
    let long = |length: usize| "x".repeat(length);
    let button = |id: &str| json!({ "type": 2, "style": 1, "label": "Claim", "custom_id": id });
    let rows = |parts: Value| json!([{ "type": 1, "components": parts }]);
    let refused: &[(Value, &str)] = &[
        (json!({ "content": long(2001) }), "/errors/content"),
        (
            json!({ "embeds": [{ "title": long(257) }] }),
            "/errors/embeds/0/title",
        ),
        (
            json!({ "embeds": [{ "fields": [{ "name": "a", "value": "" }] }] }),
            "/errors/embeds/0/fields/0/value",
        ),
        (
            json!({ "embeds": [{ "description": long(4000) }, { "description": long(2001) }] }),
            "/errors/embeds",
        ),
        (json!({ "content": "x", "nonce": long(26) }), "/errors/nonce"),
        (
            json!({ "content": "x", "components": rows(json!([button("a"), button("a")])) }),
            "/errors/components/0/components/1/custom_id",
        ),
        (
            json!({ "content": "x", "components": rows(json!([button(&long(101))])) }),
            "/errors/components/0/components/0/custom_id",
        ),
    ];
    for (body, path) in refused {
        let (status, error) = it.post(body.clone()).await;
        assert_eq!((status, error["code"].as_u64()), (400, Some(50035)), "{path}");
        assert!(
            error.pointer(path).is_some_and(|at| at["_errors"].is_array()),
            "{path}: {error}"
        );
    }
    assert_eq!(it.post(json!({ "content": " " })).await.1["code"], 50006);
    let fits = json!({ "content": long(2000), "embeds": [{ "description": long(4000) }, { "description": long(2000) }],
                       "components": rows(json!([button(&long(100))])) });
    assert_eq!(it.post(fits).await.0, 200);
}

#[tokio::test]
async fn an_interaction_is_answered_once_within_three_seconds() {
    let it = Try::new().await;
    let dana = Who::new(DANA, "Dana Okafor", &[]);
    let slash = || Press::Slash {
        command: "claim".into(),
        options: json!([]),
    };
    let answer = json!({ "type": 4, "data": { "content": "done", "flags": 64 } });
    let late = it.server.interact(&dana, SUPPORT, slash());
    it.pass(SignedDuration::from_millis(3001));
    let callback = |interaction: &Value| {
        let field = |name: &str| interaction[name].as_str().expect("text").to_owned();
        format!("/interactions/{}/{}/callback", field("id"), field("token"))
    };
    assert_eq!(
        it.ask("POST", &callback(&late), answer.clone()).await.1["code"],
        10062
    );
    let prompt = it.server.interact(&dana, SUPPORT, slash());
    assert_eq!(it.ask("POST", &callback(&prompt), answer.clone()).await.0, 204);
    assert_eq!(it.ask("POST", &callback(&prompt), answer).await.1["code"], 40060);
    let token = prompt["token"].as_str().expect("a token");
    let original = format!("/webhooks/{APPLICATION}/{token}/messages/@original");
    assert_eq!(
        it.ask("PATCH", &original, json!({ "content": "really" })).await.0,
        200
    );
    assert_eq!(it.server.told(&prompt)[0]["content"], "really");
    assert!(it.server.messages(SUPPORT).is_empty(), "only Dana sees it");
    it.pass(minutes(16));
    assert_eq!(
        it.ask("PATCH", &original, json!({ "content": "late" })).await.1["code"],
        50027
    );
}

#[tokio::test]
async fn pace_permissions_and_pings_are_watched() {
    let it = Try::new().await;
    it.server.set_pace(Some(Pace {
        requests: 2,
        each: SignedDuration::from_secs(5),
    }));
    for expected in [200, 200, 429] {
        assert_eq!(it.post(json!({ "content": "x" })).await.0, expected);
    }
    it.pass(SignedDuration::from_secs(5));
    assert_eq!(it.post(json!({ "content": "@everyone <@&1>" })).await.0, 200);
    assert_eq!(it.server.pings(), ["@everyone", "<@&1>"]);
    let quiet = json!({ "content": "@everyone", "allowed_mentions": { "parse": [] } });
    assert_eq!(it.post(quiet).await.0, 200);
    assert_eq!(it.server.pings().len(), 2);
    it.server.set_pace(None);
    it.server.refuse_in(SUPPORT, Some((403, 50013)));
    assert_eq!(it.post(json!({ "content": "x" })).await.1["code"], 50013);
    it.server.delete_channel(SUPPORT);
    assert_eq!(it.post(json!({ "content": "x" })).await.1["code"], 10003);
    it.server.set_token("another");
    assert_eq!(it.post(json!({ "content": "x" })).await.0, 401);
    assert_eq!(it.server.invalid_answers(), 3);
}

#[tokio::test]
async fn serenity_is_understood_and_its_session_is_replayed() {
    use serenity::all::{Context, EventHandler, GatewayIntents, Interaction};
    struct Hears(tokio::sync::mpsc::UnboundedSender<Interaction>);
    #[serenity::async_trait]
    impl EventHandler for Hears {
        async fn interaction_create(&self, _: Context, interaction: Interaction) {
            let _ = self.0.send(interaction);
        }
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let it = Try::new().await;
    let (hears, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let http = serenity::http::HttpBuilder::new(TOKEN)
        .proxy(&it.server.api_url)
        .ratelimiter_disabled(true)
        .build();
    let mut client = serenity::client::ClientBuilder::new_with_http(http, GatewayIntents::empty())
        .event_handler(Hears(hears))
        .await
        .expect("a client");
    let running = tokio::spawn(async move { client.start().await });
    it.server.until_ready().await;
    let dana = Who::new(DANA, "Dana Okafor", &[7]);
    let first = it.post(json!({ "content": "card" })).await.1;
    let message = first["id"].as_str().expect("an id").to_owned();
    let presses = [
        Press::Slash {
            command: "claim".into(),
            options: json!([{ "name": "id", "type": 3, "value": "L-1" }]),
        },
        Press::Typing {
            command: "claim".into(),
            options: json!([{ "name": "id", "type": 3, "value": "L", "focused": true }]),
        },
        Press::Button {
            message: message.clone(),
            custom_id: "claim:L-1".into(),
        },
        Press::Select {
            message: message.clone(),
            custom_id: "assign:L-1".into(),
            values: vec!["lee".into()],
        },
        Press::Modal {
            message: Some(message),
            custom_id: "reply:L-1".into(),
            fields: vec![("text".into(), "Hello".into())],
        },
    ];
    for press in presses {
        it.server
            .dispatch("INTERACTION_CREATE", it.server.interact(&dana, SUPPORT, press));
        let heard = heard.recv().await.expect("serenity reads it");
        assert_eq!(heard.guild_id().map(|id| id.get()), Some(GUILD));
    }
    it.server.ask_to_reconnect();
    it.server.until(|state| !state.gateway().resumes.is_empty()).await;
    let missed = it.server.interact(
        &dana,
        SUPPORT,
        Press::Slash {
            command: "queue".into(),
            options: json!([]),
        },
    );
    it.server.dispatch("INTERACTION_CREATE", missed);
    heard.recv().await.expect("it is heard after the resume");
    running.abort();
}

#[test]
fn a_signature_is_good_for_its_body_only() {
    let now = Timestamp::UNIX_EPOCH;
    let (signature, timestamp) = Signer::sign(now, b"{}");
    let bytes = |hex: &str| -> Vec<u8> {
        let pairs = (0..hex.len()).step_by(2);
        pairs
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex"))
            .collect()
    };
    let key =
        ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, bytes(&Signer::public_key()));
    let signed = |body: &str| format!("{timestamp}{body}");
    assert!(key.verify(signed("{}").as_bytes(), &bytes(&signature)).is_ok());
    assert!(key.verify(signed("{ }").as_bytes(), &bytes(&signature)).is_err());
}
