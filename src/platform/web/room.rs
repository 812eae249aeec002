//! The room all of the board's handlers stand in, and the table of its routes.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::middleware;
use axum::response::Redirect;
use axum::routing::{get, post};
use serde::de::DeserializeOwned;

use super::access::channels_of;
use super::board::WebBoard;
use super::failure::{Answered, Failure};
use super::settings::Settings;
use super::throttle::Throttle;
use super::{channels, events, gate, leads, messages, page, requests, sign_in};
use crate::port::front_desk::FrontDesk;

pub(super) struct Room {
    pub front: Arc<dyn FrontDesk>,
    pub board: Arc<WebBoard>,
    pub settings: Settings,
    pub throttle: Throttle,
}

pub(super) type Shared = Arc<Room>;

/// A long reply in four-byte characters, escaped as JSON, is well below this.
const LARGEST_BODY: usize = 256 * 1024;

/// The page at `/board/`, its JSON interface and its event stream. Build it before anything is posted: the board goes
/// on numbering where the stored messages end. `settings.address` is the address that was really bound.
pub fn router(front: Arc<dyn FrontDesk>, board: Arc<WebBoard>, settings: Settings) -> Router {
    for channel in channels_of(&front.company()) {
        // A store that cannot be read says so itself, at the first request that needs it.
        for newest in front.store().messages(&channel, None, 1).unwrap_or_default() {
            board.continue_after(&newest.message);
        }
    }
    let room = Arc::new(Room {
        front,
        board,
        settings,
        throttle: Throttle::default(),
    });
    Router::new()
        .route("/", get(|| async { Redirect::to("/board/") }))
        .route("/board", get(|| async { Redirect::to("/board/") }))
        .route("/board/", get(page::index))
        .route("/board/assets/{name}", get(page::asset))
        .route("/board/events", get(events::events))
        .route("/board/api/me", get(sign_in::me))
        .route("/board/api/staff", get(sign_in::staff))
        .route("/board/api/choose", post(sign_in::choose))
        .route("/board/api/sign-in", post(sign_in::sign_in))
        .route("/board/api/sign-out", post(sign_in::sign_out))
        .route("/board/api/channels", get(channels::channels))
        .route("/board/api/channels/{channel}/messages", get(messages::messages))
        .route("/board/api/leads/{lead}", get(leads::card))
        .route("/board/api/leads/{lead}/history", get(leads::history))
        .route("/board/api/public", get(leads::public))
        .route("/board/api/public/{lead}", get(leads::conversation))
        .route("/board/api/click", post(requests::click))
        .route("/board/api/form", post(requests::fill_in))
        .route("/board/api/command", post(requests::command))
        .route("/board/api/complete", get(requests::complete))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn_with_state(room.clone(), gate::guard))
        .with_state(room)
}

/// Runs short reads of the store off the threads that answer the network.
pub(super) async fn reading<T: Send + 'static>(
    room: &Shared,
    read: impl FnOnce(&Room) -> Answered<T> + Send + 'static,
) -> Answered<T> {
    let room = room.clone();
    match tokio::task::spawn_blocking(move || read(&room)).await {
        Ok(answer) => answer,
        Err(_) => Err(Failure::broken(
            "The board could not read this just now. Try again in a moment.",
        )),
    }
}

/// A JSON body, refused in a sentence.
pub(super) struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|_| Failure::bad(format!("A request holds at most {} KiB.", LARGEST_BODY / 1024)))?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| Failure::bad(format!("This is not what the board's page sends: {error}.")))
    }
}
