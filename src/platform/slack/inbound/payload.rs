//! What Slack sends, read into the few shapes that we act on. One reader for both ways in: over HTTP a body is a form or
//! JSON, in Socket Mode it is always JSON, and the keys are the same. Nothing here trusts a key to be there: org-wide
//! installs send `team: null`, and what is not understood is acknowledged and left alone. Decides nothing.
//!
//! <https://docs.slack.dev/reference/interaction-payloads>, <https://docs.slack.dev/interactivity/implementing-slash-commands>

use secrecy::SecretString;
use serde_json::Value;

/// Who did it, and from where, in Slack's own ids.
#[derive(Clone)]
pub(super) struct By {
    pub user: String,
    /// Every workspace that the payload names: where it happened, and where the person is at home.
    pub teams: Vec<String>,
    /// The organisation, where the app is installed in one.
    pub enterprise: Option<String>,
}

/// Where an answer can go: secret, for a few answers within half an hour.
pub(super) type ResponseUrl = Option<SecretString>;

pub(super) struct Typed {
    pub by: By,
    /// `/lead`, `/sb-claim`.
    pub command: String,
    /// As Slack escaped it.
    pub text: String,
    pub channel: String,
    pub response_url: ResponseUrl,
    pub trigger: String,
}

/// A message that a click or a shortcut is about.
#[derive(Clone, Default)]
pub(super) struct OnMessage {
    pub channel: String,
    pub ts: String,
    pub thread: Option<String>,
}

pub(super) enum Place {
    Message(OnMessage),
    Home,
    /// A window, whole.
    Window(Value),
}

pub(super) struct Click {
    pub by: By,
    /// What was pressed, as Slack says it.
    pub action: Value,
    pub place: Place,
    pub response_url: ResponseUrl,
    pub trigger: String,
}

impl Click {
    /// Names this click; a double click makes two names.
    pub fn name(&self) -> String {
        format!("{}:{}", self.trigger, text(&self.action["action_ts"]))
    }
}

/// A window that was sent or closed.
pub(super) struct Window {
    pub by: By,
    pub view: Value,
    pub trigger: String,
}

pub(super) struct Shortcut {
    pub by: By,
    pub callback: String,
    /// The message it was used on; none for a global one.
    pub message: Option<(OnMessage, Value)>,
    pub response_url: ResponseUrl,
    pub trigger: String,
}

pub(super) struct Happening {
    /// Slack's name for this delivery; the same when it is delivered again.
    pub id: String,
    pub teams: Vec<String>,
    pub enterprise: Option<String>,
    pub event: Value,
}

pub(super) enum Incoming {
    Typed(Typed),
    Click(Click),
    Sent(Window),
    Closed(Window),
    Shortcut(Shortcut),
    Happening(Happening),
    /// Not for us; acknowledged all the same.
    Other,
}

/// A slash command's fields.
pub(super) fn typed(fields: &Value) -> Incoming {
    if text(&fields["ssl_check"]) == "1" || text(&fields["command"]).is_empty() {
        return Incoming::Other;
    }
    Incoming::Typed(Typed {
        by: By {
            user: text(&fields["user_id"]),
            teams: named([&fields["team_id"]]),
            enterprise: some(&fields["enterprise_id"]),
        },
        command: text(&fields["command"]),
        text: text(&fields["text"]),
        channel: text(&fields["channel_id"]),
        response_url: secret(&fields["response_url"]),
        trigger: text(&fields["trigger_id"]),
    })
}

/// What comes from buttons, windows and shortcuts.
pub(super) fn interaction(payload: Value) -> Incoming {
    let by = By {
        user: text(&payload["user"]["id"]),
        teams: named([&payload["team"]["id"], &payload["user"]["team_id"]]),
        enterprise: some(&payload["enterprise"]["id"]),
    };
    let trigger = text(&payload["trigger_id"]);
    let response_url = secret(&payload["response_url"]);
    match payload["type"].as_str().unwrap_or_default() {
        "block_actions" => click(by, payload, response_url, trigger),
        kind @ ("view_submission" | "view_closed") => {
            let window = Window {
                by,
                view: payload["view"].clone(),
                trigger,
            };
            match kind {
                "view_closed" => Incoming::Closed(window),
                _ => Incoming::Sent(window),
            }
        }
        "message_action" => Incoming::Shortcut(Shortcut {
            by,
            callback: text(&payload["callback_id"]),
            message: Some((on_message(&payload), payload["message"].clone())),
            response_url,
            trigger,
        }),
        "shortcut" => Incoming::Shortcut(Shortcut {
            by,
            callback: text(&payload["callback_id"]),
            message: None,
            response_url,
            trigger,
        }),
        _ => Incoming::Other,
    }
}

fn click(by: By, mut payload: Value, response_url: ResponseUrl, trigger: String) -> Incoming {
    let action = taken(&mut payload, "/actions/0");
    let view = taken(&mut payload, "/view");
    let place = match view["type"].as_str() {
        Some("home") => Place::Home,
        Some(_) => Place::Window(view),
        None => Place::Message(on_message(&payload)),
    };
    Incoming::Click(Click {
        by,
        action,
        place,
        response_url,
        trigger,
    })
}

/// An event's outer body.
pub(super) fn happening(mut payload: Value) -> Incoming {
    if payload["type"] != "event_callback" {
        return Incoming::Other;
    }
    Incoming::Happening(Happening {
        id: text(&payload["event_id"]),
        teams: named([&payload["team_id"]]),
        enterprise: some(&payload["enterprise_id"]),
        event: taken(&mut payload, "/event"),
    })
}

fn on_message(payload: &Value) -> OnMessage {
    let (message, container) = (&payload["message"], &payload["container"]);
    let first = |one: &Value, other: &Value| some(one).unwrap_or_else(|| text(other));
    let thread = some(&message["thread_ts"]).or_else(|| some(&container["thread_ts"]));
    OnMessage {
        channel: first(&payload["channel"]["id"], &container["channel_id"]),
        ts: first(&message["ts"], &container["message_ts"]),
        thread,
    }
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// What stands there, or null; whatever shape the whole has.
pub(super) fn taken(value: &mut Value, pointer: &str) -> Value {
    value.pointer_mut(pointer).map(Value::take).unwrap_or_default()
}

fn some(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn secret(value: &Value) -> ResponseUrl {
    some(value).map(SecretString::from)
}

fn named<const N: usize>(values: [&Value; N]) -> Vec<String> {
    let mut teams: Vec<String> = values.into_iter().filter_map(some).collect();
    teams.dedup();
    teams
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_click_of_an_organisation_is_not_lost() {
        let payload = json!({
            "type": "block_actions", "team": null, "enterprise": {"id": "E1"}, "is_enterprise_install": true,
            "user": {"id": "U1", "team_id": "T1"}, "trigger_id": "1.2",
            "container": {"type": "message", "message_ts": "1700000000.000100", "channel_id": "C1"},
            "actions": [{"action_id": "do:claim", "value": "L-1", "action_ts": "1700000001.1"}],
        });
        let Incoming::Click(click) = interaction(payload) else {
            panic!("not a click");
        };
        assert_eq!(click.by.teams, ["T1"]);
        assert_eq!(click.by.enterprise.as_deref(), Some("E1"));
        assert_eq!(click.action["value"], "L-1");
        assert_eq!(click.name(), "1.2:1700000001.1");
        let Place::Message(message) = click.place else {
            panic!("not on a message");
        };
        assert_eq!(
            (message.channel.as_str(), message.ts.as_str()),
            ("C1", "1700000000.000100")
        );
    }

    fn anything() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            let key = prop_oneof![
                Just("type"),
                Just("team"),
                Just("user"),
                Just("actions"),
                Just("view"),
                Just("message"),
                Just("channel"),
                Just("id"),
                Just("container"),
                Just("event"),
                Just("thread_ts"),
            ];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::vec((key, inner), 0..5).prop_map(|pairs| {
                    pairs
                        .into_iter()
                        .map(|(key, value)| (key.to_owned(), value))
                        .collect::<serde_json::Map<_, _>>()
                        .into()
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_shape_is_beyond_reading(mut payload in anything(), kind in prop::sample::select(vec![
            "block_actions", "view_submission", "view_closed", "message_action", "shortcut", "event_callback", "?",
        ])) {
            typed(&payload);
            if let Value::Object(map) = &mut payload {
                map.insert("type".to_owned(), kind.into());
            }
            interaction(payload.clone());
            happening(payload);
        }
    }
}
