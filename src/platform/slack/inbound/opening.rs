//! Windows that we open and change: forms, and answers where there is no channel to answer in. A trigger opens one window
//! within three seconds of the click; after that, Slack refuses, and the person is asked to click again.
//!
//! <https://docs.slack.dev/surfaces/modals>

use serde_json::{Value, json};

use super::door::Door;
use crate::domain::form::Form;
use crate::domain::notice::Notice;
use crate::domain::refusal::Refusal;
use crate::platform::slack::client::Failure;
use crate::platform::slack::render::{self, FormState};

/// The block in which a window says something above its form.
const SAID: &str = "said";

/// How a form is to be opened.
pub(super) struct Opening<'a> {
    pub trigger: &'a str,
    pub state: FormState,
    /// What the person does to try once more: `click`, `type it`.
    pub again: &'a str,
}

impl Door {
    pub(super) async fn open(&self, form: &Form, opening: Opening<'_>) -> Result<(), Refusal> {
        let view = render::modal(form, &opening.state);
        let body = json!({ "trigger_id": opening.trigger, "view": view });
        let Err(failure) = self.slack.client.post("views.open", &body).await else {
            return Ok(());
        };
        let again = opening.again;
        let text = match &failure {
            Failure::Refused(code) if code.ends_with("trigger_id") || code == "trigger_expired" => {
                format!("That took too long for Slack, and the form did not open; please {again} again.")
            }
            Failure::Unknown(_) => {
                format!(
                    "Slack did not say whether the form opened; if you do not see it, please {again} again."
                )
            }
            Failure::TooFast(_) | Failure::NotSent(_) => {
                format!("Slack could not open the form just now; please {again} again in a moment.")
            }
            Failure::Refused(code) => {
                tracing::error!(command = %form.command, "Slack refuses to open a form: {code}");
                format!("Slack refuses to open the form ({code}); an administrator finds more in the log.")
            }
        };
        Err(Refusal::because(text))
    }

    /// Says something in a window of its own.
    pub(super) async fn show(&self, notice: &Notice, trigger: &str) -> Result<(), Failure> {
        let body = json!({ "trigger_id": trigger, "view": render::say(notice) });
        self.slack.client.post("views.open", &body).await.map(drop)
    }

    /// Replaces what a window shows; where `unchanged` is asked for, only if nothing else replaced it meanwhile.
    pub(super) async fn update(&self, old: &Value, view: Value, unchanged: bool) -> Result<(), Failure> {
        let mut body = json!({ "view_id": old["id"], "view": view });
        if unchanged && old["hash"].is_string() {
            body["hash"] = old["hash"].clone();
        }
        self.slack.client.post("views.update", &body).await.map(drop)
    }
}

/// A view with something said above everything else, in place of what was said there before.
pub(super) fn saying(mut view: Value, notice: &Notice) -> Value {
    let mut said = super::payload::taken(&mut render::say(notice), "/blocks/0");
    said["block_id"] = SAID.into();
    if let Some(blocks) = view["blocks"].as_array_mut() {
        blocks.retain(|block| block["block_id"] != SAID);
        // Slack takes a hundred blocks.
        blocks.truncate(99);
        blocks.insert(0, said);
    }
    view
}

/// A window as it was sent, with what was typed in it, to be shown once more.
pub(super) fn as_sent(view: &Value) -> Value {
    let kept = [
        "type",
        "callback_id",
        "title",
        "submit",
        "close",
        "notify_on_close",
        "private_metadata",
        "blocks",
    ];
    let mut again: Value = kept
        .into_iter()
        .filter(|key| !view[*key].is_null())
        .map(|key| (key.to_owned(), view[key].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into();
    for block in again["blocks"].as_array_mut().into_iter().flatten() {
        let (Some(id), Some(action)) = (block["block_id"].as_str(), block["element"]["action_id"].as_str())
        else {
            continue;
        };
        let given = &view["state"]["values"][id][action];
        let (key, value) = match given["type"].as_str() {
            Some("static_select") => ("initial_option", given["selected_option"].clone()),
            _ => ("initial_value", given["value"].clone()),
        };
        if let Some(element) = block["element"].as_object_mut() {
            match value.is_null() || value == "" {
                true => element.remove(key),
                false => element.insert(key.to_owned(), value),
            };
        }
    }
    again
}

/// The first input of a window: where an error can stand that belongs to none.
pub(super) fn first_input(view: &Value) -> Option<&str> {
    inputs(view).next()
}

pub(super) fn has_input(view: &Value, name: &str) -> bool {
    inputs(view).any(|input| input == name)
}

fn inputs(view: &Value) -> impl Iterator<Item = &str> {
    let blocks = view["blocks"].as_array().into_iter().flatten();
    blocks
        .filter(|block| block["type"] == "input")
        .filter_map(|block| block["block_id"].as_str())
}
