//! Slack: cards in Block Kit, modals, slash commands, App Home, digests; in Socket Mode or over HTTP.
//!
//! What is Slack's own (wire format, limits, methods) stays in this folder. <https://docs.slack.dev/>

mod advice;
mod calls;
mod check;
mod client;
mod command_names;
mod errors;
mod inbound;
mod manifest;
mod members;
mod outbound;
mod pace;
mod pictures;
mod reconcile;
mod render;
mod settings;
mod staff;
mod workspace;
mod yaml;

use std::path::Path;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use secrecy::SecretString;

use client::Client;

use crate::domain::company::Company;

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

/// The company as it is now.
pub type Roster = Arc<dyn Fn() -> Arc<Company> + Send + Sync>;

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
    company: Roster,
    pace: Mutex<pace::Pace>,
    doubts: Mutex<reconcile::Doubts>,
    /// When this process began to speak to Slack.
    opened: Timestamp,
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
            opened: clock(),
            company: Arc::new(Arc::default),
            pace: Mutex::default(),
            doubts: Mutex::default(),
            client,
            settings,
            clock,
            workspace: tokio::sync::OnceCell::new(),
            signing_secret,
            people: members::People::default(),
            groups_changed: tokio::sync::Notify::new(),
        })
    }

    /// Whom to write to, and whose channel is whose: without it, everybody is a stranger.
    pub fn knowing(mut self, company: Roster) -> Self {
        self.company = company;
        self
    }
}
