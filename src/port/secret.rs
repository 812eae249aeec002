//! Where a secret is kept. Settings hold a reference, never the secret itself: `{ env = "NAME" }` or `{ file = "PATH" }`.
//! Deliberately without a way to write a secret down: neither the reference nor an error ever shows its value.

use std::fmt;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::Deserialize;
use serde::de::{self, MapAccess, Visitor};

/// What is said of a secret that stands in the configuration itself. `config` hides the offending line.
pub const LITERAL_SECRET: &str = "a secret never stands in the configuration itself";

/// A reference to a secret, as a section of settings holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secret {
    /// An environment variable.
    Env(String),
    /// A file; a relative path starts at the configuration's folder.
    File(PathBuf),
}

impl Secret {
    /// Reads the secret, without the white space around it. The error names the place, never the value.
    pub fn reveal(&self, folder: &Path) -> Result<SecretString, String> {
        let (text, place) = match self {
            Self::Env(name) => match std::env::var(name) {
                Ok(text) => (text, format!("the environment variable {name}")),
                Err(std::env::VarError::NotPresent) => {
                    return Err(format!("the environment variable {name} is not set"));
                }
                Err(std::env::VarError::NotUnicode(_)) => {
                    return Err(format!("the environment variable {name} is not valid UTF-8"));
                }
            },
            Self::File(path) => {
                let path = folder.join(path);
                let text = std::fs::read_to_string(&path)
                    .map_err(|error| format!("the file {} cannot be read: {error}", path.display()))?;
                (text, format!("the file {}", path.display()))
            }
        };
        match text.trim() {
            "" => Err(format!("{place} is empty")),
            secret => Ok(SecretString::from(secret.to_owned())),
        }
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reference)
    }
}

struct Reference;

impl<'de> Visitor<'de> for Reference {
    type Value = Secret;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("where the secret is kept: { env = \"NAME\" } or { file = \"PATH\" }")
    }

    // Serde's own messages quote the value that they did not expect; this one must not.
    fn visit_str<E: de::Error>(self, _value: &str) -> Result<Secret, E> {
        Err(E::custom(LITERAL_SECRET))
    }

    fn visit_i64<E: de::Error>(self, _value: i64) -> Result<Secret, E> {
        Err(E::custom(LITERAL_SECRET))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Secret, A::Error> {
        let place = match map.next_key::<String>()?.as_deref() {
            Some("env") => Secret::Env(map.next_value()?),
            Some("file") => Secret::File(map.next_value()?),
            Some(other) => return Err(de::Error::unknown_field(other, &["env", "file"])),
            None => return Err(de::Error::missing_field("env")),
        };
        match map.next_key::<String>()? {
            None => Ok(place),
            Some(_) => Err(de::Error::custom("a secret is kept in one place: env or file")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Section {
        secret: Secret,
    }

    #[test]
    fn a_secret_is_named_never_written() {
        let read = |text: &str| toml::from_str::<Section>(text).map(|section| section.secret);
        assert_eq!(
            read("secret = { env = \"HOOK\" }").ok(),
            Some(Secret::Env("HOOK".into()))
        );
        assert_eq!(
            read("secret = { file = \"hook\" }").ok(),
            Some(Secret::File("hook".into()))
        );
        for text in [
            "secret = \"hunter2\"",
            "secret = { env = \"A\", file = \"B\" }",
            "secret = { enc = \"A\" }",
            "secret = {}",
        ] {
            let error = read(text).expect_err(text);
            assert!(!error.message().contains("hunter2"), "{error}");
        }
    }
}
