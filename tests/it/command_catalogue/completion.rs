//! Completion: what is offered can be said, and nothing that is typed makes it panic.

use proptest::prelude::*;
use switchboard::command::{Catalogue, Style};

use super::Room;

#[test]
fn half_a_line_is_completed() {
    let room = Room::new();
    assert_eq!(room.lines("/cl"), ["/claim "]);
    assert_eq!(room.lines("/ack"), ["/acknowledge "]);
    assert_eq!(room.lines("/lead cl"), ["/lead claim "]);
    assert_eq!(
        room.complete("/claim 14"),
        [("/claim L-142".to_owned(), "@mara: Where is my parcel?".to_owned())]
    );
    assert_eq!(room.lines("/reply "), ["/reply L-142 ", "/reply L-7 "]);
    assert_eq!(room.lines("/assign L-142 @da"), ["/assign L-142 @dana"]);
    assert_eq!(
        room.lines("/assign L-142 alex"),
        ["/assign L-142 @alex-k", "/assign L-142 @alex-m"]
    );
    assert_eq!(room.lines("/hand-off L-7 cust"), ["/hand-off L-7 support "]);
    assert_eq!(room.lines("/resolve L-7 d"), ["/resolve L-7 duplicate "]);
    assert_eq!(
        room.lines("/resolve L-7 duplicate "),
        [
            "/resolve L-7 duplicate of L-142 ",
            "/resolve L-7 duplicate of L-7 "
        ]
    );
    assert_eq!(
        room.complete("/snooze L-7 tom"),
        [(
            "/snooze L-7 tomorrow 9:00".to_owned(),
            "Wed 25 Nov 2026, 09:00 (Europe/Berlin)".to_owned()
        )]
    );
    assert_eq!(room.lines("/help hand"), ["/help hand-off"]);
    assert_eq!(room.lines("/claim nonsense"), [""; 0]);
    assert_eq!(Room::spelled(Style::Umbrella, "").lines("/cl"), ["/lead claim "]);
    assert_eq!(Room::spelled(Style::Flat, "sb-").lines("/sb-cl"), ["/sb-claim "]);
    let commands = Catalogue::builtin().commands();
    assert_eq!(
        Room::spelled(Style::Flat, "sb-").lines("/s").len(),
        commands.len()
    );
    // A viewer is offered what a viewer can use.
    let viewer = Room {
        member: "vera".into(),
        ..Room::new()
    };
    assert_eq!(viewer.lines("/re"), [""; 0]);
    assert_eq!(viewer.lines("/sh"), ["/show "]);
}

/// Follows the first completions of a line until it parses; free text is written where nothing can be offered.
fn leads_somewhere(room: &Room, line: &str, left: usize) -> bool {
    room.parse(line).is_ok()
        || room.parse(&format!("{line}words")).is_ok()
        || (left > 0
            && room
                .lines(line)
                .iter()
                .take(2)
                .any(|longer| leads_somewhere(room, longer, left - 1)))
}

#[test]
fn whatever_is_offered_can_be_said() {
    for (style, prefix) in [(Style::Both, ""), (Style::Flat, "sb-"), (Style::Umbrella, "")] {
        let room = Room::spelled(style, prefix);
        let mut offered = room.lines("/");
        assert!(
            offered.len() >= Catalogue::builtin().commands().len(),
            "{offered:?}"
        );
        for _ in 0..3 {
            let longer: Vec<String> = offered.iter().flat_map(|line| room.lines(line)).collect();
            for line in &offered {
                assert!(leads_somewhere(&room, line, 4), "{line}");
            }
            offered = longer;
        }
    }
}

proptest! {
    #[test]
    fn no_line_makes_it_panic(line in any::<String>()) {
        let room = Room::new();
        let _ = room.parse(&line);
        room.complete(&line);
    }

    #[test]
    fn no_options_make_it_panic_and_what_is_offered_continues_the_line(
        command in 0..Catalogue::builtin().commands().len(),
        words in proptest::collection::vec(
            prop_oneof![
                Just("L-142".to_owned()), Just("duplicate".to_owned()), Just("of".to_owned()), Just("\"".to_owned()),
                Just("“Dana".to_owned()), Just("@".to_owned()), Just("\u{200b}".to_owned()), Just("pr".to_owned()),
                Just("9:00".to_owned()), "[0-9]{1,20}[mhdw]", "\\PC{0,6}",
            ],
            0..5,
        ),
    ) {
        let room = Room::new();
        let line = format!("/{} {}", Catalogue::builtin().commands()[command].name, words.join(" "));
        let _ = room.parse(&line);
        for offered in room.lines(&line) {
            prop_assert!(leads_somewhere(&room, &offered, 3), "{line:?} → {offered:?}");
        }
    }
}
