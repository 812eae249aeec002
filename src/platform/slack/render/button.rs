//! Buttons and menus, and what a press of one says. A button carries only a command and what it is about; whether it still
//! means anything is decided when it arrives.
//!
//! Buttons: <https://docs.slack.dev/reference/block-kit/block-elements/button-element/>

use serde_json::{Value, json};

use super::address::safe_url;
use super::text::{line, plain_line};
use crate::domain::card::{Action, Emphasis};
use crate::domain::ids::LeadId;

/// What the *Preview* button of a form is called.
pub const PREVIEW: &str = "form:preview";
/// A menu of several commands; the choice says which.
const MENU: &str = "menu";
/// Slack shows about thirty letters of a label, and takes 75.
const LABEL: usize = 40;
/// Buttons of one card: five in the first row, the others below.
const FIRST_ROW: usize = 5;
const MOST: usize = 12;

/// Runs a command about something: a lead, or a department.
pub(super) fn button(command: &str, label: &str, about: &str) -> Value {
    json!({
        "type": "button",
        "action_id": format!("do:{command}"),
        "text": plain_line(label, LABEL),
        "value": about,
    })
}

/// The button of an action on a lead.
pub(super) fn action(action: &Action, lead: LeadId) -> Value {
    let mut button = button(&action.command, &action.label, &lead.to_string());
    match action.emphasis {
        Emphasis::Primary => button["style"] = json!("primary"),
        Emphasis::Danger => button["style"] = json!("danger"),
        Emphasis::Normal => {}
    }
    // A form is question enough.
    if action.emphasis == Emphasis::Danger && !action.form {
        button["confirm"] = json!({
            "title": plain_line(&format!("{} {lead}?", action.label), 60),
            "text": plain_line("This is done at once.", 250),
            "confirm": plain_line(&action.label, 30),
            "deny": plain_line("Cancel", 30),
            "style": "danger",
        });
    }
    button
}

/// Leads out of Slack. Slack tells us about the press nevertheless, and wants it acknowledged.
pub(super) fn open_post(address: &str) -> Option<Value> {
    Some(json!({
        "type": "button",
        "action_id": "open:post",
        "text": plain_line("Open post", LABEL),
        "url": safe_url(address)?,
    }))
}

/// The buttons of a card, in one or two rows. Slack refuses a name that stands twice in one row.
pub(super) fn rows(actions: &[Action], lead: LeadId, address: Option<&str>) -> Vec<Vec<Value>> {
    let mut named: Vec<&str> = Vec::new();
    let mut buttons = Vec::new();
    for one in actions.iter().take(MOST) {
        if !named.contains(&one.command.as_str()) {
            named.push(&one.command);
            buttons.push(action(one, lead));
        }
    }
    buttons.extend(address.and_then(open_post));
    let rest = buttons.split_off(buttons.len().min(FIRST_ROW));
    [buttons, rest]
        .into_iter()
        .filter(|row| !row.is_empty())
        .collect()
}

/// A small menu beside a text, for what is seldom wanted. None when there is nothing in it.
pub(super) fn menu(actions: &[Action], lead: LeadId, address: Option<&str>) -> Option<Value> {
    let mut options: Vec<Value> = actions
        .iter()
        .take(4)
        .map(|action| {
            let value = format!("do:{} {lead}", action.command);
            json!({ "text": plain_line(&action.label, LABEL), "value": value })
        })
        .collect();
    options.extend(
        address
            .and_then(safe_url)
            .map(|url| json!({ "text": plain_line("Open post", LABEL), "value": "open:post", "url": url })),
    );
    (!options.is_empty()).then(|| json!({ "type": "overflow", "action_id": MENU, "options": options }))
}

/// What somebody pressed, from one of the `actions` of a `block_actions` payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// A command, and what it is about as the button says it: `L-142`, or a department's short name.
    Do { command: String, about: String },
    /// *Preview* in a form.
    Preview,
    /// Somebody is typing in this field of a form.
    Typing { field: String },
    /// A link, which the client has opened already.
    Opened,
}

/// None: nothing that we have drawn.
pub fn pressed(action: &Value) -> Option<Pressed> {
    let id = action["action_id"].as_str()?;
    if id == PREVIEW {
        return Some(Pressed::Preview);
    }
    if action["type"] == "plain_text_input" {
        return Some(Pressed::Typing { field: id.to_owned() });
    }
    let (name, about) = match id {
        MENU => {
            let chosen = action["selected_option"]["value"].as_str()?;
            chosen.split_once(' ').unwrap_or((chosen, ""))
        }
        id => (id, action["value"].as_str().unwrap_or_default()),
    };
    if name.starts_with("open:") {
        return Some(Pressed::Opened);
    }
    Some(Pressed::Do {
        command: name
            .strip_prefix("do:")
            .filter(|command| !command.is_empty())?
            .to_owned(),
        about: line(about, 200),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reopen() -> Action {
        Action {
            command: "reopen".to_owned(),
            label: "Reopen".to_owned(),
            form: false,
            emphasis: Emphasis::Normal,
        }
    }

    #[test]
    fn a_press_says_what_the_button_meant() {
        let lead = LeadId(142);
        let claim = button("claim", "Claim", "L-142");
        let expected = |command: &str| {
            let (command, about) = (command.to_owned(), "L-142".to_owned());
            Some(Pressed::Do { command, about })
        };
        assert_eq!(pressed(&claim), expected("claim"));
        let menu = menu(&[reopen()], lead, Some("https://x.com/1")).unwrap();
        let choose = |at: usize| json!({ "action_id": "menu", "type": "overflow", "selected_option": menu["options"][at] });
        assert_eq!(pressed(&choose(0)), expected("reopen"));
        assert_eq!(pressed(&choose(1)), Some(Pressed::Opened));
        assert_eq!(
            pressed(&open_post("https://x.com/1").unwrap()),
            Some(Pressed::Opened)
        );
        for foreign in [
            json!({}),
            json!({ "action_id": "do:" }),
            json!({ "action_id": "x", "value": "L-1" }),
        ] {
            assert_eq!(pressed(&foreign), None, "{foreign}");
        }
    }

    #[test]
    fn what_cannot_be_taken_back_is_asked_once_more_unless_a_form_does() {
        let mut action_of = reopen();
        action_of.emphasis = Emphasis::Danger;
        assert!(action(&action_of, LeadId(1))["confirm"].is_object());
        action_of.form = true;
        assert!(action(&action_of, LeadId(1))["confirm"].is_null());
    }
}
