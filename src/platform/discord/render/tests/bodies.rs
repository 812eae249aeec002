//! Property tests: whatever a card, a notice, a digest or a form holds, its body keeps what `checks` asks for.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{checks, samples};
use crate::domain::form::{Field, Form};
use crate::platform::discord::render::{card, digest, form, notice, text, thread};
use crate::port::chat::Picture;
use crate::port::front_desk::FilledIn;

pub fn pictures() -> Vec<Picture> {
    ["open-leads.png", "first-responses.png"]
        .map(|file| Picture {
            file: file.to_owned(),
            title: "Open leads".to_owned(),
            alt: "Bar chart. ".repeat(200),
            png: Vec::new(),
        })
        .to_vec()
}

/// What Discord sends back when somebody submits a modal as it was opened.
fn submitted(modal: &Value) -> (String, Value) {
    let rows = modal["components"].as_array().unwrap().iter().map(|row| {
        let input = &row["components"][0];
        let value = input.get("value").cloned().unwrap_or_else(|| "".into());
        json!({ "type": 1, "components": [{ "type": 4, "custom_id": input["custom_id"], "value": value }] })
    });
    (modal["custom_id"].as_str().unwrap().to_owned(), rows.collect())
}

fn choices(message: &Value) -> (String, Vec<String>) {
    let select = &message["components"][0]["components"][0];
    let values = select["options"].as_array().unwrap().iter();
    let values = values
        .map(|option| option["value"].as_str().unwrap().to_owned())
        .collect();
    (select["custom_id"].as_str().unwrap().to_owned(), values)
}

/// A person who chooses the last of what is offered, and types nothing else.
fn filled_in(mut open: Form) -> Option<FilledIn> {
    for _ in 0..6 {
        match form::steps(&open) {
            None => break,
            Some(message) => {
                checks::message(&message);
                let (id, values) = choices(&message);
                let picked = form::pick(&id, &values[values.len() - 1..]).expect("our own select");
                assert_eq!((&picked.command, picked.lead), (&open.command, open.lead));
                open = picked.complete(open);
            }
        }
    }
    if let Some(done) = form::submission(&open) {
        return Some(done);
    }
    let modal = form::modal(&open);
    checks::modal(&modal);
    let (id, components) = submitted(&modal);
    form::read(&id, &components)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn cards_keep_within_limits_and_show_texts_as_texts(picture in samples::card()) {
        let body = card::card(&picture);
        checks::message(&body);
        for row in body["components"].as_array().unwrap() {
            for button in row["components"].as_array().unwrap().iter().filter(|button| button["style"] != 5) {
                let (command, lead) = card::read_click(button["custom_id"].as_str().unwrap()).unwrap();
                prop_assert_eq!(lead, picture.lead);
                prop_assert!(picture.actions.iter().any(|action| action.command == command));
            }
        }
        if picture.stub {
            let embed = &body["embeds"][0];
            prop_assert_eq!(&body["components"], &json!([]));
            prop_assert!(embed.get("author").is_none() && embed.get("image").is_none());
            prop_assert!(embed["fields"].as_array().unwrap().iter().all(|field| field["inline"] == true));
            prop_assert!(embed["description"].as_str().unwrap().starts_with("A confidential lead of"));
        }
    }

    #[test]
    fn notices_lines_and_news_keep_within_limits(
        told in samples::notice(),
        line in samples::line(),
        news in samples::text(),
    ) {
        checks::message(&notice::notice(&told));
        checks::message(&notice::refused(&told, "reply", crate::domain::ids::LeadId(7)));
        checks::message(&notice::told(line.lead, &news));
        checks::message(&thread::line(&line));
    }

    #[test]
    fn digests_keep_within_limits(summary in samples::digest()) {
        let body = digest::digest(&summary, &pictures());
        checks::message(&body);
        prop_assert_eq!(body["attachments"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn a_form_comes_back_as_it_was_filled_in(open in samples::form()) {
        checks::message(&form::preview(&open));
        let done = filled_in(open.clone()).expect("our own modal");
        prop_assert_eq!(&done.command, &open.command);
        prop_assert_eq!((done.lead, done.seen), (open.lead, open.seen));
        prop_assert!(!done.key.is_empty());
        let mut named: Vec<&str> = done.fields.iter().map(|(name, _)| name.as_str()).collect();
        named.sort_unstable();
        let mut asked: Vec<&str> = Vec::new();
        for field in &open.fields {
            let (Field::Text { name, value, .. } | Field::Choice { name, value, .. }) = field;
            asked.push(name);
            let given = done.fields.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str());
            if !value.is_empty() {
                prop_assert_eq!(given, Some(text::head(value, 4000)));
            } else if let Field::Choice { options, required: true, .. } = field {
                let known = |given: &str| given.is_empty() || options.iter().any(|(value, _)| value == given);
                prop_assert!(given.is_some_and(known));
            }
        }
        prop_assert_eq!(named, asked);
    }

    #[test]
    fn escaping_loses_nothing_that_can_be_seen(written in samples::text()) {
        let escaped = text::quote(&written, 100_000)[2..].replace("\n> ", "\n");
        checks::harmless(&escaped);
        prop_assert!(!escaped.contains("**"), "{}", escaped);
        let mut shown = String::new();
        let mut letters = escaped.chars();
        while let Some(letter) = letters.next() {
            shown.extend(if letter == '\\' { letters.next() } else { Some(letter) });
        }
        let clean = text::clean(&written);
        if !clean.trim().is_empty() {
            prop_assert_eq!(shown.replace('\u{200b}', ""), clean);
        }
        for room in [1, 2, 7, 60] {
            let cut = text::quote(&written, room + 2)[2..].replace("\n> ", "\n");
            prop_assert!(text::length(&cut) <= room, "{cut:?} is longer than {room}");
            checks::harmless(&cut);
        }
    }
}
