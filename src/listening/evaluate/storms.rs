//! Do repetitions gather, and nothing else? Compares with an exact comparison of all pairs, and with pairs that people judged.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use crate::listening::plain::spoken;
use crate::listening::storms::{ALIKE, LEAST_WORDS, Storms};

pub struct Post {
    pub id: String,
    pub at: Timestamp,
    pub text: String,
}

/// Two posts, and whether a person finds that they say the same in nearly the same words.
pub struct Pair {
    pub earlier: String,
    pub later: String,
    pub same: bool,
}

/// What was said, and what was right.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Count {
    pub said: usize,
    pub right: usize,
}

impl Count {
    pub fn share(self) -> Option<f64> {
        (self.said > 0).then(|| self.right as f64 / self.said as f64)
    }

    fn count(&mut self, right: bool) {
        self.said += 1;
        self.right += usize::from(right);
    }
}

/// For each post the place of its storm's first, itself if it stands alone or leads.
pub struct Found {
    leaders: Vec<usize>,
}

/// Takes the posts one at a time, as they came.
pub fn gather(posts: &[Post], window: SignedDuration) -> Found {
    let mut storms = Storms::new(window);
    let places: HashMap<&str, usize> = (0..)
        .zip(posts)
        .map(|(place, post)| (post.id.as_str(), place))
        .collect();
    let leaders = (0..).zip(posts).map(|(place, post)| {
        let gathered = storms.observe(&post.id, &post.text, post.at);
        gathered
            .and_then(|gathered| places.get(gathered.leader).copied())
            .unwrap_or(place)
    });
    Found {
        leaders: leaders.collect(),
    }
}

impl Found {
    pub fn gathered(&self) -> usize {
        (0..)
            .zip(&self.leaders)
            .filter(|(place, leader)| place != *leader)
            .count()
    }

    pub fn storms(&self) -> usize {
        let gathered = (0..)
            .zip(&self.leaders)
            .filter(|(place, leader)| place != *leader);
        gathered.map(|(_, leader)| leader).collect::<HashSet<_>>().len()
    }

    /// Of the posts gathered, those that share half the words of the shorter with an earlier one of their storm.
    pub fn precision(&self, posts: &[Post]) -> Count {
        let mut storms: HashMap<usize, Vec<BTreeSet<String>>> = HashMap::new();
        let mut count = Count::default();
        for ((place, post), leader) in (0..).zip(posts).zip(&self.leaders) {
            let own: BTreeSet<String> = words(&post.text).into_iter().collect();
            let earlier = storms.entry(*leader).or_default();
            if place != *leader {
                count.count(earlier.iter().any(|other| {
                    let shared = own.intersection(other).count();
                    shared * 2 >= own.len().min(other.len())
                }));
            }
            earlier.push(own);
        }
        count
    }

    /// Of the posts that are alike to an earlier one within the window, those that gathered with such a one. Every pair is looked at.
    pub fn recall(&self, posts: &[Post], window: SignedDuration) -> Count {
        let mut count = Count::default();
        let mut sizes = Vec::with_capacity(posts.len());
        // Texts without a common pair of words cannot be alike: words alone are at most half of both sets.
        let mut by_feature: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, post) in posts.iter().enumerate() {
            let words = words(&post.text);
            let mut features: HashSet<String> = words.iter().cloned().collect();
            features.extend(words.windows(2).map(|pair| pair.join(" ")));
            if words.len() < LEAST_WORDS {
                features.clear();
            }
            sizes.push(features.len());
            let mut shared: HashMap<usize, usize> = HashMap::new();
            for feature in &features {
                let others = by_feature.entry(feature.clone()).or_default();
                for other in others.iter() {
                    *shared.entry(*other).or_default() += 1;
                }
                others.push(place);
            }
            let alike: Vec<usize> = shared
                .into_iter()
                .filter(|(other, shared)| {
                    let all = sizes[place] + sizes[*other] - shared;
                    *shared as f64 / all as f64 >= ALIKE && post.at.duration_since(posts[*other].at) <= window
                })
                .map(|(other, _)| other)
                .collect();
            if !alike.is_empty() {
                let with = alike
                    .iter()
                    .any(|other| self.leaders[*other] == self.leaders[place]);
                count.count(with);
            }
        }
        count
    }

    /// Precision and recall over pairs that a person judged; pairs of posts that are not there are left out.
    pub fn judged(&self, posts: &[Post], pairs: &[Pair]) -> (Count, Count) {
        let places: HashMap<&str, usize> = (0..)
            .zip(posts)
            .map(|(place, post)| (post.id.as_str(), place))
            .collect();
        let (mut precision, mut recall) = (Count::default(), Count::default());
        for pair in pairs {
            let (Some(a), Some(b)) = (places.get(pair.earlier.as_str()), places.get(pair.later.as_str()))
            else {
                continue;
            };
            let together = self.leaders[*a] == self.leaders[*b];
            if together {
                precision.count(pair.same);
            }
            if pair.same {
                recall.count(together);
            }
        }
        (precision, recall)
    }
}

fn words(text: &str) -> Vec<String> {
    let spoken = spoken(text).to_lowercase();
    let words = spoken.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’'));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_gathers_and_what_should_is_counted() {
        let post = |(number, text): (i64, &str)| Post {
            id: number.to_string(),
            at: Timestamp::from_second(1_700_000_000 + number).expect("a time"),
            text: text.to_owned(),
        };
        let posts: Vec<Post> = (0..)
            .zip([
                "the app is down since eight in the morning",
                "RT @jane: the app is down since eight in the morning",
                "my bag went to Oslo and I did not",
                "the app is down since nine in the morning!",
            ])
            .map(post)
            .collect();
        let window = SignedDuration::from_hours(24);
        let found = gather(&posts, window);
        assert_eq!((found.storms(), found.gathered()), (1, 2));
        let all = Count { said: 2, right: 2 };
        assert_eq!(
            (found.precision(&posts), found.recall(&posts, window)),
            (all, all)
        );
        let alone = Found {
            leaders: vec![0, 1, 2, 3],
        };
        assert_eq!(alone.recall(&posts, window), Count { said: 2, right: 0 });
        let wrong = Found {
            leaders: vec![0, 0, 0, 0],
        };
        assert_eq!(wrong.precision(&posts), Count { said: 3, right: 2 });
        let pair = |earlier: &str, later: &str, same| Pair {
            earlier: earlier.to_owned(),
            later: later.to_owned(),
            same,
        };
        let pairs = [
            pair("0", "1", true),
            pair("0", "2", true),
            pair("1", "3", false),
            pair("0", "77", true),
        ];
        let half = Count { said: 2, right: 1 };
        assert_eq!(found.judged(&posts, &pairs), (half, half));
    }
}
