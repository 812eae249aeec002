//! One page of a channel: what was posted, newest page first, each page in reading order. Cards are rendered from the
//! lead as it is now and as this member may see it.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::access::channel_for;
use super::failure::Answered;
use super::room::{Room, Shared, reading};
use super::session::Who;
use crate::domain::ids::{MemberId, MessageRef};
use crate::domain::message::{Content, Message};

/// Turns of the conversation on a card in a channel; the details show more.
pub(super) const TURNS_ON_CARD: usize = 2;
const PAGE: usize = 30;
const LARGEST_PAGE: usize = 100;

#[derive(Deserialize)]
pub(super) struct Asked {
    before: Option<MessageRef>,
    limit: Option<usize>,
}

pub(super) async fn messages(
    State(room): State<Shared>,
    who: Who,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Answered<Json<Value>> {
    reading(&room, move |room| {
        let channel = channel_for(&room.front.company(), &name, &who.member)?;
        let limit = asked.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
        let mut page = room
            .front
            .store()
            .messages(&channel, asked.before.as_ref(), limit + 1)?;
        let more = page.len() > limit;
        page.truncate(limit);
        let messages: Vec<Value> = page
            .into_iter()
            .rev()
            .map(|message| shown(room, &who.member, message))
            .collect();
        Ok(Json(json!({ "messages": messages, "more": more })))
    })
    .await
}

fn shown(room: &Room, who: &MemberId, message: Message) -> Value {
    let mut shown = match message.content {
        Content::Card(lead) => match room.front.card(Some(who), lead, TURNS_ON_CARD) {
            Some(card) => json!({ "card": card }),
            None => json!({ "gone": lead }),
        },
        // A channel may be shared by departments of which one is confidential.
        Content::Digest(digest) if !room.front.company().may_read(&digest.department, who) => {
            json!({ "notice": { "text": "A confidential department's digest." } })
        }
        Content::Digest(digest) => json!({ "digest": digest }),
        Content::Notice { lead, text } => json!({ "notice": { "lead": lead, "text": text } }),
    };
    shown["ref"] = json!(message.message);
    shown["posted"] = json!(message.posted);
    shown
}
