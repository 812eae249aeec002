//! What the web board's tests show: a small company, its cards and its forms.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use switchboard::domain::capability::Counting;
use switchboard::domain::card::{Action, Card, Emphasis, Turn};
use switchboard::domain::company::{Company, Department, Member, Role};
use switchboard::domain::form::{Field, Form};
use switchboard::domain::ids::{Channel, DepartmentId, LeadId, MemberId};
use switchboard::domain::lead::{Priority, State};
use switchboard::domain::mention::{Author, MentionKind, PublicText};

pub fn company() -> Company {
    let member = |id: &str, name: &str| {
        let member = Member {
            id: id.into(),
            name: name.into(),
            identities: BTreeMap::new(),
            away: None,
        };
        (MemberId::from(id), member)
    };
    let department = |id: &str, name: &str, confidential: bool, roles: &[(&str, Role)]| {
        let department = Department {
            id: id.into(),
            name: name.into(),
            channels: vec![Channel::new("web", id)],
            roles: roles.iter().map(|(id, role)| ((*id).into(), *role)).collect(),
            calendar: Default::default(),
            targets: [
                (Priority::Urgent, SignedDuration::from_mins(15)),
                (Priority::Normal, SignedDuration::from_hours(4)),
            ]
            .into(),
            lease: None,
            hand_off_timeout: SignedDuration::from_mins(30),
            ladder: Vec::new(),
            digest_at: None,
            guidelines: Vec::new(),
            confidential,
            ..Department::default()
        };
        (DepartmentId::from(id), department)
    };
    Company {
        name: "Harbour & Finch".into(),
        departments: [
            department(
                "support",
                "Customer Service",
                false,
                &[("dana", Role::Lead), ("lee", Role::Agent)],
            ),
            department(
                "marketing",
                "Marketing",
                false,
                &[("mo", Role::Lead), ("dana", Role::Viewer)],
            ),
            department("sales", "Sales", false, &[("lee", Role::Agent)]),
            department("pr", "Press and PR", false, &[("mo", Role::Agent)]),
            department("hr", "People (HR)", true, &[("hana", Role::Lead)]),
        ]
        .into(),
        members: [
            member("dana", "Dana Okafor"),
            member("lee", "Lee Marchetti"),
            member("mo", "Mo Lindqvist"),
            member("hana", "Hana Sato"),
        ]
        .into(),
        accounts: Vec::new(),
        admins: Vec::new(),
        fallback: None,
        ..Company::default()
    }
}

pub fn action(command: &str, label: &str, form: bool, emphasis: Emphasis) -> Action {
    Action {
        command: command.into(),
        label: label.into(),
        form,
        emphasis,
    }
}

/// A waiting lead of `department` that says `text`.
pub fn card(lead: u64, department: &str, text: &str, opened: Timestamp) -> Card {
    Card {
        lead: LeadId(lead),
        version: 1,
        department: department.into(),
        department_name: company().department_name(&department.into()).to_owned(),
        state: State::Waiting,
        status: "Waiting for an owner".into(),
        priority: Priority::Normal,
        tags: vec!["parcel".into()],
        network: "mastodon".into(),
        kind: MentionKind::Mention,
        opened,
        owner: None,
        owner_name: None,
        due: Some(opened + SignedDuration::from_hours(1)),
        breached: false,
        first_response: None,
        author: Some(Author {
            id: "1".into(),
            handle: "mara@social.example".into(),
            name: "Mara Lindt".into(),
            followers: Some(12_430),
            verified: true,
            url: Some("https://social.example/@mara".into()),
        }),
        url: Some("https://social.example/@mara/1".into()),
        media: Vec::new(),
        turns: vec![Turn {
            at: opened,
            author: Some("mara@social.example".into()),
            text: text.into(),
            url: Some("https://social.example/@mara/1".into()),
        }],
        earlier: 0,
        mentions: 1,
        duplicates: 0,
        reasons: vec!["route 3 “parcels”: the word “parcel”".into()],
        banners: Vec::new(),
        actions: vec![
            action("claim", "Claim", false, Emphasis::Primary),
            action("assign", "Assign", true, Emphasis::Normal),
            action("hand-off", "Hand off", true, Emphasis::Normal),
            action("resolve", "Resolve", true, Emphasis::Normal),
        ],
        stub: false,
    }
}

pub fn reply_form(lead: LeadId, card: Option<Card>) -> Form {
    Form {
        command: "reply".into(),
        lead,
        title: format!("Reply to {lead} in public"),
        submit: "Send to the public".into(),
        key: format!("reply-{lead}"),
        seen: 2,
        quote: card.and_then(|card| card.turns.last().map(|turn| turn.text.clone())),
        guidelines: vec![
            "Sign with your first name.".into(),
            "Never ask for an order number in public.".into(),
        ],
        fields: vec![Field::Text {
            name: "text".into(),
            label: "Your public reply".into(),
            value: String::new(),
            required: true,
            multiline: true,
            limit: Some(500),
            counting: Counting::GraphemesShortLinks,
            hint: String::new(),
        }],
    }
}

pub fn hand_off_form(lead: LeadId) -> Form {
    let text = |name: &str, label: &str, required: bool| Field::Text {
        name: name.into(),
        label: label.into(),
        value: String::new(),
        required,
        multiline: name == "summary",
        limit: None,
        counting: Counting::Characters,
        hint: String::new(),
    };
    Form {
        command: "hand-off".into(),
        lead,
        title: format!("Hand off {lead}"),
        submit: "Offer it".into(),
        key: format!("hand-off-{lead}"),
        seen: 1,
        quote: Some(PublicText::new("Where is my parcel?")),
        guidelines: Vec::new(),
        fields: vec![
            Field::Choice {
                name: "to".into(),
                label: "To which department?".into(),
                value: String::new(),
                required: true,
                options: vec![
                    ("marketing".into(), "Marketing".into()),
                    ("sales".into(), "Sales".into()),
                ],
            },
            text("summary", "What they need to know", true),
            text("promised", "What we promised", false),
        ],
    }
}
