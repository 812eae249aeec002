//! What people do in Slack: they press, type, fill in and write; and the exact payloads that Slack makes of it.

use serde_json::{Map, Value, json};

use super::payload::signature;
use super::world::{APP, BOT, BOT_USER, SIGNING_SECRET, TEAM};
use super::{Answered, Payload, Shown, SlackServer, blocks};

impl SlackServer {
    /// Delivers over HTTP, signed, to an app at `base`; the status, and what Slack would act on.
    pub async fn post_to(&self, base: &str, payload: &Payload) -> (u16, Answered) {
        let (raw, seconds) = (payload.raw(), self.now().as_second());
        let sent = reqwest::Client::new()
            .post(format!("{base}{}", payload.path()))
            .header("content-type", payload.content_type())
            .header("x-slack-request-timestamp", seconds.to_string())
            .header("x-slack-signature", signature(SIGNING_SECRET, seconds, &raw))
            .body(raw)
            .send()
            .await
            .expect("the app answers");
        let status = sent.status().as_u16();
        let text = sent.text().await.expect("a body");
        let answered = Answered {
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
        };
        if status == 200 {
            self.act_on(payload, &answered);
        }
        (status, answered)
    }

    /// What Slack does with an acknowledgement. Panics where Slack would show the person an error.
    pub(super) fn act_on(&self, payload: &Payload, answered: &Answered) {
        let mut world = self.world();
        let (body, answer) = (&payload.body, &answered.body);
        if payload.kind == "slash_commands" && (answer["text"].is_string() || answer["blocks"].is_array()) {
            let (channel, user) = (body["channel_id"].as_str(), body["user_id"].as_str());
            let shown = world.answer(
                channel.unwrap_or_default(),
                user.unwrap_or_default(),
                None,
                answer,
            );
            shown.expect("Slack can show the answer");
        }
        if body["type"] != "view_submission" {
            return;
        }
        let user = body["user"]["id"].as_str().unwrap_or_default().to_owned();
        let id = body["view"]["id"].as_str().unwrap_or_default().to_owned();
        match answer["response_action"].as_str() {
            None => {
                world.stacks.entry(user).or_default().retain(|open| *open != id);
            }
            Some("clear") => {
                world.stacks.remove(&user);
            }
            Some("update") => {
                blocks::view(&world, &answer["view"]).expect("Slack can show the view");
                world.replace_view(&id, &answer["view"]);
            }
            Some("push") => {
                blocks::view(&world, &answer["view"]).expect("Slack can show the view");
                world
                    .push(&user, &answer["view"])
                    .expect("there is room for another view");
            }
            Some("errors") => {
                let inputs = body["view"]["blocks"].as_array().cloned().unwrap_or_default();
                for (block, text) in answer["errors"].as_object().into_iter().flatten() {
                    let known = inputs
                        .iter()
                        .any(|input| input["type"] == "input" && input["block_id"] == *block);
                    assert!(known, "errors stand at input blocks, not at “{block}”");
                    assert!(
                        text.as_str().is_some_and(|text| !text.is_empty()),
                        "an error says why"
                    );
                }
            }
            Some(other) => panic!("no response_action “{other}”"),
        }
    }

    fn base(&self, kind: &str, user: &str, view: Option<&str>) -> Value {
        let mut world = self.world();
        let trigger = world.trigger(user, view);
        let name = world
            .people
            .get(user)
            .map_or(Value::Null, |person| person["name"].clone());
        let team = world
            .people
            .get(user)
            .map_or(json!(TEAM), |person| person["team_id"].clone());
        json!({
            "type": kind, "token": "deprecated", "api_app_id": APP, "trigger_id": trigger,
            "team": {"id": TEAM, "domain": "larkspur"}, "enterprise": null, "is_enterprise_install": false,
            "user": {"id": user, "username": name, "name": name, "team_id": team},
        })
    }

    /// A person presses a button of a message, or picks from a menu: `choice` is the option's value.
    pub fn press(&self, user: &str, message: &Shown, action_id: &str) -> Payload {
        self.act(user, message, action_id, None)
    }

    pub fn choose(&self, user: &str, message: &Shown, action_id: &str, choice: &str) -> Payload {
        self.act(user, message, action_id, Some(choice))
    }

    fn act(&self, user: &str, message: &Shown, action_id: &str, choice: Option<&str>) -> Payload {
        let mut body = self.base("block_actions", user, None);
        let (channel, ts) = (&message.channel, &message.ts);
        let name = self.world().channel_mut(channel).name.clone();
        body["actions"] = json!([self.action(&message.raw["blocks"], action_id, choice)]);
        body["channel"] = json!({"id": channel, "name": name});
        body["message"] = message.raw.clone();
        body["container"] =
            json!({"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": false});
        body["state"] = json!({"values": {}});
        body["response_url"] = json!(self.world().response_url(channel, user, Some(ts)));
        Payload {
            kind: "interactive",
            body,
        }
    }

    /// A button or menu in the modal on top of a person's screen, or on their App Home.
    pub fn press_in_view(&self, user: &str, action_id: &str, choice: Option<&str>) -> Payload {
        let view = self
            .modal(user)
            .or_else(|| self.home(user))
            .expect("a view is open");
        let id = view["id"].as_str().unwrap_or_default();
        let mut body = self.base("block_actions", user, (view["type"] == "modal").then_some(id));
        body["actions"] = json!([self.action(&view["blocks"], action_id, choice)]);
        body["container"] = json!({"type": "view", "view_id": id});
        body["view"] = view;
        Payload {
            kind: "interactive",
            body,
        }
    }

    fn action(&self, blocks: &Value, action_id: &str, choice: Option<&str>) -> Value {
        let blocks = blocks.as_array().map_or(&[][..], Vec::as_slice);
        for block in blocks {
            let listed = block["elements"].as_array().into_iter().flatten();
            let mut all = listed.chain([&block["accessory"], &block["element"]]);
            let Some(element) = all.find(|element| element["action_id"] == action_id) else {
                continue;
            };
            let mut action = json!({
                "type": element["type"], "action_id": action_id, "block_id": block["block_id"],
                "action_ts": self.world().ts(),
            });
            if let Some(choice) = choice {
                action["selected_option"] = option(element, choice);
            } else {
                action["text"] = element["text"].clone();
                action["value"] = element["value"].clone();
            }
            return action;
        }
        panic!("nothing with the action_id “{action_id}” in {}", json!(blocks));
    }

    /// A person types a command. The text is as Slack hands it on: escaped, with `<@U…|name>` for people.
    pub fn slash_in(&self, channel: &str, user: &str, command: &str, text: &str) -> Payload {
        let base = self.base("", user, None);
        let url = self.world().response_url(channel, user, None);
        let name = self.world().channel_mut(channel).name.clone();
        let body = json!({
            "token": "deprecated", "team_id": base["user"]["team_id"], "team_domain": "larkspur", "channel_id": channel,
            "channel_name": name, "user_id": user, "user_name": base["user"]["name"], "command": command,
            "text": text, "api_app_id": APP, "is_enterprise_install": "false", "response_url": url,
            "trigger_id": base["trigger_id"],
        });
        Payload {
            kind: "slash_commands",
            body,
        }
    }

    /// The same, in the channel of customer service.
    pub fn slash(&self, user: &str, command: &str, text: &str) -> Payload {
        self.slash_in("C0SUPPORT", user, command, text)
    }

    /// A person fills in the modal on top of their screen and sends it; fields by block or action id. What is not named
    /// keeps its initial value. Panics where Slack's own window would not let them.
    pub fn submit(&self, user: &str, fields: &[(&str, &str)]) -> Payload {
        let view = self.modal(user).expect("a modal is open");
        self.submit_view(user, view, fields)
    }

    /// The same with a window as it was before: Slack delivers a submission as it was sent, also when it comes again.
    pub fn submit_view(&self, user: &str, mut view: Value, fields: &[(&str, &str)]) -> Payload {
        let mut values = Map::new();
        let blocks = view["blocks"].as_array().cloned().unwrap_or_default();
        for block in blocks.iter().filter(|block| block["type"] == "input") {
            let element = &block["element"];
            let (id, action) = (
                block["block_id"].as_str().unwrap_or_default(),
                &element["action_id"],
            );
            let mut given = fields.iter().filter(|(name, _)| *name == id || action == name);
            let given = given.next().map(|(_, value)| *value);
            let state = filled_in(element, given);
            let is_empty = state
                .as_object()
                .is_some_and(|state| state.values().skip(1).all(Value::is_null));
            assert!(block["optional"] == true || !is_empty, "“{id}” must be filled in");
            values.insert(id.to_owned(), json!({action.as_str().unwrap_or_default(): state}));
        }
        for (name, _) in fields {
            let known = blocks
                .iter()
                .any(|block| block["block_id"] == *name || block["element"]["action_id"] == *name);
            assert!(known, "the modal asks for no “{name}”");
        }
        view["state"] = json!({"values": values});
        let id = view["id"].as_str().unwrap_or_default().to_owned();
        let mut body = self.base("view_submission", user, Some(&id));
        body["view"] = view;
        body["response_urls"] = json!([]);
        Payload {
            kind: "interactive",
            body,
        }
    }

    /// A person closes the modal on top of their screen.
    pub fn close(&self, user: &str) -> Payload {
        let view = self.modal(user).expect("a modal is open");
        self.world().stacks.entry(user.to_owned()).or_default().pop();
        let mut body = self.base("view_closed", user, None);
        body["view"] = view;
        body["is_cleared"] = json!(false);
        Payload {
            kind: "interactive",
            body,
        }
    }

    /// A person types into a menu that asks the app for its options.
    pub fn suggest(&self, user: &str, action_id: &str, typed: &str) -> Payload {
        let view = self.modal(user).expect("a modal is open");
        let mut body = self.base("block_suggestion", user, None);
        body["action_id"] = json!(action_id);
        body["block_id"] = json!("suggested");
        body["value"] = json!(typed);
        body["container"] = json!({"type": "view", "view_id": view["id"]});
        body["view"] = view;
        Payload {
            kind: "interactive",
            body,
        }
    }

    /// A shortcut from a message's menu.
    pub fn message_shortcut(&self, user: &str, callback_id: &str, message: &Shown) -> Payload {
        let mut body = self.base("message_action", user, None);
        let url = self
            .world()
            .response_url(&message.channel, user, Some(&message.ts));
        body["callback_id"] = json!(callback_id);
        body["message"] = message.raw.clone();
        body["message_ts"] = json!(message.ts);
        body["channel"] = json!({"id": message.channel, "name": "channel"});
        body["response_url"] = json!(url);
        Payload {
            kind: "interactive",
            body,
        }
    }

    /// A person writes into a channel, or into the thread under a message.
    pub fn says(&self, user: &str, channel: &str, thread: Option<&str>, text: &str) -> Payload {
        let mut world = self.world();
        let ts = world.ts();
        let mut message = json!({"type": "message", "user": user, "ts": ts, "text": text, "team": TEAM});
        if let Some(thread) = thread {
            message["thread_ts"] = json!(thread);
        }
        world.channel_mut(channel).messages.insert(ts, message.clone());
        drop(world);
        message["channel"] = json!(channel);
        message["channel_type"] = json!("channel");
        self.event(message)
    }

    pub fn opens_home(&self, user: &str) -> Payload {
        let ts = self.world().ts();
        self.event(json!({"type": "app_home_opened", "user": user, "channel": "D0HOME", "event_ts": ts, "tab": "home"}))
    }

    pub fn event(&self, event: Value) -> Payload {
        let id = self.world().serial();
        let body = json!({
            "token": "deprecated", "team_id": TEAM, "api_app_id": APP, "type": "event_callback",
            "event_id": format!("Ev{id:09}"), "event_time": self.now().as_second(), "event": event,
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": true, "bot_id": BOT}],
        });
        Payload {
            kind: "events_api",
            body,
        }
    }
}

/// What `state.values` says of one field.
fn filled_in(element: &Value, given: Option<&str>) -> Value {
    let kind = element["type"].as_str().unwrap_or_default();
    let given = given.filter(|text| !text.is_empty());
    match kind {
        "static_select" | "radio_buttons" | "external_select" => {
            let chosen = given.map_or(element["initial_option"].clone(), |value| option(element, value));
            json!({"type": kind, "selected_option": chosen})
        }
        "checkboxes" => {
            let chosen: Vec<Value> = given
                .into_iter()
                .flat_map(|it| it.split(','))
                .map(|it| option(element, it))
                .collect();
            json!({"type": kind, "selected_options": chosen})
        }
        "users_select" => json!({"type": kind, "selected_user": given}),
        "datepicker" => json!({"type": kind, "selected_date": given}),
        "timepicker" => json!({"type": kind, "selected_time": given}),
        _ => {
            let text = given.or_else(|| element["initial_value"].as_str());
            let longest = element["max_length"].as_u64().unwrap_or(3000) as usize;
            assert!(
                text.is_none_or(|text| text.chars().count() <= longest),
                "longer than {longest}"
            );
            json!({"type": kind, "value": text})
        }
    }
}

fn option(element: &Value, value: &str) -> Value {
    if element["type"] == "external_select" {
        return json!({"text": {"type": "plain_text", "text": value}, "value": value});
    }
    let flat = element["options"].as_array().into_iter().flatten();
    let groups = element["option_groups"].as_array().into_iter().flatten();
    let grouped = groups.flat_map(|group| group["options"].as_array().into_iter().flatten());
    let found = flat.chain(grouped).find(|option| option["value"] == value);
    found
        .unwrap_or_else(|| panic!("no option “{value}” in {element}"))
        .clone()
}
