//! A department's morning digest: one embed with figures and short lists, and one for each picture that goes with it.
//! No embed has a `url`: those that share one are merged into one. <https://docs.discord.com/developers/resources/message>

use serde_json::{Value, json};

use super::notice::told_row;
use super::text::{self, length};
use crate::domain::digest::{Digest, Figures};
use crate::domain::notice::Row;
use crate::port::chat::Picture;

const AGES: [&str; 5] = ["under 1 h", "1–4 h", "4–24 h", "1–3 d", "over 3 d"];
const VALUE: usize = 1024;
/// Breached leads that are named; the rest are counted.
const NAMED: usize = 20;
const PICTURES: usize = 9;
const COLOR: u32 = 0x3b_82_c4;

/// The body of the message. The pictures' files go with it as `files[0]`, `files[1]`, … in their order.
pub fn digest(digest: &Digest, pictures: &[Picture]) -> Value {
    let pictures = || pictures.iter().take(PICTURES);
    let mut embeds = vec![summary(digest)];
    embeds.extend(pictures().map(
        |picture| json!({ "color": COLOR, "image": { "url": format!("attachment://{}", picture.file) } }),
    ));
    let attachments: Vec<Value> = pictures()
        .enumerate()
        .map(|(index, picture)| {
            json!({
                "id": index.to_string(),
                "filename": picture.file,
                "title": text::plain(&picture.title, 200),
                "description": text::plain(&picture.alt, 1024),
            })
        })
        .collect();
    json!({
        "embeds": embeds,
        "attachments": attachments,
        "allowed_mentions": { "parse": [] },
    })
}

fn summary(digest: &Digest) -> Value {
    let mut fields = Vec::new();
    let mut add = |name: &str, value: String, inline: bool| {
        fields.push(json!({ "name": name, "value": value, "inline": inline }));
    };
    add("Open", open(digest), true);
    add("Yesterday", yesterday(&digest.yesterday), true);
    if !digest.breached.is_empty() {
        add("Answer overdue", breached(digest), false);
    }
    for (name, rows) in [
        ("Waiting longest", &digest.oldest),
        ("Claims without progress", &digest.stale_claims),
        ("Hand-offs without an answer", &digest.open_hand_offs),
    ] {
        if !rows.is_empty() {
            add(name, list(rows), false);
        }
    }
    let mut embed = json!({
        "color": COLOR,
        "title": format!(
            "{} · {}",
            text::line(&digest.department_name, 120),
            digest.day.strftime("%A, %-d %B %Y")
        ),
        "fields": fields,
    });
    if digest.unexamined > 0 {
        let note = format!(
            "{} more are open; ages and lists are of the most urgent ones.",
            digest.unexamined
        );
        embed["footer"] = json!({ "text": note });
    }
    embed
}

fn open(digest: &Digest) -> String {
    let total: u64 = digest.open_by_age.iter().map(|count| u64::from(*count)).sum();
    let ages = digest
        .open_by_age
        .iter()
        .zip(AGES)
        .filter(|(count, _)| **count > 0);
    let ages: Vec<String> = ages.map(|(count, age)| format!("{count} {age}")).collect();
    match total {
        0 => "Nothing".to_owned(),
        total => format!("**{total}**: {}", ages.join(", ")),
    }
}

fn yesterday(figures: &Figures) -> String {
    if figures.is_empty() {
        return "Nothing happened".to_owned();
    }
    let number = |number: u32, one: &str, many: &str| match number {
        1 => format!("1 {one}"),
        other => format!("{other} {many}"),
    };
    let mut parts = vec![
        number(figures.mentions, "mention", "mentions"),
        number(figures.leads, "new lead", "new leads"),
        number(figures.replies, "reply", "replies"),
        format!("{} resolved", figures.resolved),
    ];
    if figures.won > 0 {
        parts.push(format!("{} won", figures.won));
    }
    if figures.breaches > 0 {
        parts.push(number(figures.breaches, "answer late", "answers late"));
    }
    if figures.handed_on > 0 {
        parts.push(format!("{} handed on", figures.handed_on));
    }
    parts.join(", ")
}

fn breached(digest: &Digest) -> String {
    let named: Vec<String> = digest
        .breached
        .iter()
        .take(NAMED)
        .map(ToString::to_string)
        .collect();
    match digest.breached.len() - named.len() {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// As many rows as a field has room for; the rest is counted.
fn list(rows: &[Row]) -> String {
    let mut out = String::new();
    for (index, row) in rows.iter().enumerate() {
        let told = told_row(row);
        if length(&out) + length(&told) + 40 > VALUE {
            out.push_str(&format!("… and {} more", rows.len() - index));
            break;
        }
        out.push_str(&told);
        out.push('\n');
    }
    out.trim_end().to_owned()
}
