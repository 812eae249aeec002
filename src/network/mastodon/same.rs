//! Is a status our own earlier reply? Servers give a text back as HTML, some read it as Markdown, shorten links or leave
//! out the host of a mention, so only letters and digits are compared, without mentions. When in doubt it is the same: to
//! take another text of ours for this one costs one reply, the opposite mistake is a public double.

use unicode_normalization::UnicodeNormalization;

use super::html;

/// Does a status with this HTML say what we sent?
pub(super) fn says(html: &str, sent: &str) -> bool {
    normal(&html::as_shown(html)) == normal(sent)
        || without_links(&html::as_text(html)) == without_links(sent)
}

fn without_links(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '<' | '>'));
    let plain: Vec<&str> = words
        .map(|word| match word.contains("://") {
            true => "link",
            false => word,
        })
        .collect();
    normal(&plain.join(" "))
}

fn normal(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| !is_mention(word));
    let joined: String = words.collect::<Vec<_>>().join(" ").nfkc().collect();
    let letters: String = joined
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    // A text of signs and emoji only must not equal every other one.
    match letters.is_empty() {
        true => joined
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '\u{fe0f}')
            .collect(),
        false => letters,
    }
}

fn is_mention(word: &str) -> bool {
    let name = word.trim_start_matches(['(', '"', '\'']).strip_prefix('@');
    name.is_some_and(|name| name.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_text_is_known_again_whatever_the_server_made_of_it() {
        let mention = r#"<span class="h-card"><a href="https://a.example/@alice" class="u-url mention">@<span>alice</span></a></span>"#;
        for (html, sent, same) in [
            (format!("<p>{mention} gern</p>"), "@alice@a.example gern", true),
            (format!("<p>{mention} gern</p>"), "@alice gerne", false),
            ("<p>It’s <em>here</em></p><p>Bye</p>".into(), "It's *here*\n\nBye", true),
            (
                r#"<p>see <a href="https://shop.example/a?b=1&amp;c"><span class="invisible">https://</span>shop.example/a?b=1&amp;c</a></p>"#.into(),
                "see https://shop.example/a?b=1&c",
                true,
            ),
            (r#"<p>see <a href="https://shop.example/very/long">shop.example/ve…</a></p>"#.into(), "see https://shop.example/very/long", true),
            (r#"<p>at <a href="https://shop.example">shop.example</a></p>"#.into(), "at shop.example", true),
            (r#"<p>a <a href="https://shop.example/x">shop</a></p>"#.into(), "a [shop](https://shop.example/x)", true),
            ("<p>👍</p>".into(), "👍", true),
            ("<p>👍</p>".into(), "👎", false),
            ("<p>we are here from 10 to 6</p>".into(), "we are here from 10 to 5", false),
        ] {
            assert_eq!(says(&html, sent), same, "{html} and {sent}");
        }
    }
}
