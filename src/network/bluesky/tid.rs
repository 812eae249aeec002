//! Record keys that we choose ourselves, so that a second attempt meets the first one: a TID as
//! <https://atproto.com/specs/tid> has it, 53 bits of microseconds and 10 bits that tell writers apart.
//!
//! A key must be the same for every attempt and different for every reply. The millisecond in which the reply was asked
//! for gives its time, as `createdAt` does; the microseconds below it and the ten bits are taken from a hash of the
//! reply's own key. Two replies of the same millisecond share a record key once in a million; the connector then finds a
//! record that is not its own there, and says so instead of taking one for the other.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";

/// The record key of the reply with this key.
pub(super) fn of(asked: Timestamp, key: &str) -> String {
    let digest = Sha256::digest(key.as_bytes());
    let part = |at: usize| u64::from(u16::from_be_bytes([digest[at], digest[at + 1]]));
    let millis = u64::try_from(asked.as_millisecond()).unwrap_or(0);
    written(millis * 1000 + part(0) % 1000, part(2))
}

fn written(micros: u64, writer: u64) -> String {
    let value = (micros << 10 | writer & 0x3ff) & (u64::MAX >> 1);
    (0..13)
        .rev()
        .map(|digit| char::from(ALPHABET[(value >> (5 * digit) & 31) as usize]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_as_the_network_writes_them() {
        let micros = 1_767_225_600_000_000;
        assert_eq!(written(micros, 0), "3mbd3542k2222");
        assert_eq!(written(micros, 17), "3mbd3542k222l");
        assert_eq!(written(micros + 1, 17), "3mbd3542k232l");
    }

    #[test]
    fn a_key_is_the_same_for_every_attempt_and_another_for_every_reply() {
        let asked: Timestamp = "2026-11-24T09:00:00.123456Z".parse().unwrap();
        let later: Timestamp = "2026-11-24T09:00:00.124Z".parse().unwrap();
        assert_eq!(of(asked, "reply:L-1:1"), of(asked, "reply:L-1:1"));
        assert_ne!(of(asked, "reply:L-1:1"), of(asked, "reply:L-1:2"));
        assert!(
            of(asked, "reply:L-1:1") < of(later, "reply:L-1:2"),
            "in order of time"
        );
        let hundred: std::collections::HashSet<_> = (0..100)
            .map(|number| of(asked, &format!("reply:L-{number}:1")))
            .collect();
        assert_eq!(hundred.len(), 100);
    }
}
