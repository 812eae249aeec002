//! Times as people say them: `2h`, `17:30`, `tomorrow 9:00`, `monday 09:30`, `2026-11-30 14:00`, in one time zone.
//! A day alone means nine o'clock; a moment that the clocks skip is taken after the gap, one that comes twice the first
//! time it is still ahead.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, Zoned};

use super::text::{echo, tidy};

const FURTHEST_DAYS: i64 = 90;
const FURTHEST: SignedDuration = SignedDuration::from_hours(24 * FURTHEST_DAYS);
const MORNING: Time = Time::constant(9, 0, 0, 0);

/// A moment after `now`, at most 90 days ahead; or what is wrong, in words for the person.
pub fn read(typed: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, String> {
    let here = now.to_zoned(zone.clone());
    let found = moment(typed, &here).ok_or_else(|| {
        format!("{} is not a time I can read; write 30m, 2h, 17:30, tomorrow 9:00, monday 09:30 or 2026-11-30 14:00", echo(typed))
    })?;
    if found.timestamp() <= now {
        return Err(format!(
            "{} is {}, which has passed; choose a later time",
            echo(typed),
            say(&found)
        ));
    }
    let furthest = here.checked_add(FURTHEST).unwrap_or_else(|_| here.clone());
    if found > furthest {
        return Err(format!(
            "{} is more than {FURTHEST_DAYS} days ahead; the latest is {}",
            echo(typed),
            say(&furthest)
        ));
    }
    Ok(found.timestamp())
}

/// `Wed 25 Nov 2026, 09:00 (Europe/Berlin)`.
pub fn say(moment: &Zoned) -> String {
    let zone = moment.time_zone().iana_name().unwrap_or("UTC");
    format!("{} ({zone})", moment.strftime("%a %-d %b %Y, %H:%M"))
}

fn moment(typed: &str, here: &Zoned) -> Option<Zoned> {
    let typed = tidy(typed);
    let typed = typed.trim();
    if let Ok(exact) = typed.to_uppercase().parse::<Timestamp>() {
        return Some(exact.to_zoned(here.time_zone().clone()));
    }
    let lower = typed.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !matches!(*word, "" | "in" | "at" | "on" | "until"))
        .collect();
    span(&words.join(""))
        .map(|span| here.checked_add(span).ok())
        .unwrap_or_else(|| day_and_time(&words, here))
}

/// `2h`, `1h30m`, `90 minutes`, `3 days`. The outer none: this is not a length of time.
fn span(text: &str) -> Option<Span> {
    let mut span = Span::new();
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let count: i64 = rest[..digits].parse().ok()?;
        let unit = &rest[digits..];
        let end = unit.find(|c: char| c.is_ascii_digit()).unwrap_or(unit.len());
        span = match &unit[..end] {
            "m" | "min" | "mins" | "minute" | "minutes" => span.try_minutes(count),
            "h" | "hr" | "hrs" | "hour" | "hours" => span.try_hours(count),
            "d" | "day" | "days" => span.try_days(count),
            "w" | "week" | "weeks" => span.try_weeks(count),
            _ => return None,
        }
        .ok()?;
        rest = &unit[end..];
    }
    (!text.is_empty()).then_some(span)
}

fn day_and_time(words: &[&str], here: &Zoned) -> Option<Zoned> {
    let (first, rest) = words.split_first()?;
    if let Some((date, time)) = first
        .split_once('t')
        .filter(|(date, _)| date.parse::<Date>().is_ok())
    {
        return at(date.parse().ok()?, clock(&[time], false)?, here).filter(|_| rest.is_empty());
    }
    if let Some(time) = clock(words, true) {
        return soonest(0..=1, time, here, |_| true);
    }
    let time = if rest.is_empty() {
        MORNING
    } else {
        clock(rest, false)?
    };
    match *first {
        "today" => soonest(0..=0, time, here, |_| true),
        "tomorrow" => soonest(1..=1, time, here, |_| true),
        day => match weekday(day) {
            Some(weekday) => soonest(0..=7, time, here, |date| date.weekday() == weekday),
            None => at(day.parse().ok()?, time, here),
        },
    }
}

/// The first of the coming days on which this time is still ahead; the last tried where none is.
fn soonest(
    days: std::ops::RangeInclusive<i64>,
    time: Time,
    here: &Zoned,
    fits: impl Fn(Date) -> bool,
) -> Option<Zoned> {
    let mut last = None;
    for ahead in days {
        let date = here.date().checked_add(Span::new().days(ahead)).ok()?;
        if fits(date) {
            last = at(date, time, here);
            if last.as_ref().is_some_and(|moment| moment > here) {
                break;
            }
        }
    }
    last
}

fn at(date: Date, time: Time, here: &Zoned) -> Option<Zoned> {
    let moment = || here.time_zone().to_ambiguous_zoned(date.to_datetime(time));
    let first = moment().compatible().ok()?;
    if first > *here {
        return Some(first);
    }
    moment().later().ok()
}

/// `9:00`, `09:30`, `9am`, `9:30 pm`, `noon`; a bare `9` only behind a day.
fn clock(words: &[&str], alone: bool) -> Option<Time> {
    let text = words.join("");
    if text == "noon" {
        return Some(Time::constant(12, 0, 0, 0));
    }
    let half = |half: &str| text.strip_suffix(half).map(str::to_owned);
    let (digits, afternoon) = match (half("am"), half("pm")) {
        (Some(digits), _) => (digits, Some(false)),
        (_, Some(digits)) => (digits, Some(true)),
        _ => (text.clone(), None),
    };
    let (hour, minute) = match digits.split_once(':') {
        Some((hour, minute)) if minute.len() >= 2 => {
            (hour, minute.split_once(':').map_or(minute, |(m, _)| m))
        }
        None if afternoon.is_some() || !alone => (digits.as_str(), "0"),
        _ => return None,
    };
    if !hour.chars().chain(minute.chars()).all(|c| c.is_ascii_digit()) {
        return None;
    }
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match afternoon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
    };
    Time::new(hour, minute, 0, 0).ok()
}

fn weekday(word: &str) -> Option<Weekday> {
    use Weekday::*;
    Some(match word {
        "monday" | "mon" => Monday,
        "tuesday" | "tue" | "tues" => Tuesday,
        "wednesday" | "wed" => Wednesday,
        "thursday" | "thu" | "thurs" => Thursday,
        "friday" | "fri" => Friday,
        "saturday" | "sat" => Saturday,
        "sunday" | "sun" => Sunday,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(typed: &str, now: &str, zone: &str) -> Result<String, String> {
        let zone = TimeZone::get(zone).expect("bundled zone");
        read(typed, now.parse().expect("a timestamp"), &zone)
            .map(|found| found.to_zoned(zone).strftime("%a %Y-%m-%d %H:%M %:z").to_string())
    }

    #[test]
    fn times_are_read_as_people_say_them() {
        // A Tuesday, ten past ten in the morning in Berlin.
        let now = "2026-11-24T09:10:00Z";
        for (typed, expected) in [
            ("2h", "Tue 2026-11-24 12:10 +01:00"),
            ("30m", "Tue 2026-11-24 10:40 +01:00"),
            ("1h30m", "Tue 2026-11-24 11:40 +01:00"),
            ("in 90 minutes", "Tue 2026-11-24 11:40 +01:00"),
            ("3d", "Fri 2026-11-27 10:10 +01:00"),
            ("1 week", "Tue 2026-12-01 10:10 +01:00"),
            ("90d", "Mon 2027-02-22 10:10 +01:00"),
            ("tomorrow", "Wed 2026-11-25 09:00 +01:00"),
            ("Tomorrow 9:00", "Wed 2026-11-25 09:00 +01:00"),
            ("tomorrow at 2 pm", "Wed 2026-11-25 14:00 +01:00"),
            ("tomorrow 9", "Wed 2026-11-25 09:00 +01:00"),
            ("17:30", "Tue 2026-11-24 17:30 +01:00"),
            ("9:00", "Wed 2026-11-25 09:00 +01:00"),
            ("noon", "Tue 2026-11-24 12:00 +01:00"),
            ("12am", "Wed 2026-11-25 00:00 +01:00"),
            ("monday 09:30", "Mon 2026-11-30 09:30 +01:00"),
            ("tue 11:00", "Tue 2026-11-24 11:00 +01:00"),
            ("tuesday", "Tue 2026-12-01 09:00 +01:00"),
            ("2026-11-30 14:00", "Mon 2026-11-30 14:00 +01:00"),
            ("2026-11-30T14:00", "Mon 2026-11-30 14:00 +01:00"),
            ("2026\u{2011}11\u{2011}30", "Mon 2026-11-30 09:00 +01:00"),
            ("2026-11-30T14:00:00Z", "Mon 2026-11-30 15:00 +01:00"),
        ] {
            assert_eq!(
                ask(typed, now, "Europe/Berlin").as_deref(),
                Ok(expected),
                "{typed}"
            );
        }
    }

    #[test]
    fn clocks_that_jump_are_met_on_the_far_side() {
        for (typed, now, expected) in [
            (
                "tomorrow 2:30",
                "2026-03-28T10:00:00Z",
                "Sun 2026-03-29 03:30 +02:00",
            ),
            ("1d", "2026-03-28T10:00:00Z", "Sun 2026-03-29 11:00 +02:00"),
            (
                "tomorrow 2:30",
                "2026-10-24T10:00:00Z",
                "Sun 2026-10-25 02:30 +02:00",
            ),
            // Half past two came once already tonight, and comes again.
            ("2:30", "2026-10-25T00:45:00Z", "Sun 2026-10-25 02:30 +01:00"),
        ] {
            assert_eq!(
                ask(typed, now, "Europe/Berlin").as_deref(),
                Ok(expected),
                "{typed}"
            );
        }
    }

    #[test]
    fn times_that_are_none_are_refused_with_the_way_out() {
        let now = "2026-11-24T09:10:00Z";
        let expected =
            "is not a time I can read; write 30m, 2h, 17:30, tomorrow 9:00, monday 09:30 or 2026-11-30 14:00";
        for typed in [
            "soon",
            "2",
            "25:00",
            "tomorrow 9:77",
            "2026-02-30",
            "9:0",
            "13pm",
            "99999999999h",
            "-2h",
            "2h x",
            "",
            "é",
        ] {
            assert_eq!(
                ask(typed, now, "UTC"),
                Err(format!("“{typed}” {expected}")),
                "{typed}"
            );
        }
        assert_eq!(
            ask("today 8:00", now, "Europe/Berlin").unwrap_err(),
            "“today 8:00” is Tue 24 Nov 2026, 08:00 (Europe/Berlin), which has passed; choose a later time"
        );
        assert_eq!(
            ask("2027-03-01", now, "Europe/Berlin").unwrap_err(),
            "“2027-03-01” is more than 90 days ahead; the latest is Mon 22 Feb 2027, 10:10 (Europe/Berlin)"
        );
        assert!(ask("0m", now, "UTC").is_err());
    }
}
