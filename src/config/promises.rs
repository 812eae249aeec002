//! What a department promises: working hours, response targets, how long a claim holds, who is told when nobody answers,
//! when the digest comes.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use toml::Spanned;

use super::company::Known;
use super::document::{DepartmentSection, LeaseSection, List, RungSection, Text};
use super::source::{Place, Problems};
use super::{duration, hours, routes};
use crate::domain::calendar::Calendar;
use crate::domain::company::{Lease, Rung};
use crate::domain::lead::Priority;

/// How long an offer waits where the department does not say.
const HAND_OFF_TIMEOUT: SignedDuration = SignedDuration::from_hours(4);
/// How long a rung waits where it does not say.
const RUNG_WAIT: SignedDuration = SignedDuration::from_mins(30);

/// What a department takes from the company.
pub(super) struct Defaults {
    pub(super) zone: Option<TimeZone>,
    pub(super) holidays: BTreeSet<Date>,
}

pub(super) struct Promises {
    pub(super) calendar: Calendar,
    pub(super) targets: BTreeMap<Priority, SignedDuration>,
    pub(super) lease: Option<Lease>,
    pub(super) hand_off_timeout: SignedDuration,
    pub(super) ladder: Vec<Rung>,
    pub(super) digest_at: Option<Time>,
    pub(super) confidential: bool,
}

pub(super) fn read(
    file: usize,
    key: &str,
    section: DepartmentSection,
    defaults: &Defaults,
    known: &Known,
    problems: &mut Problems<'_>,
) -> Promises {
    let hours_at = section.hours.as_ref().map(Spanned::span);
    let own_zone = section
        .zone
        .as_ref()
        .and_then(|text| zone(file, text, &format!("{key}.zone"), problems));
    let mut holidays = holidays(file, section.holidays, &format!("{key}.holidays"), problems);
    holidays.extend(&defaults.holidays);
    let calendar = Calendar {
        zone: own_zone
            .or_else(|| defaults.zone.clone())
            .unwrap_or(TimeZone::UTC),
        blocks: blocks(file, section.hours, &format!("{key}.hours"), problems),
        holidays,
    };
    let wait = |text: &Option<Text>, key: &str, problems: &mut Problems<'_>| {
        text.as_ref()
            .and_then(|text| length(file, text, duration::WHOLE_DAY, key, problems))
    };
    let hand_off_timeout = wait(
        &section.hand_off_timeout,
        &format!("{key}.hand_off_timeout"),
        problems,
    );
    let digest_at = section.digest.as_ref().and_then(|text| {
        let time = hours::parse_time(text.get_ref());
        if let Err(what) = &time {
            let at = Place {
                file,
                span: text.span(),
            };
            problems.add(&at, &format!("{key}.digest"), what, "write it like \"08:30\"");
        }
        time.ok()
    });
    Promises {
        targets: targets(
            file,
            section.targets,
            &calendar,
            &format!("{key}.targets"),
            hours_at,
            problems,
        ),
        calendar,
        lease: section
            .lease
            .and_then(|lease| self::lease(file, lease, &format!("{key}.lease"), problems)),
        hand_off_timeout: hand_off_timeout.unwrap_or(HAND_OFF_TIMEOUT),
        ladder: ladder(file, section.ladder, &format!("{key}.ladder"), known, problems),
        digest_at,
        confidential: section.confidential,
    }
}

pub(super) fn zone(file: usize, text: &Text, key: &str, problems: &mut Problems<'_>) -> Option<TimeZone> {
    match hours::zone(text.get_ref()) {
        Ok(zone) => Some(zone),
        Err(todo) => {
            let at = Place {
                file,
                span: text.span(),
            };
            problems.add(&at, key, format!("“{}” is not a time zone", text.get_ref()), todo);
            None
        }
    }
}

pub(super) fn holidays(
    file: usize,
    list: Option<Spanned<List>>,
    key: &str,
    problems: &mut Problems<'_>,
) -> BTreeSet<Date> {
    let mut holidays = BTreeSet::new();
    for text in List::texts(list) {
        match text.get_ref().parse::<Date>() {
            Ok(date) if text.get_ref().len() == 10 => {
                holidays.insert(date);
            }
            _ => problems.add(
                &Place {
                    file,
                    span: text.span(),
                },
                key,
                format!("“{}” is not a date", text.get_ref()),
                "write year, month and day: \"2026-12-25\"",
            ),
        }
    }
    holidays
}

fn blocks(
    file: usize,
    list: Option<Spanned<List>>,
    key: &str,
    problems: &mut Problems<'_>,
) -> Vec<crate::domain::calendar::Block> {
    let Some(list) = list else {
        return Vec::new();
    };
    let whole = Place {
        file,
        span: list.span(),
    };
    let lines = List::entries(list);
    let mut blocks = Vec::new();
    let around_the_clock = lines.iter().any(|line| line.get_ref().trim() == "24/7");
    if around_the_clock && lines.len() > 1 {
        problems.add(
            &whole,
            key,
            "24/7 leaves nothing for other hours",
            "keep either 24/7 or the hours",
        );
    }
    if lines.is_empty() {
        problems.add(&whole, key, "these hours never open", hours::WRITE_IT);
    }
    for line in lines {
        match hours::parse(line.get_ref()) {
            Ok(found) => blocks.extend(found),
            Err(what) => problems.add(
                &Place {
                    file,
                    span: line.span(),
                },
                key,
                what,
                hours::WRITE_IT,
            ),
        }
    }
    if let Some((one, _)) = hours::overlap(&blocks) {
        let day = format!("{:?}", one.day);
        problems.add(
            &whole,
            key,
            format!("two blocks overlap on {day}"),
            "let one end where the next begins",
        );
    }
    blocks
}

fn length(
    file: usize,
    text: &Text,
    day: SignedDuration,
    key: &str,
    problems: &mut Problems<'_>,
) -> Option<SignedDuration> {
    match duration::parse(text.get_ref(), day) {
        Ok(length) => Some(length),
        Err(what) => {
            problems.add(
                &Place {
                    file,
                    span: text.span(),
                },
                key,
                what,
                duration::WRITE_IT,
            );
            None
        }
    }
}

fn targets(
    file: usize,
    given: BTreeMap<Text, Text>,
    calendar: &Calendar,
    key: &str,
    hours_at: Option<std::ops::Range<usize>>,
    problems: &mut Problems<'_>,
) -> BTreeMap<Priority, SignedDuration> {
    let mut targets = BTreeMap::new();
    let day = hours::working_day(calendar);
    let two_years = hours::working_week(calendar) * 104;
    for (word, text) in given {
        let key = format!("{key}.{}", word.get_ref());
        let at = Place {
            file,
            span: word.span(),
        };
        let priority = routes::priority(&at, word.get_ref(), &key, problems);
        let Some(length) = length(file, &text, day, &key, problems) else {
            continue;
        };
        if hours_at.is_some() && length > two_years {
            problems.add(
                &Place {
                    file,
                    span: text.span(),
                },
                &key,
                "so much working time does not come in two years",
                "shorten the target, or open for longer",
            );
        }
        if let Some(priority) = priority {
            targets.insert(priority, length);
        }
    }
    targets
}

fn lease(
    file: usize,
    section: Spanned<LeaseSection>,
    key: &str,
    problems: &mut Problems<'_>,
) -> Option<Lease> {
    let at = Place {
        file,
        span: section.span(),
    };
    let section = section.into_inner();
    let mut part = |text: Option<Text>, name: &str| {
        let key = format!("{key}.{name}");
        match &text {
            Some(text) => length(file, text, duration::WHOLE_DAY, &key, problems),
            None => {
                let what = format!("the lease does not say when to {name}");
                problems.missing(&at, &key, what, "write { nudge = \"2h\", lapse = \"4h\" }");
                None
            }
        }
    };
    let nudge_after = part(section.nudge, "nudge")?;
    let lapse_after = part(section.lapse, "lapse")?;
    if nudge_after >= lapse_after {
        problems.add(
            &at,
            key,
            "the nudge comes no earlier than the lapse, so nobody would be warned",
            "make nudge shorter than lapse",
        );
    }
    Some(Lease {
        nudge_after,
        lapse_after,
    })
}

fn ladder(
    file: usize,
    rungs: Vec<Spanned<RungSection>>,
    key: &str,
    known: &Known,
    problems: &mut Problems<'_>,
) -> Vec<Rung> {
    let mut ladder = Vec::new();
    for (index, rung) in rungs.into_iter().enumerate() {
        let key = format!("{key}.{}", index + 1);
        let at = Place {
            file,
            span: rung.span(),
        };
        let section = rung.into_inner();
        let names = List::texts(section.tell);
        if names.is_empty() {
            problems.missing(
                &at,
                &format!("{key}.tell"),
                format!("rung {} of the ladder tells nobody", index + 1),
                "name somebody: tell = [\"dana\"]",
            );
        }
        let tell = names
            .iter()
            .filter_map(|name| known.member(file, name, &format!("{key}.tell"), problems))
            .collect();
        let wait = section
            .wait
            .and_then(|text| length(file, &text, duration::WHOLE_DAY, &format!("{key}.wait"), problems));
        ladder.push(Rung {
            tell,
            wait: wait.unwrap_or(RUNG_WAIT),
        });
    }
    ladder
}
