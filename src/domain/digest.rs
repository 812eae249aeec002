//! A digest: one department's morning summary, as figures and short lists. Platform-neutral; `report` fills it in.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ids::{DepartmentId, LeadId};
use super::notice::Row;

/// What one department did on one local day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    pub mentions: u32,
    pub leads: u32,
    pub replies: u32,
    pub resolved: u32,
    pub won: u32,
    pub breaches: u32,
    pub handed_on: u32,
    /// First responses by how long the author waited: up to 15 min, 1 h, 4 h, 24 h, 72 h, longer.
    pub first_responses: [u32; 6],
}

/// Upper edges of `Figures::first_responses` in seconds; the last bucket has none.
pub const RESPONSE_EDGES: [i64; 5] = [15 * 60, 3600, 4 * 3600, 24 * 3600, 72 * 3600];

impl Figures {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub fn add(&mut self, other: &Self) {
        self.mentions += other.mentions;
        self.leads += other.leads;
        self.replies += other.replies;
        self.resolved += other.resolved;
        self.won += other.won;
        self.breaches += other.breaches;
        self.handed_on += other.handed_on;
        for (mine, theirs) in self.first_responses.iter_mut().zip(other.first_responses) {
            *mine += theirs;
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    pub department: DepartmentId,
    pub department_name: String,
    pub day: Date,
    /// Open leads by how long the author has waited: under 1 h, 4 h, 24 h, 72 h, longer.
    pub open_by_age: [u32; 5],
    pub oldest: Vec<Row>,
    pub breached: Vec<LeadId>,
    /// Claims whose owner has been idle for more than the department's nudge time, or a day where it has none.
    pub stale_claims: Vec<Row>,
    pub open_hand_offs: Vec<Row>,
    pub yesterday: Figures,
    /// Open leads beyond the most urgent ones that were examined: the counts and lists above do not hold them.
    #[serde(default)]
    pub unexamined: u32,
}

impl Digest {
    /// Nothing to tell: no open lead, nothing happened yesterday.
    pub fn is_empty(&self) -> bool {
        self.open_by_age.iter().all(|count| *count == 0)
            && self.open_hand_offs.is_empty()
            && self.yesterday.is_empty()
    }
}
