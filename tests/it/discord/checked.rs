//! `check --online` against a Discord of our own: what it finds, in words.

use std::sync::Arc;

use jiff::Timestamp;
use switchboard::domain::company::{Company, Department, Role};
use switchboard::domain::ids::Channel;
use switchboard::domain::staff::Group;
use switchboard::platform::discord::{self, Settings};

use super::server::{APPLICATION, BOT, GUILD, Server, TOKEN};

const SUPPORT: u64 = 1_106_298_301_283_012_700;

async fn found(token: &str, guild: u64, inbound: &str) -> Vec<String> {
    let server = Server::start(Arc::new(|| Timestamp::UNIX_EPOCH)).await;
    server.add_text_channel(SUPPORT, "support");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("token"), token).expect("written");
    let settings = format!(
        "bot_token = {{ file = \"token\" }}\napplication = \"{APPLICATION}\"\nguild = \"{guild}\"\n\
         inbound = \"{inbound}\"\napi_url = \"{}\"\n",
        server.api_url
    );
    let settings: Settings = toml::from_str(&settings).expect("settings");
    let group = |id: u64| Group {
        platform: discord::PLATFORM.into(),
        name: id.to_string(),
    };
    let support = Department {
        id: "support".into(),
        name: "Support".to_owned(),
        channels: vec![
            Channel::new(discord::PLATFORM, SUPPORT.to_string()),
            Channel::new(discord::PLATFORM, (SUPPORT + 1).to_string()),
        ],
        groups: [(group(BOT), Role::Agent), (group(77_777), Role::Lead)].into(),
        ..Department::default()
    };
    let company = Company {
        departments: [(support.id.clone(), support)].into(),
        ..Company::default()
    };
    let mut found = Vec::new();
    let mut tell = |finding: switchboard::port::finding::Finding| {
        found.push(format!(
            "{:?} {}: {}",
            finding.weight, finding.about, finding.what
        ));
    };
    let clock: discord::Clock = Arc::new(|| Timestamp::UNIX_EPOCH);
    discord::check(&settings, &company, folder.path(), clock, &mut tell).await;
    found
}

#[tokio::test]
async fn everything_is_named_that_is_fine_or_missing() {
    assert_eq!(
        found(TOKEN, GUILD, "http").await,
        [
            "Fine bot_token: it is the bot switchboard",
            "Problem inbound: the application has no Interactions Endpoint URL, so Discord sends clicks and commands to \
             the gateway",
            &format!(
                "Problem public_key: {}",
                "it is not the application’s, so everything that Discord sends would be turned away"
            ),
            "Fine guild: the bot is in Larkspur Home",
            &format!("Fine discord/{SUPPORT} (Support): #support: every permission is there"),
            &format!(
                "Problem discord/{} (Support): Discord knows nothing of this id",
                SUPPORT + 1
            ),
            &format!("Fine discord/{BOT}: it is the role Switchboard"),
            "Problem discord/77777: the server has no such role",
        ]
    );
    assert_eq!(
        found("another", GUILD, "gateway").await,
        ["Problem bot_token: Discord does not accept the token"]
    );
    assert_eq!(
        found(TOKEN, GUILD + 1, "gateway").await,
        [
            "Fine bot_token: it is the bot switchboard",
            "Fine inbound: clicks and commands come over the gateway",
            "Problem guild: Discord knows nothing of this id",
        ]
    );
}
