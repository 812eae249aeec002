//! The company that Switchboard works for: departments, members, roles, accounts. Assembled from the configuration,
//! immutable while it is in use; a changed configuration is a new `Company`.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::civil::Time;

use super::calendar::Calendar;
use super::ids::{Channel, DepartmentId, MemberId, NetworkId, PlatformId};
use super::lead::Priority;

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

#[derive(Clone, Debug, PartialEq)]
pub struct Department {
    pub id: DepartmentId,
    pub name: String,
    /// Where its cards go; at least one.
    pub channels: Vec<Channel>,
    pub roles: BTreeMap<MemberId, Role>,
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
        self.roles.get(member).copied()
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
