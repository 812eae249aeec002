//! What somebody wrote, without what is not theirs to mean: handles, links and the marks of a retweet are taken out, HTML
//! entities are letters again. For reading tone, language and intent; matching and showing use the text as it is.

/// The words of a text without handles and links, a space between each.
///
/// “@united” counts as a kind word in a lexicon, and a link’s letters look like some language.
pub fn spoken(text: &str) -> String {
    let decoded = html_escape::decode_html_entities(text);
    let mut out = String::with_capacity(decoded.len());
    let mut words = decoded.split_whitespace().peekable();
    if words.peek() == Some(&"RT") {
        words.next();
    }
    for word in words.filter(|word| !is_link(word) && !is_handle(word)) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn is_link(word: &str) -> bool {
    let starts = |with: &str| {
        word.get(..with.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(with))
    };
    starts("http://") || starts("https://") || starts("www.")
}

/// `@acme`, `.@acme`, `“@acme:`; not a bare `@`.
fn is_handle(word: &str) -> bool {
    let bare = word.trim_start_matches(['.', '"', '“', '(', '\'', '‘', '-']);
    let mut letters = bare.chars();
    matches!(letters.next(), Some('@' | '＠'))
        && letters.next().is_some_and(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_theirs_is_taken_out() {
        for (written, meant) in [
            ("@united thank you", "thank you"),
            (".@acme: late  again\nhttps://t.co/x", "late again"),
            ("RT @user: @user @user so good", "so good"),
            ("“@acme we care” no &amp; never &lt;3", "we care” no & never <3"),
            ("meet me @ the gate", "meet me @ the gate"),
            ("@acme", ""),
            ("", ""),
            ("WWW.example.com HTTPS://x été", "été"),
        ] {
            assert_eq!(spoken(written), meant, "{written}");
        }
    }
}
