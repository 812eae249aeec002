//! What an adapter found when it asked the outside whether everything is ready: one line each, with what to do. For
//! `check --online`; every adapter that has an account somewhere reports in these words.

use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    Fine,
    /// It works, and an administrator should know.
    Note,
    /// Something will not work until it is mended.
    Problem,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub weight: Weight,
    /// What was looked at: `slack/C0614TZR7`, `bot_token`, `dana`.
    pub about: String,
    pub what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub todo: Option<String>,
}

impl Finding {
    pub fn fine(about: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            weight: Weight::Fine,
            about: about.into(),
            what: what.into(),
            todo: None,
        }
    }

    pub fn note(about: impl Into<String>, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self {
            weight: Weight::Note,
            todo: Some(todo.into()),
            ..Self::fine(about, what)
        }
    }

    pub fn problem(about: impl Into<String>, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self {
            weight: Weight::Problem,
            ..Self::note(about, what, todo)
        }
    }
}
