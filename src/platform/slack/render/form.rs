//! Forms as modals, and the small views around them: a refusal, a moment's wait, an error at a field. A form's text is
//! counted by the desk in the network's own way; Slack's own limit on an input is only the most it can hold.
//!
//! Views: <https://docs.slack.dev/reference/views/>

use serde_json::{Value, json};

use super::blocks::{ALWAYS, BLOCKS_OF_A_VIEW, Layout, actions, context, section};
use super::button::PREVIEW;
use super::form_state::{FormState, callback, metadata};
use super::notice::body;
use super::text::{LONGEST, cut, grown, length, line, pieces, plain, plain_line, words};
use crate::domain::capability::Counting;
use crate::domain::form::{Field, Form};
use crate::domain::notice::Notice;

const TITLE: usize = 24;
/// The most that Slack's input takes.
const INPUT: usize = 3000;
/// Options of one list, and of one group of a longer list.
const OPTIONS: usize = 100;
const GROUPS: usize = 10;
const OPTION_VALUE: usize = 150;
const OPTION_LABEL: usize = 75;
const FIELDS: usize = 40;
/// Slack refuses a view that is too large; this is far below what is known to pass.
const LONGEST_VIEW: usize = 100_000;
const GUIDELINES: usize = 12;

pub fn modal(form: &Form, state: &FormState) -> Value {
    let mut layout = Layout::default();
    if length(&form.title) > TITLE {
        layout.add("title", ALWAYS, vec![section(plain_line(&form.title, 300))]);
    }
    if let Some(quote) = &form.quote {
        let mut blocks = vec![context(vec![plain("They wrote", 75)])];
        let quote = cut(quote.as_written(), 2 * LONGEST, grown);
        blocks.extend(
            pieces(&quote, LONGEST)
                .iter()
                .map(|piece| section(plain(piece, LONGEST))),
        );
        layout.add("quote", 1, blocks);
    }
    if !form.guidelines.is_empty() {
        let lines = form.guidelines.iter().take(GUIDELINES);
        let mut lines: Vec<String> = lines.map(|rule| format!("• {}", line(rule, 220))).collect();
        match form.guidelines.len().saturating_sub(GUIDELINES) {
            0 => {}
            more => lines.push(format!("… and {more} more")),
        }
        layout.add(
            "guidelines",
            1,
            vec![context(vec![plain(&lines.join("\n"), LONGEST)])],
        );
    }
    for field in form.fields.iter().take(FIELDS) {
        layout.add(name_of(field), ALWAYS, vec![input(field)]);
    }
    if form.command == "reply"
        && let Some(Field::Text { counting, limit, .. }) = form.fields.iter().find(|field| is_long(field))
    {
        let button = json!({
            "type": "button",
            "action_id": PREVIEW,
            "text": plain("Preview", 75),
            "value": form.lead.to_string(),
        });
        layout.add("preview", ALWAYS, vec![actions(vec![button])]);
        if let Some(text) = &state.preview {
            layout.add("public", ALWAYS, preview(text, *counting, *limit));
        }
    }
    let (mut blocks, _) = layout.fit("form", BLOCKS_OF_A_VIEW, LONGEST_VIEW);
    // A field is found again by its own name.
    for block in blocks.iter_mut().filter(|block| block["type"] == "input") {
        block["block_id"] = block["element"]["action_id"].clone();
    }
    if blocks.is_empty() {
        blocks.push(section(plain(&form.title, LONGEST)));
    }
    json!({
        "type": "modal",
        "callback_id": callback(&form.command),
        "title": plain_line(&form.title, TITLE),
        "submit": plain_line(&form.submit, TITLE),
        "close": plain("Cancel", TITLE),
        "notify_on_close": true,
        "private_metadata": metadata(form, state),
        "blocks": blocks,
    })
}

fn name_of(field: &Field) -> &str {
    match field {
        Field::Text { name, .. } | Field::Choice { name, .. } => name,
    }
}

fn is_long(field: &Field) -> bool {
    matches!(field, Field::Text { multiline: true, .. })
}

fn input(field: &Field) -> Value {
    match field {
        Field::Text {
            name,
            label,
            value,
            required,
            multiline,
            limit,
            counting,
            hint,
        } => {
            let mut element = typed(name, value, *multiline);
            if *multiline {
                element["dispatch_action_config"] = json!({ "trigger_actions_on": ["on_character_entered"] });
            }
            let mut block = labelled(label, *required, element);
            // Each pause in typing is told to us, so that a draft is kept even when the window is closed.
            block["dispatch_action"] = json!(*multiline);
            let mut hints: Vec<String> = vec![line(hint, 1_000)];
            hints.retain(|_| !hint.trim().is_empty());
            hints.extend(limit.map(|limit| at_most(limit, *counting)));
            if length(value) > INPUT {
                hints.push(format!(
                    "It was longer than the {INPUT} characters that fit in here, and is cut."
                ));
            }
            if !hints.is_empty() {
                block["hint"] = plain(&hints.join(". ").replace(".. ", ". "), 2_000);
            }
            block
        }
        Field::Choice {
            name,
            label,
            value,
            required,
            options,
        } => {
            let options: Vec<Value> = options.iter().filter_map(option).take(GROUPS * OPTIONS).collect();
            // Slack takes no empty list; then the value is typed.
            if options.is_empty() {
                return labelled(label, *required, typed(name, value, false));
            }
            let chosen = options
                .iter()
                .find(|option| option["value"] == value.as_str())
                .cloned();
            let mut element = json!({ "type": "static_select", "action_id": name });
            if options.len() > OPTIONS {
                element["option_groups"] = options.chunks(OPTIONS).map(group).collect();
            } else {
                element["options"] = json!(options);
            }
            if let Some(chosen) = chosen {
                element["initial_option"] = chosen;
            }
            labelled(label, *required, element)
        }
    }
}

fn typed(name: &str, value: &str, multiline: bool) -> Value {
    let mut element = json!({
        "type": "plain_text_input",
        "action_id": name,
        "multiline": multiline,
        "max_length": INPUT,
    });
    if !value.is_empty() {
        element["initial_value"] = json!(cut(value, INPUT, length));
    }
    element
}

fn labelled(label: &str, required: bool, element: Value) -> Value {
    json!({ "type": "input", "label": plain_line(label, 200), "element": element, "optional": !required })
}

/// A value that Slack cannot hold whole would mean something else; it is not offered.
fn option((value, label): &(String, String)) -> Option<Value> {
    let label = if super::text::is_blank(label) {
        value
    } else {
        label
    };
    let fits = !value.is_empty() && length(value) <= OPTION_VALUE;
    fits.then(|| json!({ "text": plain_line(label, OPTION_LABEL), "value": value }))
}

/// A part of a list that is too long for one, under its first and last label.
fn group(options: &[Value]) -> Value {
    let label = |option: Option<&Value>| {
        let text = option.and_then(|option| option["text"]["text"].as_str());
        line(text.unwrap_or_default(), 34)
    };
    let label = format!("{} – {}", label(options.first()), label(options.last()));
    json!({ "label": plain_line(&label, OPTION_LABEL), "options": options })
}

fn at_most(limit: usize, counting: Counting) -> String {
    match counting {
        Counting::Bytes => format!("At most {limit} bytes of UTF-8, as the network counts"),
        Counting::Weighted => format!("At most {limit} characters as X counts: a link is 23, an emoji 2"),
        Counting::GraphemesShortLinks => {
            format!("At most {limit} characters as Mastodon counts: a link is 23")
        }
        Counting::Characters | Counting::Graphemes | Counting::Utf16 => {
            format!("At most {limit} characters, as the network counts")
        }
    }
}

/// What the public will read, whole, and how much of the network's room it takes.
fn preview(text: &str, counting: Counting, limit: Option<usize>) -> Vec<Value> {
    let count = counting.count(text);
    let count = match limit {
        Some(limit) if count > limit => format!("✋ {count} of {limit}: {} too many", count - limit),
        Some(limit) => format!("✅ {count} of {limit}"),
        None => format!("{count} characters"),
    };
    let mut blocks = vec![context(vec![plain(
        &format!("What the public will read · {count}"),
        200,
    )])];
    blocks.extend(
        pieces(text, LONGEST)
            .iter()
            .map(|piece| section(plain(piece, LONGEST))),
    );
    blocks
}

/// The answer to a submission that marks a field. Slack keeps the form open.
pub fn errors(field: &str, text: &str) -> Value {
    json!({ "response_action": "errors", "errors": { field: line(text, 150) } })
}

/// A view that only says something: why a form cannot be opened.
pub fn say(notice: &Notice) -> Value {
    view("said", "Switchboard", body(notice))
}

fn view(callback: &str, title: &str, block: Value) -> Value {
    json!({
        "type": "modal",
        "callback_id": callback,
        "title": { "type": "plain_text", "text": words(&line(title, TITLE), TITLE), "emoji": false },
        "close": plain("Close", TITLE),
        "blocks": [block],
    })
}
