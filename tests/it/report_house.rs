//! A small company for the tests of reports: real decisions, kept in a real store, without desk or network.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use switchboard::domain::assessment::Assessment;
use switchboard::domain::calendar::Calendar;
use switchboard::domain::capability::{Capabilities, Counting};
use switchboard::domain::company::{Company, Department, Lease, Member, Role, Rung};
use switchboard::domain::decide::{View, decide};
use switchboard::domain::event::{Ask, Event, Verb};
use switchboard::domain::ids::{Channel, LeadId};
use switchboard::domain::lead::{Packet, Priority};
use switchboard::domain::mention::{Author, Mention, MentionKind};
use switchboard::domain::timeline::Entry;
use switchboard::port::store::{Commit, LeadChange, Store};
use switchboard::store::memory::MemoryStore;

/// A small company in which real decisions are made and kept, so that the reports read what really happens.
pub struct House {
    pub store: Arc<dyn Store>,
    pub company: Arc<Company>,
    pub now: Timestamp,
    conversations: HashMap<String, LeadId>,
    keys: u32,
}

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

pub fn department(id: &str, name: &str, roles: &[(&str, Role)]) -> Department {
    Department {
        id: id.into(),
        name: name.to_owned(),
        channels: vec![Channel::new("web", id)],
        roles: roles
            .iter()
            .map(|(member, role)| ((*member).into(), *role))
            .collect(),
        calendar: Calendar {
            zone: TimeZone::get("Europe/Berlin").expect("bundled zone"),
            ..Calendar::default()
        },
        targets: [
            (Priority::Urgent, SignedDuration::from_mins(15)),
            (Priority::Normal, SignedDuration::from_hours(1)),
        ]
        .into(),
        lease: Some(Lease {
            nudge_after: SignedDuration::from_hours(2),
            lapse_after: SignedDuration::from_hours(40),
        }),
        hand_off_timeout: SignedDuration::from_hours(1),
        ladder: Vec::new(),
        digest_at: Some(jiff::civil::time(9, 0, 0, 0)),
        guidelines: Vec::new(),
        confidential: false,
        ..Department::default()
    }
}

fn company() -> Company {
    use Role::{Agent, Lead, Viewer};
    let member = |id: &str, name: &str, away: Option<&str>| {
        let member = Member {
            id: id.into(),
            name: name.to_owned(),
            identities: Default::default(),
            away: away.map(str::to_owned),
        };
        (member.id.clone(), member)
    };
    let rung = |who: &str| Rung {
        tell: vec![who.into()],
        wait: SignedDuration::from_mins(30),
    };
    let mut support = department(
        "support",
        "Support",
        &[("dana", Agent), ("lee", Lead), ("kim", Viewer)],
    );
    support.ladder = vec![rung("lee"), rung("mo")];
    let sales = department("sales", "Sales", &[("mo", Agent)]);
    let mut hr = department("hr", "HR", &[("ida", Lead)]);
    hr.confidential = true;
    Company {
        name: "Acme".to_owned(),
        departments: [support, sales, hr]
            .map(|department| (department.id.clone(), department))
            .into(),
        members: [
            member("dana", "Dana Okafor", None),
            member("lee", "Lee Park", Some("Monday")),
            member("kim", "Kim Novak", None),
            member("mo", "Mo Haddad", None),
            member("ida", "Ida Berg", None),
        ]
        .into(),
        fallback: Some("support".into()),
        ..Company::default()
    }
}

fn assess(mention: &Mention) -> Assessment {
    let text = mention.text.as_written();
    let (department, word) = if text.contains("salary") {
        ("hr", "salary")
    } else if text.contains("offer") {
        ("sales", "offer")
    } else {
        ("support", "")
    };
    Assessment {
        department: department.into(),
        priority: if text.contains("urgent") {
            Priority::Urgent
        } else {
            Priority::Normal
        },
        tags: Vec::new(),
        watchers: Vec::new(),
        reasons: match word {
            "" => vec!["no route took it".to_owned()],
            word => vec![format!("route “{department}”: the word “{word}”")],
        },
    }
}

impl House {
    pub fn new() -> Self {
        Self::with(Arc::new(MemoryStore::default()))
    }

    pub fn with(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            company: Arc::new(company()),
            now: at("2026-11-24T08:00:00Z"),
            conversations: HashMap::new(),
            keys: 0,
        }
    }

    pub fn wait(&mut self, minutes: i64) {
        self.now += SignedDuration::from_mins(minutes);
    }

    /// Decides one event about one lead and keeps what comes of it; returns what the person is told.
    fn step(&mut self, event: &Event, lead: Option<LeadId>, conversation: &str) -> String {
        let before = lead.and_then(|lead| self.store.lead(lead).expect("a read"));
        let assessment = match event {
            Event::MentionReceived { mention, .. } => Some(assess(mention)),
            _ => None,
        };
        let next_lead = self.store.next_numbers().expect("a read").0;
        let view = View {
            company: &self.company,
            lead: before.as_ref(),
            next_lead,
            conversation,
            repeat: false,
            assessment: assessment.as_ref(),
            capabilities: &Capabilities {
                replies: true,
                text_limit: Some(500),
                counting: Counting::Characters,
                idempotent: true,
                reconciles: true,
                ..Capabilities::read_only()
            },
        };
        let decision = decide(&view, event, self.now).unwrap_or_else(|refusal| panic!("{refusal}"));
        let mut after = decision.lead;
        after.version += 1;
        let mut commit = Commit::default();
        for line in decision.lines {
            let entry = Entry::chained(
                &after.head,
                after.id,
                after.entries,
                line.at,
                line.by,
                line.via,
                line.what,
            );
            after.head.clone_from(&entry.hash);
            after.entries += 1;
            commit.entries.push((after.id, entry));
        }
        if before.is_none() {
            commit.next_lead = Some(LeadId(next_lead.0 + 1));
        }
        commit.leads.push(LeadChange { before, after });
        self.store.commit(&commit).expect("a commit");
        decision.answer
    }

    pub fn deadline(&mut self, lead: LeadId) {
        self.step(&Event::DeadlinePassed(lead), Some(lead), "");
    }

    /// One mention by this author, in a conversation of its own.
    pub fn mention(&mut self, handle: &str, text: &str) -> LeadId {
        self.keys += 1;
        let id = format!("m{}", self.keys);
        self.mention_in(handle, text, &id.clone(), &id)
    }

    pub fn mention_in(&mut self, handle: &str, text: &str, id: &str, conversation: &str) -> LeadId {
        let mention = Mention {
            connector: "scripted".into(),
            network: "mastodon".into(),
            id: id.to_owned(),
            kind: MentionKind::Mention,
            author: Author {
                id: format!("id-{handle}"),
                handle: handle.into(),
                ..Author::default()
            },
            text: text.into(),
            created: self.now,
            account: None,
            language: None,
            url: None,
            in_reply_to: None,
            conversation: Some(conversation.to_owned()),
            media: Vec::new(),
            rating: None,
            reply_target: None,
            own: handle == "acme",
        };
        let event = Event::MentionReceived {
            mention: Box::new(mention),
            backlog: false,
        };
        let known = self.conversations.get(conversation).copied();
        let answer = self.step(&event, known, conversation);
        let lead = answer.parse().expect("the lead's number");
        self.conversations.insert(conversation.to_owned(), lead);
        lead
    }

    pub fn ask(&mut self, who: &str, lead: LeadId, verb: Verb) {
        self.keys += 1;
        let ask = Ask {
            lead,
            by: who.into(),
            via: "web".into(),
            verb,
            key: format!("key-{}", self.keys),
        };
        self.step(&Event::Asked(ask), Some(lead), "");
    }

    pub fn offer(&mut self, who: &str, lead: LeadId, to: &str, summary: &str) {
        let packet = Packet {
            summary: summary.to_owned(),
            ..Packet::default()
        };
        let to = to.into();
        self.ask(who, lead, Verb::HandOff { to, packet });
    }
}
