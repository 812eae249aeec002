//! The outbound half: the chat port as Slack implements it. Every call is one attempt at Slack's pace. A message that
//! Slack does not take as we drew it is sent once more in a plainer form, so that a lead is never invisible because of us.
//!
//! <https://docs.slack.dev/reference/methods/chat.postMessage>

use async_trait::async_trait;
use serde_json::{Value, json};

use super::client::Failure;
use super::errors::{Meaning, Place, delivery, meaning};
use super::reconcile::{Room, metadata};
use super::render::{self, Message};
use super::{PLATFORM, Slack};
use crate::domain::card::Card;
use crate::domain::digest::Digest;
use crate::domain::ids::{Channel, LeadId, MemberId, MessageRef, PlatformId};
use crate::domain::notice::Row;
use crate::port::chat::{ChatPlatform, Picture, Posting};
use crate::port::delivery_error::DeliveryError;

/// Where a message goes.
pub(super) struct Target {
    /// What `chat.postMessage` is told: a channel, or a person.
    pub to: String,
    pub thread: Option<String>,
    pub place: Place,
}

/// What became of a posting.
pub(super) enum Posted {
    New(String),
    /// An earlier attempt had gone through.
    Found(String),
}

impl Posted {
    fn into_ref(self) -> MessageRef {
        match self {
            Self::New(ts) | Self::Found(ts) => MessageRef::new(ts),
        }
    }
}

impl Slack {
    pub(super) fn target(&self, channel: &Channel) -> Target {
        let company = (self.company)();
        let mut departments = company.departments.values();
        let department = departments.find(|department| department.channels.contains(channel));
        Target {
            to: channel.name.clone(),
            thread: None,
            place: Place::Channel {
                id: channel.name.clone(),
                department: department.map_or("no department", |found| &found.name).to_owned(),
            },
        }
    }

    /// A member's direct messages: unlike what Slack shows to one person in a channel, they stay.
    fn direct(&self, member: &MemberId) -> Result<Target, DeliveryError> {
        let company = (self.company)();
        let found = company.members.get(member);
        let identity = found.and_then(|found| found.identities.get(&PlatformId::from(PLATFORM)));
        match (found, identity) {
            (Some(found), Some(identity)) => Ok(Target {
                to: identity.clone(),
                thread: None,
                place: Place::Direct(found.name.clone()),
            }),
            _ => Err(DeliveryError::Gone(format!(
                "{} has no Slack id in members.toml",
                company.name_of(member)
            ))),
        }
    }

    /// Where an earlier attempt of this message would be found.
    async fn room(&self, target: &Target) -> Result<Room, DeliveryError> {
        let channel = match target.place {
            Place::Channel { .. } => target.to.clone(),
            Place::Direct(_) => {
                let asked = json!({"users": target.to});
                let opened = match self.write("conversations.open", None, &asked).await {
                    Err(Failure::Unknown(why)) => return Err(DeliveryError::Transient(why)),
                    answer => answer.map_err(|failure| delivery(&failure, &target.place))?,
                };
                opened["channel"]["id"].as_str().unwrap_or_default().to_owned()
            }
        };
        Ok(Room {
            channel,
            thread: target.thread.clone(),
        })
    }

    /// The `ts` of what an earlier attempt posted, where there is one.
    pub(super) async fn find(
        &self,
        target: &Target,
        posting: &Posting,
    ) -> Result<Option<String>, DeliveryError> {
        if !self.is_in_doubt(posting) {
            return Ok(None);
        }
        let room = self.room(target).await?;
        self.look(&room, posting, &target.place).await
    }

    /// Posts once, after looking whether that was done before. `forms` are ever plainer pictures of the same.
    async fn post(
        &self,
        target: &Target,
        forms: &[Message],
        posting: &Posting,
    ) -> Result<Posted, DeliveryError> {
        match self.find(target, posting).await? {
            Some(ts) => Ok(Posted::Found(ts)),
            None => self
                .post_new(target, forms, posting)
                .await
                .map(|(ts, _)| Posted::New(ts)),
        }
    }

    /// Posts without looking. Its `ts`, and which of the forms Slack took.
    pub(super) async fn post_new(
        &self,
        target: &Target,
        forms: &[Message],
        posting: &Posting,
    ) -> Result<(String, usize), DeliveryError> {
        let body = |form: &Message| {
            let mut body = content(form);
            body["channel"] = json!(target.to);
            body["unfurl_links"] = json!(false);
            body["unfurl_media"] = json!(false);
            body["metadata"] = metadata(posting);
            if let Some(thread) = &target.thread {
                body["thread_ts"] = json!(thread);
            }
            body
        };
        self.begins(posting);
        let answer = self
            .in_some_form("chat.postMessage", Some(&target.to), forms, body)
            .await;
        self.ended(posting, !matches!(answer, Err(Failure::Unknown(_))));
        let (answer, form) = answer.map_err(|failure| delivery(&failure, &target.place))?;
        Ok((answer["ts"].as_str().unwrap_or_default().to_owned(), form))
    }

    async fn update(&self, target: &Target, ts: &str, forms: &[Message]) -> Result<(), DeliveryError> {
        let body = |form: &Message| {
            let mut body = content(form);
            body["channel"] = json!(target.to);
            body["ts"] = json!(ts);
            body
        };
        match self.in_some_form("chat.update", None, forms, body).await {
            Ok(_) => Ok(()),
            // Whether it was done or not: doing it again changes nothing.
            Err(Failure::Unknown(why)) => Err(DeliveryError::Transient(why)),
            Err(failure) => Err(delivery(&failure, &target.place)),
        }
    }

    /// The answer to the first form that Slack takes, and which one it is.
    async fn in_some_form(
        &self,
        method: &str,
        channel: Option<&str>,
        forms: &[Message],
        body: impl Fn(&Message) -> Value,
    ) -> Result<(Value, usize), Failure> {
        let mut refused = Failure::NotSent("there is nothing to send".to_owned());
        for (at, form) in forms.iter().enumerate() {
            let body = body(form);
            let answer = match at {
                0 => self.write(method, channel, &body).await,
                _ => self.write_again(method, channel, &body).await,
            };
            match answer {
                Err(Failure::Refused(code)) if meaning(&code) == Meaning::OurFault => {
                    let length = body["blocks"].to_string().len();
                    tracing::warn!(
                        method,
                        code,
                        blocks = form.blocks.len(),
                        length,
                        "Slack does not take this form"
                    );
                    refused = Failure::Refused(code);
                }
                other => return other.map(|answer| (answer, at)),
            }
        }
        Err(refused)
    }

    /// The lead's card, and what is sent where Slack does not take it: without pictures, which Slack may be unable to
    /// fetch, and at last as a line of text.
    fn card_forms(card: &Card) -> Vec<Message> {
        let full = render::card(card);
        let bare = render::card_without_pictures(card);
        let plain = Message {
            text: format!(
                "{} (Slack would not take the whole card: /show {})",
                full.text, card.lead
            ),
            blocks: Vec::new(),
        };
        let mut forms = vec![full, bare, plain];
        forms.dedup();
        forms
    }
}

fn content(form: &Message) -> Value {
    // An edit without blocks would keep nothing of them; an empty list is the same, said aloud.
    json!({"text": form.text, "blocks": form.blocks, "parse": "none"})
}

/// A message and its plainest form: the notification line alone.
pub(super) fn or_plain(message: Message) -> [Message; 2] {
    let plain = Message {
        text: message.text.clone(),
        blocks: Vec::new(),
    };
    [message, plain]
}

#[async_trait]
impl ChatPlatform for Slack {
    fn id(&self) -> PlatformId {
        PLATFORM.into()
    }

    async fn post_card(
        &self,
        channel: &Channel,
        card: &Card,
        posting: &Posting,
    ) -> Result<MessageRef, DeliveryError> {
        let (target, forms) = (self.target(channel), Self::card_forms(card));
        let ts = match self.post(&target, &forms, posting).await? {
            Posted::New(ts) => ts,
            // It shows the lead as it was then.
            Posted::Found(ts) => match self.update(&target, &ts, &forms).await {
                Err(DeliveryError::Gone(_)) => {
                    self.forget(&self.room(&target).await?, posting);
                    self.post_new(&target, &forms, posting).await?.0
                }
                updated => updated.map(|()| ts)?,
            },
        };
        self.ended(posting, true);
        Ok(MessageRef::new(ts))
    }

    async fn edit_card(
        &self,
        channel: &Channel,
        message: &MessageRef,
        card: &Card,
    ) -> Result<(), DeliveryError> {
        let (target, forms) = (self.target(channel), Self::card_forms(card));
        self.update(&target, message.as_str(), &forms).await
    }

    async fn notify(
        &self,
        member: &MemberId,
        lead: Option<LeadId>,
        text: &str,
        posting: &Posting,
    ) -> Result<MessageRef, DeliveryError> {
        let target = self.direct(member)?;
        let forms = or_plain(render::told(lead, text));
        let posted = self.post(&target, &forms, posting).await?;
        self.ended(posting, true);
        Ok(posted.into_ref())
    }

    async fn tell_thread(
        &self,
        channel: &Channel,
        card: &MessageRef,
        line: &Row,
        posting: &Posting,
    ) -> Result<MessageRef, DeliveryError> {
        let mut target = self.target(channel);
        target.thread = Some(card.to_string());
        let posted = self.post(&target, &or_plain(render::line(line)), posting).await?;
        self.ended(posting, true);
        Ok(posted.into_ref())
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
        let target = self.target(channel);
        let ts = match self.find(&target, posting).await? {
            Some(ts) => ts,
            None => self.post_illustrated(&target, digest, pictures, posting).await?,
        };
        self.ended(posting, true);
        Ok(MessageRef::new(ts))
    }
}
