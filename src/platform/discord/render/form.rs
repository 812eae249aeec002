//! Forms as Discord's modals. A modal in the style that every client and our library can read holds up to five text inputs
//! and nothing else, so what must be chosen is asked in a private message before it, and what must be read is shown there.
//! A modal must be the first answer to an interaction; nothing here needs a second look at the lead.
//! <https://docs.discord.com/developers/components/reference>

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::notice::{before, body};
use super::text::{self, length};
use crate::domain::form::{Field, Form};
use crate::domain::ids::LeadId;
use crate::domain::notice::Tone;
use crate::port::front_desk::FilledIn;

const ID: usize = 100;
/// A form's key is carried as it is up to this length, and as a hash beyond.
const KEY: usize = 24;
const TITLE: usize = 45;
const LABEL: usize = 45;
const PLACEHOLDER: usize = 100;
const VALUE: usize = 4000;
const INPUTS: usize = 5;
const OPTIONS: usize = 25;

/// The modal for what is to be typed. What was chosen before rides in its `custom_id`, where there is room; otherwise it
/// stands in an input of its own.
pub fn modal(form: &Form) -> Value {
    let (id, chosen) = carried(form);
    let mut inputs: Vec<&Field> = form
        .fields
        .iter()
        .filter(|field| !chosen.contains(&name(field)))
        .collect();
    // Of more than five, what must be given goes first.
    inputs.sort_by_key(|field| !required(field));
    if inputs.len() <= INPUTS {
        inputs = form
            .fields
            .iter()
            .filter(|field| !chosen.contains(&name(field)))
            .collect();
    }
    let guidelines = guidelines(form);
    let rows: Vec<Value> = inputs
        .into_iter()
        .take(INPUTS)
        .map(|field| json!({ "type": 1, "components": [input(field, &guidelines)] }))
        .collect();
    json!({ "custom_id": id, "title": text::plain(&form.title, TITLE), "components": rows })
}

/// The private message that asks for the first thing that must be chosen; none where the modal can open at once.
/// Once something was chosen, `Picked::complete` fills it in.
pub fn steps(form: &Form) -> Option<Value> {
    let (index, field) = open_choice(form)?;
    let Field::Choice { label, options, .. } = field else {
        return None;
    };
    let mut offered: Vec<(&str, &str)> = Vec::new();
    for (value, label) in options {
        let fits = (1..=ID).contains(&length(value));
        if fits && !offered.iter().any(|(taken, _)| taken == value) {
            offered.push((value, label));
        }
    }
    let more = offered.len().saturating_sub(OPTIONS);
    offered.truncate(OPTIONS);
    if offered.is_empty() {
        return None;
    }
    let mut said = before(form);
    if more > 0 {
        said.push_str(&format!(
            "\n{more} more do not fit here: give the name to the command itself, {}.",
            text::sentence(&format!("`/{} {} …`", form.command, form.lead), 100)
        ));
    }
    let options: Vec<Value> = offered
        .into_iter()
        .map(|(value, label)| json!({ "value": value, "label": text::plain(label, ID) }))
        .collect();
    let mut message = body(&said, Tone::Plain);
    message["components"] = json!([{ "type": 1, "components": [{
        "type": 3,
        "custom_id": format!("pick|{}|{}|{}|{}|{index}", form.command, form.lead, form.seen, key(form)),
        "placeholder": text::plain(label, 150),
        "options": options,
    }] }]);
    Some(message)
}

/// The private message before a form that has no room for what must be read: all of that, and a button that opens the modal.
pub fn preview(form: &Form) -> Value {
    let mut message = body(&before(form), Tone::Plain);
    message["components"] = json!([{ "type": 1, "components": [{
        "type": 2,
        "style": 1,
        "label": "Open the form",
        "custom_id": format!("open|{}|{}|{}|{}", form.command, form.lead, form.seen, key(form)),
    }] }]);
    message
}

/// Is the modal's placeholder too short for the guidelines?
pub fn cuts_guidelines(form: &Form) -> bool {
    length(&guidelines(form)) > PLACEHOLDER
}

fn guidelines(form: &Form) -> String {
    form.guidelines.join(" · ")
}

/// The submission of a form in which nothing is left to be typed or chosen; none where something is.
pub fn submission(form: &Form) -> Option<FilledIn> {
    let typed = form
        .fields
        .iter()
        .any(|field| matches!(field, Field::Text { .. }));
    if typed || open_choice(form).is_some() {
        return None;
    }
    Some(FilledIn {
        command: form.command.clone(),
        lead: form.lead,
        fields: form
            .fields
            .iter()
            .map(|field| (name(field).to_owned(), value(field).to_owned()))
            .collect(),
        seen: form.seen,
        key: key(form),
    })
}

/// Reads a submitted modal: its `custom_id`, and its components as they stand on the wire. None for anything that is
/// not one of our modals.
pub fn read(custom_id: &str, components: &Value) -> Option<FilledIn> {
    let mut parts = custom_id.split('|');
    let (command, lead, seen, key) = begin(&mut parts, "fill")?;
    let chosen = parts.filter_map(|part| part.split_once('='));
    let mut fields: Vec<(String, String)> = chosen
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    for row in components.as_array()? {
        for input in row
            .get("components")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let name = input.get("custom_id").and_then(Value::as_str)?;
            let value = input.get("value").and_then(Value::as_str).unwrap_or_default();
            fields.push((name.to_owned(), value.to_owned()));
        }
    }
    Some(FilledIn {
        command,
        lead,
        fields,
        seen,
        key,
    })
}

/// What somebody chose in the message of `steps`; nothing was to be chosen in that of `preview`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    pub command: String,
    pub lead: LeadId,
    chosen: Option<(usize, String)>,
    seen: u32,
    key: String,
}

impl Picked {
    /// The form, built anew, with what was chosen; it stays the form that the person was shown, by `seen` and `key`.
    pub fn complete(&self, mut form: Form) -> Form {
        if let Some((field, chosen)) = &self.chosen
            && let Some(Field::Choice { value, .. }) = form.fields.get_mut(*field)
        {
            value.clone_from(chosen);
        }
        form.seen = self.seen;
        form.key.clone_from(&self.key);
        form
    }
}

/// Reads a choice made in the message of `steps`, or a press on the button of `preview`; none for anything else.
pub fn pick(custom_id: &str, values: &[String]) -> Option<Picked> {
    let mut parts = custom_id.split('|');
    let is_choice = !custom_id.starts_with("open|");
    let (command, lead, seen, key) = begin(&mut parts, if is_choice { "pick" } else { "open" })?;
    let chosen = match is_choice {
        true => Some((parts.next()?.parse().ok()?, values.first()?.clone())),
        false => None,
    };
    Some(Picked {
        command,
        lead,
        chosen,
        seen,
        key,
    })
}

fn begin<'a>(parts: &mut impl Iterator<Item = &'a str>, word: &str) -> Option<(String, LeadId, u32, String)> {
    if parts.next()? != word {
        return None;
    }
    let command = parts.next()?.to_owned();
    let lead = parts.next()?.parse().ok()?;
    let seen = parts.next()?.parse().ok()?;
    Some((command, lead, seen, parts.next()?.to_owned()))
}

/// The modal's `custom_id`, and the names of the fields that ride in it.
fn carried(form: &Form) -> (String, Vec<&str>) {
    let mut id = format!("fill|{}|{}|{}|{}", form.command, form.lead, form.seen, key(form));
    let mut chosen = Vec::new();
    if form
        .fields
        .iter()
        .all(|field| matches!(field, Field::Choice { .. }))
    {
        return (id, chosen);
    }
    for field in &form.fields {
        if let Field::Choice { name, value, .. } = field
            && !value.is_empty()
            && !value.contains('|')
        {
            let part = format!("|{name}={value}");
            if length(&id) + length(&part) <= ID {
                id.push_str(&part);
                chosen.push(name.as_str());
            }
        }
    }
    (id, chosen)
}

fn key(form: &Form) -> String {
    let fits = (1..=KEY).contains(&length(&form.key)) && !form.key.contains('|');
    match fits {
        true => form.key.clone(),
        false => {
            let hash = Sha256::digest(form.key.as_bytes());
            URL_SAFE_NO_PAD.encode(hash.get(..16).unwrap_or_default())
        }
    }
}

/// The first field that must be chosen and is not.
fn open_choice(form: &Form) -> Option<(usize, &Field)> {
    form.fields
        .iter()
        .enumerate()
        .find(|(_, field)| matches!(field, Field::Choice { value, required: true, .. } if value.is_empty()))
}

fn input(field: &Field, guidelines: &str) -> Value {
    let (label, multiline, hint) = match field {
        Field::Text {
            label,
            multiline,
            limit,
            hint,
            ..
        } => {
            let room = match limit {
                Some(limit) => format!(" (at most {limit})"),
                None => String::new(),
            };
            let label = format!(
                "{}{room}",
                text::plain(label, LABEL.saturating_sub(length(&room)))
            );
            (label, *multiline, hint.clone())
        }
        Field::Choice { label, options, .. } => {
            let values: Vec<&str> = options.iter().map(|(value, _)| value.as_str()).collect();
            (text::plain(label, LABEL), false, values.join(", "))
        }
    };
    let hint = match multiline && !guidelines.is_empty() {
        true => guidelines,
        false => hint.as_str(),
    };
    let mut input = json!({
        "type": 4,
        "custom_id": name(field),
        "style": if multiline { 2 } else { 1 },
        "label": label,
        "required": required(field),
        "max_length": VALUE,
    });
    let value = text::head(value(field), VALUE);
    if !value.is_empty() {
        input["value"] = value.into();
    }
    if !hint.trim().is_empty() {
        input["placeholder"] = text::plain(hint, PLACEHOLDER).into();
    }
    input
}

fn name(field: &Field) -> &str {
    match field {
        Field::Text { name, .. } | Field::Choice { name, .. } => name,
    }
}

fn value(field: &Field) -> &str {
    match field {
        Field::Text { value, .. } | Field::Choice { value, .. } => value,
    }
}

fn required(field: &Field) -> bool {
    match field {
        Field::Text { required, .. } | Field::Choice { required, .. } => *required,
    }
}
