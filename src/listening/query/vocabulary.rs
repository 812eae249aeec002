//! Two tables that are asked for every word of every text, and so are as plain as tables can be: open addressing, a
//! multiplication for a hash, no allocation to look something up.

/// From <https://nnethercote.github.io/2021/12/08/a-brutally-effective-hash-function-in-rust.html>: good enough where the
/// key is a short word and nobody gains by choosing keys that collide; rules are the company's own.
const FACTOR: u64 = 0x517c_c1b7_2722_0a95;

/// The word's own bytes where they fit into a number, which then is the word; a hash of them where they do not.
/// There are at least sixteen bytes of padding behind the last token.
#[inline]
fn key(bytes: &[u8], start: usize, end: usize) -> u64 {
    let eight = |at: usize| {
        let eight = bytes.get(at..).and_then(<[u8]>::first_chunk);
        eight.map_or(0, |eight| u64::from_le_bytes(*eight))
    };
    let length = end - start;
    // Both halves are read whatever the length is: words are too different for a branch to be guessed.
    let first = eight(start) & FIRST[length.min(16)];
    let second = eight(start + 8) & FIRST[length.min(16).saturating_sub(8)];
    let mut key = first ^ second.wrapping_mul(FACTOR);
    let mut at = start + 16;
    while at < end {
        // The last eight bytes may have been read in part already.
        key = (key.rotate_left(5) ^ eight(at.min(end - 8))).wrapping_mul(FACTOR);
        at += 8;
    }
    key
}

/// So many of a number's lowest bytes, up to all eight.
const FIRST: [u64; 17] = {
    let mut masks = [u64::MAX; 17];
    let mut length = 0;
    while length < 8 {
        masks[length] = (1 << (8 * length)) - 1;
        length += 1;
    }
    masks
};

/// What is known of a word: its number and, in the highest bits, what it is for. Zero is a word that nobody asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Word(u32);

impl Word {
    /// A rule asks for the word itself.
    pub(super) const ASKED: u32 = 1 << 31;
    /// A phrase begins with it.
    pub(super) const BEGINS: u32 = 1 << 30;
    /// It stands in a phrase behind another word.
    pub(super) const FOLLOWS: u32 = 1 << 29;

    pub(super) fn id(self) -> u32 {
        self.0 & (Self::FOLLOWS - 1)
    }

    pub(super) fn is(self, what: u32) -> bool {
        self.0 & what != 0
    }
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    key: u64,
    /// Zero where the slot is free.
    length: u32,
    word: Word,
}

/// Word → number.
#[derive(Debug)]
pub(super) struct Vocabulary {
    slots: Vec<Slot>,
    /// By id; looked at only for words that are longer than their key.
    words: Vec<Box<[u8]>>,
    shift: u32,
}

impl Vocabulary {
    /// Words and what they are for; ids are given in order.
    pub(super) fn new(words: &[(String, u32)]) -> Self {
        let size = table_size(words.len());
        let free = Slot {
            key: 0,
            length: 0,
            word: Word::default(),
        };
        let mut vocabulary = Self {
            slots: vec![free; size],
            words: Vec::with_capacity(words.len()),
            shift: 64 - size.trailing_zeros(),
        };
        for (id, (word, purpose)) in (0..).zip(words) {
            let mut bytes = word.as_bytes().to_vec();
            bytes.extend_from_slice(&[0; super::tokens::PADDING]);
            let key = key(&bytes, 0, word.len());
            let mut at = vocabulary.first(key);
            while vocabulary.slots[at].length != 0 {
                at = (at + 1) % size;
            }
            vocabulary.slots[at] = Slot {
                key,
                length: u32::try_from(word.len()).unwrap_or(u32::MAX),
                word: Word(id | purpose),
            };
            vocabulary.words.push(word.as_bytes().into());
        }
        vocabulary
    }

    #[inline]
    fn first(&self, key: u64) -> usize {
        (key.wrapping_mul(FACTOR) >> self.shift) as usize
    }

    #[inline]
    pub(super) fn get(&self, bytes: &[u8], start: usize, end: usize) -> Word {
        let key = key(bytes, start, end);
        let mut at = self.first(key);
        while let Some(slot) = self.slots.get(at) {
            let same = slot.key == key && slot.length as usize == end - start;
            if same || slot.length == 0 {
                // A free slot's word is the one that nobody asks for.
                if end - start > 8 && same && *self.words[slot.word.id() as usize] != bytes[start..end] {
                    return self.get_slowly(&bytes[start..end]);
                }
                return slot.word;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        Word::default()
    }

    /// Two long words with one key: hardly ever.
    #[cold]
    fn get_slowly(&self, word: &[u8]) -> Word {
        let same = |slot: &&Slot| slot.length != 0 && *self.words[slot.word.id() as usize] == *word;
        self.slots
            .iter()
            .find(same)
            .map_or(Word::default(), |slot| slot.word)
    }

    pub(super) fn memory(&self) -> usize {
        let words: usize = self
            .words
            .iter()
            .map(|word| word.len() + size_of::<Box<[u8]>>())
            .sum();
        self.slots.len() * size_of::<Slot>() + words
    }
}

/// A power of two, at most a quarter full, so that the first look is nearly always the last.
fn table_size(entries: usize) -> usize {
    (entries * 4).next_power_of_two().max(64)
}

/// What stands at the end of a step from a node, by a word, through the tree of phrases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Next {
    /// The node, which is also the number of the term that ends here.
    pub(super) node: u32,
    /// A longer phrase goes on from here.
    pub(super) goes_on: bool,
}

/// (node, word) → node.
#[derive(Debug)]
pub(super) struct Steps {
    slots: Vec<(u64, Next)>,
    shift: u32,
}

const NO_STEP: u64 = u64::MAX;

impl Steps {
    pub(super) fn new(steps: &[(u32, u32, Next)]) -> Self {
        let size = table_size(steps.len());
        let free = Next {
            node: 0,
            goes_on: false,
        };
        let mut table = Self {
            slots: vec![(NO_STEP, free); size],
            shift: 64 - size.trailing_zeros(),
        };
        for (node, word, next) in steps {
            let key = Self::key(*node, *word);
            let mut at = table.first(key);
            while table.slots[at].0 != NO_STEP {
                at = (at + 1) % size;
            }
            table.slots[at] = (key, *next);
        }
        table
    }

    #[inline]
    fn key(node: u32, word: u32) -> u64 {
        u64::from(node) << 32 | u64::from(word)
    }

    #[inline]
    fn first(&self, key: u64) -> usize {
        ((key ^ key >> 29).wrapping_mul(FACTOR) >> self.shift) as usize
    }

    #[inline]
    pub(super) fn get(&self, node: u32, word: u32) -> Option<Next> {
        let key = Self::key(node, word);
        let mut at = self.first(key);
        loop {
            let (found, next) = self.slots.get(at)?;
            if *found == key {
                return Some(*next);
            }
            if *found == NO_STEP {
                return None;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    pub(super) fn memory(&self) -> usize {
        self.slots.len() * size_of::<(u64, Next)>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_whatever_its_length_and_no_other() {
        let words: Vec<_> = (1..400)
            .map(|n: u32| {
                (
                    "abcdefghij".repeat(9)[..n as usize % 40].to_owned() + &n.to_string(),
                    Word::ASKED,
                )
            })
            .collect();
        let vocabulary = Vocabulary::new(&words);
        for (id, (word, _)) in (0..).zip(&words) {
            let text = format!("..{word}{}", "\0".repeat(16));
            let found = vocabulary.get(text.as_bytes(), 2, 2 + word.len());
            assert_eq!((found.id(), found.is(Word::ASKED)), (id, true), "{word}");
            let longer = format!("{word}x{}", "\0".repeat(16));
            let found = vocabulary.get(longer.as_bytes(), 0, word.len() + 1);
            assert_eq!(found, Word::default(), "{word}x");
        }
    }

    #[test]
    fn every_step_is_found_and_no_other() {
        let next = |node| Next {
            node,
            goes_on: node % 2 == 0,
        };
        let steps: Vec<_> = (0..500).map(|n| (n % 7, n, next(n))).collect();
        let table = Steps::new(&steps);
        for (node, word, next) in steps {
            assert_eq!(table.get(node, word), Some(next));
            assert_eq!(table.get(node + 7, word), None);
        }
    }
}
