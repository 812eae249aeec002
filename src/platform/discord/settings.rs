//! Discord's settings, `[discord]`, and what its ids look like. The token is named here, never written.

use serde::Deserialize;

use crate::port::secret::SecretRef;

/// How Discord reaches us; an application uses one of the two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Inbound {
    /// Switchboard dials out: no public address needed.
    #[default]
    Gateway,
    /// Discord calls `/discord/interactions`: needs `public_key`.
    Http,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// From *Bot*, in the developer portal.
    pub bot_token: SecretRef,
    /// The application's id, from *General Information*.
    pub application: String,
    /// The company's server.
    pub guild: String,
    #[serde(default)]
    pub inbound: Inbound,
    /// From *General Information*, 64 hexadecimal digits; for HTTP.
    #[serde(default)]
    pub public_key: Option<String>,
    /// Another address than Discord's own, for trials: `http://127.0.0.1:4020`.
    #[serde(default)]
    pub api_url: Option<String>,
    /// Whether each lead's history and notes are kept in a thread under its card.
    #[serde(default = "yes")]
    pub threads: bool,
}

fn yes() -> bool {
    true
}

/// A channel is named by its id. The error is what to do instead.
pub fn check_channel(name: &str) -> Result<(), String> {
    match is_snowflake(name) {
        true => Ok(()),
        false => Err(
            "write the channel's id, such as \"discord/1106298301283012608\": with developer mode on, right-click the \
             channel and copy its id"
                .to_owned(),
        ),
    }
}

/// A group is a role of the server. The error is what to do instead.
pub fn check_group(name: &str) -> Result<(), String> {
    match is_snowflake(name) {
        true => Ok(()),
        false => Err("write the id of a role, such as \"discord/1106298301283012608\"".to_owned()),
    }
}

pub(super) fn is_snowflake(text: &str) -> bool {
    (5..=20).contains(&text.len()) && text.parse::<u64>().is_ok_and(|id| id > 0)
}
