//! A lead's card as one embed with buttons. The newest turn of the conversation gets the most room, the older ones and
//! everything else keep small; whatever happens, Discord's 6,000 characters for an embed are kept after escaping.
//! Deliberately shows no time in the footer, where Discord would not render it.
//! <https://docs.discord.com/developers/resources/message#embed-object>

use serde_json::{Map, Value, json};

use super::text::{self, length};
use crate::domain::card::{Action, Banner, Card, Emphasis, Turn};
use crate::domain::ids::LeadId;
use crate::domain::lead::{Priority, State};
use crate::domain::mention::{Author, MentionKind};
use crate::domain::notice::Tone;

/// All texts of an embed together.
const EMBED: usize = 6000;
/// The conversation, whatever room the rest leaves.
const DESCRIPTION: usize = 3000;
/// One of the older turns.
const OLDER_TURN: usize = 300;
const BUTTON_URL: usize = 512;
const URL: usize = 2000;
const BUTTONS_IN_A_ROW: usize = 5;
const ROWS: usize = 5;
const BANNERS: usize = 4;

/// The whole body of the message, for posting and for editing: what is not in it any more is said as empty.
pub fn card(card: &Card) -> Value {
    json!({
        "embeds": [embed(card)],
        "components": rows(card),
        "allowed_mentions": { "parse": [] },
    })
}

/// The `custom_id` of a button that runs a command for a lead.
pub fn button_id(command: &str, lead: LeadId) -> String {
    format!("do|{command}|{lead}")
}

/// Reads the `custom_id` of such a button; none for anything else.
pub fn read_click(custom_id: &str) -> Option<(String, LeadId)> {
    let (command, lead) = custom_id.strip_prefix("do|")?.split_once('|')?;
    Some((command.to_owned(), lead.parse().ok()?))
}

fn embed(card: &Card) -> Value {
    let mut embed = Map::new();
    let mut used = 0;
    let mut count = |text: String| {
        used += length(&text);
        text
    };
    embed.insert("color".into(), color(card).into());
    embed.insert("title".into(), count(title(card)).into());
    embed.insert("footer".into(), json!({ "text": count(footer(card)) }));
    if let Some(author) = card.author.as_ref().filter(|_| !card.stub) {
        let mut entry = json!({ "name": count(author_line(author)) });
        if let Some(url) = author.url.as_deref().and_then(|url| text::link(url, URL)) {
            entry["url"] = url.into();
        }
        embed.insert("author".into(), entry);
    }
    let fields: Vec<Value> = fields(card)
        .into_iter()
        .map(|(name, value, inline)| json!({ "name": count(name), "value": count(value), "inline": inline }))
        .collect();
    embed.insert("fields".into(), fields.into());
    let description = description(card, EMBED.saturating_sub(used).min(DESCRIPTION));
    if !description.is_empty() {
        embed.insert("description".into(), description.into());
    }
    let mut media = card.media.iter().filter(|_| !card.stub);
    if let Some(url) = media.find_map(|media| text::picture(&media.url, URL)) {
        embed.insert("image".into(), json!({ "url": url }));
    }
    Value::Object(embed)
}

/// Priorities are told apart by lightness as well as by hue; the title says them with a mark.
fn color(card: &Card) -> u32 {
    match (card.state, card.priority) {
        (State::Resolved, _) => 0x8a_8f_98,
        (_, Priority::Urgent) => 0xb3_26_1e,
        (_, Priority::High) => 0xe6_8a_00,
        (_, Priority::Normal) => 0x3b_82_c4,
        (_, Priority::Low) => 0xa9_c9_e8,
    }
}

fn title(card: &Card) -> String {
    let mark = match (card.state, card.priority) {
        (State::Resolved, _) => "✅ ",
        (_, Priority::Urgent) => "🔴 Urgent · ",
        (_, Priority::High) => "🟠 High · ",
        (_, Priority::Normal) => "",
        (_, Priority::Low) => "Low · ",
    };
    let what = match card.kind {
        MentionKind::Mention => "Mention",
        MentionKind::Comment => "Comment",
        MentionKind::DirectMessage => "Direct message",
        MentionKind::Review => "Review",
    };
    let lock = if card.stub { "🔒 Confidential · " } else { "" };
    let network = text::line(card.network.label(), 60);
    format!("{mark}{lock}{} · {what} on {network}", card.lead)
}

fn footer(card: &Card) -> String {
    text::plain(&format!("{} · {}", card.lead, card.department_name), 120)
}

fn author_line(author: &Author) -> String {
    let (name, handle) = (author.name.as_written(), author.handle.as_written());
    let mut line = match (name.trim().is_empty(), handle.trim().is_empty()) {
        (true, true) => "Unknown author".to_owned(),
        (true, false) => text::plain(handle, 80),
        (false, true) => text::plain(name, 80),
        (false, false) => format!("{} ({})", text::plain(name, 60), text::plain(handle, 60)),
    };
    if author.verified {
        line.push_str(" · verified");
    }
    if let Some(followers) = author.followers {
        line.push_str(&format!(" · {followers} followers"));
    }
    line
}

/// Name, value, and whether it may stand beside others. No value is empty.
fn fields(card: &Card) -> Vec<(String, String, bool)> {
    let mut fields = Vec::new();
    let mut add = |name: &str, value: String, inline: bool| fields.push((name.to_owned(), value, inline));
    add("Status", text::sentence(&card.status, 200), true);
    match (card.due, card.first_response) {
        (Some(due), _) if card.breached => add("Answer was due", format!("⚠️ {}", text::time(due)), true),
        (Some(due), _) => add("Answer due", text::time(due), true),
        (None, Some(answered)) => add("First answered", text::time(answered), true),
        (None, None) => {}
    }
    add("Opened", text::time(card.opened), true);
    if !card.tags.is_empty() {
        add("Tags", text::line(&card.tags.join(", "), 200), true);
    }
    if card.duplicates > 0 {
        add("Repeats", format!("{} of the same", card.duplicates), true);
    }
    if card.stub {
        return fields;
    }
    if !card.reasons.is_empty() {
        add("Why it is here", text::line(&card.reasons.join("; "), 300), false);
    }
    for banner in card.banners.iter().take(BANNERS) {
        add(banner_name(banner.tone), banner_value(banner), false);
    }
    fields
}

fn banner_name(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "ℹ️ For your information",
        Tone::Done => "✅ Done",
        Tone::Refused => "⛔ Not done",
        Tone::Warning => "⚠️ Before you act",
    }
}

fn banner_value(banner: &Banner) -> String {
    let text = text::sentence(&banner.text, 300);
    match banner.lines.is_empty() {
        true => text,
        false => format!("{text}\n{}", text::quote(&banner.lines.join("\n"), 360)),
    }
}

/// The conversation, oldest first; when there is too little room, the oldest turns give way.
fn description(card: &Card, room: usize) -> String {
    if card.stub {
        let department = text::line(&card.department_name, 100);
        return format!("A confidential lead of {department}: who wrote what is shown only there.");
    }
    let open_post = open_post(card);
    let media = media(card);
    let mut left = room.saturating_sub(length(&open_post) + length(&media) + length(&earlier(u32::MAX)) + 8);
    let (mut turns, mut hidden) = (Vec::new(), card.earlier);
    for (age, turn) in card.turns.iter().rev().enumerate() {
        let rest = card.turns.len() - age;
        let limit = if age == 0 { left } else { OLDER_TURN.min(left) };
        if limit < 120 {
            hidden = hidden.saturating_add(u32::try_from(rest).unwrap_or(u32::MAX));
            break;
        }
        let told = told(turn, limit);
        left = left.saturating_sub(length(&told) + 2);
        turns.push(told);
    }
    let mut parts = Vec::new();
    if hidden > 0 {
        parts.push(earlier(hidden));
    }
    parts.extend(turns.into_iter().rev());
    parts.extend([media, open_post]);
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

fn earlier(turns: u32) -> String {
    format!("-# {turns} earlier in the conversation")
}

fn told(turn: &Turn, room: usize) -> String {
    let who = match &turn.author {
        Some(author) => text::line(author.as_written(), 60),
        None => "We".to_owned(),
    };
    let head = format!("**{who}** {}\n", text::time(turn.at));
    let said = text::quote(turn.text.as_written(), room.saturating_sub(length(&head)));
    format!("{head}{said}")
}

/// What the pictures show in their author's words, and how many are not shown.
fn media(card: &Card) -> String {
    let Some(first) = card.media.first() else {
        return String::new();
    };
    let more = match card.media.len() {
        1 => String::new(),
        all => format!(" ({all} in all)"),
    };
    let description = match first.description.is_empty() {
        true => "without a description".to_owned(),
        false => text::line(first.description.as_written(), 200),
    };
    format!("-# Picture{more}: {description}")
}

/// The link, where no button can hold it: none on a resolved card, and an address may be too long for one.
fn open_post(card: &Card) -> String {
    let long = link_button(card).is_none() || card.state == State::Resolved;
    match card.url.as_deref().and_then(|url| text::link(url, 1000)) {
        Some(url) if long => format!("[Open post](<{url}>)"),
        _ => String::new(),
    }
}

/// Buttons, five in a row. A resolved card and a stub have none: a resolved lead is opened again by command.
fn rows(card: &Card) -> Vec<Value> {
    if card.stub || card.state == State::Resolved {
        return Vec::new();
    }
    let link = link_button(card);
    let mut seen = Vec::new();
    let mut buttons: Vec<Value> = card
        .actions
        .iter()
        .filter(|action| {
            let first = !seen.contains(&action.command.as_str());
            seen.push(action.command.as_str());
            first
        })
        .take(ROWS * BUTTONS_IN_A_ROW - usize::from(link.is_some()))
        .map(|action| button(card, action))
        .collect();
    buttons.extend(link);
    buttons
        .chunks(BUTTONS_IN_A_ROW)
        .map(|row| json!({ "type": 1, "components": row }))
        .collect()
}

fn button(card: &Card, action: &Action) -> Value {
    let style = match action.emphasis {
        Emphasis::Primary => 1,
        Emphasis::Normal => 2,
        Emphasis::Danger => 4,
    };
    json!({
        "type": 2,
        "style": style,
        "label": text::plain(&action.label, 80),
        "custom_id": button_id(&action.command, card.lead),
    })
}

fn link_button(card: &Card) -> Option<Value> {
    let url = text::link(card.url.as_deref()?, BUTTON_URL)?;
    Some(json!({ "type": 2, "style": 5, "label": "Open post", "url": url }))
}
