//! Business hours: when a department's clock runs. Several blocks a day, holidays, a time zone; daylight saving is the zone's own.
//! Deliberately knows nothing of leads.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// One block of working time within a day, `from` inclusive, `to` exclusive. `24:00` is written as `to = 00:00`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub day: Weekday,
    pub from: Time,
    pub to: Time,
}

/// A department's working time. No blocks at all means around the clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    pub zone: TimeZone,
    pub blocks: Vec<Block>,
    pub holidays: BTreeSet<Date>,
}

impl Default for Calendar {
    fn default() -> Self {
        Self {
            zone: TimeZone::UTC,
            blocks: Vec::new(),
            holidays: BTreeSet::new(),
        }
    }
}

impl Calendar {
    /// The moment at which `duration` of working time has passed since `start`. None where the calendar never opens
    /// again within two years, which is a mistake that `check` reports.
    pub fn due(&self, start: Timestamp, duration: SignedDuration) -> Option<Timestamp> {
        if self.blocks.is_empty() {
            return start.checked_add(duration).ok();
        }
        let mut left = duration;
        for (from, to) in self.spans_from(start) {
            let from = from.max(start);
            let span = from.duration_until(to);
            if span >= left {
                return from.checked_add(left).ok();
            }
            left -= span;
        }
        None
    }

    /// Is the department at work at this moment?
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.blocks.is_empty()
            || self
                .spans_from(at)
                .next()
                .is_some_and(|(from, to)| from <= at && at < to)
    }

    /// Working spans that end after `start`, in order, for two years.
    fn spans_from(&self, start: Timestamp) -> impl Iterator<Item = (Timestamp, Timestamp)> + '_ {
        const TWO_YEARS: usize = 2 * 366;
        let first = self.zone.to_datetime(start).date();
        // Dates near the end of the calendar simply end the series.
        first
            .series(jiff::Span::new().days(1))
            .take(TWO_YEARS)
            .filter(|day| !self.holidays.contains(day))
            .flat_map(|day| {
                let mut today: Vec<_> = self
                    .blocks
                    .iter()
                    .filter(|block| block.day == day.weekday())
                    .filter_map(|block| self.span(day, block))
                    .collect();
                today.sort();
                today
            })
            .filter(move |(_, to)| *to > start)
    }

    fn span(&self, day: Date, block: &Block) -> Option<(Timestamp, Timestamp)> {
        let end_day = if block.to == Time::midnight() {
            day.tomorrow().ok()?
        } else {
            day
        };
        let moment = |day: Date, time: Time| {
            self.zone
                .to_ambiguous_timestamp(day.to_datetime(time))
                .compatible()
                .ok()
        };
        let (from, to) = (moment(day, block.from)?, moment(end_day, block.to)?);
        (from < to).then_some((from, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn berlin() -> Calendar {
        use Weekday::*;
        let time = |hour: i8| Time::constant(hour, 0, 0, 0);
        let mut blocks = Vec::new();
        for day in [Monday, Tuesday, Wednesday, Thursday, Friday] {
            blocks.push(Block {
                day,
                from: time(9),
                to: time(12),
            });
            blocks.push(Block {
                day,
                from: time(13),
                to: time(17),
            });
        }
        Calendar {
            zone: TimeZone::get("Europe/Berlin").expect("bundled zone"),
            blocks,
            holidays: [Date::constant(2026, 12, 25)].into(),
        }
    }

    #[test]
    fn targets_run_in_business_hours_with_lunch_weekends_holidays_and_summer_time() {
        for (what, start, hours, due) in [
            (
                "within a block",
                "2026-11-24T09:00:00Z",
                1,
                "2026-11-24T10:00:00Z",
            ),
            ("over lunch", "2026-11-24T10:30:00Z", 1, "2026-11-24T12:30:00Z"),
            (
                "from before work",
                "2026-11-24T03:00:00Z",
                1,
                "2026-11-24T09:00:00Z",
            ),
            (
                "over a weekend",
                "2026-11-27T15:30:00Z",
                1,
                "2026-11-30T08:30:00Z",
            ),
            (
                "over a holiday",
                "2026-12-24T15:30:00Z",
                1,
                "2026-12-28T08:30:00Z",
            ),
            (
                "over the end of summer time",
                "2026-10-23T14:30:00Z",
                1,
                "2026-10-26T08:30:00Z",
            ),
            (
                "exactly at the end of a block",
                "2026-11-24T08:00:00Z",
                3,
                "2026-11-24T11:00:00Z",
            ),
        ] {
            assert_eq!(
                berlin().due(at(start), SignedDuration::from_hours(hours)),
                Some(at(due)),
                "{what}"
            );
        }
    }

    #[test]
    fn no_blocks_means_around_the_clock() {
        let always = Calendar::default();
        assert_eq!(
            always.due(at("2026-11-28T03:00:00Z"), SignedDuration::from_hours(2)),
            Some(at("2026-11-28T05:00:00Z"))
        );
        assert!(always.is_open(at("2026-11-28T03:00:00Z")));
    }

    #[test]
    fn lunch_and_night_are_closed() {
        assert!(berlin().is_open(at("2026-11-24T08:00:00Z")));
        assert!(!berlin().is_open(at("2026-11-24T11:30:00Z")));
        assert!(!berlin().is_open(at("2026-11-24T22:00:00Z")));
    }
}
