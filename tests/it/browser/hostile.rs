//! What a stranger wrote is data: whatever it is, it shows as harmless text.

use serde_json::{Value, json};

use super::chromium::Chromium;
use super::page::Page;
use super::switchboard::Switchboard;

/// The hostile mention of the demo's script, word for word.
fn from_the_script() -> Value {
    let script = include_str!("../../../config/demo/mentions.jsonl");
    let line = script
        .lines()
        .find(|line| line.contains("<script>"))
        .expect("the script has a hostile mention");
    serde_json::from_str(line).expect("JSON")
}

fn hostile() -> Vec<Value> {
    let mention = |id: &str, name: &str, text: String| {
        let author = json!({ "handle": id, "name": name });
        json!({ "id": id, "network": "news", "author": author, "text": text })
    };
    let controls = "\u{202e}order \u{2067}\u{200b}never\u{200f} came\u{0007}";
    let links = "order https://larkspurhome.example@evil.example/login xn--80ak6aa92e.example \
                 [https://larkspurhome.example](https://evil.example)";
    let markup = "<img src=x onerror=alert(1)><svg onload=alert(2)><a href='javascript:alert(3)'>order</a> \
                  </article></section><style>*{display:none}</style><iframe src='/board'></iframe>";
    vec![
        from_the_script(),
        mention("markup", "<script>alert(4)</script>", markup.to_owned()),
        mention(
            "bidi",
            "\u{202e}live\u{2066}",
            format!("{controls} @everyone <!channel> <@U1> @here"),
        ),
        mention("lying-link", "Larkspur Care", links.to_owned()),
        mention("one-word", "one-word", format!("order {}", "W".repeat(10_000))),
        mention(
            "ten-thousand",
            &"long name ".repeat(40),
            "order lines\n".repeat(833),
        ),
        mention(
            "marks",
            "marks",
            format!("order {}", format!("a{}", "\u{0301}".repeat(60)).repeat(80)),
        ),
    ]
}

#[tokio::test]
async fn hostile_mentions_show_as_harmless_text() {
    let Some(chromium) = Chromium::start() else { return };
    let switchboard = Switchboard::with_webhook();
    for mention in hostile() {
        switchboard.post(mention).await;
    }
    let dana = Page::of(&chromium, &switchboard, "dana", "support").await;
    dana.until(
        "all cards",
        &format!("all('#messages article.card').length === {}", hostile().len()),
    )
    .await;
    let lead = dana.lead("<script>alert('larkspur')</script>").await;

    for mention in hostile() {
        let text = mention["text"].as_str().expect("a text");
        let start: String = text
            .chars()
            .take_while(|c| c.is_ascii() && !c.is_ascii_control())
            .take(60)
            .collect();
        dana.lead(&start).await;
    }
    for (width, height, colours) in [(1400, 900, "light"), (360, 740, "dark"), (360, 740, "light")] {
        dana.looks(width, height, colours).await;
        dana.fits().await;
        let outside = dana
            .js("const right = innerWidth + 1;
                 return all('#messages article.card')
                    .flatMap((card) => [card, ...all('.name, .handle, .saying, .facts, button', card)])
                    .map((node) => [node, node.getBoundingClientRect()])
                    .filter(([, box]) => box.width && (box.right > right || box.left < -1))
                    .map(([node]) => `${node.tagName}.${node.className} ${node.textContent.slice(0, 40)}`)")
            .await;
        assert_eq!(outside, json!([]), "at {width} px");
        dana.picture(&format!("hostile-{width}-{colours}")).await;
    }
    dana.looks(1400, 900, "light").await;

    // Unfolded, in the details, and in the reply's form, it is text still.
    dana.js("all('[data-focus=show-all]').forEach((button) => button.click())")
        .await;
    dana.fits().await;
    dana.click(&format!("#messages article[data-lead='{lead}'] .lead"))
        .await;
    dana.until("the conversation", "turns('author').length").await;
    dana.fits().await;
    dana.picture("hostile-details").await;
    dana.looks(360, 740, "light").await;
    dana.click(&format!("#messages article[data-lead='{lead}'] .lead"))
        .await;
    dana.until("the sheet", "find('#details[data-open=true]')").await;
    dana.fits().await;
    dana.picture("hostile-details-phone").await;

    assert!(dana.client.get_alert_text().await.is_err(), "an alert is open");
    let injected = dana
        .js(
            "const foreign = 'script, img, iframe, style, object, svg:not(.icon), [onerror], [onload]';
             return all('#messages, #details').flatMap((box) => all(foreign, box)).map((node) => node.outerHTML.slice(0, 80))",
        )
        .await;
    assert_eq!(injected, json!([]));
    let links = dana
        .js("return all('#messages a, #details a').map((link) => link.href)")
        .await;
    for link in links.as_array().expect("a list") {
        let link = link.as_str().expect("a link");
        assert!(
            !link.contains("evil") && !link.starts_with("javascript:"),
            "a stranger's words became a link: {link}"
        );
    }
    let title = dana.client.title().await.expect("a title");
    assert!(title.ends_with("Customer service · Switchboard"), "{title}");
    let bare = dana
        .js("return /[\\u202a-\\u202e\\u2066-\\u2069\\u0007]/.test(document.body.innerText)")
        .await;
    assert_eq!(bare, false, "a control character reached the page unmarked");
    dana.say_times("hostile").await;
}
