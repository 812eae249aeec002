//! Cards, notices, digests and homes that may hold anything, for rules that must always hold.

use jiff::Timestamp;
use jiff::civil::date;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::{Home, Summary, Waiting};
use super::words::{any_text, stranger};
use crate::domain::card::{Action, Banner, Card, Emphasis, Turn};
use crate::domain::digest::{Digest, Figures};
use crate::domain::ids::{DepartmentId, LeadId, NetworkId};
use crate::domain::lead::{Priority, State};
use crate::domain::mention::{Author, Media, MentionKind};
use crate::domain::notice::{Notice, Row, Tone};

fn url() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => any_text().prop_map(|text| format!("https://x.example/{text}.png")),
        1 => Just("https://pics.example/a.jpg".to_owned()),
        1 => Just("https://bank.example@evil.example/".to_owned()),
        1 => Just("javascript:alert(1)".to_owned()),
        1 => any_text(),
    ]
}

fn at() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        9 => (0..2_000_000_000_i64).prop_map(|second| Timestamp::from_second(second).unwrap()),
        1 => select(vec![Timestamp::MIN, Timestamp::MAX]),
    ]
}

pub fn lead() -> impl Strategy<Value = LeadId> {
    prop_oneof![Just(LeadId(142)), any::<u64>().prop_map(LeadId)]
}

fn action() -> impl Strategy<Value = Action> {
    let command = select(vec![
        "claim", "reply", "note", "hand-off", "escalate", "release", "reopen",
    ]);
    let emphasis = select(vec![Emphasis::Primary, Emphasis::Normal, Emphasis::Danger]);
    (command, any_text(), any::<bool>(), emphasis).prop_map(|(command, label, form, emphasis)| Action {
        command: command.to_owned(),
        label,
        form,
        emphasis,
    })
}

fn tone() -> impl Strategy<Value = Tone> {
    select(vec![Tone::Plain, Tone::Done, Tone::Refused, Tone::Warning])
}

fn turn() -> impl Strategy<Value = Turn> {
    (at(), option::of(stranger()), stranger(), option::of(url())).prop_map(|(at, author, text, url)| Turn {
        at,
        author,
        text,
        url,
    })
}

fn author() -> impl Strategy<Value = Author> {
    (
        stranger(),
        stranger(),
        option::of(any::<u64>()),
        any::<bool>(),
        option::of(url()),
    )
        .prop_map(|(handle, name, followers, verified, url)| Author {
            id: "1".to_owned(),
            handle,
            name,
            followers,
            verified,
            url,
        })
}

fn priority() -> impl Strategy<Value = Priority> {
    select(Priority::ALL.to_vec())
}

pub fn card() -> impl Strategy<Value = Card> {
    let states = [
        State::Waiting,
        State::Claimed,
        State::HandingOff,
        State::Snoozed,
        State::Resolved,
    ];
    let head = (
        lead(),
        any::<u64>(),
        any_text(),
        select(states.to_vec()),
        any_text(),
        priority(),
    );
    let tags = (
        vec(any_text(), 0..5),
        any_text(),
        select(MentionKind::ALL.to_vec()),
        at(),
        option::of(any_text()),
    );
    let clock = (
        option::of(at()),
        any::<bool>(),
        option::of(at()),
        any::<u32>(),
        any::<u32>(),
        any::<u32>(),
    );
    let public = (
        option::of(author()),
        option::of(url()),
        vec(
            (url(), stranger()).prop_map(|(url, description)| Media { url, description }),
            0..4,
        ),
        vec(turn(), 0..16),
    );
    let banner = (tone(), any_text(), vec(any_text(), 0..9)).prop_map(|(tone, text, lines)| Banner {
        tone,
        text,
        lines,
    });
    let below = (
        vec(any_text(), 0..4),
        vec(banner, 0..6),
        vec(action(), 0..20),
        prop::bool::weighted(0.1),
    );
    (head, tags, clock, public, below).prop_map(|(head, tags, clock, public, below)| Card {
        lead: head.0,
        version: head.1,
        department: DepartmentId::new("support"),
        department_name: head.2,
        state: head.3,
        status: head.4,
        priority: head.5,
        tags: tags.0,
        network: NetworkId::new(tags.1),
        kind: tags.2,
        opened: tags.3,
        owner: None,
        owner_name: tags.4,
        due: clock.0,
        breached: clock.1,
        first_response: clock.2,
        earlier: clock.3,
        mentions: clock.4,
        duplicates: clock.5,
        author: public.0,
        url: public.1,
        media: public.2,
        turns: public.3,
        reasons: below.0,
        banners: below.1,
        actions: below.2,
        stub: below.3,
    })
}

pub fn row() -> impl Strategy<Value = Row> {
    (
        option::of(lead()),
        any_text(),
        option::of(stranger()),
        option::of(at()),
    )
        .prop_map(|(lead, text, said, at)| Row { lead, text, said, at })
}

pub fn notice() -> impl Strategy<Value = Notice> {
    let earlier = option::of(0_usize..1000);
    (tone(), any_text(), vec(row(), 0..60), earlier).prop_map(|(tone, text, rows, earlier)| Notice {
        tone,
        text,
        rows,
        earlier,
        field: None,
    })
}

pub fn digest() -> impl Strategy<Value = Digest> {
    let lists = (
        vec(row(), 0..20),
        vec(row(), 0..20),
        vec(row(), 0..20),
        vec(lead(), 0..40),
    );
    let counts = (
        any::<[u32; 5]>(),
        any::<[u32; 6]>(),
        any::<u32>(),
        any::<[u32; 7]>(),
    );
    (any_text(), lists, counts).prop_map(|(department_name, lists, counts)| {
        let [mentions, leads, replies, resolved, won, breaches, handed_on] = counts.3;
        Digest {
            department: DepartmentId::new("support"),
            department_name,
            day: date(2026, 11, 24),
            open_by_age: counts.0,
            oldest: lists.0,
            breached: lists.3,
            stale_claims: lists.1,
            open_hand_offs: lists.2,
            yesterday: Figures {
                mentions,
                leads,
                replies,
                resolved,
                won,
                breaches,
                handed_on,
                first_responses: counts.1,
            },
            unexamined: counts.2,
        }
    })
}

fn summary() -> impl Strategy<Value = Summary> {
    let words = (stranger(), any_text(), any_text(), option::of(any_text()));
    let rest = (
        lead(),
        priority(),
        option::of(at()),
        any::<bool>(),
        vec(action(), 0..9),
    );
    (words, rest).prop_map(|(words, rest)| Summary {
        lead: rest.0,
        priority: rest.1,
        said: words.0,
        network: NetworkId::new(words.1),
        department_name: words.2,
        owner_name: words.3,
        due: rest.2,
        breached: rest.3,
        actions: rest.4,
    })
}

pub fn home() -> impl Strategy<Value = Home> {
    let queue =
        (any_text(), vec(summary(), 0..14), 0..2_000_usize).prop_map(|(department_name, leads, open)| {
            Waiting {
                department: DepartmentId::new("support"),
                department_name,
                leads,
                open,
            }
        });
    (vec(summary(), 0..12), vec(summary(), 0..12), vec(queue, 0..12)).prop_map(|(breaching, mine, queues)| {
        Home {
            breaching,
            mine,
            queues,
        }
    })
}
