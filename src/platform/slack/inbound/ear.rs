//! Where a person hears an answer that is for them alone: the response address where there is one, else an ephemeral
//! message in the channel, else a direct message. Each is tried once; what may have been heard is not said again.
//!
//! <https://docs.slack.dev/interactivity/handling-user-interaction#message_responses>

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::payload::{OnMessage, ResponseUrl};
use crate::domain::notice::Notice;
use crate::platform::slack::Slack;
use crate::platform::slack::client::Failure;
use crate::platform::slack::render::{self, FormState};

#[derive(Clone, Default)]
pub(super) struct Ear {
    pub user: String,
    pub channel: String,
    pub thread: Option<String>,
    pub response_url: ResponseUrl,
}

impl Ear {
    /// By direct message only.
    pub fn of(user: &str) -> Self {
        Self {
            user: user.to_owned(),
            ..Self::default()
        }
    }

    pub fn near(user: &str, message: &OnMessage, response_url: ResponseUrl) -> Self {
        Self {
            user: user.to_owned(),
            channel: message.channel.clone(),
            thread: message.thread.clone(),
            response_url,
        }
    }

    /// What a form takes along, so that what is said of it later is heard where it was opened.
    pub fn state(&self, message: &str) -> FormState {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        FormState {
            channel: some(&self.channel),
            message: some(message),
            response_url: self
                .response_url
                .as_ref()
                .map(|url| url.expose_secret().to_owned()),
            preview: None,
        }
    }

    pub fn of_form(user: &str, state: &FormState) -> Self {
        Self {
            user: user.to_owned(),
            channel: state.channel.clone().unwrap_or_default(),
            thread: None,
            response_url: state.response_url.clone().map(SecretString::from),
        }
    }

    pub async fn hear(&self, slack: &Slack, said: &Notice) {
        self.hear_message(slack, message(said, false)).await;
    }

    /// A message as `message` makes it.
    pub async fn hear_message(&self, slack: &Slack, mut message: Value) {
        let mut failure = None;
        if let Some(url) = &self.response_url {
            message["replace_original"] = false.into();
            if let (Some(thread), true) = (&self.thread, message["response_type"] == "in_channel") {
                message["thread_ts"] = thread.as_str().into();
            }
            failure = match slack.client.respond(url.expose_secret(), &message).await {
                Ok(()) | Err(Failure::Unknown(_)) => return,
                Err(failure) => Some(failure),
            };
        }
        if let Some(fields) = message.as_object_mut() {
            fields.remove("response_type");
            fields.remove("replace_original");
        }
        if !self.channel.is_empty() {
            message["channel"] = self.channel.as_str().into();
            message["user"] = self.user.as_str().into();
            if let Some(thread) = &self.thread {
                message["thread_ts"] = thread.as_str().into();
            }
            failure = match slack.client.post("chat.postEphemeral", &message).await {
                Ok(_) | Err(Failure::Unknown(_)) => return,
                Err(failure) => Some(failure),
            };
        }
        if let Some(fields) = message.as_object_mut() {
            fields.remove("thread_ts");
            fields.remove("user");
        }
        message["channel"] = self.user.as_str().into();
        if !self.user.is_empty() {
            failure = slack.client.post("chat.postMessage", &message).await.err();
        }
        if let Some(failure) = failure {
            tracing::warn!("an answer to a person in Slack could not be delivered: {failure:?}");
        }
    }
}

/// A notice as Slack's answer to a command.
pub(super) fn message(said: &Notice, in_channel: bool) -> Value {
    let message = render::notice(said);
    json!({
        "response_type": if in_channel { "in_channel" } else { "ephemeral" },
        "text": message.text,
        "blocks": message.blocks,
        "unfurl_links": false,
        "unfurl_media": false,
    })
}
