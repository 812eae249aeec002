//! The web board over HTTP, as a browser sees it: choosing and signing in, what is refused at the gate, channels and
//! cards, asking the desk, and the event stream.

use std::net::SocketAddr;
use std::sync::Arc;

use jiff::Timestamp;
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use switchboard::domain::ids::{Channel, LeadId};
use switchboard::domain::message::Content;
use switchboard::platform::web::{Settings, WebBoard, router};
use switchboard::port::chat::ChatPlatform;

use super::web_board_desk::{HandWrittenDesk, card};

pub struct Browser {
    pub client: Client,
    pub address: SocketAddr,
    pub cookie: String,
}

pub fn start() -> Timestamp {
    "2026-11-24T09:00:00Z".parse().expect("a moment")
}

/// Serves a board on a free port; the server ends with the test's runtime.
pub async fn open_board(settings: Settings) -> (Arc<HandWrittenDesk>, Arc<WebBoard>, Browser) {
    let (desk, board) = HandWrittenDesk::open(start());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("an address");
    let router = router(desk.clone(), board.clone(), Settings { address, ..settings });
    tokio::spawn(async move { axum::serve(listener, router).await });
    let browser = Browser {
        client: Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client"),
        address,
        cookie: String::new(),
    };
    (desk, board, browser)
}

impl Browser {
    /// The same machine, another person.
    pub fn of(&self, member: &str) -> Self {
        Self {
            client: self.client.clone(),
            address: self.address,
            cookie: format!("who={member}"),
        }
    }

    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client
            .request(method, format!("http://{}{path}", self.address))
            .header("cookie", &self.cookie)
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        read(self.request(Method::GET, path).send().await.expect("an answer")).await
    }

    pub async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        read(self.send(path, body).await).await
    }

    pub async fn send(&self, path: &str, body: Value) -> Response {
        self.request(Method::POST, path)
            .header("origin", format!("http://{}", self.address))
            .header("content-type", "application/json")
            .body(body.to_string())
            .send()
            .await
            .expect("an answer")
    }
}

pub async fn read(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    let text = response.text().await.expect("a body");
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

pub fn cookie_of(response: &Response) -> String {
    let line = response.headers()["set-cookie"].to_str().expect("plain text");
    assert!(
        line.contains("HttpOnly") && line.contains("SameSite=Strict"),
        "{line}"
    );
    line.split(';').next().expect("a pair").to_owned()
}

#[tokio::test]
async fn a_channel_shows_its_messages_in_order_and_by_pages() {
    let (desk, board, nobody) = open_board(Settings::default()).await;
    let browser = nobody.of("lee");
    let hostile = "<script>alert(1)</script> @everyone \u{202e}txet \u{200b}";
    for lead in 1..=4 {
        desk.post(
            "support",
            card(lead, "support", &format!("{hostile} {lead}"), start()),
        )
        .await;
    }
    let channel = Channel::new("web", "@lee");
    let told = board
        .notify(&"lee".into(), Some(LeadId(2)), "L-2 is yours", &"key".into())
        .await
        .expect("told");
    let notice = Content::Notice {
        lead: Some(LeadId(2)),
        text: "L-2 is yours".into(),
    };
    desk.keep(&channel, told, notice);

    let leads = |page: &Value| -> Vec<i64> {
        page["messages"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|message| message["card"]["lead"].as_i64().unwrap_or(0))
            .collect()
    };
    let (_, newest) = browser.get("/board/api/channels/support/messages?limit=3").await;
    assert_eq!((leads(&newest), &newest["more"]), (vec![2, 3, 4], &json!(true)));
    let before = newest["messages"][0]["ref"].as_str().expect("a name");
    let (_, rest) = browser
        .get(&format!("/board/api/channels/support/messages?before={before}"))
        .await;
    assert_eq!((leads(&rest), &rest["more"]), (vec![1], &json!(false)));
    // Text travels as it was written; only the page turns it into something to look at.
    assert_eq!(
        newest["messages"][2]["card"]["turns"][0]["text"],
        format!("{hostile} 4")
    );

    let (_, listed) = browser
        .get(&format!(
            "/board/api/channels?read={}",
            json!({ "support": before })
        ))
        .await;
    let unread = |name: &str| {
        listed["channels"]
            .as_array()
            .and_then(|all| all.iter().find(|one| one["name"] == name))
            .map(|one| one["unread"].clone())
    };
    assert_eq!(unread("support"), Some(json!(2)));
    assert_eq!(unread("@lee"), Some(json!(1)));

    let (_, private) = browser.get("/board/api/channels/@lee/messages").await;
    assert_eq!(private["messages"][0]["notice"]["text"], "L-2 is yours");
    assert_eq!(
        nobody.of("dana").get("/board/api/channels/@lee/messages").await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        browser.get("/board/api/channels/hr/messages").await.0,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        browser.get("/board/api/channels/nowhere/messages").await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_confidential_lead_is_a_stub_for_everybody_else() {
    let (desk, _, nobody) = open_board(Settings::default()).await;
    desk.post("hr", card(7, "hr", "My manager shouts at us", start()))
        .await;
    let (_, own) = nobody.of("hana").get("/board/api/leads/L-7").await;
    assert_eq!(own["turns"][0]["text"], "My manager shouts at us");
    for path in ["/board/api/leads/L-7", "/board/api/public/L-7"] {
        let (_, foreign) = nobody.of("dana").get(path).await;
        assert_eq!(
            (&foreign["stub"], &foreign["turns"]),
            (&json!(true), &json!([])),
            "{path}"
        );
    }
    assert_eq!(
        nobody.of("dana").get("/board/api/leads/L-99").await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        nobody.of("dana").get("/board/api/leads/lots").await.0,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn what_people_ask_reaches_the_desk_and_its_answer_comes_back() {
    let (desk, _, nobody) = open_board(Settings::default()).await;
    desk.post("support", card(1, "support", "Where is my parcel?", start()))
        .await;
    let (dana, lee) = (nobody.of("dana"), nobody.of("lee"));
    let click = |command: &str| json!({ "command": command, "lead": 1, "key": "k1" });

    let (_, won) = dana.post("/board/api/click", click("claim")).await;
    assert_eq!(won["notice"]["text"], "L-1 is yours");
    let (status, lost) = lee.post("/board/api/click", click("claim")).await;
    assert_eq!(
        (status, &lost["notice"]["tone"]),
        (StatusCode::OK, &json!("refused"))
    );
    assert_eq!(lost["notice"]["text"], "Dana Okafor claimed this 4 s ago");
    assert_eq!(
        desk.asked.lock().unwrap()[1],
        "lee via web: claim L-1 (web:lee:k1)"
    );

    let (_, form) = dana.post("/board/api/click", click("reply")).await;
    let form = &form["form"];
    let filled = |text: &str| json!({ "command": "reply", "lead": 1, "fields": [["text", text]], "seen": form["seen"], "key": form["key"] });
    let (_, refused) = dana.post("/board/api/form", filled("We guarantee it")).await;
    assert_eq!(refused["notice"]["field"], "text");
    let (_, sent) = dana
        .post("/board/api/form", filled("It is on its way — Dana"))
        .await;
    assert_eq!(sent["notice"]["tone"], "done");
    let (_, public) = dana.get("/board/api/public/L-1").await;
    assert_eq!(public["turns"][1]["text"], "It is on its way — Dana");
    assert_eq!(public["turns"][1]["author"], Value::Null);

    let line = |line: &str| json!({ "line": line, "key": "k2" });
    let (_, queue) = dana.post("/board/api/command", line("/queue")).await;
    assert_eq!(queue["notice"]["rows"][0]["lead"], 1);
    let (status, busy) = dana.post("/board/api/command", line("/busy")).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        busy["error"]
            .as_str()
            .is_some_and(|text| text.contains("queue is full")),
        "{busy}"
    );
    let (_, completions) = dana.get("/board/api/complete?line=/q").await;
    assert_eq!(completions["completions"][0]["line"], "/queue");
    let (_, history) = dana.get("/board/api/leads/L-1/history").await;
    assert_eq!(history["rows"][0]["text"], "Opened for Support");
}

#[tokio::test]
pub async fn open_boards_are_told_what_changed_and_private_matters_only_their_member() {
    let (desk, board, nobody) = open_board(Settings::default()).await;
    let open = |who: &str| nobody.of(who).request(Method::GET, "/board/events").send();
    let mut lee = open("lee").await.expect("a stream");
    assert_eq!(lee.headers()["content-type"], "text/event-stream");
    assert!(next(&mut lee).await.contains("event: hello"));

    board
        .notify(&"dana".into(), None, "only for Dana", &"key".into())
        .await
        .expect("told");
    board.changed(&Channel::new("slack", "C1"), Some(LeadId(9)));
    let message = desk.post("support", card(5, "support", "Hello?", start())).await;
    let told = next(&mut lee).await;
    assert!(
        told.contains("\"channel\":\"support\"") && told.contains("\"lead\":5"),
        "{told}"
    );
    assert!(
        told.contains(message.as_str()) && !told.contains("Hello"),
        "{told}"
    );

    // Closing the board ends the stream, so that the server can stop in order.
    board.close();
    while lee.chunk().await.expect("a clean end").is_some() {}
}

/// The next event, up to its empty line.
async fn next(stream: &mut Response) -> String {
    let mut text = String::new();
    while !text.contains("\n\n") {
        let chunk = stream
            .chunk()
            .await
            .expect("a chunk")
            .expect("the stream goes on");
        text.push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
    }
    text
}
