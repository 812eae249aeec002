//! A status is HTML; this makes of it the text that a reader sees: paragraphs and line breaks kept, entities resolved,
//! links as their address (servers shorten what is shown), mentions and hashtags as they are written. A link that shows
//! something else than where it leads is shown with both. One pass, whatever the HTML is.

/// Longer HTML is cut; servers allow some ten thousand characters of text.
const LONGEST: usize = 200_000;

struct Link {
    /// Where its text begins in the output.
    from: usize,
    href: String,
}

/// As a reader sees it, with where its links lead.
pub(super) fn as_text(html: &str) -> String {
    render(html, true)
}

/// Only what stands there, as it was typed: to know our own text again.
pub(super) fn as_shown(html: &str) -> String {
    render(html, false)
}

fn render(html: &str, addresses: bool) -> String {
    let mut rest = &html[..html.floor_char_boundary(LONGEST)];
    let mut out = String::with_capacity(rest.len());
    let mut link: Option<Link> = None;
    while let Some(at) = rest.find('<') {
        push_text(&mut out, &rest[..at]);
        let tag = &rest[at + 1..];
        if let Some(comment) = tag.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let Some((inside, after)) = tag.split_once('>') else {
            rest = "";
            break;
        };
        rest = after;
        let closing = inside.starts_with('/');
        let name: String = inside
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        match name.as_str() {
            "br" => out.push('\n'),
            "p" | "div" | "blockquote" | "ul" | "ol" | "pre" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                paragraph(&mut out);
            }
            "li" if !closing => {
                line(&mut out);
                out.push_str("- ");
            }
            "img" => out.push_str(&attribute(inside, "alt").unwrap_or_default()),
            "script" | "style" if !closing => {
                let end = format!("</{name}");
                rest = rest.find(&end).map_or("", |at| &rest[at..]);
            }
            "a" => {
                end_link(&mut out, link.take());
                if !closing && addresses {
                    link = attribute(inside, "href").map(|href| Link {
                        from: out.len(),
                        href,
                    });
                }
            }
            _ => {}
        }
    }
    push_text(&mut out, rest);
    end_link(&mut out, link);
    tidy(&out)
}

/// Line breaks in HTML text are spaces.
fn push_text(out: &mut String, text: &str) {
    let spaced = text.replace(['\r', '\n', '\t'], " ");
    out.push_str(&html_escape::decode_html_entities(&spaced));
}

fn line(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

fn paragraph(out: &mut String) {
    line(out);
    if !out.is_empty() && !out.ends_with("\n\n") {
        out.push('\n');
    }
}

fn end_link(out: &mut String, link: Option<Link>) {
    let Some(Link { from, href }) = link else { return };
    let shown = out[from..].trim();
    if shown.starts_with(['@', '#']) || !href.contains("://") {
        return;
    }
    let bare = |address: &str| {
        let address = address.split_once("://").map_or(address, |(_, after)| after);
        address.trim_end_matches('/').to_owned()
    };
    let shortened = shown.trim_end_matches('…');
    if bare(shown) == bare(&href) || (shown != shortened && bare(&href).starts_with(&bare(shortened))) {
        out.truncate(from);
        out.push_str(&href);
    } else if shown.is_empty() {
        out.push_str(&href);
    } else {
        out.push_str(&format!(" ({href})"));
    }
}

/// An attribute's value, quoted either way.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    while let Some(at) = rest.find(name) {
        let before = rest[..at].chars().next_back();
        let after = rest[at + name.len()..].trim_start();
        rest = &rest[at + name.len()..];
        if !before.is_some_and(char::is_whitespace) {
            continue;
        }
        let Some(value) = after.strip_prefix('=').map(str::trim_start) else {
            continue;
        };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let value = value[1..].split(quote).next()?;
        return Some(html_escape::decode_html_entities(value).into_owned());
    }
    None
}

/// No spaces at the ends of lines, never more than one empty line.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines().map(str::trim) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn html_becomes_what_a_reader_sees() {
        for (html, text) in [
            (
                "<p>one</p><p>two<br>three<br />four</p>",
                "one\n\ntwo\nthree\nfour",
            ),
            ("<p>Tom &amp; Jerry &lt;3 &#39;x&#x27;</p>", "Tom & Jerry <3 'x'"),
            (
                r#"<p><span class="h-card"><a href="https://our.example/@shop" class="u-url mention">@<span>shop</span></a></span> open today?</p>"#,
                "@shop open today?",
            ),
            (
                r#"<p>see <a href="https://shop.example/very/long/path?a=1&amp;b=2" rel="nofollow"><span class="invisible">https://</span><span class="ellipsis">shop.example/very/lo</span><span class="invisible">ng/path?a=1&amp;b=2</span></a> ok</p>"#,
                "see https://shop.example/very/long/path?a=1&b=2 ok",
            ),
            (
                r#"<a href="https://evil.example/">https://bank.example</a>"#,
                "https://bank.example (https://evil.example/)",
            ),
            (
                r#"<a href='https://a.example/x'>a.example/…</a>"#,
                "https://a.example/x",
            ),
            (
                r#"<a href="https://a.example/tags/tea" class="mention hashtag">#<span>tea</span></a>"#,
                "#tea",
            ),
            ("<ul><li>one</li><li>two</li></ul>after", "- one\n- two\n\nafter"),
            (
                "a <script>alert(1)</script>b<!-- no --> <style>x{}</style>c",
                "a b c",
            ),
            ("no html at all 👋", "no html at all 👋"),
            (r#"<img class="emoji" alt=":wave:" src="x">"#, ":wave:"),
            ("broken <a href=\"https://x", "broken"),
            ("", ""),
        ] {
            assert_eq!(as_text(html), text, "{html}");
        }
    }

    proptest! {
        #[test]
        fn no_html_is_too_strange(html in r#"([<>/="' &;#a-z\n]|<a href="|</a>|<p|<!--|é|👋|<br>|&amp){0,60}"#) {
            as_text(&html);
        }
    }
}
