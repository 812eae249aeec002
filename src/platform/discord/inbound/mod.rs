//! Everything that people do on Discord: commands, completions, clicks, choices, forms. One counter serves them, over
//! either of the two doors that Discord has: the gateway, where we call, or HTTP, where Discord calls; an application uses
//! one of them. Nothing here decides anything about leads, and nothing is remembered but which interactions were served.
//! <https://docs.discord.com/developers/interactions/receiving-and-responding>

mod answer;
mod calls;
mod complete;
mod counter;
mod gateway;
mod http;
mod interaction;
mod later;
mod pace;
mod registration;
mod requests;
mod seen;
mod signature;
mod who;

use std::sync::Arc;

use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Discord, Inbound};
use crate::port::front_desk::FrontDesk;

pub use http::router;

/// Registers the commands where they changed; then, where the settings say so, listens at the gateway until told to stop.
pub async fn listen(
    discord: Arc<Discord>,
    commands: Vec<Value>,
    front: Arc<dyn FrontDesk>,
    tasks: TaskTracker,
    stop: CancellationToken,
) {
    match registration::register(&discord, &commands).await {
        Ok(true) => tracing::info!("registered {} commands with Discord", commands.len()),
        Ok(false) => {}
        // The ones from before still work; what they would miss is new.
        Err(failure) => tracing::error!(
            "the commands could not be registered with Discord: {}",
            calls::in_words(&failure)
        ),
    }
    if discord.settings.inbound == Inbound::Gateway {
        gateway::listen(discord, front, tasks, stop).await;
    }
}
