//! The turns of a public conversation and the pictures that came with it, as parts of a card. What strangers wrote is plain
//! text throughout.
//!
//! Images: <https://docs.slack.dev/reference/block-kit/blocks/image-block/>

use serde_json::Value;
use url::Url;

use super::address::{link, safe_url};
use super::blocks::{context, image, section};
use super::text::{date, mrkdwn, plain, plain_line};
use crate::domain::card::Turn;
use crate::domain::mention::Media;

/// The newest turn is what is to be answered; older ones are there to remind.
const NEWEST: usize = 2000;
const OLDER: usize = 700;
/// Links beside the one picture.
const LINKS: usize = 4;

/// Who spoke and when, and what was said.
pub(super) fn turn(turn: &Turn, newest: bool) -> Vec<Value> {
    let who = match &turn.author {
        Some(author) => plain_line(author.as_written(), 120),
        None => plain_line("↩ Our answer", 120),
    };
    let mut when = date(turn.at);
    if let Some(link) = turn.url.as_deref().and_then(link) {
        when = format!("{when} · {link}");
    }
    let said = plain(turn.text.as_written(), if newest { NEWEST } else { OLDER });
    vec![context(vec![who, mrkdwn(&when, 3000)]), section(said)]
}

/// The first picture, where `pictures` are wanted and its address is one that Slack can fetch, and links to the rest.
pub(super) fn media(media: &[Media], pictures: bool) -> Vec<Value> {
    let pictured = media.iter().position(|one| pictures && is_picture(&one.url));
    let mut blocks = Vec::new();
    if let Some(one) = pictured.and_then(|at| media.get(at))
        && let Some(address) = safe_url(&one.url)
    {
        let described = one.description.as_written();
        blocks.push(image(
            &address,
            if super::text::is_blank(described) {
                "A picture that its author did not describe"
            } else {
                described
            },
        ));
    }
    let mut links = Vec::new();
    let rest = media.iter().enumerate().filter(|(at, _)| Some(*at) != pictured);
    for (_, one) in rest {
        if let Some(link) = link(&one.url)
            && links.len() < 2 * LINKS
        {
            links.push(mrkdwn(&format!("📎 {link}"), 3000));
            if !super::text::is_blank(one.description.as_written()) {
                links.push(plain_line(one.description.as_written(), 200));
            }
        }
    }
    links.truncate(10);
    if !links.is_empty() {
        blocks.push(context(links));
    }
    blocks
}

/// Slack fetches a picture while it takes the message, and refuses the whole message when it cannot: so only https, and
/// only what names itself one of the kinds that Slack shows.
fn is_picture(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else {
        return false;
    };
    let kind = |name: &str| matches!(name.to_ascii_lowercase().as_str(), "png" | "jpg" | "jpeg" | "gif");
    let ending = url
        .path()
        .rsplit_once('.')
        .is_some_and(|(_, ending)| kind(ending));
    let named = url
        .query_pairs()
        .any(|(name, value)| name == "format" && kind(&value));
    url.scheme() == "https" && (ending || named) && safe_url(address).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_slack_can_fetch_is_a_picture() {
        for (address, expected) in [
            ("https://cdn.example/a.JPG", true),
            ("https://cdn.example/a?format=png&x=1", true),
            ("http://cdn.example/a.png", false),
            ("https://cdn.example/a.mp4", false),
            ("https://me:you@cdn.example/a.png", false),
            ("data:image/png;base64,AA", false),
            ("", false),
        ] {
            assert_eq!(is_picture(address), expected, "{address}");
        }
    }

    #[test]
    fn what_is_no_picture_is_a_link_that_names_its_host() {
        let one = Media {
            url: "http://cdn.example/film.mp4".to_owned(),
            description: "<!here> a film".into(),
        };
        let blocks = media(&[one], true);
        assert_eq!(
            blocks[0]["elements"][0]["text"],
            "📎 <http://cdn.example/film.mp4|cdn.example>"
        );
        assert_eq!(blocks[0]["elements"][1]["type"], "plain_text");
    }
}
