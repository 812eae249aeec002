//! Pictures of what Slack is given, one of each kind, to be read by whoever changes it.

use insta::assert_json_snapshot;
use jiff::Timestamp;
use jiff::civil::date;
use serde_json::{Value, json};

use super::super::*;
use super::limits;
use crate::domain::capability::Counting;
use crate::domain::card::{Action, Banner, Card, Emphasis, Turn};
use crate::domain::digest::{Digest, Figures};
use crate::domain::form::{Field, Form};
use crate::domain::ids::{DepartmentId, LeadId, MemberId, NetworkId};
use crate::domain::lead::{Priority, State};
use crate::domain::mention::{Author, Media, MentionKind};
use crate::domain::notice::{Notice, Row, Tone};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn action(command: &str, label: &str, form: bool, emphasis: Emphasis) -> Action {
    let (command, label) = (command.to_owned(), label.to_owned());
    Action {
        command,
        label,
        form,
        emphasis,
    }
}

fn claimed() -> Card {
    use Emphasis::{Danger, Normal, Primary};
    let turn = |time: &str, author: Option<&str>, text: &str| Turn {
        at: at(time),
        author: author.map(Into::into),
        text: text.into(),
        url: author.is_none().then(|| "https://x.com/acme/status/2".to_owned()),
    };
    Card {
        lead: LeadId(142),
        version: 17,
        department: DepartmentId::new("support"),
        department_name: "Support & Care".to_owned(),
        state: State::Claimed,
        status: "Claimed by Dana Okafor".to_owned(),
        priority: Priority::High,
        tags: vec!["parcel".to_owned(), "vip_customer".to_owned()],
        network: NetworkId::new("x"),
        kind: MentionKind::Mention,
        opened: at("2026-11-24T09:00:00Z"),
        owner: Some(MemberId::new("dana")),
        owner_name: Some("Dana Okafor".to_owned()),
        due: Some(at("2026-11-24T13:00:00Z")),
        breached: false,
        first_response: None,
        author: Some(Author {
            id: "77".to_owned(),
            handle: "@mara".into(),
            name: "Mara *Lind*".into(),
            followers: Some(12_345),
            verified: true,
            url: Some("https://x.com/mara".to_owned()),
        }),
        url: Some("https://x.com/mara/status/3".to_owned()),
        media: vec![
            Media {
                url: "https://pics.example/parcel.jpg".to_owned(),
                description: "A torn parcel".into(),
            },
            Media {
                url: "https://pics.example/parcel.mp4".to_owned(),
                description: "".into(),
            },
        ],
        turns: vec![
            turn("2026-11-24T09:00:00Z", Some("Mara"), "Where is my parcel?"),
            turn("2026-11-24T09:30:00Z", None, "We are looking for it."),
            turn(
                "2026-11-24T10:00:00Z",
                Some("Mara"),
                "<!channel> It is *here*, & torn: https://evil.example",
            ),
        ],
        earlier: 2,
        mentions: 5,
        duplicates: 1,
        reasons: vec!["route “parcels”: the text has “parcel”".to_owned()],
        banners: vec![Banner {
            tone: Tone::Warning,
            text: "Escalated to Lee Park (5 min ago): angry customer".to_owned(),
            lines: vec!["Promised: a new one".to_owned()],
        }],
        actions: vec![
            action("acknowledge", "Acknowledge", false, Primary),
            action("reply", "Reply", true, Primary),
            action("note", "Note", true, Normal),
            action("hand-off", "Hand off", true, Normal),
            action("assign", "Assign", true, Normal),
            action("escalate", "Escalate", true, Danger),
            action("release", "Release", false, Normal),
        ],
        stub: false,
    }
}

fn picture(message: &Message) -> Value {
    limits::message(message);
    json!({ "text": message.text, "blocks": message.blocks })
}

#[test]
fn a_claimed_lead() {
    assert_json_snapshot!(picture(&card(&claimed())));
}

#[test]
fn a_resolved_lead_keeps_its_story_and_has_a_menu() {
    let resolved = Card {
        state: State::Resolved,
        status: "Resolved as won by Dana Okafor".to_owned(),
        due: None,
        first_response: Some(at("2026-11-24T09:30:00Z")),
        media: Vec::new(),
        reasons: Vec::new(),
        banners: Vec::new(),
        actions: vec![action("reopen", "Reopen", false, Emphasis::Normal)],
        ..claimed()
    };
    assert_json_snapshot!(picture(&card(&resolved)));
}

#[test]
fn a_confidential_lead_elsewhere() {
    let stub = Card {
        author: None,
        url: None,
        media: Vec::new(),
        turns: Vec::new(),
        reasons: Vec::new(),
        banners: Vec::new(),
        actions: Vec::new(),
        stub: true,
        ..claimed()
    };
    assert_json_snapshot!(picture(&card(&stub)));
}

fn row(lead: u64, text: &str, said: &str) -> Row {
    Row {
        lead: Some(LeadId(lead)),
        text: text.to_owned(),
        said: Some(said.into()),
        at: Some(at("2026-11-24T10:00:00Z")),
    }
}

#[test]
fn a_line_of_history() {
    let row = row(
        142,
        "Dana Okafor answered in public",
        "Thank you <3\nWe send a new one.",
    );
    assert_json_snapshot!(picture(&line(&row)));
}

#[test]
fn an_answer_to_a_command() {
    let mut answer = Notice::new(Tone::Plain, "Support: 2 open. `/claim L-142` takes one.");
    answer.rows = vec![
        row(
            142,
            "high · waiting 3 h · unclaimed",
            "@mara: <!here> where is it",
        ),
        row(150, "unclaimed", "@lou: hi"),
        Row {
            lead: None,
            text: "Offered to Support:".to_owned(),
            said: None,
            at: None,
        },
    ];
    assert_json_snapshot!(picture(&notice(&answer)));
}

#[test]
fn a_private_word() {
    assert_json_snapshot!(picture(&told(
        Some(LeadId(142)),
        "L-142 was taken over by Lee Park: “I know her”"
    )));
}

#[test]
fn a_morning_summary() {
    let digest_of = Digest {
        department: DepartmentId::new("support"),
        department_name: "Support & Care".to_owned(),
        day: date(2026, 11, 24),
        open_by_age: [3, 0, 2, 0, 1],
        oldest: vec![row(9, "waiting 3 d · unclaimed", "@mara: still nothing")],
        breached: vec![LeadId(9), LeadId(12)],
        stale_claims: Vec::new(),
        open_hand_offs: Vec::new(),
        yesterday: Figures {
            mentions: 40,
            leads: 12,
            replies: 11,
            resolved: 9,
            won: 3,
            breaches: 1,
            handed_on: 2,
            first_responses: [5, 3, 0, 0, 1, 0],
        },
        unexamined: 4,
    };
    let chart = ["F0123456789", "Open leads", "Six open leads: three of today"].map(str::to_owned);
    let [file, title, alt] = chart;
    assert_json_snapshot!(picture(&digest(&digest_of, &[(file, title, alt)])));
}

#[test]
fn the_form_of_a_reply_with_its_preview() {
    let form = Form {
        command: "reply".to_owned(),
        lead: LeadId(142),
        title: "Answer L-142 in public on X".to_owned(),
        submit: "Send to the public".to_owned(),
        key: "form:k1".to_owned(),
        seen: 6,
        quote: Some("<!channel> where is it?".into()),
        guidelines: vec![
            "Say what happens next.".to_owned(),
            "No promises about money.".to_owned(),
        ],
        fields: vec![
            Field::Text {
                name: "text".to_owned(),
                label: "Your public reply".to_owned(),
                value: "We have found it".to_owned(),
                required: true,
                multiline: true,
                limit: Some(20),
                counting: Counting::Weighted,
                hint: "The reply, word for word as the public will read it".to_owned(),
            },
            Field::Choice {
                name: "tone".to_owned(),
                label: "Tone".to_owned(),
                value: "warm".to_owned(),
                required: false,
                options: vec![
                    ("warm".to_owned(), "Warm".to_owned()),
                    ("dry".to_owned(), "".to_owned()),
                ],
            },
        ],
    };
    let state = FormState {
        channel: Some("C0614TZR7".to_owned()),
        message: Some("1795526400.000100".to_owned()),
        response_url: None,
        preview: Some("We have found it: <3 & *sorry*".to_owned()),
    };
    let view = modal(&form, &state);
    limits::view(&view);
    assert_json_snapshot!(view);
}

#[test]
fn the_home_of_a_member() {
    let lead = |number, owner: Option<&str>| Summary {
        lead: LeadId(number),
        priority: Priority::Urgent,
        said: "@mara: <!here> where is my parcel".into(),
        network: NetworkId::new("x"),
        department_name: "Support & Care".to_owned(),
        owner_name: owner.map(str::to_owned),
        due: Some(at("2026-11-24T13:00:00Z")),
        breached: owner.is_none(),
        actions: vec![action("claim", "Claim", false, Emphasis::Primary)],
    };
    let home_of = Home {
        breaching: vec![lead(9, None)],
        mine: Vec::new(),
        queues: vec![Waiting {
            department: DepartmentId::new("support"),
            department_name: "Support & Care".to_owned(),
            leads: vec![lead(9, None), lead(12, Some("Lee Park"))],
            open: 31,
        }],
    };
    let view = home(&home_of);
    limits::view(&view);
    assert_json_snapshot!(view);
}

#[test]
fn a_card_with_too_much_on_it_loses_its_oldest_turns_and_keeps_its_buttons() {
    let turn = |number: u32| Turn {
        at: at("2026-11-24T09:00:00Z"),
        author: Some("Mara".into()),
        text: format!("turn {number} {}", "“&” \"<\"\n".repeat(2_000))
            .as_str()
            .into(),
        url: None,
    };
    let full = Card {
        turns: (1..=30).map(turn).collect(),
        earlier: 5,
        banners: vec![claimed().banners[0].clone(); 3],
        ..claimed()
    };
    let message = card(&full);
    limits::message(&message);
    let shown = json!(message.blocks).to_string();
    let turns: Vec<u32> = (1..=30)
        .filter(|number| shown.contains(&format!("turn {number} ")))
        .collect();
    assert_eq!(turns.last(), Some(&30));
    let oldest = turns[0];
    assert_eq!(
        turns,
        (oldest..=30).collect::<Vec<_>>(),
        "no hole in the conversation"
    );
    assert!(turns.len() >= 3 && turns.len() < 12, "{turns:?}");
    assert!(
        shown.contains(&format!("{} earlier messages", 5 + oldest - 1)),
        "{oldest}"
    );
    for action in &full.actions {
        assert!(
            shown.contains(&format!("do:{}", action.command)),
            "{}",
            action.command
        );
    }
    assert!(
        json!(message.blocks).to_string().encode_utf16().count() > 10_500,
        "the room is used"
    );
}
