//! The door for interactions over the gateway: a socket that we open, so that no address of ours need be public. serenity
//! holds it open: heartbeats, resuming, reconnecting; what comes in is turned back into JSON and goes to the same counter
//! as over HTTP. What serenity does not do is done here: it knows when to stop, how fast to identify, and whom to tell.
//! No intents: interactions come without any. <https://docs.discord.com/developers/events/gateway>

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use futures::StreamExt as _;
use serenity::async_trait;
use serenity::client::{Context, EventHandler};
use serenity::gateway::ShardStageUpdateEvent;
use serenity::gateway::{ConnectionStage, GatewayError, ShardManager, ShardManagerOptions};
use serenity::model::application::Interaction as Typed;
use serenity::model::event::ResumedEvent;
use serenity::model::gateway::{GatewayIntents, Ready};
use serenity::prelude::{Mutex, RwLock, TypeMap};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::counter::Counter;
use super::interaction::Interaction;
use super::pace::Rests;
use super::{calls, later};
use crate::domain::event::Event;
use crate::platform::discord::Discord;
use crate::port::front_desk::FrontDesk;

/// What only an administrator can mend is tried again this slowly.
const SLOWLY: Duration = Duration::from_secs(15 * 60);
/// And everything else.
const SOON: Duration = Duration::from_secs(10);

/// Why a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Ended {
    /// We were told to stop.
    Stopped,
    /// Refused again and again; it needs a rest.
    Weary,
    /// Nobody but an administrator can mend this.
    Trouble(String),
    /// Try again.
    Broken(String),
}

/// Listens until told to stop. Returns when nothing more will come in.
pub(super) async fn listen(
    discord: Arc<Discord>,
    front: Arc<dyn FrontDesk>,
    tasks: TaskTracker,
    stop: CancellationToken,
) {
    let ear = Arc::new(Ear {
        counter: Counter::new(Arc::clone(&discord), Arc::clone(&front), tasks.clone()),
        discord: Arc::clone(&discord),
        tasks,
        identified: AtomicU32::new(0),
        weary: Notify::new(),
        connected: AtomicBool::new(false),
    });
    let mut rests = Rests::default();
    let mut told = String::new();
    while !stop.is_cancelled() {
        let ended = session(&discord, &ear, &stop).await;
        if ear.connected.swap(false, Ordering::Relaxed) && ended != Ended::Weary {
            rests.forget();
            told.clear();
        }
        let wait = match ended {
            Ended::Stopped => return,
            Ended::Weary => {
                tracing::warn!("Discord ends our sessions again and again; giving it a rest");
                rests.next()
            }
            Ended::Trouble(text) => {
                tracing::error!("{text}");
                if told != text {
                    told.clone_from(&text);
                    let _ = front.submit(vec![Event::TroubleFound { text }]).await;
                }
                SLOWLY
            }
            Ended::Broken(why) => {
                tracing::warn!("Discord’s gateway: {why}");
                SOON
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// One session with all its resumptions.
async fn session(discord: &Discord, ear: &Arc<Ear>, stop: &CancellationToken) -> Ended {
    let (url, budget) = match calls::gateway(discord).await {
        Ok(answer) => answer,
        Err(failure) if calls::is_about_the_token(&failure) => return Ended::Trouble(bad_token()),
        Err(failure) => return Ended::Broken(calls::in_words(&failure)),
    };
    if let Err(why) = stays_on_this_machine(discord.settings.api_url.as_deref(), &url) {
        return Ended::Trouble(why);
    }
    let wait = budget.wait();
    if !wait.is_zero() {
        let minutes = wait.as_secs().div_ceil(60);
        let left = budget.remaining;
        tracing::warn!("{left} identifies are left for today; waiting {minutes} minutes before the next");
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = stop.cancelled() => return Ended::Stopped,
        }
    }
    ear.identified.store(0, Ordering::Relaxed);
    let (shards, mut ended) = ShardManager::new(ShardManagerOptions {
        data: Arc::new(RwLock::new(TypeMap::new())),
        event_handlers: vec![Arc::clone(ear) as Arc<dyn EventHandler>],
        raw_event_handlers: Vec::new(),
        shard_index: 0,
        shard_init: 1,
        shard_total: 1,
        ws_url: Arc::new(Mutex::new(url)),
        // serenity takes the token from it, and calls nobody with it.
        http: Arc::new(discord.client.for_gateway()),
        intents: GatewayIntents::empty(),
        presence: None,
    });
    let _ = shards.initialize();
    let ended = tokio::select! {
        () = stop.cancelled() => Ended::Stopped,
        () = ear.weary.notified() => Ended::Weary,
        why = ended.next() => match why {
            Some(Err(error)) => fatal(&error),
            _ => Ended::Broken("the session ended".to_owned()),
        },
    };
    shards.shutdown_all().await;
    ended
}

/// With another address than Discord's set, nothing may leave this machine, the socket included.
fn stays_on_this_machine(api_url: Option<&str>, gateway: &str) -> Result<(), String> {
    let local = |address: &str| {
        url::Url::parse(address).is_ok_and(|url| match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        })
    };
    match api_url {
        Some(api_url) if local(api_url) && !local(gateway) => Err(
            "Discord’s `api_url` is this machine’s, but the gateway that it names is not; nothing was sent there."
                .to_owned(),
        ),
        _ => Ok(()),
    }
}

fn bad_token() -> String {
    "Discord does not accept the bot token: nobody’s clicks and commands arrive. Reset it in the developer portal \
     (Bot, Reset Token), write it where the configuration’s `bot_token` points, and restart Switchboard."
        .to_owned()
}

/// The errors after which serenity stops by itself.
fn fatal(error: &GatewayError) -> Ended {
    match error {
        GatewayError::InvalidAuthentication | GatewayError::NoAuthentication => Ended::Trouble(bad_token()),
        GatewayError::InvalidShardData
        | GatewayError::OverloadedShard
        | GatewayError::InvalidGatewayIntents
        | GatewayError::DisallowedGatewayIntents => Ended::Trouble(format!(
            "Discord refuses our connection to its gateway ({error}): nobody’s clicks and commands arrive. \
             `switchboard check --online` may find why."
        )),
        other => Ended::Broken(other.to_string()),
    }
}

/// As it came over the wire; serenity keeps everything but what kind it was.
fn untyped(typed: &Typed) -> Option<Interaction> {
    let mut value = serde_json::to_value(typed).ok()?;
    value["type"] = serde_json::to_value(typed.kind()).ok()?;
    Interaction::read(&value)
}

/// What serenity calls when something comes in.
struct Ear {
    counter: Arc<Counter>,
    discord: Arc<Discord>,
    tasks: TaskTracker,
    /// Identifies of this session.
    identified: AtomicU32,
    weary: Notify,
    connected: AtomicBool,
}

#[async_trait]
impl EventHandler for Ear {
    async fn interaction_create(&self, _: Context, typed: Typed) {
        let interaction = untyped(&typed);
        let Some(interaction) = interaction else {
            tracing::warn!("an interaction could not be read; Discord may have changed its form");
            metrics::counter!("switchboard_discord_unread_total").increment(1);
            return;
        };
        let (counter, discord) = (Arc::clone(&self.counter), Arc::clone(&self.discord));
        // Ours to finish when Switchboard stops, and not serenity's.
        self.tasks.spawn(async move {
            let (id, token) = (interaction.id.clone(), interaction.token.clone());
            let Some(answered) = counter.answer(interaction).await else {
                return;
            };
            later::first(&discord, &id, &token, answered.first).await;
            if let Some(rest) = answered.rest {
                counter.follow(token, rest);
            }
        });
    }

    async fn ready(&self, _: Context, _: Ready) {
        tracing::info!("connected to Discord’s gateway");
        self.connected.store(true, Ordering::Relaxed);
    }

    async fn resume(&self, _: Context, _: ResumedEvent) {
        tracing::info!("resumed on Discord’s gateway; nothing was missed");
        metrics::counter!("switchboard_discord_resumed_total").increment(1);
    }

    async fn shard_stage_update(&self, _: Context, update: ShardStageUpdateEvent) {
        if update.new == ConnectionStage::Identifying {
            metrics::counter!("switchboard_discord_identified_total").increment(1);
            if self.identified.fetch_add(1, Ordering::Relaxed) >= Rests::MOST {
                self.weary.notify_one();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_never_leaves_this_machine() {
        let own = Some("http://127.0.0.1:4020");
        for (api_url, gateway, fine) in [
            (own, "ws://127.0.0.1:4020", true),
            (own, "ws://localhost:4020", true),
            (Some("http://[::1]:4020"), "ws://[::1]:9", true),
            (own, "wss://gateway.discord.gg", false),
            (own, "ws://127.0.0.1.evil.example", false),
            (own, "no address", false),
            (None, "wss://gateway.discord.gg", true),
        ] {
            assert_eq!(stays_on_this_machine(api_url, gateway).is_ok(), fine, "{gateway}");
        }
    }

    #[test]
    fn only_what_an_administrator_can_mend_is_told_to_one() {
        assert_eq!(
            fatal(&GatewayError::InvalidAuthentication),
            Ended::Trouble(bad_token())
        );
        assert!(matches!(fatal(&GatewayError::OverloadedShard), Ended::Trouble(_)));
        assert!(matches!(fatal(&GatewayError::HeartbeatFailed), Ended::Broken(_)));
    }
}
