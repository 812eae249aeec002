//! What a modal carries with it and gives back: which form it is, where it was opened, and what has been filled in. Slack
//! hands `private_metadata` back as we wrote it; what does not read as ours is nobody's form.
//!
//! Views: <https://docs.slack.dev/reference/views/>

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::text::length;
use crate::domain::form::Form;
use crate::domain::ids::LeadId;
use crate::port::front_desk::FilledIn;

const LONGEST_METADATA: usize = 3000;

/// Where a form was opened, so that what is said about it later is said there.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FormState {
    pub channel: Option<String>,
    /// The card's `ts`.
    pub message: Option<String>,
    /// For private answers. It is a secret, and worth something for half an hour.
    pub response_url: Option<String>,
    /// What to show as the public would read it. Only drawn: it does not come back.
    pub preview: Option<String>,
}

/// Without the address and the text: neither belongs in a log.
impl fmt::Debug for FormState {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("FormState")
            .field("channel", &self.channel)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    command: String,
    lead: LeadId,
    seen: u32,
    key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    response_url: Option<String>,
}

/// What a modal keeps. Where it was opened is left out rather than the form itself, should it be too long.
pub(super) fn metadata(form: &Form, state: &FormState) -> String {
    let mut kept = Kept {
        command: form.command.clone(),
        lead: form.lead,
        seen: form.seen,
        key: form.key.clone(),
        channel: state.channel.clone(),
        message: state.message.clone(),
        response_url: state.response_url.clone(),
    };
    let written = |kept: &Kept| {
        serde_json::to_string(kept)
            .ok()
            .filter(|text| length(text) <= LONGEST_METADATA)
    };
    if let Some(text) = written(&kept) {
        return text;
    }
    kept.response_url = None;
    if let Some(text) = written(&kept) {
        return text;
    }
    (kept.channel, kept.message) = (None, None);
    // A form that cannot be written down cannot be sent: `read` finds nothing, and the person is told to open it anew.
    written(&kept).unwrap_or_default()
}

/// Reads the `view` of a modal that was submitted, closed or typed into. None: not one of ours, or tampered with.
pub fn read(view: &Value) -> Option<(FilledIn, FormState)> {
    let kept: Kept = serde_json::from_str(view["private_metadata"].as_str()?).ok()?;
    if kept.command.is_empty() || view["callback_id"] != callback(&kept.command).as_str() {
        return None;
    }
    let mut fields = Vec::new();
    for (block, inputs) in view["state"]["values"].as_object().into_iter().flatten() {
        // A field's block and its input are called the same.
        let input = &inputs[block.as_str()];
        let value = match input["type"].as_str() {
            Some("plain_text_input") => input["value"].as_str(),
            Some("static_select") => input["selected_option"]["value"].as_str(),
            _ => continue,
        };
        fields.push((block.clone(), value.unwrap_or_default().to_owned()));
    }
    let filled = FilledIn {
        command: kept.command,
        lead: kept.lead,
        fields,
        seen: kept.seen,
        key: kept.key,
    };
    let state = FormState {
        channel: kept.channel,
        message: kept.message,
        response_url: kept.response_url,
        preview: None,
    };
    Some((filled, state))
}

pub(super) fn callback(command: &str) -> String {
    format!("form:{command}")
}
