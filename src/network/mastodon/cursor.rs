//! How far the account's notifications were read, and which statuses are still looked at for edits and deletions. It is
//! kept with the mentions, so that a restart neither misses a change nor tells it twice.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How many of the newest mentions are looked at again.
const WATCHED: usize = 40;

/// Ids are opaque and sort by length, then text (<https://docs.joinmastodon.org/api/guidelines/#id>).
pub(super) fn by_id(one: &str, other: &str) -> Ordering {
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// The newest notification; empty while there was none.
    pub newest: String,
    /// Oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub watched: Vec<Watched>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Watched {
    /// The notification that brought it.
    pub notification: String,
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited: Option<Timestamp>,
}

impl Cursor {
    /// A bare id is one too.
    pub fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|_| Self {
            newest: text.trim_matches('"').to_owned(),
            watched: Vec::new(),
        })
    }

    pub fn written(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    /// Is this id beyond what was read? Then it is now.
    pub fn advance(&mut self, id: &str) -> bool {
        let newer = by_id(id, &self.newest) == Ordering::Greater;
        if newer {
            self.newest = id.to_owned();
        }
        newer
    }

    pub fn watch(&mut self, watched: Watched) {
        self.watched.retain(|other| other.status != watched.status);
        self.watched.push(watched);
        let surplus = self.watched.len().saturating_sub(WATCHED);
        self.watched.drain(..surplus);
    }

    /// Is this edit news? One of a status that is not watched may be.
    pub fn edited(&mut self, status: &str, at: Option<Timestamp>) -> bool {
        match self.watched.iter_mut().find(|watched| watched.status == status) {
            Some(watched) if watched.edited == at => false,
            Some(watched) => {
                watched.edited = at;
                true
            }
            None => true,
        }
    }

    pub fn forget(&mut self, status: &str) {
        self.watched.retain(|watched| watched.status != status);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_an_id_or_what_was_written() {
        let mut cursor = Cursor::read("8812");
        assert_eq!(cursor.newest, "8812");
        assert!(!cursor.advance("999"), "shorter is older");
        assert!(cursor.advance("10000"));
        for number in 0..50 {
            cursor.watch(Watched {
                notification: number.to_string(),
                status: format!("s{number}"),
                edited: None,
            });
        }
        assert_eq!(cursor.watched.len(), WATCHED);
        assert_eq!(cursor.watched[0].status, "s10");
        let again = Cursor::read(&cursor.written().unwrap());
        assert_eq!(again, cursor);
        assert_eq!(Cursor::read("\"01M80\"").newest, "01M80");
    }
}
