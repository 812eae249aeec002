//! Where a secret is kept: in an environment variable or in a file, never in the configuration itself. A literal
//! secret is refused without being repeated, so that it does not end in a log.

use std::fmt;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

/// The largest secret file that is read, in bytes; anything larger is the wrong file.
const FILE_LIMIT: u64 = 64 * 1024;

/// `{ env = "NAME" }` or `{ file = "path" }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretRef {
    Env(String),
    File(PathBuf),
}

impl fmt::Display for SecretRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(out, "environment variable {name}"),
            Self::File(path) => write!(out, "file {}", path.display()),
        }
    }
}

impl SecretRef {
    /// Reads the secret; a relative file is looked for beside the configuration, in `folder`. Line breaks at the end
    /// of a file are not part of the secret.
    pub fn resolve(&self, folder: &Path) -> Result<SecretString, String> {
        let secret = match self {
            Self::Env(name) => std::env::var(name).map_err(|error| match error {
                std::env::VarError::NotPresent => format!("the secret's {self} is not set"),
                std::env::VarError::NotUnicode(_) => format!("the secret's {self} is not UTF-8"),
            })?,
            Self::File(path) => {
                let path = folder.join(path);
                let unread =
                    |why: String| format!("the secret's file {} cannot be read: {why}", path.display());
                let size = std::fs::metadata(&path)
                    .map_err(|error| unread(error.to_string()))?
                    .len();
                if size > FILE_LIMIT {
                    return Err(unread(format!(
                        "it has {size} bytes, a secret has at most {FILE_LIMIT}"
                    )));
                }
                std::fs::read_to_string(&path).map_err(|error| unread(error.to_string()))?
            }
        };
        match secret.trim_end_matches(['\r', '\n']) {
            "" => Err(format!("the secret's {self} is empty")),
            secret => Ok(secret.into()),
        }
    }
}

impl<'de> Deserialize<'de> for SecretRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SecretRefVisitor)
    }
}

struct SecretRefVisitor;

impl<'de> Visitor<'de> for SecretRefVisitor {
    type Value = SecretRef;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("{ env = \"NAME\" } or { file = \"path\" }")
    }

    fn visit_str<E: Error>(self, _literal: &str) -> Result<SecretRef, E> {
        Err(E::custom(
            "a secret never stands in the configuration; write { env = \"NAME\" } or { file = \"path\" }",
        ))
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<SecretRef, M::Error> {
        let only_one =
            || M::Error::custom("a secret is { env = \"NAME\" } or { file = \"path\" }, one of the two");
        let key: String = map.next_key()?.ok_or_else(only_one)?;
        let secret = match key.as_str() {
            "env" => SecretRef::Env(map.next_value()?),
            "file" => SecretRef::File(map.next_value()?),
            _ => return Err(only_one()),
        };
        match map.next_key::<String>()? {
            None => Ok(secret),
            Some(_) => Err(only_one()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[derive(Debug, serde::Deserialize)]
    struct Holder {
        secret: SecretRef,
    }

    #[test]
    fn secrets_come_from_environment_or_file_and_literals_are_not_repeated() {
        let read = |text: &str| toml::from_str::<Holder>(text).map(|holder| holder.secret);
        assert_eq!(
            read("secret = { env = \"X\" }").unwrap(),
            SecretRef::Env("X".into())
        );
        for text in [
            "secret = \"hunter2\"",
            "secret = { hunter2 = \"hunter2\" }",
            "secret = { env = \"X\", file = \"y\" }",
            "secret = {}",
        ] {
            let error = read(text).unwrap_err();
            assert!(!error.message().contains("hunter2"), "{error}");
            assert!(error.message().contains("{ env = \"NAME\" }"), "{error}");
        }
    }

    #[test]
    fn files_are_read_without_their_last_line_break() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("key"), "s3cret\r\n").unwrap();
        std::fs::write(folder.path().join("empty"), "\n").unwrap();
        let file = |name: &str| SecretRef::File(name.into()).resolve(folder.path());
        assert_eq!(file("key").unwrap().expose_secret(), "s3cret");
        assert!(file("empty").unwrap_err().contains("is empty"));
        assert!(file("missing").unwrap_err().contains("cannot be read"));
        let unset = SecretRef::Env("SWITCHBOARD_TEST_UNSET".into()).resolve(folder.path());
        assert!(unset.unwrap_err().contains("SWITCHBOARD_TEST_UNSET is not set"));
    }
}
