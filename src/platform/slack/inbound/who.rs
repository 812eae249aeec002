//! Who a person is here: the member of staff behind a Slack id. People of other workspaces and guests see our cards in
//! shared channels and press their buttons; they are refused with words. What a member may do is the desk's business.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::door::Door;
use super::payload::By;
use crate::domain::ids::{MemberId, PlatformId};
use crate::domain::refusal::Refusal;
use crate::platform::slack::PLATFORM;
use crate::platform::slack::staff::colleague;

/// How long what Slack said of a person is believed, and of how many it is remembered.
const BELIEVED_FOR: SignedDuration = SignedDuration::from_mins(10);
const MOST: usize = 10_000;

/// A click's trigger lives three seconds; asking who clicked must leave time to open a form.
const ASKED_FOR: Duration = Duration::from_secs(1);

/// What Slack says of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    /// As colleagues know them; the id where Slack did not say.
    pub name: String,
    /// Why Slack does not count them among the company's own people, where it does not: `is a guest`.
    pub not_ours: Option<&'static str>,
}

#[derive(Default)]
pub(super) struct People(Mutex<HashMap<String, (Person, Timestamp)>>);

impl Door {
    /// The member of staff who did it, or why nobody is served.
    pub async fn member(&self, by: &By) -> Result<MemberId, Refusal> {
        self.at_home(&by.teams, by.enterprise.as_deref()).await?;
        let company = self.front.company();
        let Some(member) = company.member_of(&PlatformId::from(PLATFORM), &by.user) else {
            return Err(Refusal::because(format!(
                "Slack’s {} is not a member of staff here; an administrator adds people to the configuration, or to a \
                 department’s group in Slack.",
                match by.user.as_str() {
                    "" => "visitor",
                    user => user,
                }
            )));
        };
        if let Some(why) = self.person(&by.user).await.not_ours {
            return Err(Refusal::because(format!(
                "Slack says that {} {why}; only people of this company’s own workspace can work on leads.",
                member.name
            )));
        }
        Ok(member.id.clone())
    }

    /// Whether something happened in our own workspace. Where several are named, each must be ours.
    pub async fn at_home(&self, teams: &[String], enterprise: Option<&str>) -> Result<(), Refusal> {
        let home = match self.slack.workspace().await {
            Ok(workspace) => &workspace.team,
            Err(_) => {
                return Err(Refusal::because(
                    "Slack did not say which workspace this is, so nothing was done; try again in a moment.",
                ));
            }
        };
        let ours = !teams.is_empty() && teams.iter().all(|team| team == home);
        match ours || enterprise == Some(home) {
            true => Ok(()),
            false => Err(Refusal::because(
                "You are at home in another workspace; only people of this company’s own workspace can work on leads.",
            )),
        }
    }

    /// What Slack says of a person. Where it cannot be asked, the list of staff stands alone.
    pub async fn person(&self, user: &str) -> Person {
        let now = self.now();
        let known = self.people.known(user, now);
        if let Some(person) = known {
            return person;
        }
        let unknown = Person {
            name: user.to_owned(),
            not_ours: None,
        };
        let query = [("user", user)];
        let asked = self.slack.client.get("users.info", &query);
        let (Ok(workspace), Ok(Ok(answer))) = (
            self.slack.workspace().await,
            tokio::time::timeout(ASKED_FOR, asked).await,
        ) else {
            return unknown;
        };
        let user = &answer["user"];
        let names = [&user["real_name"], &user["profile"]["real_name"], &user["name"]];
        let name = names
            .into_iter()
            .filter_map(|name| name.as_str())
            .find(|name| !name.trim().is_empty());
        let person = Person {
            name: name.map_or(unknown.name, str::to_owned),
            not_ours: colleague(user, &workspace.team).err(),
        };
        let id = user["id"].as_str().unwrap_or_default();
        self.people.learn(id, person.clone(), now);
        person
    }
}

impl People {
    fn known(&self, user: &str, now: Timestamp) -> Option<Person> {
        let people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (person, asked) = people.get(user)?;
        (asked.duration_until(now) < BELIEVED_FOR).then(|| person.clone())
    }

    fn learn(&self, user: &str, person: Person, now: Timestamp) {
        let mut people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if people.len() >= MOST {
            people.clear();
        }
        people.insert(user.to_owned(), (person, now));
    }
}
