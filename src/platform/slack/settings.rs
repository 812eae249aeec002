//! Slack's settings, `[slack]`, and what its ids look like. Tokens are named here, never written.

use serde::Deserialize;

use crate::port::secret::SecretRef;

/// How Slack reaches us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Inbound {
    /// Switchboard dials out (Socket Mode): needs `app_token`, and no public address.
    #[default]
    Socket,
    /// Slack calls `/slack/commands`, `/slack/interactivity` and `/slack/events`: needs `signing_secret`.
    Http,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `xoxb-…`, from *OAuth & Permissions*.
    pub bot_token: SecretRef,
    /// `xapp-…` with `connections:write`, from *Basic Information*; for Socket Mode.
    #[serde(default)]
    pub app_token: Option<SecretRef>,
    /// From *Basic Information*; for HTTP.
    #[serde(default)]
    pub signing_secret: Option<SecretRef>,
    #[serde(default)]
    pub inbound: Inbound,
    /// The workspace, `T…`; none: the one that the bot token belongs to.
    #[serde(default)]
    pub team: Option<String>,
    /// GovSlack's is `https://slack-gov.com/api`.
    #[serde(default = "api_url")]
    pub api_url: String,
    /// Whether each lead's history and notes are kept in a thread under its card.
    #[serde(default = "yes")]
    pub threads: bool,
    /// A message in a card's thread that begins with this is kept as a note.
    #[serde(default = "note_sign")]
    pub note_sign: String,
    /// Sockets held open at once; two leave no gap while Slack replaces one. At most ten.
    #[serde(default = "connections")]
    pub connections: u8,
}

fn api_url() -> String {
    "https://slack.com/api".to_owned()
}

fn yes() -> bool {
    true
}

fn note_sign() -> String {
    "note:".to_owned()
}

fn connections() -> u8 {
    2
}

/// A channel is named by its id. The error is what to do instead.
pub fn check_channel(name: &str) -> Result<(), String> {
    match is_id(name, &['C', 'G']) {
        true => Ok(()),
        false => Err("write the channel's id, such as \"slack/C0614TZR7\": Slack shows it at the end of the channel's \
             details"
            .to_owned()),
    }
}

/// A group is a user group, or a channel whose members are meant. The error is what to do instead.
pub fn check_group(name: &str) -> Result<(), String> {
    match is_id(name, &['S', 'C', 'G']) {
        true => Ok(()),
        false => Err(
            "write the id of a user group, \"slack/S0614TZR7\", or of a channel whose members are meant, \
             \"slack/C0614TZR7\""
                .to_owned(),
        ),
    }
}

fn is_id(text: &str, first: &[char]) -> bool {
    text.starts_with(first)
        && (3..=24).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
}
