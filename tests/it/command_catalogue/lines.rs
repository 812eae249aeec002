//! Lines and clicks, and the requests they become.

use jiff::Timestamp;
use switchboard::command::{Catalogue, Reading, Request, Style, WhoAbout};
use switchboard::domain::event::Verb;
use switchboard::domain::ids::LeadId;
use switchboard::domain::lead::{Outcome, Packet};

use super::{Room, ask, form, some};

#[test]
fn lines_become_requests() {
    let at = |text: &str| text.parse::<Timestamp>().expect("a timestamp");
    let reply = |text: &str| {
        ask(Verb::Reply {
            text: text.to_owned(),
            seen: None,
        })
    };
    let hand_off = |to: &str, summary: &str| {
        ask(Verb::HandOff {
            to: to.into(),
            packet: Packet {
                summary: summary.to_owned(),
                ..Packet::default()
            },
        })
    };
    let resolve = |outcome, note: Option<&str>, duplicate_of: Option<u64>| {
        ask(Verb::Resolve {
            outcome,
            note: note.map(str::to_owned),
            duplicate_of: duplicate_of.map(LeadId),
        })
    };
    let dana = || ask(Verb::Assign { to: "dana".into() });
    let read = Request::Read;
    let room = Room::new();
    for (line, expected) in [
        // Spellings, and what phones and platforms do to a line.
        ("/claim L-142", ask(Verb::Claim)),
        ("claim 142", ask(Verb::Claim)),
        ("/lead claim l142", ask(Verb::Claim)),
        ("/Lead CLAIM #142", ask(Verb::Claim)),
        ("/lead /claim L-142", ask(Verb::Claim)),
        ("  /claim\u{a0}L\u{2013}142\u{200b} ", ask(Verb::Claim)),
        ("/claim “L-142”", ask(Verb::Claim)),
        ("/ack L-142", ask(Verb::Acknowledge)),
        // Every verb.
        ("/release L-142", ask(Verb::Release { reason: None })),
        (
            "/release L-142 off until Monday",
            ask(Verb::Release {
                reason: some("off until Monday"),
            }),
        ),
        ("/assign L-142 @dana", dana()),
        ("/assign L-142 Dana Okafor", dana()),
        ("/assign L-142 “dana okafor”", dana()),
        ("/assign L-142 dana", dana()),
        ("/assign L-142 @Dana Okafor", dana()),
        (
            "/assign L-142 Alex Kim",
            ask(Verb::Assign { to: "alex-k".into() }),
        ),
        ("/assign L-142", form("assign", &[])),
        ("/reply L-142", form("reply", &[])),
        (
            "/reply L-142 Thank you,\n\nwe “have” it.\u{a0}– Dana ",
            reply("Thank you,\n\nwe “have” it.\u{a0}– Dana"),
        ),
        ("/reply L-142: thanks", reply("thanks")),
        ("/retry L-142", ask(Verb::Retry)),
        (
            "/settle L-142 sent https://social.example/1",
            ask(Verb::Settle {
                published: true,
                permalink: some("https://social.example/1"),
            }),
        ),
        (
            "/settle L-142 not sent",
            ask(Verb::Settle {
                published: false,
                permalink: None,
            }),
        ),
        ("/settle L-142", form("settle", &[])),
        ("/answered L-142", ask(Verb::AnsweredThere { permalink: None })),
        (
            "/answered L-142 <https://r.example/9|r.example>",
            ask(Verb::AnsweredThere {
                permalink: some("https://r.example/9"),
            }),
        ),
        (
            "/note L-142 called him",
            ask(Verb::Note {
                text: "called him".to_owned(),
            }),
        ),
        ("/note L-142", form("note", &[])),
        (
            "/hand-off L-142 pr asks about it",
            hand_off("pr", "asks about it"),
        ),
        ("/handoff L-142 Press: asks", hand_off("pr", "asks")),
        (
            "/hand\u{2011}off L-142 customer service they want a refund",
            hand_off("support", "they want a refund"),
        ),
        ("/hand-off L-142", form("hand-off", &[])),
        ("/hand-off L-142 PR", form("hand-off", &[("department", "PR")])),
        ("/accept L-142", ask(Verb::Accept)),
        (
            "/decline L-142 not press",
            ask(Verb::Decline {
                reason: "not press".to_owned(),
            }),
        ),
        ("/decline L-142", form("decline", &[])),
        ("/withdraw L-142", ask(Verb::Withdraw)),
        ("/escalate L-142", form("escalate", &[])),
        (
            "/escalate L-142 spreading",
            ask(Verb::Escalate {
                reason: "spreading".to_owned(),
            }),
        ),
        (
            "/snooze L-142 2h",
            ask(Verb::Snooze {
                until: at("2026-11-24T11:10:00Z"),
            }),
        ),
        (
            "/snooze L-142 tomorrow 9:00",
            ask(Verb::Snooze {
                until: at("2026-11-25T08:00:00Z"),
            }),
        ),
        ("/snooze L-142", form("snooze", &[])),
        ("/resolve L-142", form("resolve", &[])),
        ("/resolve L-142 answered", resolve(Outcome::Answered, None, None)),
        (
            "/resolve L-142 not a lead, a joke",
            resolve(Outcome::NotALead, Some("a joke"), None),
        ),
        (
            "/resolve L-142 won of course",
            resolve(Outcome::Won, Some("of course"), None),
        ),
        (
            "/resolve L-142 duplicate of L-7 same parcel",
            resolve(Outcome::Duplicate, Some("same parcel"), Some(7)),
        ),
        (
            "/resolve L-142 duplicate L-7",
            resolve(Outcome::Duplicate, None, Some(7)),
        ),
        (
            "/resolve L-142 duplicate",
            resolve(Outcome::Duplicate, None, None),
        ),
        ("/reopen L-142", ask(Verb::Reopen { reason: None })),
        // Every reading.
        ("", read(Reading::Help { command: None })),
        ("/lead", read(Reading::Help { command: None })),
        (
            "/help handoff",
            read(Reading::Help {
                command: some("hand-off"),
            }),
        ),
        (
            "/help /ack",
            read(Reading::Help {
                command: some("acknowledge"),
            }),
        ),
        ("/queue", read(Reading::Queue { department: None })),
        (
            "/queue #support",
            read(Reading::Queue {
                department: Some("support".into()),
            }),
        ),
        ("/lead mine", read(Reading::Mine)),
        ("/show L-142", read(Reading::Show { lead: LeadId(142) })),
        (
            "/find lost  parcel",
            read(Reading::Find {
                words: "lost  parcel".to_owned(),
            }),
        ),
        (
            "/who",
            read(Reading::Who {
                about: WhoAbout::Everybody,
            }),
        ),
        (
            "/who L-142",
            read(Reading::Who {
                about: WhoAbout::Lead(LeadId(142)),
            }),
        ),
        (
            "/who Customer Service",
            read(Reading::Who {
                about: WhoAbout::Department("support".into()),
            }),
        ),
        (
            "/who @lee",
            read(Reading::Who {
                about: WhoAbout::Member("lee".into()),
            }),
        ),
        (
            "/digest pr",
            read(Reading::Digest {
                department: Some("pr".into()),
            }),
        ),
    ] {
        assert_eq!(room.parse(line), Ok(expected), "{line}");
    }
    assert_eq!(
        Room::spelled(Style::Flat, "sb-").parse("/sb-claim L-142"),
        Ok(ask(Verb::Claim))
    );
}

#[test]
fn a_button_acts_at_once_or_opens_its_form() {
    let room = Room::new();
    let click = |command: &str| Catalogue::builtin().click(command, LeadId(142), &room.asker());
    assert_eq!(click("claim"), Ok(ask(Verb::Claim)));
    assert_eq!(click("release"), Ok(ask(Verb::Release { reason: None })));
    assert_eq!(click("hand-off"), Ok(form("hand-off", &[])));
    assert_eq!(
        click("show"),
        Ok(Request::Read(Reading::Show { lead: LeadId(142) }))
    );
    assert_eq!(
        click("dance").map_err(|refusal| refusal.text),
        Err("There is no command “dance”; /help lists them all".to_owned())
    );
    // Every verb can be a button: it never needs what a click cannot say.
    for command in Catalogue::builtin().commands() {
        if command.option("lead").is_some() {
            assert!(click(&command.name).is_ok(), "{}", command.name);
        }
    }
}

#[test]
fn every_example_in_the_catalogue_is_understood() {
    let room = Room::new();
    for command in Catalogue::builtin().commands() {
        for example in command.examples(&room.spelling) {
            assert!(
                room.parse(&example).is_ok(),
                "{example}: {:?}",
                room.parse(&example)
            );
        }
    }
}

#[test]
fn options_that_come_told_apart_may_stand_in_any_order_and_be_more_than_a_line_holds() {
    let room = Room::new();
    let told = |command: &str, given: &[(&str, &str)]| {
        let given = given
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect();
        Catalogue::builtin().told_apart(command, given, &room.asker())
    };
    let packet = Packet {
        summary: "A journalist asks.".to_owned(),
        promised: "an answer by noon".to_owned(),
        ..Packet::default()
    };
    assert_eq!(
        told(
            "hand-off",
            &[
                ("promised", "an answer by noon"),
                ("summary", "A journalist asks."),
                ("department", "pr"),
                ("lead", "L-142"),
            ]
        ),
        Ok(ask(Verb::HandOff {
            to: "pr".into(),
            packet
        }))
    );
    assert_eq!(
        told("hand-off", &[("lead", "L-142"), ("department", "pr")]),
        Ok(form("hand-off", &[("department", "pr")]))
    );
    let refused = |command: &str, given: &[(&str, &str)]| told(command, given).unwrap_err().text;
    assert_eq!(
        refused("claim", &[]),
        "/claim needs the lead to take. For example: /claim L-142"
    );
    assert_eq!(
        refused("claim", &[("lead", "everything")]),
        "“everything” is not a lead; leads look like L-142. For example: /claim L-142"
    );
    assert_eq!(
        refused("claim", &[("lead", "L-1"), ("colour", "red")]),
        "/claim has no option “colour”"
    );
}
