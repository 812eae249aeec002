//! Who works where, as Slack knows it: user groups, and channels whose members are meant. Asked for at the start and every five
//! minutes; events of Slack's may ask for it sooner. Keeps names for an hour, and no roles: those are the domain's.
//!
//! <https://docs.slack.dev/reference/methods/usergroups.list>,
//! <https://docs.slack.dev/reference/methods/conversations.members>, <https://docs.slack.dev/reference/methods/users.info>

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::advice::{Advice, advise};
use super::client::Failure;
use super::staff::colleague;
use super::{PLATFORM, Slack};
use crate::domain::event::Event;
use crate::domain::staff::{Group, Membership, Person};
use crate::port::front_desk::FrontDesk;

/// Well under the time for which the domain believes what it was told.
const EVERY: Duration = Duration::from_secs(5 * 60);

/// How long changes are gathered before Slack is asked.
const GATHERED: Duration = Duration::from_secs(5);

/// How long a person's name and standing are taken as they were.
const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(1);

/// How often one question is asked again when Slack wants it slower.
const PATIENCE: u32 = 5;

/// A page of channel members.
const PAGE: &str = "200";

/// What Slack last said of each user, and when; none for somebody who is not one of the company's own people.
#[derive(Default)]
pub(super) struct People(Mutex<BTreeMap<String, (Option<Person>, Timestamp)>>);

/// Keeps the desk told of who works where, and administrators of what is in the way.
pub struct Members {
    slack: Arc<Slack>,
    front: Arc<dyn FrontDesk>,
    /// Told already, and still so.
    told: BTreeSet<String>,
}

impl Members {
    pub fn new(slack: Arc<Slack>, front: Arc<dyn FrontDesk>) -> Self {
        let told = BTreeSet::new();
        Self { slack, front, told }
    }

    /// Until it is stopped.
    pub async fn keep(mut self, stop: CancellationToken) {
        loop {
            let slack = Arc::clone(&self.slack);
            let round = async {
                self.round().await;
                // Slack says of each change that there was one; a moment's patience gathers those that come together.
                tokio::select! {
                    () = tokio::time::sleep(EVERY) => {}
                    () = slack.groups_changed.notified() => tokio::time::sleep(GATHERED).await,
                }
            };
            tokio::select! {
                () = round => {}
                () = stop.cancelled() => return,
            }
        }
    }

    /// Asks Slack once. Trouble that lasts is told to administrators once, and again when it comes back.
    pub async fn round(&mut self) {
        let mut lasting = BTreeSet::new();
        for trouble in self
            .slack
            .refresh(self.front.as_ref())
            .await
            .err()
            .unwrap_or_default()
        {
            tracing::warn!("Slack’s groups: {}", trouble.what);
            if trouble.lasting {
                lasting.insert(format!("{}. What to do: {}.", trouble.what, trouble.todo));
            }
        }
        self.told.retain(|text| lasting.contains(text));
        for text in lasting {
            if !self.told.contains(&text)
                && self
                    .front
                    .submit(vec![Event::TroubleFound { text: text.clone() }])
                    .await
                    .is_ok()
            {
                self.told.insert(text);
            }
        }
    }
}

impl Slack {
    /// Asks Slack for the people of every group that gives a role, and tells the desk. A group that cannot be read stays as
    /// it was, and grows old.
    pub(super) async fn refresh(&self, front: &dyn FrontDesk) -> Result<(), Vec<Advice>> {
        let company = front.company();
        let groups: BTreeSet<Group> = company
            .groups()
            .filter(|group| group.platform.as_str() == PLATFORM)
            .cloned()
            .collect();
        if groups.is_empty() {
            return Ok(());
        }
        let whole = |failure: Failure| vec![advise("auth.test", "Slack", &failure)];
        let home = self.workspace().await.map_err(whole)?.team.clone();
        let mut troubles = Vec::new();
        let (user_groups, channels): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| group.name.starts_with('S'));
        if let Some(first) = user_groups.first() {
            match self.user_groups().await {
                Ok(listed) => {
                    for group in user_groups {
                        let ids = listed.get(&group.name);
                        if ids.is_none() {
                            troubles.push(no_such_group(&group));
                        }
                        // A group that is gone has nobody in it any more.
                        let ids = ids.cloned().unwrap_or_default();
                        self.tell(front, group, &ids, &home, &mut troubles).await;
                    }
                }
                Err(failure) => troubles.push(advise("usergroups.list", &first.to_string(), &failure)),
            }
        }
        for group in channels {
            match self.channel_members(&group.name).await {
                Ok(ids) => self.tell(front, group, &ids, &home, &mut troubles).await,
                Err(failure) => {
                    troubles.push(advise("conversations.members", &group.to_string(), &failure));
                }
            }
        }
        match troubles.is_empty() {
            true => Ok(()),
            false => Err(troubles),
        }
    }

    /// A group is told whole or not at all: half of its people would take the other half's role away.
    async fn tell(
        &self,
        front: &dyn FrontDesk,
        group: Group,
        ids: &[String],
        home: &str,
        troubles: &mut Vec<Advice>,
    ) {
        let mut people = Vec::new();
        for id in ids {
            match self.person(id, home).await {
                Ok(person) => people.extend(person),
                Err(failure) => {
                    troubles.push(advise("users.info", &group.to_string(), &failure));
                    return;
                }
            }
        }
        front.learn(Membership::Group { group, people });
    }

    /// Every user group that is in use, with its people's ids.
    pub(super) async fn user_groups(&self) -> Result<BTreeMap<String, Vec<String>>, Failure> {
        let answer = self
            .patiently("usergroups.list", &[("include_users", "true")])
            .await?;
        let groups = answer["usergroups"].as_array().into_iter().flatten();
        Ok(groups
            .filter(|group| group["date_delete"].as_i64().unwrap_or(0) == 0)
            .filter_map(|group| Some((group["id"].as_str()?.to_owned(), texts(&group["users"]))))
            .collect())
    }

    async fn channel_members(&self, channel: &str) -> Result<Vec<String>, Failure> {
        let mut ids = Vec::new();
        let mut cursor = String::new();
        loop {
            let mut query = vec![("channel", channel), ("limit", PAGE)];
            if !cursor.is_empty() {
                query.push(("cursor", &cursor));
            }
            let answer = self.patiently("conversations.members", &query).await?;
            ids.extend(texts(&answer["members"]));
            match answer["response_metadata"]["next_cursor"].as_str() {
                Some(next) if !next.is_empty() => cursor = next.to_owned(),
                _ => return Ok(ids),
            }
        }
    }

    /// None: not one of the company's own people, or nobody.
    async fn person(&self, id: &str, home: &str) -> Result<Option<Person>, Failure> {
        let now = (self.clock)();
        let known = self
            .people
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(id)
            .cloned();
        if let Some((person, at)) = known
            && at.duration_until(now) < KNOWN_FOR
        {
            return Ok(person);
        }
        let person = match self.patiently("users.info", &[("user", id)]).await {
            Ok(answer) => colleague(&answer["user"], home).ok(),
            Err(Failure::Refused(code)) if code == "user_not_found" || code == "user_not_visible" => None,
            Err(failure) => return Err(failure),
        };
        let mut known = self.people.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(id.to_owned(), (person.clone(), now));
        Ok(person)
    }

    /// A read; when Slack wants it slower, again after the time that it names.
    pub(super) async fn patiently(&self, method: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
        for _ in 0..PATIENCE {
            match self.client.get(method, query).await {
                Err(Failure::TooFast(wait)) => tokio::time::sleep(wait.unsigned_abs()).await,
                answer => return answer,
            }
        }
        self.client.get(method, query).await
    }
}

pub(super) fn no_such_group(group: &Group) -> Advice {
    Advice {
        what: format!("{group}: there is no such user group, or it was switched off"),
        todo: "copy the id, S…, from the group’s address in Slack’s People & user groups".to_owned(),
        lasting: true,
    }
}

fn texts(list: &Value) -> Vec<String> {
    let texts = list.as_array().into_iter().flatten();
    texts
        .filter_map(|text| text.as_str().map(str::to_owned))
        .collect()
}
