//! Slack's pace, kept on our side: a message a second per channel, a budget a minute per method, and whatever wait Slack
//! named. Pure: the time is an argument, and a call that comes too early is told how long to wait; nothing here waits.
//!
//! <https://docs.slack.dev/apis/web-api/rate-limits>

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

/// Posts to one channel: one a second, and two at once.
const POSTS: Budget = Budget {
    apart: 1_000,
    burst: 2,
};
/// After this many calls in a row that Slack did not answer, all calls rest.
const UNANSWERED: u32 = 3;
const SHORTEST_REST: i64 = 2;
const LONGEST_REST: i64 = 60;
/// Channels are forgotten once nothing more is known of them than that they are free.
const REMEMBERED: usize = 512;

/// A call's distance to the next in milliseconds, in the long run, and how many may be made at once.
#[derive(Clone, Copy)]
struct Budget {
    apart: i64,
    burst: i64,
}

impl Budget {
    /// Four fifths of a tier as pace and the last fifth as burst: no minute ever sees more than the tier.
    const fn tier(per_minute: i64) -> Self {
        Self {
            apart: 60_000 * 5 / (per_minute * 4),
            burst: per_minute / 5,
        }
    }
}

/// What Slack allows a method in a minute, in one workspace. Posting has no tier: channels pace it.
fn budget(method: &str) -> Option<Budget> {
    match method {
        "chat.postMessage" => None,
        "chat.update"
        | "chat.delete"
        | "conversations.history"
        | "conversations.replies"
        | "conversations.open" => Some(Budget::tier(50)),
        "usergroups.list" | "usergroups.users.list" | "users.list" => Some(Budget::tier(20)),
        _ => Some(Budget::tier(100)),
    }
}

#[derive(Default)]
pub(super) struct Pace {
    /// By method, or by channel for posts: when the next call would come at an even pace.
    next: BTreeMap<String, Timestamp>,
    /// What Slack itself asked for, by method.
    blocked: BTreeMap<String, Timestamp>,
    unanswered: u32,
    rests_until: Option<Timestamp>,
}

impl Pace {
    /// Whether this call may be made now; if so, it is counted. `channel` is where a message goes, for posts. The error is
    /// how long to wait.
    pub fn take(
        &mut self,
        method: &str,
        channel: Option<&str>,
        now: Timestamp,
    ) -> Result<(), SignedDuration> {
        let budgets = budgets(method, channel);
        let free = budgets
            .iter()
            .filter_map(|(name, budget)| self.free_at(name, *budget));
        let free = free
            .chain(self.blocked.get(method).copied())
            .chain(self.rests_until)
            .max();
        if let Some(at) = free.filter(|at| *at > now) {
            return Err(now.duration_until(at));
        }
        self.count(method, channel, now);
        Ok(())
    }

    /// Counts a call that is made in any case.
    pub fn count(&mut self, method: &str, channel: Option<&str>, now: Timestamp) {
        if self.next.len() > REMEMBERED {
            self.next.retain(|_, next| *next > now);
        }
        for (name, budget) in budgets(method, channel) {
            let next = self.next.entry(name).or_insert(now);
            *next = later(now.max(*next), SignedDuration::from_millis(budget.apart));
        }
    }

    /// When the next call fits into this budget.
    fn free_at(&self, name: &str, budget: Budget) -> Option<Timestamp> {
        let ahead = SignedDuration::from_millis(budget.apart * (budget.burst - 1));
        self.next.get(name).and_then(|next| next.checked_sub(ahead).ok())
    }

    /// Slack named a wait for this method.
    pub fn blocked(&mut self, method: &str, wait: SignedDuration, now: Timestamp) {
        self.blocked.insert(method.to_owned(), later(now, wait));
    }

    /// Slack answered, whatever it said.
    pub fn answered(&mut self) {
        self.unanswered = 0;
        self.rests_until = None;
    }

    /// Slack did not answer. When that happens again and again, asking on would only put more messages in doubt.
    pub fn unanswered(&mut self, now: Timestamp) {
        self.unanswered = self.unanswered.saturating_add(1);
        let beyond = self.unanswered.checked_sub(UNANSWERED);
        if let Some(doublings) = beyond {
            let seconds = (SHORTEST_REST << doublings.min(10)).min(LONGEST_REST);
            self.rests_until = Some(later(now, SignedDuration::from_secs(seconds)));
        }
    }
}

fn budgets(method: &str, channel: Option<&str>) -> Vec<(String, Budget)> {
    let by_channel = channel.map(|channel| (format!("posts to {channel}"), POSTS));
    let by_method = budget(method).map(|budget| (method.to_owned(), budget));
    by_channel.into_iter().chain(by_method).collect()
}

fn later(at: Timestamp, wait: SignedDuration) -> Timestamp {
    at.checked_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_700_000_000_000 + millis).unwrap_or_default()
    }

    /// Makes calls as early as it is allowed; the moments at which they were made.
    fn as_early_as_possible(method: &str, channel: Option<&str>, count: usize) -> Vec<i64> {
        let (mut pace, mut now, mut made) = (Pace::default(), 0, Vec::new());
        while made.len() < count {
            match pace.take(method, channel, at(now)) {
                Ok(()) => made.push(now),
                Err(wait) => now += i64::try_from(wait.as_millis()).unwrap_or(i64::MAX).max(1),
            }
        }
        made
    }

    #[test]
    fn posts_go_one_a_second_after_the_first_two() {
        let made = as_early_as_possible("chat.postMessage", Some("C0SUPPORT"), 5);
        assert_eq!(made, [0, 0, 1_000, 2_000, 3_000]);
    }

    #[test]
    fn channels_do_not_wait_for_each_other() {
        let mut pace = Pace::default();
        for channel in ["C1", "C2", "C3"] {
            assert_eq!(pace.take("chat.postMessage", Some(channel), at(0)), Ok(()));
        }
    }

    #[test]
    fn no_minute_sees_more_than_the_tier() {
        for (method, tier) in [("chat.update", 50), ("views.open", 100), ("usergroups.list", 20)] {
            let made = as_early_as_possible(method, None, 300);
            for from in &made {
                let within = made
                    .iter()
                    .filter(|at| (*from..from + 60_000).contains(*at))
                    .count();
                assert!(within <= tier, "{method}: {within} within a minute");
            }
            let seconds = made.last().copied().unwrap_or_default() / 1_000;
            assert!(
                seconds <= 300 * 75 / tier as i64,
                "{method} is not slower than it must be: {seconds} s"
            );
        }
    }

    #[test]
    fn a_named_wait_holds_for_its_method_alone() {
        let mut pace = Pace::default();
        pace.blocked("chat.update", SignedDuration::from_secs(30), at(0));
        assert_eq!(
            pace.take("chat.update", None, at(1_000)),
            Err(SignedDuration::from_secs(29))
        );
        assert_eq!(pace.take("chat.postMessage", Some("C1"), at(1_000)), Ok(()));
        assert_eq!(pace.take("chat.update", None, at(30_000)), Ok(()));
    }

    #[test]
    fn silence_rests_everything_for_longer_and_longer_until_an_answer_comes() {
        let mut pace = Pace::default();
        let mut waits = Vec::new();
        for _ in 0..9 {
            pace.unanswered(at(0));
            waits.push(
                pace.take("auth.test", None, at(0))
                    .err()
                    .map_or(0, |wait| wait.as_secs()),
            );
        }
        assert_eq!(waits, [0, 0, 2, 4, 8, 16, 32, 60, 60]);
        pace.answered();
        assert_eq!(pace.take("auth.test", None, at(0)), Ok(()));
    }

    proptest! {
        /// Whatever is asked when, a channel never gets more than one message a second and one besides.
        #[test]
        fn no_order_of_asking_is_too_fast(steps in prop::collection::vec((0_i64..3_000, 0_usize..3), 1..200)) {
            let channels = ["C1", "C2", "C3"];
            let (mut pace, mut now) = (Pace::default(), 0);
            let mut made: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
            for (pause, channel) in steps {
                now += pause;
                let channel = channels[channel];
                if pace.take("chat.postMessage", Some(channel), at(now)).is_ok() {
                    made.entry(channel).or_default().push(now);
                }
            }
            for times in made.values() {
                for (first, from) in times.iter().enumerate() {
                    for (more, until) in times[first..].iter().enumerate() {
                        prop_assert!((more as i64) < 2 + (until - from) / 1_000);
                    }
                }
            }
        }
    }
}
