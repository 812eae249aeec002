//! Reddit's things as they come in listings: comments (t1), posts (t3), private messages (t4).
//! <https://www.reddit.com/dev/api/#fullnames>. A field that is missing or of another type costs that field and no more.

use jiff::Timestamp;
use serde_json::Value;

use super::errors::on_the_web;
use super::moment;
use crate::domain::ids::{ConnectorId, NetworkId};
use crate::domain::mention::{Author, Media, Mention, MentionKind, PublicText};
use crate::port::delivery_error::DeliveryError;

/// Where people read.
pub(super) const WEB: &str = "https://www.reddit.com";

/// One page of a listing.
pub(super) struct Page {
    pub items: Vec<Item>,
    /// Where the next, older page begins.
    pub after: Option<String>,
}

impl Page {
    pub fn read(answer: &Value) -> Result<Self, DeliveryError> {
        let listing = answer.get("data");
        let children = listing.and_then(|data| data.get("children")?.as_array());
        let Some(children) = children else {
            return Err(DeliveryError::Transient(
                "Reddit answered with no listing".to_owned(),
            ));
        };
        let after = listing
            .and_then(|data| data.get("after")?.as_str())
            .map(str::to_owned);
        Ok(Self {
            items: children.iter().filter_map(Item::read).collect(),
            after,
        })
    }
}

#[derive(Debug, Default)]
pub(super) struct Item(Value);

impl Item {
    /// A child of a listing: its kind beside what it is.
    fn read(child: &Value) -> Option<Self> {
        let item = Self(child.get("data")?.clone());
        item.name()?;
        Some(item)
    }

    /// What stands in an answer without its kind.
    pub fn bare(value: Value) -> Self {
        Self(value)
    }

    pub fn text_of(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.as_str().filter(|text| !text.is_empty())
    }

    /// The fullname, `t1_…`: an id that says of what kind it is.
    pub fn name(&self) -> Option<&str> {
        self.text_of("name")
            .filter(|name| name.len() < 40 && name.contains('_'))
    }

    pub fn created(&self) -> Option<Timestamp> {
        moment(self.0.get("created_utc")?.as_f64()?)
    }

    /// When it was edited last; Reddit says `false` where it was not.
    pub fn edited(&self) -> Option<Timestamp> {
        moment(self.0.get("edited")?.as_f64()?)
    }

    pub fn author(&self) -> Option<&str> {
        self.text_of("author")
    }

    fn is(&self, prefix: &str) -> bool {
        self.name().is_some_and(|name| name.starts_with(prefix))
    }

    /// Deleted by its author, or removed by moderators or Reddit.
    pub fn is_gone(&self) -> bool {
        let emptied = |key| matches!(self.text_of(key), Some("[deleted]" | "[removed]"));
        self.author() == Some("[deleted]")
            || emptied("body")
            || emptied("selftext")
            || self.text_of("removed_by_category").is_some()
    }

    pub fn text(&self) -> PublicText {
        let parts: Vec<&str> = if self.is("t1_") {
            vec![self.text_of("body").unwrap_or_default()]
        } else {
            ["title", "subject", "selftext", "body"]
                .into_iter()
                .filter_map(|key| self.text_of(key))
                .collect()
        };
        PublicText::new(parts.join("\n\n"))
    }

    pub fn permalink(&self) -> Option<String> {
        let path = self.text_of("permalink").or_else(|| self.text_of("context"));
        match path {
            Some(path) => on_the_web(path),
            None if self.is("t4_") => {
                let id = self
                    .text_of("id")
                    .filter(|id| id.chars().all(|c| c.is_ascii_alphanumeric()))?;
                Some(format!("{WEB}/message/messages/{id}"))
            }
            None => None,
        }
    }

    /// The post that a comment is under. Mentions may name it only in their path, `/r/tea/comments/1pxyz/…`.
    fn conversation(&self) -> Option<String> {
        if self.is("t3_") {
            return self.name().map(str::to_owned);
        }
        if self.is("t4_") {
            return self
                .text_of("first_message_name")
                .or(self.name())
                .map(str::to_owned);
        }
        if let Some(link) = self.text_of("link_id") {
            return Some(link.to_owned());
        }
        let path = self.text_of("context").or_else(|| self.text_of("permalink"))?;
        let mut parts = path.split('/').skip_while(|part| *part != "comments").skip(1);
        parts
            .next()
            .filter(|id| !id.is_empty())
            .map(|id| format!("t3_{id}"))
    }

    fn kind(&self) -> MentionKind {
        match self.text_of("type") {
            _ if self.is("t4_") => MentionKind::DirectMessage,
            Some("username_mention") => MentionKind::Mention,
            _ if self.is("t3_") => MentionKind::Mention,
            _ => MentionKind::Comment,
        }
    }

    pub fn mention(
        &self,
        connector: &ConnectorId,
        network: &NetworkId,
        account: &str,
        now: Timestamp,
    ) -> Option<Mention> {
        let id = self.name()?.to_owned();
        let subreddit = self.text_of("subreddit").map(|name| format!("r/{name}"));
        // Moderators write messages in the name of their subreddit.
        let author = self
            .author()
            .map(str::to_owned)
            .or(subreddit)
            .unwrap_or_else(|| "unknown".to_owned());
        let plain = author
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        let picture = self
            .text_of("url_overridden_by_dest")
            .filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        Some(Mention {
            connector: connector.clone(),
            network: network.clone(),
            kind: self.kind(),
            author: Author {
                id: author.clone(),
                handle: PublicText::new(author.clone()),
                url: plain.then(|| format!("{WEB}/user/{author}")),
                ..Author::default()
            },
            text: self.text(),
            created: self.created().unwrap_or(now),
            account: Some(account.to_owned()),
            language: None,
            url: self.permalink(),
            in_reply_to: self
                .text_of("parent_id")
                .filter(|parent| *parent != id)
                .map(str::to_owned),
            conversation: self.conversation(),
            media: picture
                .into_iter()
                .map(|url| Media {
                    url: url.to_owned(),
                    description: PublicText::default(),
                })
                .collect(),
            rating: None,
            // A reply is addressed to the thing's own name, which is the mention's id.
            reply_target: None,
            own: false,
            id,
        })
    }
}
