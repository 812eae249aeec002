//! Working hours as people write them: `mon-fri 09:00-12:00, 13:00-17:00`, `sat 10:00-14:00`, `24/7`. Time zones by their
//! IANA names. The result is the domain's `Calendar`.

use jiff::SignedDuration;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

use super::similar::closest;
use crate::domain::calendar::{Block, Calendar};

const WEEK: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// How hours are written, for those who got it wrong.
pub const WRITE_IT: &str = "write it like \"mon-fri 09:00-12:00, 13:00-17:00\", or \"24/7\"";

/// Reads one line of hours; no blocks at all means around the clock.
pub fn parse(line: &str) -> Result<Vec<Block>, String> {
    let line = line.trim();
    if line == "24/7" {
        return Ok(Vec::new());
    }
    let start = line
        .find(|c: char| c.is_ascii_digit())
        .ok_or_else(|| format!("“{line}” names no hours"))?;
    let (days, hours) = line.split_at(start);
    let days = parse_days(days)?;
    let mut blocks = Vec::new();
    for span in hours.split([',', ' ']).filter(|span| !span.is_empty()) {
        let (from, to) = span
            .split_once(['-', '–'])
            .ok_or_else(|| format!("“{span}” is not a span like 09:00-17:00"))?;
        let (from, to) = (parse_time(from)?, parse_end(to)?);
        if from == to && from != Time::midnight() {
            return Err(format!("“{span}” has no length"));
        }
        for day in &days {
            if to == Time::midnight() || from < to {
                blocks.push(Block { day: *day, from, to });
            } else {
                // A night shift is the end of one day and the beginning of the next.
                blocks.push(Block {
                    day: *day,
                    from,
                    to: Time::midnight(),
                });
                blocks.push(Block {
                    day: day.next(),
                    from: Time::midnight(),
                    to,
                });
            }
        }
    }
    Ok(blocks)
}

fn parse_days(text: &str) -> Result<Vec<Weekday>, String> {
    let mut days = Vec::new();
    for part in text.split([',', ' ']).filter(|part| !part.is_empty()) {
        if ["daily", "every", "day"].contains(&part.to_lowercase().as_str()) {
            days.extend(WEEK.map(|(_, day)| day));
        } else if let Some((first, last)) = part.split_once(['-', '–']) {
            let (first, last) = (parse_day(first)?, parse_day(last)?);
            days.push(first);
            let mut day = first;
            while day != last {
                day = day.next();
                days.push(day);
            }
        } else {
            days.push(parse_day(part)?);
        }
    }
    if days.is_empty() {
        return Err("no weekday is named".to_owned());
    }
    Ok(days)
}

fn parse_day(text: &str) -> Result<Weekday, String> {
    let typed = text.trim().to_lowercase();
    let found = WEEK
        .iter()
        .find(|(name, _)| typed.len() >= 3 && name.starts_with(&typed));
    found
        .map(|(_, day)| *day)
        .ok_or_else(|| format!("“{text}” is not a weekday"))
}

/// Reads `9:00`, `09:00` and `09`.
pub fn parse_time(text: &str) -> Result<Time, String> {
    let text = text.trim();
    let (hour, minute) = text.split_once(':').unwrap_or((text, "0"));
    let number = |part: &str| -> Option<i8> {
        let plain = (1..=2).contains(&part.len()) && part.chars().all(|c| c.is_ascii_digit());
        plain.then(|| part.parse().ok()).flatten()
    };
    number(hour)
        .zip(number(minute))
        .and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok())
        .ok_or_else(|| format!("“{text}” is not a time of day"))
}

fn parse_end(text: &str) -> Result<Time, String> {
    match text.trim() {
        "24:00" | "24" => Ok(Time::midnight()),
        text => parse_time(text),
    }
}

/// Two blocks of one day that overlap.
pub fn overlap(blocks: &[Block]) -> Option<(&Block, &Block)> {
    let end = |block: &Block| (block.to == Time::midnight(), block.to);
    blocks.iter().enumerate().find_map(|(index, one)| {
        let others = blocks[index + 1..].iter();
        others
            .filter(|other| other.day == one.day)
            .find(|other| (false, one.from) < end(other) && (false, other.from) < end(one))
            .map(|other| (one, other))
    })
}

/// How long a working day of this calendar is, on the average of the days that have one.
pub fn working_day(calendar: &Calendar) -> SignedDuration {
    let days = WEEK
        .iter()
        .filter(|(_, day)| calendar.blocks.iter().any(|block| block.day == *day));
    match i32::try_from(days.count()) {
        Ok(days) if days > 0 => working_week(calendar) / days,
        _ => SignedDuration::from_hours(24),
    }
}

/// How much working time a week has.
pub fn working_week(calendar: &Calendar) -> SignedDuration {
    if calendar.blocks.is_empty() {
        return SignedDuration::from_hours(7 * 24);
    }
    let length = |block: &Block| match block.from.duration_until(block.to) {
        length if length.is_positive() => length,
        length => length + SignedDuration::from_hours(24),
    };
    calendar
        .blocks
        .iter()
        .map(length)
        .fold(SignedDuration::ZERO, |sum, length| sum + length)
}

/// Finds a time zone by its IANA name; the error says what to write instead.
pub fn zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|_| {
        let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        match closest(name, known.iter().map(String::as_str)) {
            Some(name) => format!("did you mean “{name}”?"),
            None => "write an IANA name like \"Europe/Berlin\" or \"America/New_York\"".to_owned(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        match parse(line) {
            Ok(blocks) => {
                let shown = blocks.iter().map(|block| {
                    let day = format!("{:?}", block.day).to_lowercase();
                    format!(
                        "{} {}-{}",
                        &day[..3],
                        block.from.strftime("%H:%M"),
                        block.to.strftime("%H:%M")
                    )
                });
                shown.collect::<Vec<_>>().join(", ")
            }
            Err(error) => error,
        }
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (line, expected) in [
            ("24/7", ""),
            ("mon 09:00-12:00, 13:00-17:00", "mon 09:00-12:00, mon 13:00-17:00"),
            ("sat-sun 10:00-14:00", "sat 10:00-14:00, sun 10:00-14:00"),
            ("mon, wed 9-17", "mon 09:00-17:00, wed 09:00-17:00"),
            (
                "fri-mon 9:00-10:00",
                "fri 09:00-10:00, sat 09:00-10:00, sun 09:00-10:00, mon 09:00-10:00",
            ),
            ("sun 22:00-06:00", "sun 22:00-00:00, mon 00:00-06:00"),
            ("Monday 08:00-24:00", "mon 08:00-00:00"),
            ("mon 00:00-24:00", "mon 00:00-00:00"),
            ("09:00-17:00", "no weekday is named"),
            ("moon 09:00-17:00", "“moon” is not a weekday"),
            ("mon 25:00-26:00", "“25:00” is not a time of day"),
            ("mon 09:00", "“09:00” is not a span like 09:00-17:00"),
            ("mon 09:00-09:00", "“09:00-09:00” has no length"),
            ("mon", "“mon” names no hours"),
        ] {
            assert_eq!(shown(line), expected, "{line}");
        }
    }

    #[test]
    fn overlapping_blocks_are_found() {
        let blocks = |line: &str| parse(line).expect("hours");
        assert!(overlap(&blocks("mon 09:00-12:00, 11:00-13:00")).is_some());
        assert!(overlap(&blocks("mon 09:00-12:00, 12:00-13:00")).is_none());
        assert!(overlap(&blocks("mon 09:00-24:00, 23:00-24:00")).is_some());
    }

    #[test]
    fn a_zone_is_found_or_suggested() {
        assert!(zone("Europe/Berlin").is_ok());
        assert_eq!(
            zone("Europe/Berln").err().as_deref(),
            Some("did you mean “Europe/Berlin”?")
        );
        assert_eq!(
            zone("Berlin").err().as_deref(),
            Some("did you mean “Europe/Berlin”?")
        );
    }

    #[test]
    fn a_working_day_is_the_mean_of_those_that_have_hours() {
        let calendar = Calendar {
            blocks: parse("mon-fri 09:00-12:00, 13:00-17:00").expect("hours"),
            ..Calendar::default()
        };
        assert_eq!(working_day(&calendar), SignedDuration::from_hours(7));
        assert_eq!(working_week(&calendar), SignedDuration::from_hours(35));
        assert_eq!(working_day(&Calendar::default()), SignedDuration::from_hours(24));
    }
}
