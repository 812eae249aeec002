//! The script: JSON Lines in our own form of a mention, plus `after_seconds` (since the first poll; negative for what
//! is already there) and `when_replied_to` (the author's answer to the company's reply; `after_seconds` then counts
//! from the reply). Entries play in order of their time.

use jiff::Timestamp;
use serde_json::Value;

use crate::domain::ids::{ConnectorId, NetworkId};
use crate::domain::mention::Mention;
use crate::network::mapping::{Mapping, Origin};

pub(super) struct Entry {
    pub mention: Mention,
    pub after_seconds: f64,
    pub when_replied_to: Option<String>,
}

impl Entry {
    /// The entry as a mention that was written at `created`.
    pub fn at(&self, created: Timestamp) -> Mention {
        Mention {
            created,
            ..self.mention.clone()
        }
    }
}

pub(super) struct Script {
    pub entries: Vec<Entry>,
    pub follow_ups: Vec<Entry>,
}

impl Script {
    pub fn parse(text: &str, connector: &ConnectorId) -> Result<Self, String> {
        let origin = Origin {
            connector: connector.clone(),
            network: NetworkId::new("scripted"),
        };
        let mapping = Mapping::own_form();
        let mut entries = Vec::new();
        for (number, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let entry =
                entry(line, &mapping, &origin).map_err(|why| format!("line {}: {why}", number + 1))?;
            entries.push(entry);
        }
        let (follow_ups, mut entries): (Vec<_>, Vec<_>) = entries
            .into_iter()
            .partition(|entry| entry.when_replied_to.is_some());
        entries.sort_by(|a, b| a.after_seconds.total_cmp(&b.after_seconds));
        Ok(Self { entries, follow_ups })
    }
}

fn entry(
    line: &str,
    mapping: &Mapping<crate::network::mapping::Pointer>,
    origin: &Origin,
) -> Result<Entry, String> {
    let record: Value = serde_json::from_str(line).map_err(|error| format!("not JSON: {error}"))?;
    let after_seconds = match record.get("after_seconds") {
        None => 0.0,
        Some(seconds) => seconds
            .as_f64()
            .ok_or_else(|| format!("after_seconds: {seconds} is not a number"))?,
    };
    let when_replied_to = match record.get("when_replied_to") {
        None => None,
        Some(Value::String(id)) => Some(id.clone()),
        Some(other) => return Err(format!("when_replied_to: {other} is not an id in quotes")),
    };
    // The time is given when the entry is played.
    let mention = mapping
        .mention(&record, origin, Timestamp::UNIX_EPOCH)
        .map_err(|why| why.to_string())?;
    Ok(Entry {
        mention,
        after_seconds,
        when_replied_to,
    })
}
