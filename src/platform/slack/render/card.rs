//! A lead's card: header, author, conversation, pictures, fields, what must be known, why it is here, its state, its
//! buttons. A card may hold anything, so its parts have ranks: the buttons, the state and the newest turn always show,
//! and the oldest turns go first.
//!
//! A resolved card has no row of buttons: what is left to do with it stands in a small menu beside its state, so that
//! the channel reads as what is open and what is told. *Reopen* is therefore there and does not invite.
//!
//! Messages: <https://docs.slack.dev/reference/block-kit/blocks/>

use serde_json::Value;

use super::address::link;
use super::blocks::{ALWAYS, BLOCKS_OF_A_MESSAGE, LONGEST_MESSAGE, Layout};
use super::blocks::{actions, context, fields, header, section};
use super::text::{date, harmless, is_blank, mrkdwn, notification, plain, plain_line, words};
use super::{Message, button, turns};
use crate::domain::card::{Banner, Card};
use crate::domain::lead::{Priority, State};
use crate::domain::mention::{Author, MentionKind};
use crate::domain::notice::Tone;

const NEWEST_TURN: u32 = 1;
const BANNERS: u32 = 2;
const FIELDS: u32 = 3;
const AUTHOR: u32 = 4;
/// The newest of the older turns; each older one counts one more.
const TURNS: u32 = 10;
const MEDIA: u32 = 1_000;
const REASONS: u32 = 1_001;

/// Lines of a banner, and how long each may be.
const LINES: usize = 6;
const LINE: usize = 500;
/// More turns than this are not read on a card.
const MOST_TURNS: usize = 12;

pub fn card(card: &Card) -> Message {
    draw(card, true)
}

/// The same with links in place of pictures: for when Slack refuses a card, most likely because it could not fetch one.
pub fn card_without_pictures(card: &Card) -> Message {
    draw(card, false)
}

fn draw(card: &Card, pictures: bool) -> Message {
    let title = title(card);
    let mut layout = Layout::default();
    layout.add("header", ALWAYS, vec![header(&title)]);
    if let Some(author) = card.author.as_ref().filter(|_| !card.stub) {
        layout.add("author", AUTHOR, vec![context(by(author, card))]);
    }
    let turns = if card.stub { &[][..] } else { &card.turns[..] };
    let shown = turns.len().min(MOST_TURNS);
    layout.add("earlier", ALWAYS, vec![earlier(u32::MAX)]);
    for (at, turn) in turns.iter().enumerate().skip(turns.len() - shown) {
        let age = turns.len() - 1 - at;
        let rank = match age {
            0 => NEWEST_TURN,
            age => TURNS + u32::try_from(age).unwrap_or(TURNS),
        };
        layout.add(format!("turn-{age}"), rank, turns::turn(turn, age == 0));
    }
    if !card.stub {
        layout.add("media", MEDIA, turns::media(&card.media, pictures));
    }
    layout.add("fields", FIELDS, vec![fields(facts(card))]);
    // A banner may quote a reply or a packet.
    let banners = if card.stub { &[][..] } else { &card.banners[..] };
    for (at, banner) in banners.iter().enumerate() {
        layout.add(format!("banner-{at}"), BANNERS, vec![said(banner)]);
    }
    if !card.reasons.is_empty() && !card.stub {
        let why = format!("Why it is here: {}", card.reasons.join("; "));
        layout.add("reasons", REASONS, vec![context(vec![plain_line(&why, 600)])]);
    }
    let url = card.url.as_deref().filter(|_| !card.stub);
    if card.state == State::Resolved {
        layout.add("state", ALWAYS, vec![told(card, url)]);
    } else {
        layout.add("state", ALWAYS, vec![context(vec![standing(card)])]);
        for (at, row) in button::rows(&card.actions, card.lead, url)
            .into_iter()
            .enumerate()
        {
            let name = if at == 0 { "actions" } else { "more" };
            layout.add(name, ALWAYS, vec![actions(row)]);
        }
    }
    let prefix = format!("{}:{}", card.lead, card.version);
    let (mut blocks, left_out) = layout.fit(&prefix, BLOCKS_OF_A_MESSAGE, LONGEST_MESSAGE);
    let hidden = turns.len() - shown + left_out.iter().filter(|name| name.starts_with("turn-")).count();
    let before = card
        .earlier
        .saturating_add(u32::try_from(hidden).unwrap_or(u32::MAX));
    count_earlier(&mut blocks, &prefix, if card.stub { 0 } else { before });
    Message {
        text: summary(card, &title),
        blocks,
    }
}

/// How many turns are not shown is known only when all is fitted; the place for it was kept.
fn count_earlier(blocks: &mut Vec<Value>, prefix: &str, before: u32) {
    let id = format!("{prefix}:earlier");
    if before == 0 {
        blocks.retain(|block| block["block_id"] != id.as_str());
    } else if let Some(block) = blocks.iter_mut().find(|block| block["block_id"] == id.as_str()) {
        block["elements"] = earlier(before)["elements"].take();
    }
}

fn earlier(before: u32) -> Value {
    let messages = if before == 1 { "message" } else { "messages" };
    context(vec![plain(&format!("{before} earlier {messages}"), 200)])
}

fn title(card: &Card) -> String {
    if card.stub {
        return format!("🔒 {} · Confidential", card.lead);
    }
    let mut title = format!(
        "{} {} · {} on {}",
        sign(card.priority),
        card.lead,
        kind(card.kind),
        words(card.network.label(), 60)
    );
    if card.breached {
        title.push_str(" · overdue");
    }
    title
}

pub(super) fn sign(priority: Priority) -> &'static str {
    match priority {
        Priority::Urgent => "🔴",
        Priority::High => "🟠",
        Priority::Normal => "🟡",
        Priority::Low => "🟢",
    }
}

fn kind(kind: MentionKind) -> &'static str {
    match kind {
        MentionKind::Mention => "Mention",
        MentionKind::Comment => "Comment",
        MentionKind::DirectMessage => "Direct message",
        MentionKind::Review => "Review",
    }
}

/// What a phone shows: what it is, how it stands, and how the newest turn begins.
fn summary(card: &Card, title: &str) -> String {
    let said = match card.turns.last().filter(|_| !card.stub) {
        Some(turn) => format!(": “{}”", words(turn.text.as_written(), 120)),
        None => String::new(),
    };
    notification(&format!("{title} · {}{said}", words(&card.status, 100)))
}

fn by(author: &Author, card: &Card) -> Vec<Value> {
    let handle = author.handle.as_written().trim().trim_start_matches('@');
    let mut parts = vec![words(author.name.as_written(), 100)];
    if is_blank(author.name.as_written()) {
        parts.clear();
    }
    if !is_blank(handle) {
        parts.push(format!("@{}", words(handle, 100)));
    }
    if parts.is_empty() {
        parts.push("Somebody without a name".to_owned());
    }
    if author.verified {
        parts.push("verified".to_owned());
    }
    parts.extend(author.followers.map(|count| match count {
        1 => "1 follower".to_owned(),
        count => format!("{} followers", thousands(count)),
    }));
    parts.push(words(card.network.label(), 60));
    let mut elements = vec![plain_line(&parts.join(" · "), 400)];
    elements.extend(
        author
            .url
            .as_deref()
            .and_then(link)
            .map(|link| mrkdwn(&link, 3000)),
    );
    elements
}

/// 12,345: a follower count is read at a glance.
fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Ours and our colleagues' words, each foreign one made harmless.
fn facts(card: &Card) -> Vec<Value> {
    let mut facts = Vec::new();
    let mut add = |name: &str, value: String| facts.push(mrkdwn(&format!("*{name}*\n{value}"), 600));
    add("Department", harmless(&card.department_name, 100));
    if card.stub {
        return facts;
    }
    let owner = card.owner_name.as_deref();
    add(
        "Owner",
        owner.map_or("nobody yet".to_owned(), |owner| harmless(owner, 100)),
    );
    add(
        "Priority",
        format!("{} {}", sign(card.priority), card.priority.word()),
    );
    match (card.due, card.first_response) {
        (Some(due), _) if card.breached => add("Response was due", format!("⏰ {}", date(due))),
        (Some(due), _) => add("Response due", date(due)),
        (None, _) if card.breached => add("Response", "⏰ overdue".to_owned()),
        (None, Some(first)) => add("First answered", date(first)),
        (None, None) => {}
    }
    if card.mentions > 1 || card.duplicates > 0 {
        let repeats = match card.duplicates {
            0 => String::new(),
            count => format!(", delivered again {count}×"),
        };
        add("Messages", format!("{}{repeats}", card.mentions));
    }
    if !card.tags.is_empty() {
        add("Tags", harmless(&card.tags.join(", "), 300));
    }
    facts
}

fn said(banner: &Banner) -> Value {
    let mut text = format!("{}{}", tone(banner.tone), words(&banner.text, 700));
    for line in banner.lines.iter().take(LINES) {
        text.push_str("\n• ");
        text.push_str(&words(line, LINE));
    }
    if banner.lines.len() > LINES {
        text.push_str(&format!("\n… and {} more lines", banner.lines.len() - LINES));
    }
    section(plain(&text, 3000))
}

pub(super) fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "",
        Tone::Done => "✅ ",
        Tone::Refused => "✋ ",
        Tone::Warning => "⚠️ ",
    }
}

fn standing(card: &Card) -> Value {
    let status = harmless(&card.status, 200);
    mrkdwn(
        &format!("*{status}* · {} · opened {}", card.lead, date(card.opened)),
        1000,
    )
}

/// The state of a resolved lead, with the menu.
fn told(card: &Card, url: Option<&str>) -> Value {
    let mut block = section(plain_line(&format!("✅ {}", words(&card.status, 200)), 300));
    if let Some(menu) = button::menu(&card.actions, card.lead, url) {
        block["accessory"] = menu;
    }
    block
}
