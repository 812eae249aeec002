//! Is this our own earlier reply? Networks give a text back slightly changed, so both sides are brought to one form first:
//! Unicode composed, spaces collapsed, invisible characters dropped, every link alike. When in doubt it is the same: taking
//! a stranger to our text for ours costs one reply, the opposite mistake is a public double.

use unicode_normalization::UnicodeNormalization;

/// Do both say the same, whatever a network made of spaces and links?
pub fn same_text(one: &str, other: &str) -> bool {
    normal(one) == normal(other)
}

fn normal(text: &str) -> String {
    let invisible = |c: &char| !matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{fe0f}');
    let visible: String = text.nfc().filter(invisible).collect();
    let words: Vec<&str> = visible
        .split_whitespace()
        .map(|word| if is_link(word) { "<url>" } else { word })
        .collect();
    words.join(" ")
}

fn is_link(word: &str) -> bool {
    ["http://", "https://"]
        .into_iter()
        .any(|scheme| word.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_known_again_whatever_a_network_made_of_it() {
        for (one, other, same) in [
            ("Hello there", "  Hello \r\n there ", true),
            ("Caf\u{e9}", "Cafe\u{301}", true),
            (
                "see https://shop.example/a ok",
                "see https://t.example/x1 ok",
                true,
            ),
            ("fine\u{200b}", "fine", true),
            ("Hello", "hello", false),
            ("Hello there", "Hello", false),
        ] {
            assert_eq!(same_text(one, other), same, "{one:?} and {other:?}");
        }
    }
}
