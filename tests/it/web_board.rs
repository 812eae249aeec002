//! The web board over HTTP, as a browser sees it: choosing and signing in, what is refused at the gate, channels and
//! cards, asking the desk, and the event stream.

use std::net::SocketAddr;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use switchboard::domain::ids::{Channel, LeadId};
use switchboard::domain::message::Content;
use switchboard::platform::web::{CodeHash, Settings, WebBoard, router};
use switchboard::port::chat::ChatPlatform;

use super::web_board_desk::{HandWrittenDesk, card};

struct Browser {
    client: Client,
    address: SocketAddr,
    cookie: String,
}

fn start() -> Timestamp {
    "2026-11-24T09:00:00Z".parse().expect("a moment")
}

/// Serves a board on a free port; the server ends with the test's runtime.
async fn open_board(settings: Settings) -> (Arc<HandWrittenDesk>, Arc<WebBoard>, Browser) {
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
    fn of(&self, member: &str) -> Self {
        Self {
            client: self.client.clone(),
            address: self.address,
            cookie: format!("who={member}"),
        }
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client
            .request(method, format!("http://{}{path}", self.address))
            .header("cookie", &self.cookie)
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        read(self.request(Method::GET, path).send().await.expect("an answer")).await
    }

    async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        read(self.send(path, body).await).await
    }

    async fn send(&self, path: &str, body: Value) -> Response {
        self.request(Method::POST, path)
            .header("origin", format!("http://{}", self.address))
            .header("content-type", "application/json")
            .body(body.to_string())
            .send()
            .await
            .expect("an answer")
    }
}

async fn read(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    let text = response.text().await.expect("a body");
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

fn cookie_of(response: &Response) -> String {
    let line = response.headers()["set-cookie"].to_str().expect("plain text");
    assert!(
        line.contains("HttpOnly") && line.contains("SameSite=Strict"),
        "{line}"
    );
    line.split(';').next().expect("a pair").to_owned()
}

#[tokio::test]
async fn without_sign_in_a_person_chooses_who_they_are() {
    let (_, _, mut browser) = open_board(Settings::default()).await;
    let (status, me) = browser.get("/board/api/me").await;
    assert_eq!((status, &me["member"]), (StatusCode::OK, &Value::Null));
    assert_eq!(
        browser.get("/board/api/channels").await.0,
        StatusCode::UNAUTHORIZED
    );

    let (_, staff) = browser.get("/board/api/staff").await;
    let names: Vec<_> = staff["staff"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|member| &member["name"])
        .collect();
    assert_eq!(
        names,
        ["Dana Okafor", "Hana Sato", "Lee Marchetti", "Mo Lindqvist"]
    );

    assert_eq!(
        browser
            .post("/board/api/choose", json!({ "member": "nobody" }))
            .await
            .0,
        StatusCode::NOT_FOUND
    );
    let chosen = browser
        .send("/board/api/choose", json!({ "member": "dana" }))
        .await;
    browser.cookie = cookie_of(&chosen);
    let (_, me) = browser.get("/board/api/me").await;
    assert_eq!(me["member"]["name"], "Dana Okafor");

    let another_tab = browser
        .request(Method::GET, "/board/api/channels")
        .header("board-member", "lee");
    let answer = another_tab.send().await.expect("an answer");
    assert_eq!(
        answer.status(),
        StatusCode::CONFLICT,
        "a tab of Lee's acts for nobody while the browser is Dana's"
    );

    let (_, listed) = browser.get("/board/api/channels").await;
    let seen: Vec<_> = listed["channels"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|channel| {
            (
                channel["name"].as_str().unwrap_or_default(),
                channel["mine"] == true,
                channel["locked"] == true,
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("support", true, false),
            ("marketing", true, false),
            ("hr", false, true),
            ("pr", false, false),
            ("sales", false, false),
            ("@dana", true, false)
        ]
    );
}

#[tokio::test]
async fn with_sign_in_a_code_opens_the_door_and_guessing_gets_slower() {
    let codes = [("dana".into(), CodeHash::of("correct horse"))].into();
    let (desk, _, mut browser) = open_board(Settings {
        sign_in: Some(codes),
        ..Settings::default()
    })
    .await;
    browser.cookie = "who=dana".into();
    assert_eq!(
        browser.get("/board/api/channels").await.0,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(browser.get("/board/api/staff").await.0, StatusCode::FORBIDDEN);
    assert_eq!(
        browser
            .post("/board/api/choose", json!({ "member": "dana" }))
            .await
            .0,
        StatusCode::FORBIDDEN
    );

    let attempt = |code: &str| json!({ "member": "dana", "code": code });
    for _ in 0..3 {
        let (status, answer) = browser.post("/board/api/sign-in", attempt("guess")).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{answer}");
    }
    let slowed = browser.send("/board/api/sign-in", attempt("correct horse")).await;
    assert_eq!(slowed.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(slowed.headers().contains_key("retry-after"));

    *desk.now.lock().unwrap() = start() + SignedDuration::from_secs(5);
    let entered = browser.send("/board/api/sign-in", attempt("correct horse")).await;
    assert_eq!(entered.status(), StatusCode::NO_CONTENT);
    browser.cookie = cookie_of(&entered);
    assert_eq!(browser.get("/board/api/channels").await.0, StatusCode::OK);

    let mut forged = browser.of("dana");
    forged.cookie = browser.cookie.replacen("session=ZGFuYQ", "session=bGVl", 1);
    assert_ne!(forged.cookie, browser.cookie);
    assert_eq!(
        forged.get("/board/api/channels").await.0,
        StatusCode::UNAUTHORIZED
    );

    *desk.now.lock().unwrap() = start() + SignedDuration::from_hours(13);
    assert_eq!(
        browser.get("/board/api/channels").await.0,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn foreign_hosts_and_foreign_pages_are_turned_away() {
    let (desk, _, nobody) = open_board(Settings::default()).await;
    let browser = nobody.of("dana");
    let rebound = browser
        .request(Method::GET, "/board/api/me")
        .header("host", "evil.example");
    assert_eq!(
        rebound.send().await.expect("an answer").status(),
        StatusCode::FORBIDDEN
    );

    let own = format!("http://{}", browser.address);
    let click = json!({ "command": "claim", "lead": 1, "key": "k" }).to_string();
    for (what, origin, kind, expected) in [
        ("no origin", None, "application/json", StatusCode::FORBIDDEN),
        (
            "another page",
            Some("http://evil.example"),
            "application/json",
            StatusCode::FORBIDDEN,
        ),
        (
            "a sandboxed page",
            Some("null"),
            "application/json",
            StatusCode::FORBIDDEN,
        ),
        (
            "a plain form",
            Some(own.as_str()),
            "text/plain",
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        ("our page", Some(own.as_str()), "application/json", StatusCode::OK),
    ] {
        let mut request = browser
            .request(Method::POST, "/board/api/click")
            .header("content-type", kind)
            .body(click.clone());
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        assert_eq!(
            request.send().await.expect("an answer").status(),
            expected,
            "{what}"
        );
    }
    assert_eq!(
        desk.asked.lock().unwrap().len(),
        1,
        "only our own page reached the desk"
    );

    let large = json!({ "line": "x".repeat(300 * 1024), "key": "k" });
    assert_eq!(
        browser.post("/board/api/command", large).await.0,
        StatusCode::BAD_REQUEST
    );
    let deep = format!(
        "{{\"line\":{}1{},\"key\":\"k\"}}",
        "[".repeat(1000),
        "]".repeat(1000)
    );
    let answer = browser
        .request(Method::POST, "/board/api/command")
        .header("origin", &own)
        .header("content-type", "application/json")
        .body(deep);
    assert_eq!(
        answer.send().await.expect("an answer").status(),
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn the_page_lets_nothing_foreign_run() {
    let (_, _, browser) = open_board(Settings::default()).await;
    let page = browser
        .request(Method::GET, "/board/")
        .send()
        .await
        .expect("a page");
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .expect("text")
        .to_owned();
    for part in [
        "default-src 'none'",
        "script-src 'self';",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(page.headers()["x-content-type-options"], "nosniff");
    let html = page.text().await.expect("text");
    // Everything the page names is served, and nothing of it comes from elsewhere.
    let named: Vec<&str> = html
        .split(['"', '\''])
        .filter(|part| part.starts_with("/board/assets/"))
        .collect();
    assert!(named.len() >= 5, "{named:?}");
    assert!(!html.contains("://") && !html.contains(" style=") && !html.contains(" onclick="));
    for path in named {
        let asset = browser.request(Method::GET, path).send().await.expect("an asset");
        assert_eq!(asset.status(), StatusCode::OK, "{path}");
        let tag = asset.headers()["etag"].clone();
        let again = browser.request(Method::GET, path).header("if-none-match", tag);
        assert_eq!(
            again.send().await.expect("an answer").status(),
            StatusCode::NOT_MODIFIED,
            "{path}"
        );
    }
}

/// Every module that another one imports is served, and none makes markup out of text.
#[tokio::test]
async fn the_modules_are_whole() {
    let (_, _, browser) = open_board(Settings::default()).await;
    let mut waiting = vec!["board.js".to_owned()];
    let mut seen = Vec::new();
    while let Some(name) = waiting.pop() {
        if seen.contains(&name) {
            continue;
        }
        let module = browser
            .request(Method::GET, &format!("/board/assets/{name}"))
            .send()
            .await
            .expect("a module");
        assert_eq!(module.status(), StatusCode::OK, "{name}");
        assert_eq!(module.headers()["content-type"], "text/javascript; charset=utf-8");
        let source = module.text().await.expect("text");
        for word in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
        ] {
            assert!(!source.contains(word), "{name} uses {word}");
        }
        waiting.extend(
            source
                .split("'./")
                .skip(1)
                .filter_map(|rest| rest.split('\'').next())
                .map(str::to_owned),
        );
        seen.push(name);
    }
    assert!(seen.len() > 15, "{seen:?}");
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
        .notify(&"lee".into(), Some(LeadId(2)), "L-2 is yours", "key")
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
async fn open_boards_are_told_what_changed_and_private_matters_only_their_member() {
    let (desk, board, nobody) = open_board(Settings::default()).await;
    let open = |who: &str| nobody.of(who).request(Method::GET, "/board/events").send();
    let mut lee = open("lee").await.expect("a stream");
    assert_eq!(lee.headers()["content-type"], "text/event-stream");
    assert!(next(&mut lee).await.contains("event: hello"));

    board
        .notify(&"dana".into(), None, "only for Dana", "key")
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
