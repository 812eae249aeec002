//! Which posts and comments of a subreddit are about the company: those that hold one of its words or phrases, whole and
//! in any case. What they mean is decided elsewhere; this only keeps a busy subreddit from becoming leads.

pub(super) struct Keywords(Vec<String>);

impl Keywords {
    pub fn new(keywords: &[String]) -> Self {
        Self(keywords.iter().map(|keyword| folded(keyword)).collect())
    }

    /// Is one of the keywords in the text, not as a part of a longer word?
    pub fn are_in(&self, text: &str) -> bool {
        let text = folded(text);
        self.0.iter().any(|keyword| {
            text.match_indices(keyword.as_str()).any(|(at, found)| {
                let before = text[..at].chars().next_back();
                let after = text[at + found.len()..].chars().next();
                let edge = |inside: Option<char>, outside: Option<char>| {
                    !(inside.is_some_and(char::is_alphanumeric) && outside.is_some_and(char::is_alphanumeric))
                };
                edge(found.chars().next(), before) && edge(found.chars().next_back(), after)
            })
        })
    }
}

fn folded(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_whole_words_and_phrases_in_any_case() {
        let keywords = Keywords::new(&[
            "Acme".into(),
            "north  wind lamp".into(),
            "C++".into(),
            "u/acme_help".into(),
        ]);
        for (text, expected) in [
            ("I love ACME.", true),
            ("acme", true),
            ("pharmacmental", false),
            ("acmes", false),
            ("my North\nWind lamp broke", true),
            ("north wind lamps", false),
            ("written in c++!", true),
            ("hey /u/Acme_Help, hello", true),
            ("ÄACMEÖ", false),
            ("", false),
        ] {
            assert_eq!(keywords.are_in(text), expected, "{text:?}");
        }
        assert!(!Keywords::new(&[]).are_in("acme"));
    }
}
