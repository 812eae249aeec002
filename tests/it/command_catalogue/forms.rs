//! Submitted forms, and what the catalogue says about a form's fields.

use switchboard::command::{Catalogue, OptionKind};
use switchboard::domain::event::Verb;
use switchboard::domain::lead::{Outcome, Packet};

use super::Room;

#[test]
fn a_form_is_read_like_a_line_and_refused_at_its_field() {
    let room = Room::new();
    assert_eq!(
        room.fill_in("reply", &[("text", " Thank you. ")]),
        Ok(Verb::Reply {
            text: "Thank you.".to_owned(),
            seen: Some(9)
        })
    );
    let packet = Packet {
        summary: "asks".to_owned(),
        promised: "by noon".to_owned(),
        suggested_reply: "Soon.".to_owned(),
    };
    assert_eq!(
        room.fill_in(
            "hand-off",
            &[
                ("department", "pr"),
                ("summary", "asks"),
                ("promised", "by noon"),
                ("suggested_reply", "Soon.")
            ]
        ),
        Ok(Verb::HandOff {
            to: "pr".into(),
            packet
        })
    );
    assert_eq!(
        room.fill_in(
            "resolve",
            &[("outcome", "not_a_lead"), ("duplicate_of", " "), ("note", "")]
        ),
        Ok(Verb::Resolve {
            outcome: Outcome::NotALead,
            note: None,
            duplicate_of: None
        })
    );
    assert_eq!(
        room.fill_in("snooze", &[("until", "2026-11-30T14:00")]),
        Ok(Verb::Snooze {
            until: "2026-11-30T13:00:00Z".parse().expect("a timestamp")
        })
    );
    for (command, fields, field, text) in [
        (
            "reply",
            [("text", "  ")].as_slice(),
            Some("text"),
            "Write the reply, word for word as the public will read it",
        ),
        (
            "hand-off",
            &[("department", ""), ("summary", "asks")],
            Some("department"),
            "Choose the department that should take over",
        ),
        (
            "snooze",
            &[("until", "soon")],
            Some("until"),
            "“soon” is not a time I can read; write 30m, 2h, 17:30, tomorrow 9:00, monday 09:30 or 2026-11-30 14:00",
        ),
        (
            "resolve",
            &[("outcome", "won"), ("duplicate_of", "L-7")],
            Some("duplicate_of"),
            "This belongs only to outcome “duplicate”; leave it empty",
        ),
        (
            "reply",
            &[("test", "x")],
            None,
            "The form of reply has no field “test”",
        ),
        ("show", &[], None, "show only reads; it has no form"),
    ] {
        let refused = room.fill_in(command, fields).expect_err(command);
        assert_eq!(
            refused,
            (field.map(str::to_owned), text.to_owned()),
            "{command} {fields:?}"
        );
    }
}

#[test]
fn a_form_can_be_derived_from_the_catalogue() {
    let command = Catalogue::builtin().get("Resolve").expect("a command");
    let room = Room::new();
    let fields: Vec<_> = command
        .options
        .iter()
        .map(|option| {
            (
                option.name.as_str(),
                option.label.as_str(),
                option.kind,
                option.required,
            )
        })
        .collect();
    assert_eq!(
        fields,
        [
            ("lead", "Lead", OptionKind::Lead, true),
            ("outcome", "Outcome", OptionKind::Outcome, true),
            ("duplicate_of", "Duplicate of", OptionKind::Lead, false),
            ("note", "Note", OptionKind::Text, false),
        ]
    );
    assert_eq!(
        command.options[1].choices(&room.company)[3],
        ("not_a_lead".to_owned(), "not a lead".to_owned())
    );
}
