//! What holds for everything that Slack is shown, whatever it holds.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::*;
use super::{limits, sample_forms, samples, words};
use crate::domain::form::{Field, Form};
use crate::domain::ids::LeadId;
use crate::domain::lead::State;
use crate::domain::notice::Notice;

/// What Slack sends back when somebody submits the form as it stands, or with `typed` in each text.
fn submitted(view: &Value, typed: Option<&str>) -> Value {
    let mut values = json!({});
    for block in view["blocks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|block| block["type"] == "input")
    {
        let element = &block["element"];
        let answer = match element["type"].as_str().unwrap() {
            "static_select" => {
                json!({ "type": "static_select", "selected_option": element["initial_option"] })
            }
            kind => {
                let value = typed.map_or(element["initial_value"].clone(), |typed| json!(typed));
                json!({ "type": kind, "value": value })
            }
        };
        values[block["block_id"].as_str().unwrap()][element["action_id"].as_str().unwrap()] = answer;
    }
    json!({
        "type": "modal",
        "callback_id": view["callback_id"],
        "private_metadata": view["private_metadata"],
        "state": { "values": values },
    })
}

fn state() -> FormState {
    FormState {
        channel: Some("C0614TZR7".to_owned()),
        message: Some("1795526400.000100".to_owned()),
        response_url: Some("https://hooks.slack.com/actions/T1/2/secret".to_owned()),
        preview: None,
    }
}

/// The value that a field of the form comes back with when nobody touches it.
fn untouched(field: &Field) -> (String, Option<String>) {
    match field {
        Field::Text { name, value, .. } => {
            let whole = value.encode_utf16().count() <= 3000;
            (name.clone(), whole.then(|| value.clone()))
        }
        Field::Choice {
            name, value, options, ..
        } => {
            let offered = options.iter().any(|(offered, _)| offered == value);
            let fits = !value.is_empty() && value.encode_utf16().count() <= 150;
            (name.clone(), (offered && fits).then(|| value.clone()))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn a_card_may_hold_anything(sample in samples::card()) {
        for message in [card(&sample), card_without_pictures(&sample)] {
            limits::message(&message);
            let shown = json!(message.blocks).to_string();
            let pressable = message.blocks.iter().any(|block| block["type"] == "actions");
            prop_assert!(sample.state != State::Resolved || !pressable);
            if sample.state != State::Resolved {
                for action in sample.actions.iter().take(5) {
                    let button = format!("do:{}", action.command);
                    prop_assert!(shown.contains(&button), "{button} is missing");
                }
            }
            let newest = shown.contains(&format!("{}:turn-0", sample.version));
            prop_assert_eq!(newest, !sample.stub && !sample.turns.is_empty());
            prop_assert!(!sample.stub || !(shown.contains(limits::STRANGER) || message.text.contains(limits::STRANGER)));
            let marked = format!("{}:{}:", sample.lead, sample.version);
            prop_assert!(message.blocks.iter().all(|block| block["block_id"].as_str().unwrap().starts_with(&marked)));
        }
        prop_assert!(!json!(card_without_pictures(&sample).blocks).to_string().contains("image_url"));
    }

    #[test]
    fn a_line_a_notice_and_a_digest_may_hold_anything(
        row in samples::row(),
        sample in samples::notice(),
        summary in samples::digest(),
        words in words::any_text(),
    ) {
        limits::message(&line(&row));
        limits::message(&notice(&sample));
        limits::view(&say(&sample));
        limits::message(&told(None, &words));
        limits::message(&told(Some(LeadId(7)), &words));
        limits::message(&digest(&summary, &[]));
        let picture = ("F0123456789".to_owned(), words.clone(), words);
        limits::message(&digest(&summary, &[picture.clone(), picture.clone(), picture]));
    }

    #[test]
    fn a_home_may_hold_anything(sample in samples::home()) {
        limits::view(&home(&sample));
    }

    #[test]
    fn a_form_comes_back_as_it_was_sent(
        form in sample_forms::form(),
        typed in words::any_text(),
        preview in proptest::option::of(words::any_text()),
    ) {
        let state = FormState { preview, ..state() };
        let view = modal(&form, &state);
        limits::view(&view);
        let (filled, back) = read(&submitted(&view, None)).unwrap();
        prop_assert_eq!(back, FormState { preview: None, ..state });
        prop_assert_eq!((&filled.command, filled.lead, filled.seen, &filled.key), (&form.command, form.lead, form.seen, &form.key));
        prop_assert_eq!(filled.fields.len(), form.fields.len());
        for field in &form.fields {
            let (name, expected) = untouched(field);
            let value = filled.fields.iter().find(|(named, _)| *named == name).map(|(_, value)| value);
            prop_assert!(value.is_some());
            if let Some(expected) = expected {
                prop_assert_eq!(value, Some(&expected));
            }
        }
        let (filled, _) = read(&submitted(&view, Some(&typed))).unwrap();
        for (name, value) in filled.fields {
            let text = form.fields.iter().any(|field| matches!(field, Field::Text { name: of, .. } if *of == name));
            prop_assert!(!text || value == typed);
        }
    }

    #[test]
    fn a_view_that_is_not_ours_is_nobodys_form(metadata in words::any_text()) {
        let view = json!({ "callback_id": "form:reply", "private_metadata": metadata, "state": { "values": {} } });
        prop_assert!(read(&view).is_none());
    }
}

fn simple(key: &str) -> Form {
    Form {
        command: "reply".to_owned(),
        lead: LeadId(142),
        title: "Answer L-142 in public on X".to_owned(),
        submit: "Send to the public".to_owned(),
        key: key.to_owned(),
        seen: 3,
        quote: None,
        guidelines: Vec::new(),
        fields: Vec::new(),
    }
}

#[test]
fn tampered_metadata_is_refused() {
    let view = submitted(&modal(&simple("k"), &state()), None);
    assert!(read(&view).is_some());
    for (from, to) in [
        ("\"lead\":142", "\"lead\":\"142\""),
        ("\"seen\":3", "\"seen\":-3"),
        ("\"seen\":3", "\"seen\":3,\"admin\":true"),
        ("\"command\":\"reply\"", "\"command\":\"resolve\""),
        ("{", "["),
    ] {
        let metadata = view["private_metadata"].as_str().unwrap();
        assert!(metadata.contains(from), "{from}");
        let mut forged = view.clone();
        forged["private_metadata"] = json!(metadata.replace(from, to));
        assert!(read(&forged).is_none(), "{to}");
    }
}

#[test]
fn a_form_outlives_an_address_that_is_too_long() {
    let long = FormState {
        response_url: Some(format!("https://hooks.slack.com/{}", "x".repeat(4_000))),
        ..state()
    };
    let (filled, back) = read(&submitted(&modal(&simple("k"), &long), None)).unwrap();
    assert_eq!(filled.key, "k");
    assert_eq!((back.response_url, back.channel), (None, state().channel));
    let view = modal(&simple(&"k".repeat(4_000)), &state());
    limits::view(&view);
    assert!(
        read(&submitted(&view, None)).is_none(),
        "what cannot be written down cannot be sent"
    );
}

#[test]
fn an_address_for_answers_stays_out_of_logs() {
    assert!(!format!("{:?}", state()).contains("secret"));
}

#[test]
fn an_error_stands_at_its_field() {
    let text = "Too long: 300 of 280.";
    assert_eq!(
        errors("text", text),
        json!({ "response_action": "errors", "errors": { "text": text } })
    );
    assert_eq!(errors("text", "")["errors"]["text"], "–");
}

#[test]
fn a_long_list_says_how_much_is_missing() {
    let row = |number| crate::domain::notice::Row {
        lead: Some(LeadId(number)),
        text: "waiting 3 h · unclaimed".to_owned(),
        said: Some("where is my parcel".into()),
        at: None,
    };
    let mut long = Notice::done("Support’s queue");
    long.rows = (0..500).map(row).collect();
    let message = notice(&long);
    limits::message(&message);
    let shown = json!(message.blocks).to_string();
    let listed = shown.matches("where is my parcel").count();
    assert!(listed >= 20, "{listed}");
    assert!(
        shown.contains(&format!("… and {} more", 500 - listed)),
        "{listed}"
    );
}

#[test]
fn a_long_story_keeps_its_end_and_says_how_much_came_before() {
    let row = |number: usize| crate::domain::notice::Row {
        lead: None,
        text: format!("entry number {number} of it"),
        said: Some("where is my parcel".into()),
        at: None,
    };
    let mut story = Notice::done("L-142 · Support");
    story.rows = (70..120).map(row).collect();
    story.earlier = Some(70);
    let message = notice(&story);
    limits::message(&message);
    let shown = json!(message.blocks).to_string();
    let listed = shown.matches("entry number").count();
    assert!((20..50).contains(&listed), "{listed}");
    let place = |text: String| shown.find(&text).unwrap_or_else(|| panic!("{text}: {shown}"));
    let missing = place(format!("… {} earlier entries are not shown", 120 - listed));
    assert!(missing < place(format!("entry number {} ", 120 - listed)));
    place("entry number 119 ".to_owned());

    story.rows.truncate(3);
    story.earlier = Some(0);
    let whole = json!(notice(&story).blocks).to_string();
    assert!(!whole.contains("not shown"), "{whole}");
}
