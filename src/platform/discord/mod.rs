//! Discord: cards as embeds with buttons, modals, slash commands with autocomplete, digests; over the gateway or HTTP.
//!
//! What is Discord's own (wire format, limits, routes) stays in this folder. <https://docs.discord.com/developers/>

// Rooms are filled one by one; the last to be joined takes this line out.
#![allow(dead_code)]

mod render;
mod settings;

pub use settings::{Inbound, Settings, check_channel, check_group};

/// Discord's name among the chat platforms: its channels are written `discord/1106298301283012608`.
pub const PLATFORM: &str = "discord";
