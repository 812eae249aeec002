//! What people ask for: a click, a filled-in form, a typed command. Each goes to the front desk as it is; the answer
//! is a notice or a form. A refusal is an answer too, so the status says only whether the desk heard the request.

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::PLATFORM;
use super::failure::{Answered, Failure};
use super::room::{Body, Shared};
use super::session::Who;
use crate::domain::ids::{LeadId, MemberId, PlatformId};
use crate::domain::notice::Answer;
use crate::port::front_desk::FilledIn;

const LONGEST_KEY: usize = 100;
const LONGEST_HALF_TYPED: usize = 1_000;

#[derive(Deserialize)]
pub(super) struct Click {
    command: String,
    lead: LeadId,
    /// Names this click, so that a retried request is one request.
    key: String,
}

pub(super) async fn click(
    State(room): State<Shared>,
    who: Who,
    Body(click): Body<Click>,
) -> Answered<Json<Answer>> {
    let key = key(&who.member, &click.key)?;
    let answer = room
        .front
        .click(&who.member, &via(), &click.command, click.lead, &key)
        .await?;
    Ok(Json(answer))
}

pub(super) async fn fill_in(
    State(room): State<Shared>,
    who: Who,
    Body(form): Body<FilledIn>,
) -> Answered<Json<Answer>> {
    Ok(Json(room.front.fill_in(&who.member, &via(), form).await?))
}

#[derive(Deserialize)]
pub(super) struct Line {
    line: String,
    key: String,
}

pub(super) async fn command(
    State(room): State<Shared>,
    who: Who,
    Body(typed): Body<Line>,
) -> Answered<Json<Answer>> {
    let key = key(&who.member, &typed.key)?;
    let answer = room.front.command(&who.member, &via(), &typed.line, &key).await?;
    Ok(Json(answer))
}

#[derive(Deserialize)]
pub(super) struct HalfTyped {
    #[serde(default)]
    line: String,
}

pub(super) async fn complete(
    State(room): State<Shared>,
    who: Who,
    Query(typed): Query<HalfTyped>,
) -> Json<Value> {
    let completions = if typed.line.len() > LONGEST_HALF_TYPED {
        Vec::new()
    } else {
        room.front.complete(&who.member, &typed.line)
    };
    let completions: Vec<Value> = completions
        .into_iter()
        .map(|(line, about)| json!({ "line": line, "about": about }))
        .collect();
    Json(json!({ "completions": completions }))
}

fn via() -> PlatformId {
    PlatformId::new(PLATFORM)
}

/// Two people's browsers can never mean the same request, whatever they send.
fn key(who: &MemberId, key: &str) -> Answered<String> {
    if key.is_empty() || key.len() > LONGEST_KEY {
        return Err(Failure::bad(format!(
            "A request is named by a key of 1 to {LONGEST_KEY} bytes."
        )));
    }
    Ok(format!("{PLATFORM}:{who}:{key}"))
}
