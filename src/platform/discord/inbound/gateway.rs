//! The door for interactions over the gateway: a socket that we open, so that no address of ours need be public. serenity
//! holds a session: heartbeats, resuming, reconnecting; what comes in is turned back into JSON and goes to the same counter
//! as over HTTP. What serenity does not do is done here: it knows when to stop, how fast to identify, and whom to tell.
//! Whoever begins a session identifies, so sessions are begun here alone: serenity would begin them without end.
//! No intents: interactions come without any. <https://docs.discord.com/developers/events/gateway>

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serenity::async_trait;
use serenity::client::{Context, EventHandler};
use serenity::gateway::{
    ConnectionStage, GatewayError, Shard, ShardManager, ShardManagerOptions, ShardMessenger, ShardRunner,
    ShardRunnerInfo, ShardRunnerOptions,
};
use serenity::http::Http;
use serenity::model::application::Interaction as Typed;
use serenity::model::event::ResumedEvent;
use serenity::model::gateway::{GatewayIntents, Ready, ShardInfo};
use serenity::model::id::ShardId;
use serenity::prelude::{Mutex, RwLock, TypeMap};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::counter::Counter;
use super::interaction::Interaction;
use super::pace::Identifies;
use super::{calls, later};
use crate::domain::event::Event;
use crate::platform::discord::Discord;
use crate::port::front_desk::FrontDesk;

/// What only an administrator can mend is tried again this slowly.
const SLOWLY: Duration = Duration::from_secs(15 * 60);
/// And everything else.
const SOON: Duration = Duration::from_secs(10);
/// Discord wants one to five seconds between the end of a session and the next; serenity may have spent some already.
const BETWEEN: Duration = Duration::from_secs(1);
/// How long Discord may take to pick up.
const DIALLING: Duration = Duration::from_secs(20);

/// The one of its kind.
const SHARD: ShardId = ShardId(0);

/// Why a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Ended {
    /// We were told to stop.
    Stopped,
    /// It is over and cannot be resumed.
    Over,
    /// None was begun: there were too many of late.
    Weary(Duration),
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
        connected: AtomicBool::new(false),
    });
    let mut identifies = Identifies::default();
    let mut told = String::new();
    while !stop.is_cancelled() {
        let ended = session(&discord, &ear, &mut identifies, &stop).await;
        if ear.connected.swap(false, Ordering::Relaxed) {
            told.clear();
        }
        let wait = match ended {
            Ended::Stopped => return,
            Ended::Over => BETWEEN,
            Ended::Weary(rest) => {
                let minutes = rest.as_secs() / 60;
                tracing::warn!(
                    "Discord ends our sessions again and again; the next one is begun in {minutes} minutes"
                );
                rest
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

/// One session with all its resumptions: one identify, or none.
async fn session(
    discord: &Discord,
    ear: &Arc<Ear>,
    identifies: &mut Identifies,
    stop: &CancellationToken,
) -> Ended {
    if let Some(rest) = identifies.rest(Instant::now()) {
        return Ended::Weary(rest);
    }
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
    // serenity takes the token from it, and calls nobody with it.
    let http = Arc::new(discord.client.for_gateway());
    let (url, shard) = (Arc::new(Mutex::new(url)), ShardInfo { id: SHARD, total: 1 });
    let dialled = Shard::new(url, http.token(), shard, GatewayIntents::empty(), None);
    let shard = tokio::select! {
        dialled = tokio::time::timeout(DIALLING, dialled) => match dialled {
            Ok(Ok(shard)) => shard,
            _ => return Ended::Broken("it cannot be reached".to_owned()),
        },
        () = stop.cancelled() => return Ended::Stopped,
    };
    let begun = Instant::now();
    identifies.count(begun);
    metrics::counter!("switchboard_discord_identified_total").increment(1);
    let ended = run(shard, http, ear, stop).await;
    identifies.lasted(begun.elapsed());
    ended
}

/// Lets serenity hold the session until it is over, or until we are told to stop.
async fn run(shard: Shard, http: Arc<Http>, ear: &Arc<Ear>, stop: &CancellationToken) -> Ended {
    let handlers = || vec![Arc::clone(ear) as Arc<dyn EventHandler>];
    let shared = Arc::new(RwLock::new(TypeMap::new()));
    // A runner wants a manager beside it. This one is given no address: it can close the session, and begin none.
    let (manager, _outcome) = ShardManager::new(ShardManagerOptions {
        data: Arc::clone(&shared),
        event_handlers: handlers(),
        raw_event_handlers: Vec::new(),
        shard_index: 0,
        shard_init: 0,
        shard_total: 1,
        ws_url: Arc::new(Mutex::new(String::new())),
        http: Arc::clone(&http),
        intents: GatewayIntents::empty(),
        presence: None,
    });
    let mut runner = ShardRunner::new(ShardRunnerOptions {
        data: shared,
        event_handlers: handlers(),
        raw_event_handlers: Vec::new(),
        manager: Arc::clone(&manager),
        shard,
        http,
    });
    let reached = ShardMessenger::new(&runner);
    let known = || ShardRunnerInfo {
        latency: None,
        runner_tx: reached.clone(),
        stage: ConnectionStage::Handshake,
    };
    manager.runners.lock().await.insert(SHARD, known());
    let running = runner.run();
    tokio::pin!(running);
    let ended = tokio::select! {
        () = stop.cancelled() => Ended::Stopped,
        ran = &mut running => match ran {
            Ok(()) => Ended::Over,
            Err(serenity::Error::Gateway(error)) => fatal(&error),
            _ => Ended::Broken("the session broke".to_owned()),
        },
    };
    // The manager itself ends only while it knows of a runner, and serenity may have taken ours off its list.
    manager.runners.lock().await.insert(SHARD, known());
    let closed = manager.shutdown_all();
    tokio::pin!(closed);
    if ended == Ended::Stopped {
        // The runner says goodbye, which takes serenity's patience at the most.
        tokio::select! {
            _ = &mut running => {}
            () = &mut closed => return ended,
        }
    }
    closed.await;
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
