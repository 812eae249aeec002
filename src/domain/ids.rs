//! The names of things: lead numbers, and slugs for members, departments, networks, connectors, platforms.
//! Deliberately without lookups: whether a name exists is the business of `Company` and the store.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A lead's number; people read and type it as `L-142`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LeadId(pub u64);

impl fmt::Display for LeadId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "L-{}", self.0)
    }
}

impl FromStr for LeadId {
    type Err = String;

    /// Reads `L-142`, `l142`, `#142` and plain `142`, as people type them.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let digits = text
            .strip_prefix(['L', 'l'])
            .map(|rest| rest.strip_prefix('-').unwrap_or(rest))
            .or_else(|| text.strip_prefix('#'))
            .unwrap_or(text);
        match digits.parse() {
            Ok(number) if !digits.starts_with('+') => Ok(Self(number)),
            _ => Err(format!("“{text}” is not a lead; leads look like L-142")),
        }
    }
}

/// An errand's number in the outbox; a new request for the same work takes a new number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ErrandId(pub u64);

macro_rules! slug {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

slug!(
    /// A member of staff, by the short name that the configuration gives: `dana`.
    MemberId
);
slug!(
    /// A department, by its short name: `support`.
    DepartmentId
);
slug!(
    /// A social network: `mastodon`, `x`, `reviews`.
    NetworkId
);
slug!(
    /// One configured connector (a network may have several): `feed-trade-press`.
    ConnectorId
);
slug!(
    /// One chat system: `web`, `slack`, `discord`.
    PlatformId
);
slug!(
    /// A message on a chat platform, in that platform's own words (Slack's `ts`, Discord's snowflake, the board's sequence).
    MessageRef
);

impl NetworkId {
    /// The network as people write it.
    pub fn label(&self) -> &str {
        match self.as_str() {
            "x" => "X",
            "facebook" => "Facebook",
            "instagram" => "Instagram",
            "threads" => "Threads",
            "linkedin" => "LinkedIn",
            "mastodon" => "Mastodon",
            "bluesky" => "Bluesky",
            "reddit" => "Reddit",
            "youtube" => "YouTube",
            "slack" => "Slack",
            other => other,
        }
    }
}

/// A channel of a chat platform, written `web/support`. A member's private channel is `web/@dana`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Channel {
    pub platform: PlatformId,
    pub name: String,
}

impl Channel {
    pub fn new(platform: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            platform: PlatformId::new(platform),
            name: name.into(),
        }
    }

    /// The private channel in which one member reads notices on one platform.
    pub fn private(platform: &PlatformId, member: &MemberId) -> Self {
        Self {
            platform: platform.clone(),
            name: format!("@{member}"),
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.platform, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_are_read_as_people_type_them() {
        for text in ["L-142", "l-142", "L142", "#142", "142", " L-142 "] {
            assert_eq!(text.parse(), Ok(LeadId(142)), "{text}");
        }
        for text in ["", "L-", "L-+1", "-3", "L-1x", "99999999999999999999999"] {
            assert!(text.parse::<LeadId>().is_err(), "{text}");
        }
    }
}
