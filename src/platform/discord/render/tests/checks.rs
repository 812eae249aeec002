//! Discord's limits, and what may not stand in a text, checked on the finished JSON: not by what the renderer calls, but
//! by what a reader of the JSON would find. <https://docs.discord.com/developers/resources/message#embed-limits>

use std::collections::BTreeSet;

use serde_json::Value;

fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

fn texts<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    value.get(key).and_then(Value::as_str).into_iter().collect()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn holds(text: &str, most: usize, what: &str) {
    let length = length(text);
    assert!(
        (1..=most).contains(&length),
        "{what} has {length} of {most}: {text:?}"
    );
    assert!(!text.trim().is_empty(), "{what} is blank");
}

/// A body of a message: limits, ids, and no mention allowed.
pub fn message(body: &Value) {
    assert_eq!(body["allowed_mentions"], serde_json::json!({ "parse": [] }));
    for content in texts(body, "content") {
        holds(content, 2000, "content");
        harmless(content);
    }
    let embeds = list(body, "embeds");
    assert!(embeds.len() <= 10);
    let mut total = 0;
    for embed in embeds {
        assert!(embed.get("url").is_none(), "embeds that share a url are merged");
        let author = embed.get("author").unwrap_or(&Value::Null);
        let footer = embed.get("footer").unwrap_or(&Value::Null);
        for (part, key, most, marked) in [
            (embed, "title", 256, true),
            (embed, "description", 4096, true),
            (author, "name", 256, false),
            (footer, "text", 2048, false),
        ] {
            for text in texts(part, key) {
                holds(text, most, key);
                total += length(text);
                if marked {
                    harmless(text);
                }
            }
        }
        assert!(list(embed, "fields").len() <= 25);
        for field in list(embed, "fields") {
            for (key, most) in [("name", 256), ("value", 1024)] {
                let text = field[key].as_str().unwrap();
                holds(text, most, key);
                harmless(text);
                total += length(text);
            }
        }
        for url in texts(embed.get("image").unwrap_or(&Value::Null), "url") {
            assert!(
                url.starts_with("https://") || url.starts_with("attachment://"),
                "{url}"
            );
        }
    }
    assert!(total <= 6000, "{total} over all embeds");
    for attachment in list(body, "attachments") {
        holds(attachment["description"].as_str().unwrap(), 1024, "alt text");
    }
    components(body);
}

fn components(body: &Value) {
    let rows = list(body, "components");
    assert!(rows.len() <= 5, "{} rows", rows.len());
    let mut ids = BTreeSet::new();
    for row in rows {
        assert_eq!(row["type"], 1);
        assert!((1..=5).contains(&list(row, "components").len()));
        for part in list(row, "components") {
            for id in texts(part, "custom_id") {
                holds(id, 100, "custom_id");
                assert!(ids.insert(id), "{id} is there twice");
            }
            for label in texts(part, "label") {
                holds(label, 80, "label");
            }
            for url in texts(part, "url") {
                assert!(url.starts_with("http") && length(url) <= 512, "{url}");
            }
            let mut values = BTreeSet::new();
            assert!(list(part, "options").len() <= 25);
            for option in list(part, "options") {
                holds(option["label"].as_str().unwrap(), 100, "option");
                holds(option["value"].as_str().unwrap(), 100, "value");
                assert!(values.insert(option["value"].as_str()), "a value is there twice");
            }
        }
    }
}

pub fn modal(body: &Value) {
    holds(body["custom_id"].as_str().unwrap(), 100, "custom_id");
    holds(body["title"].as_str().unwrap(), 45, "title");
    let rows = list(body, "components");
    assert!((1..=5).contains(&rows.len()));
    let mut ids = BTreeSet::new();
    for row in rows {
        assert_eq!(list(row, "components").len(), 1);
        let input = &row["components"][0];
        assert_eq!(input["type"], 4);
        assert!(ids.insert(input["custom_id"].as_str().unwrap()));
        holds(input["label"].as_str().unwrap(), 45, "label");
        for (key, most) in [("placeholder", 100), ("value", 4000)] {
            for text in texts(input, key) {
                assert!((1..=most).contains(&length(text)), "{key}");
            }
        }
    }
}

/// Takes away what we write ourselves; whatever Markdown, mention or link is left without a backslash is somebody's.
pub fn harmless(text: &str) {
    let mut rest = String::new();
    for line in text.lines() {
        let line = line.strip_prefix("> ").unwrap_or(line);
        let line = line.strip_prefix("-# ").unwrap_or(line);
        assert!(!line.starts_with(['-', '+', '#', '>']), "{line:?} begins a block");
        rest.push_str(line);
        rest.push('\n');
    }
    let rest = without(&rest, "<t:", ":R>");
    let rest = without(&rest, "[Open post](<http", ">)");
    let rest = without(&rest, "`/", "`");
    let rest = rest.replace("**", "");
    let mut letters = rest.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                assert!(
                    letters.next().is_some_and(|next| next != '\n'),
                    "a backslash stands alone in {rest:?}"
                );
            }
            '*' | '_' | '~' | '`' | '|' | '<' | '>' | '@' | '[' | ']' | '#' => {
                panic!("“{letter}” is not escaped in {rest:?}")
            }
            ':' => assert!(letters.peek() != Some(&'/'), "a link in {rest:?}"),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\0' => panic!("a hidden letter in {rest:?}"),
            _ => {}
        }
    }
}

/// Leaves out our own marks, which stand where no backslash is before them.
fn without(text: &str, begin: &str, end: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(begin) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let inside = &from[begin.len()..];
        match inside.find(end).filter(|_| !before.ends_with('\\')) {
            Some(stop) => rest = &inside[stop + end.len()..],
            None => {
                out.push_str(begin);
                rest = inside;
            }
        }
    }
    out.push_str(rest);
    out
}
