//! What Discord refuses with 50035: messages, embeds, components, modals, threads that are too long, empty or misshapen.
//! Lengths are counted in characters.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Answer;
use super::channels::strings;
use super::world::File;

/// What is wrong with a form body: path and code.
#[derive(Default)]
pub struct Wrong(Vec<(Vec<String>, String)>);

impl Wrong {
    pub fn one(path: &str, code: &str) -> Self {
        Self(vec![(vec![path.to_owned()], code.to_owned())])
    }

    pub fn add(&mut self, path: &[String], code: &str) {
        self.0.push((path.to_vec(), code.to_owned()));
    }

    /// The error tree, as Discord draws it.
    pub fn answer(self) -> Answer {
        let mut tree = json!({});
        for (path, code) in self.0 {
            let mut branch = &mut tree;
            for step in path {
                branch = &mut branch[step.as_str()];
            }
            branch["_errors"] = json!([{ "code": code, "message": "refused by its form" }]);
        }
        let body = json!({ "code": 50035, "message": "Invalid Form Body", "errors": tree });
        Answer::of(400, body)
    }

    pub fn or_none(self) -> Option<Answer> {
        (!self.0.is_empty()).then(|| self.answer())
    }

    /// A text between two lengths; absent is fine unless it is required.
    pub fn text(&mut self, at: &[String], holder: &Value, field: &str, least: usize, most: usize) {
        let path = under(at, field);
        match &holder[field] {
            Value::Null if least == 0 => {}
            Value::Null => self.add(&path, "BASE_TYPE_REQUIRED"),
            Value::String(text) => {
                let length = text.trim().chars().count();
                if length < least {
                    self.add(&path, "BASE_TYPE_REQUIRED");
                }
                if length > most {
                    self.add(&path, "BASE_TYPE_MAX_LENGTH");
                }
            }
            _ => self.add(&path, "STRING_TYPE_CONVERT"),
        }
    }

    pub fn list(
        &mut self,
        at: &[String],
        holder: &Value,
        field: &str,
        most: usize,
    ) -> Vec<(Vec<String>, Value)> {
        let path = under(at, field);
        let list = match &holder[field] {
            Value::Null => return Vec::new(),
            Value::Array(list) => list.clone(),
            _ => {
                self.add(&path, "LIST_TYPE_CONVERT");
                return Vec::new();
            }
        };
        if list.len() > most {
            self.add(&path, "BASE_TYPE_BAD_LENGTH");
        }
        let numbered = list.into_iter().enumerate();
        numbered
            .map(|(at, item)| (under(&path, &at.to_string()), item))
            .collect()
    }
}

pub fn under(path: &[String], step: &str) -> Vec<String> {
    let mut path = path.to_vec();
    path.push(step.to_owned());
    path
}

pub fn of_message(body: &Value, files: &[File], at: &[&str]) -> Option<Answer> {
    let is_empty = |field: &str| match &body[field] {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    };
    if ["content", "embeds", "components"]
        .iter()
        .all(|field| is_empty(field))
        && files.is_empty()
    {
        return Some(Answer::refused(400, 50006, "Cannot send an empty message"));
    }
    let path: Vec<String> = at.iter().map(|step| (*step).to_owned()).collect();
    let mut wrong = Wrong::default();
    wrong.text(&path, body, "nonce", 0, 25);
    check_message(&mut wrong, &path, body);
    wrong.or_none().or_else(|| of_files(body, files))
}

pub fn of_edit(body: &Value, files: &[File]) -> Option<Answer> {
    let mut wrong = Wrong::default();
    check_message(&mut wrong, &[], body);
    wrong.or_none().or_else(|| of_files(body, files))
}

fn of_files(body: &Value, files: &[File]) -> Option<Answer> {
    if files.len() > 10 {
        return Some(Answer::refused(
            400,
            30015,
            "Maximum number of attachments in a message reached (10)",
        ));
    }
    let total: usize = files.iter().map(|file| file.bytes.len()).sum();
    if total > 25 * 1024 * 1024 || files.iter().any(|file| file.bytes.len() > 10 * 1024 * 1024) {
        return Some(Answer::refused(413, 40005, "Request entity too large"));
    }
    let mut wrong = Wrong::default();
    for (path, listed) in wrong.list(&[], body, "attachments", 10) {
        wrong.text(&path, &listed, "description", 0, 1024);
    }
    for (path, embed) in wrong.list(&[], body, "embeds", 10) {
        let Some(image) = embed["image"]["url"].as_str() else {
            continue;
        };
        let path = under(&under(&path, "image"), "url");
        match image.strip_prefix("attachment://") {
            Some(name) if files.iter().any(|file| file.name == name) || files.is_empty() => {}
            Some(_) => wrong.add(&path, "ATTACHMENT_NOT_FOUND"),
            None if image.starts_with("https://") || image.starts_with("http://") => {}
            None => wrong.add(&path, "URL_TYPE_INVALID_SCHEME"),
        }
    }
    wrong.or_none()
}

fn check_message(wrong: &mut Wrong, at: &[String], body: &Value) {
    wrong.text(at, body, "content", 0, 2000);
    let mut sum = 0;
    for (path, embed) in wrong.list(at, body, "embeds", 10) {
        wrong.text(&path, &embed, "title", 0, 256);
        wrong.text(&path, &embed, "description", 0, 4096);
        wrong.text(&under(&path, "footer"), &embed["footer"], "text", 0, 2048);
        if !embed["author"].is_null() {
            wrong.text(&under(&path, "author"), &embed["author"], "name", 1, 256);
        }
        if embed["color"].as_u64().is_some_and(|color| color > 0x00FF_FFFF) {
            wrong.add(&under(&path, "color"), "NUMBER_TYPE_MAX");
        }
        let url = embed["url"].as_str();
        if url.is_some_and(|url| url::Url::parse(url).is_err() || url.len() > 2048) {
            wrong.add(&under(&path, "url"), "URL_TYPE_INVALID_URL");
        }
        let mut texts = vec![
            &embed["title"],
            &embed["description"],
            &embed["footer"]["text"],
            &embed["author"]["name"],
        ];
        for (path, field) in wrong.list(&path, &embed, "fields", 25) {
            wrong.text(&path, &field, "name", 1, 256);
            wrong.text(&path, &field, "value", 1, 1024);
        }
        let fields = embed["fields"].as_array().map_or(&[][..], Vec::as_slice);
        texts.extend(fields.iter().flat_map(|field| [&field["name"], &field["value"]]));
        let lengths = texts
            .into_iter()
            .filter_map(Value::as_str)
            .map(|text| text.trim().chars().count());
        sum += lengths.sum::<usize>();
    }
    if sum > 6000 {
        wrong.add(&under(at, "embeds"), "MAX_EMBED_SIZE_EXCEEDED");
    }
    check_components(wrong, at, body);
}

fn check_components(wrong: &mut Wrong, at: &[String], body: &Value) {
    let mut ids = BTreeSet::new();
    for (path, row) in wrong.list(at, body, "components", 5) {
        if row["type"] != 1 {
            wrong.add(&under(&path, "type"), "UNION_TYPE_CHOICES");
        }
        let parts = wrong.list(&path, &row, "components", 5);
        if parts.is_empty() {
            wrong.add(&under(&path, "components"), "BASE_TYPE_BAD_LENGTH");
        }
        let selects = parts
            .iter()
            .filter(|(_, part)| matches!(part["type"].as_u64(), Some(3 | 5..=8)))
            .count();
        if selects > 0 && parts.len() > 1 {
            wrong.add(&under(&path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED");
        }
        for (path, part) in parts {
            if let Some(id) = part["custom_id"].as_str()
                && !ids.insert(id.to_owned())
            {
                wrong.add(&under(&path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED");
            }
            match part["type"].as_u64() {
                Some(2) if part["style"] == 5 => {
                    wrong.text(&path, &part, "url", 1, 512);
                    wrong.text(&path, &part, "label", 0, 80);
                }
                Some(2) => {
                    wrong.text(&path, &part, "custom_id", 1, 100);
                    wrong.text(&path, &part, "label", 1, 80);
                }
                Some(3) => {
                    wrong.text(&path, &part, "custom_id", 1, 100);
                    wrong.text(&path, &part, "placeholder", 0, 150);
                    let options = wrong.list(&path, &part, "options", 25);
                    if options.is_empty() {
                        wrong.add(&under(&path, "options"), "BASE_TYPE_REQUIRED");
                    }
                    for (path, option) in options {
                        wrong.text(&path, &option, "label", 1, 100);
                        wrong.text(&path, &option, "value", 1, 100);
                        wrong.text(&path, &option, "description", 0, 100);
                    }
                }
                Some(5..=8) => wrong.text(&path, &part, "custom_id", 1, 100),
                _ => wrong.add(&under(&path, "type"), "UNION_TYPE_CHOICES"),
            }
        }
    }
}

/// A modal of rows with one text input each, the style that serenity reads back.
pub fn of_modal(body: &Value) -> Option<Answer> {
    let mut wrong = Wrong::default();
    let at = ["data".to_owned()];
    wrong.text(&at, body, "custom_id", 1, 100);
    wrong.text(&at, body, "title", 1, 45);
    let rows = wrong.list(&at, body, "components", 5);
    if rows.is_empty() {
        wrong.add(&under(&at, "components"), "BASE_TYPE_REQUIRED");
    }
    for (path, row) in rows {
        let inputs = wrong.list(&path, &row, "components", 1);
        if row["type"] != 1 || inputs.is_empty() {
            wrong.add(&path, "UNION_TYPE_CHOICES");
        }
        for (path, input) in inputs {
            if input["type"] != 4 || !matches!(input["style"].as_u64(), Some(1 | 2)) {
                wrong.add(&under(&path, "type"), "UNION_TYPE_CHOICES");
            }
            wrong.text(&path, &input, "custom_id", 1, 100);
            wrong.text(&path, &input, "label", 1, 45);
            wrong.text(&path, &input, "placeholder", 0, 100);
            wrong.text(&path, &input, "value", 0, 4000);
            let longest = input["max_length"].as_u64();
            if longest.is_some_and(|longest| !(1..=4000).contains(&longest)) {
                wrong.add(&under(&path, "max_length"), "NUMBER_TYPE_MAX");
            }
            let length = input["value"]
                .as_str()
                .map_or(0, |value| value.chars().count() as u64);
            if longest.is_some_and(|longest| length > longest) {
                wrong.add(&under(&path, "value"), "BASE_TYPE_MAX_LENGTH");
            }
        }
    }
    wrong.or_none()
}

pub fn of_choices(body: &Value) -> Option<Answer> {
    let mut wrong = Wrong::default();
    let at = ["data".to_owned()];
    for (path, choice) in wrong.list(&at, body, "choices", 25) {
        wrong.text(&path, &choice, "name", 1, 100);
        if choice["value"].is_string() {
            wrong.text(&path, &choice, "value", 1, 100);
        }
    }
    wrong.or_none()
}

pub fn of_thread(body: &Value) -> Option<Answer> {
    let mut wrong = Wrong::default();
    wrong.text(&[], body, "name", 1, 100);
    match &body["auto_archive_duration"] {
        Value::Null => {}
        minutes if matches!(minutes.as_u64(), Some(60 | 1440 | 4320 | 10080)) => {}
        _ => wrong.add(&["auto_archive_duration".to_owned()], "BASE_TYPE_CHOICES"),
    }
    wrong.or_none()
}

pub fn of_tags(applied: &Value, known: &[(u64, String)]) -> Option<Answer> {
    let applied = strings(applied);
    let unknown = applied
        .iter()
        .any(|tag| known.iter().all(|(id, _)| id.to_string() != *tag));
    (unknown || applied.len() > 5).then(|| Wrong::one("applied_tags", "BASE_TYPE_CHOICES").answer())
}
