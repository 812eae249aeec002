//! Everything that Slack shows, as pure functions from our own words to Block Kit. Nothing here calls Slack, knows the time
//! or decides anything. Every limit holds after escaping, and a stranger's text never stands where Slack would parse it.
//!
//! Block Kit: <https://docs.slack.dev/reference/block-kit/>

mod address;
mod blocks;
mod button;
mod card;
mod digest;
mod form;
mod form_state;
mod home;
mod notice;
mod rows;
mod text;
mod thread;
mod turns;

use serde_json::Value;

pub(super) use button::{Pressed, pressed};
pub(super) use card::{card, card_without_pictures};
pub(super) use digest::digest;
pub(super) use form::{errors, modal, say};
pub(super) use form_state::{FormState, read};
pub(super) use home::{Home, Summary, Waiting, home};
pub(super) use notice::{notice, told};
pub(super) use thread::line;

/// What posting or editing a message takes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Message {
    /// The notification line: escaped, short, and mentioning nobody.
    pub text: String,
    pub blocks: Vec<Value>,
}

#[cfg(test)]
mod tests;
