//! Spikes: far more posts than this time of the year has seen, said once. Reads a stream of counts; time is an argument.
//!
//! Counts are read on the scale of their square root, where chance scatters busy and quiet channels alike, and as means over
//! 15, 30 and 60 minutes, so that neither a lone burst nor a slow swell decides alone. Each mean is held against the same
//! means of two whole weeks, which hold every hour of every weekday twice. How far the highest twentieth of those usually
//! lies above its lower edge is the measure: beyond the edge each such step makes a value *e* times rarer, so the surprise of
//! a mean is about how often *e* has to be multiplied by itself to reach its rarity. The surprise of a moment is the mean of the three.
//!
//! The last day is left out of the comparison: an event must not become usual while it lasts.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// The means, in seconds.
const SPANS: [i64; 3] = [15 * 60, 30 * 60, HOUR];
const HISTORY: i64 = 14 * DAY;
/// What is compared with is older than this.
const LAG: i64 = DAY;
/// What is compared with, the lag, and an hour each for the longest mean and for the time until the next renewal.
const KEPT: i64 = LAG + HISTORY + 2 * HOUR;
/// The share of usual means beyond which the tail begins.
const TAIL: f64 = 0.05;
/// After a spike nothing is said for this long.
const QUIET: i64 = DAY;
/// What is usual is worked out anew this often.
const RENEWAL: i64 = HOUR;
/// Chance alone scatters the root of a count by about a half; above the edge of its tail a mean of *n* counts lies by some
/// fifth of a post's root over √*n*. A steadier past is luck, and must not make one post more a spike.
const LEAST_STEP: f64 = 0.2;

/// More than chance and custom explain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spike {
    /// About how rare: *e* to this power to one, at the time of the day and week that suits it best.
    pub surprise: f64,
    /// Posts in a quarter of an hour, as half of all quarters have it.
    pub usual: u64,
    /// Posts in the last quarter of an hour.
    pub seen: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spikes {
    threshold: f64,
    /// When, in seconds, and how many; oldest first.
    counts: VecDeque<(i64, u32)>,
    /// When the last spike was said.
    said: Option<i64>,
    /// What is usual, and the hour from which it is; follows from the counts.
    #[serde(skip)]
    levels: Option<(i64, [Level; SPANS.len()])>,
}

/// Where the tail of one mean begins, and how far values in it usually lie beyond.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Level {
    edge: f64,
    step: f64,
}

impl Default for Spikes {
    fn default() -> Self {
        Self::new(Self::THRESHOLD)
    }
}

impl Spikes {
    /// Above this surprise something is said. docs/listening.md shows what other values give.
    pub const THRESHOLD: f64 = 6.0;

    pub fn new(threshold: f64) -> Self {
        Self {
            threshold,
            counts: VecDeque::new(),
            said: None,
            levels: None,
        }
    }

    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// Takes the count of the five minutes (or one, or ten) that end at `at`; zero counts as well. What is not newer than the last is left out.
    /// Says a spike once, and nothing before two days of the channel are known.
    pub fn observe(&mut self, at: Timestamp, count: u64) -> Option<Spike> {
        let at = at.as_second();
        if self.counts.back().is_some_and(|(last, _)| at <= *last) {
            return None;
        }
        self.counts
            .push_back((at, u32::try_from(count).unwrap_or(u32::MAX)));
        while self.counts.front().is_some_and(|(first, _)| *first <= at - KEPT) {
            self.counts.pop_front();
        }
        let surprise = self.surprise(at)?;
        let quiet = self.said.is_some_and(|said| at < said + QUIET);
        if surprise <= self.threshold || quiet {
            return None;
        }
        self.said = Some(at);
        Some(Spike {
            surprise,
            usual: self.usual(at),
            seen: self.within(at, SPANS[0]).map(|(_, count)| u64::from(count)).sum(),
        })
    }

    /// How unusual the newest count and those before it are, if enough is known to say.
    fn surprise(&mut self, at: i64) -> Option<f64> {
        let (first, _) = self.counts.front()?;
        if at < first + LAG + DAY {
            return None;
        }
        let hour = at - at.rem_euclid(RENEWAL);
        let levels = match self.levels {
            Some((from, levels)) if from == hour => levels,
            _ => SPANS.map(|span| Level::of(&self.counts, span, hour - LAG)),
        };
        self.levels = Some((hour, levels));
        let parts = levels.iter().zip(SPANS).map(|(level, span)| {
            let (sum, points) = self
                .within(at, span)
                .fold((0.0, 0.0), |(sum, points), (_, count)| {
                    (sum + root(count), points + 1.0)
                });
            level.surprise(sum / points)
        });
        Some(parts.sum::<f64>() / SPANS.len() as f64)
    }

    /// The newest counts, back to `span` before `at`.
    fn within(&self, at: i64, span: i64) -> impl Iterator<Item = (i64, u32)> + '_ {
        let recent = self.counts.iter().rev();
        recent.take_while(move |(then, _)| *then > at - span).copied()
    }

    /// The median of what a quarter of an hour held.
    fn usual(&self, at: i64) -> u64 {
        let mut sums = Vec::with_capacity(self.counts.len());
        slide(&self.counts, SPANS[0], at - LAG, f64::from, |sum, _| {
            sums.push(sum)
        });
        let middle = sums.len() / 2;
        match sums.is_empty() {
            true => 0,
            false => sums.select_nth_unstable_by(middle, f64::total_cmp).1.round() as u64,
        }
    }
}

impl Level {
    fn of(counts: &VecDeque<(i64, u32)>, span: i64, until: i64) -> Self {
        let mut means = Vec::with_capacity(counts.len());
        let mut most = 1.0_f64;
        slide(counts, span, until, root, |sum, points| {
            means.push(sum / points);
            most = most.max(points);
        });
        let least = LEAST_STEP / most.sqrt();
        if means.is_empty() {
            return Self {
                edge: 0.0,
                step: least,
            };
        }
        let place = ((means.len() as f64 * (1.0 - TAIL)) as usize).min(means.len() - 1);
        let (_, edge, beyond) = means.select_nth_unstable_by(place, f64::total_cmp);
        let edge = *edge;
        let excess: f64 = beyond.iter().map(|mean| mean - edge).sum();
        Self {
            edge,
            step: (excess / (beyond.len() + 1) as f64).max(least),
        }
    }

    fn surprise(&self, mean: f64) -> f64 {
        match mean > self.edge {
            true => (mean - self.edge) / self.step - TAIL.ln(),
            false => 0.0,
        }
    }
}

fn root(count: u32) -> f64 {
    (f64::from(count) + 1.0).sqrt()
}

/// Tells the sum and the number of counts within `span`, as each count of the history that ends at `until` ends it.
fn slide(
    counts: &VecDeque<(i64, u32)>,
    span: i64,
    until: i64,
    read: fn(u32) -> f64,
    mut tell: impl FnMut(f64, f64),
) {
    let (mut sum, mut points, mut oldest) = (0.0, 0.0, counts.iter().peekable());
    let within = counts.iter().take_while(|(at, _)| *at <= until);
    for (at, count) in within {
        sum += read(*count);
        points += 1.0;
        while let Some((_, gone)) = oldest.next_if(|(then, _)| *then <= at - span) {
            sum -= read(*gone);
            points -= 1.0;
        }
        if *at > until - HISTORY {
            tell(sum, points);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STEP: i64 = 300;

    fn at(index: usize) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + index as i64 * STEP).expect("a time")
    }

    /// A day that is busy in the evening, with some scatter that repeats after a prime number of points.
    fn usual(index: usize) -> u64 {
        let hour = (index / 12) % 24;
        let busy = if (17..22).contains(&hour) { 30 } else { 8 };
        busy + (index * 7919 % 13) as u64
    }

    fn spikes(spikes: &mut Spikes, counts: impl Iterator<Item = u64>) -> Vec<(usize, Spike)> {
        let said = counts
            .enumerate()
            .map(|(index, count)| (index, spikes.observe(at(index), count)));
        said.filter_map(|(index, spike)| Some((index, spike?))).collect()
    }

    #[test]
    fn a_tenfold_jump_is_said_once_and_at_once() {
        let jump = 20 * 288;
        let counts = (0..jump + 144).map(|index| match index >= jump {
            true => usual(index) * 10,
            false => usual(index),
        });
        let said = spikes(&mut Spikes::default(), counts);
        assert_eq!(said.len(), 1, "{said:?}");
        let (index, spike) = said[0];
        assert!(index <= jump + 2, "{} points late", index - jump);
        assert!(spike.seen > spike.usual * 3, "{spike:?}");
        assert!((30..60).contains(&spike.usual), "{spike:?}");
    }

    #[test]
    fn evenings_are_usual_and_a_quiet_channel_may_have_a_post() {
        assert_eq!(spikes(&mut Spikes::default(), (0..30 * 288).map(usual)), []);
        let rare = (0..30 * 288).map(|index| u64::from(index % 5000 == 4999));
        assert_eq!(spikes(&mut Spikes::default(), rare), []);
    }

    #[test]
    fn an_event_does_not_become_usual_while_it_lasts() {
        let counts = (0..20 * 288 + 280).map(|index| match index >= 20 * 288 {
            true => 400,
            false => usual(index),
        });
        let mut watch = Spikes::default();
        assert_eq!(spikes(&mut watch, counts).len(), 1);
        let edge = watch.levels.expect("levels").1[0].edge;
        assert!(edge < root(60), "{edge}");
    }

    #[test]
    fn what_is_late_or_repeated_changes_nothing() {
        let mut watch = Spikes::default();
        spikes(&mut watch, (0..800).map(usual));
        let before = watch.clone();
        assert_eq!(watch.observe(at(799), 9999), None);
        assert_eq!(watch.observe(at(10), 9999), None);
        assert_eq!(watch, before);
    }

    #[test]
    fn memory_is_bounded() {
        let mut watch = Spikes::default();
        spikes(&mut watch, (0..40 * 288).map(usual));
        assert!(watch.counts.len() <= 15 * 288 + 24, "{}", watch.counts.len());
    }

    #[test]
    fn a_brand_s_real_backlash_is_found_in_its_first_minutes() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/airline/airline.csv");
        let Ok(mut rows) = csv::Reader::from_path(file) else {
            println!("skipped: there is no ../shared/data/airline/airline.csv beside this clone");
            return;
        };
        let bins = |time: Timestamp| time.as_second().div_euclid(STEP);
        let mut counts = std::collections::BTreeMap::new();
        let mut event = None;
        for row in rows.records() {
            let row = row.expect("a row");
            let time: Timestamp = row[1].parse().expect("a time");
            if &row[2] == "JetBlue" {
                *counts.entry(bins(time)).or_insert(0) += 1;
                event = event.or((&row[12] == "1").then_some(time));
            }
        }
        let event = event.expect("a backlash");
        let (first, last) = (
            *counts.keys().next().expect("posts"),
            *counts.keys().last().expect("posts"),
        );
        let mut watch = Spikes::default();
        let said: Vec<_> = (first..=last)
            .filter_map(|bin| {
                let end = Timestamp::from_second((bin + 1) * STEP).expect("a time");
                let spike = watch.observe(end, counts.get(&bin).copied().unwrap_or(0))?;
                Some((end, spike))
            })
            .collect();
        println!("backlash from {event}; said {said:?}");
        let found = said
            .iter()
            .find(|(end, _)| (0..=15 * 60).contains(&end.duration_since(event).as_secs()));
        assert!(found.is_some(), "{said:?}");
        // Two more bursts within the week, each of twelve posts where one is usual.
        assert!(said.len() <= 3, "false alarms: {said:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn a_constant_series_says_nothing(count in 0u64..100_000, days in 3usize..20) {
            let said = spikes(&mut Spikes::default(), std::iter::repeat_n(count, days * 288));
            prop_assert_eq!(said, vec![]);
        }

        #[test]
        fn what_was_written_down_goes_on_the_same(
            counts in proptest::collection::vec(0u64..40, 700..900),
            stop in 600usize..690,
            burst in 0u64..5000,
        ) {
            let mut kept = Spikes::default();
            spikes(&mut kept, counts[..stop].iter().copied());
            let written = serde_json::to_string(&kept).expect("written");
            let mut read: Spikes = serde_json::from_str(&written).expect("read");
            for (index, count) in counts.iter().enumerate().skip(stop) {
                let count = count + if index > stop + 5 { burst } else { 0 };
                prop_assert_eq!(kept.observe(at(index), count), read.observe(at(index), count));
            }
        }
    }
}
