//! Which row is where: a key is one byte for its kind, then its parts. Parts before the last are fixed in width or carry
//! their length, so that no key is the beginning of another's parts; numbers are big-endian, so that they sort.
//!
//! Records (`L`ead, `T`imeline, `S`een, con`V`ersation, `E`rrand, `P`osted message, c`U`rsor, di`G`est, `F`igures, `M`eta)
//! and their continuation (`X`) hold values. Index rows (`Q`ueue, `D`ue, `A`uthor, `C`ard, `K` dead errand) hold none:
//! they follow from the records, and `index_of_*` is the one place that says how.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::effect::Errand;
use crate::domain::ids::{Channel, ConnectorId, DepartmentId, LeadId, MessageRef, NetworkId, PlatformId};
use crate::domain::lead::Lead;
use crate::domain::message::{Content, Message};
use crate::port::store::Queue;

pub(super) type Key = Vec<u8>;

pub(super) const LEAD: u8 = b'L';
pub(super) const TIMELINE: u8 = b'T';
pub(super) const SEEN: u8 = b'S';
pub(super) const CONVERSATION: u8 = b'V';
pub(super) const ERRAND: u8 = b'E';
pub(super) const MESSAGE: u8 = b'P';
pub(super) const CURSOR: u8 = b'U';
pub(super) const DIGEST: u8 = b'G';
pub(super) const FIGURES: u8 = b'F';
pub(super) const META: u8 = b'M';
pub(super) const CONTINUED: u8 = b'X';
pub(super) const QUEUE: u8 = b'Q';
pub(super) const DUE: u8 = b'D';
pub(super) const AUTHOR: u8 = b'A';
pub(super) const CARD: u8 = b'C';
pub(super) const DEAD: u8 = b'K';

pub(super) fn lead(id: LeadId) -> Key {
    numbered(LEAD, id)
}

/// The end of the range of all leads.
pub(super) fn after_leads() -> Key {
    vec![LEAD + 1]
}

/// A run of entries that were written together, by the position of its first.
pub(super) fn timeline(lead: LeadId, seq: u32) -> Key {
    let mut key = numbered(TIMELINE, lead);
    key.extend_from_slice(&seq.to_be_bytes());
    key
}

pub(super) fn seen(network: &NetworkId, native_id: &str) -> Key {
    with_rest(texts(SEEN, &[network.as_str()]), native_id)
}

pub(super) fn conversation(network: &NetworkId, conversation: &str) -> Key {
    with_rest(texts(CONVERSATION, &[network.as_str()]), conversation)
}

pub(super) fn errand(effect_key: &str) -> Key {
    with_rest(vec![ERRAND], effect_key)
}

pub(super) fn channel(channel: &Channel) -> Key {
    texts(MESSAGE, &[channel.platform.as_str(), &channel.name])
}

pub(super) fn message(of: &Channel, message: &MessageRef) -> Key {
    with_rest(channel(of), message.as_str())
}

pub(super) fn cursor(connector: &ConnectorId) -> Key {
    with_rest(vec![CURSOR], connector.as_str())
}

pub(super) fn digest(department: &DepartmentId) -> Key {
    with_rest(vec![DIGEST], department.as_str())
}

pub(super) fn figures(department: &DepartmentId, day: Date) -> Key {
    with_rest(texts(FIGURES, &[department.as_str()]), &day.to_string())
}

pub(super) fn meta() -> Key {
    vec![META]
}

/// Where a long value goes on; `part` counts from 1.
pub(super) fn continued(key: &[u8], part: u16) -> Key {
    let mut row = vec![CONTINUED];
    push(&mut row, key);
    row.extend_from_slice(&part.to_be_bytes());
    row
}

/// The row that a continuation belongs to, and which part it is.
pub(super) fn continued_row(row: &[u8]) -> Option<(&[u8], u16)> {
    let (key, part) = pop(row.strip_prefix(&[CONTINUED])?)?;
    Some((key, u16::from_be_bytes(part.try_into().ok()?)))
}

/// The beginning of all index rows of a queue.
pub(super) fn queue(queue: &Queue) -> Key {
    match queue {
        Queue::Department(department) => queued(b'd', department.as_str()),
        Queue::Owner(member) => queued(b'o', member.as_str()),
        Queue::OfferedTo(department) => queued(b'f', department.as_str()),
    }
}

fn queued(list: u8, name: &str) -> Key {
    let mut key = vec![QUEUE, list];
    push(&mut key, name.as_bytes());
    key
}

pub(super) fn due(at: Timestamp, lead: LeadId) -> Key {
    let mut key = vec![DUE];
    push_time(&mut key, at);
    key.extend_from_slice(&lead.0.to_be_bytes());
    key
}

/// The beginning of all index rows of an author.
pub(super) fn author(network: &NetworkId, author: &str) -> Key {
    texts(AUTHOR, &[network.as_str(), author])
}

/// The beginning of all index rows of a lead's cards.
pub(super) fn cards(lead: LeadId) -> Key {
    numbered(CARD, lead)
}

/// Every index row that a lead has, in no order.
pub(super) fn index_of_lead(lead: &Lead) -> Vec<Key> {
    let mut index = Vec::with_capacity(4);
    if lead.is_open() {
        let owner = lead.owner().cloned().map(Queue::Owner);
        let offered = lead.hand_off.as_ref().map(|hand_off| hand_off.to.clone());
        let department = Queue::Department(lead.department.clone());
        let queues = [Some(department), owner, offered.map(Queue::OfferedTo)];
        let (priority, since) = lead.urgency();
        for list in queues.into_iter().flatten() {
            let mut key = queue(&list);
            key.push(priority as u8);
            push_time(&mut key, since);
            index.push(key);
        }
    }
    if let Some(wrote) = &lead.author {
        index.push(author(&lead.network, &wrote.id));
    }
    for key in &mut index {
        key.extend_from_slice(&lead.id.0.to_be_bytes());
    }
    index.extend(lead.next_due().map(|at| due(at, lead.id)));
    index
}

/// The index row of a message that is a card.
pub(super) fn index_of_message(message: &Message) -> Option<Key> {
    let Content::Card(lead) = message.content else {
        return None;
    };
    let mut key = cards(lead);
    push(&mut key, message.channel.platform.as_str().as_bytes());
    push(&mut key, message.channel.name.as_bytes());
    Some(with_rest(key, message.message.as_str()))
}

/// The index row of an errand that gave up.
pub(super) fn index_of_errand(errand: &Errand) -> Option<Key> {
    errand.dead.as_ref()?;
    let mut key = vec![DEAD];
    key.extend_from_slice(&errand.id.0.to_be_bytes());
    Some(with_rest(key, &errand.effect.key()))
}

/// The lead that a `Q`, `D` or `A` row ends with.
pub(super) fn last_lead(row: &[u8]) -> Option<LeadId> {
    row.last_chunk().map(|number| LeadId(u64::from_be_bytes(*number)))
}

/// The lead that an `L`, `T` or `C` row begins with.
pub(super) fn first_lead(row: &[u8]) -> Option<LeadId> {
    let number = row.get(1..9)?.try_into().ok()?;
    Some(LeadId(u64::from_be_bytes(number)))
}

/// The message that a `P` row, or after its lead a `C` row, names.
pub(super) fn posted(row: &[u8]) -> Option<(Channel, MessageRef)> {
    let parts = match row.first()? {
        &CARD => row.get(9..)?,
        _ => row.get(1..)?,
    };
    let (platform, parts) = pop_text(parts)?;
    let (name, message) = pop_text(parts)?;
    let channel = Channel {
        platform: PlatformId::new(platform),
        name: name.to_owned(),
    };
    Some((channel, MessageRef::new(std::str::from_utf8(message).ok()?)))
}

/// The effect key in an `E` or a `K` row.
pub(super) fn effect_key(row: &[u8]) -> Option<&str> {
    let start = if row.first()? == &DEAD { 9 } else { 1 };
    std::str::from_utf8(row.get(start..)?).ok()
}

/// The two texts of an `S`, `V` or `F` row: what has a length, and the rest.
pub(super) fn two_texts(row: &[u8]) -> Option<(&str, &str)> {
    let (first, rest) = pop_text(row.get(1..)?)?;
    Some((first, std::str::from_utf8(rest).ok()?))
}

/// The one text of a `U` or `G` row.
pub(super) fn one_text(row: &[u8]) -> Option<&str> {
    std::str::from_utf8(row.get(1..)?).ok()
}

/// A row in words, for findings and errors.
pub(super) fn name(row: &[u8]) -> String {
    let (word, kind) = match row.first() {
        Some(&LEAD) => ("lead", LEAD),
        Some(&TIMELINE) => ("timeline of lead", TIMELINE),
        Some(&CARD) => ("card index of lead", CARD),
        Some(&SEEN) => ("seen message", SEEN),
        Some(&CONVERSATION) => ("conversation", CONVERSATION),
        Some(&ERRAND) => ("errand", ERRAND),
        Some(&DEAD) => ("dead errand index", DEAD),
        Some(&MESSAGE) => ("posted message", MESSAGE),
        Some(&CURSOR) => ("cursor", CURSOR),
        Some(&DIGEST) => ("digest day", DIGEST),
        Some(&FIGURES) => ("figures", FIGURES),
        Some(&QUEUE) => ("queue index of lead", QUEUE),
        Some(&DUE) => ("due index of lead", DUE),
        Some(&AUTHOR) => ("author index of lead", AUTHOR),
        Some(&META) => return "the totals".into(),
        Some(&CONTINUED) => {
            let whole = continued_row(row).map(|(key, part)| format!("part {part} of {}", name(key)));
            return whole.unwrap_or_else(|| "a part of an unknown row".into());
        }
        _ => return "a row of unknown kind".into(),
    };
    let lead = match kind {
        LEAD | TIMELINE | CARD => first_lead(row),
        QUEUE | DUE | AUTHOR => last_lead(row),
        _ => None,
    };
    match lead {
        Some(lead) => format!("{word} {lead}"),
        None => format!("{word} {:?}", String::from_utf8_lossy(&row[1..])),
    }
}

fn numbered(kind: u8, lead: LeadId) -> Key {
    let mut key = Vec::with_capacity(16);
    key.push(kind);
    key.extend_from_slice(&lead.0.to_be_bytes());
    key
}

fn texts(kind: u8, parts: &[&str]) -> Key {
    let mut key = vec![kind];
    for part in parts {
        push(&mut key, part.as_bytes());
    }
    key
}

fn with_rest(mut key: Key, rest: &str) -> Key {
    key.extend_from_slice(rest.as_bytes());
    key
}

/// Appends a part with its length, seven bits to a byte: one byte for all that is usual, and no limit.
fn push(key: &mut Key, part: &[u8]) {
    let mut length = part.len();
    while length >= 0x80 {
        key.push(length as u8 | 0x80);
        length >>= 7;
    }
    key.push(length as u8);
    key.extend_from_slice(part);
}

fn pop(parts: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut length = 0_usize;
    for (index, byte) in parts.iter().enumerate().take(5) {
        length |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return parts[index + 1..].split_at_checked(length);
        }
    }
    None
}

fn pop_text(parts: &[u8]) -> Option<(&str, &[u8])> {
    let (text, rest) = pop(parts)?;
    Some((std::str::from_utf8(text).ok()?, rest))
}

/// Nanoseconds as nine bytes that sort: all of jiff's years fit into 71 bits and a sign.
fn push_time(key: &mut Key, at: Timestamp) {
    let shifted = (at.as_nanosecond() + (1 << 71)) as u128;
    key.extend_from_slice(&shifted.to_be_bytes()[7..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_sort_as_bytes() {
        let times = [
            "-009999-01-02T01:59:59Z",
            "1969-12-31T23:59:59.999999999Z",
            "1970-01-01T00:00:00Z",
        ];
        let later = [
            "2026-11-24T10:00:00Z",
            "2026-11-24T10:00:00.000000001Z",
            "9999-12-30T22:00:00.999999999Z",
        ];
        let keys: Vec<Key> = times
            .iter()
            .chain(&later)
            .map(|time| due(time.parse().unwrap(), LeadId(1)))
            .collect();
        assert!(keys.is_sorted());
        assert_eq!(keys[0].len(), 18);
    }

    #[test]
    fn parts_of_any_length_come_back() {
        for length in [0, 1, 127, 128, 300, 20_000] {
            let row = continued(&vec![7; length], 3);
            assert_eq!(continued_row(&row), Some((vec![7; length].as_slice(), 3)));
        }
        assert_eq!(continued_row(&[CONTINUED, 9, 1]), None);
    }
}
