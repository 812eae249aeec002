//! Who works where, as chat platforms know it: user groups, channels or roles whose people have a role in a department.
//! Pure: news comes in, a company with those people comes out. What the configuration says by name always stands.

use std::collections::BTreeMap;
use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::company::{Company, Member};
use super::ids::{MemberId, PlatformId};

/// How long what a platform said of its groups is believed where the public or a colleague's lead is concerned.
pub const BELIEVED_FOR: SignedDuration = SignedDuration::from_mins(20);

/// A group on a chat platform, written `slack/S0614TZR7`: Slack's user group or channel, Discord's role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Group {
    pub platform: PlatformId,
    /// The platform's own id for it.
    pub name: String,
}

impl fmt::Display for Group {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.platform, self.name)
    }
}

/// One person on a chat platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The platform's own id: `U012AB3CD`, a snowflake.
    pub id: String,
    pub name: String,
}

/// What a platform says of its groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Membership {
    /// All people of one group.
    Group { group: Group, people: Vec<Person> },
    /// All groups of one person.
    Person {
        platform: PlatformId,
        person: Person,
        groups: Vec<String>,
    },
}

/// What is known of each group: its people by the platform's id, each with a name and the time it was last said.
#[derive(Clone, Debug, Default)]
pub struct Staff {
    groups: BTreeMap<Group, BTreeMap<String, (String, Timestamp)>>,
}

impl Staff {
    /// Takes news in. True where somebody came, went, was renamed, or was last heard of more than a minute ago.
    pub fn learn(&mut self, news: Membership, company: &Company, now: Timestamp) -> bool {
        let mut changed = false;
        match news {
            Membership::Group { group, people } => {
                let known = self.groups.entry(group).or_default();
                let told: BTreeMap<_, _> = people
                    .into_iter()
                    .map(|person| (person.id, (person.name, now)))
                    .collect();
                changed |=
                    told.len() != known.len() || told.iter().any(|(id, said)| differs(known.get(id), said));
                *known = told;
            }
            Membership::Person {
                platform,
                person,
                groups,
            } => {
                for group in company.groups().filter(|group| group.platform == platform) {
                    let known = self.groups.entry(group.clone()).or_default();
                    if groups.contains(&group.name) {
                        let said = (person.name.clone(), now);
                        changed |= differs(known.get(&person.id), &said);
                        known.insert(person.id.clone(), said);
                    } else {
                        changed |= known.remove(&person.id).is_some();
                    }
                }
            }
        }
        changed
    }

    /// The company of the configuration with everybody whom the platforms named.
    pub fn with(&self, configured: &Company) -> Company {
        let mut company = configured.clone();
        for (group, people) in &self.groups {
            for (id, (name, said)) in people {
                let member = match configured.member_of(&group.platform, id) {
                    Some(known) => known.id.clone(),
                    None => {
                        let derived = derived_id(&group.platform, id);
                        company.members.entry(derived.clone()).or_insert_with(|| Member {
                            id: derived.clone(),
                            name: name.clone(),
                            identities: [(group.platform.clone(), id.clone())].into(),
                            away: None,
                        });
                        derived
                    }
                };
                for department in company.departments.values_mut() {
                    if let Some(role) = department.groups.get(group).copied() {
                        let heard = department.heard.entry(member.clone()).or_insert((role, *said));
                        *heard = (*heard).max((role, *said));
                    }
                }
            }
        }
        company
    }
}

fn differs(known: Option<&(String, Timestamp)>, said: &(String, Timestamp)) -> bool {
    known.is_none_or(|(name, at)| *name != said.0 || at.duration_until(said.1) > SignedDuration::from_mins(1))
}

/// The short name of somebody whom only a platform knows: `slack-u012ab3cd`.
pub fn derived_id(platform: &PlatformId, id: &str) -> MemberId {
    MemberId::new(format!("{platform}-{}", id.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::company::{Department, Role};

    fn group(name: &str) -> Group {
        Group {
            platform: "slack".into(),
            name: name.to_owned(),
        }
    }

    fn person(id: &str) -> Person {
        Person {
            id: id.to_owned(),
            name: format!("Person {id}"),
        }
    }

    fn company() -> Company {
        let dana = Member {
            id: "dana".into(),
            name: "Dana Okafor".to_owned(),
            identities: [("slack".into(), "U1".to_owned())].into(),
            away: None,
        };
        let support = Department {
            id: "support".into(),
            groups: [(group("S1"), Role::Agent), (group("S2"), Role::Lead)].into(),
            ..Department::default()
        };
        Company {
            members: [(dana.id.clone(), dana)].into(),
            departments: [(support.id.clone(), support)].into(),
            ..Company::default()
        }
    }

    #[test]
    fn people_of_a_group_have_its_role_and_lose_it_when_they_leave() {
        let configured = company();
        let mut staff = Staff::default();
        let now = Timestamp::UNIX_EPOCH;
        let support = "support".into();
        let news = |name, ids: &[&str]| Membership::Group {
            group: group(name),
            people: ids.iter().map(|id| person(id)).collect(),
        };
        assert!(staff.learn(news("S1", &["U1", "U2"]), &configured, now));
        assert!(staff.learn(news("S2", &["U2"]), &configured, now));
        let company = staff.with(&configured);
        assert_eq!(company.role(&support, &"dana".into()), Some(Role::Agent));
        assert_eq!(company.role(&support, &"slack-u2".into()), Some(Role::Lead));
        assert_eq!(company.name_of(&"slack-u2".into()), "Person U2");

        assert!(!staff.learn(news("S2", &["U2"]), &configured, now), "nothing new");
        assert!(staff.learn(news("S2", &[]), &configured, now));
        assert_eq!(
            staff.with(&configured).role(&support, &"slack-u2".into()),
            Some(Role::Agent)
        );
        let gone = Membership::Person {
            platform: "slack".into(),
            person: person("U2"),
            groups: Vec::new(),
        };
        assert!(staff.learn(gone, &configured, now));
        assert_eq!(staff.with(&configured).role(&support, &"slack-u2".into()), None);
    }

    #[test]
    fn what_was_heard_long_ago_is_known_to_be_old() {
        let configured = company();
        let mut staff = Staff::default();
        let then = Timestamp::UNIX_EPOCH;
        let news = Membership::Group {
            group: group("S1"),
            people: vec![person("U1")],
        };
        staff.learn(news, &configured, then);
        let company = staff.with(&configured);
        let (support, dana) = ("support".into(), "dana".into());
        let later = |minutes| then.checked_add(SignedDuration::from_mins(minutes)).unwrap();
        assert_eq!(company.role_heard_too_long_ago(&support, &dana, later(20)), None);
        assert_eq!(
            company.role_heard_too_long_ago(&support, &dana, later(21)),
            Some(then)
        );
    }
}
