//! An interaction: one thing that a person did on Discord, read from raw JSON into what we act on. Read by hand, because
//! typed readers refuse the whole for a field that Discord renames, and a click would be lost without a word. Deliberately
//! judges nothing: who may what is for the counter and the desk.
//! <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object>

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde_json::Value;

/// The flag of a message that one person alone sees.
const PRIVATE: u64 = 64;

/// The person in front of the screen, or one whom they chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub id: String,
    pub name: String,
    /// None where Discord did not say: somebody who is not in the server.
    pub roles: Option<Vec<String>>,
}

/// One option of a command, in the words in which it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    pub name: String,
    pub text: String,
    /// The cursor stands here, and completions are asked for.
    pub focused: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wish {
    /// Discord asks whether this address is ours.
    Ping,
    Command {
        name: String,
        given: Vec<Given>,
    },
    Complete {
        name: String,
        given: Vec<Given>,
    },
    /// A button, or a choice in a select.
    Press {
        custom_id: String,
        chosen: Vec<String>,
        /// It stands in a message that only this person sees, so that the answer may take its place.
        private: bool,
    },
    Submit {
        custom_id: String,
        components: Value,
        private: bool,
    },
    /// A kind that did not exist when this was written.
    Unknown(u64),
}

#[derive(Clone, Debug)]
pub(super) struct Interaction {
    pub id: String,
    /// Lets anybody answer in our name for fifteen minutes.
    pub token: SecretString,
    pub guild: Option<String>,
    pub person: Option<Person>,
    /// People who were chosen in options, by id.
    pub chosen_people: BTreeMap<String, Person>,
    pub wish: Wish,
}

impl Interaction {
    /// None for what is no interaction at all.
    pub fn read(value: &Value) -> Option<Self> {
        let data = &value["data"];
        let wish = match value["type"].as_u64()? {
            1 => Wish::Ping,
            2 => {
                let (name, given) = command(data);
                Wish::Command { name, given }
            }
            3 => Wish::Press {
                custom_id: text(&data["custom_id"]),
                chosen: texts(&data["values"]),
                private: is_private(&value["message"]),
            },
            4 => {
                let (name, given) = command(data);
                Wish::Complete { name, given }
            }
            5 => Wish::Submit {
                custom_id: text(&data["custom_id"]),
                components: data["components"].clone(),
                private: is_private(&value["message"]),
            },
            other => Wish::Unknown(other),
        };
        let member = &value["member"];
        let user = match &member["user"] {
            Value::Null => &value["user"],
            user => user,
        };
        Some(Self {
            id: value["id"].as_str()?.to_owned(),
            token: text(&value["token"]).into(),
            guild: value["guild_id"].as_str().map(str::to_owned),
            person: person(user, member),
            chosen_people: chosen_people(&data["resolved"]),
            wish,
        })
    }
}

fn is_private(message: &Value) -> bool {
    message["flags"].as_u64().unwrap_or(0) & PRIVATE != 0
}

/// The name of a command and its options. `/lead claim` is a command within a command, which is only a spelling.
fn command(data: &Value) -> (String, Vec<Given>) {
    let mut command = data;
    while let Some(inner) = command["options"]
        .get(0)
        .filter(|option| matches!(option["type"].as_u64(), Some(1 | 2)))
    {
        command = inner;
    }
    let options = command["options"].as_array().map_or(&[][..], Vec::as_slice);
    let given = options.iter().map(|option| Given {
        name: text(&option["name"]),
        text: match &option["value"] {
            Value::String(value) => value.clone(),
            Value::Null => String::new(),
            value => value.to_string(),
        },
        focused: option["focused"].as_bool() == Some(true),
    });
    (text(&command["name"]), given.collect())
}

fn chosen_people(resolved: &Value) -> BTreeMap<String, Person> {
    let users = resolved["users"].as_object().into_iter().flatten();
    users
        .filter_map(|(id, user)| Some((id.clone(), person(user, &resolved["members"][id])?)))
        .collect()
}

/// People are called as they are in this server, or else as they call themselves.
fn person(user: &Value, member: &Value) -> Option<Person> {
    let id = user["id"].as_str()?;
    let name = [&member["nick"], &user["global_name"], &user["username"]]
        .into_iter()
        .find_map(|name| name.as_str().filter(|name| !name.trim().is_empty()));
    Some(Person {
        id: id.to_owned(),
        name: name.unwrap_or(id).to_owned(),
        roles: member["roles"].is_array().then(|| texts(&member["roles"])),
    })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    let values = value.as_array().into_iter().flatten();
    values
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn wish(kind: u64, data: Value) -> Wish {
        let value = json!({ "id": "1", "type": kind, "token": "t", "data": data });
        Interaction::read(&value).unwrap().wish
    }

    #[test]
    fn a_command_is_the_same_in_both_spellings() {
        let options = json!([{ "name": "lead", "type": 3, "value": "L-142" }, { "name": "member", "type": 3, "value": "dana" }]);
        let flat = wish(2, json!({ "name": "assign", "options": options }));
        let under = wish(
            2,
            json!({ "name": "lead", "options": [{ "name": "assign", "type": 1, "options": options }] }),
        );
        assert_eq!(flat, under);
        let Wish::Command { name, given } = flat else {
            panic!("a command")
        };
        assert_eq!(name, "assign");
        assert_eq!(given[0].text, "L-142");
        assert_eq!(given[1].text, "dana");
    }

    #[test]
    fn people_are_called_as_the_server_calls_them() {
        let named = |member: Value, user: Value| {
            let value = json!({ "id": "1", "type": 1, "member": member, "user": user });
            Interaction::read(&value)
                .unwrap()
                .person
                .map(|person| person.name)
        };
        let user = json!({ "id": "7", "username": "dana.o", "global_name": "Dana" });
        let told = |nick: Value| json!({ "user": user, "roles": ["1"], "nick": nick });
        assert_eq!(
            named(told(json!("Dana Okafor")), json!(null)),
            Some("Dana Okafor".into())
        );
        assert_eq!(named(told(json!(" ")), json!(null)), Some("Dana".into()));
        assert_eq!(
            named(json!(null), json!({ "id": "7", "username": "dana.o" })),
            Some("dana.o".into())
        );
        assert_eq!(named(json!(null), json!(null)), None);
    }

    #[test]
    fn what_is_no_interaction_is_none_and_what_is_new_is_named() {
        for value in [
            json!(null),
            json!({}),
            json!({ "id": 5, "type": 2 }),
            json!({ "type": 2 }),
        ] {
            assert!(Interaction::read(&value).is_none(), "{value}");
        }
        assert_eq!(wish(99, json!(null)), Wish::Unknown(99));
    }
}
