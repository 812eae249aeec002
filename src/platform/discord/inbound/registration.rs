//! Registration of the commands with Discord, in the company's server only. What is registered is read from Discord and
//! overwritten where it differs, so that there is no second truth about it, and a start costs none of the two hundred
//! registrations of a day. Never for all servers at once: a command in both places is shown twice.
//! <https://docs.discord.com/developers/interactions/application-commands#bulk-overwrite-guild-application-commands>

use serde_json::Value;

use super::calls;
use crate::platform::discord::Discord;
use crate::platform::discord::client::Failure;

/// What Discord adds to a command, or tells apart in ways that do not matter to a command of one server.
const NOT_OURS: [&str; 12] = [
    "id",
    "application_id",
    "guild_id",
    "version",
    "name_localizations",
    "description_localizations",
    "name_localized",
    "description_localized",
    "contexts",
    "integration_types",
    "dm_permission",
    "default_permission",
];

/// Makes the server's commands ours. True where they were not, or where nobody could say what they were.
pub(super) async fn register(discord: &Discord, ours: &[Value]) -> Result<bool, Failure> {
    let theirs = match calls::registered(discord).await {
        Ok(theirs) => theirs,
        // What cannot be compared is registered: once at a start, which no limit minds.
        Err(
            Failure::Refused {
                status: 404 | 405, ..
            }
            | Failure::Unknown(_),
        ) => Value::Null,
        Err(failure) => return Err(failure),
    };
    if theirs.as_array().is_some_and(|theirs| same(ours, theirs)) {
        return Ok(false);
    }
    calls::register(discord, &Value::from(ours.to_vec())).await?;
    Ok(true)
}

/// In any order, and whatever Discord adds.
fn same(ours: &[Value], theirs: &[Value]) -> bool {
    ours.len() == theirs.len()
        && ours.iter().all(|ours| {
            theirs
                .iter()
                .any(|theirs| theirs["name"] == ours["name"] && equal(ours, theirs))
        })
}

fn equal(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Object(one), Value::Object(other)) => one
            .keys()
            .chain(other.keys())
            .filter(|key| !NOT_OURS.contains(&key.as_str()))
            .all(|key| equal(&ours[key], &theirs[key])),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(ours, theirs)| equal(ours, theirs))
        }
        _ => ours == theirs || (says_nothing(ours) && says_nothing(theirs)),
    }
}

/// Discord leaves out what stands for nothing, or writes it out; a command without a type is a typed one, type 1.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Array(values) => values.is_empty(),
        Value::Number(number) => number.as_u64() == Some(1),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_people_would_notice_is_a_difference() {
        let claim = json!({
            "name": "claim", "description": "Take a lead",
            "options": [{ "type": 3, "name": "lead", "description": "The lead", "required": true, "autocomplete": true }],
        });
        let mine = json!({ "name": "mine", "description": "Your leads" });
        let told = json!({
            "id": "1", "application_id": "2", "guild_id": "3", "version": "4", "type": 1, "nsfw": false,
            "name": "claim", "description": "Take a lead", "default_member_permissions": null,
            "options": [{ "type": 3, "name": "lead", "description": "The lead", "required": true, "autocomplete": true,
                "choices": [], "name_localizations": null }],
        });
        let also =
            json!({ "id": "9", "type": 1, "name": "mine", "description": "Your leads", "options": [] });
        let ours = [claim, mine];
        assert!(same(&ours, &[also.clone(), told.clone()]));
        assert!(!same(&ours, std::slice::from_ref(&told)));
        assert!(!same(&ours[..1], &[told.clone(), also.clone()]));
        for (pointer, value) in [
            ("/description", json!("Take it")),
            ("/options/0/required", json!(false)),
            ("/options/0/autocomplete", Value::Null),
            ("/options", json!([])),
            ("/default_member_permissions", json!("0")),
            ("/type", json!(2)),
        ] {
            let mut changed = told.clone();
            *changed.pointer_mut(pointer).unwrap() = value;
            assert!(!same(&ours, &[changed, also.clone()]), "{pointer}");
        }
    }
}
