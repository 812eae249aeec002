//! Shortcuts: on a card, its lead is claimed or noted on; on any other message, a lead is made of it; from anywhere, a
//! person's queue opens. They work in threads, where slash commands do not.
//!
//! <https://docs.slack.dev/interactivity/implementing-shortcuts>

use jiff::Timestamp;
use serde_json::Value;

use super::door::{Door, not_taken};
use super::ear::Ear;
use super::happening::unknown;
use super::opening::Opening;
use super::payload::{OnMessage, Shortcut, text};
use super::wording::{self, Names};
use crate::command::Catalogue;
use crate::domain::event::Event;
use crate::domain::ids::{ConnectorId, MemberId, NetworkId};
use crate::domain::mention::{Author, Mention, MentionKind, PublicText};
use crate::domain::notice::{Answer, Notice, Tone};
use crate::domain::refusal::Refusal;
use crate::platform::slack::PLATFORM;

/// The callback of “Make a lead of this” in the manifest.
const MAKE_LEAD: &str = "make_lead";

impl Door {
    pub(super) async fn shortcut(&self, shortcut: Shortcut) {
        let by = &shortcut.by;
        let ear = match &shortcut.message {
            Some((message, _)) => Ear::near(&by.user, message, shortcut.response_url.clone()),
            None => Ear::of(&by.user),
        };
        let said = match self.member(by).await {
            Ok(who) => self.shortcut_by(&who, &shortcut, &ear).await,
            Err(refusal) => Some(refusal.into()),
        };
        match (said, &shortcut.message) {
            (Some(notice), Some(_)) => ear.hear(&self.slack, &notice).await,
            // From anywhere: there is no channel to answer in, so the answer opens as a window.
            (Some(notice), None) => {
                if self.show(&notice, &shortcut.trigger).await.is_err() {
                    ear.hear(&self.slack, &notice).await;
                }
            }
            (None, _) => {}
        }
    }

    async fn shortcut_by(&self, who: &MemberId, shortcut: &Shortcut, ear: &Ear) -> Option<Notice> {
        let key = format!("slack:{}", shortcut.trigger);
        let name = shortcut.callback.as_str();
        let answer = match &shortcut.message {
            Some((message, content)) if name == MAKE_LEAD => {
                return Some(
                    self.make_lead(message, content)
                        .await
                        .unwrap_or_else(Notice::from),
                );
            }
            _ if Catalogue::builtin().get(name).is_none() => return Some(unknown(name)),
            Some((message, _)) => {
                let thread = message.thread.as_deref().unwrap_or_default();
                let found = self.lead_of(&message.channel, &message.ts);
                let Some(lead) = found.or_else(|| self.lead_of(&message.channel, thread)) else {
                    return Some(Notice::new(
                        Tone::Refused,
                        "That message is not a lead’s card. Use this on a card, or on a message in the thread under one.",
                    ));
                };
                self.front.click(who, &Self::via(), name, lead, &key).await
            }
            None => {
                self.front
                    .command(who, &Self::via(), &format!("/{name}"), &key)
                    .await
            }
        };
        match answer {
            Ok(Answer::Notice(notice)) => Some(notice),
            Ok(Answer::Form(form)) => {
                let opening = Opening {
                    trigger: &shortcut.trigger,
                    state: ear.state(""),
                    again: "choose it",
                };
                let opened = self.open(&form, opening).await;
                opened.err().map(Notice::from)
            }
            Err(why) => Some(not_taken(&why)),
        }
    }

    async fn make_lead(&self, message: &OnMessage, content: &Value) -> Result<Notice, Refusal> {
        if let Some(lead) = self.lead_of(&message.channel, &message.ts) {
            return Err(Refusal::because(format!("That message is the card of {lead}.")));
        }
        let mention = self.mention(message, content).await?;
        let (network, id) = (mention.network.clone(), mention.id.clone());
        let known = || {
            let seen = self.front.store().seen(&network, &id).ok()??;
            seen.lead
        };
        if let Some(lead) = known() {
            return Err(Refusal::because(format!("That message is {lead} already.")));
        }
        let event = Event::MentionReceived {
            mention: Box::new(mention),
            backlog: false,
        };
        let notices = match self.front.submit(vec![event]).await {
            Ok(notices) => notices,
            Err(why) => return Ok(not_taken(&why)),
        };
        let Some(lead) = known() else {
            let why = notices
                .into_iter()
                .next()
                .map(|notice| notice.text)
                .unwrap_or_default();
            return Err(Refusal::because(format!(
                "No lead was made of that message. {why}"
            )));
        };
        let company = self.front.company();
        let department = self
            .front
            .store()
            .lead(lead)
            .ok()
            .flatten()
            .map(|lead| lead.department);
        Ok(Notice::done(match department {
            Some(department) => format!(
                "That message is {lead} now, in the queue of {}.",
                company.department_name(&department)
            ),
            None => format!("That message is {lead} now."),
        }))
    }

    /// A message of the workspace as if a network had delivered it. Nothing can be published back to it.
    async fn mention(&self, message: &OnMessage, content: &Value) -> Result<Mention, Refusal> {
        let company = self.front.company();
        let words = wording::plain(&text(&content["text"]), &company, Names::Spoken);
        if words.trim().is_empty() {
            return Err(Refusal::because(
                "There are no words in that message to make a lead of.",
            ));
        }
        let user = text(&content["user"]);
        let (id, name) = match user.is_empty() {
            false => {
                let name = self.person(&user).await.name;
                (user, name)
            }
            true => {
                let names = [
                    &content["username"],
                    &content["bot_profile"]["name"],
                    &content["bot_id"],
                ];
                let name = names
                    .into_iter()
                    .find_map(|name| name.as_str())
                    .unwrap_or("an app");
                (text(&content["bot_id"]), name.to_owned())
            }
        };
        let OnMessage { channel, ts, thread } = message;
        let place = [("channel", channel.as_str()), ("message_ts", ts.as_str())];
        let link = self.slack.client.get("chat.getPermalink", &place).await;
        let root = thread.as_deref().unwrap_or(ts);
        Ok(Mention {
            connector: ConnectorId::from(PLATFORM),
            network: NetworkId::from(PLATFORM),
            id: format!("{channel}:{ts}"),
            kind: MentionKind::Mention,
            author: Author {
                id,
                handle: PublicText::new(name.clone()),
                name: PublicText::new(name),
                ..Author::default()
            },
            text: PublicText::new(words),
            created: moment(ts).unwrap_or_else(|| self.now()),
            account: None,
            language: None,
            url: link
                .ok()
                .and_then(|answer| answer["permalink"].as_str().map(str::to_owned)),
            in_reply_to: None,
            conversation: Some(format!("{channel}:{root}")),
            media: Vec::new(),
            rating: None,
            reply_target: None,
            own: false,
        })
    }
}

/// When a message was posted, by its name: `1712345678.123456`.
fn moment(ts: &str) -> Option<Timestamp> {
    let (seconds, fraction) = ts.split_once('.')?;
    let micros: i32 = fraction
        .parse()
        .ok()
        .filter(|micros| (0..1_000_000).contains(micros))?;
    Timestamp::new(seconds.parse().ok()?, micros * 1_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_messages_name_says_when_it_was_posted() {
        assert_eq!(
            moment("1712345678.123456"),
            Timestamp::new(1_712_345_678, 123_456_000).ok()
        );
        for ts in [
            "",
            "1712345678",
            "x.1",
            "1.-5",
            "1.9999999",
            "99999999999999999999.0",
        ] {
            assert_eq!(moment(ts), None, "{ts}");
        }
    }
}
