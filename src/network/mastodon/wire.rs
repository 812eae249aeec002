//! What Mastodon-compatible servers send, as far as it is read. Every field may be missing, null or of another type: a
//! server that invents something must not silence a channel, so what cannot be read counts as not said.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// What cannot be read is as good as not there.
fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(deserializer: D) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// Ids are strings; some servers send numbers.
fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(as_id(&Value::deserialize(deserializer)?).unwrap_or_default())
}

fn maybe_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(as_id(&Value::deserialize(deserializer)?))
}

fn as_id(value: &Value) -> Option<String> {
    match value {
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// A list whose entries are read one by one, so that one odd entry does not take the others with it.
pub(super) fn each<T: DeserializeOwned>(values: Vec<Value>) -> Vec<T> {
    values
        .into_iter()
        .filter_map(|value| serde_json::from_value(value).ok())
        .collect()
}

fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Vec<T>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Array(values) => Ok(each(values)),
        _ => Ok(Vec::new()),
    }
}

/// <https://docs.joinmastodon.org/entities/Notification/>
#[derive(Debug, Default, Deserialize)]
pub(super) struct Notification {
    #[serde(default, deserialize_with = "id")]
    pub id: String,
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    pub kind: String,
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient")]
    pub account: Option<Account>,
    #[serde(default, deserialize_with = "lenient")]
    pub status: Option<Status>,
}

/// <https://docs.joinmastodon.org/entities/Account/>
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Account {
    #[serde(default, deserialize_with = "id")]
    pub id: String,
    #[serde(default, deserialize_with = "lenient")]
    pub acct: String,
    #[serde(default, deserialize_with = "lenient")]
    pub username: String,
    #[serde(default, deserialize_with = "lenient")]
    pub display_name: String,
    #[serde(default, deserialize_with = "lenient")]
    pub url: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub followers_count: Option<u64>,
    #[serde(default, deserialize_with = "lenient")]
    pub bot: bool,
}

/// <https://docs.joinmastodon.org/entities/Status/>
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Status {
    #[serde(default, deserialize_with = "id")]
    pub id: String,
    #[serde(default, deserialize_with = "lenient")]
    pub uri: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub url: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient")]
    pub edited_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "maybe_id")]
    pub in_reply_to_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub visibility: String,
    /// HTML.
    #[serde(default, deserialize_with = "lenient")]
    pub content: String,
    /// The content warning.
    #[serde(default, deserialize_with = "lenient")]
    pub spoiler_text: String,
    #[serde(default, deserialize_with = "lenient")]
    pub language: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub account: Option<Account>,
    #[serde(default, deserialize_with = "list")]
    pub media_attachments: Vec<Attachment>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Attachment {
    #[serde(default, deserialize_with = "lenient")]
    pub url: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub remote_url: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub preview_url: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub description: Option<String>,
}

/// <https://docs.joinmastodon.org/entities/Context/>
#[derive(Debug, Deserialize)]
pub(super) struct Context {
    /// Required: an answer without it proves nothing.
    pub descendants: Vec<Value>,
}

/// <https://docs.joinmastodon.org/entities/Instance/> and its first version; what both say stands at the same place,
/// but for the address of the stream.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Instance {
    #[serde(default, deserialize_with = "lenient")]
    pub version: String,
    #[serde(default, deserialize_with = "lenient")]
    pub configuration: Configuration,
    /// The first version's.
    #[serde(default, deserialize_with = "lenient")]
    pub urls: Urls,
    /// Pleroma's and Akkoma's.
    #[serde(default, deserialize_with = "lenient")]
    pub max_toot_chars: Option<usize>,
    #[serde(default, deserialize_with = "lenient")]
    pub source_url: String,
    #[serde(default, deserialize_with = "lenient")]
    pub api_versions: ApiVersions,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct ApiVersions {
    #[serde(default, deserialize_with = "lenient")]
    pub mastodon: u32,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Configuration {
    #[serde(default, deserialize_with = "lenient")]
    pub statuses: StatusLimits,
    #[serde(default, deserialize_with = "lenient")]
    pub urls: Urls,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct StatusLimits {
    #[serde(default, deserialize_with = "lenient")]
    pub max_characters: Option<usize>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Urls {
    #[serde(default, deserialize_with = "lenient")]
    pub streaming: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub streaming_api: Option<String>,
}

/// <https://docs.joinmastodon.org/entities/NotificationPolicy/>: `accept`, `filter` or `drop`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Policy {
    #[serde(default, deserialize_with = "lenient")]
    pub for_not_following: String,
    #[serde(default, deserialize_with = "lenient")]
    pub for_not_followers: String,
    #[serde(default, deserialize_with = "lenient")]
    pub for_new_accounts: String,
    #[serde(default, deserialize_with = "lenient")]
    pub for_private_mentions: String,
    #[serde(default, deserialize_with = "lenient")]
    pub for_limited_accounts: String,
}

/// <https://docs.joinmastodon.org/entities/Application/>
#[derive(Debug, Default, Deserialize)]
pub(super) struct Application {
    #[serde(default, deserialize_with = "lenient")]
    pub scopes: Vec<String>,
}

/// <https://docs.joinmastodon.org/methods/streaming/#events>
#[derive(Debug, Default, Deserialize)]
pub(super) struct Frame {
    #[serde(default, deserialize_with = "lenient")]
    pub event: String,
    /// JSON within a string, or a bare id.
    #[serde(default, deserialize_with = "lenient")]
    pub payload: String,
    #[serde(default, deserialize_with = "lenient")]
    pub error: Option<String>,
}
