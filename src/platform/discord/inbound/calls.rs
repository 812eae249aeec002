//! The calls that answering takes, each one attempt: first answers, edits and follow-ups by an interaction's token, the
//! registered commands, the way to the gateway. The token stands in these addresses, so they are in no log.
//! <https://docs.discord.com/developers/interactions/receiving-and-responding#endpoints>

use std::num::NonZeroU64;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use serenity::http::{LightMethod, Route};
use serenity::model::id::{GuildId, InteractionId};

use super::pace::Budget;
use crate::platform::discord::Discord;
use crate::platform::discord::client::{Call, Failure};

pub(super) async fn answer(
    discord: &Discord,
    id: &str,
    token: &SecretString,
    first: &Value,
) -> Result<(), Failure> {
    let id = id
        .parse::<NonZeroU64>()
        .map_err(|_| Failure::NotSent("the interaction has no id".to_owned()))?;
    let route = Route::InteractionResponse {
        interaction_id: InteractionId::from(id),
        token: token.expose_secret(),
    };
    let call = Call::new("the answer to an interaction", LightMethod::Post, route).body(first);
    discord.client.call(call).await.map(drop)
}

/// Changes what the first answer shows.
pub(super) async fn edit_original(
    discord: &Discord,
    token: &SecretString,
    body: &Value,
) -> Result<(), Failure> {
    let route = Route::WebhookOriginalInteractionResponse {
        application_id: discord.client.application(),
        token: token.expose_secret(),
    };
    let call = Call::new("the edit of an answer", LightMethod::Patch, route).body(body);
    discord.client.call(call).await.map(drop)
}

pub(super) async fn follow_up(discord: &Discord, token: &SecretString, body: &Value) -> Result<(), Failure> {
    let route = Route::WebhookFollowupMessages {
        application_id: discord.client.application(),
        token: token.expose_secret(),
    };
    let call = Call::new("a follow-up", LightMethod::Post, route).body(body);
    discord.client.call(call).await.map(drop)
}

pub(super) async fn registered(discord: &Discord) -> Result<Value, Failure> {
    let call = Call::new("the list of commands", LightMethod::Get, commands(discord)?);
    discord.client.call(call).await
}

/// Replaces every command of the company's server.
pub(super) async fn register(discord: &Discord, commands: &Value) -> Result<(), Failure> {
    let call = Call::new(
        "the registration of commands",
        LightMethod::Put,
        self::commands(discord)?,
    )
    .body(commands);
    discord.client.call(call).await.map(drop)
}

fn commands(discord: &Discord) -> Result<Route<'static>, Failure> {
    Ok(Route::GuildCommands {
        application_id: discord.client.application(),
        guild_id: guild(discord)?,
    })
}

pub(super) fn guild(discord: &Discord) -> Result<GuildId, Failure> {
    let guild = discord.settings.guild.parse::<NonZeroU64>();
    guild
        .map(GuildId::from)
        .map_err(|_| Failure::NotSent("the settings name no guild".to_owned()))
}

/// Where the gateway is, and how often we may still identify.
pub(super) async fn gateway(discord: &Discord) -> Result<(String, Budget), Failure> {
    let call = Call::new("the way to the gateway", LightMethod::Get, Route::GatewayBot);
    let answer = discord.client.call(call).await?;
    let Some(url) = answer["url"].as_str() else {
        return Err(Failure::Unknown("Discord named no gateway".to_owned()));
    };
    let limit = &answer["session_start_limit"];
    let budget = Budget {
        remaining: limit["remaining"].as_u64().unwrap_or(u64::MAX),
        reset_after: Duration::from_millis(limit["reset_after"].as_u64().unwrap_or_default()),
    };
    Ok((url.to_owned(), budget))
}

/// What Discord calls it, where it said no.
pub(super) fn code(failure: &Failure) -> Option<u32> {
    match failure {
        Failure::Refused { code, .. } => Some(*code),
        _ => None,
    }
}

pub(super) fn is_about_the_token(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused { status: 401, .. })
}

/// For a log: neither an address nor a word of what was sent.
pub(super) fn in_words(failure: &Failure) -> String {
    match failure {
        Failure::Refused { status, code, fields } => {
            let fields = match fields.is_empty() {
                true => String::new(),
                false => format!(" ({})", fields.join(", ")),
            };
            format!("Discord refused it with HTTP {status}, code {code}{fields}")
        }
        Failure::TooFast(wait) => format!("Discord wants us to wait {} s", wait.as_secs().max(1)),
        Failure::NotSent(why) | Failure::Unknown(why) => why.clone(),
    }
}
