//! Who is who: the app itself, people, user groups.

use serde_json::{Value, json};

use super::reads::{is_set, next_place, place};
use super::world::{APP, Answer, BOT, BOT_USER, No, TEAM, World, text};

impl World {
    pub fn auth_test(&mut self) -> Answer {
        Ok(json!({
            "url": "https://larkspur.slack.com/", "team": "Larkspur Home", "user": "switchboard",
            "team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT, "app_id": APP, "is_enterprise_install": false,
        }))
    }

    pub fn team_info(&mut self) -> Answer {
        self.require("team:read")?;
        Ok(json!({"team": {"id": TEAM, "name": "Larkspur Home", "domain": "larkspur"}}))
    }

    /// A fresh address for one socket.
    pub fn open_connection(&mut self) -> Answer {
        let ticket = format!("{:032x}", self.serial());
        self.tickets.insert(ticket.clone());
        Ok(json!({"url": format!("{}/link/?ticket={ticket}&app_id={APP}", self.socket_address)}))
    }

    pub fn user_info(&mut self, body: &Value) -> Answer {
        self.require("users:read")?;
        let user = text(body, "user").ok_or("user_not_found")?;
        let found = self.people.get(user).ok_or("user_not_found")?;
        Ok(json!({"user": found}))
    }

    pub fn users_list(&mut self, body: &Value) -> Answer {
        self.require("users:read")?;
        let (from, limit) = place(body, 1000)?;
        let next = next_place(from, limit, self.people.len());
        let members: Vec<&Value> = self.people.values().skip(from).take(limit).collect();
        Ok(json!({"members": members, "response_metadata": {"next_cursor": next}}))
    }

    pub fn groups_list(&mut self, body: &Value) -> Answer {
        self.groups_allowed()?;
        let with_users = is_set(body, "include_users");
        let groups: Vec<Value> = self
            .groups
            .iter()
            .map(|(id, (handle, users))| {
                let mut group =
                    json!({"id": id, "team_id": TEAM, "handle": handle, "name": handle, "date_delete": 0});
                if with_users {
                    group["users"] = json!(users);
                }
                group
            })
            .collect();
        Ok(json!({"usergroups": groups}))
    }

    pub fn group_users(&mut self, body: &Value) -> Answer {
        self.groups_allowed()?;
        let id = text(body, "usergroup").ok_or("no_such_subteam")?;
        let (_, users) = self.groups.get(id).ok_or("no_such_subteam")?;
        Ok(json!({"users": users}))
    }

    fn groups_allowed(&self) -> Result<(), No> {
        self.require("usergroups:read")?;
        match self.free_plan {
            true => Err("plan_upgrade_required".into()),
            false => Ok(()),
        }
    }
}
