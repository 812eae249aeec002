//! The company out of its sections: who there is, which departments, in which channels. What a department promises (hours,
//! targets, leases, ladders) is in `promises`.

use std::collections::{BTreeMap, BTreeSet};

use super::assemble::{Placed, Sections};
use super::chat;
use super::document::{CompanySection, DepartmentSection, List, MemberSection, Text};
use super::promises;
use super::roles;
use super::similar::did_you_mean;
use super::source::{Place, Problems};
use crate::domain::company::{Account, Company, Department, Member};
use crate::domain::ids::{Channel, DepartmentId, MemberId, NetworkId, PlatformId};

/// The names that references are checked against.
pub(super) struct Known {
    pub(super) departments: Vec<String>,
    pub(super) members: Vec<String>,
    /// The chat platforms in use: the web board always, the others where they have a section.
    pub(super) platforms: Vec<&'static str>,
}

impl Known {
    pub(super) fn of(sections: &Sections<'_>) -> Self {
        Self {
            departments: sections.departments.keys().cloned().collect(),
            members: sections.members.keys().cloned().collect(),
            platforms: chat::PLATFORMS
                .into_iter()
                .filter(|platform| match *platform {
                    "slack" => sections.slack.is_some(),
                    "discord" => sections.discord.is_some(),
                    _ => true,
                })
                .collect(),
        }
    }

    /// The member that a text names, or a problem that says who is meant.
    pub(super) fn member(
        &self,
        file: usize,
        text: &Text,
        key: &str,
        problems: &mut Problems<'_>,
    ) -> Option<MemberId> {
        let name = text.get_ref();
        if self.members.contains(name) {
            return Some(MemberId::new(name));
        }
        let at = Place {
            file,
            span: text.span(),
        };
        let todo = match did_you_mean(name, self.members.iter().map(String::as_str)) {
            meant if meant.starts_with("did") => meant,
            _ => format!("add [member.{name}] with a name, or take it out here"),
        };
        if !problems.broken {
            problems.add(&at, key, format!("there is no member “{name}”"), todo);
        }
        None
    }

    /// A platform that the company speaks to; or what is wrong, and what to do.
    pub(super) fn in_use(&self, platform: &str) -> Result<(), (String, String)> {
        match self.platforms.contains(&platform) {
            true => Ok(()),
            false => Err((
                format!("the configuration has no [{platform}] section"),
                format!("add one, as docs/{platform}.md shows, or use the web board"),
            )),
        }
    }

    pub(super) fn department(
        &self,
        at: &Place,
        name: &str,
        key: &str,
        problems: &mut Problems<'_>,
    ) -> Option<DepartmentId> {
        if self.departments.iter().any(|known| known == name) {
            return Some(DepartmentId::new(name));
        }
        if !problems.broken {
            let todo = did_you_mean(name, self.departments.iter().map(String::as_str));
            problems.add(at, key, format!("there is no department “{name}”"), todo);
        }
        None
    }
}

/// Builds the company; what could not be understood is left out, and noted.
pub(super) fn build(sections: &mut Sections<'_>, known: &Known, problems: &mut Problems<'_>) -> Company {
    let top = Place { file: 0, span: 0..0 };
    if sections.departments.is_empty() {
        problems.missing(
            &top,
            "department",
            "there is no department",
            "add one: [department.support] with channels = [\"web/support\"]",
        );
    }
    let Placed { at, value: company } = sections.company.take().unwrap_or_else(|| Placed {
        at: top,
        value: CompanySection::default(),
    });
    let name = required(
        company.name.as_ref(),
        &at,
        "company.name",
        "the company has no name",
        problems,
    );
    let defaults = promises::Defaults {
        zone: company
            .zone
            .as_ref()
            .and_then(|zone| promises::zone(at.file, zone, "company.zone", problems)),
        holidays: promises::holidays(at.file, company.holidays, "company.holidays", problems),
    };
    let admins = List::texts(company.admins)
        .iter()
        .filter_map(|text| known.member(at.file, text, "company.admins", problems))
        .collect();
    let members = std::mem::take(&mut sections.members)
        .into_iter()
        .map(|(id, section)| member(&id, section, problems))
        .map(|member| (member.id.clone(), member))
        .collect();
    let departments = std::mem::take(&mut sections.departments)
        .into_iter()
        .map(|(id, section)| department(&id, section, &defaults, known, problems))
        .map(|department| (department.id.clone(), department))
        .collect();
    Company {
        name,
        departments,
        members,
        accounts: accounts(at.file, company.accounts, problems),
        admins,
        fallback: None,
        platforms: BTreeSet::new(),
        threads: BTreeSet::new(),
    }
}

fn required(text: Option<&Text>, at: &Place, key: &str, what: &str, problems: &mut Problems<'_>) -> String {
    match text {
        Some(text) if !text.get_ref().trim().is_empty() => text.get_ref().trim().to_owned(),
        Some(text) => {
            let at = Place {
                file: at.file,
                span: text.span(),
            };
            problems.add(&at, key, what, "write it between the quotes");
            String::new()
        }
        None => {
            let (section, last) = key.rsplit_once('.').unwrap_or(("", key));
            problems.missing(
                at,
                key,
                what,
                format!("add a line under [{section}]: {last} = \"…\""),
            );
            String::new()
        }
    }
}

/// Names that stand in buttons, addresses and channels: letters, digits, `-` and `_`.
fn check_id(id: &str, at: &Place, key: &str, problems: &mut Problems<'_>) {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if id.is_empty() || id.len() > 40 || !id.chars().all(plain) {
        problems.add(
            at,
            key,
            format!("“{id}” cannot be a short name"),
            "use up to 40 small letters a to z, digits, - and _; the full name goes into `name`",
        );
    }
}

fn member(id: &str, section: Placed<MemberSection>, problems: &mut Problems<'_>) -> Member {
    let Placed { at, value: section } = section;
    let key = format!("member.{id}");
    check_id(id, &at, &key, problems);
    let mut identities = BTreeMap::new();
    for (platform, identity) in section.identities {
        let place = Place {
            file: at.file,
            span: platform.span(),
        };
        let key = format!("{key}.identities.{}", platform.get_ref());
        // An identity may be noted before its platform is used.
        if !chat::PLATFORMS.contains(&platform.get_ref().as_str()) {
            let todo = did_you_mean(platform.get_ref(), chat::PLATFORMS);
            problems.add(
                &place,
                &key,
                format!("there is no platform “{}”", platform.get_ref()),
                todo,
            );
        }
        identities.insert(PlatformId::new(platform.into_inner()), identity.into_inner());
    }
    identities
        .entry(PlatformId::from("web"))
        .or_insert_with(|| id.to_owned());
    Member {
        id: MemberId::new(id),
        name: required(
            section.name.as_ref(),
            &at,
            &format!("{key}.name"),
            &format!("the member “{id}” has no name"),
            problems,
        ),
        identities,
        away: section.away.map(toml::Spanned::into_inner),
    }
}

fn department(
    id: &str,
    section: Placed<DepartmentSection>,
    defaults: &promises::Defaults,
    known: &Known,
    problems: &mut Problems<'_>,
) -> Department {
    let Placed {
        at,
        value: mut section,
    } = section;
    let key = format!("department.{id}");
    check_id(id, &at, &key, problems);
    let what = format!("the department “{id}” has no name");
    let name = required(
        section.name.as_ref(),
        &at,
        &format!("{key}.name"),
        &what,
        problems,
    );
    let guidelines = List::texts(section.guidelines.take())
        .into_iter()
        .map(toml::Spanned::into_inner)
        .collect();
    let channels = channels(id, &at, &mut section, known, problems);
    let roles = roles::by_name(at.file, &key, &mut section, known, problems);
    let groups = roles::by_group(at.file, &key, &mut section, known, problems);
    let threads = section.threads.unwrap_or(true);
    let promises = promises::read(at.file, &key, section, defaults, known, problems);
    Department {
        id: DepartmentId::new(id),
        name,
        channels,
        roles,
        groups,
        heard: BTreeMap::new(),
        threads,
        calendar: promises.calendar,
        targets: promises.targets,
        lease: promises.lease,
        hand_off_timeout: promises.hand_off_timeout,
        ladder: promises.ladder,
        digest_at: promises.digest_at,
        guidelines,
        confidential: promises.confidential,
    }
}

fn channels(
    id: &str,
    at: &Place,
    section: &mut DepartmentSection,
    known: &Known,
    problems: &mut Problems<'_>,
) -> Vec<Channel> {
    let key = format!("department.{id}.channels");
    let place = section.channels.as_ref().map(|list| Place {
        file: at.file,
        span: list.span(),
    });
    let texts = List::texts(section.channels.take());
    if texts.is_empty() {
        problems.missing(
            place.as_ref().unwrap_or(at),
            &key,
            format!("the department “{id}” has no channel, so its cards have nowhere to go"),
            format!("add a line: channels = [\"web/{id}\"]"),
        );
    }
    let mut channels = Vec::new();
    for text in texts {
        let place = Place {
            file: at.file,
            span: text.span(),
        };
        let channel = chat::check_name(text.get_ref(), "channel", chat::check_channel)
            .and_then(|(platform, name)| known.in_use(&platform).map(|()| Channel::new(platform, name)));
        match channel {
            Ok(channel) if channels.contains(&channel) => {
                problems.add(
                    &place,
                    &key,
                    format!("“{channel}” is listed twice"),
                    "take one out",
                );
            }
            Ok(channel) => channels.push(channel),
            Err((what, todo)) => problems.add(&place, &key, what, todo),
        }
    }
    channels
}

/// The company's own accounts: `@larkspurhome` on every network, `reviews/Larkspur Home` on one.
fn accounts(file: usize, list: Option<toml::Spanned<List>>, problems: &mut Problems<'_>) -> Vec<Account> {
    let mut accounts = Vec::new();
    for text in List::texts(list) {
        let at = Place {
            file,
            span: text.span(),
        };
        let account = match text.get_ref().split_once('/') {
            // An address is a handle as a whole, on networks that use addresses.
            Some((network, handle)) if !text.get_ref().contains("://") => Account {
                network: Some(NetworkId::new(network.trim())),
                handle: handle.trim().to_owned(),
            },
            _ => Account {
                network: None,
                handle: text.get_ref().trim().to_owned(),
            },
        };
        let empty_network = account
            .network
            .as_ref()
            .is_some_and(|network| network.as_str().is_empty());
        if account.handle.trim_start_matches('@').is_empty() || empty_network {
            problems.add(
                &at,
                "company.accounts",
                format!("“{}” names no account", text.get_ref()),
                "write \"@handle\", or \"network/@handle\" for one network",
            );
        } else if accounts.contains(&account) {
            problems.add(
                &at,
                "company.accounts",
                format!("“{}” is listed twice", text.get_ref()),
                "take one out",
            );
        } else {
            accounts.push(account);
        }
    }
    accounts
}
