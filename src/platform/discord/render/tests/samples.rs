//! Cards, notices, digests and forms as no reasonable person would write them.

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::domain::capability::Counting;
use crate::domain::card::{Action, Banner, Card, Emphasis, Turn};
use crate::domain::digest::{Digest, Figures};
use crate::domain::form::{Field, Form};
use crate::domain::ids::LeadId;
use crate::domain::lead::{Priority, State};
use crate::domain::mention::{Author, Media, MentionKind, PublicText};
use crate::domain::notice::{Notice, Row, Tone};

/// Texts that would mention, link, format, turn or overflow, and anything else.
pub fn text() -> BoxedStrategy<String> {
    let hostile = prop::sample::select(vec![
        "@everyone @here <@1106298301283012608> <@&5> <#7> </claim:1> <id:home>",
        "[your bank](https://evil.example) <https://evil.example> https://evil.example discord.gg/x",
        "**b** __u__ *i* _i_ ~~s~~ ||spoiler|| `code` ```block``` `/lead claim L-1`",
        "# head\n## two\n-# small\n> said\n>>> all\n- item\n+ item\n* item\n1. one\n99. two",
        "<t:0:R> <:a:1> <a:b:1> :smile: :regional_indicator_a:",
        "\u{202e}turned\u{202c} \u{200b}\u{feff}\0\u{7}\u{1b}[31m",
        "👩\u{200d}👩\u{200d}👧\u{200d}👦🏳\u{fe0f}\u{200d}🌈 e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
        "",
        "   \n\t  ",
        "\\",
        "\\*\\",
        "&lt;b&gt; <script>alert(1)</script> ${x} {c} %s",
        "\n\n\n\n\n\n\n\n",
    ]);
    prop_oneof![
        4 => hostile.clone().prop_map(str::to_owned),
        2 => any::<String>(),
        2 => vec(hostile, 1..40).prop_map(|parts| parts.concat()),
        1 => (any::<char>(), 1..7000usize).prop_map(|(letter, times)| letter.to_string().repeat(times)),
        1 => Just("Where is my parcel?".to_owned()),
    ]
    .boxed()
}

fn public() -> impl Strategy<Value = PublicText> {
    text().prop_map(PublicText::new)
}

fn url() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("https://social.example/posts/1".to_owned()),
        Just("https://social.example/a)(b]<script>|x?y=[1](z)".to_owned()),
        (1..3000usize).prop_map(|times| format!("https://social.example/{}", "a".repeat(times))),
        Just("javascript:alert(1)".to_owned()),
        text(),
    ]
}

fn moment() -> impl Strategy<Value = Timestamp> {
    (0..4_000_000_000i64).prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn lead() -> impl Strategy<Value = LeadId> {
    prop_oneof![(1..100_000u64).prop_map(LeadId), Just(LeadId(u64::MAX))]
}

fn tone() -> impl Strategy<Value = Tone> {
    prop::sample::select(vec![Tone::Plain, Tone::Done, Tone::Refused, Tone::Warning])
}

fn action() -> impl Strategy<Value = Action> {
    let emphasis = prop::sample::select(vec![Emphasis::Primary, Emphasis::Normal, Emphasis::Danger]);
    ("[a-z-]{1,32}", text(), any::<bool>(), emphasis).prop_map(|(command, label, form, emphasis)| Action {
        command,
        label,
        form,
        emphasis,
    })
}

fn author() -> impl Strategy<Value = Author> {
    let parts = (
        public(),
        public(),
        option::of(any::<u64>()),
        any::<bool>(),
        option::of(url()),
    );
    parts.prop_map(|(handle, name, followers, verified, url)| Author {
        id: "1".to_owned(),
        handle,
        name,
        followers,
        verified,
        url,
    })
}

fn turn() -> impl Strategy<Value = Turn> {
    (moment(), option::of(public()), public(), option::of(url())).prop_map(|(at, author, text, url)| Turn {
        at,
        author,
        text,
        url,
    })
}

fn banner() -> impl Strategy<Value = Banner> {
    (tone(), text(), vec(text(), 0..4)).prop_map(|(tone, text, lines)| Banner { tone, text, lines })
}

fn row() -> impl Strategy<Value = Row> {
    (
        option::of(lead()),
        text(),
        option::of(public()),
        option::of(moment()),
    )
        .prop_map(|(lead, text, said, at)| Row { lead, text, said, at })
}

pub fn card() -> impl Strategy<Value = Card> {
    let states = vec![
        State::Waiting,
        State::Claimed,
        State::Snoozed,
        State::HandingOff,
        State::Resolved,
    ];
    let who = (
        lead(),
        text(),
        text(),
        text(),
        option::of(author()),
        option::of(url()),
    );
    let what = (
        prop::sample::select(states),
        prop::sample::select(Priority::ALL.to_vec()),
        prop::sample::select(MentionKind::ALL.to_vec()),
        any::<bool>(),
        any::<bool>(),
    );
    let when = (moment(), option::of(moment()), option::of(moment()));
    let lists = (
        vec(turn(), 0..6),
        vec((url(), public()), 0..4),
        vec(text(), 0..6),
        vec(text(), 0..6),
        vec(banner(), 0..6),
        vec(action(), 0..40),
    );
    let numbers = (any::<u32>(), any::<u32>(), any::<u32>());
    (who, what, when, lists, numbers).prop_map(|(who, what, when, lists, numbers)| Card {
        lead: who.0,
        version: 1,
        department: "support".into(),
        department_name: who.1,
        state: what.0,
        status: who.2,
        priority: what.1,
        tags: lists.2,
        network: who.3.as_str().into(),
        kind: what.2,
        opened: when.0,
        owner: None,
        owner_name: None,
        due: when.1,
        breached: what.3,
        first_response: when.2,
        author: who.4,
        url: who.5,
        media: lists
            .1
            .into_iter()
            .map(|(url, description)| Media { url, description })
            .collect(),
        turns: lists.0,
        earlier: numbers.0,
        mentions: numbers.1,
        duplicates: numbers.2,
        reasons: lists.3,
        banners: lists.4,
        actions: lists.5,
        stub: what.4,
    })
}

pub fn notice() -> impl Strategy<Value = Notice> {
    let earlier = option::of(0_usize..1000);
    (tone(), text(), vec(row(), 0..60), earlier).prop_map(|(tone, text, rows, earlier)| Notice {
        tone,
        text,
        rows,
        earlier,
        field: None,
    })
}

pub fn line() -> impl Strategy<Value = Row> {
    row()
}

pub fn digest() -> impl Strategy<Value = Digest> {
    let lists = (
        vec(row(), 0..8),
        vec(row(), 0..8),
        vec(row(), 0..8),
        vec(lead(), 0..60),
    );
    let figures = (any::<[u16; 5]>(), any::<[u16; 7]>(), any::<u32>());
    (text(), lists, figures).prop_map(|(department_name, lists, (ages, numbers, unexamined))| Digest {
        department: "support".into(),
        department_name,
        day: jiff::civil::date(2026, 11, 24),
        open_by_age: ages.map(u32::from),
        oldest: lists.0,
        breached: lists.3,
        stale_claims: lists.1,
        open_hand_offs: lists.2,
        yesterday: Figures {
            mentions: numbers[0].into(),
            leads: numbers[1].into(),
            replies: numbers[2].into(),
            resolved: numbers[3].into(),
            won: numbers[4].into(),
            breaches: numbers[5].into(),
            handed_on: numbers[6].into(),
            first_responses: [0; 6],
        },
        unexamined,
    })
}

/// Fields with names of their own, at most five, as the catalogue has them.
pub fn form() -> impl Strategy<Value = Form> {
    let typed = (
        text(),
        text(),
        any::<bool>(),
        any::<bool>(),
        option::of(1..70_000usize),
        text(),
    );
    let typed = typed.prop_map(|(label, value, required, multiline, limit, hint)| Field::Text {
        name: String::new(),
        label,
        value,
        required,
        multiline,
        limit,
        counting: Counting::Characters,
        hint,
    });
    let options = vec(("[a-z]{1,12}|[a-z|]{90,130}", text()), 1..60);
    let chosen = (text(), any::<bool>(), any::<bool>(), options);
    let chosen = chosen.prop_map(|(label, required, given, options)| Field::Choice {
        name: String::new(),
        label,
        value: if given {
            options[0].0.clone()
        } else {
            String::new()
        },
        required,
        options,
    });
    let fields = vec(prop_oneof![2 => typed, 1 => chosen], 1..=5);
    let head = (
        "[a-z-]{1,32}",
        lead(),
        text(),
        any::<u32>(),
        "[a-zA-Z0-9:|-]{0,60}",
    );
    (head, option::of(public()), vec(text(), 0..20), fields).prop_map(
        |((command, lead, title, seen, key), quote, guidelines, mut fields)| {
            for (index, field) in fields.iter_mut().enumerate() {
                let (Field::Text { name, .. } | Field::Choice { name, .. }) = field;
                *name = format!("field_{index}");
            }
            Form {
                command,
                lead,
                title,
                submit: "Send".to_owned(),
                key,
                seen,
                quote,
                guidelines,
                fields,
            }
        },
    )
}
