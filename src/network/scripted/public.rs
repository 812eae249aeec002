//! The public side: every reply that went out, one JSON line each, flushed before the answer. The file is the truth;
//! what is in memory is read from it at the start.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::faults::{Fate, Faults};
use crate::domain::ids::NetworkId;
use crate::port::delivery_error::DeliveryError;
use crate::port::social::{PublicReply, Published};

/// One reply that the public can read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    pub key: String,
    pub native_id: String,
    pub permalink: String,
    pub network: NetworkId,
    pub answers: String,
    pub conversation: String,
    pub text: String,
    pub at: Timestamp,
}

impl Post {
    fn published(&self) -> Published {
        Published {
            native_id: Some(self.native_id.clone()),
            permalink: Some(self.permalink.clone()),
        }
    }
}

/// Reads a public file as it is; a last line that was torn by a power cut never went out.
pub fn read_public(path: &Path) -> Result<Vec<Post>, String> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(format!("{}: {error}", path.display())),
    };
    let whole = &bytes[..whole_lines(&bytes)];
    let mut posts = Vec::new();
    for (number, line) in whole.split(|byte| *byte == b'\n').enumerate() {
        if !line.is_empty() {
            let post = serde_json::from_slice(line)
                .map_err(|error| format!("{}, line {}: {error}", path.display(), number + 1))?;
            posts.push(post);
        }
    }
    Ok(posts)
}

fn whole_lines(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1)
}

struct Written {
    file: File,
    /// How long the file is; where it ends again after a write that failed half-way.
    length: u64,
    posts: Vec<Post>,
    by_key: HashMap<String, usize>,
    first_reply: HashMap<(NetworkId, String), Timestamp>,
    /// How many publishes were tried since the start.
    tried: u64,
}

impl Written {
    fn remember(&mut self, post: Post) {
        self.by_key.entry(post.key.clone()).or_insert(self.posts.len());
        self.first_reply
            .entry((post.network.clone(), post.answers.clone()))
            .or_insert(post.at);
        self.posts.push(post);
    }
}

pub(super) struct Public {
    written: Mutex<Written>,
}

impl Public {
    pub fn open(path: &Path) -> Result<Self, String> {
        let named = |error: std::io::Error| format!("{}: {error}", path.display());
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(named)?;
        }
        let posts = read_public(path)?;
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .map_err(named)?;
        let bytes = std::fs::read(path).map_err(named)?;
        let whole = whole_lines(&bytes) as u64;
        if whole < bytes.len() as u64 {
            tracing::warn!(file = %path.display(), "a torn last line was dropped");
            file.set_len(whole)
                .and_then(|()| file.sync_all())
                .map_err(named)?;
        }
        let mut written = Written {
            file,
            length: whole,
            posts: Vec::new(),
            by_key: HashMap::new(),
            first_reply: HashMap::new(),
            tried: 0,
        };
        for post in posts {
            written.remember(post);
        }
        Ok(Self {
            written: Mutex::new(written),
        })
    }

    /// A panic elsewhere cannot leave the maps half-written in a way that matters more than going on.
    fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn fate(&self, faults: &Faults) -> Fate {
        let mut written = self.written();
        written.tried += 1;
        faults.fate(written.tried - 1)
    }

    /// Posts a reply: on disk when it returns. With `once`, a key that is already there posts nothing.
    pub fn publish(
        &self,
        reply: &PublicReply,
        once: bool,
        now: Timestamp,
    ) -> Result<Published, DeliveryError> {
        let mut written = self.written();
        if once && let Some(&earlier) = written.by_key.get(&reply.key) {
            return Ok(written.posts[earlier].published());
        }
        let native_id = format!("reply-{}", written.posts.len() + 1);
        let post = Post {
            key: reply.key.clone(),
            permalink: format!("https://{}.example/larkspurhome/{native_id}", reply.network),
            native_id,
            network: reply.network.clone(),
            answers: reply.answers.clone(),
            conversation: reply.conversation.clone(),
            text: reply.text.clone(),
            at: now,
        };
        let mut line =
            serde_json::to_vec(&post).map_err(|error| DeliveryError::Permanent(error.to_string()))?;
        line.push(b'\n');
        if let Err(error) = written
            .file
            .write_all(&line)
            .and_then(|()| written.file.sync_data())
        {
            let why = format!("the public file refused the reply: {error}");
            return Err(match written.file.set_len(written.length) {
                Ok(()) => DeliveryError::Transient(why),
                Err(_) => DeliveryError::Uncertain(why),
            });
        }
        written.length += line.len() as u64;
        let published = post.published();
        written.remember(post);
        Ok(published)
    }

    pub fn find(&self, key: &str) -> Option<Published> {
        let written = self.written();
        written.by_key.get(key).map(|&at| written.posts[at].published())
    }

    pub fn first_reply_to(&self, network: &NetworkId, answers: &str) -> Option<Timestamp> {
        let place = (network.clone(), answers.to_owned());
        self.written().first_reply.get(&place).copied()
    }

    pub fn thread(&self, network: &NetworkId, conversation: &str) -> Vec<Post> {
        let written = self.written();
        let mine = |post: &&Post| post.network == *network && post.conversation == conversation;
        written.posts.iter().filter(mine).cloned().collect()
    }
}
