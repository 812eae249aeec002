//! Who has which role in a department: members by name, and groups on chat platforms.

use std::collections::BTreeMap;

use super::chat;
use super::company::Known;
use super::document::{DepartmentSection, Text};
use super::similar::did_you_mean;
use super::source::{Place, Problems};
use crate::domain::company::Role;
use crate::domain::ids::{MemberId, PlatformId};
use crate::domain::staff::Group;

const ROLES: [Role; 4] = [Role::Viewer, Role::Agent, Role::Lead, Role::Admin];

/// Groups on chat platforms whose people have a role: `"slack/S0614TZR7" = "agent"`.
pub(super) fn by_group(
    file: usize,
    key: &str,
    section: &mut DepartmentSection,
    known: &Known,
    problems: &mut Problems<'_>,
) -> BTreeMap<Group, Role> {
    let mut groups = BTreeMap::new();
    for (group, role) in std::mem::take(&mut section.groups) {
        let key = format!("{key}.groups.{}", group.get_ref());
        let place = |span| Place { file, span };
        let found = chat::check_name(group.get_ref(), "group", chat::check_group)
            .and_then(|(platform, name)| known.in_use(&platform).map(|()| (platform, name)));
        let found = match found {
            Ok((platform, name)) => Some(Group {
                platform: PlatformId::new(platform),
                name,
            }),
            Err((what, todo)) => {
                problems.add(&place(group.span()), &key, what, todo);
                None
            }
        };
        if let (Some(group), Some(role)) = (found, read_role(file, &key, &role, problems)) {
            groups.insert(group, role);
        }
    }
    groups
}

fn read_role(file: usize, key: &str, role: &Text, problems: &mut Problems<'_>) -> Option<Role> {
    let found = ROLES.into_iter().find(|known| known.word() == role.get_ref());
    if found.is_none() {
        let place = Place {
            file,
            span: role.span(),
        };
        let todo = did_you_mean(role.get_ref(), ROLES.map(Role::word));
        problems.add(&place, key, format!("“{}” is not a role", role.get_ref()), todo);
    }
    found
}

/// Members by name: `dana = "agent"`.
pub(super) fn by_name(
    file: usize,
    key: &str,
    section: &mut DepartmentSection,
    known: &Known,
    problems: &mut Problems<'_>,
) -> BTreeMap<MemberId, Role> {
    let mut roles = BTreeMap::new();
    for (member, role) in std::mem::take(&mut section.members) {
        let key = format!("{key}.members.{}", member.get_ref());
        let id = known.member(file, &member, &key, problems);
        let found = read_role(file, &key, &role, problems);
        if let (Some(id), Some(role)) = (id, found) {
            roles.insert(id, role);
        }
    }
    roles
}
