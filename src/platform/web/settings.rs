//! The board's settings, `[web]`, and the one rule about where it may listen.
//! Reading codes from the environment or a file is the business of `config`; only their hashes arrive here.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};

use serde::{Deserialize, Deserializer, de};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::domain::ids::MemberId;

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where the board listens.
    pub address: SocketAddr,
    /// Names under which browsers reach the board besides its address, for instance behind a reverse proxy.
    pub public_hosts: Vec<String>,
    /// Each member's personal sign-in code, as the SHA-256 of its UTF-8 bytes in hex. None: everybody on this machine
    /// chooses who they are, as the demo does.
    pub sign_in: Option<BTreeMap<MemberId, CodeHash>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            public_hosts: Vec::new(),
            sign_in: None,
        }
    }
}

/// The SHA-256 of a personal sign-in code.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeHash([u8; 32]);

impl CodeHash {
    pub fn of(code: &str) -> Self {
        Self(Sha256::digest(code.as_bytes()).into())
    }

    /// Compares in constant time.
    pub fn admits(&self, code: &str) -> bool {
        self.0.ct_eq(&Self::of(code).0).into()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Debug for CodeHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("CodeHash(…)")
    }
}

impl<'de> Deserialize<'de> for CodeHash {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(text.trim()).ok_or_else(|| {
            de::Error::custom(
                "a sign-in code is given as its SHA-256, 64 hexadecimal digits; \
                 `printf %s 'the code' | sha256sum` prints it",
            )
        })
    }
}

/// A board that others can reach wants to know who they are.
pub fn check_address(settings: &Settings) -> Result<(), String> {
    let address = settings.address;
    let reachable = if !address.ip().is_loopback() {
        format!("web.address = \"{address}\" can be reached from other machines")
    } else if let Some(host) = settings.public_hosts.first() {
        format!("web.public_hosts names \"{host}\", so the board can be reached from other machines")
    } else {
        return Ok(());
    };
    match &settings.sign_in {
        None => Err(format!(
            "{reachable}, but nobody would have to sign in. Give each member a sign-in code under [web.sign_in], \
             or listen on 127.0.0.1:{} without public_hosts",
            address.port()
        )),
        Some(codes) if codes.is_empty() => Err(format!(
            "{reachable}, and [web.sign_in] holds no code, so nobody could sign in. Add a line per member: \
             dana = \"<SHA-256 of the code>\""
        )),
        Some(_) if address.ip().is_unspecified() && settings.public_hosts.is_empty() => Err(format!(
            "web.address = \"{address}\" listens on every interface, so the board cannot know its own name. \
             List the names that browsers use in web.public_hosts, for instance [\"board.example.com\"]"
        )),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Result<Settings, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn a_board_that_others_can_reach_needs_sign_in() {
        let hash = "a".repeat(64);
        let code = format!("[sign_in]\ndana = \"{hash}\"");
        for (text, fine) in [
            (String::new(), true),
            ("address = \"[::1]:9000\"".into(), true),
            ("address = \"0.0.0.0:8080\"".into(), false),
            ("address = \"192.168.1.5:8080\"".into(), false),
            ("public_hosts = [\"board.example.com\"]".into(), false),
            ("address = \"192.168.1.5:8080\"\n[sign_in]".into(), false),
            (format!("address = \"0.0.0.0:8080\"\n{code}"), false),
            (format!("address = \"192.168.1.5:8080\"\n{code}"), true),
            (
                format!("address = \"0.0.0.0:8080\"\npublic_hosts = [\"board.example.com\"]\n{code}"),
                true,
            ),
        ] {
            let checked = check_address(&settings(&text).expect("readable settings"));
            assert_eq!(checked.is_ok(), fine, "{text}: {checked:?}");
        }
    }

    #[test]
    fn settings_name_what_is_wrong() {
        let unknown = settings("adress = \"127.0.0.1:1\"").expect_err("an unknown key");
        assert!(unknown.to_string().contains("adress"), "{unknown}");
        let short = settings("[sign_in]\ndana = \"hunter2\"").expect_err("not a hash");
        assert!(short.to_string().contains("64 hexadecimal digits"), "{short}");
    }

    #[test]
    fn a_code_is_admitted_by_its_hash_and_never_printed() {
        let hash = CodeHash::of("correct horse");
        assert!(hash.admits("correct horse") && !hash.admits("correct horsf"));
        assert_eq!(format!("{hash:?}"), "CodeHash(…)");
    }
}
