//! Forms, derived from the catalogue: a command's options are its fields. What only the lead knows is added here: the
//! quote, the network's limit and counting, the department's do's and don'ts, a failed reply's text.

use crate::command::{Catalogue, CommandOption, OptionKind};
use crate::domain::capability::{Capabilities, Counting};
use crate::domain::decide::{self, View};
use crate::domain::form::{Field, Form};
use crate::domain::ids::{LeadId, MemberId};
use crate::domain::lead::Lead;
use crate::domain::mention::PublicText;
use crate::domain::refusal::Refusal;
use crate::domain::timeline::Happened;
use crate::port::front_desk::FrontDesk;
use crate::port::store::StoreError;

use super::Front;
use crate::app::conversation;

impl Front {
    /// The form of a command for a lead, or why it may not be opened. Changes nothing.
    pub(super) fn form(
        &self,
        who: &MemberId,
        command: &str,
        id: LeadId,
        filled: &[(String, String)],
        key: &str,
    ) -> Result<Result<Form, Refusal>, StoreError> {
        let Some(command) = Catalogue::builtin().get(command) else {
            return Ok(Err(Refusal::because(format!(
                "There is no command “{command}”; `/help` lists them."
            ))));
        };
        let Some(lead) = self.store.lead(id)? else {
            return Ok(Err(Refusal::because(format!(
                "There is no {id}. `/queue` lists what is open."
            ))));
        };
        let capabilities = (self.setup.capabilities)(&lead.connector, &lead.network);
        let company = self.setup.company();
        let view = View {
            company: &company,
            lead: Some(&lead),
            next_lead: id,
            conversation: "",
            repeat: false,
            assessment: None,
            capabilities: &capabilities,
        };
        if let Err(refusal) = decide::may(&view, &lead, who, &command.name, self.now()) {
            return Ok(Err(refusal));
        }
        let is_reply = command.name == "reply";
        let draft = lead
            .drafts
            .iter()
            .find(|draft| draft.by == *who && draft.command == command.name);
        let fields = command
            .options
            .iter()
            .filter(|option| option.name != "lead")
            .map(|option| {
                let written = |fields: &[(String, String)]| {
                    let found = fields.iter().find(|(name, _)| *name == option.name);
                    found.map(|(_, value)| value.clone())
                };
                let value = written(filled).or_else(|| written(&draft?.fields));
                let value = value
                    .or_else(|| is_reply.then(|| kept_text(&lead)).flatten())
                    .unwrap_or_default();
                self.field(option, value, is_reply.then_some(&capabilities))
            })
            .collect();
        let guidelines = company
            .department(&lead.department)
            .map(|department| department.guidelines.clone());
        Ok(Ok(Form {
            command: command.name.clone(),
            lead: id,
            title: title(&command.name, &lead, company.department_name(&lead.department)),
            submit: submit(&command.name),
            key: format!("form:{key}"),
            seen: lead.entries,
            quote: self.quote(&lead)?,
            guidelines: guidelines.filter(|_| is_reply).unwrap_or_default(),
            fields,
        }))
    }

    /// The newest thing the author wrote, whole.
    fn quote(&self, lead: &Lead) -> Result<Option<PublicText>, StoreError> {
        let (entries, _) = conversation::last_turns(self.store.as_ref(), lead, 8)?;
        let quote = entries.into_iter().rev().find_map(|entry| match entry.what {
            Happened::MentionReceived { mention } => Some(mention.text),
            Happened::MentionEdited { text, .. } => Some(text),
            _ => None,
        });
        Ok(quote)
    }

    fn field(&self, option: &CommandOption, value: String, reply: Option<&Capabilities>) -> Field {
        let options = option.choices(&self.setup.company());
        if !options.is_empty() {
            return Field::Choice {
                name: option.name.clone(),
                label: option.label.clone(),
                value,
                required: option.required,
                options,
            };
        }
        Field::Text {
            name: option.name.clone(),
            label: option.label.clone(),
            value,
            required: option.required,
            multiline: option.kind == OptionKind::LongText,
            limit: reply.and_then(|capabilities| capabilities.text_limit),
            counting: reply.map_or(Counting::Characters, |capabilities| capabilities.counting),
            hint: option.summary.clone(),
        }
    }
}

/// A reply that failed is offered again, so that nobody types it twice.
fn kept_text(lead: &Lead) -> Option<String> {
    lead.outgoing.as_ref().map(|outgoing| outgoing.text.clone())
}

fn title(command: &str, lead: &Lead, department: &str) -> String {
    let id = lead.id;
    match command {
        "reply" => format!("Answer {id} in public on {}", lead.network.label()),
        "note" => format!("A note on {id} for colleagues only"),
        "hand-off" => format!("Offer {id} to another department"),
        "decline" => format!("Decline {id}"),
        "assign" => format!("Give {id} to a colleague in {department}"),
        "escalate" => format!("Escalate {id}: {department}’s ladder is told"),
        "snooze" => format!("Set {id} aside"),
        "resolve" => format!("Resolve {id}"),
        "settle" => format!("Is the reply to {id} public?"),
        "answered" => format!("{id} was answered on {}", lead.network.label()),
        other => format!("{other} {id}"),
    }
}

/// What the button says that sends the form.
fn submit(command: &str) -> String {
    match command {
        "reply" => "Send to the public",
        "note" => "Save the note",
        "hand-off" => "Offer it",
        "snooze" => "Set aside",
        "settle" | "answered" => "Record it",
        other => {
            let mut letters = other.chars();
            return letters
                .next()
                .map(|first| first.to_uppercase().chain(letters).collect())
                .unwrap_or_default();
        }
    }
    .to_owned()
}
