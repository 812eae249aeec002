//! The digest: when it is due, what it says, and what it leaves out.

use jiff::civil::{Date, date, time};
use jiff::tz::TimeZone;
use switchboard::domain::company::{Department, Role};
use switchboard::domain::digest::Figures;
use switchboard::domain::event::Verb;
use switchboard::domain::ids::LeadId;
use switchboard::domain::lead::Outcome;
use switchboard::domain::timeline::Happened;
use switchboard::port::store::Commit;
use switchboard::report::{digest, digest_text, figures, schedule};

use crate::report_house::{House, at, department};

fn daily(zone: &str, hour: i8, minute: i8) -> Department {
    let mut support = department("support", "Support", &[("dana", Role::Agent)]);
    support.calendar.zone = TimeZone::get(zone).expect("bundled zone");
    support.digest_at = Some(time(hour, minute, 0, 0));
    support
}

#[test]
fn a_digest_is_due_once_a_day_after_any_downtime_and_over_summer_time() {
    let berlin = daily("Europe/Berlin", 9, 0);
    let gap = daily("Europe/Berlin", 2, 30);
    let monday = date(2026, 11, 23);
    let none: Option<Date> = None;
    for (what, department, last, now, due, next) in [
        (
            "before the time",
            &berlin,
            Some(monday),
            "2026-11-24T07:59:59Z",
            none,
            "2026-11-24T08:00:00Z",
        ),
        (
            "at the time",
            &berlin,
            Some(monday),
            "2026-11-24T08:00:00Z",
            Some(date(2026, 11, 24)),
            "2026-11-24T08:00:00Z",
        ),
        (
            "asked for already",
            &berlin,
            Some(date(2026, 11, 24)),
            "2026-11-24T08:00:00Z",
            none,
            "2026-11-25T08:00:00Z",
        ),
        (
            "three days of downtime, back in the afternoon: only today's",
            &berlin,
            Some(date(2026, 11, 20)),
            "2026-11-24T14:00:00Z",
            Some(date(2026, 11, 24)),
            "2026-11-24T08:00:00Z",
        ),
        (
            "three days of downtime, back at night: only yesterday's",
            &berlin,
            Some(date(2026, 11, 20)),
            "2026-11-24T03:00:00Z",
            Some(monday),
            "2026-11-23T08:00:00Z",
        ),
        (
            "never seen: not at once",
            &berlin,
            none,
            "2026-11-24T14:00:00Z",
            none,
            "2026-11-25T08:00:00Z",
        ),
        (
            "a clock that jumped back asks for nothing twice",
            &berlin,
            Some(date(2026, 11, 24)),
            "2026-11-22T12:00:00Z",
            none,
            "2026-11-25T08:00:00Z",
        ),
        (
            "on the gap day, before: 02:30 does not exist and is 03:30",
            &gap,
            Some(date(2026, 3, 28)),
            "2026-03-29T01:29:59Z",
            none,
            "2026-03-29T01:30:00Z",
        ),
        (
            "on the gap day, after",
            &gap,
            Some(date(2026, 3, 28)),
            "2026-03-29T01:30:00Z",
            Some(date(2026, 3, 29)),
            "2026-03-29T01:30:00Z",
        ),
        (
            "on the day with two 02:30, at the first",
            &gap,
            Some(date(2026, 10, 24)),
            "2026-10-25T00:30:00Z",
            Some(date(2026, 10, 25)),
            "2026-10-25T00:30:00Z",
        ),
        (
            "and not again at the second",
            &gap,
            Some(date(2026, 10, 25)),
            "2026-10-25T01:30:00Z",
            none,
            "2026-10-26T01:30:00Z",
        ),
        (
            "on the other side of the date line",
            &daily("Pacific/Kiritimati", 9, 0),
            Some(monday),
            "2026-11-23T19:00:00Z",
            Some(date(2026, 11, 24)),
            "2026-11-23T19:00:00Z",
        ),
    ] {
        let now = at(now);
        assert_eq!(schedule::due_day(department, last, now), due, "{what}");
        assert_eq!(
            schedule::next_due(department, last, now),
            Some(at(next)),
            "next, {what}"
        );
    }
    let mut without = daily("UTC", 9, 0);
    without.digest_at = None;
    let now = at("2026-11-24T14:00:00Z");
    assert_eq!(schedule::due_day(&without, Some(monday), now), None);
    assert_eq!(schedule::next_due(&without, Some(monday), now), None);
}

/// Ticks every ten minutes through a year with both changes of the clock, and is down for three days on the way.
#[test]
fn a_year_of_ticks_asks_for_every_day_once() {
    let gap = daily("Europe/Berlin", 2, 30);
    let start = at("2026-01-01T00:00:00Z");
    let mut last = schedule::first_day(&gap, start);
    let mut asked = Vec::new();
    for tick in 0..(365 * 144) {
        let now = start + jiff::SignedDuration::from_mins(tick * 10);
        if (at("2026-06-01T00:00:00Z")..at("2026-06-04T12:00:00Z")).contains(&now) {
            continue;
        }
        if let Some(day) = schedule::due_day(&gap, last, now) {
            last = Some(day);
            asked.push(day);
        }
    }
    assert_eq!(asked.first(), Some(&date(2026, 1, 1)));
    assert!(asked.is_sorted_by(|one, other| one < other), "no day twice");
    assert_eq!(asked.len(), 365 - 3, "three missed days are not made up for");
}

#[test]
fn the_digest_reads_as_a_morning_summary() {
    let mut house = House::new();
    let parcel = house.mention("mara", "Where is my parcel?");
    house.ask("dana", parcel, Verb::Claim);
    house.wait(24 * 60);
    let quote = house.mention("tom", "I want to buy 40 desks");
    house.ask("lee", quote, Verb::Claim);
    house.offer("lee", quote, "sales", "wants a quote");
    let salary = house.mention("eve", "my salary was not paid");
    house.ask("ida", salary, Verb::Claim);
    house.offer("ida", salary, "support", "please book it");
    house.deadline(parcel);
    let yesterday = Commit {
        figures: vec![(
            "support".into(),
            date(2026, 11, 24),
            Figures {
                mentions: 12,
                leads: 9,
                replies: 7,
                resolved: 5,
                won: 1,
                breaches: 1,
                handed_on: 2,
                first_responses: [1, 3, 0, 0, 1, 0],
            },
        )],
        ..Commit::default()
    };
    house.store.commit(&yesterday).expect("a commit");
    let build = |department: &str, day| {
        digest::build(
            house.store.as_ref(),
            &house.company,
            &department.into(),
            day,
            house.now,
        )
        .expect("a digest")
    };
    let support = build("support", date(2026, 11, 25));
    assert!(!support.is_empty());
    assert_eq!(
        digest_text::render(&support),
        "\
Support · Wednesday, 25 November 2026
Open: 2 (1 under 1 h, 1 1–3 d)
Breached: L-1
Yesterday: 12 mentions, 9 new leads, 7 replies, 5 resolved (1 won), 1 breach, 2 handed on; \
median first response under 1 h, 80 % within 4 h

Waiting longest
  L-1 · waiting 24 h · Dana Okafor · breached 23 h ago · “@mara: Where is my parcel?”
  L-2 · waiting 0 s · Lee Park · offered to Sales · due in 60 min · “@tom: I want to buy 40 desks”

Stale claims
  L-1 · Dana Okafor · no sign of work for 24 h · “@mara: Where is my parcel?”

Hand-offs without an answer
  L-3 · HR · handing off · confidential
  L-2 · offered to Sales by Lee Park · goes back in 60 min · “@tom: I want to buy 40 desks”"
    );
    let asked = digest_text::notice(std::slice::from_ref(&support));
    assert_eq!(asked.text.lines().count(), 4);
    assert!(
        !asked.text.contains("parcel"),
        "what strangers wrote stays in rows"
    );
    assert_eq!(asked.rows[0].text, "Waiting longest:");
    assert_eq!(
        asked.rows[1].said.as_ref().map(|said| said.as_written()),
        Some("@mara: Where is my parcel?")
    );
    let sales = build("sales", date(2026, 11, 25));
    assert_eq!(digest_text::notice(&[support, sales]).text, "2 departments");
    let mut quiet = House::new();
    quiet.wait(1);
    let empty = digest::build(
        quiet.store.as_ref(),
        &quiet.company,
        &"sales".into(),
        date(2026, 11, 25),
        quiet.now,
    );
    assert!(empty.expect("a digest").is_empty());
}

#[test]
fn a_digest_of_thousands_is_bounded_and_says_so() {
    let mut house = House::new();
    for index in 0..2_007 {
        house.mention(&format!("author{index}"), "hello");
    }
    house.wait(5 * 60);
    let found = digest::build(
        house.store.as_ref(),
        &house.company,
        &"support".into(),
        date(2026, 11, 24),
        house.now,
    )
    .expect("a digest");
    assert_eq!(found.open_by_age, [0, 0, 2_000, 0, 0]);
    assert_eq!(found.unexamined, 7);
    assert_eq!(found.oldest.len(), 10);
    assert!(
        digest_text::render(&found)
            .ends_with("7 more leads are open; the lists and ages above are of the most urgent ones.")
    );
}

#[test]
fn one_change_adds_what_happened_to_its_department() {
    let mut house = House::new();
    let id = house.mention("mara", "Where is my parcel?");
    let lead = |house: &House, id: LeadId| house.store.lead(id).expect("a read").expect("a lead");
    let before = lead(&house, id);
    house.ask("dana", id, Verb::Claim);
    house.wait(30);
    house.ask("dana", id, Verb::AnsweredThere { permalink: None });
    let answered = lead(&house, id);
    let there = Happened::AnsweredThere { permalink: None };
    assert_eq!(
        figures::delta(Some(&before), &answered, &[&there], house.now),
        Figures {
            replies: 1,
            first_responses: [0, 1, 0, 0, 0, 0],
            ..Figures::default()
        }
    );
    let won = Happened::Resolved {
        outcome: Outcome::Won,
        note: None,
        duplicate_of: None,
    };
    let mut again = answered.clone();
    again.replies += 1;
    assert_eq!(
        figures::delta(Some(&answered), &again, &[&won, &there], house.now),
        Figures {
            replies: 1,
            resolved: 1,
            won: 1,
            ..Figures::default()
        },
        "a second answer is no first response"
    );
}
