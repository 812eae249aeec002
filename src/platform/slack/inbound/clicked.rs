//! Buttons: on cards, in notices, in the app's home, in windows. A click carries a command and a lead; what it means now
//! is the desk's business. The answer goes to whoever clicked, and to nobody else.
//!
//! <https://docs.slack.dev/reference/interaction-payloads/block_actions-payload>

use super::door::{Door, not_taken};
use super::ear::Ear;
use super::opening::Opening;
use super::payload::{Click, Place};
use crate::domain::ids::{LeadId, MemberId};
use crate::domain::notice::{Answer, Notice};
use crate::platform::slack::render::{self, Pressed};

impl Door {
    pub(super) async fn clicked(&self, click: Click) {
        let (command, about) = match render::pressed(&click.action) {
            Some(Pressed::Do { command, about }) => (command, about),
            // Links open by themselves, and what is not ours is left alone.
            Some(Pressed::Opened) | None => return,
            Some(pressed @ (Pressed::Preview | Pressed::Typing { .. })) => {
                if let Place::Window(view) = &click.place {
                    self.touched(&click.by, view, pressed == Pressed::Preview).await;
                }
                return;
            }
        };
        let said = match self.member(&click.by).await {
            Ok(who) => self.clicked_by(&who, &command, &about, &click).await,
            Err(refusal) => Some(refusal.into()),
        };
        match (said, &click.place) {
            (said, Place::Home) => self.show_home(&click.by, said.as_ref()).await,
            (Some(notice), _) => click.ear().hear(&self.slack, &notice).await,
            (None, _) => {}
        }
    }

    /// What the person is told; nothing where a form opened.
    async fn clicked_by(&self, who: &MemberId, command: &str, about: &str, click: &Click) -> Option<Notice> {
        let key = format!("slack:{}", click.name());
        let answer = match about.parse::<LeadId>() {
            Ok(lead) => self.front.click(who, &Self::via(), command, lead, &key).await,
            // About no lead: a list to read.
            Err(_) => {
                let line = format!("/{command} {about}");
                self.front.command(who, &Self::via(), &line, &key).await
            }
        };
        match answer {
            Ok(Answer::Notice(notice)) => Some(notice),
            Ok(Answer::Form(form)) => {
                let card = match &click.place {
                    Place::Message(message) => message.ts.as_str(),
                    _ => "",
                };
                let opening = Opening {
                    trigger: &click.trigger,
                    state: click.ear().state(card),
                    again: "click",
                };
                self.open(&form, opening).await.err().map(Notice::from)
            }
            Err(why) => Some(not_taken(&why)),
        }
    }
}

impl Click {
    fn ear(&self) -> Ear {
        match &self.place {
            Place::Message(message) => Ear::near(&self.by.user, message, self.response_url.clone()),
            _ => Ear::of(&self.by.user),
        }
    }
}
