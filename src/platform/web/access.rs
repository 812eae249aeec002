//! Which channels there are, and who may read them: a private channel is its member's, and a channel of confidential
//! departments only is theirs. Confidential leads elsewhere are stubs already when the desk hands out their cards.

use std::collections::BTreeMap;

use super::PLATFORM;
use super::failure::{Answered, Failure};
use crate::domain::company::{Company, Department};
use crate::domain::ids::{Channel, MemberId, PlatformId};

/// The departments' channels on the board with the departments that share each, in the order of their names.
pub(super) fn department_channels(company: &Company) -> BTreeMap<Channel, Vec<&Department>> {
    let mut channels: BTreeMap<Channel, Vec<&Department>> = BTreeMap::new();
    for department in company.departments.values() {
        for channel in &department.channels {
            if channel.platform.as_str() == PLATFORM {
                channels.entry(channel.clone()).or_default().push(department);
            }
        }
    }
    channels
}

/// Every channel there is, private ones included.
pub(super) fn channels_of(company: &Company) -> Vec<Channel> {
    let private = company.members.keys().map(private);
    department_channels(company).into_keys().chain(private).collect()
}

pub(super) fn private(member: &MemberId) -> Channel {
    Channel::private(&PlatformId::new(PLATFORM), member)
}

pub(super) fn may_read(company: &Company, departments: &[&Department], who: &MemberId) -> bool {
    departments
        .iter()
        .any(|department| company.may_read(&department.id, who))
}

/// The channel of this name, if this member may read it.
pub(super) fn channel_for(company: &Company, name: &str, who: &MemberId) -> Answered<Channel> {
    let channel = Channel::new(PLATFORM, name);
    if channel == private(who) {
        return Ok(channel);
    }
    match department_channels(company).get(&channel) {
        None => Err(Failure::missing("There is no such channel.")),
        Some(departments) if may_read(company, departments, who) => Ok(channel),
        Some(_) => Err(Failure::forbidden(
            "This channel is confidential; only its members read it.",
        )),
    }
}
