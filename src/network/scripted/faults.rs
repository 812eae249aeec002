//! What goes wrong on purpose, so that tests can see Switchboard meet a network that fails. The same seed fails in the
//! same places, whatever the clock says.

use serde::Deserialize;

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Faults {
    /// This many publishes are refused with a passing error, and nothing is posted.
    pub fail_next: u64,
    /// The share of publishes, from 0 to 1, that are posted and whose answer is lost.
    pub uncertain: f64,
    /// Which ones those are.
    pub seed: u64,
    /// How long every publish takes, in milliseconds, before it is posted.
    pub latency_ms: u64,
    /// Nobody can look for an earlier reply.
    pub blind: bool,
}

/// What becomes of one publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Posted,
    Refused,
    AnswerLost,
}

impl Faults {
    pub(super) fn problems(&self) -> Vec<String> {
        if (0.0..=1.0).contains(&self.uncertain) {
            Vec::new()
        } else {
            vec![format!(
                "faults.uncertain: {} is not a share from 0 to 1",
                self.uncertain
            )]
        }
    }

    /// The fate of the `number`th publish since the start.
    pub(super) fn fate(&self, number: u64) -> Fate {
        if number < self.fail_next {
            return Fate::Refused;
        }
        // 53 bits make an evenly spread fraction of one.
        let share = (mixed(self.seed ^ mixed(number)) >> 11) as f64 / (1_u64 << 53) as f64;
        if share < self.uncertain {
            Fate::AnswerLost
        } else {
            Fate::Posted
        }
    }
}

/// SplitMix64's finisher (<https://prng.di.unimi.it/splitmix64.c>): neighbouring numbers come out unlike.
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_met_and_the_seed_repeats() {
        let faults = Faults {
            uncertain: 0.3,
            seed: 7,
            fail_next: 2,
            ..Faults::default()
        };
        let fates: Vec<_> = (0..10_002).map(|number| faults.fate(number)).collect();
        assert_eq!(fates[..2], [Fate::Refused, Fate::Refused]);
        let lost = fates.iter().filter(|fate| **fate == Fate::AnswerLost).count();
        assert!((2_800..3_200).contains(&lost), "{lost}");
        assert_eq!(
            fates,
            (0..10_002).map(|number| faults.fate(number)).collect::<Vec<_>>()
        );
        assert!((0..100).all(|number| Faults::default().fate(number) == Fate::Posted));
    }
}
