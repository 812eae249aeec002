//! In which language is a text? Says so only with a reason, and how sure it is.
//!
//! A script that one language owns settles it. Among the languages that share one, letters do (`ї` is Ukrainian, `پ` Persian).
//! In Latin letters three witnesses are heard: `whichlang`, a linear model over groups of letters, fast but at home in ten
//! of the languages only; the little words of each language; and letters that a language has or lacks.

use std::collections::HashMap;
use std::sync::LazyLock;

mod script;
mod words;

use rustc_hash::FxBuildHasher;
use script::Script;
use words::LATIN;

/// The language of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Detected {
    /// A BCP 47 tag: `de`; `hi-Latn` for Hindi in Latin letters.
    pub tag: &'static str,
    /// The share of texts with as much evidence in which the answer was right, about; docs/listening.md has the measurement.
    pub confidence: f64,
    pub reason: Reason,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// The script belongs to the language.
    Script,
    /// These letters do.
    Letters(String),
    /// These words do.
    Words(Vec<String>),
    /// The groups of letters look like it.
    Spelling,
}

/// What whichlang's answer is worth beside words and letters.
const SPELLING: f64 = 1.5;
const SISTER: f64 = 1.2;
/// What a word counts that only one language has; shared words count less.
const WORD: f64 = 1.0;
/// What the beginning or end of a word counts.
const PART: f64 = 0.5;
/// What each letter counts that a language has, and costs that it lacks.
const LETTER: f64 = 0.3;
const FOREIGN: f64 = 0.8;
/// No number of letters counts more than this.
const LETTERS: f64 = 3.0;

/// So many bytes without a known word are enough.
const ENOUGH: f64 = 25.0;

/// Which of [`LATIN`] have a word or a letter, as bits.
type Set = u64;

struct Tables {
    words: HashMap<&'static str, Set, FxBuildHasher>,
    starts: HashMap<&'static str, Set, FxBuildHasher>,
    ends: HashMap<&'static str, Set, FxBuildHasher>,
    letters: HashMap<char, Set, FxBuildHasher>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables {
        words: HashMap::default(),
        starts: HashMap::default(),
        ends: HashMap::default(),
        letters: HashMap::default(),
    };
    for (place, (_, letters, words)) in LATIN.iter().enumerate() {
        for word in words.split_whitespace() {
            let (table, word) = match (word.strip_suffix('-'), word.strip_prefix('-')) {
                (Some(start), _) => (&mut tables.starts, start),
                (_, Some(end)) => (&mut tables.ends, end),
                _ => (&mut tables.words, word),
            };
            *table.entry(word).or_insert(0) |= 1 << place;
        }
        for letter in letters.chars() {
            *tables.letters.entry(letter).or_insert(0) |= 1 << place;
        }
    }
    tables
});

impl Tables {
    /// Tells which languages have a word; where none has, which have its beginning and its end.
    fn heard(&self, token: &str, mut tell: impl FnMut(Set, f64)) {
        if let Some(set) = self.words.get(token) {
            return tell(*set, WORD);
        }
        // The longest that is known counts.
        let mut places = token.char_indices().map(|(at, _)| at).skip(2);
        let (third, fourth) = (places.next(), places.next());
        if fourth.is_none() {
            return;
        }
        let fifth = places.next();
        let starts = [fifth, fourth, third].into_iter().flatten();
        if let Some(set) = starts
            .map(|at| &token[..at])
            .find_map(|start| self.starts.get(start))
        {
            tell(*set, PART);
        }
        let mut places = token.char_indices().rev().map(|(at, _)| at).skip(1);
        let second = places.next();
        let (third, fourth) = (places.next(), places.next());
        let ends = [fourth, third, second].into_iter().flatten();
        if let Some(set) = ends.map(|at| &token[at..]).find_map(|end| self.ends.get(end)) {
            tell(*set, PART);
        }
    }
}

/// The languages that can be told apart.
pub fn languages() -> Vec<&'static str> {
    let mut all: Vec<_> = LATIN.iter().map(|(tag, _, _)| *tag).collect();
    all.extend(script::LANGUAGES);
    all
}

/// The language of a text, handles and links taken out before ([`super::plain::spoken`]). None if there is no letter.
pub fn detect(text: &str) -> Option<Detected> {
    match script::of(text)? {
        Script::Latin => Some(latin(text)),
        Script::Other(tag, None) => Some(Detected {
            tag,
            confidence: 0.99,
            reason: Reason::Script,
        }),
        Script::Other(tag, Some(letters)) => Some(Detected {
            tag,
            confidence: 0.95,
            reason: Reason::Letters(letters),
        }),
    }
}

fn latin(text: &str) -> Detected {
    let mut scores = [0.0_f64; LATIN.len()];
    let mut letters = [0.0_f64; LATIN.len()];
    let lower = text.to_lowercase();
    let mut foreign = 0.0;
    for token in tokens(&lower) {
        TABLES.heard(token, |set, worth| {
            let worth = worth / f64::from(set.count_ones());
            each(set, |place| scores[place] += worth);
        });
    }
    for letter in lower.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()) {
        let vietnamese = ('\u{1ea0}'..='\u{1ef9}').contains(&letter);
        let set = match vietnamese {
            true => 1 << place_of("vi"),
            false => TABLES.letters.get(&letter).copied().unwrap_or(0),
        };
        // A letter that no language of ours has says nothing.
        if set != 0 {
            foreign += FOREIGN;
            each(set, |place| letters[place] += LETTER + FOREIGN);
        }
    }
    let spelled = place_of(spelling(text));
    scores[spelled] += SPELLING;
    if LATIN[spelled].0 == "sv" {
        // To whichlang, Danish and Norwegian look like Swedish.
        scores[place_of("da")] += SISTER;
        scores[place_of("nb")] += SISTER;
    }
    for (score, letters) in scores.iter_mut().zip(letters) {
        *score += (letters - foreign).clamp(-LETTERS, LETTERS);
    }
    let best = (0..LATIN.len())
        .max_by(|a, b| scores[*a].total_cmp(&scores[*b]))
        .unwrap_or(spelled);
    let second = (0..LATIN.len())
        .filter(|place| *place != best)
        .map(|place| scores[place])
        .fold(f64::MIN, f64::max);
    let reason = reason(&lower, best);
    let mut confidence = (0.45 + 0.22 * (scores[best] - second)).min(0.98);
    if !matches!(reason, Reason::Words(_)) {
        // Spelling alone needs some text to go by.
        confidence *= (lower.len() as f64 / ENOUGH).clamp(0.4, 1.0);
    }
    Detected {
        tag: LATIN[best].0,
        confidence,
        reason,
    }
}

/// The words of a text in lower case; hashtags are often in another language.
fn tokens(lower: &str) -> impl Iterator<Item = &str> {
    lower
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '#' | '_'))
        .filter(|token| !token.is_empty() && !token.starts_with('#'))
}

fn reason(lower: &str, place: usize) -> Reason {
    let has = |set: Option<&Set>| set.is_some_and(|set| set >> place & 1 == 1);
    let mut words: Vec<&str> = tokens(lower)
        .filter(|token| has(TABLES.words.get(token)))
        .collect();
    words.sort_unstable();
    words.dedup();
    if !words.is_empty() {
        return Reason::Words(words.into_iter().map(str::to_owned).collect());
    }
    let mut letters: Vec<char> = lower
        .chars()
        .filter(|c| !c.is_ascii() && has(TABLES.letters.get(c)))
        .collect();
    letters.sort_unstable();
    letters.dedup();
    match letters.is_empty() {
        true => Reason::Spelling,
        false => Reason::Letters(letters.into_iter().collect()),
    }
}

fn each(mut set: Set, mut tell: impl FnMut(usize)) {
    while set != 0 {
        tell(set.trailing_zeros() as usize);
        set &= set - 1;
    }
}

fn place_of(tag: &str) -> usize {
    LATIN.iter().position(|(own, _, _)| *own == tag).unwrap_or(0)
}

fn spelling(text: &str) -> &'static str {
    use whichlang::Lang;
    match whichlang::detect_language(text) {
        Lang::Deu => "de",
        Lang::Fra => "fr",
        Lang::Ita => "it",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
        // The others are not written in Latin letters.
        _ => "en",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn languages_are_told_apart_and_it_says_by_what() {
        for (text, tag) in [
            ("My bag is still in Denver and nobody answers the phone", "en"),
            ("Mein Koffer ist noch nicht da und keiner geht ans Telefon", "de"),
            ("Mi maleta no ha llegado y nadie contesta el teléfono", "es"),
            ("A minha mala não chegou e ninguém atende o telefone", "pt"),
            ("Min kuffert er ikke kommet, og ingen tager telefonen", "da"),
            ("Kofferten min har ikke kommet, og ingen tar telefonen nå", "nb"),
            ("Min väska har inte kommit och ingen svarar", "sv"),
            ("Matkalaukkuni ei ole tullut ja kukaan ei vastaa", "fi"),
            ("Moja walizka jeszcze nie przyszła i nikt nie odbiera", "pl"),
            ("Můj kufr ještě nepřišel a nikdo to nebere", "cs"),
            ("A bőröndöm még nem érkezett meg, és senki sem veszi fel", "hu"),
            ("Valiza mea nu a ajuns și nimeni nu răspunde", "ro"),
            ("Koper saya belum sampai dan tidak ada yang menjawab", "id"),
            ("Bavulum hâlâ gelmedi ve kimse telefona bakmıyor", "tr"),
            ("Vali của tôi chưa đến và không ai trả lời", "vi"),
            (
                "yaar mera bag nahi aaya aur koi phone bhi nahi utha raha hai",
                "hi-Latn",
            ),
            ("Моя валіза ще не прийшла, і ніхто не відповідає", "uk"),
            ("Мой чемодан до сих пор не пришёл", "ru"),
            ("Багажът ми още не е дошъл", "bg"),
            ("چمدان من نرسیده و هیچ کس پاسخ نمی‌دهد", "fa"),
            ("حقيبتي لم تصل ولا أحد يجيب", "ar"),
            ("荷物がまだ届きません", "ja"),
            ("我的行李还没到", "zh"),
            ("제 가방이 아직 안 왔어요", "ko"),
            ("กระเป๋าของฉันยังไม่มา", "th"),
            ("Η βαλίτσα μου δεν έχει έρθει", "el"),
            ("המזוודה שלי עוד לא הגיעה", "he"),
        ] {
            let detected = detect(text).expect(text);
            assert_eq!(detected.tag, tag, "{text}: {detected:?}");
            assert!(languages().contains(&tag), "{tag}");
        }
    }

    #[test]
    fn the_reason_is_in_the_text_and_no_letters_say_nothing() {
        let detected = detect("Der Zug ist nicht da").expect("a language");
        assert_eq!(
            detected.reason,
            Reason::Words(["der", "ist", "nicht"].map(str::to_owned).to_vec())
        );
        assert!(detected.confidence > 0.9, "{detected:?}");
        assert!(detect("ok").expect("a guess").confidence < 0.9);
        for nothing in ["", "12:30", "😡😡 !!!", "…"] {
            assert_eq!(detect(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn every_language_has_its_own_line() {
        let mut all = languages();
        assert!(all.len() >= 25 && LATIN.len() <= Set::BITS as usize);
        all.sort_unstable();
        let before = all.len();
        all.dedup();
        assert_eq!(all.len(), before);
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read(text in "\\PC{0,80}") {
            if let Some(detected) = detect(&text) {
                prop_assert!(languages().contains(&detected.tag));
                prop_assert!((0.0..1.0).contains(&detected.confidence));
            }
        }
    }
}
