//! Slack's limits, written down once more and apart from the code that keeps them. Checks finished JSON and knows nothing
//! of how it was made.
//!
//! Block Kit: <https://docs.slack.dev/reference/block-kit/>

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::Message;

/// Strangers' texts in the samples begin with this.
pub const STRANGER: &str = "Zq7";

fn escaped(text: &str) -> usize {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    text.encode_utf16().count()
}

fn within(text: &Value, most: usize, what: &str) {
    let text = text.as_str().unwrap_or_else(|| panic!("{what} is no text"));
    let length = escaped(text);
    assert!(
        (1..=most).contains(&length),
        "{what} has {length} of {most}: {text:?}"
    );
}

fn at_most(list: &Value, most: usize, what: &str) {
    let length = list
        .as_array()
        .unwrap_or_else(|| panic!("{what} is no list"))
        .len();
    assert!((1..=most).contains(&length), "{what} has {length} of {most}");
}

pub fn message(message: &Message) {
    within(
        &Value::from(
            message
                .text
                .replace("&amp;", "+")
                .replace("&lt;", "(")
                .replace("&gt;", ")"),
        ),
        300,
        "text",
    );
    assert!(message.text.encode_utf16().count() <= 300, "{}", message.text);
    assert!(!message.text.contains(['<', '>']), "{}", message.text);
    assert!(!calls(&message.text), "{}", message.text);
    let blocks = Value::from(message.blocks.clone());
    at_most(&blocks, 50, "blocks");
    let length = blocks.to_string().encode_utf16().count();
    assert!(length <= 12_000, "{length} characters of blocks");
    all(&blocks);
}

pub fn view(view: &Value) {
    at_most(&view["blocks"], 100, "blocks");
    assert!(view.to_string().len() < 250_000, "a very large view");
    for label in ["title", "submit", "close"] {
        if !view[label].is_null() {
            within(&view[label]["text"], 24, label);
        }
    }
    within(&view["callback_id"], 255, "callback_id");
    let metadata = view["private_metadata"].as_str().unwrap_or_default();
    assert!(metadata.encode_utf16().count() <= 3000, "private_metadata");
    let blocks = view["blocks"].as_array().unwrap();
    let asks = blocks.iter().any(|block| block["type"] == "input");
    assert!(!asks || view["submit"].is_object(), "inputs without submit");
    if view["type"] == "home" {
        assert!(view["submit"].is_null() && view["close"].is_null() && !asks);
    }
    all(&view["blocks"]);
    object(&view["title"]);
}

fn all(blocks: &Value) {
    let mut ids = BTreeSet::new();
    for one in blocks.as_array().unwrap() {
        if let Some(id) = one["block_id"].as_str() {
            within(&one["block_id"], 255, "block_id");
            assert!(ids.insert(id.to_owned()), "{id} stands twice");
        }
        block(one);
        object(one);
    }
}

fn block(block: &Value) {
    match block["type"].as_str().unwrap() {
        "header" => {
            within(&block["text"]["text"], 150, "header");
            assert_eq!(block["text"]["type"], "plain_text");
        }
        "section" => {
            assert!(block["text"].is_object() || block["fields"].is_array());
            if !block["fields"].is_null() {
                at_most(&block["fields"], 10, "fields");
                for field in block["fields"].as_array().unwrap() {
                    within(&field["text"], 2000, "field");
                }
            }
        }
        "context" => at_most(&block["elements"], 10, "context"),
        "actions" => {
            at_most(&block["elements"], 25, "actions");
            let elements = block["elements"].as_array().unwrap();
            let names: BTreeSet<_> = elements
                .iter()
                .map(|one| one["action_id"].as_str().unwrap())
                .collect();
            assert_eq!(names.len(), elements.len(), "an action_id stands twice");
        }
        "image" => {
            within(&block["alt_text"], 2000, "alt_text");
            if block["slack_file"].is_null() {
                address(&block["image_url"]);
            }
        }
        "input" => {
            within(&block["label"]["text"], 2000, "label");
            assert_eq!(block["block_id"], block["element"]["action_id"]);
        }
        "rich_text" => at_most(&block["elements"], 200, "rich text"),
        other => panic!("no {other} block is drawn"),
    }
}

/// Every object inside, whatever it hangs on.
fn object(value: &Value) {
    match value {
        Value::Array(values) => values.iter().for_each(object),
        Value::Object(fields) => {
            match value["type"].as_str() {
                Some("plain_text") => {
                    within(&value["text"], 3000, "plain text");
                    assert_eq!(value["emoji"], false);
                    shown(&value["text"]);
                }
                Some("mrkdwn") => mrkdwn(value),
                Some("text") => {
                    within(&value["text"], 3000, "rich text");
                    shown(&value["text"]);
                }
                Some("button") => {
                    within(&value["text"]["text"], 75, "button");
                    if !value["url"].is_null() {
                        address(&value["url"]);
                    } else {
                        within(&value["value"], 2000, "button value");
                    }
                }
                Some("overflow") => at_most(&value["options"], 5, "overflow"),
                Some("static_select") => match value["option_groups"].as_array() {
                    Some(groups) => {
                        assert!(value["options"].is_null());
                        at_most(&value["option_groups"], 100, "groups");
                        for group in groups {
                            within(&group["label"]["text"], 75, "group");
                            at_most(&group["options"], 100, "options");
                        }
                    }
                    None => at_most(&value["options"], 100, "options"),
                },
                Some("plain_text_input") => {
                    assert_eq!(value["max_length"], 3000);
                    if let Some(text) = value["initial_value"].as_str() {
                        assert!((1..=3000).contains(&text.encode_utf16().count()));
                    }
                }
                _ => {}
            }
            if !value["action_id"].is_null() {
                within(&value["action_id"], 255, "action_id");
            }
            for option in value["options"].as_array().into_iter().flatten() {
                within(&option["text"]["text"], 75, "option");
                assert!(option["value"].as_str().unwrap().encode_utf16().count() <= 150);
            }
            if value["confirm"]["title"].is_object() {
                for (part, most) in [("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)] {
                    within(&value["confirm"][part]["text"], most, part);
                }
            }
            fields.values().for_each(object);
        }
        _ => {}
    }
}

/// Something can be seen, and nothing in it turns the reading direction around.
fn shown(text: &Value) {
    let text = text.as_str().unwrap();
    assert!(
        !text.contains(['\u{202e}', '\u{2066}', '\u{0}', '\u{7}']),
        "{text:?}"
    );
}

fn mrkdwn(value: &Value) {
    let text = value["text"].as_str().unwrap();
    assert!((1..=3000).contains(&text.encode_utf16().count()), "{text:?}");
    assert_eq!(value["verbatim"], true);
    assert!(
        !text.contains(STRANGER),
        "a stranger's words are parsed: {text:?}"
    );
    assert!(!calls(text), "somebody is called: {text:?}");
    // Every token is one that we make.
    for (at, _) in text.match_indices('<') {
        let token = &text[at..];
        let ours = ["<!date^", "<https://", "<http://"]
            .iter()
            .any(|head| token.starts_with(head));
        assert!(ours && token.contains('>'), "{text:?}");
    }
    for (at, _) in text.match_indices('&') {
        let escape = &text[at..];
        assert!(
            ["&amp;", "&lt;", "&gt;"]
                .iter()
                .any(|known| escape.starts_with(known)),
            "{text:?}"
        );
    }
}

/// Whether Slack might take something in it for a mention.
fn calls(text: &str) -> bool {
    ["<@", "<!here", "<!channel", "<!everyone", "<!subteam", "<#"]
        .iter()
        .any(|token| text.contains(token))
        || text
            .match_indices('@')
            .any(|(at, _)| text[at + 1..].starts_with(char::is_alphabetic) && outside_links(text, at))
}

fn outside_links(text: &str, at: usize) -> bool {
    match (text[..at].rfind('<'), text[..at].rfind('>')) {
        (Some(open), close) => close.is_some_and(|close| close > open),
        (None, _) => true,
    }
}

fn address(url: &Value) {
    let text = url.as_str().unwrap();
    assert!(
        text.starts_with("https://") || text.starts_with("http://"),
        "{text}"
    );
    assert!(
        escaped(text) <= 3000 && !text.contains(['<', '>', '|', ' ']),
        "{text}"
    );
}
