//! The app manifest: what Slack has to know of Switchboard before anybody presses a button. Derived from the commands and the
//! settings, so that it cannot fall behind them. Creates nothing at Slack: an administrator pastes it.
//!
//! <https://docs.slack.dev/reference/app-manifest>

use serde_json::{Value, json};

use super::command_names::is_kept_by_slack;
use super::yaml;
use super::{Inbound, Settings};
use crate::command::{Catalogue, Spelling};

/// Every scope that the bot asks for, and what it does with it. Nothing is asked for that is not used.
pub(super) const SCOPES: [(&str, &str); 12] = [
    (
        "channels:history",
        "find a card again whose posting ended in doubt; read notes in threads",
    ),
    (
        "channels:read",
        "know the members of public channels that stand for a department",
    ),
    ("chat:write", "post and edit cards, notices and digests"),
    ("commands", "offer slash commands and shortcuts"),
    ("files:read", "know when a digest’s chart is ready to be shown"),
    ("files:write", "upload the charts of a digest"),
    (
        "groups:history",
        "do the same as channels:history in private channels",
    ),
    ("groups:read", "do the same as channels:read in private channels"),
    (
        "im:history",
        "find a direct message again whose posting ended in doubt",
    ),
    ("im:write", "tell one person what only concerns them"),
    (
        "usergroups:read",
        "know the members of user groups that stand for a department",
    ),
    (
        "users:read",
        "know colleagues by name, and guests and bots from them",
    ),
];

const COMMANDS_AT_MOST: usize = 50;
const COMMAND_AT_MOST: usize = 32;
const HINT_AT_MOST: usize = 1000;
const ADDRESS_AT_MOST: usize = 3000;

/// What a manifest depends on besides the commands.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub inbound: Inbound,
    /// Whether threads under cards are read for notes.
    pub threads: bool,
    /// Where Slack reaches Switchboard over HTTP: `https://switchboard.example`.
    pub url: Option<&'a str>,
}

impl<'a> Wanted<'a> {
    /// As the settings say. Without any, an address means HTTP.
    pub fn of(settings: Option<&Settings>, url: Option<&'a str>) -> Self {
        let guessed = match url {
            Some(_) => Inbound::Http,
            None => Inbound::Socket,
        };
        Self {
            inbound: settings.map_or(guessed, |settings| settings.inbound),
            threads: settings.is_none_or(|settings| settings.threads),
            url,
        }
    }

    /// Where Slack sends this kind of request; none in Socket Mode.
    fn address(&self, of: &str) -> Result<Option<String>, String> {
        match (self.inbound, self.url) {
            (Inbound::Socket, None) => Ok(None),
            (Inbound::Socket, Some(_)) => Err(
                "the configuration says inbound = \"socket\", where Slack needs no address; leave --url out, or write \
                 inbound = \"http\" in [slack]"
                    .to_owned(),
            ),
            (Inbound::Http, None) => Err(
                "over HTTP Slack has to know where Switchboard is; add --url https://… with its public address"
                    .to_owned(),
            ),
            (Inbound::Http, Some(url)) => {
                let parsed = url::Url::parse(url).map_err(|error| format!("--url {url}: {error}"))?;
                if parsed.scheme() != "https" || parsed.query().is_some() || parsed.fragment().is_some() {
                    return Err(format!(
                        "--url {url}: Slack calls https only; write the address without ? and #, such as \
                         https://switchboard.example"
                    ));
                }
                let address = format!("{}/slack/{of}", parsed.as_str().trim_end_matches('/'));
                match address.len() > ADDRESS_AT_MOST {
                    true => Err(format!("--url: Slack takes at most {ADDRESS_AT_MOST} characters")),
                    false => Ok(Some(address)),
                }
            }
        }
    }
}

/// The manifest. The error says what to do instead.
pub fn manifest(catalogue: &Catalogue, spelling: &Spelling, wanted: &Wanted<'_>) -> Result<Value, String> {
    let mut interactivity = json!({ "is_enabled": true });
    let mut events = json!({ "bot_events": events(wanted.threads) });
    if let Some(address) = wanted.address("interactivity")? {
        interactivity["request_url"] = address.into();
    }
    if let Some(address) = wanted.address("events")? {
        events["request_url"] = address.into();
    }
    Ok(json!({
        "_metadata": { "major_version": 1 },
        "display_information": {
            "name": "Switchboard",
            "description": "Public mentions as cards that the right department claims and answers",
            "long_description": "Switchboard brings the public conversation to the people who can answer it. Every mention of the \
                company becomes a card in the channel of the department that should answer; staff claim it, answer it in public, \
                hand it to another department or escalate it, by button or by slash command. Nothing typed in a channel is ever \
                public: only what is sent through the reply form is.",
            "background_color": "#20484d",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": true,
                // Notices arrive here. Nobody reads what is typed here, so nothing can be.
                "messages_tab_enabled": true,
                "messages_tab_read_only_enabled": true,
            },
            "bot_user": { "display_name": "Switchboard", "always_online": true },
            "shortcuts": shortcuts(),
            "slash_commands": slash_commands(catalogue, spelling, wanted.address("commands")?.as_deref())?,
        },
        "oauth_config": { "scopes": { "bot": SCOPES.map(|(scope, _)| scope) } },
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "org_deploy_enabled": false,
            "socket_mode_enabled": wanted.inbound == Inbound::Socket,
            "token_rotation_enabled": false,
        },
    }))
}

/// The manifest as YAML, each scope with what it is for.
pub fn as_yaml(manifest: &Value) -> String {
    let why = |scope: &str| {
        SCOPES
            .iter()
            .find(|(name, _)| *name == scope)
            .map(|(_, why)| *why)
    };
    format!(
        "# Switchboard as a Slack app, written by `switchboard manifest slack`. docs/slack.md says what to do with it.\n{}",
        yaml::write(manifest, &why)
    )
}

fn slash_commands(
    catalogue: &Catalogue,
    spelling: &Spelling,
    url: Option<&str>,
) -> Result<Vec<Value>, String> {
    let entry = |name: &str, description: &str, usage: &str| {
        let mut entry = json!({
            "command": format!("/{name}"),
            "description": description,
            // People and channels then arrive by their ids, and nothing that was typed can pass for one.
            "should_escape": true,
        });
        // Slack wants no empty hint, and none that it would cut.
        if (1..=HINT_AT_MOST).contains(&usage.chars().count()) {
            entry["usage_hint"] = usage.into();
        }
        if let Some(url) = url {
            entry["url"] = url.into();
        }
        entry
    };
    let umbrella = spelling.umbrella().map(|word| {
        entry(
            word,
            "Everything that Switchboard can do",
            "claim L-142, queue, help …",
        )
    });
    let flat = catalogue.commands().iter().filter_map(|command| {
        let name = spelling.flat(&command.name)?;
        let free = !is_kept_by_slack(&name);
        free.then(|| entry(&name, &command.summary, &command.usage()))
    });
    let entries: Vec<Value> = umbrella.into_iter().chain(flat).collect();
    if entries.len() > COMMANDS_AT_MOST {
        return Err(format!(
            "Slack takes {COMMANDS_AT_MOST} commands of one app and these are {}; write style = \"umbrella\" in [commands]",
            entries.len()
        ));
    }
    let too_long = entries
        .iter()
        .filter_map(|entry| entry["command"].as_str())
        .find(|command| command.len() > COMMAND_AT_MOST);
    match too_long {
        Some(command) => Err(format!(
            "{command} is longer than Slack’s {COMMAND_AT_MOST} characters; shorten `prefix` in [commands]"
        )),
        None => Ok(entries),
    }
}

/// Shortcuts of a message (also of one within a thread, where slash commands do not work) and of the ⚡ menu.
fn shortcuts() -> Value {
    json!([
        { "name": "Claim this lead", "type": "message", "callback_id": "claim",
          "description": "Take the lead that this card shows" },
        { "name": "Add a note", "type": "message", "callback_id": "note",
          "description": "Write something for colleagues on the lead that this card shows" },
        { "name": "Make a lead of this", "type": "message", "callback_id": "make_lead",
          "description": "Give what this message tells to the department of this channel as a lead" },
        { "name": "My queue", "type": "global", "callback_id": "queue",
          "description": "What waits to be claimed, most urgent first" },
    ])
}

fn events(threads: bool) -> Vec<&'static str> {
    let mut events = vec![
        "app_home_opened",
        "member_joined_channel",
        "member_left_channel",
        "subteam_members_changed",
        "subteam_updated",
    ];
    if threads {
        events.extend(["message.channels", "message.groups"]);
    }
    events.sort_unstable();
    events
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Style;
    use crate::platform::slack::command_names::command_notes;

    const SOCKET: Wanted<'_> = Wanted {
        inbound: Inbound::Socket,
        threads: true,
        url: None,
    };

    fn commands(spelling: &Spelling) -> Vec<String> {
        let manifest = manifest(Catalogue::builtin(), spelling, &SOCKET).unwrap();
        let commands = manifest["features"]["slash_commands"].as_array().unwrap().iter();
        commands
            .map(|entry| entry["command"].as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn the_spelling_decides_what_is_registered_and_slacks_own_names_never_are() {
        let names = |style, prefix: &str| {
            commands(&Spelling {
                style,
                prefix: prefix.to_owned(),
            })
        };
        assert_eq!(names(Style::Umbrella, "sb-"), ["/lead"]);
        let both = names(Style::Both, "");
        assert_eq!(both.first().unwrap(), "/lead");
        assert!(both.contains(&"/claim".to_owned()) && !both.contains(&"/who".to_owned()));
        let flat = names(Style::Flat, "sb-");
        assert!(flat.contains(&"/sb-who".to_owned()) && !flat.contains(&"/lead".to_owned()));
        assert_eq!(flat.len(), Catalogue::builtin().commands().len());

        let notes = |style, prefix: &str| {
            let prefix = prefix.to_owned();
            command_notes(Catalogue::builtin(), &Spelling { style, prefix })
        };
        assert_eq!(
            notes(Style::Both, ""),
            [
                "Slack keeps /who for itself: people type /lead who there",
                "Slack keeps /help for itself: people type /lead help there"
            ]
        );
        assert!(
            notes(Style::Flat, "")
                .iter()
                .any(|note| note.contains("installed last"))
        );
        assert!(notes(Style::Both, "sb-").is_empty() && notes(Style::Umbrella, "").is_empty());
    }

    #[test]
    fn what_slack_would_refuse_is_refused_with_the_way_out() {
        let long = Spelling {
            style: Style::Flat,
            prefix: "a".repeat(30),
        };
        let error = manifest(Catalogue::builtin(), &long, &SOCKET).unwrap_err();
        assert!(error.contains("shorten `prefix`"), "{error}");
    }

    #[test]
    fn over_http_slack_is_told_where_and_in_socket_mode_nothing() {
        let http = |url| Wanted {
            inbound: Inbound::Http,
            threads: false,
            url,
        };
        let made = |wanted: Wanted<'_>| manifest(Catalogue::builtin(), &Spelling::default(), &wanted);
        let there = made(http(Some("https://chat.example/care/"))).unwrap();
        let command = &there["features"]["slash_commands"][0];
        assert_eq!(command["url"], "https://chat.example/care/slack/commands");
        let settings = &there["settings"];
        assert_eq!(
            settings["interactivity"]["request_url"],
            "https://chat.example/care/slack/interactivity"
        );
        assert_eq!(
            settings["event_subscriptions"]["request_url"],
            "https://chat.example/care/slack/events"
        );
        assert_eq!(settings["socket_mode_enabled"], false);
        assert!(
            !settings["event_subscriptions"]["bot_events"]
                .to_string()
                .contains("message.")
        );

        let socket = made(SOCKET).unwrap().to_string();
        assert!(!socket.contains("request_url") && !socket.contains("\"url\""));
        for (wanted, word) in [
            (http(None), "add --url"),
            (http(Some("http://chat.example")), "https only"),
            (http(Some("https://chat.example/?a=b")), "without ?"),
            (http(Some("chat.example")), "--url chat.example"),
            (
                Wanted {
                    url: Some("https://chat.example"),
                    ..SOCKET
                },
                "inbound = \"socket\"",
            ),
        ] {
            let error = made(wanted).unwrap_err();
            assert!(error.contains(word), "{error}");
        }
        assert_eq!(
            Wanted::of(None, Some("https://chat.example")).inbound,
            Inbound::Http
        );
    }
}
