//! Files: an address, the bytes, the completion; ready only after somebody asked a while. <https://docs.slack.dev/messaging/working-with-files>

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::world::{Answer, Call, File, No, World, text};
use super::{BOT_USER, SlackServer};

impl World {
    pub fn upload_url(&mut self, body: &Value) -> Answer {
        self.require("files:write")?;
        let name = text(body, "filename").ok_or("invalid_arguments")?.to_owned();
        let length: usize = match &body["length"] {
            Value::String(text) => text.parse().map_err(|_| No::from("invalid_arguments"))?,
            other => other.as_u64().ok_or("invalid_arguments")? as usize,
        };
        if length == 0 {
            return Err("invalid_arguments".into());
        }
        let id = self.id('F');
        let file = File {
            name,
            length,
            alt: text(body, "alt_txt").map(str::to_owned),
            polls: self.file_polls.unwrap_or(u32::MAX),
            ..File::default()
        };
        self.files.insert(id.clone(), file);
        Ok(json!({"upload_url": format!("{}/upload/{id}", self.address), "file_id": id}))
    }

    pub fn complete_upload(&mut self, body: &Value) -> Answer {
        self.require("files:write")?;
        let wanted = body["files"].as_array().cloned().unwrap_or_default();
        if wanted.is_empty() {
            return Err("invalid_arguments".into());
        }
        let channel = text(body, "channel_id").map(str::to_owned);
        if let Some(channel) = &channel {
            match self.channels.get(channel) {
                None => return Err("channel_not_found".into()),
                Some(found) if !found.has_bot => return Err("not_in_channel".into()),
                Some(_) => {}
            }
        }
        let mut ids = Vec::new();
        for one in &wanted {
            let id = text(one, "id").ok_or("file_not_found")?;
            let file = self.files.get_mut(id).ok_or("file_not_found")?;
            if file.bytes.as_ref().is_none_or(|bytes| bytes.len() != file.length) {
                return Err("file_not_found".into());
            }
            file.complete = true;
            file.title = text(one, "title").unwrap_or(&file.name).to_owned();
            file.shared.extend(channel.clone());
            ids.push(json!({"id": id, "title": file.title}));
        }
        if let Some(channel) = channel {
            let ts = self.ts();
            let message = json!({
                "type": "message", "user": BOT_USER, "ts": ts, "files": ids,
                "text": body["initial_comment"].as_str().unwrap_or_default(),
                "thread_ts": body["thread_ts"],
            });
            self.channel_mut(&channel).messages.insert(ts, message);
        }
        Ok(json!({"files": ids}))
    }

    pub fn file_info(&mut self, body: &Value) -> Answer {
        self.require("files:read")?;
        let id = text(body, "file").ok_or("file_not_found")?;
        let file = self.files.get_mut(id).ok_or("file_not_found")?;
        if !file.complete {
            return Err("file_not_found".into());
        }
        let mimetype = match file.polls {
            0 => "image/png",
            _ => "",
        };
        file.polls = match file.polls {
            u32::MAX => u32::MAX,
            polls => polls.saturating_sub(1),
        };
        Ok(
            json!({"file": {"id": id, "name": file.name, "title": file.title, "mimetype": mimetype, "size": file.length}}),
        )
    }
}

pub async fn upload(State(server): State<SlackServer>, Path(id): Path<String>, body: Bytes) -> Response {
    let mut world = server.world();
    let at = world.now();
    let outcome = match world.files.get_mut(&id) {
        None => StatusCode::NOT_FOUND,
        Some(file) if file.length != body.len() => StatusCode::BAD_REQUEST,
        Some(file) => {
            file.bytes = Some(body.to_vec());
            StatusCode::OK
        }
    };
    world.calls.push(Call {
        at,
        method: "upload".to_owned(),
        body: json!({"file": id, "length": body.len()}),
        outcome: outcome.as_str().to_owned(),
    });
    match outcome {
        StatusCode::OK => (
            [(header::CONTENT_TYPE, "text/plain")],
            format!("OK - {}", body.len()),
        )
            .into_response(),
        status => status.into_response(),
    }
}

impl SlackServer {
    /// How often `files.info` says of a new file that it is not ready; none: for ever.
    pub fn files_are_ready_after(&self, polls: Option<u32>) {
        self.world().file_polls = polls;
    }

    /// Files that are shared nowhere are refused in messages, as in some workspaces.
    pub fn refuse_private_files(&self) {
        self.world().private_files_refused = true;
    }

    /// The bytes of an uploaded file.
    pub fn file(&self, id: &str) -> Option<Vec<u8>> {
        self.world().files.get(id)?.bytes.clone()
    }
}
