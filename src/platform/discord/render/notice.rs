//! Private answers: a notice to somebody who asked, and news for one member. Whether a message is ephemeral is the
//! caller's to say (`flags`), since a deferred answer has said so before.
//! <https://docs.discord.com/developers/resources/message#embed-object>

use serde_json::{Value, json};

use super::card::button_id;
use super::text::{self, length};
use crate::domain::form::Form;
use crate::domain::ids::LeadId;
use crate::domain::notice::{Notice, Row, Tone};

const DESCRIPTION: usize = 4000;
const SENTENCE: usize = 1500;
/// All of a department's guidelines, and one of them.
const GUIDELINES: usize = 1900;
const GUIDELINE: usize = 900;
/// All embeds of a message together hold 6000.
const MESSAGE: usize = 5900;
/// One row of a list: what is told of it, and what was said.
const ROW: (usize, usize) = (300, 200);

/// A notice as a message body.
pub fn notice(notice: &Notice) -> Value {
    body(&description(notice), notice.tone)
}

/// A notice to somebody whose form was refused: the reason, and a button that opens the form again, filled in from the
/// draft that is kept.
pub fn refused(notice: &Notice, command: &str, lead: LeadId) -> Value {
    let mut body = self::notice(notice);
    body["components"] = json!([{ "type": 1, "components": [{
        "type": 2, "style": 1, "label": "Try again", "custom_id": button_id(command, lead),
    }] }]);
    body
}

/// A notice that also gives back what somebody wrote and we could not keep: as much of it as one message holds.
pub fn giving_back(mut body: Value, fields: &[(String, String)]) -> Value {
    let said = body["embeds"][0]["description"].as_str().map_or(0, length);
    let mut room = MESSAGE.saturating_sub(said).min(DESCRIPTION);
    let mut parts = Vec::new();
    for (name, written) in fields.iter().filter(|(_, written)| !written.trim().is_empty()) {
        let name = format!("What you wrote ({}):", text::line(&name.replace('_', " "), 40));
        let left = room.saturating_sub(length(&name) + 2);
        if left < 20 {
            break;
        }
        let part = format!("{name}\n{}", text::quote(written, left));
        room = room.saturating_sub(length(&part) + 1);
        parts.push(part);
    }
    if let Some(embeds) = body["embeds"].as_array_mut().filter(|_| !parts.is_empty()) {
        embeds.push(json!({ "color": color(Tone::Plain), "description": parts.join("\n") }));
    }
    body
}

/// News for one member.
pub fn told(lead: Option<LeadId>, text: &str) -> Value {
    let text = text::sentence(text, DESCRIPTION - 40);
    let text = match lead {
        // The texts of the desk mostly name their lead themselves.
        Some(lead) if !text.contains(&text::line(&lead.to_string(), 40)) => format!("**{lead}** {text}"),
        _ => text,
    };
    body(&text, Tone::Plain)
}

/// What somebody must see before the form, which has no room for it: the author's words and the department's guidelines.
pub(super) fn before(form: &Form) -> String {
    let title = format!("**{}**", text::line(&form.title, 200));
    let guidelines = points(&form.guidelines);
    // What the guidelines leave is for the author; a sentence of the caller's may follow.
    let room = DESCRIPTION.saturating_sub(300 + length(&title) + length(&guidelines));
    let quote = form.quote.as_ref();
    let quote = quote.map_or(String::new(), |quote| text::quote(quote.as_written(), room));
    let parts = [title, quote, guidelines];
    let said = parts.into_iter().filter(|part| !part.is_empty());
    said.collect::<Vec<_>>().join("\n")
}

/// As many as there is room for; the rest is counted.
fn points(guidelines: &[String]) -> String {
    let mut out = String::new();
    for (index, line) in guidelines.iter().enumerate() {
        let point = format!("• {}\n", text::line(line, GUIDELINE));
        if length(&out) + length(&point) > GUIDELINES {
            out.push_str(&format!("… and {} more", guidelines.len() - index));
            break;
        }
        out.push_str(&point);
    }
    out.trim_end().to_owned()
}

pub(super) fn body(description: &str, tone: Tone) -> Value {
    json!({
        "embeds": [{ "color": color(tone), "description": description }],
        "components": [],
        "allowed_mentions": { "parse": [] },
    })
}

fn color(tone: Tone) -> u32 {
    match tone {
        Tone::Plain => 0x3b_82_c4,
        Tone::Done => 0x2e_8b_57,
        Tone::Refused => 0xb3_26_1e,
        Tone::Warning => 0xe6_8a_00,
    }
}

/// The sentence, and as many rows as there is room for; the rest is counted.
fn description(notice: &Notice) -> String {
    let sentence = text::sentence(&notice.text, SENTENCE);
    let mut room = DESCRIPTION.saturating_sub(length(&sentence));
    let fits = |told: &String| {
        room = room.saturating_sub(length(told) + 1);
        room > 0
    };
    let told = notice.rows.iter().map(told_row);
    let mut lines: Vec<String> = match notice.earlier {
        Some(_) => told.rev().take_while(fits).collect(),
        None => told.take_while(fits).collect(),
    };
    let cut = notice.rows.len() - lines.len();
    if notice.earlier.is_some() {
        lines.extend(notice.older_missing(cut).map(|missing| format!("… {missing}")));
        lines.reverse();
    } else if cut > 0 {
        lines.push(format!("… and {cut} more"));
    }
    lines.insert(0, sentence);
    lines.join("\n")
}

/// One row on one line: lead, words, what was said, when.
pub(super) fn told_row(row: &Row) -> String {
    let mut parts = Vec::new();
    if let Some(lead) = row.lead {
        parts.push(format!("**{lead}**"));
    }
    if !row.text.trim().is_empty() {
        parts.push(text::line(&row.text, ROW.0));
    }
    if let Some(said) = row.said.as_ref().filter(|said| !said.is_empty()) {
        parts.push(format!("“{}”", text::line(said.as_written(), ROW.1)));
    }
    if let Some(at) = row.at {
        parts.push(text::time(at));
    }
    match parts.is_empty() {
        true => text::NOTHING.to_owned(),
        false => parts.join(" · "),
    }
}
