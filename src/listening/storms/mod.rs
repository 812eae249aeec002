//! Storms: posts that say the same thing in nearly the same words gather under the first of them. Retweets, copied texts,
//! one complaint passed on with a word of one's own; not the same grievance told in other words.
//!
//! Of a text that quotes another (“RT @jane: …”, “@jane: …”) what it quotes counts, so that everybody who passes a post on with
//! a remark gathers with it. A text is the set of its words and of its pairs of neighbouring words; two texts are as alike as
//! the share these sets have in common. MinHash finds the candidates: of each set only the least values under 32 hashes are
//! kept, in 16 bands of two, and texts that agree in a band are compared in full. So the cost of a post does not grow with the
//! posts before it. What is older than the window is forgotten.

use std::collections::{HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashMap;

mod likeness;

pub(super) use likeness::LEAST_WORDS;
use likeness::{BANDS, alike, bands, features};

/// Texts that are this alike belong together.
pub(super) const ALIKE: f64 = 0.5;
/// A post that is less alike than this to what is known of its storm is kept, so that the next can be like it.
const OTHER: f64 = 0.8;
/// So many posts of one storm are kept to compare with.
const KEPT: usize = 8;
/// So many of the newest posts with an equal band are compared.
const COMPARED: usize = 4;
const NONE: u32 = u32::MAX;
/// No more posts than this are kept, whatever the window.
const MOST: usize = 100_000;

/// What an earlier post has to do with this one.
#[derive(Clone, Debug, PartialEq)]
pub struct Gathered<'a> {
    /// The first post of the storm.
    pub leader: &'a str,
    /// Posts in the storm, this one and the first included.
    pub posts: usize,
    /// The share this post has in common with the one it is most like.
    pub alike: f64,
}

pub struct Storms {
    window: SignedDuration,
    posts: FxHashMap<u32, Post>,
    /// When a post was last of use, oldest first; posts that were of use again stand in it again.
    ages: VecDeque<(Timestamp, u32)>,
    /// The newest posts with an equal band; [`NONE`] where there are fewer.
    bands: FxHashMap<u32, [u32; COMPARED]>,
    storms: FxHashMap<u32, Storm>,
    next: u32,
}

struct Post {
    storm: u32,
    used: Timestamp,
    features: Vec<u32>,
    bands: [u32; BANDS],
}

struct Storm {
    leader: String,
    posts: usize,
    kept: usize,
}

impl Storms {
    pub fn new(window: SignedDuration) -> Self {
        Self {
            window,
            posts: HashMap::default(),
            ages: VecDeque::new(),
            bands: HashMap::default(),
            storms: HashMap::default(),
            next: 0,
        }
    }

    /// Takes a post; posts come in the order of time. None if it is the first to say so.
    pub fn observe(&mut self, id: &str, text: &str, at: Timestamp) -> Option<Gathered<'_>> {
        self.forget(at);
        let features = features(text)?;
        let bands = bands(&features);
        let nearest = self.nearest(&features, &bands);
        let Some((like, alike)) = nearest else {
            let storm = self.next;
            self.keep(storm, at, features, bands);
            let first = Storm {
                leader: id.to_owned(),
                posts: 1,
                kept: 1,
            };
            self.storms.insert(storm, first);
            return None;
        };
        let post = self.posts.get_mut(&like)?;
        let number = post.storm;
        post.used = at;
        self.ages.push_back((at, like));
        let storm = self.storms.get_mut(&number)?;
        storm.posts += 1;
        if alike < OTHER && storm.kept < KEPT {
            storm.kept += 1;
            self.keep(number, at, features, bands);
        }
        let storm = self.storms.get(&number)?;
        Some(Gathered {
            leader: &storm.leader,
            posts: storm.posts,
            alike,
        })
    }

    fn nearest(&self, features: &[u32], bands: &[u32; BANDS]) -> Option<(u32, f64)> {
        let mut candidates: Vec<u32> = bands
            .iter()
            .filter_map(|band| self.bands.get(band))
            .flatten()
            .copied()
            .filter(|key| *key != NONE)
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        candidates
            .into_iter()
            .filter_map(|key| Some((key, alike(features, &self.posts.get(&key)?.features))))
            .filter(|(_, alike)| *alike >= ALIKE)
            .max_by(|(_, a), (_, b)| a.total_cmp(b))
    }

    fn keep(&mut self, storm: u32, at: Timestamp, features: Vec<u32>, bands: [u32; BANDS]) {
        let key = self.next;
        // After four billion posts it begins anew; by then the first are long forgotten.
        self.next = self.next.wrapping_add(1) % NONE;
        for band in bands {
            let posts = self.bands.entry(band).or_insert([NONE; COMPARED]);
            posts.rotate_right(1);
            posts[0] = key;
        }
        self.ages.push_back((at, key));
        let post = Post {
            storm,
            used: at,
            features,
            bands,
        };
        self.posts.insert(key, post);
    }

    /// Drops what was of no use for a window, and the oldest if there is too much.
    fn forget(&mut self, now: Timestamp) {
        while let Some((at, key)) = self.ages.front().copied() {
            let old = now.duration_since(at) > self.window;
            if !old && self.ages.len() <= MOST {
                return;
            }
            self.ages.pop_front();
            if self.posts.get(&key).is_some_and(|post| post.used <= at) {
                self.drop_post(key);
            }
        }
    }

    fn drop_post(&mut self, key: u32) {
        let Some(post) = self.posts.remove(&key) else {
            return;
        };
        for band in post.bands {
            if let Some(posts) = self.bands.get_mut(&band) {
                for post in posts.iter_mut().filter(|post| **post == key) {
                    *post = NONE;
                }
                if posts.iter().all(|post| *post == NONE) {
                    self.bands.remove(&band);
                }
            }
        }
        if let Some(storm) = self.storms.get_mut(&post.storm) {
            storm.kept -= 1;
            if storm.kept == 0 {
                self.storms.remove(&post.storm);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + seconds).expect("a time")
    }

    fn storms() -> Storms {
        Storms::new(SignedDuration::from_hours(24))
    }

    const COMPLAINT: &str = "Your app has been down since this morning and nobody tells us anything";

    #[test]
    fn retweets_and_copies_gather_under_the_first() {
        let mut storms = storms();
        assert_eq!(storms.observe("1", COMPLAINT, at(0)), None);
        assert_eq!(
            storms.observe("2", "The parcel arrived in one piece, thank you all", at(1)),
            None
        );
        for (number, text) in [
            format!("RT @jane: {COMPLAINT}"),
            format!("@acme {}!! https://t.co/x", COMPLAINT.to_uppercase()),
            "Your app has been down since this morning, and nobody tells us anything at all!! Great job"
                .to_owned(),
            COMPLAINT.replace("this morning", "yesterday"),
        ]
        .iter()
        .enumerate()
        {
            let gathered = storms.observe("n", text, at(2)).expect(text);
            assert_eq!((gathered.leader, gathered.posts), ("1", number + 2), "{text}");
            assert!(gathered.alike >= ALIKE);
        }
    }

    #[test]
    fn what_is_passed_on_counts_and_not_the_remark() {
        for (text, what) in [
            ("RT @jane: we moved", Some(" we moved")),
            ("so true! RT @jane we moved", Some(" we moved")),
            ("“@jane: we moved” oh no, not again", Some(" we moved")),
            ("lol \"@jane: we moved\" indeed", Some(" we moved")),
            ("RT @a: RT @b: we moved", Some(" we moved")),
            ("look @jane: we moved", Some(" we moved")),
            ("@acme: where is my bag", None),
            ("@acme where is @jane", None),
            ("we moved @", None),
        ] {
            assert_eq!(likeness::quoted(text), what, "{text}");
        }
        let mut storms = storms();
        storms.observe("1", "wow RT @acme: We are on fleek", at(0));
        let other = "“@acme: We are on fleek” is the worst any brand has done in years, and I have seen some";
        assert_eq!(
            storms.observe("2", other, at(1)).map(|gathered| gathered.posts),
            Some(2)
        );
    }

    #[test]
    fn short_texts_and_other_words_do_not_gather() {
        let mut storms = storms();
        for text in [
            "@acme thank you so much",
            "@bolt thank you so much",
            COMPLAINT,
            "Is the app down? It has not worked for me since breakfast",
            "Your plane has been late since this evening and somebody tells you everything",
        ] {
            assert_eq!(storms.observe("n", text, at(0)), None, "{text}");
        }
    }

    #[test]
    fn a_storm_lasts_while_it_blows_and_is_forgotten_after() {
        let mut storms = storms();
        storms.observe("1", COMPLAINT, at(0));
        let hour = 3600;
        for hours in [20, 40, 60] {
            let gathered = storms
                .observe("n", COMPLAINT, at(hours * hour))
                .expect("gathered");
            assert_eq!(gathered.leader, "1");
        }
        assert_eq!(storms.observe("9", COMPLAINT, at(85 * hour)), None);
        storms.observe("10", "nothing of that kind was ever said before", at(200 * hour));
        assert_eq!(
            (storms.posts.len(), storms.storms.len(), storms.ages.len()),
            (1, 1, 1)
        );
        assert_eq!(storms.bands.len(), BANDS);
    }

    proptest! {
        #[test]
        fn a_copy_is_always_found_and_two_sets_are_alike_both_ways(text in "([a-z]{1,6} ){6,20}", other in "([a-c]{1,2} ){6,20}") {
            let mut storms = storms();
            prop_assert_eq!(storms.observe("1", &text, at(0)), None);
            let gathered = storms.observe("2", &text, at(1)).expect("the same text");
            prop_assert_eq!(gathered, Gathered { leader: "1", posts: 2, alike: 1.0 });
            let (a, b) = (features(&text).expect("words"), features(&other).expect("words"));
            prop_assert_eq!(alike(&a, &b), alike(&b, &a));
        }
    }
}
