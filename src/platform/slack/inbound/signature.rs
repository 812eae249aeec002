//! Slack's proof over HTTP: HMAC-SHA256 of the time and the raw body, signed with the app's secret. Our own few lines,
//! because slack-morphism's verifier asks the machine's clock, and time is an argument here.
//!
//! <https://docs.slack.dev/authentication/verifying-requests-from-slack>

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// How far a request's time may be from ours, in seconds, either way.
const SKEW: i64 = 300;

pub(super) struct Signature {
    key: Hmac<Sha256>,
}

impl Signature {
    /// None for an empty secret: with it, anybody could sign.
    pub fn new(secret: &SecretString) -> Option<Self> {
        let secret = secret.expose_secret();
        let key = Hmac::new_from_slice(secret.as_bytes()).ok()?;
        (!secret.is_empty()).then_some(Self { key })
    }

    /// The error says what is wrong in a few words, and nothing of what was sent.
    pub fn check(
        &self,
        timestamp: Option<&str>,
        signature: Option<&str>,
        body: &[u8],
        now: i64,
    ) -> Result<(), &'static str> {
        let (Some(timestamp), Some(signature)) = (timestamp, signature) else {
            return Err("the signature or its time is missing");
        };
        let wrong = "the signature is wrong";
        let given = signature.strip_prefix("v0=").and_then(unhex).ok_or(wrong)?;
        let mut mac = self.key.clone();
        for part in [b"v0:".as_slice(), timestamp.as_bytes(), b":", body] {
            mac.update(part);
        }
        mac.verify_slice(&given).map_err(|_| wrong)?;
        let at: i64 = timestamp.parse().map_err(|_| wrong)?;
        match now.saturating_sub(at).saturating_abs() <= SKEW {
            true => Ok(()),
            false => Err("the request is too old, or a clock is wrong"),
        }
    }
}

/// 32 bytes in small hexadecimal digits.
fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; 32];
    if digits.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = value(*high)? << 4 | value(*low)?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Slack's published example.
    const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
    const BODY: &str = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&\
                        channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&\
                        response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&\
                        trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const GOOD: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
    const THEN: i64 = 1_531_420_618;

    #[test]
    fn slacks_own_example_is_accepted_and_nothing_near_it() {
        let signature = Signature::new(&SECRET.into()).unwrap();
        let time = THEN.to_string();
        let wrong = Err("the signature is wrong");
        let stale = Err("the request is too old, or a clock is wrong");
        let missing = Err("the signature or its time is missing");
        let upper = GOOD.to_uppercase();
        let bare = GOOD.trim_start_matches("v0=");
        for (time, given, body, now, expected) in [
            (Some(time.as_str()), Some(GOOD), BODY, THEN, Ok(())),
            (Some(&time), Some(GOOD), BODY, THEN + 300, Ok(())),
            (Some(&time), Some(GOOD), BODY, THEN - 300, Ok(())),
            (Some(&time), Some(GOOD), BODY, THEN + 301, stale),
            (Some(&time), Some(GOOD), BODY, THEN - 301, stale),
            (Some(&time), Some(GOOD), "text=", THEN, wrong),
            (Some("1531420619"), Some(GOOD), BODY, THEN, wrong),
            (Some(&time), Some(bare), BODY, THEN, wrong),
            (Some(&time), Some(&upper), BODY, THEN, wrong),
            (Some(&time), Some(&GOOD[..40]), BODY, THEN, wrong),
            (Some(&time), Some("v0=ü"), BODY, THEN, wrong),
            (None, Some(GOOD), BODY, THEN, missing),
            (Some(&time), None, BODY, THEN, missing),
        ] {
            assert_eq!(
                signature.check(time, given, body.as_bytes(), now),
                expected,
                "{time:?} {given:?}"
            );
        }
        let other = Signature::new(&"another".into()).unwrap();
        assert_eq!(other.check(Some(&time), Some(GOOD), BODY.as_bytes(), THEN), wrong);
        assert!(Signature::new(&"".into()).is_none());
    }
}
