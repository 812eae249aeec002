//! The test server keeps Slack's rules itself: a test that passes against it means something.

use futures::{SinkExt, StreamExt};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::server::{APP_TOKEN, BOT_TOKEN, Fault, SlackServer};
use crate::still::Still;

struct Bench {
    slack: SlackServer,
    clock: Still,
}

impl Bench {
    async fn new() -> Self {
        let clock = Still::at("2026-11-24T09:00:00Z");
        let slack = SlackServer::larkspur(clock.clock()).await;
        Self { slack, clock }
    }

    fn pass(&self, seconds: i64) {
        self.clock.pass(SignedDuration::from_secs(seconds));
    }

    async fn call(&self, method: &str, body: Value) -> Value {
        read(self.send(method, body, BOT_TOKEN).await).await
    }

    async fn read(&self, method: &str, query: &[(&str, &str)]) -> Value {
        let request = reqwest::Client::new().get(format!("{}/{method}", self.slack.api_url()));
        let answer = request.bearer_auth(BOT_TOKEN).query(query).send().await.unwrap();
        read(answer).await
    }

    async fn send(&self, method: &str, body: Value, token: &str) -> reqwest::Response {
        let request = reqwest::Client::new().post(format!("{}/{method}", self.slack.api_url()));
        let request = request.header("content-type", "application/json; charset=utf-8");
        request
            .bearer_auth(token)
            .body(body.to_string())
            .send()
            .await
            .unwrap()
    }

    async fn code(&self, method: &str, body: Value) -> String {
        self.call(method, body).await["error"]
            .as_str()
            .unwrap_or("ok")
            .to_owned()
    }
}

async fn read(answer: reqwest::Response) -> Value {
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}

fn section(text: &str) -> Value {
    json!({"type": "section", "text": {"type": "plain_text", "text": text}})
}

fn many(block: &Value, count: usize) -> Vec<Value> {
    std::iter::repeat_n(block.clone(), count).collect()
}

#[tokio::test]
async fn blocks_are_refused_beyond_their_limits() {
    let bench = Bench::new().await;
    let button = |id: usize| json!({"type": "button", "action_id": format!("a{id}"), "text": {"type": "plain_text", "text": "Go"}});
    let buttons = |count| json!({"type": "actions", "elements": (0..count).map(button).collect::<Vec<_>>()});
    let same = |block: Value| json!([block.clone(), block]);
    let table = [
        (json!(many(&section("x"), 50)), "ok"),
        (json!(many(&section("x"), 51)), "invalid_blocks"),
        (json!([section(&"x".repeat(3000))]), "ok"),
        (json!([section(&"x".repeat(3001))]), "invalid_blocks"),
        (json!([section("")]), "invalid_blocks"),
        (json!(many(&section(&"x".repeat(2990)), 5)), "msg_blocks_too_long"),
        (json!([buttons(25)]), "ok"),
        (json!([buttons(26)]), "invalid_blocks"),
        (
            json!([{"type": "actions", "elements": [button(1), button(1)]}]),
            "invalid_blocks",
        ),
        (
            same(json!({"type": "divider", "block_id": "one"})),
            "invalid_blocks",
        ),
        (
            json!([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]),
            "invalid_blocks",
        ),
        (
            json!([{"type": "image", "slack_file": {"id": "F0UNKNOWN1"}, "alt_text": "x"}]),
            "invalid_blocks",
        ),
    ];
    for (blocks, wanted) in table {
        let code = bench
            .code(
                "chat.postMessage",
                json!({"channel": "C0SUPPORT", "text": "x", "blocks": blocks}),
            )
            .await;
        assert_eq!(code, wanted, "{blocks}");
    }
}

#[tokio::test]
async fn messages_are_refused_where_slack_refuses_them() {
    let bench = Bench::new().await;
    bench.slack.open_channel("C0CLOSED", "closed");
    bench.slack.bot_is_in("C0CLOSED", false);
    bench.slack.open_channel("C0OLD", "old");
    bench.slack.archive("C0OLD");
    let post = |channel: &str| json!({"channel": channel, "text": "Hello"});
    for (body, wanted) in [
        (post("C0NOWHERE"), "channel_not_found"),
        (post("C0CLOSED"), "not_in_channel"),
        (post("C0OLD"), "is_archived"),
        (json!({"channel": "C0SUPPORT"}), "no_text"),
        (
            json!({"channel": "C0SUPPORT", "text": "x", "metadata": {"event_type": "x"}}),
            "invalid_metadata_format",
        ),
        (
            json!({"channel": "C0SUPPORT", "text": "x", "thread_ts": "1.000001"}),
            "thread_not_found",
        ),
    ] {
        assert_eq!(bench.code("chat.postMessage", body).await, wanted);
    }
    let wrong = read(
        bench
            .send("chat.postMessage", post("C0SUPPORT"), "xoxb-other")
            .await,
    )
    .await;
    assert_eq!(wrong["error"], "invalid_auth");
    let elsewhere = json!({"channel": "C0SUPPORT", "ts": "1.000001", "text": "x"});
    assert_eq!(bench.code("chat.update", elsewhere).await, "message_not_found");
}

#[tokio::test]
async fn metadata_is_kept_over_edits_and_shown_to_who_asks_for_all() {
    let bench = Bench::new().await;
    let metadata = json!({"event_type": "card", "event_payload": {"key": "k-1"}});
    let body =
        json!({"channel": "C0SUPPORT", "text": "one", "blocks": [section("one")], "metadata": metadata});
    let posted = bench.call("chat.postMessage", body).await;
    let ts = posted["ts"].as_str().unwrap();
    let edit = json!({"channel": "C0SUPPORT", "ts": ts, "text": "two"});
    assert_eq!(bench.code("chat.update", edit).await, "ok");
    let shown = bench.slack.channel("C0SUPPORT").only();
    assert_eq!(
        shown.raw["blocks"],
        json!([]),
        "text without blocks takes the blocks away"
    );
    assert_eq!(shown.key(), Some("k-1"));
    let plain = bench
        .read("conversations.history", &[("channel", "C0SUPPORT")])
        .await;
    assert_eq!(plain["messages"][0]["metadata"], json!({"event_type": "card"}));
    let query = [
        ("channel", "C0SUPPORT"),
        ("include_all_metadata", "true"),
        ("oldest", ts),
        ("inclusive", "true"),
    ];
    let all = bench.read("conversations.history", &query).await;
    assert_eq!(all["messages"][0]["metadata"], metadata);
}

#[tokio::test]
async fn trouble_comes_on_demand_and_says_what_was_done() {
    let bench = Bench::new().await;
    let post = || json!({"channel": "C0SUPPORT", "text": "Hello"});
    let there = || bench.slack.channel("C0SUPPORT").messages().len();
    bench
        .slack
        .slow_down("chat.postMessage", SignedDuration::from_secs(60));
    let slow = bench.send("chat.postMessage", post(), BOT_TOKEN).await;
    assert_eq!(
        (
            slow.status().as_u16(),
            slow.headers()["retry-after"].to_str().unwrap()
        ),
        (429, "60")
    );
    bench.pass(61);
    bench.slack.fail("chat.postMessage", Fault::StatusBefore(500));
    assert_eq!(
        bench.send("chat.postMessage", post(), BOT_TOKEN).await.status(),
        500
    );
    assert_eq!(there(), 0);
    bench.slack.fail("chat.postMessage", Fault::StatusAfter(500));
    assert_eq!(
        bench.send("chat.postMessage", post(), BOT_TOKEN).await.status(),
        500
    );
    assert_eq!(there(), 1);
    bench.slack.fail("chat.postMessage", Fault::DropAfter);
    let request = reqwest::Client::new().post(format!("{}/chat.postMessage", bench.slack.api_url()));
    let request = request
        .header("content-type", "application/json")
        .bearer_auth(BOT_TOKEN);
    let cut = async { request.body(post().to_string()).send().await?.bytes().await }.await;
    assert!(cut.is_err());
    assert_eq!(there(), 2);
    bench.slack.outage(true);
    assert_eq!(bench.send("auth.test", json!({}), BOT_TOKEN).await.status(), 503);
    bench.slack.outage(false);
    let outcomes: Vec<String> = bench.slack.calls().into_iter().map(|call| call.outcome).collect();
    assert_eq!(
        outcomes,
        ["429", "StatusBefore(500)", "StatusAfter(500)", "DropAfter", "503"]
    );
}

#[tokio::test]
async fn a_trigger_opens_one_modal_within_three_seconds() {
    let bench = Bench::new().await;
    let input = json!({"type": "input", "block_id": "text", "label": {"type": "plain_text", "text": "Text"},
        "element": {"type": "plain_text_input", "action_id": "text", "max_length": 500}});
    let title = |text: &str| json!({"type": "plain_text", "text": text});
    let view = json!({"type": "modal", "title": title("Reply"), "submit": title("Send"), "blocks": [input]});
    let open = |trigger: &Value| json!({"trigger_id": trigger, "view": view});
    let slash = bench.slack.slash("U0DANA", "/reply", "L-1");
    let trigger = &slash.body["trigger_id"];
    assert_eq!(bench.code("views.open", open(trigger)).await, "ok");
    assert_eq!(
        bench.code("views.open", open(trigger)).await,
        "exchanged_trigger_id"
    );
    let sent = bench.slack.submit("U0DANA", &[("text", "We found it.")]);
    assert_eq!(
        sent.body["view"]["state"]["values"]["text"]["text"]["value"],
        "We found it."
    );
    let slash = bench.slack.slash("U0DANA", "/reply", "L-1");
    bench.pass(4);
    assert_eq!(
        bench.code("views.open", open(&slash.body["trigger_id"])).await,
        "expired_trigger_id"
    );
    let bare = json!({"type": "modal", "title": title("Reply"), "blocks": [view["blocks"][0]]});
    let slash = bench.slack.slash("U0DANA", "/reply", "L-1");
    let without_submit = json!({"trigger_id": slash.body["trigger_id"], "view": bare});
    assert_eq!(
        bench.code("views.open", without_submit).await,
        "invalid_arguments"
    );
}

#[tokio::test]
async fn a_response_url_is_good_five_times() {
    let bench = Bench::new().await;
    let slash = bench.slack.slash("U0DANA", "/queue", "");
    let url = slash.body["response_url"].as_str().unwrap();
    let mut statuses = Vec::new();
    for _ in 0..6 {
        let body = json!({"text": "Your queue"}).to_string();
        statuses.push(
            reqwest::Client::new()
                .post(url)
                .body(body)
                .send()
                .await
                .unwrap()
                .status()
                .as_u16(),
        );
    }
    assert_eq!(statuses, [200, 200, 200, 200, 200, 404]);
    assert_eq!(bench.slack.ephemerals("U0DANA").len(), 5);
    let slash = bench.slack.slash("U0DANA", "/queue", "");
    bench.pass(31 * 60);
    let url = slash.body["response_url"].as_str().unwrap();
    let late = reqwest::Client::new().post(url).body("{}").send().await.unwrap();
    assert_eq!(late.status(), 404);
}

#[tokio::test]
async fn a_file_is_ready_after_somebody_asked_for_it() {
    let bench = Bench::new().await;
    bench.slack.files_are_ready_after(Some(2));
    let place = bench
        .read(
            "files.getUploadURLExternal",
            &[("filename", "a.png"), ("length", "3")],
        )
        .await;
    let (url, file) = (
        place["upload_url"].as_str().unwrap(),
        place["file_id"].as_str().unwrap(),
    );
    let sent = reqwest::Client::new().post(url).body("png").send().await.unwrap();
    assert_eq!(sent.text().await.unwrap(), "OK - 3");
    let image = json!([{"type": "image", "slack_file": {"id": file}, "alt_text": "A chart"}]);
    let post = json!({"channel": "C0SUPPORT", "text": "x", "blocks": image});
    assert_eq!(
        bench
            .code(
                "files.completeUploadExternal",
                json!({"files": [{"id": file, "title": "A"}]})
            )
            .await,
        "ok"
    );
    assert_eq!(
        bench.code("chat.postMessage", post.clone()).await,
        "invalid_blocks"
    );
    let mut kinds = Vec::new();
    for _ in 0..3 {
        let answer = bench.read("files.info", &[("file", file)]).await;
        kinds.push(answer["file"]["mimetype"].as_str().unwrap().to_owned());
    }
    assert_eq!(kinds, ["", "", "image/png"]);
    assert_eq!(bench.code("chat.postMessage", post).await, "ok");
}

#[tokio::test]
async fn sockets_open_with_a_fresh_ticket_and_carry_envelopes() {
    let bench = Bench::new().await;
    let opened = read(bench.send("apps.connections.open", json!({}), APP_TOKEN).await).await;
    let url = opened["url"].as_str().unwrap();
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    assert!(
        tokio_tungstenite::connect_async(url).await.is_err(),
        "a ticket is good once"
    );
    let heard = |message: Message| -> Value { serde_json::from_str(message.to_text().unwrap()).unwrap() };
    assert_eq!(heard(socket.next().await.unwrap().unwrap())["type"], "hello");
    bench.slack.until_sockets(1).await;
    let slash = bench.slack.slash("U0DANA", "/claim", "L-1");
    let app = async {
        let envelope = heard(socket.next().await.unwrap().unwrap());
        assert_eq!(envelope["payload"]["text"], "L-1");
        let ack = json!({"envelope_id": envelope["envelope_id"], "payload": {"text": "L-1 is yours"}});
        socket.send(Message::text(ack.to_string())).await.unwrap();
    };
    let (answered, ()) = tokio::join!(bench.slack.deliver(&slash), app);
    assert_eq!(answered.body["text"], "L-1 is yours");
    assert_eq!(bench.slack.ephemerals("U0DANA")[0].text, "L-1 is yours");
    bench.slack.disconnect("refresh_requested");
    assert_eq!(heard(socket.next().await.unwrap().unwrap())["type"], "disconnect");
    bench.slack.until_sockets(0).await;
}

/// Slack's own example. <https://docs.slack.dev/authentication/verifying-requests-from-slack>
#[test]
fn payloads_are_signed_as_slack_signs_them() {
    let body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&\
        channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&\
        response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&\
        trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    assert_eq!(
        super::server::signature("8f742231b10e8888abcd99yyyzzz85a5", 1_531_420_618, body),
        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    );
}
