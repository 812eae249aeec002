//! Channels: text, forum, thread and direct; what may be done in each. Threads are made from messages or in forums.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::door::Asked;
use super::limits::Wrong;
use super::world::{State, World, bot};
use super::{Answer, BOT, GUILD, limits};

pub const TEXT: u8 = 0;
pub const DIRECT: u8 = 1;
pub const THREAD: u8 = 11;
pub const FORUM: u8 = 15;

#[derive(Clone, Debug)]
pub struct Room {
    pub kind: u8,
    pub name: String,
    pub parent: Option<u64>,
    /// The other person of a direct channel.
    pub recipient: Option<u64>,
    pub archived: bool,
    pub locked: bool,
    /// A forum's tags: id and name.
    pub tags: Vec<(u64, String)>,
    pub applied_tags: Vec<String>,
    /// What every request that goes this way is told: 50001, 50013.
    pub refuses: Option<(u16, u32)>,
    /// The same, for new posts only.
    pub refuses_posts: Option<(u16, u32)>,
    pub message_count: u32,
}

impl Room {
    fn new(kind: u8, name: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            parent: None,
            recipient: None,
            archived: false,
            locked: false,
            tags: Vec::new(),
            applied_tags: Vec::new(),
            refuses: None,
            refuses_posts: None,
            message_count: 0,
        }
    }
}

impl World {
    pub fn add_text_channel(&self, id: u64, name: &str) {
        self.state().rooms.insert(id, Room::new(TEXT, name));
    }

    /// A forum with tags of these names.
    pub fn add_forum(&self, id: u64, name: &str, tags: &[&str]) {
        let mut room = Room::new(FORUM, name);
        room.tags = (id + 1..).zip(tags.iter().map(|tag| (*tag).to_owned())).collect();
        self.state().rooms.insert(id, room);
    }

    pub fn delete_channel(&self, id: u64) {
        self.state().rooms.remove(&id);
    }

    /// Everything in this channel is refused from now on, or no longer: `Some((403, 50013))`.
    pub fn refuse_in(&self, channel: u64, refusal: Option<(u16, u32)>) {
        self.with_room(channel, |room| room.refuses = refusal);
    }

    pub fn refuse_posts_in(&self, channel: u64, refusal: Option<(u16, u32)>) {
        self.with_room(channel, |room| room.refuses_posts = refusal);
    }

    pub fn archive(&self, thread: u64, locked: bool) {
        self.with_room(thread, |room| {
            room.archived = true;
            room.locked = locked;
        });
    }

    /// This person takes no direct messages.
    pub fn close_door_of(&self, person: u64) {
        self.state().closed_doors.insert(person);
    }

    pub fn room(&self, id: u64) -> Option<Room> {
        self.state().rooms.get(&id).cloned()
    }

    /// The threads under a channel, oldest first.
    pub fn threads_of(&self, parent: u64) -> Vec<(u64, Room)> {
        let state = self.state();
        let rooms = state.rooms.iter();
        rooms
            .filter(|(_, room)| room.parent == Some(parent))
            .map(|(id, room)| (*id, room.clone()))
            .collect()
    }

    /// The direct channel with a person, once there is one.
    pub fn direct_with(&self, person: u64) -> Option<u64> {
        let state = self.state();
        let mut rooms = state.rooms.iter();
        rooms
            .find(|(_, room)| room.recipient == Some(person))
            .map(|(id, _)| *id)
    }

    fn with_room(&self, id: u64, change: impl FnOnce(&mut Room)) {
        let mut state = self.state();
        change(state.rooms.get_mut(&id).expect("a channel of the guild"));
    }
}

impl State {
    /// The channel of a path, or what Discord says instead.
    pub(super) fn room_for(&self, id: &str) -> Result<(u64, &Room), Answer> {
        let unknown = || Answer::refused(404, 10003, "Unknown Channel");
        let id: u64 = id
            .parse()
            .map_err(|_| Wrong::one("channel_id", "NUMBER_TYPE_COERCE").answer())?;
        let room = self.rooms.get(&id).ok_or_else(unknown)?;
        let over = room.parent.and_then(|parent| self.rooms.get(&parent));
        if room.parent.is_some() && over.is_none() {
            return Err(unknown());
        }
        let refusal = over.and_then(|over| over.refuses).or(room.refuses);
        match refusal {
            Some((status, code)) => Err(Answer::refused(status, code, "refused in this channel")),
            None => Ok((id, room)),
        }
    }

    pub(super) fn channel(&self, id: u64, room: &Room) -> Value {
        let mut channel = json!({ "id": id.to_string(), "type": room.kind, "flags": 0 });
        if room.kind == DIRECT {
            let person = room.recipient.unwrap_or_default().to_string();
            channel["recipients"] = json!([{ "id": person, "username": "someone", "discriminator": "0" }]);
            return channel;
        }
        channel["guild_id"] = GUILD.to_string().into();
        channel["name"] = room.name.clone().into();
        channel["parent_id"] = room.parent.map(|id| id.to_string()).into();
        if room.kind == FORUM {
            let tags = room.tags.iter().map(|(id, name)| {
                json!({ "id": id.to_string(), "name": name, "moderated": false, "emoji_id": null, "emoji_name": null })
            });
            channel["available_tags"] = tags.collect();
        }
        if room.kind == THREAD {
            channel["owner_id"] = BOT.to_string().into();
            channel["applied_tags"] = room.applied_tags.clone().into();
            channel["message_count"] = room.message_count.into();
            channel["member_count"] = 1.into();
            channel["thread_metadata"] = json!({
                "archived": room.archived, "locked": room.locked, "auto_archive_duration": 1440,
                "archive_timestamp": Timestamp::UNIX_EPOCH.to_string()
            });
        }
        channel
    }

    /// `POST /users/@me/channels`: opening a door that is closed works; going through it does not.
    pub(super) fn open_direct(&mut self, now: Timestamp, body: &Value) -> Answer {
        let Some(person) = body["recipient_id"].as_str().and_then(|id| id.parse().ok()) else {
            return Wrong::one("recipient_id", "BASE_TYPE_REQUIRED").answer();
        };
        let known = self
            .rooms
            .iter()
            .find(|(_, room)| room.recipient == Some(person))
            .map(|(id, _)| *id);
        let id = known.unwrap_or_else(|| {
            let id = self.snowflake(now);
            let mut room = Room::new(DIRECT, "");
            room.recipient = Some(person);
            self.rooms.insert(id, room);
            id
        });
        Answer::of(200, self.channel(id, &self.rooms[&id]))
    }

    /// `POST /channels/{c}/messages/{m}/threads`: the thread's id is the message's.
    pub(super) fn thread_under(&mut self, channel: &str, message: &str, body: &Value) -> Answer {
        let parent = match self.room_for(channel) {
            Ok((id, room)) if room.kind == TEXT => id,
            Ok(_) => return Answer::refused(400, 50024, "Cannot execute action on this channel type"),
            Err(refused) => return refused,
        };
        let Some(id) = self.message_in(parent, message) else {
            return Answer::refused(404, 10008, "Unknown Message");
        };
        if self.rooms.contains_key(&id) {
            return Answer::refused(400, 160_004, "A thread has already been created for this message");
        }
        if let Some(wrong) = limits::of_thread(body) {
            return wrong;
        }
        let mut room = Room::new(THREAD, body["name"].as_str().unwrap_or_default());
        room.parent = Some(parent);
        self.rooms.insert(id, room);
        Answer::of(201, self.channel(id, &self.rooms[&id]))
    }

    /// `POST /channels/{forum}/threads`: a post, whose first message has its id. No nonce works here.
    pub(super) fn post_in_forum(&mut self, now: Timestamp, channel: &str, asked: &Asked) -> Answer {
        let (parent, tags) = match self.room_for(channel) {
            Ok((id, room)) if room.kind == FORUM => (id, room.tags.clone()),
            Ok(_) => return Answer::refused(400, 50024, "Cannot execute action on this channel type"),
            Err(refused) => return refused,
        };
        if let Some(refusal) = self.rooms[&parent].refuses_posts {
            return Answer::refused(refusal.0, refusal.1, "refused in this channel");
        }
        let body = &asked.body;
        let wrong = limits::of_thread(body)
            .or_else(|| limits::of_message(&body["message"], &asked.files, &["message"]))
            .or_else(|| limits::of_tags(&body["applied_tags"], &tags));
        if let Some(wrong) = wrong {
            return wrong;
        }
        let id = self.snowflake(now);
        let mut room = Room::new(THREAD, body["name"].as_str().unwrap_or_default());
        room.parent = Some(parent);
        room.applied_tags = strings(&body["applied_tags"]);
        self.rooms.insert(id, room);
        let message = self.keep(now, id, id, bot(), &body["message"], &asked.files);
        let mut channel = self.channel(id, &self.rooms[&id]);
        channel["message"] = message;
        Answer::of(201, channel)
    }

    /// `PATCH /channels/{thread}`.
    pub(super) fn change_channel(&mut self, channel: &str, body: &Value) -> Answer {
        let id = match self.room_for(channel) {
            Ok((id, room)) if room.kind == THREAD => id,
            Ok(_) => return Answer::refused(403, 50013, "Missing Permissions"),
            Err(refused) => return refused,
        };
        let parent = self.rooms[&id].parent.and_then(|parent| self.rooms.get(&parent));
        let tags = parent.map_or(Vec::new(), |parent| parent.tags.clone());
        if let Some(wrong) = limits::of_tags(&body["applied_tags"], &tags) {
            return wrong;
        }
        let room = self.rooms.get_mut(&id).expect("looked up");
        let opens = body["archived"] == false;
        if room.archived && !opens {
            return Answer::refused(400, 50083, "Thread is archived");
        }
        if room.locked && opens {
            return Answer::refused(403, 50013, "Missing Permissions");
        }
        if let Some(archived) = body["archived"].as_bool() {
            room.archived = archived;
        }
        if let Some(name) = body["name"].as_str() {
            room.name = name.to_owned();
        }
        if !body["applied_tags"].is_null() {
            room.applied_tags = strings(&body["applied_tags"]);
        }
        Answer::of(200, self.channel(id, &self.rooms[&id]))
    }

    /// Threads that are open (of the guild), or archived (of one channel).
    pub(super) fn listed_threads(&self, parent: Option<u64>, archived: bool) -> Answer {
        let threads: Vec<_> = self
            .rooms
            .iter()
            .rev()
            .filter(|(_, room)| room.kind == THREAD && room.archived == archived)
            .filter(|(_, room)| parent.is_none() || room.parent == parent)
            .map(|(id, room)| self.channel(*id, room))
            .collect();
        Answer::of(
            200,
            json!({ "threads": threads, "members": [], "has_more": false }),
        )
    }
}

pub(super) fn strings(list: &Value) -> Vec<String> {
    let list = list.as_array().map_or(&[][..], Vec::as_slice);
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}
