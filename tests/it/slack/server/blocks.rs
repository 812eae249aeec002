//! Block Kit's limits. <https://docs.slack.dev/reference/block-kit/blocks>

use std::collections::BTreeSet;

use serde_json::Value;

use super::world::{No, World};

/// People hit `msg_blocks_too_long` at about this length.
const LONGEST: usize = 13_200;

type Check = Result<(), String>;

/// The blocks of a message.
pub fn message(world: &World, blocks: &Value) -> Result<(), No> {
    check(world, blocks, 50).map_err(|why| No::new("invalid_blocks", why))?;
    match blocks.to_string().chars().count() {
        length if length > LONGEST => Err(No::new("msg_blocks_too_long", format!("{length} characters"))),
        _ => Ok(()),
    }
}

/// A modal or a home.
pub fn view(world: &World, view: &Value) -> Result<(), No> {
    let no = |why: String| No::new("invalid_arguments", why);
    let kind = view["type"].as_str().unwrap_or_default();
    check(world, &view["blocks"], 100).map_err(no)?;
    if view["blocks"].as_array().is_none_or(Vec::is_empty) {
        return Err(no("a view has blocks".to_owned()));
    }
    short(&view["private_metadata"], 3000).map_err(no)?;
    short(&view["callback_id"], 255).map_err(no)?;
    if view.to_string().len() > 250_000 {
        return Err("view_too_large".into());
    }
    let is_input = |block: &Value| block["type"] == "input";
    match kind {
        "modal" => {
            plain(&view["title"], 24).map_err(no)?;
            optional(&view["submit"], |it| plain(it, 24)).map_err(no)?;
            optional(&view["close"], |it| plain(it, 24)).map_err(no)?;
            let asks = view["blocks"]
                .as_array()
                .is_some_and(|blocks| blocks.iter().any(is_input));
            match asks && view["submit"].is_null() {
                true => Err(no("a modal with inputs has a submit button".to_owned())),
                false => Ok(()),
            }
        }
        "home" => Ok(()),
        other => Err(no(format!("no view of type “{other}”"))),
    }
}

fn check(world: &World, blocks: &Value, most: usize) -> Check {
    if blocks.is_null() {
        return Ok(());
    }
    let blocks = blocks.as_array().ok_or("blocks are a list")?;
    at_most(blocks.len(), most, "blocks")?;
    let mut ids = BTreeSet::new();
    for (at, block) in blocks.iter().enumerate() {
        let within = |why: String| format!("block {at}: {why}");
        if let Some(id) = block["block_id"].as_str() {
            short(&block["block_id"], 255).map_err(within)?;
            if !ids.insert(id) {
                return Err(format!("block_id “{id}” twice"));
            }
        }
        one(world, block).map_err(within)?;
    }
    Ok(())
}

fn one(world: &World, block: &Value) -> Check {
    match block["type"].as_str().unwrap_or_default() {
        "divider" => Ok(()),
        "header" => plain(&block["text"], 150),
        "section" => {
            if block["text"].is_null() && block["fields"].is_null() {
                return Err("a section has text or fields".to_owned());
            }
            optional(&block["text"], |it| text_object(it, 3000))?;
            optional(&block["fields"], |fields| {
                list(fields, 1, 10, "fields", |field| text_object(field, 2000))
            })?;
            optional(&block["accessory"], |it| element(world, it))
        }
        "context" => list(&block["elements"], 1, 10, "elements", |it| {
            match it["type"].as_str() {
                Some("image") => image(world, it),
                _ => text_object(it, 3000),
            }
        }),
        "actions" => {
            unique_actions(&block["elements"])?;
            list(&block["elements"], 1, 25, "elements", |it| element(world, it))
        }
        "input" => {
            plain(&block["label"], 2000)?;
            optional(&block["hint"], |it| plain(it, 2000))?;
            element(world, &block["element"])
        }
        "image" => {
            optional(&block["title"], |it| plain(it, 2000))?;
            image(world, block)
        }
        "rich_text" => list(&block["elements"], 1, 1000, "elements", rich),
        other => Err(format!("no block of type “{other}”")),
    }
}

fn rich(part: &Value) -> Check {
    match part["type"].as_str().unwrap_or_default() {
        "rich_text_list" => list(&part["elements"], 1, 1000, "elements", rich),
        "rich_text_section" | "rich_text_quote" | "rich_text_preformatted" => {
            list(&part["elements"], 0, 1000, "elements", |it| {
                match it["type"].as_str().unwrap_or_default() {
                    "text" => filled(&it["text"], 3000),
                    "link" => filled(&it["url"], 3000),
                    "emoji" => filled(&it["name"], 100),
                    "user" => filled(&it["user_id"], 30),
                    "channel" => filled(&it["channel_id"], 30),
                    "date" => filled(&it["format"], 300),
                    other => Err(format!("no rich text of type “{other}”")),
                }
            })
        }
        other => Err(format!("no rich text part of type “{other}”")),
    }
}

fn image(world: &World, it: &Value) -> Check {
    filled(&it["alt_text"], 2000)?;
    if let Some(file) = it.get("slack_file") {
        let id = file["id"].as_str().unwrap_or_default();
        let looks_real = id.len() >= 9 && id.starts_with('F');
        let found = world.files.get(id).filter(|_| looks_real);
        let ready = found.is_some_and(|file| {
            file.complete && file.polls == 0 && !(world.private_files_refused && file.shared.is_empty())
        });
        return match ready {
            true => Ok(()),
            false => Err(format!("invalid slack file {id}")),
        };
    }
    filled(&it["image_url"], 3000)
}

fn element(world: &World, it: &Value) -> Check {
    let kind = it["type"].as_str().unwrap_or_default();
    short(&it["action_id"], 255)?;
    optional(&it["placeholder"], |text| plain(text, 150))?;
    optional(&it["confirm"], |confirm| {
        plain(&confirm["title"], 100)?;
        text_object(&confirm["text"], 300)?;
        plain(&confirm["confirm"], 30)?;
        plain(&confirm["deny"], 30)
    })?;
    match kind {
        "button" => {
            plain(&it["text"], 75)?;
            short(&it["value"], 2000)?;
            short(&it["url"], 3000)?;
            short(&it["accessibility_label"], 75)?;
            match it["style"].as_str() {
                None | Some("primary" | "danger") => Ok(()),
                Some(other) => Err(format!("no style “{other}”")),
            }
        }
        "static_select" | "multi_static_select" => match it.get("option_groups") {
            Some(groups) => list(groups, 1, 100, "option_groups", |group| {
                plain(&group["label"], 75)?;
                list(&group["options"], 1, 100, "options", option)
            }),
            None => list(&it["options"], 1, 100, "options", option),
        },
        "radio_buttons" | "checkboxes" => list(&it["options"], 1, 10, "options", option),
        "overflow" => list(&it["options"], 1, 5, "options", option),
        "plain_text_input" => {
            let longest = it["max_length"].as_u64().unwrap_or(3000);
            if !(1..=3000).contains(&longest) || it["min_length"].as_u64().unwrap_or(0) > longest {
                return Err("max_length is 1 to 3000, min_length below it".to_owned());
            }
            short(&it["initial_value"], longest as usize)
        }
        "image" => image(world, it),
        "external_select"
        | "users_select"
        | "conversations_select"
        | "channels_select"
        | "datepicker"
        | "timepicker"
        | "datetimepicker"
        | "url_text_input"
        | "email_text_input"
        | "number_input"
        | "multi_users_select" => Ok(()),
        other => Err(format!("no element of type “{other}”")),
    }
}

fn option(it: &Value) -> Check {
    text_object(&it["text"], 75)?;
    filled(&it["value"], 150)?;
    optional(&it["description"], |text| text_object(text, 75))
}

fn unique_actions(elements: &Value) -> Check {
    let mut ids = BTreeSet::new();
    for element in elements.as_array().into_iter().flatten() {
        if let Some(id) = element["action_id"].as_str()
            && !ids.insert(id)
        {
            return Err(format!("action_id “{id}” twice"));
        }
    }
    Ok(())
}

fn text_object(it: &Value, most: usize) -> Check {
    match it["type"].as_str() {
        Some("plain_text" | "mrkdwn") => filled(&it["text"], most),
        _ => Err(format!("not a text object: {it}")),
    }
}

fn plain(it: &Value, most: usize) -> Check {
    match it["type"].as_str() {
        Some("plain_text") => filled(&it["text"], most),
        _ => Err(format!("not plain text: {it}")),
    }
}

fn filled(it: &Value, most: usize) -> Check {
    match it.as_str() {
        Some("") => Err("an empty text".to_owned()),
        Some(text) => at_most(text.chars().count(), most, "characters"),
        None => Err(format!("a text is missing: {it}")),
    }
}

fn short(it: &Value, most: usize) -> Check {
    match it {
        Value::Null => Ok(()),
        Value::String(text) => at_most(text.chars().count(), most, "characters"),
        other => Err(format!("not a text: {other}")),
    }
}

fn optional(it: &Value, check: impl FnOnce(&Value) -> Check) -> Check {
    match it.is_null() {
        true => Ok(()),
        false => check(it),
    }
}

fn list(it: &Value, least: usize, most: usize, what: &str, check: impl Fn(&Value) -> Check) -> Check {
    let items = it.as_array().ok_or_else(|| format!("{what} are a list"))?;
    if items.len() < least {
        return Err(format!("too few {what}"));
    }
    at_most(items.len(), most, what)?;
    items.iter().try_for_each(check)
}

fn at_most(count: usize, most: usize, what: &str) -> Check {
    match count > most {
        true => Err(format!("{count} {what}, at most {most}")),
        false => Ok(()),
    }
}
