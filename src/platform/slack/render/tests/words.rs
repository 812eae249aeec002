//! Words that have broken chats before, and any others.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::limits::STRANGER;
use crate::domain::mention::PublicText;

/// Texts that have broken chats before.
pub fn nasty() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        "    ",
        "\n\n",
        "\u{200b}",
        "\u{0}\u{7}",
        "<!channel> <!here|you> <@U012AB3CD> <#C012AB3CD>",
        "@everyone @here @channel",
        "<https://evil.example|https://bank.example>",
        "*bold* _it_ ~no~ `code` ```block```",
        "> quoted",
        "&lt;!channel&gt; &amp;",
        ":tada: :thumbsup:",
        "invoice\u{202e}fdp.exe \u{2066}x\u{2069}",
        "👩\u{200d}👩\u{200d}👧\u{200d}👦 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        "Z\u{351}\u{36b}\u{343}\u{32a}a\u{346}\u{31a}l\u{348}go",
        "\"quoted\" \\ back\\slash",
        "`",
        "يونيكود",
    ]
    .map(str::to_owned)
    .into();
    texts.push("x".repeat(10_000));
    texts.push("&<>".repeat(3_500));
    texts.push("\"\\\n".repeat(3_500));
    texts.push("👩\u{200d}👩\u{200d}👧".repeat(1_500));
    texts.push(format!("a{}", "\u{301}".repeat(10_000)));
    texts.extend(naughty());
    texts
}

/// The Big List of Naughty Strings, where it lies beside the project.
fn naughty() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/naughty/blns.json");
    let list = std::fs::read_to_string(path).ok();
    list.and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

pub fn any_text() -> impl Strategy<Value = String> {
    let nasty = nasty();
    prop_oneof![
        2 => select(nasty.clone()),
        1 => "\\PC{0,40}",
        1 => any::<String>(),
        1 => vec(select(nasty), 1..4).prop_map(|texts| texts.join(" ")),
    ]
}

/// What a stranger wrote; it can be told from all other words.
pub fn stranger() -> impl Strategy<Value = PublicText> {
    any_text().prop_map(|text| PublicText::new(format!("{STRANGER}{text}")))
}
