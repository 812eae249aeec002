//! Are spikes found early, and nothing else? Scores alerts on series with labelled windows, as the Numenta Anomaly Benchmark does:
//! the first alert in a window earns more the earlier it is, a missed window and an alert outside cost.

use jiff::Timestamp;

use crate::listening::spikes::Spikes;

/// One labelled series.
pub struct Series {
    pub name: String,
    /// When, and how many; oldest first.
    pub counts: Vec<(Timestamp, u64)>,
    /// First and last moment of each window in which an alert is right; oldest first.
    pub windows: Vec<(Timestamp, Timestamp)>,
}

/// What an alert earns and costs.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    pub false_alarm: f64,
    pub missed: f64,
}

pub const STANDARD: Profile = Profile {
    false_alarm: 0.11,
    missed: 1.0,
};
pub const FEW_FALSE_ALARMS: Profile = Profile {
    false_alarm: 0.22,
    missed: 1.0,
};
pub const FEW_MISSED: Profile = Profile {
    false_alarm: 0.11,
    missed: 2.0,
};

/// What came of one series.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    pub name: String,
    pub read: usize,
    pub windows: usize,
    /// For each window that was found, its earnings.
    pub found: Vec<f64>,
    /// For each alert outside, its cost as a share of the full one; an alert soon after a window costs less.
    pub false_alarms: Vec<f64>,
    /// Days in which alerts count.
    pub days: f64,
}

impl Series {
    /// Reads the series one count at a time, as it would come.
    pub fn watch(&self, mut spikes: Spikes) -> Outcome {
        let alerts: Vec<usize> = self
            .counts
            .iter()
            .enumerate()
            .filter_map(|(index, (at, count))| spikes.observe(*at, *count).map(|_| index))
            .collect();
        self.judge(&alerts)
    }

    /// Judges alerts, each the index of a count.
    fn judge(&self, alerts: &[usize]) -> Outcome {
        let place = |at: Timestamp| self.counts.partition_point(|(then, _)| *then < at);
        // First and last index.
        let windows: Vec<(usize, usize)> = self
            .windows
            .iter()
            .map(|(from, to)| {
                let last = self.counts.partition_point(|(then, _)| then <= to);
                (place(*from), last.saturating_sub(1))
            })
            .collect();
        let probation = (self.counts.len() * 15 / 100).min(750);
        let mut earned = vec![None; windows.len()];
        let mut false_alarms = Vec::new();
        for &alert in alerts.iter().filter(|alert| **alert >= probation) {
            let hit = windows
                .iter()
                .position(|(from, to)| (*from..=*to).contains(&alert));
            if let Some(hit) = hit {
                let (from, to) = windows[hit];
                let before_end = (to + 1 - alert) as f64 / (to + 1 - from) as f64;
                earned[hit].get_or_insert(sigmoid(-before_end) / sigmoid(-1.0));
            } else {
                let last = windows.iter().rev().find(|(_, to)| *to < alert);
                false_alarms.push(match last {
                    None => 1.0,
                    Some((from, to)) => -sigmoid((alert - to) as f64 / (to - from).max(1) as f64),
                });
            }
        }
        let time = |index: usize| self.counts.get(index).map(|(at, _)| at.as_second());
        let seconds = match (time(probation), self.counts.last()) {
            (Some(first), Some((last, _))) => last.as_second() - first,
            _ => 0,
        };
        Outcome {
            name: self.name.clone(),
            read: self.counts.len(),
            windows: windows.len(),
            found: earned.into_iter().flatten().collect(),
            false_alarms,
            days: seconds as f64 / 86_400.0,
        }
    }
}

/// +1 far to the left, 0 at the edge, −1 far to the right.
fn sigmoid(place: f64) -> f64 {
    2.0 / (1.0 + (5.0 * place).exp()) - 1.0
}

/// 0 for never alerting, 100 for alerting at the start of every window and nowhere else. Needs a window.
pub fn score<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>, profile: Profile) -> Option<f64> {
    let (mut sum, mut windows) = (0.0, 0);
    for outcome in outcomes {
        let missed = outcome.windows - outcome.found.len();
        sum += outcome.found.iter().sum::<f64>()
            - profile.missed * missed as f64
            - profile.false_alarm * outcome.false_alarms.iter().sum::<f64>();
        windows += outcome.windows;
    }
    let (all, never) = (windows as f64, -profile.missed * windows as f64);
    (windows > 0).then(|| 100.0 * (sum - never) / (all - never))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series() -> Series {
        let at = |index: i64| Timestamp::from_second(index * 300).expect("a time");
        Series {
            name: "acme".to_owned(),
            counts: (0..10_000).map(|index| (at(index), 1)).collect(),
            windows: vec![(at(2000), at(2399)), (at(6000), at(6399))],
        }
    }

    fn standard(alerts: &[usize]) -> f64 {
        score([&series().judge(alerts)], STANDARD).expect("a score")
    }

    #[test]
    fn never_alerting_is_0_and_at_every_window_s_start_100() {
        assert_eq!(standard(&[]), 0.0);
        assert_eq!(standard(&[2000, 2001, 2300, 6000]), 100.0);
        let other = |profile| score([&series().judge(&[])], profile);
        assert_eq!(other(FEW_FALSE_ALARMS), Some(0.0));
        assert_eq!(other(FEW_MISSED), Some(0.0));
        assert_eq!(score([], STANDARD), None);
    }

    #[test]
    fn early_earns_more_and_alerts_outside_cost_by_their_distance() {
        assert!(standard(&[2100, 6000]) > standard(&[2300, 6000]));
        // The right edge earns next to nothing: one of two windows.
        assert!((25.0..25.5).contains(&standard(&[2399])));
        let full = 100.0 * 0.11 / 4.0;
        assert!((standard(&[1500, 2000, 6000]) - (100.0 - full)).abs() < 1e-9);
        let soon = 100.0 - standard(&[2000, 2410, 6000]);
        assert!(soon > 0.0 && soon < full / 2.0, "{soon}");
        // Nothing counts during probation.
        assert_eq!(standard(&[10, 749, 2000, 6000]), 100.0);
        let outcome = series().judge(&[800, 900, 2000]);
        assert_eq!((outcome.false_alarms.len(), outcome.found.len()), (2, 1));
        assert!((outcome.days - (10_000.0 - 751.0) / 288.0).abs() < 1e-9);
    }
}
