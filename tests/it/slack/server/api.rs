//! The Web API's door: tokens, trouble on demand, which method it is, and how Slack answers.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::world::{APP_TOKEN, Answer, BOT_TOKEN, Call, No, World};
use super::{Fault, SlackServer, files};

pub fn router(server: SlackServer) -> Router {
    {
        let mut world = server.world();
        world.address = server.address.clone();
        world.socket_address = server.socket_address.clone();
    }
    Router::new()
        .route("/api/{method}", any(method))
        .route("/upload/{file}", post(files::upload))
        .route("/response/{id}", post(super::chat::respond))
        .with_state(server)
}

/// Methods that do not understand a body of JSON.
const READS: [&str; 12] = [
    "chat.getPermalink",
    "conversations.history",
    "conversations.info",
    "conversations.members",
    "conversations.replies",
    "files.getUploadURLExternal",
    "files.info",
    "team.info",
    "usergroups.list",
    "usergroups.users.list",
    "users.info",
    "users.list",
];

async fn method(
    State(server): State<SlackServer>,
    Path(method): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let arguments = arguments(&method, query.as_deref(), &headers, &body);
    let (answer, fault) = {
        let mut world = server.world();
        let at = world.now();
        let number = world.calls.len();
        world.calls.push(Call {
            at,
            method: method.clone(),
            body: arguments.clone(),
            outcome: "ok".to_owned(),
        });
        let end = |world: &mut World, outcome: String| world.calls[number].outcome = outcome;
        if world.is_down {
            end(&mut world, "503".to_owned());
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        if let Some(wait) = too_fast(&world, &method, &arguments, at) {
            end(&mut world, "429".to_owned());
            let body = json!({"ok": false, "error": "ratelimited"}).to_string();
            let headers = [
                (header::RETRY_AFTER, wait.to_string()),
                (header::CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
            ];
            return (StatusCode::TOO_MANY_REQUESTS, headers, body).into_response();
        }
        let next = world.faults.iter().position(|(of, _)| *of == method);
        let fault = next.map(|at| world.faults.remove(at).1);
        let answer = match &fault {
            Some(Fault::Refuse(code)) => Err(No::new(code, "on demand")),
            Some(Fault::DropBefore | Fault::StatusBefore(_) | Fault::Html) => Err("not_done".into()),
            _ => authorised(&world, &method, &headers).and_then(|()| call(&mut world, &method, &arguments)),
        };
        match (&answer, &fault) {
            (_, Some(fault)) if !matches!(fault, Fault::Refuse(_)) => end(&mut world, format!("{fault:?}")),
            (Err(no), _) => end(&mut world, format!("{}: {}", no.code, no.detail)),
            _ => {}
        }
        (answer, fault)
    };
    let scopes: Vec<String> = server.world().scopes.iter().cloned().collect();
    match fault {
        Some(Fault::DropBefore | Fault::DropAfter) => broken(),
        Some(Fault::HangAfter) => std::future::pending().await,
        Some(Fault::StatusBefore(status) | Fault::StatusAfter(status)) => {
            let status = StatusCode::from_u16(status).expect("a status");
            (status, "upstream connect error").into_response()
        }
        Some(Fault::SayAfter(code)) => json_answer(&Err(No::from(code.as_str())), &scopes),
        Some(Fault::Html) => {
            let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
            (
                headers,
                "<html><body>Please sign in to the guest network</body></html>",
            )
                .into_response()
        }
        Some(Fault::Refuse(_)) | None => json_answer(&answer, &scopes),
    }
}

/// An answer that breaks off.
fn broken() -> Response {
    let nothing = futures::stream::once(async { Err::<Bytes, _>(std::io::Error::other("on demand")) });
    Body::from_stream(nothing).into_response()
}

fn json_answer(answer: &Answer, scopes: &[String]) -> Response {
    let body = match answer {
        Ok(value) => {
            let mut value = value.clone();
            value["ok"] = json!(true);
            value
        }
        Err(no) => json!({
            "ok": false, "error": no.code,
            "response_metadata": {"messages": [format!("[ERROR] {}", no.detail)]},
        }),
    };
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        (
            header::HeaderName::from_static("x-oauth-scopes"),
            scopes.join(","),
        ),
    ];
    (headers, body.to_string()).into_response()
}

/// From the query, a form, or JSON where the method takes that.
fn arguments(method: &str, query: Option<&str>, headers: &HeaderMap, body: &[u8]) -> Value {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let mut found = match serde_json::from_slice(body) {
        Ok(Value::Object(found)) if kind.starts_with("application/json") && !READS.contains(&method) => found,
        _ => Map::new(),
    };
    let form = match kind.starts_with("application/x-www-form-urlencoded") {
        true => body,
        false => &[],
    };
    for part in [query.unwrap_or_default().as_bytes(), form] {
        for (name, value) in url::form_urlencoded::parse(part) {
            found.insert(name.into_owned(), Value::String(value.into_owned()));
        }
    }
    Value::Object(found)
}

fn authorised(world: &World, method: &str, headers: &HeaderMap) -> Result<(), No> {
    let given = headers.get(header::AUTHORIZATION).and_then(|it| it.to_str().ok());
    let token = given
        .and_then(|it| it.strip_prefix("Bearer "))
        .ok_or("not_authed")?;
    let wanted = match method {
        "apps.connections.open" => APP_TOKEN,
        _ => BOT_TOKEN,
    };
    match token == wanted {
        _ if world.revoked => Err("token_revoked".into()),
        true => Ok(()),
        false if token == APP_TOKEN || token == BOT_TOKEN => Err("not_allowed_token_type".into()),
        false => Err("invalid_auth".into()),
    }
}

/// Seconds to wait, where this call comes too early.
fn too_fast(world: &World, method: &str, arguments: &Value, now: Timestamp) -> Option<i64> {
    if let Some(until) = world.slow_until.get(method).filter(|until| **until > now) {
        return Some(now.duration_until(*until).as_secs().max(1));
    }
    if !world.keeps_pace {
        return None;
    }
    let went_through = |call: &&Call| call.method == method && call.outcome != "429" && call.outcome != "503";
    let since = |length| now.checked_sub(SignedDuration::from_secs(length)).unwrap_or(now);
    match method {
        // One message a second and channel, with a little patience for a burst.
        "chat.postMessage" => {
            let here = |call: &&Call| call.body["channel"] == arguments["channel"] && call.at > since(10);
            let recent = world.calls.iter().filter(went_through).filter(here).count();
            (recent > 13).then_some(1)
        }
        "chat.update" => {
            let recent = world
                .calls
                .iter()
                .filter(went_through)
                .filter(|call| call.at > since(60))
                .count();
            (recent > 51).then_some(5)
        }
        _ => None,
    }
}

fn call(world: &mut World, method: &str, body: &Value) -> Answer {
    match method {
        "auth.test" => world.auth_test(),
        "team.info" => world.team_info(),
        "apps.connections.open" => world.open_connection(),
        "chat.postMessage" => world.post_message(body),
        "chat.update" => world.update(body),
        "chat.postEphemeral" => world.post_ephemeral(body),
        "chat.delete" => world.delete(body),
        "chat.getPermalink" => world.permalink(body),
        "views.open" => world.views_open(body),
        "views.push" => world.views_push(body),
        "views.update" => world.views_update(body),
        "views.publish" => world.views_publish(body),
        "conversations.history" => world.history(body),
        "conversations.replies" => world.replies(body),
        "conversations.members" => world.channel_members(body),
        "conversations.info" => world.channel_info(body),
        "conversations.open" => world.open_direct(body),
        "conversations.join" => world.join(body),
        "users.info" => world.user_info(body),
        "users.list" => world.users_list(body),
        "usergroups.list" => world.groups_list(body),
        "usergroups.users.list" => world.group_users(body),
        "files.getUploadURLExternal" => world.upload_url(body),
        "files.completeUploadExternal" => world.complete_upload(body),
        "files.info" => world.file_info(body),
        other => Err(No::new("unknown_method", other)),
    }
}
