//! Lengths of time as people write them: `30m`, `4h`, `1h 30m`, `2 days`. A day is what the caller says: around the clock
//! for a lease, a working day for a response target.

use jiff::SignedDuration;

/// A day of twenty-four hours.
pub const WHOLE_DAY: SignedDuration = SignedDuration::from_hours(24);

const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);

/// Reads a length of time; the error says what is wrong with it.
pub fn parse(text: &str, day: SignedDuration) -> Result<SignedDuration, String> {
    let mut total = SignedDuration::ZERO;
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err("no length of time is given".to_owned());
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let after = after.trim_start();
        let letters = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let number: i32 = number
            .parse()
            .map_err(|_| format!("“{text}” is not a length of time"))?;
        let unit = match unit.to_lowercase().as_str() {
            "s" | "sec" | "second" | "seconds" => SignedDuration::from_secs(1),
            "m" | "min" | "mins" | "minute" | "minutes" => SignedDuration::from_mins(1),
            "h" | "hour" | "hours" => SignedDuration::from_hours(1),
            "d" | "day" | "days" => day,
            "" => return Err(format!("“{text}” has no unit")),
            other => return Err(format!("“{other}” is not a unit of time")),
        };
        total = unit
            .checked_mul(number)
            .and_then(|part| total.checked_add(part))
            .filter(|total| *total <= LONGEST)
            .ok_or_else(|| format!("“{text}” is longer than a year"))?;
        rest = after.trim_start_matches([' ', ',']);
    }
    if total.is_zero() {
        return Err(format!("“{text}” is no time at all"));
    }
    Ok(total)
}

/// How a length of time is written, for those who got it wrong.
pub const WRITE_IT: &str = "write it like \"30m\", \"4h\", \"1h 30m\" or \"2 days\"";

/// The shortest way to write a length of time: `1h 30m`.
pub fn show(duration: SignedDuration) -> String {
    let seconds = duration.as_secs();
    let parts = [
        (seconds / 86_400, "d"),
        (seconds / 3600 % 24, "h"),
        (seconds / 60 % 60, "m"),
        (seconds % 60, "s"),
    ];
    let shown: Vec<_> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, unit)| format!("{number}{unit}"))
        .collect();
    shown.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_people_write_them() {
        let working_day = SignedDuration::from_hours(8);
        for (text, minutes) in [
            ("30m", 30),
            ("90 min", 90),
            ("4h", 240),
            ("1h 30m", 90),
            ("1h30m", 90),
            ("2 days", 960),
            ("1 day, 2 hours", 600),
        ] {
            assert_eq!(
                parse(text, working_day),
                Ok(SignedDuration::from_mins(minutes)),
                "{text}"
            );
        }
        for text in [
            "",
            "4",
            "h",
            "4 weeks",
            "0m",
            "-1h",
            "99999999999h",
            "2000 days",
            "1.5h",
            "4h x",
        ] {
            assert!(parse(text, WHOLE_DAY).is_err(), "{text}");
        }
        assert_eq!(show(SignedDuration::from_mins(1530)), "1d 1h 30m");
    }
}
