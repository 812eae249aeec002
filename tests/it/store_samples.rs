//! Samples for the store's suites: leads, entries, errands and messages as the desk would write them.

use jiff::{Span, Timestamp};
use switchboard::domain::effect::{Effect, Errand};
use switchboard::domain::ids::{Channel, ErrandId, LeadId, MessageRef};
use switchboard::domain::lead::{
    Claim, HandOff, Latest, Lead, Outcome, Packet, Priority, Resolution, ResponseClock,
};
use switchboard::domain::mention::{Author, Mention, MentionKind, PublicText};
use switchboard::domain::message::{Content, Message};
use switchboard::domain::timeline::{Actor, Entry, GENESIS, Happened};
use switchboard::port::store::{Commit, Conversation, LeadChange, Seen};

/// Some seconds into the story.
pub fn at(seconds: i64) -> Timestamp {
    let start: Timestamp = "2026-11-24T09:00:00Z".parse().unwrap();
    start.checked_add(Span::new().seconds(seconds)).unwrap()
}

/// An open, unclaimed lead of `support`, opened `id` seconds into the story.
pub fn lead(id: u64) -> Lead {
    let opened = at(id as i64);
    Lead {
        id: LeadId(id),
        version: 1,
        opened,
        connector: "birdsite".into(),
        network: "x".into(),
        account: Some("acme".into()),
        kind: MentionKind::Mention,
        conversation: format!("c{id}"),
        author: Some(author(id)),
        latest: Latest {
            id: format!("m{id}"),
            at: opened,
            excerpt: PublicText::new("My parcel has been lost for three weeks and nobody answers"),
            url: Some(format!("https://social.example/m{id}")),
            seq: 1,
            reply_target: None,
        },
        department: "support".into(),
        priority: Priority::Normal,
        tags: vec!["parcel".into()],
        watchers: Vec::new(),
        clock: ResponseClock {
            waiting_since: Some(opened),
            due: Some(at(id as i64 + 3600)),
            ..ResponseClock::default()
        },
        claim: None,
        hand_off: None,
        escalation: None,
        outgoing: None,
        snooze: None,
        resolution: None,
        last_turn: 1,
        mentions: 1,
        duplicates: 0,
        replies: 0,
        entries: 0,
        head: GENESIS.into(),
        drafts: Vec::new(),
        recent_keys: Vec::new(),
    }
}

pub fn author(number: u64) -> Author {
    Author {
        id: format!("a{number}"),
        handle: PublicText::new(format!("person{number}")),
        ..Author::default()
    }
}

pub fn mention(id: u64, text: &str) -> Mention {
    Mention {
        connector: "birdsite".into(),
        network: "x".into(),
        id: format!("m{id}"),
        kind: MentionKind::Mention,
        author: author(id),
        text: PublicText::new(text),
        created: at(id as i64),
        account: None,
        language: None,
        url: Some(format!("https://social.example/m{id}")),
        in_reply_to: None,
        conversation: None,
        media: Vec::new(),
        rating: None,
        reply_target: None,
        own: false,
    }
}

/// Chains what happened onto a lead's timeline, and lets the lead name its new head.
pub fn chain(lead: &mut Lead, happened: Vec<Happened>) -> Vec<(LeadId, Entry)> {
    let entries = happened.into_iter().map(|what| {
        let entry = Entry::chained(
            &lead.head,
            lead.id,
            lead.entries,
            lead.latest.at,
            Actor::Switchboard,
            None,
            what,
        );
        lead.entries += 1;
        lead.head.clone_from(&entry.hash);
        (lead.id, entry)
    });
    entries.collect()
}

/// Everything that the desk commits when a mention opens a lead.
pub fn opening(id: u64, text: &str) -> Commit {
    let mut lead = lead(id);
    let opened = Happened::Opened {
        department: lead.department.clone(),
        priority: lead.priority,
        reasons: vec!["route “parcels”: the text names a parcel".into()],
    };
    let received = Happened::MentionReceived {
        mention: Box::new(mention(id, text)),
    };
    let entries = chain(&mut lead, vec![opened, received]);
    let conversation = lead.conversation.clone();
    Commit {
        entries,
        seen: vec![(
            "x".into(),
            format!("m{id}"),
            Seen {
                conversation: conversation.clone(),
                lead: Some(lead.id),
            },
        )],
        conversations: vec![(
            "x".into(),
            conversation,
            Conversation {
                leads: vec![(format!("a{id}"), lead.id)],
            },
        )],
        errands: vec![card(id, id, "support")],
        next_lead: Some(LeadId(id + 1)),
        next_errand: Some(ErrandId(id + 1)),
        leads: vec![LeadChange {
            before: None,
            after: lead,
        }],
        ..Commit::default()
    }
}

/// The change from one state of a lead to its next version.
pub fn change(before: &Lead, change: impl FnOnce(&mut Lead)) -> LeadChange {
    let mut after = before.clone();
    after.version += 1;
    change(&mut after);
    LeadChange {
        before: Some(before.clone()),
        after,
    }
}

pub fn only_lead(change: LeadChange) -> Commit {
    Commit {
        leads: vec![change],
        ..Commit::default()
    }
}

pub fn claimed(by: &str) -> Option<Claim> {
    Some(Claim {
        by: by.into(),
        since: at(10),
        renewed: at(10),
        nudge_at: None,
        lapses_at: None,
    })
}

pub fn offered(to: &str) -> Option<HandOff> {
    Some(HandOff {
        to: to.into(),
        by: "dana".into(),
        packet: Packet::default(),
        offered: at(20),
        expires: at(7200),
    })
}

pub fn resolved() -> Option<Resolution> {
    Some(Resolution {
        outcome: Outcome::Answered,
        by: Some("dana".into()),
        at: at(30),
        duplicate_of: None,
    })
}

/// An errand that brings a lead's card in a channel of the board up to date.
pub fn card(id: u64, lead: u64, channel: &str) -> Errand {
    Errand {
        id: ErrandId(id),
        effect: Effect::SyncCard {
            lead: LeadId(lead),
            channel: Channel::new("web", channel),
        },
        created: at(id as i64),
        not_before: at(id as i64),
        attempts: 0,
        begun: false,
        dead: None,
    }
}

pub fn posted(channel: &str, message: &str, content: Content) -> Message {
    Message {
        channel: Channel::new("web", channel),
        message: MessageRef::new(message),
        posted: at(5),
        content,
    }
}
