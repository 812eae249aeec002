//! Every body against the description of its interface that Discord publishes, read as JSON Schema. It is not part of the
//! project; where it is not there, the test says so. What it leaves open (2,000 characters of content, five rows, blank
//! texts, ids that are there twice) `checks` looks at.

use std::cell::RefCell;

use jsonschema::Validator;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::{bodies, samples};
use crate::domain::ids::LeadId;
use crate::platform::discord::render::{card, digest, form, notice, thread};

struct Description(Value);

impl Description {
    fn read() -> Option<Self> {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../shared/specs/discord/openapi.json"
        );
        let Ok(text) = std::fs::read_to_string(file) else {
            println!("skipped: Discord's description of its interface is not here");
            return None;
        };
        Some(Self(serde_json::from_str(&text).expect("JSON")))
    }

    /// A validator for one named shape.
    fn shape(&self, name: &str) -> Validator {
        let schema = json!({
            "$ref": format!("#/components/schemas/{name}"),
            "components": self.0["components"],
        });
        jsonschema::validator_for(&schema).expect("a schema")
    }
}

fn accepts(validator: &Validator, body: &Value) {
    let errors: Vec<_> = validator
        .iter_errors(body)
        .map(|error| format!("{}: {error}", error.instance_path))
        .collect();
    assert!(errors.is_empty(), "{errors:#?} in {body:#}");
}

fn for_any<T: std::fmt::Debug>(samples: impl Strategy<Value = T>, cases: u32, check: impl Fn(T)) {
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        ..Config::with_cases(cases)
    });
    runner
        .run(&samples, |sample| {
            check(sample);
            Ok(())
        })
        .unwrap();
}

#[test]
fn discords_own_description_accepts_every_body() {
    let Some(description) = Description::read() else {
        return;
    };
    let create = description.shape("MessageCreateRequest");
    let edit = description.shape("MessageEditRequestPartial");
    let answer = description.shape("CreateMessageInteractionCallbackRequest");
    let follow_up = description.shape("IncomingWebhookInteractionRequest");
    let update = description.shape("UpdateMessageInteractionCallbackRequest");
    let opens = description.shape("ModalInteractionCallbackRequest");

    let spoilt = RefCell::new(None);
    for_any(samples::card(), 120, |picture| {
        let body = card::card(&picture);
        accepts(&create, &body);
        accepts(&edit, &body);
        accepts(&update, &json!({ "type": 7, "data": body }));
        *spoilt.borrow_mut() = Some(body);
    });
    let private = |body: &Value| {
        let mut body = body.clone();
        body["flags"] = 64.into();
        accepts(&answer, &json!({ "type": 4, "data": body }));
        accepts(&follow_up, &body);
    };
    for_any(samples::notice(), 60, |told| {
        private(&notice::notice(&told));
        private(&notice::refused(&told, "reply", LeadId(7)));
    });
    for_any(samples::line(), 60, |line| {
        accepts(&create, &thread::line(&line));
        accepts(&create, &notice::told(line.lead, &line.text));
    });
    for_any(samples::digest(), 60, |summary| {
        accepts(&create, &digest::digest(&summary, &bodies::pictures()))
    });
    for_any(samples::form(), 120, |open| {
        private(&form::preview(&open));
        if let Some(message) = form::steps(&open) {
            private(&message);
        }
        accepts(&opens, &json!({ "type": 9, "data": form::modal(&open) }));
    });

    // That the description looks at a body at all is seen when one is spoilt.
    let body = spoilt.into_inner().expect("a card");
    for (at, value) in [
        ("/embeds/0/title", json!("x".repeat(257))),
        ("/embeds/0/fields/0/value", json!("x".repeat(1025))),
        ("/embeds/0/color", json!(0x1_00_00_00)),
        ("/allowed_mentions/parse", json!(["anything"])),
    ] {
        let mut body = body.clone();
        *body.pointer_mut(at).expect(at) = value;
        assert!(!create.is_valid(&body), "{at}");
    }
}
