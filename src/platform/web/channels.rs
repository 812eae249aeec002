//! The list of channels as one member sees it: the member's own departments first, with what waits and what is unread.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::access::{department_channels, may_read, private};
use super::failure::{Answered, Failure};
use super::room::{Room, Shared, reading};
use super::session::Who;
use crate::domain::company::{Company, Department, Role};
use crate::domain::decide::span;
use crate::domain::ids::{Channel, MemberId, MessageRef};
use crate::domain::lead::State as LeadState;
use crate::port::store::Queue;

/// Counts go no further; the page shows `99+`.
const COUNTED: usize = 100;

#[derive(Serialize)]
struct Listed {
    name: String,
    title: String,
    topic: String,
    private: bool,
    /// The member has a role in it.
    mine: bool,
    role: Option<Role>,
    confidential: bool,
    /// Confidential, and not for this member.
    locked: bool,
    unread: usize,
    /// Open leads without an owner, and those whose author has waited too long.
    waiting: usize,
    breaching: usize,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    /// What this browser has read so far: a JSON object of channel names and message names.
    #[serde(default)]
    read: String,
}

pub(super) async fn channels(
    State(room): State<Shared>,
    who: Who,
    Query(asked): Query<Asked>,
) -> Answered<Json<Value>> {
    let read: HashMap<String, MessageRef> = match asked.read.as_str() {
        "" => HashMap::new(),
        text => serde_json::from_str(text)
            .map_err(|_| Failure::bad("“read” is a JSON object of channels and message names."))?,
    };
    reading(&room, move |room| {
        let channels = list(room, &who.member, &read)?;
        Ok(Json(json!({ "now": room.front.now(), "channels": channels })))
    })
    .await
}

fn list(room: &Room, who: &MemberId, read: &HashMap<String, MessageRef>) -> Answered<Vec<Listed>> {
    let company = room.front.company();
    let mut listed = Vec::new();
    for (channel, departments) in department_channels(&company) {
        listed.push(of_departments(room, &company, who, read, &channel, &departments)?);
    }
    listed.sort_by(|one, other| (!one.mine, &one.title).cmp(&(!other.mine, &other.title)));
    let channel = private(who);
    listed.push(Listed {
        unread: unread(room, &channel, read)?,
        name: channel.name,
        title: "Notices".into(),
        topic: "What Switchboard tells only you".into(),
        private: true,
        mine: true,
        role: None,
        confidential: false,
        locked: false,
        waiting: 0,
        breaching: 0,
    });
    Ok(listed)
}

fn of_departments(
    room: &Room,
    company: &Company,
    who: &MemberId,
    read: &HashMap<String, MessageRef>,
    channel: &Channel,
    departments: &[&Department],
) -> Answered<Listed> {
    let locked = !may_read(company, departments, who);
    let (mut waiting, mut breaching) = (0, 0);
    for department in departments.iter().filter(|_| !locked) {
        let queue = Queue::Department(department.id.clone());
        for lead in room.front.store().queue(&queue, COUNTED)? {
            waiting += usize::from(lead.state() == LeadState::Waiting);
            breaching += usize::from(lead.clock.breached && lead.clock.waiting_since.is_some());
        }
    }
    Ok(Listed {
        name: channel.name.clone(),
        title: title(channel, departments),
        topic: topic(departments),
        private: false,
        mine: departments
            .iter()
            .any(|department| department.role(who).is_some()),
        role: departments
            .iter()
            .filter_map(|department| company.role(&department.id, who))
            .max(),
        confidential: departments.iter().any(|department| department.confidential),
        locked,
        unread: if locked { 0 } else { unread(room, channel, read)? },
        waiting,
        breaching,
    })
}

fn unread(room: &Room, channel: &Channel, read: &HashMap<String, MessageRef>) -> Answered<usize> {
    let after = read.get(&channel.name);
    Ok(room.front.store().messages_after(channel, after, COUNTED)?)
}

/// The departments' names; where one of them has several channels, the channel's own name tells them apart.
fn title(channel: &Channel, departments: &[&Department]) -> String {
    let names: Vec<&str> = departments
        .iter()
        .map(|department| department.name.as_str())
        .collect();
    let names = names.join(", ");
    let has_several = departments.iter().any(|department| {
        let on_the_board = department
            .channels
            .iter()
            .filter(|other| other.platform == channel.platform);
        on_the_board.count() > 1
    });
    if has_several {
        format!("{names} · {}", channel.name)
    } else {
        names
    }
}

/// What newcomers ask first: how fast are answers promised here?
fn topic(departments: &[&Department]) -> String {
    let Some(department) = departments.first() else {
        return String::new();
    };
    let promised: Vec<String> = department
        .targets
        .iter()
        .map(|(priority, target)| format!("{} {}", priority.word(), span(*target)))
        .collect();
    if promised.is_empty() {
        "No response targets".into()
    } else {
        format!("First answer within: {}", promised.join(" · "))
    }
}
