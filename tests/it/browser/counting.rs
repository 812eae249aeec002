//! The form counts as the desk does: the page's script and the domain agree on every text and every counting.

use serde_json::{Value, json};
use switchboard::domain::capability::Counting;

use super::chromium::Chromium;
use super::page::Page;
use super::switchboard::Switchboard;

/// The vectors of `domain/capability.rs`, and what else people type.
const TEXTS: &[&str] = &[
    "",
    "hello",
    "日本語",
    "café’s “x”…",
    "cafe\u{301}",
    "see https://example.com/very/long/path ok",
    "http://a.example and https://b.example\nhttps://c.example",
    "xhttps://no.space.before",
    "https://",
    "€",
    "…",
    "–",
    "ü",
    "😀",
    "👩\u{200d}👩\u{200d}👧",
    "👍🏽",
    "🇩🇪🇫🇷",
    "1️⃣ ❤️ ☎",
    "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "@mara@social.example hi",
    "@mara@localhost hi, and @@x.example, and a@b.example",
    "(@mara@social.example) @mara@social.example",
    "line\r\nline\u{2028}line\u{a0}@mara@social.example",
    "नमस्ते किताब",
    "สวัสดี",
    "한국어 \u{1112}\u{1161}\u{11ab}",
    "مرحبا بالعالم",
    "ﬁ ① ½ Å Ω",
    "a\u{0300}\u{0301}\u{0302}",
    "\u{200b}\u{200d}\u{feff}",
];

#[tokio::test]
async fn the_page_counts_as_the_domain_does() {
    use Counting::*;
    let Some(chromium) = Chromium::start() else { return };
    let switchboard = Switchboard::demo();
    let page = Page::at_the_door(&chromium, &switchboard, "nobody").await;
    let countings = [Characters, Graphemes, GraphemesShortLinks, Weighted, Bytes, Utf16];
    let names: Vec<Value> = countings.iter().map(|counting| json!(counting)).collect();
    let counted = page
        .client
        .execute_async(
            "const [texts, countings, done] = arguments;
             import('/board/assets/counting.js')
                .then(({ count }) => done(texts.map((text) => countings.map((counting) => count(text, counting)))))
                .catch((error) => done(String(error)))",
            vec![json!(TEXTS), json!(names)],
        )
        .await
        .expect("the page counts");
    for (text, counted) in TEXTS
        .iter()
        .zip(counted.as_array().unwrap_or_else(|| panic!("{counted}")))
    {
        let expected: Vec<usize> = countings.iter().map(|counting| counting.count(text)).collect();
        assert_eq!(*counted, json!(expected), "{text:?} by {names:?}");
    }
}
