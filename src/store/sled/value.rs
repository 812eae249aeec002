//! How a record becomes bytes: a version, a checksum over the key and the JSON, the JSON. A long one goes on in
//! continuation rows, because sled keeps large values in files that it never syncs, and leaks them.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::rows::{self, Key};
use crate::port::store::StoreError;

/// The version of the encoding below.
const VERSION: u8 = 1;
/// Set in the first byte where the value goes on in other rows.
const CONTINUES: u8 = 0x80;
/// The most bytes of one row's value.
pub(super) const LIMIT: usize = 4096;
const HEADING: usize = 5;

/// A value as rows: the first under the record's own key, then the continuation.
pub(super) struct Encoded {
    pub head: Vec<u8>,
    pub parts: Vec<(Key, Vec<u8>)>,
}

pub(super) fn encode(key: &[u8], record: &impl Serialize) -> Result<Encoded, StoreError> {
    // Room for what is usual, so that a record grows once or never on its way.
    let mut head = Vec::with_capacity(1024);
    head.extend_from_slice(&[VERSION, 0, 0, 0, 0]);
    serde_json::to_writer(&mut head, record).map_err(|error| StoreError::Write(error.to_string()))?;
    finish(key, head)
}

/// `head` is five bytes of room, then the JSON.
pub(super) fn finish(key: &[u8], mut head: Vec<u8>) -> Result<Encoded, StoreError> {
    let sum = checksum(key, &head[HEADING..]);
    head[1..HEADING].copy_from_slice(&sum.to_le_bytes());
    head[0] = VERSION;
    if head.len() <= LIMIT {
        return Ok(Encoded {
            head,
            parts: Vec::new(),
        });
    }
    let rest = head.split_off(LIMIT - 2);
    let count = rest.len().div_ceil(LIMIT);
    let count =
        u16::try_from(count).map_err(|_| StoreError::Write("one record is larger than 256 MB".into()))?;
    head[0] = VERSION | CONTINUES;
    head.splice(HEADING..HEADING, count.to_le_bytes());
    let parts = rest.chunks(LIMIT).zip(1..=count);
    let parts = parts.map(|(bytes, part)| (rows::continued(key, part), bytes.to_vec()));
    Ok(Encoded {
        head,
        parts: parts.collect(),
    })
}

/// How many continuation rows a value has.
pub(super) fn parts(head: &[u8]) -> u16 {
    match head {
        [first, _, _, _, _, low, high, ..] if first & CONTINUES != 0 => u16::from_le_bytes([*low, *high]),
        _ => 0,
    }
}

/// Reads a value back; `part` fetches continuation rows by their keys.
pub(super) fn decode<T: DeserializeOwned>(
    key: &[u8],
    head: &[u8],
    mut part: impl FnMut(&[u8]) -> Result<Option<sled::IVec>, StoreError>,
) -> Result<T, StoreError> {
    let damaged = |why: &str| StoreError::Damaged(format!("{}: {why}", rows::name(key)));
    let Some((heading, json)) = head.split_at_checked(HEADING) else {
        return Err(damaged("the value is cut off"));
    };
    let version = heading[0] & !CONTINUES;
    if version == 0 {
        return Err(damaged("the value has no version"));
    }
    if version > VERSION {
        return Err(damaged(&format!(
            "written by a newer Switchboard (record version {version}; this one reads up to {VERSION}); use that version"
        )));
    }
    let mut whole = Vec::new();
    let count = parts(head);
    let json = if count == 0 {
        json
    } else {
        whole.extend_from_slice(&json[2..]);
        for number in 1..=count {
            let Some(bytes) = part(&rows::continued(key, number))? else {
                return Err(damaged("a part of the value is missing"));
            };
            whole.extend_from_slice(&bytes);
        }
        whole.as_slice()
    };
    if checksum(key, json).to_le_bytes() != heading[1..] {
        return Err(damaged("the value is not what was written (checksum)"));
    }
    serde_json::from_slice(json).map_err(|error| damaged(&format!("the value cannot be understood: {error}")))
}

/// The key is in the sum as well, so that a record under a wrong key is found.
fn checksum(key: &[u8], json: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(key);
    sum.update(json);
    sum.finalize()
}
