//! Bodies as people meet them, whole: what changes here changes on everybody's screen.

use insta::assert_json_snapshot;
use jiff::Timestamp;
use serde_json::json;

use crate::command::{Catalogue, CommandOption, OptionKind};
use crate::domain::capability::Counting;
use crate::domain::card::{Action, Banner, Card, Emphasis, Turn};
use crate::domain::form::{Field, Form};
use crate::domain::ids::LeadId;
use crate::domain::lead::{Priority, State};
use crate::domain::mention::{Author, Media, MentionKind};
use crate::domain::notice::{Notice, Row, Tone};
use crate::platform::discord::render::{card, form, notice, thread};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn action(command: &str, label: &str, emphasis: Emphasis) -> Action {
    Action {
        command: command.to_owned(),
        label: label.to_owned(),
        form: false,
        emphasis,
    }
}

/// A card that is claimed, escalated and late.
fn claimed() -> Card {
    Card {
        lead: LeadId(142),
        version: 3,
        department: "support".into(),
        department_name: "Customer Support".to_owned(),
        state: State::Claimed,
        status: "Claimed by Dana Okafor".to_owned(),
        priority: Priority::Urgent,
        tags: vec!["parcel".to_owned(), "angry_customer".to_owned()],
        network: "mastodon".into(),
        kind: MentionKind::Comment,
        opened: at(1_000),
        owner: Some("dana".into()),
        owner_name: Some("Dana Okafor".to_owned()),
        due: Some(at(2_000)),
        breached: true,
        first_response: None,
        author: Some(Author {
            id: "1".to_owned(),
            handle: "@mara@social.example".into(),
            name: "Mara *loud* Lind".into(),
            followers: Some(12_400),
            verified: true,
            url: Some("https://social.example/@mara".to_owned()),
        }),
        url: Some("https://social.example/@mara/1".to_owned()),
        media: vec![Media {
            url: "https://social.example/broken.png".to_owned(),
            description: "A torn parcel".into(),
        }],
        turns: vec![
            Turn {
                at: at(1_000),
                author: Some("@mara".into()),
                text: "Where is my parcel?\n@everyone".into(),
                url: None,
            },
            Turn {
                at: at(1_100),
                author: None,
                text: "We are looking.".into(),
                url: None,
            },
            Turn {
                at: at(1_200),
                author: Some("@mara".into()),
                text: "[here](https://evil.example)".into(),
                url: None,
            },
        ],
        earlier: 2,
        mentions: 4,
        duplicates: 0,
        reasons: vec!["rule “parcels”: the word parcel".to_owned()],
        banners: vec![Banner {
            tone: Tone::Warning,
            text: "Dana Okafor offers this to Press (2 min ago)".to_owned(),
            lines: vec!["It spreads.".to_owned()],
        }],
        actions: vec![
            action("reply", "Reply", Emphasis::Primary),
            action("note", "Note", Emphasis::Normal),
            action("hand-off", "Hand off", Emphasis::Normal),
            action("snooze", "Snooze", Emphasis::Normal),
            action("escalate", "Escalate", Emphasis::Danger),
            action("resolve", "Resolve", Emphasis::Normal),
        ],
        stub: false,
    }
}

#[test]
fn a_claimed_card_shows_the_conversation_what_is_due_and_what_can_be_done() {
    assert_json_snapshot!(card::card(&claimed()));
}

#[test]
fn a_resolved_card_keeps_its_story_and_has_no_buttons() {
    let resolved = Card {
        state: State::Resolved,
        status: "Resolved as won by Lee".to_owned(),
        due: None,
        breached: false,
        first_response: Some(at(1_500)),
        banners: Vec::new(),
        actions: vec![action("reopen", "Reopen", Emphasis::Normal)],
        ..claimed()
    };
    assert_json_snapshot!(card::card(&resolved));
}

#[test]
fn a_stub_says_that_there_is_something_and_nothing_of_it() {
    assert_json_snapshot!(card::card(&Card {
        stub: true,
        ..claimed()
    }));
}

#[test]
fn what_must_be_chosen_is_asked_before_the_modal_and_rides_in_it() {
    assert_json_snapshot!(form::steps(&hand_off()));
    let picked = form::pick(
        "pick|hand-off|L-142|7|form:1106298301283012608|0",
        &["pr".to_owned()],
    )
    .unwrap();
    let again = Form {
        seen: 9,
        key: "form:2".to_owned(),
        ..hand_off()
    };
    let modal = form::modal(&picked.complete(again));
    assert_eq!(
        modal["custom_id"],
        "fill|hand-off|L-142|7|form:1106298301283012608|department=pr"
    );
    let filled = form::read(
        modal["custom_id"].as_str().unwrap(),
        &json!([{ "type": 1, "components": [{ "type": 4, "custom_id": "summary", "value": "A journalist asks." }] }]),
    );
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        filled.unwrap().fields,
        [pair("department", "pr"), pair("summary", "A journalist asks.")]
    );
}

#[test]
fn a_reply_opens_with_the_guidelines_and_the_text_that_was_kept() {
    assert_json_snapshot!(form::modal(&reply()));
    assert_json_snapshot!(form::preview(&reply()));
}

#[test]
fn a_refusal_says_why_and_offers_the_form_again() {
    let row = Row {
        lead: Some(LeadId(9)),
        text: "Waiting".to_owned(),
        said: Some("**look** at\nthis".into()),
        at: Some(at(60)),
    };
    let refused = Notice {
        tone: Tone::Refused,
        text: "Mara wrote again since you opened the form; `/show L-142` tells all.".to_owned(),
        rows: vec![row.clone()],
        earlier: None,
        field: None,
    };
    assert_json_snapshot!(notice::refused(&refused, "reply", LeadId(142)));
    assert_json_snapshot!(thread::line(&row));
}

#[test]
fn a_long_story_keeps_its_end_and_says_how_much_came_before() {
    let row = |number| Row {
        lead: None,
        text: format!(
            "entry number {number} · {}",
            "a colleague wrote a note ".repeat(8)
        ),
        said: Some("Where is my parcel?".into()),
        at: None,
    };
    let mut story = Notice::new(Tone::Plain, "L-142 · Support");
    story.rows = (70..120).map(row).collect();
    story.earlier = Some(70);
    let body = notice::notice(&story);
    let shown = body["embeds"][0]["description"].as_str().unwrap();
    let listed = shown.matches("entry number").count();
    assert!((10..50).contains(&listed), "{listed}");
    assert!(
        shown.lines().last().unwrap().starts_with("entry number 119"),
        "{shown}"
    );
    let missing = format!("… {} earlier entries are not shown", 120 - listed);
    assert_eq!(shown.lines().nth(1), Some(missing.as_str()));
    let oldest = format!("entry number {} ", 120 - listed);
    assert!(shown.lines().nth(2).unwrap().starts_with(&oldest), "{shown}");

    story.rows.truncate(3);
    story.earlier = Some(0);
    let body = notice::notice(&story);
    let whole = body["embeds"][0]["description"].as_str().unwrap();
    assert!(!whole.contains("not shown"), "{whole}");
}

/// A modal holds five inputs, and what must be chosen is asked once before it.
#[test]
fn every_command_that_ships_fits_a_modal() {
    for command in Catalogue::builtin().commands() {
        let listed = |option: &&CommandOption| {
            use OptionKind::{Choice, Department, Member, Outcome};
            matches!(option.kind, Member | Department | Outcome | Choice)
        };
        let chosen = command.options.iter().filter(listed).count();
        let asked = command
            .options
            .iter()
            .filter(|option| option.name != "lead")
            .count();
        assert!(chosen <= 1 && asked <= 5, "{}", command.name);
    }
}

#[test]
fn ids_of_others_are_not_ours() {
    for id in [
        "",
        "do|",
        "do|claim",
        "do|claim|x",
        "fill|reply",
        "pick|a|L-1|2",
        "open|reply|L-1|2",
        "v1|claim|L-1",
        "do|claim|L-1|x",
    ] {
        assert_eq!(card::read_click(id), None, "{id}");
        assert_eq!(form::read(id, &json!([])), None, "{id}");
        assert_eq!(form::pick(id, &["a".to_owned()]), None, "{id}");
    }
    assert_eq!(form::read("fill|reply|L-1|2|k", &json!("nonsense")), None);
    assert_eq!(form::pick("pick|reply|L-1|2|k|0", &[]), None);
}

fn reply() -> Form {
    Form {
        command: "reply".to_owned(),
        lead: LeadId(142),
        title: "Answer L-142 in public on Mastodon".to_owned(),
        submit: "Send to the public".to_owned(),
        key: "form:1106298301283012608".to_owned(),
        seen: 7,
        quote: Some("Where is my *parcel*?".into()),
        guidelines: vec![
            "Say sorry first".to_owned(),
            "No order numbers in public".to_owned(),
        ],
        fields: vec![Field::Text {
            name: "text".to_owned(),
            label: "Your public reply".to_owned(),
            value: "Kept from before".to_owned(),
            required: true,
            multiline: true,
            limit: Some(500),
            counting: Counting::GraphemesShortLinks,
            hint: "The reply, word for word".to_owned(),
        }],
    }
}

fn hand_off() -> Form {
    let mut form = reply();
    form.command = "hand-off".to_owned();
    form.title = "Offer L-142 to another department".to_owned();
    form.guidelines = Vec::new();
    form.fields = vec![
        Field::Choice {
            name: "department".to_owned(),
            label: "Department".to_owned(),
            value: String::new(),
            required: true,
            options: vec![
                ("pr".to_owned(), "Press".to_owned()),
                ("legal".to_owned(), "Legal".to_owned()),
            ],
        },
        Field::Text {
            name: "summary".to_owned(),
            label: "Summary".to_owned(),
            value: String::new(),
            required: true,
            multiline: true,
            limit: None,
            counting: Counting::Characters,
            hint: "What it is about, in a sentence or two".to_owned(),
        },
    ];
    form
}
