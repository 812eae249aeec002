//! How a sender proves who it is, as the settings say it. `verifier` checks it.

use serde::Deserialize;

use crate::port::secret::SecretRef;

#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Scheme {
    /// An HMAC of the raw body in one header: GitHub's and Meta's style, and most others.
    Hmac {
        header: String,
        /// What stands before the signature in the header: `sha256=`.
        #[serde(default)]
        prefix: String,
        #[serde(default)]
        encoding: Encoding,
        #[serde(default)]
        algorithm: Algorithm,
        /// One secret, or two while the sender changes over.
        secrets: Vec<SecretRef>,
    },
    /// Standard Webhooks, and Svix before it: `webhook-id`, `webhook-timestamp`, `webhook-signature`.
    Standard { secrets: Vec<SecretRef> },
    /// `t=1767225600,v1=…`: an HMAC-SHA256 in hex of the time, a dot and the body.
    Timestamped { header: String, secrets: Vec<SecretRef> },
    /// A secret word in a header, for Zapier, Make and others that cannot sign: `Authorization`, `Bearer …`.
    Token {
        header: String,
        /// What stands before the secret in the header: `Bearer `.
        #[serde(default)]
        prefix: String,
        secrets: Vec<SecretRef>,
    },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    #[default]
    Hex,
    Base64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Algorithm {
    #[default]
    Sha256,
    Sha512,
}

impl Scheme {
    pub fn secrets(&self) -> &[SecretRef] {
        match self {
            Self::Hmac { secrets, .. }
            | Self::Standard { secrets }
            | Self::Timestamped { secrets, .. }
            | Self::Token { secrets, .. } => secrets,
        }
    }

    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if !(1..=2).contains(&self.secrets().len()) {
            problems.push("scheme.secrets: give one secret, or two while the sender changes over".to_owned());
        }
        if let Self::Hmac { header, .. } | Self::Timestamped { header, .. } | Self::Token { header, .. } =
            self
            && axum::http::HeaderName::from_bytes(header.as_bytes()).is_err()
        {
            problems.push(format!("scheme.header: “{header}” is not the name of a header"));
        }
        problems
    }
}
