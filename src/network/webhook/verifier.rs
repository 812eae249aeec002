//! Verification of a request over its raw bytes, in constant time. Keys are prepared once; a request costs one pass over
//! its body per secret and no copy of it.

use axum::http::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use super::headers::{Denied, Standard, text};
use super::key::{Key, decoded, standard_key};
use super::scheme::{Algorithm, Encoding, Scheme};

/// How far a signed timestamp may be from now, in seconds.
const TOLERANCE: i64 = 300;
/// The most signatures of one request that are looked at.
const SIGNATURES_LOOKED_AT: usize = 16;
/// A shorter token could be guessed.
const TOKEN_LEAST: usize = 16;

pub(super) enum Verifier {
    Hmac {
        header: String,
        prefix: String,
        encoding: Encoding,
        keys: Vec<Key>,
    },
    Standard {
        keys: Vec<Key>,
    },
    Timestamped {
        header: String,
        keys: Vec<Key>,
    },
    Token {
        header: String,
        prefix: String,
        tokens: Vec<SecretString>,
    },
}

impl Verifier {
    pub fn new(scheme: &Scheme, secrets: &[SecretString]) -> Result<Self, String> {
        let keys = |algorithm| {
            let key = |secret: &SecretString| Key::new(algorithm, secret.expose_secret().as_bytes());
            secrets.iter().map(key).collect::<Result<Vec<_>, _>>()
        };
        if secrets.is_empty() {
            return Err("scheme.secrets: without a secret nobody could be let in".to_owned());
        }
        Ok(match scheme {
            Scheme::Hmac {
                header,
                prefix,
                encoding,
                algorithm,
                ..
            } => Self::Hmac {
                header: header.to_lowercase(),
                prefix: prefix.clone(),
                encoding: *encoding,
                keys: keys(*algorithm)?,
            },
            Scheme::Standard { .. } => Self::Standard {
                keys: secrets.iter().map(standard_key).collect::<Result<_, _>>()?,
            },
            Scheme::Timestamped { header, .. } => Self::Timestamped {
                header: header.to_lowercase(),
                keys: keys(Algorithm::Sha256)?,
            },
            Scheme::Token { header, prefix, .. } => {
                if secrets
                    .iter()
                    .any(|secret| secret.expose_secret().len() < TOKEN_LEAST)
                {
                    return Err(format!("the token must have at least {TOKEN_LEAST} characters"));
                }
                Self::Token {
                    header: header.to_lowercase(),
                    prefix: prefix.clone(),
                    tokens: secrets.to_vec(),
                }
            }
        })
    }

    /// Are the headers there that this scheme needs? Asked before the body is read.
    pub fn check_headers(&self, headers: &HeaderMap) -> Result<(), Denied> {
        match self {
            Self::Hmac { header, .. } | Self::Timestamped { header, .. } | Self::Token { header, .. } => {
                text(headers, header).map(drop)
            }
            Self::Standard { .. } => Standard::of(headers).map(drop),
        }
    }

    /// `now` in unix seconds.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8], now: i64) -> Result<(), Denied> {
        match self {
            Self::Hmac {
                header,
                prefix,
                encoding,
                keys,
            } => {
                let given = text(headers, header)?.trim();
                let mut buffer = [0; 64];
                let signature = given
                    .strip_prefix(prefix.as_str())
                    .and_then(|encoded| decoded(*encoding, encoded, &mut buffer))
                    .ok_or(Denied::Wrong)?;
                accepted(keys, &[body], signature)
            }
            Self::Standard { keys } => {
                let Standard {
                    id,
                    timestamp,
                    signatures,
                } = Standard::of(headers)?;
                let verdict = signatures
                    .split(' ')
                    .filter_map(|signature| signature.strip_prefix("v1,"))
                    .take(SIGNATURES_LOOKED_AT)
                    .any(|encoded| {
                        let mut buffer = [0; 64];
                        decoded(Encoding::Base64, encoded, &mut buffer).is_some_and(|signature| {
                            let parts = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
                            accepted(keys, &parts, signature).is_ok()
                        })
                    });
                fresh(timestamp, now, verdict)
            }
            Self::Timestamped { header, keys } => {
                let given = text(headers, header)?;
                let parts = || given.split(',').filter_map(|part| part.trim().split_once('='));
                let timestamp = parts()
                    .find(|(name, _)| *name == "t")
                    .map(|(_, at)| at)
                    .ok_or(Denied::Wrong)?;
                let verdict = parts()
                    .filter(|(name, _)| *name == "v1")
                    .take(SIGNATURES_LOOKED_AT)
                    .any(|(_, encoded)| {
                        let mut buffer = [0; 64];
                        decoded(Encoding::Hex, encoded, &mut buffer).is_some_and(|signature| {
                            accepted(keys, &[timestamp.as_bytes(), b".", body], signature).is_ok()
                        })
                    });
                fresh(timestamp, now, verdict)
            }
            Self::Token {
                header,
                prefix,
                tokens,
            } => {
                let given = text(headers, header)?
                    .strip_prefix(prefix.as_str())
                    .ok_or(Denied::Wrong)?;
                let known = tokens
                    .iter()
                    .map(|token| token.expose_secret().as_bytes().ct_eq(given.as_bytes()))
                    .fold(0.into(), |known: subtle::Choice, this| known | this);
                if known.into() { Ok(()) } else { Err(Denied::Wrong) }
            }
        }
    }
}

fn accepted(keys: &[Key], parts: &[&[u8]], signature: &[u8]) -> Result<(), Denied> {
    if keys.iter().any(|key| key.signed(parts, signature)) {
        Ok(())
    } else {
        Err(Denied::Wrong)
    }
}

/// Only who signed learns that the time is off.
fn fresh(timestamp: &str, now: i64, verdict: bool) -> Result<(), Denied> {
    let at: i64 = timestamp.parse().map_err(|_| Denied::Wrong)?;
    match verdict {
        false => Err(Denied::Wrong),
        true if now.saturating_sub(at).saturating_abs() > TOLERANCE => Err(Denied::Stale),
        true => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STANDARD_SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    const EVENT: &str = r#"{"type":"mention.created","data":{"id":"42"}}"#;
    const THEN: i64 = 1_767_225_600;

    fn hmac(header: &str, prefix: &str, encoding: Encoding, algorithm: Algorithm) -> Scheme {
        Scheme::Hmac {
            header: header.into(),
            prefix: prefix.into(),
            encoding,
            algorithm,
            secrets: Vec::new(),
        }
    }

    fn verify(
        scheme: &Scheme,
        secrets: &[&str],
        headers: &[(&str, &str)],
        body: &str,
        now: i64,
    ) -> Result<(), Denied> {
        let secrets: Vec<SecretString> = secrets.iter().map(|&secret| secret.into()).collect();
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(
                name.parse::<axum::http::HeaderName>().unwrap(),
                value.parse().unwrap(),
            );
        }
        let verifier = Verifier::new(scheme, &secrets).unwrap();
        verifier.check_headers(&map)?;
        verifier.verify(&map, body.as_bytes(), now)
    }

    /// Vectors computed with Python's hmac, in the styles of the networks' own documentation.
    #[test]
    fn signatures_of_every_style_are_verified() {
        use Algorithm::*;
        use Encoding::*;
        for (prefix, encoding, algorithm, secret, body, signature) in [
            (
                "sha256=",
                Hex,
                Sha256,
                "app-secret-1",
                r#"{"object":"page","entry":[]}"#,
                "sha256=79e65d5e06e173bb483d7f7824bf54a39a7509c6c05a3b16b7cce3660e6c7a6d",
            ),
            (
                "sha256=",
                Base64,
                Sha256,
                "consumer-secret-1",
                r#"{"data":{"event_uuid":"1"}}"#,
                "sha256=zBtQofpzLbw0bLAV6DipWMyhVpJY6YkvcPzbYLb7R4I=",
            ),
            (
                "sha256=",
                Hex,
                Sha256,
                "gh-secret",
                EVENT,
                "sha256=ead12112d6d006deb9e704bd84b9855de9838b01216868bdc986d8a0a31a07a9",
            ),
            (
                "sha256=",
                Hex,
                Sha256,
                "hub-secret-1",
                "<feed/>",
                "sha256=f6922cc24cb8b8b71f9239193192fbd5400d4e9a4441f97ec34c654fbbe52d3c",
            ),
            (
                "",
                Hex,
                Sha512,
                "hoot-secret-1",
                r#"[{"seq_no":"123","type":"com.hootsuite.ping.event.v1","data":{}}]"#,
                "4b0141f18cf4d856347d79b2a27be2dd531748e5c2bf3f5d7016db9047d0e9e42fee1b2089a1d4f9b8e1279cf534b9095105fcaddf4899936eb0b4f2d04132ba",
            ),
        ] {
            let scheme = hmac("X-Signature", prefix, encoding, algorithm);
            let check = |secrets: &[&str], signature: &str, body: &str| {
                verify(&scheme, secrets, &[("x-signature", signature)], body, THEN)
            };
            assert_eq!(check(&[secret], signature, body), Ok(()), "{signature}");
            assert_eq!(
                check(&["newer secret", secret], signature, body),
                Ok(()),
                "while changing over"
            );
            assert_eq!(check(&["another"], signature, body), Err(Denied::Wrong));
            assert_eq!(
                check(&[secret], signature, &format!("{body} ")),
                Err(Denied::Wrong)
            );
            for wrong in [
                "",
                prefix,
                &signature[..signature.len() - 2],
                &format!("{signature}00"),
                "sha256=ü",
            ] {
                if let Ok(wrong) = wrong.parse::<axum::http::HeaderValue>() {
                    let wrong = wrong.to_str().unwrap_or("").to_owned();
                    assert_eq!(check(&[secret], &wrong, body), Err(Denied::Wrong), "{wrong}");
                }
            }
            assert_eq!(
                verify(&scheme, &[secret], &[], body, THEN),
                Err(Denied::Missing("x-signature".into()))
            );
        }
    }

    #[test]
    fn standard_webhooks_are_verified() {
        let scheme = Scheme::Standard { secrets: Vec::new() };
        let good = "v1,JIXJqjnOp6xULFWeGtIgwltmNjWzg4EKG7Au9hQdRfU=";
        let check = |names: [&str; 3], signature: &str, now: i64| {
            let headers = [
                (names[0], "msg_1"),
                (names[1], "1767225600"),
                (names[2], signature),
            ];
            verify(&scheme, &[STANDARD_SECRET], &headers, EVENT, now)
        };
        let ours = ["webhook-id", "webhook-timestamp", "webhook-signature"];
        let svix = ["svix-id", "svix-timestamp", "svix-signature"];
        for (names, signature, now, expected) in [
            (ours, good.to_owned(), THEN, Ok(())),
            (svix, good.to_owned(), THEN, Ok(())),
            (ours, format!("v1a,AAAA v1,AAAA {good}"), THEN, Ok(())),
            (ours, good.to_owned(), THEN + 300, Ok(())),
            (ours, good.to_owned(), THEN - 300, Ok(())),
            (ours, good.to_owned(), THEN + 301, Err(Denied::Stale)),
            (ours, good.to_owned(), THEN - 301, Err(Denied::Stale)),
            (ours, good.replace("v1,", "v2,"), THEN, Err(Denied::Wrong)),
            (ours, good.replace('J', "K"), THEN + 999, Err(Denied::Wrong)),
            (
                ["webhook-id", "x", "y"],
                good.to_owned(),
                THEN,
                Err(Denied::Missing("webhook-timestamp".into())),
            ),
        ] {
            assert_eq!(check(names, &signature, now), expected, "{signature} at {now}");
        }
        for (secret, why) in [
            ("plain", "“whsec_” and then base64"),
            ("whsec_!!", "“whsec_” and then base64"),
            ("whsec_c2hvcnQ=", "24 to 64 bytes, this one has 5"),
        ] {
            assert!(
                Verifier::new(&scheme, &[secret.into()])
                    .err()
                    .unwrap()
                    .contains(why),
                "{secret}"
            );
        }
    }

    #[test]
    fn timestamped_signatures_are_verified() {
        let scheme = Scheme::Timestamped {
            header: "X-Sig".into(),
            secrets: Vec::new(),
        };
        let good = "c349d2f882a2d5bac5a054b2ba259fb758f22c83b75cc45895cccc82853e4107";
        for (header, now, expected) in [
            (format!("t=1767225600,v1={good}"), THEN, Ok(())),
            (
                format!("t=1767225600, v1=00, v1={}", good.to_uppercase()),
                THEN,
                Ok(()),
            ),
            (format!("t=1767225600,v1={good}"), THEN + 400, Err(Denied::Stale)),
            (format!("t=1767225601,v1={good}"), THEN, Err(Denied::Wrong)),
            (format!("v1={good}"), THEN, Err(Denied::Wrong)),
            ("t=99999999999999999999,v1=".into(), THEN, Err(Denied::Wrong)),
        ] {
            let verdict = verify(&scheme, &["whsec_plain"], &[("x-sig", &header)], EVENT, now);
            assert_eq!(verdict, expected, "{header}");
        }
    }

    #[test]
    fn tokens_are_compared_whole() {
        let scheme = Scheme::Token {
            header: "Authorization".into(),
            prefix: "Bearer ".into(),
            secrets: Vec::new(),
        };
        let secrets = ["a-long-token-of-ours", "the-next-token-of-ours"];
        for (given, expected) in [
            ("Bearer a-long-token-of-ours", Ok(())),
            ("Bearer the-next-token-of-ours", Ok(())),
            ("Bearer a-long-token-of-our", Err(Denied::Wrong)),
            ("a-long-token-of-ours", Err(Denied::Wrong)),
        ] {
            assert_eq!(
                verify(&scheme, &secrets, &[("authorization", given)], "", THEN),
                expected,
                "{given}"
            );
        }
        assert!(Verifier::new(&scheme, &["short".into()]).is_err());
        assert!(Verifier::new(&scheme, &[]).is_err());
    }
}
