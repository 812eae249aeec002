//! Posting once. Every message carries a nonce made from the posting's name, which Discord honours for some minutes; what is
//! in doubt for longer, or since an earlier process, is looked for in the channel before it is posted again.
//! Posts in a forum take no nonce: they are found by their name. <https://docs.discord.com/developers/resources/message>

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use serenity::http::{LightMethod, Route};
use serenity::model::id::{ChannelId, GuildId};
use sha2::{Digest as _, Sha256};

use super::Discord;
use super::client::{Call, Failure};
use super::render::card::read_click;
use crate::domain::ids::LeadId;
use crate::port::chat::{Picture, Posting};

/// Discord's own beginning of time, in milliseconds.
const EPOCH: i64 = 1_420_070_400_000;
/// Their clock and ours may differ by this.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_secs(10);
/// Pages of a hundred messages that are looked through for one of ours.
const PAGES: usize = 20;
/// Doubts that are older are no longer remembered; their errands ended long ago.
const DOUBTS_LAST: SignedDuration = SignedDuration::from_hours(24);

/// When the first attempt was made whose outcome is not known, by the posting's name.
#[derive(Default)]
pub(super) struct Doubts(Mutex<HashMap<String, Timestamp>>);

impl Doubts {
    fn of(&self, posting: &Posting) -> Option<Timestamp> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let here = known.get(&posting.key).copied();
        match (here, posting.since) {
            (Some(here), Some(before)) => Some(here.min(before)),
            (here, before) => here.or(before),
        }
    }

    /// From here on nobody knows, until it is settled: a call may also be given up in the middle.
    fn begin(&self, posting: &Posting, now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, since| since.duration_until(now) < DOUBTS_LAST);
        known.entry(posting.key.clone()).or_insert(now);
    }

    fn settle(&self, posting: &Posting) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.remove(&posting.key);
    }
}

/// How one of our messages is known again besides by its nonce.
pub(super) enum Mark<'a> {
    /// It is this lead's card.
    Card(LeadId),
    /// It says the same.
    Words(&'a Value),
}

/// A message's id, and whether it was there already: then it may say something older.
pub(super) struct Posted {
    pub id: String,
    pub was_there: bool,
}

/// 125 bits of the name's hash in 25 letters, the longest nonce that Discord takes.
pub(super) fn nonce(name: &str) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let hash = Sha256::digest(name.as_bytes());
    let mut nonce = String::with_capacity(25);
    let (mut held, mut bits) = (0_u32, 0);
    for byte in hash.iter().take(16) {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 && nonce.len() < 25 {
            bits -= 5;
            let letter = LETTERS.get((held >> bits) as usize & 31).copied().unwrap_or(b'a');
            nonce.push(char::from(letter));
        }
        held &= (1 << bits) - 1;
    }
    nonce
}

impl Discord {
    /// Posts a message in a channel, a thread or a direct channel, once.
    pub(super) async fn post(
        &self,
        channel: ChannelId,
        body: Value,
        pictures: &[Picture],
        mark: Mark<'_>,
        posting: &Posting,
    ) -> Result<Posted, Failure> {
        let doubted = self.doubts.of(posting);
        let mut name = posting.key.clone();
        if let Some(since) = doubted
            && let Some(id) = self.find(channel, since, &mark, &nonce(&name)).await?
        {
            self.doubts.settle(posting);
            return Ok(Posted { id, was_there: true });
        }
        self.doubts.begin(posting, self.client.now());
        let mut body = body;
        let mut mended = false;
        loop {
            body["nonce"] = nonce(&name).into();
            body["enforce_nonce"] = true.into();
            let route = Route::ChannelMessages { channel_id: channel };
            let mut call = Call::new("a message", LightMethod::Post, route).body(&body);
            call.pictures = pictures;
            match self.client.call(call).await {
                Ok(message) => return self.posted(posting, &message),
                // It was posted before, and somebody deleted it since: what must be seen is posted anew.
                Err(Failure::Refused { code: 10008, .. }) if name == posting.key => name.push_str("#again"),
                Err(Failure::Refused {
                    code: 50035, fields, ..
                }) if !mended => {
                    mended = true;
                    body = plain(&body, &fields);
                }
                Err(failure) => return Err(self.not_posted(posting, doubted, failure)),
            }
        }
    }

    /// Opens a post in a forum, once. Its name begins with `mark`, which no other post of ours does.
    pub(super) async fn post_in_forum(
        &self,
        forum: ChannelId,
        mut post: Value,
        pictures: &[Picture],
        mark: &str,
        posting: &Posting,
    ) -> Result<Posted, Failure> {
        let doubted = self.doubts.of(posting);
        if let Some(since) = doubted
            && let Some(id) = self.find_in_forum(forum, since, mark).await?
        {
            self.doubts.settle(posting);
            return Ok(Posted { id, was_there: true });
        }
        self.doubts.begin(posting, self.client.now());
        let mut mended = false;
        loop {
            let route = Route::ChannelThreads { channel_id: forum };
            let mut call = Call::new("a post in a forum", LightMethod::Post, route).body(&post);
            call.pictures = pictures;
            match self.client.call(call).await {
                Ok(thread) => return self.posted(posting, &thread),
                Err(Failure::Refused {
                    code: 50035, fields, ..
                }) if !mended => {
                    mended = true;
                    post["message"] = plain(&post["message"], &fields);
                    post["applied_tags"] = json!([]);
                }
                Err(failure) => return Err(self.not_posted(posting, doubted, failure)),
            }
        }
    }

    fn posted(&self, posting: &Posting, answer: &Value) -> Result<Posted, Failure> {
        let Some(id) = answer["id"].as_str() else {
            return Err(Failure::Unknown(
                "Discord did not name the new message".to_owned(),
            ));
        };
        self.doubts.settle(posting);
        Ok(Posted {
            id: id.to_owned(),
            was_there: false,
        })
    }

    /// A clear no settles what this attempt began, and nothing that was in doubt before it.
    fn not_posted(&self, posting: &Posting, doubted: Option<Timestamp>, failure: Failure) -> Failure {
        if doubted.is_none() && !matches!(failure, Failure::Unknown(_)) {
            self.doubts.settle(posting);
        }
        failure
    }

    async fn find(
        &self,
        channel: ChannelId,
        since: Timestamp,
        mark: &Mark<'_>,
        nonce: &str,
    ) -> Result<Option<String>, Failure> {
        let me = self.own_id().await?;
        let mut after = snowflake(since);
        for _ in 0..PAGES {
            let route = Route::ChannelMessages { channel_id: channel };
            let mut call = Call::new("reading a channel", LightMethod::Get, route);
            call.query = vec![("after", after.to_string()), ("limit", "100".to_owned())];
            let page = self.client.call(call).await?;
            let messages = page.as_array().map_or(&[][..], Vec::as_slice);
            let ours = messages
                .iter()
                .filter(|message| message["author"]["id"] == me.as_str());
            // The oldest: should there be two after all, always the same one is kept.
            let found = ours
                .rev()
                .find(|message| message["nonce"] == nonce || mark.is_on(message));
            if let Some(id) = found.and_then(|message| message["id"].as_str()) {
                return Ok(Some(id.to_owned()));
            }
            let newest = messages
                .iter()
                .filter_map(|message| message["id"].as_str()?.parse().ok());
            match newest.max() {
                Some(newest) if messages.len() >= 100 => after = newest,
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    async fn find_in_forum(
        &self,
        forum: ChannelId,
        since: Timestamp,
        mark: &str,
    ) -> Result<Option<String>, Failure> {
        let me = self.own_id().await?;
        let guild_id = GuildId::new(self.guild);
        let open = Route::GuildThreadsActive { guild_id };
        let archived = Route::ChannelArchivedPublicThreads { channel_id: forum };
        let oldest = snowflake(since);
        for route in [open, archived] {
            let call = Call::new("reading a forum", LightMethod::Get, route);
            let listed = self.client.call(call).await?;
            let threads = listed["threads"].as_array().map_or(&[][..], Vec::as_slice);
            let found = threads.iter().find(|thread| {
                let id = thread["id"].as_str().and_then(|id| id.parse::<u64>().ok());
                thread["parent_id"] == forum.to_string().as_str()
                    && thread["owner_id"] == me.as_str()
                    && id > Some(oldest)
                    && thread["name"].as_str().is_some_and(|name| name.starts_with(mark))
            });
            if let Some(id) = found.and_then(|thread| thread["id"].as_str()) {
                return Ok(Some(id.to_owned()));
            }
        }
        Ok(None)
    }

    /// The bot's own id, asked for once.
    async fn own_id(&self) -> Result<String, Failure> {
        if let Some(known) = self.own_id.get() {
            return Ok(known.clone());
        }
        let call = Call::new("who the bot is", LightMethod::Get, Route::UserMe);
        let me = self.client.call(call).await?;
        match me["id"].as_str() {
            Some(id) => Ok(self.own_id.get_or_init(|| id.to_owned()).clone()),
            None => Err(Failure::Unknown("Discord did not say who the bot is".to_owned())),
        }
    }
}

impl Mark<'_> {
    fn is_on(&self, message: &Value) -> bool {
        match self {
            Self::Card(lead) => {
                let rows = message["components"].as_array().map_or(&[][..], Vec::as_slice);
                let parts = rows
                    .iter()
                    .filter_map(|row| row["components"].as_array())
                    .flatten();
                let ids = parts.filter_map(|part| part["custom_id"].as_str());
                // A card without buttons names its lead in the footer.
                let footer = message["embeds"][0]["footer"]["text"]
                    .as_str()
                    .unwrap_or_default();
                ids.filter_map(read_click).any(|(_, on)| on == *lead)
                    || footer.starts_with(&format!("{lead} · "))
            }
            Self::Words(body) => {
                let same = |at: &str| {
                    let text = |message: &Value| {
                        let text = message.pointer(at).and_then(Value::as_str).unwrap_or_default();
                        text.trim().to_owned()
                    };
                    text(message) == text(body)
                };
                ["/content", "/embeds/0/title", "/embeds/0/description"]
                    .iter()
                    .all(|at| same(at))
            }
        }
    }
}

/// A snowflake older than everything that was posted from this moment on.
fn snowflake(since: Timestamp) -> u64 {
    let since = since.checked_sub(CLOCKS_DIFFER).unwrap_or(Timestamp::MIN);
    u64::try_from(since.as_millisecond() - EPOCH).unwrap_or_default() << 22
}

/// The same message with nothing that could be refused: its words, and its buttons where they were not what was wrong.
pub(super) fn plain(body: &Value, fields: &[String]) -> Value {
    // Paths and codes only: what stands in the fields may be anybody's.
    tracing::warn!(
        ?fields,
        "Discord refused the form of a message; it is posted plainly"
    );
    let text = |at: &str| body.pointer(at).and_then(Value::as_str).unwrap_or_default();
    let facts = body["embeds"][0]["fields"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let facts = facts.iter().filter_map(|fact| {
        let (name, value) = (fact["name"].as_str()?, fact["value"].as_str()?);
        Some(format!("{name}: {value}"))
    });
    let mut words = vec![text("/content").to_owned(), text("/embeds/0/title").to_owned()];
    words.extend(facts);
    words.push(text("/embeds/0/description").to_owned());
    words.retain(|words| !words.trim().is_empty());
    let content = match words.is_empty() {
        true => super::render::text::NOTHING.to_owned(),
        false => super::render::text::head(&words.join("\n"), 1900).to_owned(),
    };
    let buttons_were_wrong = fields.iter().any(|field| field.contains("components"));
    let components = match (&body["components"], buttons_were_wrong) {
        (Value::Array(rows), false) => Value::Array(rows.clone()),
        _ => json!([]),
    };
    let mut plain = json!({
        "content": content, "embeds": [], "components": components, "allowed_mentions": { "parse": [] },
    });
    if body["attachments"].is_array() {
        plain["attachments"] = body["attachments"].clone();
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_the_names_own_and_as_long_as_discord_takes() {
        assert_eq!(nonce("a").len(), 25);
        assert_eq!(nonce("a"), nonce("a"));
        assert_ne!(nonce("a"), nonce("b"));
        // RFC 4648, SHA-256 of “abc”: ba7816bf 8f01cfea …
        assert!(nonce("abc").starts_with("xj4bnp4p"));
    }
}
