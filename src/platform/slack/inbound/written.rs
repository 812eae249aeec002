//! Forms that are typed in, sent and closed. What somebody wrote is never lost: a refusal leaves it where it is, and what
//! is closed or overtaken is kept as a draft that fills the form the next time. Only *send* sends.
//!
//! <https://docs.slack.dev/surfaces/modals#handling_submissions>

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::door::{Ack, Door, not_taken};
use super::ear::Ear;
use super::opening::{as_sent, first_input, has_input, saying};
use super::payload::{By, Window};
use crate::domain::form::{Field, Form};
use crate::domain::ids::MemberId;
use crate::domain::lead::Draft;
use crate::domain::notice::{Answer, Notice, Tone};
use crate::platform::slack::client::Failure;
use crate::platform::slack::render;
use crate::port::front_desk::FilledIn;

/// A submission waits for the desk, so that nothing typed is lost; but Slack waits three seconds only.
const PATIENCE: Duration = Duration::from_millis(2_500);

/// What came of a submission.
enum Outcome {
    Done(Notice),
    /// The window stays open, with this said: at a field, or above the form.
    Refused(Notice),
    /// The window is drawn anew, because what it showed has changed.
    Renewed(Value),
}

impl Door {
    pub(super) async fn submitted(self: &Arc<Self>, window: Window) -> Ack {
        let Some((filled, state)) = render::read(&window.view) else {
            let text =
                "This window is from another time and cannot be sent any more; close it and open it anew.";
            let view = render::say(&Notice::new(Tone::Refused, text));
            let body = Some(json!({ "response_action": "update", "view": view }));
            return Ack { body, ear: None };
        };
        let ear = Ear::of_form(&window.by.user, &state);
        let view = window.view.clone();
        let (door, late_door, late_view) = (Arc::clone(self), Arc::clone(self), window.view.clone());
        let work = async move { Some(door.send(&window.by, &window.view, filled).await) };
        let late = async move |outcome| late_door.told_late(outcome, &late_view, &ear).await;
        let body = match self.soon(PATIENCE, work, late).await {
            Some(Outcome::Done(_)) => None,
            Some(Outcome::Refused(notice)) => Some(refused(&view, &notice)),
            Some(Outcome::Renewed(view)) => Some(json!({ "response_action": "update", "view": view })),
            None => {
                let text = "Still being worked on: the desk is busy. Your text is kept, and you are told here when it is done.";
                Some(refused(&view, &Notice::new(Tone::Warning, text)))
            }
        };
        Ack { body, ear: None }
    }

    async fn send(&self, by: &By, view: &Value, filled: FilledIn) -> Outcome {
        let who = match self.member(by).await {
            Ok(who) => who,
            Err(refusal) => return Outcome::Refused(refusal.into()),
        };
        // What is being sent is no draft.
        self.sent.is_new(&filled.key);
        let refusal = match self.front.fill_in(&who, &Self::via(), filled.clone()).await {
            Ok(Answer::Notice(notice)) if notice.tone != Tone::Refused => return Outcome::Done(notice),
            Ok(Answer::Notice(notice)) if self.was_done(&filled) => return Outcome::Done(notice),
            Ok(Answer::Notice(notice)) => notice,
            Ok(Answer::Form(form)) => return Outcome::Renewed(render::modal(&form, &state_of(view))),
            Err(why) => not_taken(&why),
        };
        self.sent.forget(&filled.key);
        self.keep(&who, &filled).await;
        match self.overtaken(&filled) {
            true => match self.again(&who, &filled).await {
                Ok(form) => Outcome::Renewed(saying(render::modal(&form, &state_of(view)), &refusal)),
                Err(refusal) => Outcome::Refused(refusal),
            },
            false => Outcome::Refused(refusal),
        }
    }

    /// The outcome of a submission that Slack no longer waits for.
    async fn told_late(&self, outcome: Outcome, view: &Value, ear: &Ear) {
        let (shown, notice) = match outcome {
            Outcome::Done(notice) => (render::say(&notice), notice),
            Outcome::Refused(notice) => (saying(as_sent(view), &notice), notice),
            Outcome::Renewed(view) => {
                let text = "Something new was said while you were writing; read it, then send again. Your text is kept.";
                (view, Notice::new(Tone::Refused, text))
            }
        };
        if self.update(view, shown, false).await.is_err() {
            ear.hear(&self.slack, &notice).await;
        }
    }

    pub(super) async fn closed(&self, window: Window) {
        let Some((filled, _)) = render::read(&window.view) else {
            return;
        };
        // Slack may leave out what was typed when a window closes; what was typed before is kept already.
        let Ok(who) = self.member(&window.by).await else {
            return;
        };
        if !is_blank(&filled) && !self.keep(&who, &filled).await {
            let text = format!("What you had written about {} could not be kept.", filled.lead);
            Ear::of(&window.by.user)
                .hear(&self.slack, &Notice::new(Tone::Warning, text))
                .await;
        }
    }

    /// Somebody types in a form, or asks to see what the public would read.
    pub(super) async fn touched(&self, by: &By, view: &Value, preview: bool) {
        let Some((filled, mut state)) = render::read(view) else {
            return;
        };
        let who = match self.member(by).await {
            Ok(who) => who,
            Err(refusal) if preview => {
                let shown = saying(as_sent(view), &refusal.into());
                return self.redraw(by, view, shown).await;
            }
            Err(_) => return,
        };
        if !preview {
            self.keep(&who, &filled).await;
            return;
        }
        let shown = match self.again(&who, &filled).await {
            Ok(mut form) => {
                form.key.clone_from(&filled.key);
                state.preview = long_text(&form).map(str::to_owned);
                if self.overtaken(&filled) {
                    let text = "Something new was said while you were writing; it is quoted here now.";
                    saying(render::modal(&form, &state), &Notice::new(Tone::Warning, text))
                } else {
                    form.seen = filled.seen;
                    render::modal(&form, &state)
                }
            }
            Err(refusal) => saying(as_sent(view), &refusal),
        };
        self.redraw(by, view, shown).await;
        self.keep(&who, &filled).await;
    }

    /// A window that somebody changed meanwhile is left as it is.
    async fn redraw(&self, by: &By, view: &Value, shown: Value) {
        match self.update(view, shown, true).await {
            Ok(()) => {}
            Err(Failure::Refused(code)) if matches!(code.as_str(), "hash_conflict" | "not_found") => {}
            Err(failure) => {
                tracing::warn!("a preview could not be shown: {failure:?}");
                let text = "The preview could not be shown; your text is kept. Please try again.";
                Ear::of(&by.user)
                    .hear(&self.slack, &Notice::new(Tone::Warning, text))
                    .await;
            }
        }
    }

    /// The form as it would open now, with what was typed.
    async fn again(&self, who: &MemberId, filled: &FilledIn) -> Result<Form, Notice> {
        let key = filled.key.trim_start_matches("form:");
        let answer = self
            .front
            .click(who, &Self::via(), &filled.command, filled.lead, key)
            .await;
        let mut form = match answer {
            Ok(Answer::Form(form)) => *form,
            Ok(Answer::Notice(notice)) => return Err(notice),
            Err(why) => return Err(not_taken(&why)),
        };
        for field in &mut form.fields {
            let (Field::Text { name, value, .. } | Field::Choice { name, value, .. }) = field;
            if let Some((_, typed)) = filled.fields.iter().find(|(field, _)| field == name) {
                value.clone_from(typed);
            }
        }
        Ok(form)
    }

    /// Keeps what was typed, unless it was sent meanwhile. False where it could not be kept.
    async fn keep(&self, who: &MemberId, filled: &FilledIn) -> bool {
        if self.sent.contains(&filled.key) {
            return true;
        }
        let draft = |fields| Draft {
            by: who.clone(),
            command: filled.command.clone(),
            fields,
        };
        let kept = self
            .front
            .keep_draft(filled.lead, draft(filled.fields.clone()))
            .await;
        if self.sent.contains(&filled.key) {
            // It was sent while it was being kept.
            let _ = self.front.keep_draft(filled.lead, draft(Vec::new())).await;
        }
        if let Err(why) = &kept {
            tracing::warn!(lead = %filled.lead, "a draft could not be kept: {why}");
        }
        kept.is_ok()
    }

    /// Whether the public said something after the form was opened.
    fn overtaken(&self, filled: &FilledIn) -> bool {
        let lead = self.front.store().lead(filled.lead).ok().flatten();
        filled.command == "reply" && lead.is_some_and(|lead| lead.last_turn >= filled.seen)
    }

    /// Whether this very form was taken before: a second submission of it finds the work done.
    fn was_done(&self, filled: &FilledIn) -> bool {
        let lead = self.front.store().lead(filled.lead).ok().flatten();
        lead.is_some_and(|lead| lead.recent_keys.contains(&filled.key))
    }
}

fn state_of(view: &Value) -> render::FormState {
    render::read(view).map(|(_, state)| state).unwrap_or_default()
}

fn is_blank(filled: &FilledIn) -> bool {
    filled.fields.iter().all(|(_, text)| text.trim().is_empty())
}

fn long_text(form: &Form) -> Option<&str> {
    form.fields.iter().find_map(|field| match field {
        Field::Text {
            value,
            multiline: true,
            ..
        } => Some(value.as_str()),
        _ => None,
    })
}

/// The answer that keeps a window open: at the field it belongs to, or above the form, whose text stays.
fn refused(view: &Value, notice: &Notice) -> Value {
    let field = notice.field.as_deref().filter(|field| has_input(view, field));
    match (field, first_input(view)) {
        (Some(field), _) => render::errors(field, &notice.text),
        // Slack shows 150 letters at a field; what is longer is said above the form.
        (None, Some(first)) if notice.text.chars().count() <= 150 => render::errors(first, &notice.text),
        _ => json!({ "response_action": "update", "view": saying(as_sent(view), notice) }),
    }
}
