//! The web board's door: who may come in, which requests are turned away, and what the page itself allows.

use jiff::SignedDuration;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use switchboard::platform::web::{CodeHash, Settings};

use super::web_board::{cookie_of, open_board, start};

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
