//! Events: a person opens the app's home, says something in a card's thread, comes into a group or leaves it. Talk in a thread stays
//! talk; only what begins with the note sign is kept, as a note for colleagues, and nothing from here is ever public.
//!
//! <https://docs.slack.dev/reference/events>

use serde_json::Value;

use super::door::{Door, not_taken};
use super::ear::Ear;
use super::payload::{By, Happening, text};
use super::wording::{self, Names};
use crate::domain::event::{Ask, Event, Verb};
use crate::domain::ids::{Channel, LeadId, MessageRef};
use crate::domain::message::Content;
use crate::domain::notice::{Notice, Tone};
use crate::platform::slack::PLATFORM;

impl Door {
    pub(super) async fn happening(&self, happening: Happening) {
        let Happening {
            mut teams,
            enterprise,
            event,
            ..
        } = happening;
        // In a shared channel, the person's own workspace stands here.
        for key in ["team", "user_team"] {
            teams.extend(event[key].as_str().map(str::to_owned));
        }
        let by = By {
            user: text(&event["user"]),
            teams,
            enterprise,
        };
        match event["type"].as_str().unwrap_or_default() {
            "app_home_opened" if event["tab"] != "messages" => self.show_home(&by, None).await,
            "message" => self.said_in_thread(by, &event).await,
            "subteam_members_changed"
            | "subteam_updated"
            | "member_joined_channel"
            | "member_left_channel" => {
                self.slack.groups_changed.notify_one();
            }
            _ => {}
        }
    }

    async fn said_in_thread(&self, by: By, event: &Value) {
        let (channel, thread, ts) = (
            text(&event["channel"]),
            text(&event["thread_ts"]),
            text(&event["ts"]),
        );
        let kind = event["subtype"].as_str().unwrap_or_default();
        let by_person = event["bot_id"].is_null()
            && !by.user.is_empty()
            && matches!(kind, "" | "thread_broadcast" | "file_share");
        if !by_person || thread.is_empty() || thread == ts {
            return;
        }
        let said = wording::plain(&text(&event["text"]), &self.front.company(), Names::Spoken);
        let Some(note) = after_sign(&said, &self.slack.settings.note_sign) else {
            return;
        };
        let Some(lead) = self.lead_of(&channel, &thread) else {
            return;
        };
        let ear = Ear {
            user: by.user.clone(),
            channel: channel.clone(),
            thread: Some(thread),
            response_url: None,
        };
        let who = match self.member(&by).await {
            Ok(who) => who,
            Err(refusal) => return ear.hear(&self.slack, &refusal.into()).await,
        };
        let ask = Ask {
            lead,
            by: who,
            via: Self::via(),
            verb: Verb::Note {
                text: note.to_owned(),
            },
            key: format!("slack:{channel}:{ts}"),
        };
        let answer = match self.front.submit(vec![Event::Asked(ask)]).await {
            Ok(mut notices) => notices.pop(),
            Err(why) => Some(not_taken(&why)),
        };
        // A note that was kept shows in the thread by itself, where threads are told of the history.
        let kept_in_sight = self
            .front
            .company()
            .keeps_threads(&Channel::new(PLATFORM, channel));
        if let Some(notice) = answer.filter(|notice| notice.tone != Tone::Done || !kept_in_sight) {
            ear.hear(&self.slack, &notice).await;
        }
    }

    /// The lead that a message of ours in a channel shows.
    pub(super) fn lead_of(&self, channel: &str, ts: &str) -> Option<LeadId> {
        // The newest message before what would come right behind this one.
        let behind = MessageRef::new(format!("{ts}\u{1}"));
        let channel = Channel::new(PLATFORM, channel);
        let found = self
            .front
            .store()
            .messages(&channel, Some(&behind), 1)
            .ok()?
            .pop()?;
        match found.content {
            Content::Card(lead) if found.message.as_str() == ts => Some(lead),
            Content::Notice { lead, .. } if found.message.as_str() == ts => lead,
            _ => None,
        }
    }
}

/// What stands behind the note sign, where a text begins with it.
fn after_sign<'t>(said: &'t str, sign: &str) -> Option<&'t str> {
    let (said, sign) = (said.trim(), sign.trim());
    let mut rest = said.char_indices();
    for wanted in sign.chars() {
        let (_, given) = rest.next()?;
        if !given.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    let note = rest.as_str();
    // A sign that is a word ends where the word ends: “note” is not “noteworthy”.
    let word = sign.ends_with(char::is_alphanumeric) && note.starts_with(char::is_alphanumeric);
    (!word).then(|| note.trim())
}

/// A person who asked for nothing that we know.
pub(super) fn unknown(what: &str) -> Notice {
    Notice::new(
        Tone::Refused,
        format!(
            "Switchboard does not know what to do with this ({what}); an administrator compares the app’s manifest."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_begins_with_its_sign() {
        for (said, sign, note) in [
            ("note: called her", "note:", Some("called her")),
            ("  NOTE:called her ", "note:", Some("called her")),
            ("note:", "note:", Some("")),
            ("Note called her", "note:", None),
            ("a note: no", "note:", None),
            ("noteworthy", "note", None),
            ("note worthy", "note", Some("worthy")),
            ("📝 ja", "📝", Some("ja")),
            ("", "note:", None),
        ] {
            assert_eq!(after_sign(said, sign), note, "{said}");
        }
    }
}
