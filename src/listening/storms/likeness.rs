//! How alike two posts are, and by which marks likely candidates are found.

use crate::listening::plain::spoken;

pub(super) const BANDS: usize = 16;
/// Hashes in a band.
const ROWS: usize = 2;
/// Shorter texts are alike by chance: “thank you for the update”.
pub(crate) const LEAST_WORDS: usize = 6;
/// A quotation is a repetition by itself, so it may be shorter.
const LEAST_QUOTED: usize = 3;

/// The words of a text and the pairs of neighbours, as sorted hashes; None if it is too short to be like another.
pub(super) fn features(text: &str) -> Option<Vec<u32>> {
    let quoted = quoted(text).and_then(|quoted| set(quoted, LEAST_QUOTED));
    quoted.or_else(|| set(text, LEAST_WORDS))
}

fn set(text: &str, least: usize) -> Option<Vec<u32>> {
    let lower = spoken(text).to_lowercase();
    let words: Vec<u32> = lower
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’'))
        .filter(|word| !word.is_empty())
        .map(hash)
        .collect();
    if words.len() < least {
        return None;
    }
    let mut features = words.clone();
    features.extend(words.windows(2).map(|pair| mix(pair[0], pair[1])));
    features.sort_unstable();
    features.dedup();
    Some(features)
}

/// What a text quotes of another: after the last `RT @handle`, or `@handle:` that is not its first word, up to the closing mark.
pub(super) fn quoted(text: &str) -> Option<&str> {
    let mut found = None;
    for (at, _) in text.match_indices('@') {
        let (before, after) = (text[..at].trim_end(), &text[at + 1..]);
        let handle = after
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(after.len());
        let (rest, opened) = (&after[handle..], before.ends_with(['“', '"']));
        let passed_on = before.trim_end_matches(['“', '"']).trim_end().ends_with("RT");
        let rest = match rest.strip_prefix(':') {
            Some(rest) if opened || passed_on || !before.is_empty() => rest,
            _ if passed_on => rest,
            _ => continue,
        };
        found = Some(match opened {
            true => rest.split(['”', '"']).next().unwrap_or(rest),
            false => rest.trim_end_matches(['”', '"']),
        });
    }
    found
}

pub(super) fn bands(features: &[u32]) -> [u32; BANDS] {
    let mut bands = [0; BANDS];
    for (number, band) in (1_u32..).zip(bands.iter_mut()) {
        let mut least = [u32::MAX; ROWS];
        for feature in features {
            for (row, least) in (0_u32..).zip(least.iter_mut()) {
                *least = (*least).min(mix(*feature, number * ROWS as u32 + row));
            }
        }
        *band = mix(mix(least[0], least[1]), number);
    }
    bands
}

/// The size of what two sets share, over that of both together.
pub(super) fn alike(a: &[u32], b: &[u32]) -> f64 {
    let (mut i, mut j, mut shared) = (0, 0, 0_usize);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        i += usize::from(x <= y);
        j += usize::from(y <= x);
        shared += usize::from(x == y);
    }
    shared as f64 / (a.len() + b.len() - shared) as f64
}

/// FNV-1a.
fn hash(word: &str) -> u32 {
    word.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

fn mix(a: u32, b: u32) -> u32 {
    let mut mixed = (u64::from(a) ^ u64::from(b) << 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^= mixed >> 32;
    mixed = mixed.wrapping_mul(0xd6e8_feb8_6659_fd93);
    (mixed >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listening::storms::ALIKE;

    #[test]
    fn bands_find_what_is_alike() {
        // Every pair of texts that share at least half, out of many that differ in some words.
        let text = |changed: usize| -> String {
            let words = (0..12).map(|word| match word < changed {
                true => format!("other{changed}x{word}"),
                false => format!("word{word}"),
            });
            words.collect::<Vec<_>>().join(" ")
        };
        let own = features(&text(0)).expect("features");
        for changed in 1..=6 {
            let other = features(&text(changed)).expect("features");
            let alike = alike(&own, &other);
            let met = bands(&own).iter().zip(bands(&other)).any(|(a, b)| *a == b);
            assert!(met || alike < ALIKE, "{changed} words changed, {alike} alike");
        }
    }
}
