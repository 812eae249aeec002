//! A refusal: a polite no to a person, which is not an error. Every one says why, and what to do where something can be done (law 5).

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a person's request was not done. `field` points at the form field to mend, where there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Refusal {
    pub fn because(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            field: None,
        }
    }

    /// A refusal that belongs to one field of a form.
    pub fn of_field(field: &str, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            field: Some(field.to_owned()),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}
