//! The chat platforms besides the web board out of their sections. What each may say is beside its code in `platform`; here:
//! what the chosen way in needs, and secrets that can be found.

use std::path::Path;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::DeValue;

use super::assemble::Placed;
use super::connectors::entry;
use super::read;
use super::similar::did_you_mean;
use super::source::{Place, Problems};
use crate::platform::{discord, slack, web};
use crate::port::secret::SecretRef;

/// Every chat platform there is.
pub(super) const PLATFORMS: [&str; 3] = [web::PLATFORM, slack::PLATFORM, discord::PLATFORM];

type Section<'s> = Option<Placed<Spanned<DeValue<'s>>>>;

/// One section while it is checked.
struct Reader<'s, 'p> {
    name: &'static str,
    at: Place,
    value: Spanned<DeValue<'s>>,
    folder: Option<&'p Path>,
}

impl Reader<'_, '_> {
    fn shape<T: DeserializeOwned>(&self, problems: &mut Problems<'_>) -> Option<T> {
        read::shape(self.at.file, self.name, self.value.clone(), problems)
    }

    fn wrong(
        &self,
        key: &str,
        what: impl Into<String>,
        todo: impl Into<String>,
        problems: &mut Problems<'_>,
    ) {
        let span = entry(self.value.get_ref(), key).unwrap_or_else(|| self.at.span.clone());
        let place = Place {
            file: self.at.file,
            span,
        };
        problems.add(&place, &format!("{}.{key}", self.name), what, todo);
    }

    /// A secret that cannot be found is told now, not when the first card is due.
    fn secret(&self, key: &str, secret: Option<&SecretRef>, problems: &mut Problems<'_>) {
        let (Some(secret), Some(folder)) = (secret, self.folder) else {
            return;
        };
        if let Err(why) = secret.resolve(folder) {
            self.wrong(key, why, "provide it before Switchboard starts", problems);
        }
    }
}

fn reader<'s, 'p>(
    name: &'static str,
    section: Section<'s>,
    folder: Option<&'p Path>,
) -> Option<Reader<'s, 'p>> {
    section.map(|Placed { at, value }| Reader {
        name,
        at,
        value,
        folder,
    })
}

pub(super) fn slack(
    section: Section<'_>,
    folder: Option<&Path>,
    problems: &mut Problems<'_>,
) -> Option<slack::Settings> {
    let reader = reader(slack::PLATFORM, section, folder)?;
    let settings: slack::Settings = reader.shape(problems)?;
    match settings.inbound {
        slack::Inbound::Socket if settings.app_token.is_none() => reader.wrong(
            "app_token",
            "Socket Mode needs an app-level token",
            "add app_token = { env = \"SLACK_APP_TOKEN\" }, or set inbound = \"http\"",
            problems,
        ),
        slack::Inbound::Http if settings.signing_secret.is_none() => reader.wrong(
            "signing_secret",
            "requests over HTTP are proved by the signing secret",
            "add signing_secret = { env = \"SLACK_SIGNING_SECRET\" }, or set inbound = \"socket\"",
            problems,
        ),
        _ => {}
    }
    if !settings.api_url.starts_with("https://") && !settings.api_url.starts_with("http://") {
        reader.wrong(
            "api_url",
            "this is not an address",
            "write https://slack.com/api, or leave it out",
            problems,
        );
    }
    if settings.note_sign.trim().is_empty() {
        reader.wrong(
            "note_sign",
            "with an empty sign every word in a thread would be a note",
            "write a sign such as \"note:\"",
            problems,
        );
    }
    if !(1..=10).contains(&settings.connections) {
        reader.wrong("connections", "Slack allows 1 to 10 sockets", "write 2", problems);
    }
    reader.secret("bot_token", Some(&settings.bot_token), problems);
    reader.secret("app_token", settings.app_token.as_ref(), problems);
    reader.secret("signing_secret", settings.signing_secret.as_ref(), problems);
    Some(settings)
}

pub(super) fn discord(
    section: Section<'_>,
    folder: Option<&Path>,
    problems: &mut Problems<'_>,
) -> Option<discord::Settings> {
    let reader = reader(discord::PLATFORM, section, folder)?;
    let settings: discord::Settings = reader.shape(problems)?;
    for (key, id) in [("application", &settings.application), ("guild", &settings.guild)] {
        if discord::check_group(id).is_err() {
            reader.wrong(
                key,
                format!("“{id}” is not an id"),
                "write the number in quotes, such as \"1106298301283012608\"",
                problems,
            );
        }
    }
    let is_key = |key: &String| key.len() == 64 && key.chars().all(|c| c.is_ascii_hexdigit());
    match (&settings.public_key, settings.inbound) {
        (None, discord::Inbound::Http) => reader.wrong(
            "public_key",
            "interactions over HTTP are proved by the application's public key",
            "copy it from the developer portal, or set inbound = \"gateway\"",
            problems,
        ),
        (Some(key), _) if !is_key(key) => reader.wrong(
            "public_key",
            "this is not a public key",
            "copy the 64 hexadecimal digits from the developer portal",
            problems,
        ),
        _ => {}
    }
    reader.secret("bot_token", Some(&settings.bot_token), problems);
    Some(settings)
}

/// Whether a channel or group may be written like this on its platform: what is wrong, and what to do.
pub(super) fn check_name(
    text: &str,
    what: &str,
    check: impl Fn(&str, &str) -> Result<(), String>,
) -> Result<(String, String), (String, String)> {
    let Some((platform, name)) = text.split_once('/') else {
        let todo = format!(
            "write the platform before it: \"web/{}\"",
            text.trim_start_matches('#')
        );
        return Err((format!("“{text}” is not a {what}"), todo));
    };
    if !PLATFORMS.contains(&platform) {
        let todo = did_you_mean(platform, PLATFORMS);
        return Err((format!("there is no platform “{platform}”"), todo));
    }
    check(platform, name).map_err(|todo| (format!("“{name}” cannot be the name of a {what}"), todo))?;
    Ok((platform.to_owned(), name.to_owned()))
}

pub(super) fn check_channel(platform: &str, name: &str) -> Result<(), String> {
    match platform {
        slack::PLATFORM => slack::check_channel(name),
        discord::PLATFORM => discord::check_channel(name),
        _ => {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
            match !name.is_empty() && name.len() <= 80 && name.chars().all(plain) {
                true => Ok(()),
                false => Err("use up to 80 small letters a to z, digits, - and _".to_owned()),
            }
        }
    }
}

pub(super) fn check_group(platform: &str, name: &str) -> Result<(), String> {
    match platform {
        slack::PLATFORM => slack::check_group(name),
        discord::PLATFORM => discord::check_group(name),
        _ => Err("the web board has no groups; name people in `members`".to_owned()),
    }
}
