//! The company that Switchboard works for: departments, members, roles, accounts. Assembled from the configuration,
//! immutable while it is in use; a changed configuration is a new `Company`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};

use super::calendar::Calendar;
use super::ids::{Channel, DepartmentId, MemberId, NetworkId, PlatformId};
use super::lead::Priority;
use super::staff::{BELIEVED_FOR, Group};

/// What a member may do in a department; each includes what stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Viewer,
    Agent,
    Lead,
    Admin,
}

impl Role {
    pub fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Agent => "agent",
            Self::Lead => "lead",
            Self::Admin => "admin",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub id: MemberId,
    pub name: String,
    /// Who this member is on each chat platform: Slack's `U…`, Discord's snowflake; on the web board the member's own id.
    pub identities: BTreeMap<PlatformId, String>,
    /// Until when the member is away, in words that a colleague reads; none while at work.
    pub away: Option<String>,
}

/// One step of the ladder: whom to tell, and how long to wait for an acknowledgement before the next step.
#[derive(Clone, Debug, PartialEq)]
pub struct Rung {
    pub tell: Vec<MemberId>,
    pub wait: SignedDuration,
}

/// How long an idle owner keeps a lead.
#[derive(Clone, Debug, PartialEq)]
pub struct Lease {
    pub nudge_after: SignedDuration,
    pub lapse_after: SignedDuration,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Department {
    pub id: DepartmentId,
    pub name: String,
    /// Where its cards go; at least one.
    pub channels: Vec<Channel>,
    pub roles: BTreeMap<MemberId, Role>,
    /// Groups on chat platforms whose people have a role here.
    pub groups: BTreeMap<Group, Role>,
    /// Who has a role through such a group, and when a platform last said so; never from the configuration.
    pub heard: BTreeMap<MemberId, (Role, Timestamp)>,
    /// Whether each lead's history and notes are kept in a thread under its card, on platforms that have threads.
    pub threads: bool,
    pub calendar: Calendar,
    /// Response targets in business time; a priority without one has no clock.
    pub targets: BTreeMap<Priority, SignedDuration>,
    pub lease: Option<Lease>,
    pub hand_off_timeout: SignedDuration,
    pub ladder: Vec<Rung>,
    /// Local time of the daily digest; none for none.
    pub digest_at: Option<Time>,
    /// Do's and don'ts, shown where a reply is written.
    pub guidelines: Vec<String>,
    /// Its leads show as a stub to everybody else.
    pub confidential: bool,
}

impl Department {
    pub fn role(&self, member: &MemberId) -> Option<Role> {
        let heard = self.heard.get(member).map(|(role, _)| *role);
        self.roles.get(member).copied().max(heard)
    }
}

/// One of the company's own accounts on a network: what it writes is a public reply, not a mention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// None means every network.
    pub network: Option<NetworkId>,
    pub handle: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Company {
    pub name: String,
    pub departments: BTreeMap<DepartmentId, Department>,
    pub members: BTreeMap<MemberId, Member>,
    pub accounts: Vec<Account>,
    /// Company-wide administrators; admin in every department.
    pub admins: Vec<MemberId>,
    /// Where leads go that no route claims.
    pub fallback: Option<DepartmentId>,
    /// The chat platforms in use; a member's identity elsewhere is only noted.
    pub platforms: BTreeSet<PlatformId>,
    /// Those of them that keep a thread under each card.
    pub threads: BTreeSet<PlatformId>,
}

impl Company {
    pub fn department(&self, id: &DepartmentId) -> Option<&Department> {
        self.departments.get(id)
    }

    pub fn role(&self, department: &DepartmentId, member: &MemberId) -> Option<Role> {
        if self.admins.contains(member) {
            return Some(Role::Admin);
        }
        self.departments.get(department)?.role(member)
    }

    /// Whether the thread under a card in this channel is told the lead's history.
    pub fn keeps_threads(&self, channel: &Channel) -> bool {
        let wanted = |department: &Department| department.threads && department.channels.contains(channel);
        self.threads.contains(&channel.platform) && self.departments.values().any(wanted)
    }

    /// All groups on chat platforms that give somebody a role.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.departments
            .values()
            .flat_map(|department| department.groups.keys())
    }

    /// The member with this identity on a platform.
    pub fn member_of(&self, platform: &PlatformId, identity: &str) -> Option<&Member> {
        self.members.values().find(|member| {
            member
                .identities
                .get(platform)
                .is_some_and(|known| known == identity)
        })
    }

    /// Since when nobody has said that this member still has the role, where only a platform's group gives it and that is
    /// too long ago for anything that the public or a colleague would feel.
    pub fn role_heard_too_long_ago(
        &self,
        department: &DepartmentId,
        member: &MemberId,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let department = self.departments.get(department)?;
        let (heard, at) = department.heard.get(member).copied()?;
        let configured = department.roles.get(member).copied();
        let counts = !self.admins.contains(member) && configured < Some(heard);
        (counts && at.duration_until(now) > BELIEVED_FOR).then_some(at)
    }

    /// The name a colleague reads; the short id where the member has left the configuration.
    pub fn name_of<'a>(&'a self, member: &'a MemberId) -> &'a str {
        self.members
            .get(member)
            .map_or(member.as_str(), |member| &member.name)
    }

    pub fn department_name<'a>(&'a self, id: &'a DepartmentId) -> &'a str {
        self.departments
            .get(id)
            .map_or(id.as_str(), |department| &department.name)
    }

    /// Is this handle one of our own? Compared without the `@`, and without regard to case.
    pub fn is_own_account(&self, network: &NetworkId, handle: &str) -> bool {
        let bare = |text: &str| text.trim_start_matches('@').to_lowercase();
        self.accounts.iter().any(|account| {
            account.network.as_ref().is_none_or(|own| own == network) && bare(&account.handle) == bare(handle)
        })
    }

    /// May this member read the lead's text? Confidential departments show a stub to everybody else.
    pub fn may_read(&self, department: &DepartmentId, member: &MemberId) -> bool {
        match self.departments.get(department) {
            Some(found) if found.confidential => self.role(department, member).is_some(),
            _ => true,
        }
    }
}
