//! Signs interactions as Discord does when it calls us: Ed25519 over timestamp and body.
//!
//! <https://docs.discord.com/developers/interactions/overview>

use jiff::Timestamp;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::Value;

pub struct Signer;

impl Signer {
    fn key() -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("a seed")
    }

    /// For `public_key` in the settings.
    pub fn public_key() -> String {
        hex(Self::key().public_key().as_ref())
    }

    /// `X-Signature-Ed25519` and `X-Signature-Timestamp` for a body sent at this moment.
    pub fn sign(at: Timestamp, body: &[u8]) -> (String, String) {
        let timestamp = at.as_second().to_string();
        let signed = [timestamp.as_bytes(), body].concat();
        (hex(Self::key().sign(&signed).as_ref()), timestamp)
    }

    /// The body of an interaction with its headers.
    pub fn signed(at: Timestamp, interaction: &Value) -> (Vec<u8>, [(&'static str, String); 3]) {
        let body = serde_json::to_vec(interaction).expect("JSON");
        let (signature, timestamp) = Self::sign(at, &body);
        let headers = [
            ("x-signature-ed25519", signature),
            ("x-signature-timestamp", timestamp),
            ("content-type", "application/json".to_owned()),
        ];
        (body, headers)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
