//! Prepared keys and the signatures that are compared with them, in constant time and without allocating.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Sha256, Sha512};

use super::scheme::{Algorithm, Encoding};

/// The lengths that Standard Webhooks allows for a key, in bytes.
const STANDARD_KEY: std::ops::RangeInclusive<usize> = 24..=64;

/// A prepared key; cloning it copies the hash's state and saves hashing the key again.
#[derive(Clone)]
pub(super) enum Key {
    Sha256(Hmac<Sha256>),
    Sha512(Hmac<Sha512>),
}

impl Key {
    pub fn new(algorithm: Algorithm, secret: &[u8]) -> Result<Self, String> {
        // HMAC takes keys of any length; the error has no case today.
        match algorithm {
            Algorithm::Sha256 => Hmac::new_from_slice(secret).map(Self::Sha256),
            Algorithm::Sha512 => Hmac::new_from_slice(secret).map(Self::Sha512),
        }
        .map_err(|error| error.to_string())
    }

    pub fn signed(&self, parts: &[&[u8]], signature: &[u8]) -> bool {
        match self {
            Self::Sha256(key) => signed(key.clone(), parts, signature),
            Self::Sha512(key) => signed(key.clone(), parts, signature),
        }
    }
}

/// `verify_slice` compares in constant time, and refuses a signature of another length.
fn signed(mut mac: impl Mac, parts: &[&[u8]], signature: &[u8]) -> bool {
    for part in parts {
        mac.update(part);
    }
    mac.verify_slice(signature).is_ok()
}

/// `whsec_` and then base64, 24 to 64 bytes.
pub(super) fn standard_key(secret: &SecretString) -> Result<Key, String> {
    let text = secret.expose_secret();
    let bytes = text
        .strip_prefix("whsec_")
        .and_then(|encoded| STANDARD.decode(encoded).ok())
        .ok_or("a Standard Webhooks secret is “whsec_” and then base64")?;
    if STANDARD_KEY.contains(&bytes.len()) {
        Key::new(Algorithm::Sha256, &bytes)
    } else {
        Err(format!(
            "a Standard Webhooks secret has 24 to 64 bytes, this one has {}",
            bytes.len()
        ))
    }
}

/// Decodes into a buffer that holds the longest signature there is.
pub(super) fn decoded<'a>(encoding: Encoding, encoded: &str, buffer: &'a mut [u8; 64]) -> Option<&'a [u8]> {
    let length = match encoding {
        Encoding::Base64 => {
            // The engine's own estimate of the room it needs is up to two bytes too large.
            let mut roomy = [0; 66];
            let length = STANDARD.decode_slice(encoded, &mut roomy).ok()?;
            buffer.get_mut(..length)?.copy_from_slice(roomy.get(..length)?);
            length
        }
        Encoding::Hex => {
            let pairs = encoded.as_bytes().chunks_exact(2);
            if !pairs.remainder().is_empty() || pairs.len() > buffer.len() {
                return None;
            }
            let length = pairs.len();
            for (byte, pair) in buffer.iter_mut().zip(pairs) {
                *byte = (digit(pair[0])? << 4) | digit(pair[1])?;
            }
            length
        }
    };
    Some(&buffer[..length])
}

fn digit(hex: u8) -> Option<u8> {
    char::from(hex).to_digit(16).map(|digit| digit as u8)
}
