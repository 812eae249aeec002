//! What the workspace holds.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use switchboard::command::{Catalogue, Spelling};
use switchboard::platform::slack::{Wanted, manifest};

use super::{Clock, Fault};

pub const BOT_TOKEN: &str = "xoxb-0000-of-the-test-server";
pub const APP_TOKEN: &str = "xapp-1-0000-of-the-test-server";
pub const SIGNING_SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
pub const TEAM: &str = "T0LARKSPUR";
pub const BOT_USER: &str = "U0SWITCH";
pub const BOT: &str = "B0SWITCH";
pub const APP: &str = "A0SWITCH";

/// What the app was installed with: what its manifest asks for, and no more.
fn scopes() -> BTreeSet<String> {
    let wanted = Wanted::of(None, None);
    let manifest = manifest(Catalogue::builtin(), &Spelling::default(), &wanted).expect("a manifest");
    let scopes = manifest["oauth_config"]["scopes"]["bot"].as_array();
    let scopes = scopes.into_iter().flatten().filter_map(Value::as_str);
    scopes.map(str::to_owned).collect()
}

/// Slack's no: the code, and what was wrong, for whoever mends the test.
#[derive(Debug)]
pub struct No {
    pub code: String,
    pub detail: String,
}

impl No {
    pub fn new(code: &str, detail: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            detail: detail.into(),
        }
    }
}

impl From<&str> for No {
    fn from(code: &str) -> Self {
        Self::new(code, "")
    }
}

pub type Answer = Result<Value, No>;

/// One call as the server saw it.
#[derive(Clone, Debug)]
pub struct Call {
    pub at: Timestamp,
    pub method: String,
    pub body: Value,
    /// `ok`, an error code with its reason, `429`, `503`, or the fault.
    pub outcome: String,
}

/// What one person saw and nobody keeps.
#[derive(Clone, Debug)]
pub struct Ephemeral {
    pub channel: String,
    pub user: String,
    pub text: String,
    pub blocks: Value,
    pub thread_ts: Option<String>,
}

#[derive(Default)]
pub struct Channel {
    pub name: String,
    pub private: bool,
    pub archived: bool,
    pub has_bot: bool,
    pub members: Vec<String>,
    /// By `ts`; raw, as `conversations.history` shows it with all metadata.
    pub messages: BTreeMap<String, Value>,
}

pub struct Trigger {
    pub user: String,
    pub until: Timestamp,
    pub used: bool,
    /// The modal it was pressed in.
    pub view: Option<String>,
}

/// A response URL.
pub struct Response {
    pub channel: String,
    pub user: String,
    pub until: Timestamp,
    pub uses: u32,
    /// The message that was clicked, which can be replaced.
    pub message: Option<String>,
}

#[derive(Clone, Default)]
pub struct File {
    pub name: String,
    pub title: String,
    pub alt: Option<String>,
    pub length: usize,
    pub bytes: Option<Vec<u8>>,
    pub complete: bool,
    /// How often `files.info` still says that it is not ready.
    pub polls: u32,
    pub shared: Vec<String>,
}

pub struct World {
    pub clock: Clock,
    pub channels: BTreeMap<String, Channel>,
    pub people: BTreeMap<String, Value>,
    pub groups: BTreeMap<String, (String, Vec<String>)>,
    pub free_plan: bool,
    pub scopes: BTreeSet<String>,
    pub views: BTreeMap<String, Value>,
    /// Modals by person, the top last.
    pub stacks: BTreeMap<String, Vec<String>>,
    pub homes: BTreeMap<String, Value>,
    pub triggers: BTreeMap<String, Trigger>,
    pub responses: BTreeMap<String, Response>,
    pub files: BTreeMap<String, File>,
    /// How often `files.info` says of a new file that it is not ready; none: for ever.
    pub file_polls: Option<u32>,
    /// A file that is shared nowhere is refused in messages, as some workspaces do.
    pub private_files_refused: bool,
    pub ephemerals: Vec<Ephemeral>,
    pub tickets: BTreeSet<String>,
    pub calls: Vec<Call>,
    pub faults: Vec<(String, Fault)>,
    pub slow_until: BTreeMap<String, Timestamp>,
    pub keeps_pace: bool,
    pub is_down: bool,
    pub revoked: bool,
    /// Where this server is reached, for the addresses it hands out.
    pub address: String,
    pub socket_address: String,
    serial: u64,
}

impl World {
    pub fn new(clock: Clock) -> Self {
        let mut world = Self {
            clock,
            channels: BTreeMap::new(),
            people: BTreeMap::new(),
            groups: BTreeMap::new(),
            free_plan: false,
            scopes: scopes(),
            views: BTreeMap::new(),
            stacks: BTreeMap::new(),
            homes: BTreeMap::new(),
            triggers: BTreeMap::new(),
            responses: BTreeMap::new(),
            files: BTreeMap::new(),
            file_polls: Some(1),
            private_files_refused: false,
            ephemerals: Vec::new(),
            tickets: BTreeSet::new(),
            calls: Vec::new(),
            faults: Vec::new(),
            slow_until: BTreeMap::new(),
            keeps_pace: false,
            is_down: false,
            revoked: false,
            address: String::new(),
            socket_address: String::new(),
            serial: 0,
        };
        world.person(BOT_USER, "switchboard");
        world.change_person(BOT_USER, "is_bot", json!(true));
        world
    }

    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    pub fn serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// An id that looks like Slack's.
    pub fn id(&mut self, letter: char) -> String {
        format!("{letter}0{:09}", self.serial())
    }

    /// A message's name: seconds and a counter, as a string.
    pub fn ts(&mut self) -> String {
        format!("{}.{:06}", self.now().as_second(), self.serial() % 1_000_000)
    }

    pub fn person(&mut self, id: &str, name: &str) {
        let handle = name.to_lowercase().replace(' ', ".");
        let person = json!({
            "id": id, "team_id": TEAM, "name": handle, "deleted": false, "real_name": name, "tz": "Europe/London",
            "profile": {"real_name": name, "display_name": name, "email": format!("{handle}@larkspur.example")},
            "is_admin": false, "is_bot": false, "is_restricted": false, "is_ultra_restricted": false,
        });
        self.people.insert(id.to_owned(), person);
    }

    pub fn change_person(&mut self, id: &str, key: &str, value: Value) {
        self.people.get_mut(id).expect("a person of the workspace")[key] = value;
    }

    pub fn open_channel(&mut self, id: &str, name: &str) {
        let channel = Channel {
            name: name.to_owned(),
            has_bot: true,
            members: self.people.keys().cloned().collect(),
            ..Channel::default()
        };
        self.channels.insert(id.to_owned(), channel);
    }

    pub fn channel_mut(&mut self, id: &str) -> &mut Channel {
        self.channels.get_mut(id).expect("a channel of the workspace")
    }

    /// The channel of the bot's direct messages with a person.
    pub fn direct(&mut self, user: &str) -> String {
        let id = format!("D{}", user.trim_start_matches(['U', 'W']));
        self.channels.entry(id.clone()).or_insert_with(|| Channel {
            name: String::new(),
            private: true,
            has_bot: true,
            members: vec![user.to_owned(), BOT_USER.to_owned()],
            ..Channel::default()
        });
        id
    }

    pub fn require(&self, scope: &str) -> Result<(), No> {
        match self.scopes.contains(scope) {
            true => Ok(()),
            false => Err(No::new("missing_scope", format!("needed: {scope}"))),
        }
    }

    /// Three seconds, one use.
    pub fn trigger(&mut self, user: &str, view: Option<&str>) -> String {
        let id = format!(
            "{}.{}.{:x}",
            398_738_663_015_u64 + self.serial(),
            47_445_629_121_u64,
            self.serial
        );
        let until = self
            .now()
            .checked_add(SignedDuration::from_secs(3))
            .expect("a moment");
        let trigger = Trigger {
            user: user.to_owned(),
            until,
            used: false,
            view: view.map(str::to_owned),
        };
        self.triggers.insert(id.clone(), trigger);
        id
    }

    /// Five uses, thirty minutes.
    pub fn response_url(&mut self, channel: &str, user: &str, message: Option<&str>) -> String {
        let id = format!("R{:012x}", self.serial() * 0x9E37);
        let response = Response {
            channel: channel.to_owned(),
            user: user.to_owned(),
            until: self
                .now()
                .checked_add(SignedDuration::from_mins(30))
                .expect("a moment"),
            uses: 0,
            message: message.map(str::to_owned),
        };
        self.responses.insert(id.clone(), response);
        format!("{}/response/{id}", self.address)
    }
}

/// Slack names blocks that nobody named.
pub fn named_blocks(world: &mut World, blocks: &Value) -> Value {
    let mut blocks = blocks.clone();
    for block in blocks.as_array_mut().into_iter().flatten() {
        if block["block_id"].is_null() {
            block["block_id"] = json!(format!("auto{}", world.serial()));
        }
    }
    blocks
}

/// An argument that must be there.
pub fn text<'a>(body: &'a Value, key: &str) -> Option<&'a str> {
    body[key].as_str().filter(|text| !text.is_empty())
}
