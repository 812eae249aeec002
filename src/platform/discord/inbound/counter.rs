//! The counter: what happens with one interaction, whichever way it came. It knows who is asking, has the front desk do
//! what they want, and has a first answer ready inside Discord's three seconds, always: where the desk is slow, the answer
//! follows. Decides nothing about leads.
//! <https://docs.discord.com/developers/interactions/receiving-and-responding>

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

use super::interaction::{Interaction, Wish};
use super::requests::{Reply, Requests};
use super::seen::Seen;
use super::who::{self, Who};
use super::{answer, complete, later};
use crate::domain::refusal::Refusal;
use crate::platform::discord::Discord;
use crate::platform::discord::render::{form, notice};
use crate::port::front_desk::FrontDesk;

/// How long the desk may take before the person is told that it goes on; three seconds are Discord's limit.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// One of the two doors through which interactions come.
pub(super) struct Counter {
    discord: Arc<Discord>,
    front: Arc<dyn FrontDesk>,
    tasks: TaskTracker,
    seen: Seen,
}

/// The first answer, and what will follow it.
pub(super) struct Answered {
    pub first: Value,
    /// None for what was answered whole.
    pub rest: Option<JoinHandle<Reply>>,
}

impl Counter {
    pub fn new(discord: Arc<Discord>, front: Arc<dyn FrontDesk>, tasks: TaskTracker) -> Arc<Self> {
        Arc::new(Self {
            discord,
            front,
            tasks,
            seen: Seen::default(),
        })
    }

    pub fn now(&self) -> Timestamp {
        self.front.now()
    }

    /// The first answer to what came in; none for what is no interaction, or was answered before.
    pub async fn answer(self: &Arc<Self>, interaction: Interaction) -> Option<Answered> {
        metrics::counter!("switchboard_discord_interactions_total", "kind" => kind(&interaction.wish))
            .increment(1);
        let whole = |first| Some(Answered { first, rest: None });
        if interaction.wish == Wish::Ping {
            return whole(answer::pong());
        }
        if !self.seen.is_new(&interaction.id) {
            return None;
        }
        let who = who::is_asking(&interaction, &self.discord.settings, self.front.as_ref());
        if let Wish::Complete { name, given } = &interaction.wish {
            // Who may not ask is offered nothing; there is no room here to say why.
            let choices = who.map_or_else(
                |_| Vec::new(),
                |who| complete::choices(self.front.as_ref(), &who.member, name, given),
            );
            return whole(answer::completions(choices));
        }
        match who {
            Ok(who) => self.serve(who, interaction.wish).await,
            Err(refusal) => whole(answer::message(refused(refusal))),
        }
    }

    async fn serve(self: &Arc<Self>, who: Who, wish: Wish) -> Option<Answered> {
        let in_place = matches!(
            wish,
            Wish::Press { private: true, .. } | Wish::Submit { private: true, .. }
        );
        let requests = Requests {
            front: Arc::clone(&self.front),
            who,
        };
        // On its own, so that a connection that breaks does not take a half-kept draft with it.
        let mut work = self.tasks.spawn(async move { requests.serve(wish).await });
        let answered = match tokio::time::timeout(PATIENCE, &mut work).await {
            Ok(Ok(Reply::Modal(modal))) => (answer::modal(form::modal(&modal)), None),
            Ok(Ok(Reply::Message(body))) if in_place => (answer::update(body), None),
            Ok(Ok(Reply::Message(body))) => (answer::message(body), None),
            Ok(Err(_)) => (answer::message(refused(later::broken())), None),
            Err(_) if in_place => (answer::unchanged(), Some(work)),
            Err(_) => (answer::thinking(), Some(work)),
        };
        let (first, rest) = answered;
        Some(Answered { first, rest })
    }

    /// Sees to it that what follows the first answer is told, while the token lives.
    pub fn follow(self: &Arc<Self>, token: SecretString, rest: JoinHandle<Reply>) {
        let counter = Arc::clone(self);
        self.tasks.spawn(async move {
            let body = later::outcome(rest).await;
            later::tell(&counter.discord, &token, body).await;
        });
    }
}

fn refused(refusal: Refusal) -> Value {
    notice::notice(&refusal.into())
}

fn kind(wish: &Wish) -> &'static str {
    match wish {
        Wish::Ping => "ping",
        Wish::Command { .. } => "command",
        Wish::Complete { .. } => "completion",
        Wish::Press { .. } => "press",
        Wish::Submit { .. } => "form",
        Wish::Unknown(_) => "unknown",
    }
}
