//! How far notifications were read. The network lists them newest first and knows no "since", so reading goes back page
//! by page to what is known. A long way is gone in parts: the cursor says where the next part begins, and the mark itself
//! moves only when the way back is complete, so that nothing in between is lost when Switchboard ends half-way.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Notifications may be listed late; so far before the mark they are looked at again.
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);
/// Addresses remembered of the time of overlap; where there are more, the overlap is as long as these reach.
const KNOWN: usize = 300;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    /// The newest notification of the last complete way back.
    pub at: Timestamp,
    /// Those that are not older than the overlap.
    #[serde(default)]
    known: Vec<String>,
    /// How far back they reach, where there were more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reach: Option<Timestamp>,
    /// A way back that is not complete yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on_the_way: Option<OnTheWay>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct OnTheWay {
    /// Where the next page begins, in the network's words.
    page: String,
    newest: Timestamp,
    known: Vec<String>,
    reach: Option<Timestamp>,
}

impl Default for Mark {
    /// Everything is newer: the mark of an account that nobody has written to yet.
    fn default() -> Self {
        Self {
            at: Timestamp::UNIX_EPOCH,
            known: Vec::new(),
            reach: None,
            on_the_way: None,
        }
    }
}

/// A way back from the newest notification to the mark, while it is gone.
pub(super) struct Way {
    from: Mark,
    going: OnTheWay,
    floor: Timestamp,
}

impl Mark {
    /// A cursor that cannot be read costs one repeated delivery, which the desk swallows.
    pub fn read(cursor: &str) -> Self {
        serde_json::from_str(cursor).unwrap_or_default()
    }

    pub fn way(&self) -> Way {
        Way {
            going: self.on_the_way.clone().unwrap_or_default(),
            floor: self
                .at
                .checked_sub(OVERLAP)
                .unwrap_or(self.at)
                .max(self.reach.unwrap_or_default()),
            from: self.clone(),
        }
    }

    /// The same mark, where the way back begins anew.
    pub fn begun_anew(mut self) -> Self {
        self.on_the_way = None;
        self
    }

    pub fn is_on_the_way(&self) -> bool {
        self.on_the_way.is_some()
    }
}

impl Way {
    /// Where to read on; none is the top of the list.
    pub fn page(&self) -> Option<&str> {
        Some(self.going.page.as_str()).filter(|page| !page.is_empty())
    }

    /// Is this notification new? None says that the way back is complete.
    pub fn meet(&mut self, uri: &str, at: Timestamp) -> Option<bool> {
        if at < self.floor {
            return None;
        }
        self.going.newest = self.going.newest.max(at);
        let known = self.from.known.iter().any(|known| known == uri);
        let met = self.going.known.iter().any(|known| known == uri);
        if !met && self.going.known.len() < KNOWN {
            self.going.known.push(uri.to_owned());
            self.going.reach = (self.going.known.len() == KNOWN).then_some(at);
        }
        Some(!known && !met)
    }

    /// The mark after a page: complete where there is no next one.
    pub fn after(&mut self, next: Option<String>) -> Mark {
        if let Some(page) = next {
            self.going.page = page;
            return Mark {
                on_the_way: Some(self.going.clone()),
                ..self.from.clone()
            };
        }
        // An empty list says nothing new.
        if self.going.known.is_empty() {
            return self.from.clone().begun_anew();
        }
        Mark {
            at: self.from.at.max(self.going.newest),
            known: self.going.known.clone(),
            reach: self.going.reach,
            on_the_way: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn a_way_back_ends_at_what_is_older_than_the_overlap_and_tells_the_known_from_the_new() {
        let mut way = Mark::default().way();
        assert_eq!(way.meet("b", at(20)), Some(true));
        assert_eq!(way.meet("a", at(10)), Some(true));
        let mark = way.after(None);
        assert_eq!(mark.at, at(20));
        assert_eq!(Mark::read(&serde_json::to_string(&mark).unwrap()), mark);

        let mut way = mark.way();
        assert_eq!(way.meet("c", at(30)), Some(true));
        assert_eq!(way.meet("b", at(20)), Some(false));
        assert_eq!(way.meet("late", at(15)), Some(true), "listed late");
        assert_eq!(way.meet("old", at(20 - 601)), None);
    }

    #[test]
    fn the_mark_moves_only_when_the_way_back_is_complete() {
        let mark = Mark {
            at: at(0),
            ..Mark::default()
        };
        let mut way = mark.way();
        assert_eq!(way.meet("z", at(5_000)), Some(true));
        let half = way.after(Some("page 2".into()));
        assert_eq!(half.at, at(0));
        let mut way = half.way();
        assert_eq!(way.page(), Some("page 2"));
        assert_eq!(way.meet("y", at(4_000)), Some(true));
        assert_eq!(way.after(None).at, at(5_000));
        assert_eq!(half.begun_anew(), mark);
        assert_eq!(Mark::read("not ours"), Mark::default());
    }
}
