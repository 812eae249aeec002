//! Connectors to social networks, one file or folder each, all the same shape: the specification's address, limits as
//! constants, `Settings`, the connector, its port implementation, private wire types, tests. And the readers of
//! recordings, which `replay` plays. Nothing here decides what a mention means, and no connector knows another.

pub mod atproto;
pub mod bluesky;
pub mod feed;
pub mod http;
pub mod jetstream;
pub mod mapping;
pub mod mastodon;
pub mod oauth;
pub mod recorded;
pub mod reddit;
pub mod same_text;
pub mod scripted;
pub mod webhook;
pub mod youtube;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;

use crate::domain::mention::Mention;
use crate::port::social::Connector;

/// Where a connector asks for the time; the shell gives the real one, tests a still one.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Whether a post of a whole network is one that somebody listens for.
pub type Wanted = Arc<dyn Fn(&Mention) -> bool + Send + Sync>;

/// Reads what somebody listens for. Connectors do not know the language of queries; whoever opens them does.
pub type ReadQuery = Arc<dyn Fn(&str) -> Result<Wanted, String> + Send + Sync>;

/// One configured connector, told apart by `kind`.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ConnectorSettings {
    Webhook(webhook::Settings),
    Feed(feed::Settings),
    Mastodon(mastodon::Settings),
    Reddit(reddit::Settings),
    #[serde(rename = "youtube")]
    YouTube(youtube::Settings),
    Bluesky(bluesky::Settings),
    Jetstream(jetstream::Settings),
    Scripted(scripted::Settings),
}

impl ConnectorSettings {
    pub fn name(&self) -> &str {
        match self {
            Self::Webhook(settings) => &settings.name,
            Self::Feed(settings) => &settings.name,
            Self::Mastodon(settings) => &settings.name,
            Self::Reddit(settings) => &settings.name,
            Self::YouTube(settings) => &settings.name,
            Self::Bluesky(settings) => &settings.name,
            Self::Jetstream(settings) => &settings.name,
            Self::Scripted(settings) => &settings.name,
        }
    }

    /// The word that the configuration uses.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Webhook(_) => "webhook",
            Self::Feed(_) => "feed",
            Self::Mastodon(_) => "mastodon",
            Self::Reddit(_) => "reddit",
            Self::YouTube(_) => "youtube",
            Self::Bluesky(_) => "bluesky",
            Self::Jetstream(_) => "jetstream",
            Self::Scripted(_) => "scripted",
        }
    }

    /// Every mistake in the settings, without touching a file, a secret or the network.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = match self {
            Self::Webhook(settings) => settings.problems(),
            Self::Feed(settings) => settings.problems(),
            Self::Mastodon(settings) => settings.problems(),
            Self::Reddit(settings) => settings.problems(),
            Self::YouTube(settings) => settings.problems(),
            Self::Bluesky(settings) => settings.problems(),
            Self::Jetstream(settings) => settings.problems(),
            Self::Scripted(settings) => settings.problems(),
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if self.name().is_empty() || !self.name().chars().all(plain) {
            problems.push(format!(
                "name: “{}” must be letters, digits, “-” and “_”",
                self.name()
            ));
        }
        problems
    }
}

/// The connectors that run, and those of them that are posted to (for [`webhook::router`]).
#[derive(Default)]
pub struct Connectors {
    pub all: Vec<Arc<dyn Connector>>,
    pub webhooks: Vec<Arc<webhook::Webhook>>,
}

/// Where connectors find what they need.
pub struct Surroundings<'a> {
    /// The folder of the configuration; relative files of secrets and scripts are beside it.
    pub folder: &'a Path,
    /// The data folder.
    pub data: &'a Path,
    pub clock: Clock,
    pub read_query: ReadQuery,
}

/// Opens every connector, or names every problem, each with its connector's name.
pub fn open(settings: &[ConnectorSettings], around: &Surroundings<'_>) -> Result<Connectors, Vec<String>> {
    let mut problems = repeated(settings);
    let mut connectors = Connectors::default();
    for one in settings {
        let mut wrong = one.problems();
        if wrong.is_empty() {
            match open_one(one, around, &mut connectors) {
                Ok(connector) => connectors.all.push(connector),
                Err(why) => wrong = why,
            }
        }
        problems.extend(
            wrong
                .into_iter()
                .map(|why| format!("connector {}: {why}", one.name())),
        );
    }
    if problems.is_empty() {
        Ok(connectors)
    } else {
        Err(problems)
    }
}

fn open_one(
    settings: &ConnectorSettings,
    around: &Surroundings<'_>,
    connectors: &mut Connectors,
) -> Result<Arc<dyn Connector>, Vec<String>> {
    Ok(match settings {
        ConnectorSettings::Webhook(settings) => {
            let webhook = Arc::new(webhook::Webhook::open(settings, around.folder)?);
            connectors.webhooks.push(webhook.clone());
            webhook
        }
        ConnectorSettings::Feed(settings) => Arc::new(feed::Feed::new(settings, around.clock.clone())?),
        ConnectorSettings::Mastodon(settings) => Arc::new(mastodon::Mastodon::open(
            settings,
            around.folder,
            around.clock.clone(),
        )?),
        ConnectorSettings::Reddit(settings) => Arc::new(reddit::Reddit::open(
            settings,
            around.folder,
            around.clock.clone(),
        )?),
        ConnectorSettings::YouTube(settings) => Arc::new(youtube::YouTube::open(
            settings,
            around.folder,
            around.clock.clone(),
        )?),
        ConnectorSettings::Bluesky(settings) => Arc::new(bluesky::Bluesky::open(
            settings,
            around.folder,
            around.clock.clone(),
        )?),
        ConnectorSettings::Jetstream(settings) => Arc::new(jetstream::Jetstream::open(
            settings,
            &around.read_query,
            around.clock.clone(),
        )?),
        ConnectorSettings::Scripted(settings) => {
            let mut settings = settings.clone();
            settings.script = settings.script.map(|script| around.folder.join(script));
            let scripted = scripted::Scripted::open(settings, around.data, around.clock.clone());
            Arc::new(scripted.map_err(|why| vec![why])?)
        }
    })
}

/// Two connectors of one name would share a cursor, two webhooks on one path the first secret, and two scripted
/// networks one public file.
pub fn repeated(settings: &[ConnectorSettings]) -> Vec<String> {
    let mut names = HashSet::new();
    let mut paths = HashSet::new();
    let mut scripted = 0;
    let mut problems = Vec::new();
    for one in settings {
        if !names.insert(one.name()) {
            problems.push(format!(
                "connector {}: another connector has this name",
                one.name()
            ));
        }
        match one {
            ConnectorSettings::Webhook(webhook) if !paths.insert(webhook.path()) => problems.push(format!(
                "connector {}: another webhook has the path {}",
                one.name(),
                webhook.path()
            )),
            ConnectorSettings::Scripted(_) => scripted += 1,
            _ => {}
        }
    }
    if scripted > 1 {
        problems.push("there is only one scripted network at a time".to_owned());
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct File {
        connector: Vec<ConnectorSettings>,
    }

    fn opened(text: &str) -> Result<Connectors, Vec<String>> {
        let file: File = toml::from_str(text).unwrap();
        let data = tempfile::tempdir().unwrap();
        std::fs::write(data.path().join("key"), "a-secret-of-the-sender\n").unwrap();
        let around = Surroundings {
            folder: data.path(),
            data: data.path(),
            clock: Arc::new(|| Timestamp::UNIX_EPOCH),
            read_query: Arc::new(|_| Ok(Arc::new(|_| true))),
        };
        open(&file.connector, &around)
    }

    #[test]
    fn connectors_are_opened_from_their_settings() {
        let connectors = opened(
            r#"
            [[connector]]
            kind = "scripted"
            name = "demo"
            faults = { uncertain = 0.1 }
            [[connector]]
            kind = "feed"
            name = "trade-press"
            url = "https://news.example/feed.xml"
            [[connector]]
            kind = "webhook"
            name = "tool"
            scheme = { kind = "token", header = "X-Token", secrets = [{ file = "key" }] }
            defaults = { kind = "mention" }
            "#,
        )
        .unwrap();
        let names: Vec<_> = connectors.all.iter().map(|one| one.id().as_str()).collect();
        assert_eq!(names, ["demo", "trade-press", "tool"]);
        assert_eq!(connectors.webhooks.len(), 1);
    }

    #[test]
    fn every_problem_is_named_with_its_connector() {
        let problems = opened(
            r#"
            [[connector]]
            kind = "feed"
            name = "a b"
            url = "file:///etc/passwd"
            every_minutes = 0
            [[connector]]
            kind = "webhook"
            name = "tool"
            scheme = { kind = "token", header = "X-Token", secrets = [{ file = "missing" }] }
            [[connector]]
            kind = "webhook"
            name = "tool"
            scheme = { kind = "standard", secrets = [{ file = "key" }] }
            "#,
        )
        .err()
        .unwrap();
        let said = problems.join("\n");
        for part in [
            "connector tool: another connector has this name",
            "connector tool: another webhook has the path /hooks/tool",
            "connector a b: url: a feed's address begins with https://",
            "connector a b: every_minutes: 0",
            "connector a b: name: “a b” must be letters",
            "connector tool: the secret's file",
            "connector tool: a Standard Webhooks secret is “whsec_” and then base64",
        ] {
            assert!(said.contains(part), "{part} in\n{said}");
        }
        let unknown = "[[connector]]\nkind = \"feed\"\nname = \"a\"\nurl = \"https://a.example\"\ncolour = 1";
        assert!(toml::from_str::<File>(unknown).is_err());
    }
}
