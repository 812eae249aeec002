//! Saying who you are: by choosing from the staff where nobody signs in, else with a personal code.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Deserialize;
use serde_json::{Value, json};

use super::failure::{Answered, Failure};
use super::gate::is_secure;
use super::room::{Body, Shared};
use super::session::forget;
use crate::domain::company::{Company, Member};
use crate::domain::ids::MemberId;

/// Who am I, where am I, what time is it here?
pub(super) async fn me(State(room): State<Shared>, headers: HeaderMap) -> Json<Value> {
    let company = room.front.company();
    let member = room.who(&headers).and_then(|who| {
        company
            .members
            .get(&who.member)
            .map(|member| person(&company, member))
    });
    Json(json!({
        "company": company.name,
        "now": room.front.now(),
        "signIn": room.settings.sign_in.is_some(),
        "member": member,
    }))
}

/// Everybody there is to be. Not told where people sign in: a stranger at the door need not know the staff.
pub(super) async fn staff(State(room): State<Shared>) -> Answered<Json<Value>> {
    if room.settings.sign_in.is_some() {
        return Err(Failure::forbidden("Sign in with your name and code."));
    }
    let company: Arc<Company> = room.front.company();
    let mut staff: Vec<&Member> = company.members.values().collect();
    staff.sort_by(|one, other| one.name.cmp(&other.name));
    let staff: Vec<Value> = staff.into_iter().map(|member| person(&company, member)).collect();
    Ok(Json(json!({ "staff": staff })))
}

fn person(company: &Company, member: &Member) -> Value {
    let roles: Vec<Value> = company
        .departments
        .values()
        .filter_map(|department| {
            let role = department.role(&member.id)?;
            Some(json!({ "department": department.name, "role": role.word() }))
        })
        .collect();
    json!({
        "id": member.id,
        "name": member.name,
        "away": member.away,
        "admin": company.admins.contains(&member.id),
        "roles": roles,
    })
}

#[derive(Deserialize)]
pub(super) struct Choice {
    member: MemberId,
}

pub(super) async fn choose(
    State(room): State<Shared>,
    headers: HeaderMap,
    Body(choice): Body<Choice>,
) -> Answered<impl IntoResponse> {
    if room.settings.sign_in.is_some() {
        return Err(Failure::forbidden("Here people sign in with a code."));
    }
    if !room.front.company().members.contains_key(&choice.member) {
        return Err(Failure::missing(
            "Nobody of that name works here. Choose somebody from the list.",
        ));
    }
    let cookie = room.cookie_for(&choice.member, is_secure(&headers));
    Ok((
        StatusCode::NO_CONTENT,
        AppendHeaders([(header::SET_COOKIE, cookie)]),
    ))
}

#[derive(Deserialize)]
pub(super) struct Credentials {
    member: MemberId,
    code: String,
}

pub(super) async fn sign_in(
    State(room): State<Shared>,
    headers: HeaderMap,
    Body(given): Body<Credentials>,
) -> Answered<impl IntoResponse> {
    let Some(codes) = &room.settings.sign_in else {
        return Err(Failure::bad("Here nobody signs in; choose who you are."));
    };
    let now = room.front.now();
    let code = codes.get(&given.member);
    let account = code.map_or("", |_| given.member.as_str());
    if let Some(seconds) = room.throttle.wait(account, now) {
        return Err(Failure::slow_down(seconds));
    }
    // An unknown name costs the same work as a wrong code, and gets the same answer.
    let nobody = super::settings::CodeHash::of("");
    let admitted = code.unwrap_or(&nobody).admits(given.code.trim())
        && code.is_some()
        && room.front.company().members.contains_key(&given.member);
    if !admitted {
        room.throttle.failed(account, now);
        return Err(Failure::forbidden(
            "That name and code do not belong together. Ask your administrator for a new code if you lost yours.",
        ));
    }
    room.throttle.succeeded(account);
    let cookie = room.cookie_for(&given.member, is_secure(&headers));
    Ok((
        StatusCode::NO_CONTENT,
        AppendHeaders([(header::SET_COOKIE, cookie)]),
    ))
}

pub(super) async fn sign_out(headers: HeaderMap) -> impl IntoResponse {
    let cookies = forget(is_secure(&headers)).map(|cookie| (header::SET_COOKIE, cookie));
    (StatusCode::NO_CONTENT, AppendHeaders(cookies))
}
