//! The section of a Mastodon connector in the configuration.

use std::net::IpAddr;
use std::time::Duration;

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer};
use url::{Host, Url};

use crate::port::secret::SecretRef;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The connector's name; with it goes how far it has read.
    pub name: String,
    /// The server that the account is on, `https://social.example`.
    pub server: String,
    /// The account's access token.
    pub access_token: SecretRef,
    /// The network that its mentions count as. Ids are a server's own: a second server needs another word.
    #[serde(default = "network")]
    pub network: String,
    /// How often the server is asked. With a stream that is the safety net.
    #[serde(default = "poll_every", deserialize_with = "duration")]
    pub poll_every: Duration,
    /// Follow the account's stream, so that mentions arrive at once?
    #[serde(default = "streaming")]
    pub streaming: bool,
    /// May the token travel unencrypted beyond this machine and the private network?
    #[serde(default)]
    pub allow_http: bool,
}

fn network() -> String {
    "mastodon".to_owned()
}

fn poll_every() -> Duration {
    Duration::from_secs(30)
}

fn streaming() -> bool {
    true
}

/// `"30s"`, `"2m"`.
fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    let read = text.parse::<SignedDuration>().ok();
    read.and_then(|duration| Duration::try_from(duration).ok())
        .ok_or_else(|| serde::de::Error::custom("a duration is written as \"30s\" or \"2m\""))
}

impl Settings {
    /// Every mistake in the settings at once.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        match server(&self.server) {
            Ok(url) if url.scheme() == "http" && !self.allow_http && !is_near(&url) => {
                problems.push(
                    "server: with http:// the token would travel unencrypted; write https://, or allow_http = true where that is meant"
                        .to_owned(),
                );
            }
            Ok(_) => {}
            Err(why) => problems.push(format!("server: {why}")),
        }
        if !(Duration::from_millis(100)..=Duration::from_secs(86_400)).contains(&self.poll_every) {
            problems.push("poll_every: it is not from 100ms to 24h".to_owned());
        }
        if self.network.trim().is_empty() {
            problems.push("network: it is empty".to_owned());
        }
        problems
    }
}

/// The server's address: the web, a host, and nothing of an account in it.
pub fn server(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim())
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())
        .ok_or("a server's address begins with https://")?;
    if !url.username().is_empty()
        || url.password().is_some()
        || url.query().is_some()
        || url.fragment().is_some()
    {
        return Err("it is only the server, as https://social.example".to_owned());
    }
    Ok(url)
}

/// On this machine, or in a private network.
pub(super) fn is_near(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        Some(Host::Ipv6(ip)) => {
            ip.is_loopback()
                || matches!(IpAddr::V6(ip).to_canonical(), IpAddr::V4(v4) if v4.is_loopback() || v4.is_private())
                || ip.is_unique_local()
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_say_what_is_wrong() {
        for (text, part) in [
            ("server = \"https://social.example\"", ""),
            (
                "server = \"http://127.0.0.1:3000\"\npoll_every = \"2m\"\nstreaming = false",
                "",
            ),
            ("server = \"http://10.0.0.7\"", ""),
            ("server = \"http://[::1]:80\"", ""),
            ("server = \"http://social.example\"", "allow_http"),
            ("server = \"http://social.example\"\nallow_http = true", ""),
            ("server = \"social.example\"", "begins with https://"),
            ("server = \"https://me:secret@social.example\"", "only the server"),
            (
                "server = \"https://social.example\"\npoll_every = \"0s\"",
                "poll_every",
            ),
        ] {
            let settings: Settings =
                toml::from_str(&format!("name = \"m\"\naccess_token = {{ env = \"T\" }}\n{text}")).unwrap();
            let said = settings.problems().join("; ");
            assert!(
                said.contains(part) && said.is_empty() == part.is_empty(),
                "{text}: {said}"
            );
        }
        assert!(
            toml::from_str::<Settings>("name = \"m\"\nserver = \"https://a\"\naccess_token = \"literal\"")
                .is_err()
        );
    }
}
