//! What is known of channels on Discord: text or forum, a forum's tags, and the direct channels with people. Asked for when
//! it is needed, kept for a while. <https://docs.discord.com/developers/resources/channel>

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use serenity::http::{LightMethod, Route};
use serenity::model::id::ChannelId;

use super::Discord;
use super::client::{Call, Failure};
use super::errors::delivery_error;
use crate::domain::lead::State;
use crate::port::delivery_error::DeliveryError;

/// Somebody may give a forum other tags meanwhile.
const BELIEVED_FOR: SignedDuration = SignedDuration::from_mins(10);
/// Posts whose tags are remembered.
const TAGGED: usize = 10_000;
const FORUM: u64 = 15;
/// Text, announcements, and threads of either sort.
const WITH_MESSAGES: [u64; 5] = [0, 5, 10, 11, 12];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Forum(Tags),
}

/// A forum's tags: name in small letters, and id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tags(Vec<(String, String)>);

impl Tags {
    fn read(channel: &Value) -> Self {
        let tags = channel["available_tags"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        let tag = |tag: &Value| {
            Some((
                tag["name"].as_str()?.trim().to_lowercase(),
                tag["id"].as_str()?.to_owned(),
            ))
        };
        Self(tags.iter().filter_map(tag).collect())
    }

    /// The tag named like the state: `Waiting`, `Claimed`, `Snoozed`, `Handing off`, `Resolved`.
    pub fn for_state(&self, state: State) -> Vec<String> {
        let named = self.0.iter().find(|(name, _)| *name == state.word());
        named.map(|(_, id)| id.clone()).into_iter().collect()
    }
}

#[derive(Default)]
struct Known {
    kinds: HashMap<u64, (Kind, Timestamp)>,
    direct: HashMap<String, ChannelId>,
    tags: HashMap<u64, Vec<String>>,
}

#[derive(Default)]
pub(super) struct Rooms(Mutex<Known>);

impl Rooms {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn forget(&self, channel: u64) {
        self.known().kinds.remove(&channel);
    }

    pub fn forget_direct(&self, person: &str) {
        self.known().direct.remove(person);
    }

    pub fn has_tags(&self, post: u64, tags: &[String]) -> bool {
        self.known().tags.get(&post).is_some_and(|known| known == tags)
    }

    pub fn keep_tags(&self, post: u64, tags: Vec<String>) {
        let mut known = self.known();
        if known.tags.len() >= TAGGED {
            known.tags.clear();
        }
        known.tags.insert(post, tags);
    }
}

impl Discord {
    /// Text channel or forum; anything else, and a channel of another server, is a way that is closed.
    pub(super) async fn kind(&self, channel: ChannelId, place: &str) -> Result<Kind, DeliveryError> {
        let now = self.client.now();
        let known = self.rooms.known().kinds.get(&channel.get()).cloned();
        if let Some((kind, at)) = known
            && at.duration_until(now) < BELIEVED_FOR
        {
            return Ok(kind);
        }
        let route = Route::Channel { channel_id: channel };
        let call = Call::new("a look at a channel", LightMethod::Get, route);
        let described = self.client.call(call).await.map_err(|failure| match failure {
            // Only a look: nothing can have been posted.
            Failure::Unknown(why) => DeliveryError::Transient(why),
            failure => delivery_error(failure, place),
        })?;
        if described["guild_id"] != self.guild.to_string().as_str() {
            return Err(DeliveryError::Blocked(format!(
                "{place} belongs to another Discord server than the one that [discord] names"
            )));
        }
        let kind = match described["type"].as_u64() {
            Some(FORUM) => Kind::Forum(Tags::read(&described)),
            Some(kind) if WITH_MESSAGES.contains(&kind) => Kind::Text,
            _ => {
                return Err(DeliveryError::Blocked(format!(
                    "{place} is neither a text channel nor a forum: name another channel in the configuration"
                )));
            }
        };
        self.rooms
            .known()
            .kinds
            .insert(channel.get(), (kind.clone(), now));
        Ok(kind)
    }

    /// The direct channel with a person, opened where there was none.
    pub(super) async fn direct_channel(&self, person: &str) -> Result<ChannelId, Failure> {
        if let Some(known) = self.rooms.known().direct.get(person).copied() {
            return Ok(known);
        }
        let body = json!({ "recipient_id": person });
        let call = Call::new("a direct channel", LightMethod::Post, Route::UserMeDmChannels).body(&body);
        let opened = self.client.call(call).await.map_err(|failure| match failure {
            // Opening it twice opens the same one.
            Failure::Unknown(why) => Failure::NotSent(why),
            failure => failure,
        })?;
        let id = opened["id"]
            .as_str()
            .and_then(|id| id.parse().ok())
            .filter(|id| *id > 0);
        let Some(id) = id else {
            return Err(Failure::NotSent(
                "Discord did not name the direct channel".to_owned(),
            ));
        };
        let channel = ChannelId::new(id);
        self.rooms.known().direct.insert(person.to_owned(), channel);
        Ok(channel)
    }
}
