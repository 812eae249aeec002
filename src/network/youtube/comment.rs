//! Comments and their threads as YouTube writes them: <https://developers.google.com/youtube/v3/docs/comments>. A field
//! that is missing or of another type costs that field and no more; authors whose accounts are closed have none.

use jiff::Timestamp;
use serde_json::Value;

use crate::domain::ids::{ConnectorId, NetworkId};
use crate::domain::mention::{Author, Mention, MentionKind, PublicText};
use crate::port::delivery_error::DeliveryError;

/// One page of comments or threads.
pub(super) struct Page {
    pub items: Vec<Value>,
    pub next: Option<String>,
}

impl Page {
    pub fn read(answer: &Value) -> Result<Self, DeliveryError> {
        // An empty page may come without its list.
        let empty = || answer.get("pageInfo").is_some() || answer.get("kind").is_some();
        let items = match answer.get("items") {
            Some(Value::Array(items)) => items.clone(),
            None if empty() => Vec::new(),
            _ => {
                return Err(DeliveryError::Transient(
                    "YouTube answered with no list".to_owned(),
                ));
            }
        };
        let next = answer
            .get("nextPageToken")
            .and_then(Value::as_str)
            .map(str::to_owned);
        Ok(Self { items, next })
    }
}

/// A top-level comment, how many answer it, and the few answers that come along.
pub(super) struct Thread {
    pub top: Comment,
    pub replies: Vec<Comment>,
    pub total: u64,
}

impl Thread {
    pub fn read(item: &Value) -> Option<Self> {
        let snippet = item.get("snippet")?;
        let mut top = Comment::read(snippet.get("topLevelComment")?)?;
        let of_thread = |key: &str| snippet.get(key).and_then(Value::as_str).map(str::to_owned);
        top.video = top.video.or_else(|| of_thread("videoId"));
        let replies = item.pointer("/replies/comments").and_then(Value::as_array);
        let mut replies: Vec<Comment> = replies.into_iter().flatten().filter_map(Comment::read).collect();
        for reply in &mut replies {
            reply.belongs_to(&top);
        }
        let total = snippet.get("totalReplyCount").and_then(Value::as_u64);
        Some(Self {
            total: total.unwrap_or(replies.len() as u64),
            top,
            replies,
        })
    }
}

pub(super) struct Comment {
    pub id: String,
    pub parent: Option<String>,
    pub video: Option<String>,
    pub text: String,
    pub author: Option<String>,
    author_name: String,
    author_url: Option<String>,
    pub published: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    moderation: Option<String>,
}

impl Comment {
    pub fn read(item: &Value) -> Option<Self> {
        let id = item
            .get("id")?
            .as_str()
            .filter(|id| !id.is_empty() && id.len() < 200)?;
        let snippet = item.get("snippet")?;
        let text = |key: &str| {
            snippet
                .get(key)?
                .as_str()
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        let time = |key: &str| text(key)?.parse().ok();
        let parent = text("parentId").or_else(|| id.split_once('.').map(|(parent, _)| parent.to_owned()));
        Some(Self {
            id: id.to_owned(),
            parent,
            video: text("videoId"),
            // Plain text is asked for; the original is what the author typed, where YouTube gives it.
            text: text("textOriginal")
                .or_else(|| text("textDisplay"))
                .unwrap_or_default(),
            author: snippet
                .pointer("/authorChannelId/value")
                .and_then(Value::as_str)
                .map(str::to_owned),
            author_name: text("authorDisplayName").unwrap_or_default(),
            author_url: text("authorChannelUrl")
                .filter(|url| url.starts_with("https://") || url.starts_with("http://")),
            published: time("publishedAt"),
            updated: time("updatedAt"),
            moderation: text("moderationStatus"),
        })
    }

    /// A reply does not always name its video.
    pub fn belongs_to(&mut self, top: &Comment) {
        self.video = self.video.take().or_else(|| top.video.clone());
        self.parent = self.parent.take().or_else(|| Some(top.id.clone()));
    }

    /// Refused by the channel, or taken for spam: nobody waits for an answer to it.
    pub fn is_refused(&self) -> bool {
        matches!(self.moderation.as_deref(), Some("rejected" | "likelySpam"))
    }

    pub fn is_held(&self) -> bool {
        self.moderation.as_deref() == Some("heldForReview")
    }

    /// When it was changed, if it was.
    pub fn edited(&self) -> Option<Timestamp> {
        self.updated.filter(|updated| Some(*updated) != self.published)
    }

    pub fn permalink(&self) -> Option<String> {
        let plain = |text: &&String| {
            text.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        let (video, id) = (self.video.as_ref().filter(plain)?, Some(&self.id).filter(plain)?);
        Some(format!("https://www.youtube.com/watch?v={video}&lc={id}"))
    }

    pub fn mention(
        &self,
        connector: &ConnectorId,
        network: &NetworkId,
        channel: &str,
        now: Timestamp,
    ) -> Mention {
        let handle = self.author_name.trim_start_matches('@');
        let known = [self.author.as_deref().unwrap_or_default(), handle, "unknown"];
        let id = known
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default();
        Mention {
            connector: connector.clone(),
            network: network.clone(),
            id: self.id.clone(),
            kind: MentionKind::Comment,
            author: Author {
                id: id.to_owned(),
                handle: PublicText::new(if handle.is_empty() { id } else { handle }),
                url: self.author_url.clone(),
                ..Author::default()
            },
            text: PublicText::new(self.text.clone()),
            created: self.published.unwrap_or(now),
            account: Some(channel.to_owned()),
            language: None,
            url: self.permalink(),
            in_reply_to: self.parent.clone(),
            conversation: Some(top_of(&self.id).to_owned()),
            media: Vec::new(),
            rating: None,
            // A reply goes to the top of the thread, which the id itself names.
            reply_target: None,
            own: false,
        }
    }
}

/// There is one level of answers: `top.reply`.
pub(super) fn top_of(id: &str) -> &str {
    id.split('.').next().unwrap_or(id)
}
