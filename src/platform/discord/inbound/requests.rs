//! What people ask for, once it is known who they are: a command, a press, a choice, a submitted form. Each goes to the
//! front desk as it is; the answer is a message for them alone, or a form.

use std::sync::Arc;

use serde_json::Value;

use super::interaction::{Given, Wish};
use super::who::Who;
use crate::domain::form::{Field, Form};
use crate::domain::ids::{LeadId, PlatformId};
use crate::domain::lead::Draft;
use crate::domain::mention::PublicText;
use crate::domain::notice::{Answer, Notice, Row, Tone};
use crate::domain::refusal::Refusal;
use crate::platform::discord::PLATFORM;
use crate::platform::discord::render::{card, form, notice, text};
use crate::port::front_desk::{FilledIn, FrontDesk, NotTaken};

/// All options of one command together; Discord takes 6000 characters in each.
const LONGEST: usize = 12_000;
/// The longest quote that a card surely shows whole.
const SEEN_ON_CARD: usize = 600;

/// What goes back to the person.
pub(super) enum Reply {
    Message(Value),
    /// Only as a first answer; afterwards it can be offered, not opened.
    Modal(Box<Form>),
}

pub(super) struct Requests {
    pub front: Arc<dyn FrontDesk>,
    pub who: Who,
}

impl Requests {
    pub async fn serve(self, wish: Wish) -> Reply {
        match wish {
            Wish::Command { name, given } => self.command(&name, given).await,
            Wish::Press {
                custom_id,
                chosen,
                private,
            } => self.press(&custom_id, &chosen, private).await,
            Wish::Submit {
                custom_id,
                components,
                ..
            } => match form::read(&custom_id, &components) {
                Some(filled) => self.fill_in(filled).await,
                None => unknown("form"),
            },
            Wish::Ping | Wish::Complete { .. } | Wish::Unknown(_) => unknown("request"),
        }
    }

    async fn command(&self, name: &str, given: Vec<Given>) -> Reply {
        let length: usize = given.iter().map(|option| text::length(&option.text)).sum();
        if length > LONGEST {
            return told(Refusal::because(format!(
                "That is {length} characters, and a command takes {LONGEST} at most; nothing was done."
            )));
        }
        let mut options = Vec::with_capacity(given.len());
        for option in given {
            let value = match self.who.chosen.get(person(&option)) {
                Some(Ok(member)) => member.to_string(),
                Some(Err(name)) => {
                    return told(Refusal::because(format!(
                        "{name} is not a member of {} as far as Switchboard knows; `/who` lists everybody who is.",
                        self.front.company().name
                    )));
                }
                None => option.text,
            };
            options.push((option.name, value));
        }
        let via = via();
        let answer = self
            .front
            .told_apart(&self.who.member, &via, name, options, &self.who.key);
        match answer.await {
            Ok(Answer::Notice(notice)) => Reply::Message(notice::notice(&notice)),
            Ok(Answer::Form(form)) => {
                if form::steps(&form).is_some()
                    && let Err(given_back) = self.keep_typed(&form).await
                {
                    return given_back;
                }
                // The button of a preview opens the form anew; what was given with the command would be lost on the way.
                let far = cannot_be_seen(&form) && !form.fields.iter().any(is_filled);
                open(form, far)
            }
            Err(why) => told(not_taken(&why)),
        }
    }

    /// What was typed with a command waits as a draft while something is still chosen: a choice opens the form anew. Where
    /// it cannot be kept it is given back.
    async fn keep_typed(&self, form: &Form) -> Result<(), Reply> {
        let typed = typed(form);
        if typed.is_empty() {
            return Ok(());
        }
        let kept = self.keep(form.lead, &form.command, &typed).await;
        kept.map_err(|why| {
            let refused = notice::notice(&not_taken(&why).into());
            Reply::Message(notice::giving_back(refused, &typed))
        })
    }

    async fn keep(&self, lead: LeadId, command: &str, fields: &[(String, String)]) -> Result<(), NotTaken> {
        let draft = Draft {
            by: self.who.member.clone(),
            command: command.to_owned(),
            fields: fields.to_vec(),
        };
        self.front.keep_draft(lead, draft).await
    }

    async fn press(&self, custom_id: &str, chosen: &[String], private: bool) -> Reply {
        if let Some(picked) = form::pick(custom_id, chosen) {
            return self.picked(&picked).await;
        }
        let Some((command, lead)) = card::read_click(custom_id) else {
            return unknown("button");
        };
        match self.click(&command, lead).await {
            Ok(Answer::Notice(notice)) => Reply::Message(notice::notice(&notice)),
            // “Try again” stands in a message of their own, under what they have read.
            Ok(Answer::Form(form)) => {
                let cut = !private && must_be_read(&form);
                open(form, cut)
            }
            Err(why) => told(not_taken(&why)),
        }
    }

    /// The next step of a form that was begun: what else must be chosen, then what must be typed; or all is said.
    async fn picked(&self, picked: &form::Picked) -> Reply {
        match self.click(&picked.command, picked.lead).await {
            Ok(Answer::Form(form)) => {
                let form = picked.complete(*form);
                match form::submission(&form) {
                    Some(filled) => self.fill_in(filled).await,
                    None => open(Box::new(form), false),
                }
            }
            // The lead has moved on since.
            Ok(Answer::Notice(notice)) => Reply::Message(notice::notice(&notice)),
            Err(why) => told(not_taken(&why)),
        }
    }

    async fn click(&self, command: &str, lead: LeadId) -> Result<Answer, NotTaken> {
        let via = via();
        self.front
            .click(&self.who.member, &via, command, lead, &self.who.key)
            .await
    }

    async fn fill_in(&self, filled: FilledIn) -> Reply {
        let (command, lead, seen) = (filled.command.clone(), filled.lead, filled.seen);
        let fields = filled.fields.clone();
        let mut refused = match self.front.fill_in(&self.who.member, &via(), filled).await {
            Ok(Answer::Form(form)) => return Reply::Message(form::preview(&form)),
            Ok(Answer::Notice(notice)) if notice.tone != Tone::Refused => {
                return Reply::Message(notice::notice(&notice));
            }
            Ok(Answer::Notice(notice)) => notice,
            Err(why) => not_taken(&why).into(),
        };
        refused.rows.extend(self.said_since(lead, seen));
        self.offered_again(refused, command, lead, fields).await
    }

    /// What was said last, where that was after the form was opened: it is read before the form opens again.
    fn said_since(&self, lead: LeadId, seen: u32) -> Option<Row> {
        let is_newer = self.front.store().lead(lead).ok()??.last_turn >= seen;
        let card = self
            .front
            .card(Some(&self.who.member), lead, 1)
            .filter(|_| is_newer)?;
        let turn = card.turns.last()?;
        Some(Row {
            lead: None,
            text: "Said last".to_owned(),
            said: Some(turn.text.clone()),
            at: Some(turn.at),
        })
    }

    /// Nobody types a text twice: it is kept, and the form opens again with it. Where it cannot be kept it is given back.
    async fn offered_again(
        &self,
        refused: Notice,
        command: String,
        lead: LeadId,
        fields: Vec<(String, String)>,
    ) -> Reply {
        let kept = self.keep(lead, &command, &fields).await;
        let body = notice::refused(&refused, &command, lead);
        Reply::Message(match kept {
            Ok(()) => body,
            Err(_) => notice::giving_back(body, &fields),
        })
    }
}

/// What must be chosen is asked first; then what must be read is shown: the author's words and the guidelines; then the
/// modal.
fn open(form: Box<Form>, show_first: bool) -> Reply {
    if let Some(choice) = form::steps(&form) {
        return Reply::Message(choice);
    }
    match show_first {
        true => Reply::Message(form::preview(&form)),
        false => Reply::Modal(form),
    }
}

/// What people typed, by the names of its fields; what they chose is chosen again.
fn typed(form: &Form) -> Vec<(String, String)> {
    let typed = form.fields.iter().filter_map(|field| match field {
        Field::Text { name, value, .. } if !value.trim().is_empty() => Some((name.clone(), value.clone())),
        _ => None,
    });
    typed.collect()
}

fn is_filled(field: &Field) -> bool {
    match field {
        Field::Text { value, .. } | Field::Choice { value, .. } => !value.is_empty(),
    }
}

/// A form that did not begin at a card: the author's words may be far away.
fn cannot_be_seen(form: &Form) -> bool {
    (form.quote.is_some() && !form.guidelines.is_empty()) || must_be_read(form)
}

/// Neither the card nor the modal shows all of it.
fn must_be_read(form: &Form) -> bool {
    let quote = form.quote.as_ref().map_or("", PublicText::as_written);
    text::length(quote) > SEEN_ON_CARD || form::cuts_guidelines(form)
}

/// The id of the person whom an option names: `<@1106…>`, as Discord writes it when somebody types `@Dana`.
fn person(option: &Given) -> &str {
    let mention = option.text.trim();
    let id = mention.strip_prefix("<@").and_then(|text| text.strip_suffix('>'));
    id.map_or("", |id| id.trim_start_matches('!'))
}

fn told(refusal: Refusal) -> Reply {
    Reply::Message(notice::notice(&refusal.into()))
}

fn unknown(what: &str) -> Reply {
    told(Refusal::because(format!(
        "This {what} is not known here; it may come from another version. `/queue` lists what is open, `/show L-…` draws \
         a lead anew."
    )))
}

fn not_taken(why: &NotTaken) -> Refusal {
    Refusal::because(match why {
        NotTaken::Store(_) => {
            "Nothing was done: what you asked for could not be written down. An administrator finds more in the log."
                .to_owned()
        }
        other => format!("Nothing was done: {other}."),
    })
}

fn via() -> PlatformId {
    PlatformId::new(PLATFORM)
}
