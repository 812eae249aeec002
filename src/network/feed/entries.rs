//! From a feed's body to mentions: what is an entry's id, text, link, author and time in each of the formats.
//! No entity of a document is ever expanded and nothing it names is fetched; the parser knows neither.

use std::borrow::Cow;

use feed_rs::model::{Entry, Feed, FeedType, Text};
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

use crate::domain::ids::{ConnectorId, NetworkId};
use crate::domain::mention::{Author, Mention, MentionKind, PublicText};
use crate::network::mapping::{capped_text, http_url};

/// How much HTML of one entry is turned into text, in bytes.
const HTML_LIMIT: usize = 200_000;
/// HTML beyond these is not laid out but stripped: layout takes time by the square of what is left open.
const OPEN_TAGS_LIMIT: usize = 100;
const TAGS_LIMIT: usize = 5_000;
/// Wide enough that lines break only where the author broke them.
const LINE_WIDTH: usize = 4_000;

/// Oldest first. The error says what is wrong with the document.
pub(super) fn mentions(
    body: &[u8],
    url: &Url,
    connector: &ConnectorId,
    network: &NetworkId,
    now: Timestamp,
) -> Result<Vec<Mention>, String> {
    let body = with_text_ids(body);
    let feed = feed_rs::parser::Builder::new()
        .base_uri(Some(url.as_str()))
        .sanitize_content(false)
        // An entry without an id gets ours, which is the same each time; the parser's own may be random.
        .id_generator(|_, _, _| String::new())
        .build()
        .parse(&*body)
        .map_err(|error| format!("{} sent no feed: {error}", url.host_str().unwrap_or("the server")))?;
    let reading = Reading {
        rss: !matches!(feed.feed_type, FeedType::Atom | FeedType::JSON),
        feed: &feed,
        url,
        connector,
        network,
        now,
    };
    let mut mentions: Vec<_> = feed.entries.iter().map(|entry| reading.mention(entry)).collect();
    mentions.reverse();
    mentions.sort_by_key(|mention| mention.created);
    Ok(mentions)
}

/// JSON Feed allows numbers as ids and says to read them as text; the parser knows only text.
fn with_text_ids(body: &[u8]) -> Cow<'_, [u8]> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if !body.trim_ascii_start().starts_with(b"{") {
        return Cow::Borrowed(body);
    }
    let Ok(mut document) = serde_json::from_slice::<Value>(body) else {
        return Cow::Borrowed(body);
    };
    let items = document.get_mut("items").and_then(Value::as_array_mut);
    for id in items.into_iter().flatten().filter_map(|item| item.get_mut("id")) {
        if id.is_number() {
            *id = Value::String(id.to_string());
        }
    }
    Cow::Owned(document.to_string().into_bytes())
}

struct Reading<'a> {
    feed: &'a Feed,
    /// In RSS a description is HTML whatever it says of itself.
    rss: bool,
    url: &'a Url,
    connector: &'a ConnectorId,
    network: &'a NetworkId,
    now: Timestamp,
}

impl Reading<'_> {
    fn mention(&self, entry: &Entry) -> Mention {
        let title = entry
            .title
            .as_ref()
            .map(|title| one_line(&self.plain(title, false)))
            .unwrap_or_default();
        let content = entry.content.as_ref().and_then(|content| {
            let html = self.rss || content.content_type.subty().as_str().contains("html");
            content.body.as_deref().map(|body| as_text(body, html))
        });
        let body = content
            .filter(|text| !text.is_empty())
            .or_else(|| {
                entry
                    .summary
                    .as_ref()
                    .map(|summary| self.plain(summary, self.rss))
            })
            .unwrap_or_default();
        let text = match (title.is_empty(), body.is_empty()) {
            (false, false) if !body.starts_with(&title) => format!("{title}\n\n{body}"),
            (_, false) => body,
            _ => title,
        };
        let link = self.link(entry);
        Mention {
            connector: self.connector.clone(),
            network: self.network.clone(),
            id: self.id(entry, link.as_deref(), &text),
            kind: MentionKind::Mention,
            author: self.author(entry),
            text: PublicText::new(capped_text(&text)),
            created: self.created(entry),
            account: None,
            language: entry.language.clone().or_else(|| self.feed.language.clone()),
            url: link,
            in_reply_to: None,
            conversation: None,
            media: Vec::new(),
            rating: None,
            reply_target: None,
            own: false,
        }
    }

    /// Ids are promised to be unique within their feed only, so the connector's name goes with them.
    fn id(&self, entry: &Entry, link: Option<&str>, text: &str) -> String {
        let own = match (entry.id.trim(), link) {
            ("", Some(link)) => link.to_owned(),
            ("", None) => {
                let digest = Sha256::digest(text.as_bytes());
                let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
                format!("sha256-{hex}")
            }
            (id, _) => id.chars().take(1_000).collect(),
        };
        format!("{}:{own}", self.connector)
    }

    fn link(&self, entry: &Entry) -> Option<String> {
        let alternate = |rel: &Option<String>| rel.as_deref().is_none_or(|rel| rel == "alternate");
        let mut links = entry.links.iter().filter(|link| alternate(&link.rel));
        let found = links.find_map(|link| self.url.join(&link.href).ok())?;
        http_url(found.as_str()).then(|| found.into())
    }

    fn author(&self, entry: &Entry) -> Author {
        let named = |name: &str| Some(one_line(name)).filter(|name| !name.is_empty());
        let person = entry.authors.iter().chain(&self.feed.authors).find_map(|person| {
            let name = person.name.as_deref().or(person.email.as_deref())?;
            Some((named(name)?, person.uri.clone().filter(|uri| http_url(uri))))
        });
        let host = self.url.host_str().unwrap_or("feed");
        let (name, url) = person
            .or_else(|| Some((named(&self.feed.title.as_ref()?.content)?, None)))
            .unwrap_or_else(|| (host.to_owned(), None));
        Author {
            // The same name on two sites is two people.
            id: format!("{host}/{name}"),
            handle: PublicText::new(name),
            url,
            ..Author::default()
        }
    }

    /// A missing time, and one in the future, is now.
    fn created(&self, entry: &Entry) -> Timestamp {
        entry
            .published
            .or(entry.updated)
            .and_then(|at| {
                Timestamp::new(
                    at.timestamp(),
                    at.timestamp_subsec_nanos().min(999_999_999) as i32,
                )
                .ok()
            })
            .filter(|at| *at <= self.now)
            .unwrap_or(self.now)
    }

    fn plain(&self, text: &Text, html: bool) -> String {
        as_text(
            &text.content,
            html || text.content_type.subty().as_str().contains("html"),
        )
    }
}

fn one_line(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").chars().take(1_000).collect()
}

/// What a reader would see of HTML; of plain text its entities resolved, which feeds often encode once too often.
fn as_text(text: &str, html: bool) -> String {
    if !html || !text.contains(['<', '&']) {
        return html_escape::decode_html_entities(text.trim()).into_owned();
    }
    let mut end = text.len().min(HTML_LIMIT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let html = &text[..end];
    if !is_tame(html) {
        return without_tags(html);
    }
    let rendered = html2text::config::plain_no_decorate()
        .no_table_borders()
        .string_from_read(html.as_bytes(), LINE_WIDTH);
    match rendered {
        Ok(rendered) => tidy(&rendered),
        Err(_) => without_tags(html),
    }
}

/// Roughly: how many tags there are, and how many of them stand open.
fn is_tame(html: &str) -> bool {
    const NEVER_CLOSED: [&str; 6] = ["br", "img", "hr", "input", "wbr", "source"];
    let mut open = 0_usize;
    for (number, tag) in html.split('<').skip(1).enumerate() {
        let name = tag
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or("");
        if tag.starts_with('/') {
            open = open.saturating_sub(1);
        } else if !name.is_empty() && !NEVER_CLOSED.iter().any(|void| name.eq_ignore_ascii_case(void)) {
            open += 1;
        }
        if open > OPEN_TAGS_LIMIT || number > TAGS_LIMIT {
            return false;
        }
    }
    true
}

/// Rules across the page and runs of empty lines say nothing.
fn tidy(rendered: &str) -> String {
    let mut out = String::with_capacity(rendered.len());
    for line in rendered.lines().map(str::trim_end) {
        let rule = !line.is_empty() && line.chars().all(|c| matches!(c, '─' | '-' | '—'));
        if rule || (line.is_empty() && (out.is_empty() || out.ends_with("\n\n"))) {
            continue;
        }
        out.push_str(line);
        out.push('\n');
    }
    out.trim().to_owned()
}

fn without_tags(html: &str) -> String {
    let mut pieces = html.split('<');
    let first = pieces.next().unwrap_or_default().to_owned();
    let rest = pieces.map(|piece| piece.split_once('>').map_or("", |(_, text)| text));
    let text = std::iter::once(&*first).chain(rest).collect::<Vec<_>>().join(" ");
    html_escape::decode_html_entities(&one_line(&text)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Vec<Mention>, String> {
        mentions(
            body.as_bytes(),
            &Url::parse("https://news.example/feeds/all.xml").unwrap(),
            &"press".into(),
            &"news".into(),
            "2026-11-24T12:00:00Z".parse().unwrap(),
        )
    }

    #[test]
    fn every_format_gives_the_same_mention() {
        let rss = r#"<rss version="2.0"><channel><title>The Ledger</title>
            <item><title>Storm in Gera</title><link>/a/1</link><guid isPermaLink="false">n-1</guid><author>OTZ</author>
            <pubDate>Fri, 20 Nov 2026 10:11:12 GMT</pubDate><description>&lt;p&gt;Power cut &amp;amp; queue near &lt;b&gt;demo_shop&lt;/b&gt;&lt;/p&gt;</description></item></channel></rss>"#;
        let rdf = r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
            <channel rdf:about="https://news.example/"><title>The Ledger</title></channel>
            <item rdf:about="n-1"><title>Storm in Gera</title><link>https://news.example/a/1</link><dc:creator>OTZ</dc:creator>
            <dc:date>2026-11-20T11:11:12+01:00</dc:date><description>Power cut &amp; queue near demo_shop</description></item></rdf:RDF>"#;
        let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>The Ledger</title><id>f</id><updated>2026-11-20T10:11:12Z</updated>
            <entry><id>n-1</id><title>Storm in Gera</title><link rel="self" href="/self"/><link rel="alternate" href="https://news.example/a/1"/><author><name>OTZ</name></author>
            <published>2026-11-20T10:11:12Z</published><updated>2026-11-21T00:00:00Z</updated>
            <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Power cut &amp; queue near demo_shop</p></div></content></entry></feed>"#;
        let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"The Ledger","items":[{"id":"n-1","url":"https://news.example/a/1","title":"Storm in Gera",
            "content_html":"<p>Power cut &amp; queue near demo_shop</p>","date_published":"2026-11-20T10:11:12Z","authors":[{"name":"OTZ"}]}]}"#;
        for (format, body) in [("rss", rss), ("atom", atom), ("json", json), ("rdf", rdf)] {
            let found = read(body).unwrap();
            let mention = &found[0];
            assert_eq!(
                mention.text.as_written(),
                "Storm in Gera\n\nPower cut & queue near demo_shop",
                "{format}"
            );
            if format != "rdf" {
                assert_eq!(mention.id, "press:n-1", "{format}");
            }
            assert_eq!(
                mention.url.as_deref(),
                Some("https://news.example/a/1"),
                "{format}"
            );
            assert_eq!(mention.created.to_string(), "2026-11-20T10:11:12Z", "{format}");
            assert_eq!(mention.author.handle.as_written(), "OTZ", "{format}");
        }
    }

    #[test]
    fn what_is_missing_stands_in() {
        let body = r#"<rss version="2.0"><channel><title>The Ledger</title>
            <item><description>newest, from the future</description><pubDate>Fri, 20 Nov 2099 10:11:12 GMT</pubDate></item>
            <item><title>Only a title &amp;amp; a link</title><link>https://news.example/a/2</link></item>
            <item><title>x</title><link>javascript:alert(1)</link></item></channel></rss>"#;
        let found = read(body).unwrap();
        assert_eq!(found, read(body).unwrap(), "the same each time");
        assert_eq!(found[1].text.as_written(), "Only a title & a link");
        assert_eq!(found[1].id, "press:https://news.example/a/2");
        assert_eq!(found[0].url, None);
        assert!(found[2].id.starts_with("press:sha256-"));
        for mention in &found {
            assert_eq!(mention.created.to_string(), "2026-11-24T12:00:00Z");
            assert_eq!(mention.author.id, "news.example/The Ledger");
        }
        let numbers = r#"{"version":"https://jsonfeed.org/version/1","title":"t","items":[{"id":9007199254740993,"content_text":"a < b"}]}"#;
        let found = read(numbers).unwrap();
        assert_eq!(found[0].id, "press:9007199254740993");
        assert_eq!(found[0].text.as_written(), "a < b");
    }

    #[test]
    fn broken_documents_say_what_is_wrong() {
        for (body, expected) in [
            (
                "",
                "news.example sent no feed: unable to parse feed: no root element",
            ),
            ("<html><body>Sign in</body></html>", "no root element"),
            (
                "<rss version=\"2.0\"><channel><item><title>a</titel></item>",
                "unable to parse XML",
            ),
            ("{\"items\":[]}", "unable to parse JSON"),
        ] {
            let error = read(body).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
        let bomb = r#"<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>
            <rss version="2.0"><channel><item><title>&b;&x;!</title></item></channel></rss>"#;
        if let Ok(found) = read(bomb) {
            assert!(!found[0].text.as_written().contains("aaaa"), "{found:?}");
        }
    }

    #[test]
    fn html_without_end_is_no_danger() {
        let started = std::time::Instant::now();
        for hostile in [
            "<div>",
            "<table><tr><td>a<td>b",
            "<",
            "&#0;<![CDATA[<p>",
            "<b><i></b>",
            "<ul><li></ul>",
        ] {
            as_text(&hostile.repeat(400_000 / hostile.len()), true);
            as_text(&hostile.repeat(OPEN_TAGS_LIMIT / 3), true);
        }
        let wide = "<td>a</td><td>b</td>".repeat(1_200);
        as_text(&format!("<table><tr>{wide}</tr></table><hr>"), true);
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
        assert_eq!(
            as_text("<p>one</p><hr><p>two<br>three</p>", true),
            "one\n\ntwo\nthree"
        );
    }
    proptest::proptest! {
        #[test]
        fn no_document_panics(
            parts in proptest::collection::vec(
                proptest::sample::select(vec!["<item>", "</item>", "<title>", "</title>", "<link>", "&#x110000;", "<![CDATA[", "]]>", "<guid>", "a", "<pubDate>9999-99-99", "<description>&lt;table>&lt;tr>&lt;td colspan=99999>", "</description>", "<entry>"]),
                0..30,
            ),
        ) {
            let _ = read(&format!("<rss version=\"2.0\"><channel>{}</channel></rss>", parts.concat()));
            let _ = as_text(&parts.concat(), true);
        }
    }
}
