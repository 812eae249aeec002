//! The door for interactions over HTTP: Discord posts, we answer in the response. A request that Discord did not sign is
//! turned away before anything of it is read.
//! <https://docs.discord.com/developers/interactions/overview#preparing-for-interactions>

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tokio_util::task::TaskTracker;

use super::counter::Counter;
use super::interaction::Interaction;
use super::signature::Seal;
use crate::platform::discord::Discord;
use crate::port::front_desk::FrontDesk;

/// A click carries the whole message it was made on; more than this is none.
const BODY_LIMIT: usize = 512 * 1024;

struct Door {
    /// None: no readable key, and so nobody is believed.
    seal: Option<Seal>,
    counter: Arc<Counter>,
}

/// `POST /discord/interactions`. Work that outlasts the first answer goes on in `tasks`.
pub fn router(discord: Arc<Discord>, front: Arc<dyn FrontDesk>, tasks: TaskTracker) -> Router {
    let seal = discord.settings.public_key.as_deref().and_then(Seal::new);
    let counter = Counter::new(discord, front, tasks);
    Router::new()
        .route("/discord/interactions", post(interaction))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(Arc::new(Door { seal, counter }))
}

async fn interaction(State(door): State<Arc<Door>>, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let signed = door.seal.as_ref().is_some_and(|seal| {
        let signature = header("x-signature-ed25519").unwrap_or_default();
        let timestamp = header("x-signature-timestamp").unwrap_or_default();
        seal.is_on(signature, timestamp, &body, door.counter.now())
    });
    if !signed {
        metrics::counter!("switchboard_discord_turned_away_total").increment(1);
        return (StatusCode::UNAUTHORIZED, "not signed by Discord for us\n").into_response();
    }
    let value = serde_json::from_slice(&body).unwrap_or_default();
    let Some(interaction) = Interaction::read(&value) else {
        return (StatusCode::BAD_REQUEST, "not an interaction\n").into_response();
    };
    let token = interaction.token.clone();
    let Some(answered) = door.counter.answer(interaction).await else {
        return (StatusCode::CONFLICT, "answered before\n").into_response();
    };
    if let Some(rest) = answered.rest {
        door.counter.follow(token, rest);
    }
    axum::Json(answered.first).into_response()
}
