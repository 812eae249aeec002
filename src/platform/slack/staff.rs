//! Whether Slack counts a user among the company's own people: guests, bots and people of connected workspaces have no role
//! through a group. Decides nothing about what colleagues may do.
//!
//! <https://docs.slack.dev/reference/objects/user-object>

use serde_json::Value;

use crate::domain::staff::Person;

/// A colleague, out of `users.info`'s `user`; or why they are not one.
pub(super) fn colleague(user: &Value, home: &str) -> Result<Person, &'static str> {
    let is = |key: &str| user[key].as_bool().unwrap_or(false);
    let id = user["id"].as_str().unwrap_or_default();
    if is("deleted") {
        return Err("no longer has an account");
    }
    if is("is_bot") || id == "USLACKBOT" {
        return Err("is a bot");
    }
    if is("is_restricted") || is("is_ultra_restricted") {
        return Err("is a guest");
    }
    if is("is_stranger") || !is_at_home(user, home) {
        return Err("belongs to another workspace");
    }
    let names = [&user["real_name"], &user["profile"]["real_name"], &user["name"]];
    let name = names
        .into_iter()
        .filter_map(Value::as_str)
        .map(str::trim)
        .find(|name| !name.is_empty());
    Ok(Person {
        id: id.to_owned(),
        name: name.unwrap_or(id).to_owned(),
    })
}

/// `home` is a workspace's `T…`, or an organisation's `E…`, whose people belong to several workspaces.
fn is_at_home(user: &Value, home: &str) -> bool {
    let organisation = &user["enterprise_user"];
    let teams = organisation["teams"].as_array().into_iter().flatten();
    let known = [&user["team_id"], &organisation["enterprise_id"]];
    known.into_iter().chain(teams).any(|team| team == home)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_the_companys_own_people_are_colleagues() {
        let user = |more: Value| {
            let mut user =
                json!({ "id": "U1", "team_id": "T1", "real_name": " Dana Okafor ", "name": "dana" });
            for (key, value) in more.as_object().unwrap() {
                user[key] = value.clone();
            }
            colleague(&user, "T1").map(|person| person.name)
        };
        let table = [
            (json!({}), Ok("Dana Okafor")),
            (json!({ "real_name": "" }), Ok("dana")),
            (json!({ "real_name": null, "name": "" }), Ok("U1")),
            (json!({ "deleted": true }), Err("no longer has an account")),
            (json!({ "is_bot": true }), Err("is a bot")),
            (json!({ "id": "USLACKBOT" }), Err("is a bot")),
            (json!({ "is_restricted": true }), Err("is a guest")),
            (json!({ "is_ultra_restricted": true }), Err("is a guest")),
            (
                json!({ "is_stranger": true }),
                Err("belongs to another workspace"),
            ),
            // Somebody from a connected workspace, whose channel we can see, is not marked as a stranger.
            (json!({ "team_id": "T2" }), Err("belongs to another workspace")),
            (json!({ "team_id": null }), Err("belongs to another workspace")),
            (
                json!({ "team_id": "T2", "enterprise_user": { "teams": ["T2", "T1"] } }),
                Ok("Dana Okafor"),
            ),
        ];
        for (more, expected) in table {
            assert_eq!(user(more.clone()), expected.map(str::to_owned), "{more}");
        }
    }
}
