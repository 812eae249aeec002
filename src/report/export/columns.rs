//! The columns of both exports, and how a lead and an entry fill them. The order is part of the format: new columns go
//! to the end.

use super::cell::Cell;
use crate::domain::company::Company;
use crate::domain::lead::Lead;
use crate::domain::mention::{Mention, PublicText};
use crate::domain::timeline::{Actor, Entry, Happened};
use crate::report::history;
use crate::report::lead_row::zone_of;

/// Times are RFC 3339 in UTC. `text` is the whole first mention. `first_response_seconds` counts from when that was
/// written. `breached` tells of the author's latest wait.
pub const LEAD_COLUMNS: [&str; 25] = [
    "id",
    "opened",
    "network",
    "account",
    "kind",
    "conversation",
    "author_handle",
    "author_name",
    "author_followers",
    "department",
    "priority",
    "tags",
    "state",
    "owner",
    "first_response_seconds",
    "outcome",
    "resolved_at",
    "mentions",
    "duplicates",
    "replies",
    "breached",
    "permalink",
    "text",
    "native_id",
    "written",
];

/// `text` is what was said, whole; `detail` the line of history in words. `network` and `native_id` are filled for
/// public messages; a reply of ours has a native id where the network told it. `by` is a member's short name, `author`, `account` or `switchboard`.
pub const HISTORY_COLUMNS: [&str; 11] = [
    "lead",
    "seq",
    "at",
    "by",
    "via",
    "did",
    "network",
    "native_id",
    "text",
    "detail",
    "hash",
];

pub(super) fn of_lead(lead: &Lead, first: Option<&Mention>) -> [Cell; LEAD_COLUMNS.len()] {
    let author = lead.author.as_ref();
    let resolution = lead.resolution.as_ref();
    let first_response = first
        .zip(lead.clock.first_response)
        .and_then(|(first, answered)| {
            let seconds = answered.duration_since(first.created).as_secs();
            u64::try_from(seconds).ok()
        });
    [
        Cell::text(lead.id.to_string()),
        Cell::text(lead.opened.to_string()),
        Cell::text(lead.network.as_str()),
        Cell::optional(lead.account.as_deref()),
        Cell::text(lead.kind.word()),
        Cell::text(&lead.conversation),
        Cell::optional(author.map(|author| author.handle.as_written())),
        Cell::optional(
            author
                .map(|author| author.name.as_written())
                .filter(|name| !name.is_empty()),
        ),
        number(author.and_then(|author| author.followers)),
        Cell::text(lead.department.as_str()),
        Cell::text(lead.priority.word()),
        Cell::List(lead.tags.clone()),
        Cell::text(lead.state().word()),
        Cell::optional(lead.owner().map(|owner| owner.as_str())),
        number(first_response),
        Cell::optional(resolution.map(|resolution| resolution.outcome.word())),
        Cell::optional(resolution.map(|resolution| resolution.at.to_string())),
        Cell::Number(lead.mentions.into()),
        Cell::Number(lead.duplicates.into()),
        Cell::Number(lead.replies.into()),
        Cell::Flag(lead.clock.breached),
        Cell::optional(match first {
            Some(first) => first.url.as_deref(),
            None => lead.latest.url.as_deref(),
        }),
        Cell::optional(first.map(|first| first.text.as_written())),
        Cell::optional(first.map(|first| first.id.as_str())),
        Cell::optional(first.map(|first| first.created.to_string())),
    ]
}

pub(super) fn of_entry(company: &Company, lead: &Lead, entry: &Entry) -> [Cell; HISTORY_COLUMNS.len()] {
    let sentence = history::sentence(company, &zone_of(company, lead), entry);
    let message = match &entry.what {
        Happened::MentionReceived { mention } => Some(mention),
        Happened::PublicReplySeen { post } => Some(post),
        _ => None,
    };
    let network = match &entry.what {
        Happened::ReplyPublished { .. } => Some(&lead.network),
        _ => message.map(|message| &message.network),
    };
    let native_id = match &entry.what {
        Happened::ReplyPublished { native_id, .. } => native_id.as_deref(),
        _ => message.map(|message| message.id.as_str()),
    };
    let text = match &entry.what {
        Happened::Noted { text } => Some(text.as_str()),
        _ => sentence.said.as_ref().map(PublicText::as_written),
    };
    let permalink = match &entry.what {
        Happened::ReplyPublished { permalink, .. } | Happened::AnsweredThere { permalink } => {
            permalink.as_deref()
        }
        _ => message.and_then(|message| message.url.as_deref()),
    };
    let detail = match permalink {
        Some(permalink) => format!("{} ({permalink})", sentence.text),
        None => sentence.text,
    };
    [
        Cell::text(lead.id.to_string()),
        Cell::Number(entry.seq.into()),
        Cell::text(entry.at.to_string()),
        Cell::text(match &entry.by {
            Actor::Member(member) => member.as_str(),
            Actor::Author => "author",
            Actor::Account => "account",
            Actor::Switchboard => "switchboard",
        }),
        Cell::optional(entry.via.as_ref().map(|via| via.as_str())),
        Cell::text(history::did(&entry.what)),
        Cell::optional(network.map(|network| network.as_str())),
        Cell::optional(native_id),
        Cell::optional(text),
        Cell::text(detail),
        Cell::text(&entry.hash),
    ]
}

fn number(number: Option<u64>) -> Cell {
    number.map_or(Cell::Nothing, Cell::Number)
}
