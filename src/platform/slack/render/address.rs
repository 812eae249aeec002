//! Addresses that strangers and networks gave us, as Slack may open them. A link's label is the host it leads to, so that no
//! link lies. Does not ask what is there.
//!
//! Links: <https://docs.slack.dev/messaging/formatting-message-text/#linking-urls>

use url::Url;

use super::text::{escape, grown, harmless};

/// The longest address that a button, an image or a link holds.
const LONGEST_ADDRESS: usize = 3000;
/// An address that may be linked: http or https, with a host and nobody's name before it, none of Slack's own signs in it.
pub(super) fn safe_url(address: &str) -> Option<String> {
    let url = Url::parse(address.trim()).ok()?;
    let allowed =
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
    if !allowed || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    let address: String = url
        .as_str()
        .chars()
        .map(|c| match c {
            '|' => "%7C".to_owned(),
            '<' => "%3C".to_owned(),
            '>' => "%3E".to_owned(),
            ' ' => "%20".to_owned(),
            other => other.to_string(),
        })
        .collect();
    (grown(&address) <= LONGEST_ADDRESS).then_some(address)
}

/// A link in `mrkdwn` whose label is the host it really leads to.
pub(super) fn link(address: &str) -> Option<String> {
    let address = safe_url(address)?;
    let host = Url::parse(&address).ok()?.host_str()?.to_owned();
    Some(format!("<{}|{}>", escape(&address), harmless(&host, 120)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_say_where_they_lead() {
        for (address, expected) in [
            (
                "https://x.com/a|b> <c?d=1&e=2",
                Some("<https://x.com/a%7Cb%3E%20%3Cc?d=1&amp;e=2|x.com>"),
            ),
            ("http://EXAMPLE.com", Some("<http://example.com/|example.com>")),
            ("https://bank.example@evil.example/", None),
            ("javascript:alert(1)", None),
            ("data:text/html,x", None),
            ("mailto:a@b.c", None),
            ("//x.com", None),
            ("", None),
        ] {
            assert_eq!(link(address).as_deref(), expected, "{address}");
        }
    }
}
