//! Modals and App Home. A trigger lives three seconds and opens one view.

use serde_json::{Value, json};

use super::blocks;
use super::world::{Answer, No, TEAM, World, named_blocks, text};

const DEEPEST: usize = 3;

impl World {
    /// Who holds the trigger, and the modal that it was pressed in. Uses it up.
    fn take_trigger(&mut self, body: &Value) -> Result<(String, Option<String>), No> {
        let id = text(body, "trigger_id").ok_or("invalid_trigger_id")?;
        let now = self.now();
        let trigger = self.triggers.get_mut(id).ok_or("invalid_trigger_id")?;
        if trigger.used {
            return Err("exchanged_trigger_id".into());
        }
        if trigger.until < now {
            return Err("expired_trigger_id".into());
        }
        trigger.used = true;
        Ok((trigger.user.clone(), trigger.view.clone()))
    }

    pub fn keep_view(&mut self, view: &Value, user: &str, root: Option<&str>) -> Value {
        let id = self.id('V');
        let mut kept = view.clone();
        kept["blocks"] = named_blocks(self, &view["blocks"]);
        kept["id"] = json!(id);
        kept["team_id"] = json!(TEAM);
        kept["hash"] = json!(format!("{}.{:x}", self.now().as_second(), self.serial()));
        kept["root_view_id"] = json!(root.unwrap_or(&id));
        kept["opened_by"] = json!(user);
        self.views.insert(id, kept.clone());
        kept
    }

    pub fn views_open(&mut self, body: &Value) -> Answer {
        blocks::view(self, &body["view"])?;
        let (user, _) = self.take_trigger(body)?;
        let view = self.keep_view(&body["view"], &user, None);
        let id = view["id"].as_str().unwrap_or_default().to_owned();
        self.stacks.insert(user, vec![id]);
        Ok(json!({"view": view}))
    }

    pub fn views_push(&mut self, body: &Value) -> Answer {
        blocks::view(self, &body["view"])?;
        let (user, from) = self.take_trigger(body)?;
        if from.is_none() {
            return Err("not_found".into());
        }
        self.push(&user, &body["view"])
    }

    pub fn push(&mut self, user: &str, view: &Value) -> Answer {
        let stack = self.stacks.get(user).cloned().unwrap_or_default();
        if stack.len() >= DEEPEST {
            return Err("push_limit_reached".into());
        }
        let view = self.keep_view(view, user, stack.first().map(String::as_str));
        let id = view["id"].as_str().unwrap_or_default().to_owned();
        self.stacks.entry(user.to_owned()).or_default().push(id);
        Ok(json!({"view": view}))
    }

    pub fn views_update(&mut self, body: &Value) -> Answer {
        blocks::view(self, &body["view"])?;
        let id = match (text(body, "view_id"), text(body, "external_id")) {
            (Some(id), _) => id.to_owned(),
            (None, Some(external)) => {
                let found = self
                    .views
                    .iter()
                    .find(|(_, view)| view["external_id"] == external);
                found.map(|(id, _)| id.clone()).ok_or("not_found")?
            }
            (None, None) => return Err("not_found".into()),
        };
        let old = self.views.get(&id).cloned().ok_or("not_found")?;
        if text(body, "hash").is_some_and(|hash| old["hash"] != hash) {
            return Err("hash_conflict".into());
        }
        let view = self.replace_view(&id, &body["view"]);
        Ok(json!({"view": view}))
    }

    pub fn replace_view(&mut self, id: &str, view: &Value) -> Value {
        let old = self.views.get(id).cloned().unwrap_or_default();
        let mut new = view.clone();
        new["blocks"] = named_blocks(self, &view["blocks"]);
        for key in ["id", "team_id", "root_view_id", "opened_by"] {
            new[key] = old[key].clone();
        }
        new["hash"] = json!(format!("{}.{:x}", self.now().as_second(), self.serial()));
        self.views.insert(id.to_owned(), new.clone());
        new
    }

    pub fn views_publish(&mut self, body: &Value) -> Answer {
        blocks::view(self, &body["view"])?;
        if body["view"]["type"] != "home" {
            return Err("invalid_arguments".into());
        }
        let user = text(body, "user_id").ok_or("user_not_found")?.to_owned();
        if !self.people.contains_key(&user) {
            return Err("user_not_found".into());
        }
        let view = self.keep_view(&body["view"], &user, None);
        self.homes.insert(user, view.clone());
        Ok(json!({"view": view}))
    }
}
