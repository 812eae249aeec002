//! The script most letters of a text belong to, and the language it stands for.

/// What the script says.
#[derive(Debug, PartialEq)]
pub(super) enum Script {
    Latin,
    /// The language, and the letters that settled it where the script is shared.
    Other(&'static str, Option<String>),
}

/// The languages that are told by script and letters.
pub(super) const LANGUAGES: [&str; 37] = [
    "ru", "uk", "be", "bg", "sr", "mk", "kk", "ar", "fa", "ur", "he", "el", "hy", "ka", "th", "lo", "my",
    "km", "si", "am", "bo", "hi", "mr", "bn", "pa", "gu", "or", "ta", "te", "kn", "ml", "ja", "zh", "ko",
    "dv", "mn", "chr",
];

/// First and last letter, and the language that stands for the block.
const BLOCKS: &[(char, char, &str)] = &[
    ('\u{0370}', '\u{03ff}', "el"),
    ('\u{0400}', '\u{052f}', "ru"),
    ('\u{0530}', '\u{058f}', "hy"),
    ('\u{0590}', '\u{05ff}', "he"),
    ('\u{0600}', '\u{06ff}', "ar"),
    ('\u{0750}', '\u{077f}', "ar"),
    ('\u{0780}', '\u{07bf}', "dv"),
    ('\u{0900}', '\u{097f}', "hi"),
    ('\u{0980}', '\u{09ff}', "bn"),
    ('\u{0a00}', '\u{0a7f}', "pa"),
    ('\u{0a80}', '\u{0aff}', "gu"),
    ('\u{0b00}', '\u{0b7f}', "or"),
    ('\u{0b80}', '\u{0bff}', "ta"),
    ('\u{0c00}', '\u{0c7f}', "te"),
    ('\u{0c80}', '\u{0cff}', "kn"),
    ('\u{0d00}', '\u{0d7f}', "ml"),
    ('\u{0d80}', '\u{0dff}', "si"),
    ('\u{0e00}', '\u{0e7f}', "th"),
    ('\u{0e80}', '\u{0eff}', "lo"),
    ('\u{0f00}', '\u{0fff}', "bo"),
    ('\u{1000}', '\u{109f}', "my"),
    ('\u{10a0}', '\u{10ff}', "ka"),
    ('\u{1100}', '\u{11ff}', "ko"),
    ('\u{1200}', '\u{139f}', "am"),
    ('\u{13a0}', '\u{13ff}', "chr"),
    ('\u{1780}', '\u{17ff}', "km"),
    ('\u{1800}', '\u{18af}', "mn"),
    ('\u{1f00}', '\u{1fff}', "el"),
    ('\u{3040}', '\u{30ff}', "ja"),
    ('\u{3130}', '\u{318f}', "ko"),
    ('\u{3400}', '\u{4dbf}', "zh"),
    ('\u{4e00}', '\u{9fff}', "zh"),
    ('\u{ab70}', '\u{abbf}', "chr"),
    ('\u{ac00}', '\u{d7af}', "ko"),
    ('\u{f900}', '\u{faff}', "zh"),
    ('\u{fb1d}', '\u{fb4f}', "he"),
    ('\u{fb50}', '\u{fdff}', "ar"),
    ('\u{fe70}', '\u{feff}', "ar"),
    ('\u{ff66}', '\u{ff9f}', "ja"),
    ('\u{20000}', '\u{323af}', "zh"),
];

/// Where languages share a script: the block's language, another, and letters that the other has and the first lacks.
/// The first line that holds wins, so that a language stands before those whose letters it shares.
const LETTERS: &[(&str, &str, &str)] = &[
    ("ru", "kk", "әғқңөұүһ"),
    ("ru", "be", "ў"),
    ("ru", "uk", "їєґ"),
    ("ru", "mk", "ѓќѕ"),
    ("ru", "sr", "ђћљњџј"),
    // Latin letters in Cyrillic words: some keyboards have no other.
    ("ru", "uk", "іiï"),
    ("ar", "ur", "ٹڈڑںے"),
    ("ar", "fa", "پچژ"),
    ("hi", "mr", "ळ"),
];

/// The script of most letters; None where there is no letter.
pub(super) fn of(text: &str) -> Option<Script> {
    let mut latin = 0_usize;
    let mut counts: [usize; BLOCKS.len()] = [0; BLOCKS.len()];
    let mut last = 0;
    for letter in text.chars() {
        if letter.is_ascii_alphabetic() {
            latin += 1;
        } else if !letter.is_ascii() {
            match letter {
                '\u{00c0}'..='\u{024f}' | '\u{1e00}'..='\u{1eff}' => latin += 1,
                _ => {
                    let (from, to, _) = BLOCKS[last];
                    if !(from..=to).contains(&letter) {
                        let place = BLOCKS.partition_point(|(_, to, _)| *to < letter);
                        match BLOCKS.get(place) {
                            Some((from, _, _)) if *from <= letter => last = place,
                            _ => continue,
                        }
                    }
                    counts[last] += 1;
                }
            }
        }
    }
    let block = |tag: &str| -> usize {
        let counted = BLOCKS.iter().zip(counts).filter(|((_, _, own), _)| *own == tag);
        counted.map(|(_, count)| count).sum()
    };
    let most = (0..BLOCKS.len()).max_by_key(|place| counts[*place])?;
    // A sign of Chinese holds about what three letters do.
    let weight = if matches!(BLOCKS[most].2, "zh" | "ja" | "ko") {
        3
    } else {
        1
    };
    if counts[most] * weight < latin || counts[most] == 0 {
        return (latin > 0).then_some(Script::Latin);
    }
    // Japanese mixes Chinese signs with its own; a single の is an ornament.
    let tag = match BLOCKS[most].2 {
        "zh" if block("ja") * 10 > counts[most] => "ja",
        tag => tag,
    };
    Some(shared(text, tag))
}

/// Looks for the letters that tell languages of one script apart.
fn shared(text: &str, tag: &'static str) -> Script {
    let lower = match tag {
        "ru" => std::borrow::Cow::Owned(text.to_lowercase()),
        _ => std::borrow::Cow::Borrowed(text),
    };
    for (_, other, letters) in LETTERS.iter().filter(|(of, _, _)| *of == tag) {
        let found: String = lower.chars().filter(|c| letters.contains(*c)).collect();
        if !found.is_empty() {
            return Script::Other(other, Some(found));
        }
    }
    // Bulgarian has no letter of its own, but ъ between consonants, which is rare in Russian, and none of ы and э.
    let hard = lower.chars().filter(|c| *c == 'ъ').count();
    if tag == "ru" && hard > 0 && !lower.contains(['ы', 'э', 'ё']) {
        return Script::Other("bg", Some("ъ".repeat(hard)));
    }
    Script::Other(tag, None)
}
