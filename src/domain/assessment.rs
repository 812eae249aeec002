//! What `listening` makes of a mention: where it goes and why. A word of the domain, so that `decide` can use it without
//! knowing how it was found, and a replay decides the same.

use serde::{Deserialize, Serialize};

use super::ids::{DepartmentId, MemberId};
use super::lead::Priority;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    pub department: DepartmentId,
    pub priority: Priority,
    pub tags: Vec<String>,
    /// Members alerted by name, besides the department's channel.
    pub watchers: Vec<MemberId>,
    /// Why, in words a person understands, one line per deciding step: `route “orders”: the word “refund”`.
    pub reasons: Vec<String>,
}
