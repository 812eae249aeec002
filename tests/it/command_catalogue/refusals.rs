//! Lines that cannot be understood, and what the person reads, word for word.

use switchboard::command::Style;

use super::Room;

#[test]
fn lines_that_cannot_be_understood_are_refused_with_the_way_out() {
    let room = Room::new();
    for (line, expected) in [
        (
            "/clam L-142",
            "There is no command “clam”; did you mean /claim? /help lists them all",
        ),
        ("/lead dance", "There is no command “dance”; /help lists them all"),
        ("/lead L-142", "There is no command “L-142”; /help lists them all"),
        (
            "/claim",
            "/claim needs the lead to take. For example: /claim L-142",
        ),
        (
            "/claim him",
            "“him” is not a lead; leads look like L-142. For example: /claim L-142",
        ),
        (
            "/claim L-142 please",
            "“please” is too much: /claim takes only <lead>. For example: /claim L-142",
        ),
        (
            "/mine now",
            "“now” is too much: /mine takes nothing more. For example: /mine",
        ),
        (
            "/assign L-142 @dnaa",
            "There is no colleague called “@dnaa”; did you mean @dana? For example: /assign L-142 @dana",
        ),
        (
            "/assign L-142 @somebody",
            "There is no colleague called “@somebody”; write the short name, such as @dana, or the full one. For example: /assign L-142 @dana",
        ),
        (
            "/assign L-142 alex",
            "“alex” could be @alex-k (Alex Kim) or @alex-m (Alex Moor); write which. For example: /assign L-142 @dana",
        ),
        (
            "/hand-off L-142 suport they ask",
            "There is no department called “suport”; did you mean support? For example: /hand-off L-142 pr A journalist asks about the recall.",
        ),
        (
            "/queue warehouse",
            "There is no department called “warehouse”; there are hr, pr, support. For example: /queue support",
        ),
        (
            "/resolve L-142 done",
            "“done” is not an outcome; choose answered, won, lost, not-a-lead, spam or duplicate. For example: /resolve L-142 answered",
        ),
        (
            "/resolve L-142 wom",
            "“wom” is not an outcome; did you mean won? For example: /resolve L-142 answered",
        ),
        (
            "/resolve L-142 duplicate of that",
            "“that” is not a lead; leads look like L-142. For example: /resolve L-142 answered",
        ),
        (
            "/resolve L-142 duplicate of",
            "/resolve needs for a duplicate: the lead it repeats. For example: /resolve L-142 answered",
        ),
        (
            "/settle L-142 maybe",
            "“maybe” is not a choice here; choose sent or not-sent. For example: /settle L-142 sent https://social.example/@company/1",
        ),
        (
            "/settle L-142 sent yesterday",
            "“yesterday” is not a link; links begin with https:// or http://. For example: /settle L-142 sent https://social.example/@company/1",
        ),
        (
            "/answered L-142 javascript:alert(1)",
            "“javascript:alert(1)” is not a link; links begin with https:// or http://. For example: /answered L-142 https://reviews.example/r/9#answer",
        ),
        (
            "/snooze L-142 later",
            "“later” is not a time I can read; write 30m, 2h, 17:30, tomorrow 9:00, monday 09:30 or 2026-11-30 14:00. For example: /snooze L-142 tomorrow 9:00",
        ),
        (
            "/snooze L-142 today 8:00",
            "“today 8:00” is Tue 24 Nov 2026, 08:00 (Europe/Berlin), which has passed; choose a later time. For example: /snooze L-142 tomorrow 9:00",
        ),
        (
            "/find",
            "/find needs the lead's number, the author's handle, or words. For example: /find lost parcel",
        ),
        (
            "/who warehouse",
            "“warehouse” is neither a lead, nor a department, nor a colleague; write L-142, support or @dana, or nothing. For example: /who L-142",
        ),
        (
            "/help dance",
            "There is no command “dance”; /help lists them all. For example: /help",
        ),
        (
            "/claim aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee",
            "“aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd…” is not a lead; leads look like L-142. For example: /claim L-142",
        ),
    ] {
        assert_eq!(room.parse(line), Err(expected.to_owned()), "{line}");
    }
    let umbrella = Room::spelled(Style::Umbrella, "");
    assert_eq!(
        umbrella.parse("/claim").unwrap_err(),
        "/lead claim needs the lead to take. For example: /lead claim L-142"
    );
}
