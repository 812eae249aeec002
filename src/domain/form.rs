//! A form: a modal in platform-neutral terms. What it holds is decided in one place (`app/front`), each platform only draws it.

use serde::{Deserialize, Serialize};

use super::capability::Counting;
use super::ids::LeadId;
use super::mention::PublicText;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "input", rename_all = "snake_case")]
pub enum Field {
    Text {
        name: String,
        label: String,
        value: String,
        required: bool,
        multiline: bool,
        /// The longest value, counted by `counting`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<usize>,
        counting: Counting,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        hint: String,
    },
    Choice {
        name: String,
        label: String,
        value: String,
        required: bool,
        /// Value and label.
        options: Vec<(String, String)>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// The command that the submission runs.
    pub command: String,
    pub lead: LeadId,
    pub title: String,
    pub submit: String,
    /// Names this form, so that a double submission is one.
    pub key: String,
    /// Entries in the lead's timeline when it was opened; an answer to something newer is stopped and shown.
    pub seen: u32,
    /// What the author wrote, quoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<PublicText>,
    /// The department's do's and don'ts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guidelines: Vec<String>,
    pub fields: Vec<Field>,
}
