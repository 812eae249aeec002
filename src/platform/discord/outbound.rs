//! What Switchboard does on Discord by itself: cards, lines in their threads, direct messages, digests. Each call is one
//! attempt. In a text channel a card is a message and its thread hangs under it; in a forum a card is a post, whose
//! thread, first message and reference are one. <https://docs.discord.com/developers/resources/channel>

use async_trait::async_trait;
use serde_json::{Value, json};
use serenity::http::{LightMethod, Route};
use serenity::model::id::{ChannelId, MessageId};

use super::client::{Call, Failure};
use super::errors::delivery_error;
use super::posting::{Mark, Posted, plain};
use super::render;
use super::rooms::Kind;
use super::{Discord, PLATFORM};
use crate::domain::card::Card;
use crate::domain::digest::Digest;
use crate::domain::ids::{Channel, LeadId, MemberId, MessageRef, PlatformId};
use crate::domain::notice::Row;
use crate::port::chat::{ChatPlatform, Picture, Posting};
use crate::port::delivery_error::DeliveryError;

/// A week, in minutes: after that a silent thread is folded away, and opens again with the next line.
const FOLDED_AFTER: u32 = 10_080;
/// What goes with one message; the digest draws no more either.
const PICTURES: usize = 9;
const NAME: usize = 100;

#[async_trait]
impl ChatPlatform for Discord {
    fn id(&self) -> PlatformId {
        PLATFORM.into()
    }

    async fn post_card(
        &self,
        channel: &Channel,
        card: &Card,
        posting: &Posting,
    ) -> Result<MessageRef, DeliveryError> {
        let place = place(channel);
        let to = number(channel)?;
        let body = render::card::card(card);
        let posted = match self.kind(to, &place).await? {
            Kind::Text => self.post(to, body, &[], Mark::Card(card.lead), posting).await,
            Kind::Forum(tags) => {
                let name = post_name(card);
                let mark = format!("{} · ", card.lead);
                let post = json!({
                    "name": name, "auto_archive_duration": FOLDED_AFTER, "message": body,
                    "applied_tags": tags.for_state(card.state),
                });
                self.post_in_forum(to, post, &[], &mark, posting).await
            }
        };
        let posted = posted.map_err(|failure| self.failed(to, failure, &place))?;
        let message = MessageRef::new(posted.id);
        if posted.was_there {
            // It may show the lead as it was then. Should this fail, the message is found again the next time.
            self.edit_card(channel, &message, card)
                .await
                .map_err(|error| match error {
                    DeliveryError::Gone(why) | DeliveryError::Permanent(why) => DeliveryError::Transient(why),
                    other => other,
                })?;
        }
        Ok(message)
    }

    async fn edit_card(
        &self,
        channel: &Channel,
        message: &MessageRef,
        card: &Card,
    ) -> Result<(), DeliveryError> {
        let place = place(channel);
        let to = number(channel)?;
        let message = snowflake(message)?;
        let kind = self.kind(to, &place).await?;
        let room = match kind {
            Kind::Text => to,
            Kind::Forum(_) => ChannelId::new(message),
        };
        let body = render::card::card(card);
        let edited = self.edit(room, message, body).await;
        let edited = match (edited, &kind) {
            // A post that rested is opened again: its lead has news. A text channel knows no such thing.
            (Err(Failure::Refused { code: 50083, .. }), Kind::Forum(_)) => {
                self.open_again(room).await?;
                self.edit(room, message, render::card::card(card)).await
            }
            // Whoever deletes a post deletes its channel.
            (Err(Failure::Refused { code: 10003, .. }), Kind::Forum(_)) => {
                return Err(DeliveryError::Gone(
                    "the post in the forum was deleted".to_owned(),
                ));
            }
            (edited, _) => edited,
        };
        edited.map_err(|failure| self.failed(to, failure, &place))?;
        if let Kind::Forum(tags) = kind {
            self.tag(room, tags.for_state(card.state)).await;
        }
        Ok(())
    }

    async fn notify(
        &self,
        member: &MemberId,
        lead: Option<LeadId>,
        text: &str,
        posting: &Posting,
    ) -> Result<MessageRef, DeliveryError> {
        let company = (self.company)();
        let name = company.name_of(member);
        let known = company.members.get(member);
        let identity = known.and_then(|member| member.identities.get(&PlatformId::from(PLATFORM)));
        let Some(person) = identity else {
            return Err(DeliveryError::Gone(format!("{name} has no identity on Discord")));
        };
        let place = format!("a direct message to {name} on Discord");
        let failed = |failure| delivery_error(failure, &place);
        let to = self.direct_channel(person).await.map_err(failed)?;
        let body = render::notice::told(lead, text);
        let mark = Mark::Words(&body);
        let posted = self.post(to, body.clone(), &[], mark, posting).await;
        if let Err(Failure::Refused { code: 10003, .. }) = posted {
            self.rooms.forget_direct(person);
        }
        Ok(MessageRef::new(posted.map_err(failed)?.id))
    }

    async fn tell_thread(
        &self,
        channel: &Channel,
        card: &MessageRef,
        line: &Row,
        posting: &Posting,
    ) -> Result<MessageRef, DeliveryError> {
        let place = place(channel);
        let to = number(channel)?;
        let card = snowflake(card)?;
        let kind = self.kind(to, &place).await?;
        // A thread has the id of the message that it hangs under.
        let thread = ChannelId::new(card);
        let body = render::thread::line(line);
        let say = || self.post(thread, body.clone(), &[], Mark::Words(&body), posting);
        let gone = || DeliveryError::Gone("the thread on Discord was deleted".to_owned());
        let said = match (say().await, kind) {
            (Err(Failure::Refused { code: 10003, .. }), Kind::Text) => {
                self.begin_thread(to, card, line.lead)
                    .await
                    .map_err(|failure| self.failed(to, failure, &place))?;
                say().await
            }
            (said, _) => said,
        };
        match said {
            Ok(Posted { id, .. }) => Ok(MessageRef::new(id)),
            Err(Failure::Refused { code: 10003, .. }) => Err(gone()),
            Err(failure) => Err(self.failed(to, failure, &place)),
        }
    }

    fn shows_pictures(&self) -> bool {
        true
    }

    async fn post_digest(
        &self,
        channel: &Channel,
        digest: &Digest,
        pictures: &[Picture],
        posting: &Posting,
    ) -> Result<MessageRef, DeliveryError> {
        let place = place(channel);
        let to = number(channel)?;
        let pictures = pictures.get(..PICTURES).unwrap_or(pictures);
        let body = render::digest::digest(digest, pictures);
        let posted = match self.kind(to, &place).await? {
            Kind::Text => {
                let mark = Mark::Words(&body);
                self.post(to, body.clone(), pictures, mark, posting).await
            }
            Kind::Forum(_) => {
                let name = format!(
                    "{} · {}",
                    digest.day.strftime("%-d %B %Y"),
                    digest.department_name
                );
                let name = render::text::plain(&name, NAME);
                let post = json!({ "name": name, "auto_archive_duration": FOLDED_AFTER, "message": body });
                self.post_in_forum(to, post, pictures, &name, posting).await
            }
        };
        posted
            .map(|posted| MessageRef::new(posted.id))
            .map_err(|failure| self.failed(to, failure, &place))
    }
}

impl Discord {
    async fn edit(&self, room: ChannelId, message: u64, mut body: Value) -> Result<(), Failure> {
        let route = Route::ChannelMessage {
            channel_id: room,
            message_id: MessageId::new(message),
        };
        // A card that was plain once has words above its embed; they go.
        body["content"] = "".into();
        let mut mended = false;
        loop {
            let call = Call::new("an edit", LightMethod::Patch, route).body(&body);
            match self.client.call(call).await {
                Err(Failure::Refused {
                    code: 50035, fields, ..
                }) if !mended => {
                    mended = true;
                    body = plain(&body, &fields);
                }
                edited => return edited.map(drop),
            }
        }
    }

    /// A thread under a card. Where there is one already, that is as good.
    async fn begin_thread(&self, channel: ChannelId, card: u64, lead: Option<LeadId>) -> Result<(), Failure> {
        let name = match lead {
            Some(lead) => format!("{lead} · history and notes"),
            None => "History and notes".to_owned(),
        };
        let body = json!({ "name": name, "auto_archive_duration": FOLDED_AFTER });
        let route = Route::ChannelMessageThreads {
            channel_id: channel,
            message_id: MessageId::new(card),
        };
        match self
            .client
            .call(Call::new("a thread", LightMethod::Post, route).body(&body))
            .await
        {
            Err(Failure::Refused { code: 160_004, .. }) | Ok(_) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    async fn open_again(&self, thread: ChannelId) -> Result<(), DeliveryError> {
        let body = json!({ "archived": false });
        let route = Route::Channel { channel_id: thread };
        let call = Call::new("opening a post", LightMethod::Patch, route).body(&body);
        match self.client.call(call).await {
            Ok(_) => Ok(()),
            Err(Failure::Refused { code: 50013, .. }) => Err(DeliveryError::Gone(
                "somebody locked the post in the forum".to_owned(),
            )),
            Err(failure) => Err(delivery_error(failure, "a post in a forum on Discord")),
        }
    }

    /// The tag of a lead's state, where the forum has one. A card is not held up by it: the next edit tries again.
    async fn tag(&self, post: ChannelId, tags: Vec<String>) {
        if tags.is_empty() || self.rooms.has_tags(post.get(), &tags) {
            return;
        }
        let body = json!({ "applied_tags": tags });
        let route = Route::Channel { channel_id: post };
        let call = Call::new("tags of a post", LightMethod::Patch, route).body(&body);
        match self.client.call(call).await {
            Ok(_) => self.rooms.keep_tags(post.get(), tags),
            Err(failure) => tracing::debug!(?failure, "a post in a forum keeps its former tag for now"),
        }
    }

    /// What is known of a channel is looked up anew after a refusal that speaks of what it is.
    fn failed(&self, channel: ChannelId, failure: Failure, place: &str) -> DeliveryError {
        if let Failure::Refused {
            code: 10003 | 50008 | 50024 | 50035,
            ..
        } = failure
        {
            self.rooms.forget(channel.get());
        }
        delivery_error(failure, place)
    }
}

fn place(channel: &Channel) -> String {
    format!("Discord channel {}", channel.name)
}

fn number(channel: &Channel) -> Result<ChannelId, DeliveryError> {
    match channel.name.parse() {
        Ok(id) if id > 0 => Ok(ChannelId::new(id)),
        _ => Err(DeliveryError::Permanent(format!(
            "“{}” is not the id of a Discord channel",
            channel.name
        ))),
    }
}

fn snowflake(message: &MessageRef) -> Result<u64, DeliveryError> {
    let id = message.as_str().parse().ok().filter(|id| *id > 0);
    id.ok_or_else(|| DeliveryError::Gone("the message’s id is not one of Discord’s".to_owned()))
}

/// A post's name begins with its lead, by which it is found again.
fn post_name(card: &Card) -> String {
    let author = card
        .author
        .as_ref()
        .map_or("", |author| author.handle.as_written());
    let said = card.turns.last().map_or("", |turn| turn.text.as_written());
    let parts = [card.network.label(), author, said];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.trim().is_empty()).collect();
    render::text::plain(&format!("{} · {}", card.lead, parts.join(" · ")), NAME)
}
