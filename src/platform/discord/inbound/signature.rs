//! Proof that a request comes from Discord: an Ed25519 signature over the time stamp and the raw body. Deliberately says
//! nothing about why a request was turned away; Discord sends wrong signatures on purpose, and so do others.
//! <https://docs.discord.com/developers/interactions/overview#validating-security-request-headers>

use jiff::{SignedDuration, Timestamp};
use ring::signature::{ED25519, UnparsedPublicKey};

/// Older, or more from the future, than this by our clock: somebody sends again what they caught.
const BELIEVED_FOR: SignedDuration = SignedDuration::from_mins(5);

/// The application's key.
#[derive(Clone)]
pub(super) struct Seal(UnparsedPublicKey<Vec<u8>>);

impl Seal {
    /// `key` is 64 hexadecimal digits; none for anything else.
    pub fn new(key: &str) -> Option<Self> {
        let key = bytes::<32>(key.trim())?;
        Some(Self(UnparsedPublicKey::new(&ED25519, key.to_vec())))
    }

    pub fn is_on(&self, signature: &str, timestamp: &str, body: &[u8], now: Timestamp) -> bool {
        let fresh = timestamp
            .parse::<i64>()
            .ok()
            .and_then(|seconds| Timestamp::from_second(seconds).ok())
            .is_some_and(|signed| now.duration_since(signed).abs() <= BELIEVED_FOR);
        let message = [timestamp.as_bytes(), body].concat();
        fresh && bytes::<64>(signature).is_some_and(|signature| self.0.verify(&message, &signature).is_ok())
    }
}

fn bytes<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let digit = |letter: u8| {
        (letter as char)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let mut out = [0; N];
    let pairs = hex.as_bytes().chunks_exact(2);
    if hex.len() != 2 * N {
        return None;
    }
    for (byte, pair) in out.iter_mut().zip(pairs) {
        *byte = match pair {
            [high, low] => digit(*high)? << 4 | digit(*low)?,
            _ => return None,
        };
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::signature::{Ed25519KeyPair, KeyPair};

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn only_what_discord_signed_just_now_is_believed() {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        let seal = Seal::new(&hex(pair.public_key().as_ref())).unwrap();
        let now = Timestamp::from_second(1_764_000_000).unwrap();
        let stamp = |seconds: i64| (1_764_000_000 + seconds).to_string();
        let signed = |stamp: &str, body: &str| hex(pair.sign(format!("{stamp}{body}").as_bytes()).as_ref());
        let good = signed(&stamp(0), "{}");
        for (signature, stamp, body, believed) in [
            (good.as_str(), stamp(0), "{}", true),
            (&good.to_uppercase(), stamp(0), "{}", true),
            (&signed(&stamp(-300), "{}"), stamp(-300), "{}", true),
            (&signed(&stamp(-301), "{}"), stamp(-301), "{}", false),
            (&signed(&stamp(301), "{}"), stamp(301), "{}", false),
            (&signed("soon", "{}"), "soon".to_owned(), "{}", false),
            (&good, stamp(0), "{} ", false),
            (&good, stamp(1), "{}", false),
            (&good[2..], stamp(0), "{}", false),
            (&"zz".repeat(64), stamp(0), "{}", false),
            ("", stamp(0), "{}", false),
        ] {
            assert_eq!(
                seal.is_on(signature, &stamp, body.as_bytes(), now),
                believed,
                "{signature} {stamp} {body}"
            );
        }
        assert!(Seal::new("abc").is_none());
        assert!(Seal::new(&"g".repeat(64)).is_none());
    }
}
