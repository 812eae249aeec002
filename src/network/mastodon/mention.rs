//! A status as a mention, and what a reply to it must keep: whom to address, who may see it, the content warning.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::html;
use super::wire::{Account, Notification, Status};
use crate::domain::ids::{ConnectorId, NetworkId};
use crate::domain::mention::{Author, Media, Mention, MentionKind, PublicText};

/// What a reply needs to know of the status it answers; travels with the mention as its `reply_target`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Parent {
    pub id: String,
    /// As this server addresses its author: `mara`, or `mara@social.example`.
    pub acct: String,
    pub visibility: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub spoiler_text: String,
}

impl Parent {
    pub fn of(status: &Status) -> Self {
        Self {
            id: status.id.clone(),
            acct: status.account.as_ref().map(acct).unwrap_or_default(),
            visibility: status.visibility.clone(),
            spoiler_text: status.spoiler_text.clone(),
        }
    }

    /// Who may see a reply: never more than could see what it answers. Of a word that we do not know nothing is certain,
    /// so only the person addressed sees the reply.
    pub fn reply_visibility(&self) -> &str {
        match self.visibility.as_str() {
            known @ ("public" | "unlisted" | "private" | "direct" | "local") => known,
            _ => "direct",
        }
    }
}

fn acct(account: &Account) -> String {
    let acct = if account.acct.is_empty() {
        &account.username
    } else {
        &account.acct
    };
    acct.trim_start_matches('@').to_owned()
}

/// Where mentions come from and who we are.
pub(super) struct Reader<'a> {
    pub connector: &'a ConnectorId,
    pub network: &'a NetworkId,
    pub own: &'a Account,
    pub now: Timestamp,
}

impl Reader<'_> {
    /// None for what is no mention, and for what we wrote ourselves.
    pub fn mention(&self, notification: &Notification) -> Option<Mention> {
        if !matches!(notification.kind.as_str(), "mention" | "quote") {
            return None;
        }
        let status = notification.status.as_ref()?;
        if status.id.is_empty() {
            return None;
        }
        let author = status.account.as_ref().or(notification.account.as_ref())?;
        if author.id == self.own.id {
            return None;
        }
        let mut parent = Parent::of(status);
        parent.acct = acct(author);
        let url = status.url.clone().or_else(|| status.uri.clone());
        Some(Mention {
            connector: self.connector.clone(),
            network: self.network.clone(),
            id: status.id.clone(),
            kind: kind(status),
            author: self.author(author),
            text: text(status),
            created: status.created_at.or(notification.created_at).unwrap_or(self.now),
            account: Some(acct(self.own)).filter(|own| !own.is_empty()),
            language: status.language.clone().filter(|language| !language.is_empty()),
            url: url.filter(|url| is_web(url)),
            in_reply_to: status.in_reply_to_id.clone(),
            conversation: None,
            media: media(status),
            rating: None,
            reply_target: serde_json::to_string(&parent).ok(),
            own: false,
        })
    }

    fn author(&self, account: &Account) -> Author {
        let handle = acct(account);
        let name = account.display_name.trim();
        Author {
            id: if account.id.is_empty() {
                handle.clone()
            } else {
                account.id.clone()
            },
            handle: PublicText::new(handle),
            // A person should know before writing that nobody will read it.
            name: PublicText::new(match (account.bot, name) {
                (true, name) => format!("{name} (bot)").trim_start().to_owned(),
                (false, name) => name.to_owned(),
            }),
            followers: account.followers_count,
            verified: false,
            url: account.url.clone().filter(|url| is_web(url)),
        }
    }
}

fn kind(status: &Status) -> MentionKind {
    match (status.visibility.as_str(), &status.in_reply_to_id) {
        ("direct", _) => MentionKind::DirectMessage,
        (_, Some(_)) => MentionKind::Comment,
        (_, None) => MentionKind::Mention,
    }
}

/// The content warning first, as a reader meets it.
pub(super) fn text(status: &Status) -> PublicText {
    let text = html::as_text(&status.content);
    let warning = status.spoiler_text.trim();
    PublicText::new(match (warning, text.as_str()) {
        ("", text) => text.to_owned(),
        (warning, "") => format!("[{warning}]"),
        (warning, text) => format!("[{warning}]\n\n{text}"),
    })
}

fn media(status: &Status) -> Vec<Media> {
    let described = |attachment: &super::wire::Attachment| {
        let places = [&attachment.url, &attachment.remote_url, &attachment.preview_url];
        let url = places.into_iter().flatten().find(|url| is_web(url))?.clone();
        let description = PublicText::new(attachment.description.clone().unwrap_or_default());
        Some(Media { url, description })
    };
    status.media_attachments.iter().filter_map(described).collect()
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}
