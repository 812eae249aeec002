//! Figures of a department's day: what one change adds to them, and what the response buckets say in words.
//! Pure; the desk adds the increments in the same commit as the change itself.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::company::Company;
use crate::domain::digest::{Figures, RESPONSE_EDGES};
use crate::domain::ids::DepartmentId;
use crate::domain::lead::{Lead, Outcome};
use crate::domain::timeline::Happened;

/// What one change adds to the day of `credited(before, after)`, the department that had the lead when it happened.
/// `now` is when a first response counts for a lead that does not say when it came.
pub fn delta(before: Option<&Lead>, after: &Lead, happened: &[&Happened], now: Timestamp) -> Figures {
    let mut figures = Figures {
        leads: u32::from(before.is_none()),
        replies: after.replies - before.map_or(0, |before| before.replies).min(after.replies),
        ..Figures::default()
    };
    for what in happened {
        match what {
            Happened::MentionReceived { .. } => figures.mentions += 1,
            Happened::Resolved { outcome, .. } => {
                figures.resolved += 1;
                figures.won += u32::from(*outcome == Outcome::Won);
            }
            Happened::Breached { .. } => figures.breaches += 1,
            Happened::HandOffAccepted { .. } => figures.handed_on += 1,
            _ => {}
        }
    }
    if let Some(bucket) = first_response(before, after, now) {
        figures.first_responses[bucket] += 1;
    }
    figures
}

/// The department whose day a change counts for: the one that had the lead before it, so that a lead handed on counts
/// for the giver.
pub fn credited<'a>(before: Option<&'a Lead>, after: &'a Lead) -> &'a DepartmentId {
    &before.unwrap_or(after).department
}

/// The local day of a department at a moment; UTC where the department has left the configuration.
pub fn local_day(company: &Company, department: &DepartmentId, at: Timestamp) -> Date {
    match company.department(department) {
        Some(department) => department.calendar.zone.to_datetime(at).date(),
        None => jiff::tz::TimeZone::UTC.to_datetime(at).date(),
    }
}

/// The bucket of this change's first response, where it is one. A lead whose author never waited (all we have seen is
/// our own post) has none.
fn first_response(before: Option<&Lead>, after: &Lead, now: Timestamp) -> Option<usize> {
    let answered = after.clock.first_response?.min(now);
    let before = before?;
    if before.clock.first_response.is_some() {
        return None;
    }
    let waited = answered.duration_since(before.clock.waiting_since?).as_secs();
    Some(bucket(waited))
}

fn bucket(seconds: i64) -> usize {
    RESPONSE_EDGES
        .iter()
        .position(|edge| seconds <= *edge)
        .unwrap_or(RESPONSE_EDGES.len())
}

const EDGE_WORDS: [&str; RESPONSE_EDGES.len()] = ["15 min", "1 h", "4 h", "24 h", "72 h"];

/// How fast the department answered: `median first response under 1 h, 80 % within 4 h`. None without a first response.
pub fn response_words(figures: &Figures) -> Option<String> {
    let total: u32 = figures.first_responses.iter().sum();
    if total == 0 {
        return None;
    }
    // The median is the first bucket that takes the running count to half or more.
    let mut running = 0;
    let median = figures.first_responses.iter().position(|count| {
        running += count;
        u64::from(running) * 2 >= u64::from(total)
    })?;
    let median = match EDGE_WORDS.get(median) {
        Some(edge) => format!("under {edge}"),
        None => "over 72 h".to_owned(),
    };
    const WITHIN: usize = 2;
    let within: u32 = figures.first_responses[..=WITHIN].iter().sum();
    // Rounded down: it must not say 100 % while somebody waited longer.
    let percent = u64::from(within) * 100 / u64::from(total);
    Some(format!(
        "median first response {median}, {percent} % within {}",
        EDGE_WORDS[WITHIN]
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_include_their_upper_edge() {
        for (seconds, expected) in [
            (-3, 0),
            (900, 0),
            (901, 1),
            (3600, 1),
            (4 * 3600, 2),
            (72 * 3600, 4),
            (72 * 3600 + 1, 5),
        ] {
            assert_eq!(bucket(seconds), expected, "{seconds} s");
        }
    }

    #[test]
    fn buckets_read_as_words() {
        for (first_responses, words) in [
            ([0; 6], None),
            (
                [1, 0, 0, 0, 0, 0],
                Some("median first response under 15 min, 100 % within 4 h"),
            ),
            (
                [1, 3, 0, 0, 1, 0],
                Some("median first response under 1 h, 80 % within 4 h"),
            ),
            (
                [0, 0, 0, 0, 0, 2],
                Some("median first response over 72 h, 0 % within 4 h"),
            ),
            (
                [199, 0, 0, 1, 0, 0],
                Some("median first response under 15 min, 99 % within 4 h"),
            ),
        ] {
            let figures = Figures {
                first_responses,
                ..Figures::default()
            };
            assert_eq!(response_words(&figures).as_deref(), words);
        }
    }
}
