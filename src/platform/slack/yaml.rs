//! JSON values as YAML, for people who read a manifest before they paste it. Every text stands in double quotes, where YAML
//! takes JSON's escapes as they are; keys are words of our own. A library would bring a parser for one small file that is
//! only ever written. Reads nothing.

use serde_json::Value;

/// Block style, two spaces a level. `why` may give a text in a list a comment.
pub(super) fn write(value: &Value, why: &dyn Fn(&str) -> Option<&'static str>) -> String {
    let mut out = String::new();
    block(value, 0, why, &mut out);
    out
}

fn block(value: &Value, depth: usize, why: &dyn Fn(&str) -> Option<&'static str>, out: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if is_block(value) {
                    out.push_str(&format!("{indent}{key}:\n"));
                    block(value, depth + 1, why, out);
                } else {
                    out.push_str(&format!("{indent}{key}: {value}\n"));
                }
            }
        }
        Value::Array(list) => {
            for value in list {
                if is_block(value) {
                    let mut inner = String::new();
                    block(value, depth + 1, why, &mut inner);
                    let first = inner.trim_start_matches(' ');
                    out.push_str(&format!("{indent}- {first}"));
                } else {
                    let comment = value.as_str().and_then(why).map(|why| format!(" # {why}"));
                    out.push_str(&format!("{indent}- {value}{}\n", comment.unwrap_or_default()));
                }
            }
        }
        scalar => out.push_str(&format!("{indent}{scalar}\n")),
    }
}

/// Whether it takes lines of its own; what is empty is written as JSON has it, `[]` or `{}`.
fn is_block(value: &Value) -> bool {
    match value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(list) => !list.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_cannot_be_mistaken_for_syntax() {
        let value = json!({
            "list": [{ "a": "yes", "b": [1, true, null] }, [], ["- x: \"y\" # z"], "scope"],
            "text": "line\nbreak, “quotes”, \u{7}",
        });
        let why = |text: &str| (text == "scope").then_some("for a reason");
        insta::assert_snapshot!(write(&value, &why), @r##"
        list:
          - a: "yes"
            b:
              - 1
              - true
              - null
          - []
          - - "- x: \"y\" # z"
          - "scope" # for a reason
        text: "line\nbreak, “quotes”, \u0007"
        "##);
    }
}
