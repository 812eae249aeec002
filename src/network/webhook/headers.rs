//! What the headers of a request carry, and why a request is denied.

use axum::http::HeaderMap;

/// Why a request was not let in. What it says to the sender tells an attacker nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Denied {
    Missing(String),
    Stale,
    Wrong,
}

impl Denied {
    pub fn why(&self) -> String {
        match self {
            Self::Missing(header) => format!("the header {header} is missing"),
            Self::Stale => "timestamp is more than 5 minutes off".to_owned(),
            Self::Wrong => "not authorized".to_owned(),
        }
    }
}

/// Standard Webhooks' three headers, or Svix's older names for them.
pub(super) struct Standard<'a> {
    pub id: &'a str,
    pub timestamp: &'a str,
    pub signatures: &'a str,
}

impl<'a> Standard<'a> {
    pub fn of(headers: &'a HeaderMap) -> Result<Self, Denied> {
        let either = |ours: &str, svix: &str| {
            text(headers, ours).or_else(|missing| text(headers, svix).map_err(|_| missing))
        };
        Ok(Self {
            id: either("webhook-id", "svix-id")?,
            timestamp: either("webhook-timestamp", "svix-timestamp")?,
            signatures: either("webhook-signature", "svix-signature")?,
        })
    }
}

pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, Denied> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .ok_or_else(|| Denied::Missing(name.to_owned()))
}
