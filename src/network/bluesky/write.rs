//! A reply on Bluesky: one record under a key that we choose, so that a second attempt cannot make a second post.
//! <https://docs.bsky.app/docs/api/com-atproto-repo-put-record>
//!
//! `putRecord` with `swapRecord: null` writes only where nothing stands yet, and answers the same for the same record.
//! Where a handle resolves today and did not yesterday, the record differs from the one that an earlier attempt wrote;
//! then the network refuses the second one, and what stands there is looked at.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::facets::{self, Facet, Feature, What};
use super::session::with_json;
use super::{BYTE_LIMIT, Bluesky, GRAPHEME_LIMIT, tid};
use crate::domain::capability::Counting;
use crate::network::atproto::{self, POSTS, ReplyRefs};
use crate::network::http::Purpose;
use crate::port::delivery_error::DeliveryError;
use crate::port::social::{PublicReply, Published, Reconciled};

#[derive(Serialize)]
struct Post<'a> {
    #[serde(rename = "$type")]
    kind: &'static str,
    text: &'a str,
    #[serde(rename = "createdAt")]
    created: String,
    reply: &'a ReplyRefs,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    facets: Vec<Facet>,
}

#[derive(Deserialize)]
struct Resolved {
    did: String,
}

#[derive(Deserialize)]
struct Put {
    uri: String,
}

#[derive(Deserialize)]
struct Stands {
    uri: String,
    value: Value,
}

impl Bluesky {
    pub(super) async fn send(&self, reply: &PublicReply) -> Result<Published, DeliveryError> {
        let refs = refs(reply)?;
        fits(&reply.text)?;
        self.may_be_answered(&refs).await?;
        let record = Post {
            kind: POSTS,
            text: &reply.text,
            created: reply.asked.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
            reply: &refs,
            facets: self.facets(&reply.text).await,
        };
        let key = tid::of(reply.asked, &reply.key);
        let put = self
            .sessions
            .call(Purpose::Write, |client, session| {
                let address = format!("{}/xrpc/com.atproto.repo.putRecord", session.server);
                let body = json!({
                    "repo": session.did,
                    "collection": POSTS,
                    "rkey": key,
                    "swapRecord": null,
                    "record": record,
                });
                with_json(client.post(address), &body)
            })
            .await;
        match put {
            Ok(answer) => {
                // It is written; what it says of itself is for the link only, and the key tells that as well.
                let uri = answer.json::<Put>().map(|put| put.uri);
                self.published(uri.unwrap_or(key)).await
            }
            Err(DeliveryError::Uncertain(why)) if why.contains("InvalidSwap") => {
                match self.look(reply).await? {
                    Reconciled::Found(published) => Ok(published),
                    Reconciled::Absent => Err(DeliveryError::Uncertain(why)),
                    Reconciled::CannotTell(why) => Err(DeliveryError::Permanent(why)),
                }
            }
            Err(error) => Err(error),
        }
    }

    /// Looks under the reply's own key. The server that holds our account knows at once what it wrote.
    pub(super) async fn look(&self, reply: &PublicReply) -> Result<Reconciled, DeliveryError> {
        let refs = refs(reply)?;
        let session = self.sessions.get().await?;
        let request = self
            .sessions
            .client()
            .get(format!("{}/xrpc/com.atproto.repo.getRecord", session.server))
            .query(&[
                ("repo", session.did.as_str()),
                ("collection", POSTS),
                ("rkey", &tid::of(reply.asked, &reply.key)),
            ]);
        let stands: Stands = match self.sessions.ask(request).await {
            Ok(answer) => answer.json()?,
            Err(DeliveryError::Gone(_)) => return Ok(Reconciled::Absent),
            Err(error) => return Err(error),
        };
        let ours = stands.value["text"] == reply.text.as_str()
            && stands.value["reply"]["parent"]["uri"] == refs.parent.uri.as_str();
        if !ours {
            let why =
                "another post of this account has the key of this reply; look at the conversation there";
            return Ok(Reconciled::CannotTell(why.to_owned()));
        }
        self.published(stands.uri).await.map(Reconciled::Found)
    }

    async fn published(&self, uri: String) -> Result<Published, DeliveryError> {
        let session = self.sessions.get().await?;
        let uri = if uri.starts_with("at://") {
            uri
        } else {
            format!("at://{}/{POSTS}/{uri}", session.did)
        };
        let own = atproto::author(&session.did, Some(&session.handle), None);
        Ok(Published {
            permalink: atproto::permalink(&own, &uri),
            native_id: Some(uri),
        })
    }

    /// The network takes replies to posts that are deleted, and to people who closed their thread or blocked us, and
    /// shows them to nobody. So the post is looked at first.
    async fn may_be_answered(&self, refs: &ReplyRefs) -> Result<(), DeliveryError> {
        let answer = self
            .sessions
            .call(Purpose::Read, |client, session| {
                client
                    .get(format!("{}/xrpc/app.bsky.feed.getPosts", session.server))
                    .query(&[("uris", &refs.parent.uri)])
            })
            .await?;
        let found: Value = answer.json()?;
        let Some(post) = found["posts"].get(0) else {
            let why = "the post is not on Bluesky any more; there is nothing to answer";
            return Err(DeliveryError::Gone(why.to_owned()));
        };
        let no = |why: &str| Err(DeliveryError::Permanent(why.to_owned()));
        if post["viewer"]["replyDisabled"] == true {
            return no(
                "the author of this thread does not take replies from your account; Bluesky would hide it",
            );
        }
        if post["author"]["viewer"]["blockedBy"] == true {
            return no("this person has blocked your account; Bluesky would hide the reply");
        }
        Ok(())
    }

    /// Links, tags, and those mentions that somebody stands behind; a handle that nobody has stays text.
    async fn facets(&self, text: &str) -> Vec<Facet> {
        let mut found = Vec::new();
        for spot in facets::spots(text) {
            let feature = match spot.what {
                What::Link(uri) => Feature::Link { uri: uri.to_owned() },
                What::Tag(tag) => Feature::Tag { tag: tag.to_owned() },
                What::Mention(handle) => match self.resolve(handle).await {
                    Ok(did) => Feature::Mention { did },
                    Err(why) => {
                        tracing::debug!(connector = %self.id, "a handle in a reply stays text: {why}");
                        continue;
                    }
                },
            };
            found.push(Facet::new(spot.bytes, feature));
        }
        found
    }

    async fn resolve(&self, handle: &str) -> Result<String, DeliveryError> {
        let session = self.sessions.get().await?;
        let address = format!("{}/xrpc/com.atproto.identity.resolveHandle", session.server);
        let request = self.sessions.client().get(address).query(&[("handle", handle)]);
        let resolved: Resolved = self.sessions.ask(request).await?.json()?;
        Ok(resolved.did)
    }
}

fn refs(reply: &PublicReply) -> Result<ReplyRefs, DeliveryError> {
    let target = reply.reply_target.as_deref().unwrap_or_default();
    serde_json::from_str(target).map_err(|_| {
        let why = "it is not known which post on Bluesky this answers; open the link and answer there";
        DeliveryError::Permanent(why.to_owned())
    })
}

/// Both limits hold: the desk counts graphemes, but emoji of many parts reach the bytes first.
fn fits(text: &str) -> Result<(), DeliveryError> {
    for (counting, limit, unit) in [
        (Counting::Graphemes, GRAPHEME_LIMIT, "characters"),
        (Counting::Bytes, BYTE_LIMIT, "bytes"),
    ] {
        let count = counting.count(text);
        if count > limit {
            return Err(DeliveryError::Permanent(format!(
                "the reply has {count} {unit}; Bluesky takes at most {limit}: make it shorter"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_limits_of_the_network_hold() {
        let family = "👩\u{200d}👩\u{200d}👧";
        assert_eq!(fits(&"x".repeat(300)), Ok(()));
        assert_eq!(fits(&family.repeat(166)), Ok(()), "2,988 bytes");
        let long = fits(&"x".repeat(301)).unwrap_err().to_string();
        assert_eq!(
            long,
            "the reply has 301 characters; Bluesky takes at most 300: make it shorter"
        );
        let heavy = fits(&family.repeat(167)).unwrap_err().to_string();
        assert_eq!(
            heavy,
            "the reply has 3006 bytes; Bluesky takes at most 3000: make it shorter"
        );
    }
}
