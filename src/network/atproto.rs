//! A post of the AT Protocol as a mention: what the connectors that read such records have in common.
//! Records: <https://docs.bsky.app/docs/api/app-bsky-feed-post>, addresses: <https://atproto.com/specs/at-uri-scheme>.
//!
//! Anybody may write any record, so every field is read by itself and may be missing or wrong; only what makes it a
//! message must be there. Edited posts are not shown by the network, so a record is read once.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::ids::{ConnectorId, NetworkId};
use crate::domain::mention::{Author, Media, Mention, MentionKind, PublicText};

pub const POSTS: &str = "app.bsky.feed.post";
const SITE: &str = "https://bsky.app";
/// Where the network shows pictures and films of posts.
const PICTURES: &str = "https://cdn.bsky.app/img/feed_fullsize/plain";
const FILMS: &str = "https://video.bsky.app/watch";
/// A post has at most so many pictures; a hostile record names more.
const MEDIA_LIMIT: usize = 8;

/// A version of a record: its address, and the hash of its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strong {
    pub uri: String,
    pub cid: String,
}

/// What a reply names: the message it answers, and the one that began the conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyRefs {
    pub root: Strong,
    pub parent: Strong,
}

/// A post as it was found, with what surrounds its record.
pub struct Found<'a> {
    pub connector: &'a ConnectorId,
    pub network: &'a NetworkId,
    pub at: Strong,
    pub author: Author,
    pub record: &'a Value,
    /// When the network saw it; the record's own time is the author's word.
    pub seen: Timestamp,
}

/// The post in the one normal form.
pub fn mention(found: Found<'_>) -> Mention {
    let Found {
        at, author, record, ..
    } = found;
    let text = |place: &str| record.pointer(place).and_then(Value::as_str);
    let named = |place: &str| {
        let Value::Object(one) = record.pointer(place)? else {
            return None;
        };
        let text = |name: &str| one.get(name)?.as_str().map(str::to_owned);
        Some(Strong {
            uri: text("uri")?,
            cid: text("cid")?,
        })
    };
    let parent = named("/reply/parent");
    let refs = ReplyRefs {
        root: named("/reply/root")
            .or_else(|| parent.clone())
            .unwrap_or_else(|| at.clone()),
        parent: at.clone(),
    };
    Mention {
        connector: found.connector.clone(),
        network: found.network.clone(),
        kind: if parent.is_some() {
            MentionKind::Comment
        } else {
            MentionKind::Mention
        },
        text: PublicText::new(text("/text").unwrap_or_default()),
        created: found.seen,
        account: None,
        language: text("/langs/0").map(str::to_owned),
        url: permalink(&author, &at.uri),
        in_reply_to: parent.map(|parent| parent.uri),
        conversation: Some(refs.root.uri.clone()),
        media: media(record, &author.id),
        rating: None,
        reply_target: serde_json::to_string(&refs).ok(),
        own: false,
        id: at.uri,
        author,
    }
}

/// An author by what the network tells of everybody; a handle that the network does not vouch for is not shown as one.
pub fn author(did: &str, handle: Option<&str>, name: Option<&str>) -> Author {
    let handle = handle.filter(|handle| !handle.is_empty() && *handle != "handle.invalid");
    let shown = handle.unwrap_or(did);
    Author {
        id: did.to_owned(),
        handle: shown.into(),
        name: name.unwrap_or_default().into(),
        url: is_plain(shown).then(|| format!("{SITE}/profile/{shown}")),
        ..Author::default()
    }
}

/// Where people read the post.
pub fn permalink(author: &Author, uri: &str) -> Option<String> {
    let key = uri.rsplit('/').next().filter(|key| is_plain(key))?;
    let profile = author.url.as_deref()?;
    Some(format!("{profile}/post/{key}"))
}

/// What may stand in a link as it is: handles, DIDs, record keys and hashes have no other signs.
fn is_plain(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '_' | '~' | '%');
    !text.is_empty() && text.len() <= 512 && text.chars().all(plain)
}

/// Pictures and films, also beside a quoted post, with the description that their author gave.
fn media(record: &Value, did: &str) -> Vec<Media> {
    let mut found = Vec::new();
    for embed in ["/embed", "/embed/media"]
        .into_iter()
        .filter_map(|at| record.pointer(at))
    {
        let list = |name: &str| embed.get(name).and_then(Value::as_array).into_iter().flatten();
        for one in list("images").chain(list("items")) {
            found.extend(
                one.get("image")
                    .and_then(|blob| piece(blob, did, one, Kind::Picture)),
            );
        }
        found.extend(
            embed
                .get("video")
                .and_then(|blob| piece(blob, did, embed, Kind::Film)),
        );
    }
    found.truncate(MEDIA_LIMIT);
    found
}

#[derive(Clone, Copy)]
enum Kind {
    Picture,
    Film,
}

fn piece(blob: &Value, did: &str, beside: &Value, kind: Kind) -> Option<Media> {
    let cid = blob.pointer("/ref/$link").or_else(|| blob.get("cid"))?.as_str()?;
    if !is_plain(cid) || !is_plain(did) {
        return None;
    }
    Some(Media {
        url: match kind {
            Kind::Picture => format!("{PICTURES}/{did}/{cid}@jpeg"),
            Kind::Film => format!("{FILMS}/{did}/{cid}/playlist.m3u8"),
        },
        description: beside
            .get("alt")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(record: &Value) -> Mention {
        mention(Found {
            connector: &"sky".into(),
            network: &"bluesky".into(),
            at: Strong {
                uri: "at://did:plc:aaa/app.bsky.feed.post/3mbd3542k222l".into(),
                cid: "bafyx".into(),
            },
            author: author("did:plc:aaa", Some("mara.example.com"), Some("Mara")),
            record,
            seen: Timestamp::UNIX_EPOCH,
        })
    }

    #[test]
    fn a_reply_names_its_parent_and_the_beginning_of_the_conversation() {
        let one =
            |name: &str| json!({"uri": format!("at://did:plc:b/app.bsky.feed.post/{name}"), "cid": "bafyb"});
        let reply = read(&json!({
            "text": "still waiting", "langs": ["de", "en"],
            "reply": {"root": one("root"), "parent": one("parent")},
        }));
        assert_eq!(reply.kind, MentionKind::Comment);
        assert_eq!(reply.language.as_deref(), Some("de"));
        assert_eq!(
            reply.in_reply_to.as_deref(),
            Some("at://did:plc:b/app.bsky.feed.post/parent")
        );
        assert_eq!(
            reply.conversation.as_deref(),
            Some("at://did:plc:b/app.bsky.feed.post/root")
        );
        let refs: ReplyRefs = serde_json::from_str(reply.reply_target.as_deref().unwrap()).unwrap();
        assert_eq!(refs.root.uri, "at://did:plc:b/app.bsky.feed.post/root");
        assert_eq!(refs.parent.cid, "bafyx", "the answer is to the post itself");
        assert_eq!(
            reply.url.as_deref(),
            Some("https://bsky.app/profile/mara.example.com/post/3mbd3542k222l")
        );
        let first = read(&json!({"text": "hello"}));
        assert_eq!(first.kind, MentionKind::Mention);
        assert_eq!(first.conversation.as_deref(), Some(first.id.as_str()));
    }

    #[test]
    fn pictures_and_films_come_with_their_descriptions() {
        let blob =
            |cid: &str| json!({"$type": "blob", "ref": {"$link": cid}, "mimeType": "image/jpeg", "size": 1});
        let post = read(&json!({"text": "", "embed": {
            "$type": "app.bsky.embed.recordWithMedia",
            "media": {"images": [{"alt": "a broken lamp", "image": blob("bafk1")}, {"image": blob("../etc")}]},
        }}));
        assert_eq!(post.media.len(), 1, "a hash that is none makes no link");
        assert_eq!(post.media[0].description.as_written(), "a broken lamp");
        assert_eq!(post.media[0].url, format!("{PICTURES}/did:plc:aaa/bafk1@jpeg"));
        let film = read(&json!({"embed": {"video": blob("bafk2"), "alt": "it flickers"}}));
        assert_eq!(
            film.media[0].url,
            format!("{FILMS}/did:plc:aaa/bafk2/playlist.m3u8")
        );
    }

    #[test]
    fn a_handle_that_nobody_vouches_for_is_not_shown_as_one() {
        let author = author("did:plc:aaa", Some("handle.invalid"), None);
        assert_eq!(author.handle.as_written(), "did:plc:aaa");
        assert_eq!(
            author.url.as_deref(),
            Some("https://bsky.app/profile/did:plc:aaa")
        );
        assert_eq!(super::author("did:plc:aaa", Some("a/../b"), None).url, None);
    }
}
