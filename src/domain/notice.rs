//! A notice: a private answer to one person, neutral of any platform; and the answer that the desk gives to a request.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::form::Form;
use super::ids::LeadId;
use super::mention::PublicText;
use super::refusal::Refusal;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Something a person asked to read.
    Plain,
    Done,
    Refused,
    Warning,
}

/// One line of a list in a notice. `said` is public text, to be escaped by whoever shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<LeadId>,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<PublicText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub tone: Tone,
    pub text: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
    /// The rows tell a story, newest last, and this many older ones are not among them. Where there is no room for all,
    /// the oldest give way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<usize>,
    /// The form field to mend, where a refusal has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Notice {
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self {
            tone,
            text: text.into(),
            rows: Vec::new(),
            earlier: None,
            field: None,
        }
    }

    /// What stands above the rows of a story that are shown, where older ones are missing; `cut` of them for lack of room.
    pub fn older_missing(&self, cut: usize) -> Option<String> {
        match self.earlier? + cut {
            0 => None,
            1 => Some("1 earlier entry is not shown".to_owned()),
            many => Some(format!("{many} earlier entries are not shown")),
        }
    }

    pub fn done(text: impl Into<String>) -> Self {
        Self::new(Tone::Done, text)
    }
}

impl From<Refusal> for Notice {
    fn from(refusal: Refusal) -> Self {
        Self {
            tone: Tone::Refused,
            text: refusal.text,
            rows: Vec::new(),
            earlier: None,
            field: refusal.field,
        }
    }
}

/// What a person gets back for a request: a notice, or a form to fill in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Notice(Notice),
    Form(Box<Form>),
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self::Notice(refusal.into())
    }
}
