//! A digest as plain text, and as a notice for somebody who asks. In a channel, chat platforms draw their own.

use super::figures::response_words;
use super::words::{count, one_line, thousands};
use crate::domain::digest::{Digest, Figures};
use crate::domain::notice::{Notice, Row, Tone};

pub(super) const AGE_WORDS: [&str; 5] = ["under 1 h", "1–4 h", "4–24 h", "1–3 d", "over 3 d"];
/// Breached leads that are named; the rest are counted.
const NAMED: usize = 10;

/// Short lines, a blank line between sections, no trailing newline.
pub fn render(digest: &Digest) -> String {
    let mut lines = head(digest);
    for (title, rows) in sections(digest) {
        lines.push(String::new());
        lines.push(title.to_owned());
        lines.extend(rows.iter().map(|row| format!("  {}", row_text(row))));
    }
    if let Some(rest) = unexamined(digest) {
        lines.push(String::new());
        lines.push(rest);
    }
    lines.join("\n")
}

/// Digests as the answer to somebody who asked. What strangers wrote stays in its rows, for the platform to escape.
pub fn notice(digests: &[Digest]) -> Notice {
    let mut notice = match digests {
        [one] => Notice::new(Tone::Plain, head(one).join("\n")),
        several => Notice::new(Tone::Plain, count(several.len(), "department", "departments")),
    };
    let line = |text: String| Row {
        lead: None,
        text,
        said: None,
        at: None,
    };
    for digest in digests {
        if digests.len() > 1 {
            notice.rows.extend(head(digest).into_iter().map(line));
        }
        for (title, rows) in sections(digest) {
            notice.rows.push(line(format!("{title}:")));
            notice.rows.extend(rows.iter().cloned());
        }
        notice.rows.extend(unexamined(digest).map(line));
    }
    notice
}

fn head(digest: &Digest) -> Vec<String> {
    let mut lines = vec![
        format!(
            "{} · {}",
            digest.department_name,
            digest.day.strftime("%A, %-d %B %Y")
        ),
        format!("Open: {}", open_words(digest)),
    ];
    if !digest.breached.is_empty() {
        lines.push(format!("Breached: {}", breached_words(digest)));
    }
    lines.push(format!("Yesterday: {}", yesterday_words(&digest.yesterday)));
    lines
}

/// The lists that hold something, with their titles.
fn sections(digest: &Digest) -> impl Iterator<Item = (&'static str, &Vec<Row>)> {
    [
        ("Waiting longest", &digest.oldest),
        ("Stale claims", &digest.stale_claims),
        ("Hand-offs without an answer", &digest.open_hand_offs),
    ]
    .into_iter()
    .filter(|(_, rows)| !rows.is_empty())
}

fn unexamined(digest: &Digest) -> Option<String> {
    (digest.unexamined > 0).then(|| {
        format!(
            "{} open; the lists and ages above are of the most urgent ones.",
            count(digest.unexamined as usize, "more lead is", "more leads are")
        )
    })
}

/// One row of a notice or a digest on one line, public text made harmless for a terminal.
pub fn row_text(row: &Row) -> String {
    let number = row.lead.map_or(String::new(), |lead| format!("{lead} · "));
    let said = row
        .said
        .as_ref()
        .filter(|said| !said.is_empty())
        .map_or(String::new(), |said| format!(" · “{}”", one_line(said)));
    format!("{number}{}{said}", row.text)
}

/// `7: 3 under 1 h, 4 over 3 d`.
pub fn open_words(digest: &Digest) -> String {
    let total: u32 = digest.open_by_age.iter().sum();
    let groups: Vec<String> = digest
        .open_by_age
        .iter()
        .zip(AGE_WORDS)
        .filter(|(number, _)| **number > 0)
        .map(|(number, words)| format!("{} {words}", thousands(*number as usize)))
        .collect();
    if groups.is_empty() {
        return "nothing".to_owned();
    }
    format!("{} ({})", thousands(total as usize), groups.join(", "))
}

fn breached_words(digest: &Digest) -> String {
    let named: Vec<String> = digest
        .breached
        .iter()
        .take(NAMED)
        .map(ToString::to_string)
        .collect();
    match digest.breached.len() - named.len() {
        0 => named.join(", "),
        more => format!("{} and {} more", named.join(", "), thousands(more)),
    }
}

/// Yesterday on one line: `12 mentions, 9 new leads, 7 replies, 5 resolved (1 won); median first response under 1 h, …`.
pub fn yesterday_words(figures: &Figures) -> String {
    if figures.is_empty() {
        return "nothing happened".to_owned();
    }
    let number = |number: u32, one: &str, many: &str| count(number as usize, one, many);
    let mut parts = vec![
        number(figures.mentions, "mention", "mentions"),
        number(figures.leads, "new lead", "new leads"),
        number(figures.replies, "reply", "replies"),
    ];
    parts.push(match figures.won {
        0 => format!("{} resolved", figures.resolved),
        won => format!("{} resolved ({won} won)", figures.resolved),
    });
    if figures.breaches > 0 {
        parts.push(number(figures.breaches, "breach", "breaches"));
    }
    if figures.handed_on > 0 {
        parts.push(format!("{} handed on", figures.handed_on));
    }
    let line = parts.join(", ");
    match response_words(figures) {
        Some(speed) => format!("{line}; {speed}"),
        None => line,
    }
}
