//! Discord: cards as embeds with buttons, modals, slash commands with autocomplete, digests; over the gateway or HTTP.
//!
//! What is Discord's own (wire format, limits, routes) stays in this folder. <https://docs.discord.com/developers/>

mod check;
mod client;
mod commands;
mod errors;
mod inbound;
mod outbound;
mod pace;
mod posting;
mod render;
mod rooms;
mod settings;

use std::path::Path;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use client::Client;
use posting::Doubts;
use rooms::Rooms;

use crate::domain::company::Company;

pub use check::check;
pub use commands::commands;
pub use inbound::{listen, router};
pub use settings::{Inbound, Settings, check_channel, check_group};

/// Discord's name among the chat platforms: its channels are written `discord/1106298301283012608`.
pub const PLATFORM: &str = "discord";

/// What time it is; an argument, so that tests turn the hands.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The company as it is now.
pub type Roster = Arc<dyn Fn() -> Arc<Company> + Send + Sync>;

/// One server of Discord's.
pub struct Discord {
    client: Client,
    settings: Settings,
    guild: u64,
    company: Roster,
    rooms: Rooms,
    doubts: Doubts,
    /// The bot’s own id, once it was asked for.
    own_id: OnceLock<String>,
}

impl Discord {
    /// Reads the token; asks nobody. A relative secret file is looked for in `folder`.
    pub fn open(settings: Settings, folder: &Path, clock: Clock, company: Roster) -> Result<Self, String> {
        let token = settings.bot_token.resolve(folder)?;
        let id = |name: &str, text: &str| match text.parse::<u64>() {
            Ok(id) if settings::is_snowflake(text) => Ok(id),
            _ => Err(format!("{name} in [discord] is not an id of Discord’s")),
        };
        let application = id("application", &settings.application)?;
        let guild = id("guild", &settings.guild)?;
        let client = Client::new(settings.api_url.as_deref(), token, application, clock)?;
        Ok(Self {
            client,
            settings,
            guild,
            company,
            rooms: Rooms::default(),
            doubts: Doubts::default(),
            own_id: OnceLock::new(),
        })
    }
}
