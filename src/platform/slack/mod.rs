//! Slack: cards in Block Kit, modals, slash commands, App Home, digests; in Socket Mode or over HTTP.
//!
//! What is Slack's own (wire format, limits, methods) stays in this folder. <https://docs.slack.dev/>

// Rooms are filled one by one; the last to be joined takes this line out.
#![allow(dead_code, unused_imports)]

mod advice;
mod check;
mod client;
mod command_names;
mod errors;
mod inbound;
mod manifest;
mod members;
mod pace;
mod render;
mod settings;
mod staff;
mod workspace;
mod yaml;

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use secrecy::SecretString;

use client::Client;

pub use check::check;
pub use command_names::command_notes;
pub use inbound::{listen, router};
pub use manifest::{Wanted, as_yaml, manifest};
pub use members::Members;
pub use settings::{Inbound, Settings, check_channel, check_group};

/// Slack's name among the chat platforms: its channels are written `slack/C0614TZR7`.
pub const PLATFORM: &str = "slack";

/// What time it is; an argument, so that tests turn the hands.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// One workspace.
pub struct Slack {
    client: Client,
    settings: Settings,
    clock: Clock,
    workspace: tokio::sync::OnceCell<workspace::Workspace>,
    /// Proves that a request over HTTP is Slack's.
    signing_secret: Option<SecretString>,
    people: members::People,
    /// Somebody came into a group or a channel, or left it.
    groups_changed: tokio::sync::Notify,
}

impl Slack {
    /// Reads the secrets; asks nobody. Relative secret files are looked for in `folder`.
    pub fn open(settings: Settings, folder: &Path, clock: Clock) -> Result<Self, String> {
        let bot = settings.bot_token.resolve(folder)?;
        let app = settings
            .app_token
            .as_ref()
            .map(|token| token.resolve(folder))
            .transpose()?;
        let signing_secret = settings
            .signing_secret
            .as_ref()
            .map(|secret| secret.resolve(folder))
            .transpose()?;
        let client = Client::new(&settings.api_url, &bot, app.as_ref())?;
        Ok(Self {
            client,
            settings,
            clock,
            workspace: tokio::sync::OnceCell::new(),
            signing_secret,
            people: members::People::default(),
            groups_changed: tokio::sync::Notify::new(),
        })
    }
}
