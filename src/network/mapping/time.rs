//! Times as the world writes them: RFC 3339 (<https://www.rfc-editor.org/rfc/rfc3339>) and its looser kin, RFC 2822
//! (<https://www.rfc-editor.org/rfc/rfc2822#section-3.3>), Twitter's own form, unix seconds and milliseconds. A time
//! without a zone is taken as UTC. Forms whose day and month cannot be told apart are refused rather than guessed.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::values::Found;

/// Written by X's old API and by everything that was exported from it: `Tue Oct 31 22:10:47 +0000 2017`.
const TWITTER: &str = "%a %b %d %H:%M:%S %z %Y";
/// `2015-02-24 11:35:52 -0800`.
const SPACED_OFFSET: &str = "%Y-%m-%d %H:%M:%S %z";

/// Unix times below this are seconds (it is the year 5138), up to a thousand times as much milliseconds, and so on.
const SECONDS_BELOW: f64 = 100_000_000_000.0;

/// How much of a found value a message repeats, in characters.
const SHOWN: usize = 80;

pub(super) fn shortened(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let mut short: String = text.chars().take(SHOWN).map(plain).collect();
    if text.chars().nth(SHOWN).is_some() {
        short.push('…');
    }
    short
}

pub(super) fn read(found: &Found<'_>) -> Result<Timestamp, String> {
    match found {
        Found::Text(text) => parse_time(text),
        Found::Number(number) => number
            .as_f64()
            .and_then(from_unix)
            .ok_or_else(|| not_a_time(&number.to_string())),
        other => Err(not_a_time(&other.word_for_word())),
    }
}

fn not_a_time(text: &str) -> String {
    format!(
        "found “{}”, which is not a time; times look like 2026-11-20T10:11:12Z, Fri, 20 Nov 2026 10:11:12 GMT, or seconds since 1970",
        shortened(text)
    )
}

/// Reads a time in any of the forms above; the error says what was found and which forms there are.
pub fn parse_time(text: &str) -> Result<Timestamp, String> {
    let text = text.trim();
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    if let Ok(number) = text.parse::<f64>() {
        return from_unix(number).ok_or_else(|| not_a_time(text));
    }
    let starts_with_digit = text.starts_with(|c: char| c.is_ascii_digit());
    let iso = text.as_bytes().get(4) == Some(&b'-') && starts_with_digit;
    if iso {
        let utc = |at: DateTime| at.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
        let zoneless = || text.parse::<DateTime>().ok().and_then(utc);
        let day = || text.parse::<Date>().ok().and_then(|day| utc(day.at(0, 0, 0, 0)));
        let spaced = || Timestamp::strptime(SPACED_OFFSET, text).ok();
        let named = || {
            text.strip_suffix(" UTC")
                .and_then(|rest| rest.trim().parse::<DateTime>().ok())
                .and_then(utc)
        };
        return spaced()
            .or_else(named)
            .or_else(zoneless)
            .or_else(day)
            .ok_or_else(|| not_a_time(text));
    }
    if let Ok(time) = Timestamp::strptime(TWITTER, text) {
        return Ok(time);
    }
    jiff::fmt::rfc2822::parse(text)
        .map(|zoned| zoned.timestamp())
        .map_err(|_| not_a_time(text))
}

/// Seconds (with a fraction, as Reddit writes them), milliseconds or microseconds since 1970, told apart by size.
fn from_unix(number: f64) -> Option<Timestamp> {
    let size = number.abs();
    if !number.is_finite() {
        return None;
    }
    if size < SECONDS_BELOW {
        Timestamp::from_millisecond((number * 1_000.0).round() as i64).ok()
    } else if size < SECONDS_BELOW * 1_000.0 {
        Timestamp::from_millisecond(number as i64).ok()
    } else if size < SECONDS_BELOW * 1_000_000.0 {
        Timestamp::from_microsecond(number as i64).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_the_world_writes_them() {
        for (text, expected) in [
            ("2026-11-20T10:11:12Z", "2026-11-20T10:11:12Z"),
            ("2026-11-20t10:11:12.5+02:00", "2026-11-20T08:11:12.5Z"),
            ("2026-11-20T10:11:12.000+0000", "2026-11-20T10:11:12Z"),
            ("2026-11-20T10:11:12+0000", "2026-11-20T10:11:12Z"),
            ("2026-11-20 10:11:12", "2026-11-20T10:11:12Z"),
            ("2026-11-20 10:11:12 UTC", "2026-11-20T10:11:12Z"),
            ("2026-11-20T10:11:12", "2026-11-20T10:11:12Z"),
            ("2026-11-20 10:11", "2026-11-20T10:11:00Z"),
            ("2015-02-24 11:35:52 -0800", "2015-02-24T19:35:52Z"),
            ("2026-11-20", "2026-11-20T00:00:00Z"),
            ("Tue Oct 31 22:10:47 +0000 2017", "2017-10-31T22:10:47Z"),
            ("Fri, 20 Nov 2026 10:11:12 GMT", "2026-11-20T10:11:12Z"),
            ("20 Nov 2026 10:11:12 -0500", "2026-11-20T15:11:12Z"),
            ("1767225600", "2026-01-01T00:00:00Z"),
            ("1767225600.5", "2026-01-01T00:00:00.5Z"),
            ("1767225600123", "2026-01-01T00:00:00.123Z"),
            ("-1", "1969-12-31T23:59:59Z"),
        ] {
            assert_eq!(
                parse_time(text).map(|time| time.to_string()).as_deref(),
                Ok(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_time_is_refused_in_words() {
        for text in ["", "soon", "11/12/2026 10:00", "2026-13-01", "9e99", "NaN", "inf"] {
            let error = parse_time(text).unwrap_err();
            assert!(error.starts_with(&format!("found “{text}”")), "{error}");
        }
    }
    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[-+0-9TZ:. ,a-zäMon]{0,30}", any in ".{0,30}") {
            let _ = parse_time(&text);
            let _ = parse_time(&any);
        }
    }
}
