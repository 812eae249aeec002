//! The event stream: tells open boards what to read again. It carries no content, so whoever listens learns nothing
//! that reading would not show; and what was missed while away is mended by reading once after every connection.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt, future, stream};
use serde_json::json;
use tokio_stream::wrappers::BroadcastStream;

use super::access::private;
use super::board::Change;
use super::room::Shared;
use super::session::Who;
use crate::domain::ids::MemberId;

const KEEP_ALIVE: Duration = Duration::from_secs(15);
const RETRY: Duration = Duration::from_secs(1);

pub(super) async fn events(
    State(room): State<Shared>,
    who: Who,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let (changes, closing) = room.board.listen();
    let session = who.until.map(|until| {
        let left = room.front.now().duration_until(until);
        Duration::try_from(left).unwrap_or_default()
    });
    let ends = async move {
        match session {
            Some(left) => tokio::time::sleep(left).await,
            None => future::pending().await,
        }
    };
    let hello = Event::default().event("hello").data("{}").retry(RETRY);
    let changes = BroadcastStream::new(changes).filter_map(move |change| {
        future::ready(match change {
            Ok(change) => concerns(&change, &who.member).then(|| changed(&change)),
            // This browser fell behind; it reads everything once more.
            Err(_) => Some(Event::default().event("hello").data("{}")),
        })
    });
    let stream = stream::once(future::ready(hello))
        .chain(changes)
        .map(Ok)
        .take_until(closing.cancelled_owned())
        .take_until(Box::pin(ends));
    Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

/// Private channels are told to their member only.
fn concerns(change: &Change, who: &MemberId) -> bool {
    !change.channel.name.starts_with('@') || change.channel == private(who)
}

fn changed(change: &Change) -> Event {
    let told = json!({
        "channel": change.channel.name,
        "lead": change.lead,
        "message": change.message,
    });
    Event::default().event("changed").data(told.to_string())
}
