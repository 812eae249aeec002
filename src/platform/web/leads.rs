//! One lead: its card, its history, and the public side of its conversation.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::failure::{Answered, Failure};
use super::messages::TURNS_ON_CARD;
use super::room::{Room, Shared, reading};
use super::session::Who;
use crate::domain::card::Card;
use crate::domain::ids::{LeadId, MemberId};
use crate::domain::mention::MentionKind;
use crate::domain::notice::Notice;

const LARGEST_CONVERSATION: usize = 200;
/// Leads looked through for the list of public conversations.
const RECENT: usize = 60;

#[derive(Deserialize)]
pub(super) struct Asked {
    turns: Option<usize>,
}

pub(super) async fn card(
    State(room): State<Shared>,
    who: Who,
    Path(lead): Path<String>,
    Query(asked): Query<Asked>,
) -> Answered<Json<Card>> {
    let turns = asked.turns.unwrap_or(TURNS_ON_CARD).min(LARGEST_CONVERSATION);
    reading(&room, move |room| {
        Ok(Json(card_of(room, &who.member, &lead, turns)?))
    })
    .await
}

pub(super) async fn history(
    State(room): State<Shared>,
    who: Who,
    Path(lead): Path<String>,
) -> Answered<Json<Notice>> {
    reading(&room, move |room| {
        Ok(Json(room.front.history(&who.member, parse(&lead)?)))
    })
    .await
}

/// The conversation as the public reads it, our published replies included.
pub(super) async fn conversation(
    State(room): State<Shared>,
    who: Who,
    Path(lead): Path<String>,
) -> Answered<Json<Value>> {
    reading(&room, move |room| {
        let card = card_of(room, &who.member, &lead, LARGEST_CONVERSATION)?;
        Ok(Json(json!({
            "company": room.front.company().name,
            "lead": card.lead,
            "network": card.network,
            "kind": card.kind,
            "url": card.url,
            "author": card.author,
            "stub": card.stub,
            "earlier": card.earlier,
            "turns": card.turns,
        })))
    })
    .await
}

/// The newest public conversations this member may read, whichever department they are with.
pub(super) async fn public(State(room): State<Shared>, who: Who) -> Answered<Json<Value>> {
    reading(&room, move |room| {
        let company = room.front.company();
        let leads: Vec<Value> = room
            .front
            .store()
            .leads_before(None, RECENT)?
            .into_iter()
            .filter(|lead| lead.kind != MentionKind::DirectMessage)
            .filter(|lead| company.may_read(&lead.department, &who.member))
            .map(|lead| {
                json!({
                    "lead": lead.id,
                    "network": lead.network,
                    "author": lead.author,
                    "excerpt": lead.latest.excerpt,
                    "at": lead.latest.at,
                    "replies": lead.replies,
                    "department": company.department_name(&lead.department),
                })
            })
            .collect();
        Ok(Json(json!({ "company": company.name, "leads": leads })))
    })
    .await
}

fn parse(lead: &str) -> Answered<LeadId> {
    lead.parse().map_err(Failure::bad)
}

fn card_of(room: &Room, who: &MemberId, lead: &str, turns: usize) -> Answered<Card> {
    let lead = parse(lead)?;
    room.front
        .card(Some(who), lead, turns)
        .ok_or_else(|| Failure::missing(format!("There is no {lead}.")))
}
