//! Is everything ready at Slack: tokens, scopes, the way in, channels, groups, people? For `check --online`. Only reads; posts
//! nothing, joins nothing.
//!
//! <https://docs.slack.dev/reference/methods/auth.test>

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::advice::{Advice, advise};
use super::client::Failure;
use super::manifest::SCOPES;
use super::members::no_such_group;
use super::staff::colleague;
use super::{Clock, Inbound, PLATFORM, Settings, Slack};
use crate::domain::company::Company;
use crate::port::finding::Finding;

const TIME_LIMIT: Duration = Duration::from_secs(10);
const REINSTALL: &str = "paste the output of `switchboard manifest slack` into the app’s App Manifest, save, and install it again";

/// Asks Slack about everything that the settings and the company name; each finding is told as soon as it is known.
pub async fn check(
    settings: &Settings,
    company: &Company,
    folder: &Path,
    clock: Clock,
    tell: &mut (dyn FnMut(Finding) + Send),
) {
    let tokens = (
        settings.bot_token.resolve(folder),
        settings
            .signing_secret
            .as_ref()
            .map(|secret| secret.resolve(folder)),
    );
    let (Ok(bot), Ok(slack)) = (&tokens.0, Slack::open(settings.clone(), folder, clock)) else {
        // The configuration's own check has said which secret cannot be read.
        return tell(Finding::problem(
            "[slack]",
            "Slack cannot be asked without its secrets",
            "provide them",
        ));
    };
    if !looks_like(bot, "xoxb-") {
        tell(Finding::problem(
            "bot_token",
            "this does not look like a bot token",
            "use the Bot User OAuth Token, xoxb-…, from OAuth & Permissions",
        ));
    }
    let Some(home) = bot_token(settings, bot, tell).await else {
        return;
    };
    match (settings.inbound, &tokens.1) {
        (Inbound::Http, Some(Ok(secret))) => tell(signing_secret(secret)),
        (Inbound::Http, _) => {}
        (Inbound::Socket, _) => tell(socket(&slack).await),
    }
    for department in company.departments.values() {
        for channel in department
            .channels
            .iter()
            .filter(|channel| channel.platform.as_str() == PLATFORM)
        {
            let about = format!("{channel} ({})", department.name);
            tell(slack.check_channel(&channel.name, &about, true).await);
        }
    }
    slack.check_groups(company, tell).await;
    slack.check_people(company, &home, tell).await;
}

fn looks_like(secret: &SecretString, start: &str) -> bool {
    secret.expose_secret().starts_with(start)
}

fn problem(about: &str, advice: Advice) -> Finding {
    let what = advice.what.strip_prefix(about).unwrap_or(&advice.what);
    Finding::problem(about, what.trim_start_matches(": "), advice.todo)
}

/// The bot token's workspace, its scopes, and whether it is the one that is meant. None: nothing else can be asked.
async fn bot_token(
    settings: &Settings,
    bot: &SecretString,
    tell: &mut (dyn FnMut(Finding) + Send),
) -> Option<String> {
    let (answer, scopes) = match auth_test(settings, bot).await {
        Ok(found) => found,
        Err(failure) => {
            tell(problem("bot_token", advise("auth.test", "bot_token", &failure)));
            return None;
        }
    };
    let text = |key: &str| answer[key].as_str().unwrap_or_default();
    let team = text("team_id");
    tell(Finding::fine(
        "bot_token",
        format!(
            "it is {} in the workspace {} ({team})",
            text("user"),
            text("team")
        ),
    ));
    if let Some(wanted) = settings
        .team
        .as_deref()
        .filter(|wanted| *wanted != team && *wanted != text("enterprise_id"))
    {
        tell(Finding::problem(
            "team",
            format!("[slack] team says {wanted}, and the bot token belongs to {team}"),
            "write that workspace’s id, or use the token of the other one",
        ));
    }
    if answer["is_enterprise_install"] == true {
        tell(Finding::problem(
            "bot_token",
            "the app is installed for the whole organisation, where Slack leaves out the workspace of what people do",
            "install it in one workspace",
        ));
    }
    let missing: Vec<_> = SCOPES
        .iter()
        .filter(|(scope, _)| !scopes.contains(*scope))
        .collect();
    for (scope, why) in &missing {
        tell(Finding::problem(
            *scope,
            format!("this scope is missing; it is there to {why}"),
            REINSTALL,
        ));
    }
    if missing.is_empty() {
        tell(Finding::fine("scopes", format!("all {} are there", SCOPES.len())));
    }
    Some(settings.team.clone().unwrap_or_else(|| team.to_owned()))
}

/// The library hides headers, and only a header says which scopes a token has.
async fn auth_test(settings: &Settings, bot: &SecretString) -> Result<(Value, BTreeSet<String>), Failure> {
    let unknown = |error: reqwest::Error| match error.is_connect() {
        true => Failure::NotSent(format!("{} cannot be reached", settings.api_url)),
        false => Failure::Unknown("auth.test got no answer that can be read".to_owned()),
    };
    let request = reqwest::Client::builder()
        .timeout(TIME_LIMIT)
        .build()
        .map_err(unknown)?
        .post(format!("{}/auth.test", settings.api_url.trim_end_matches('/')))
        .bearer_auth(bot.expose_secret());
    let answer = request.send().await.map_err(unknown)?;
    let scopes = answer.headers().get("x-oauth-scopes");
    let scopes = scopes.and_then(|scopes| scopes.to_str().ok()).unwrap_or_default();
    let scopes = scopes.split(',').map(|scope| scope.trim().to_owned()).collect();
    let body = answer.bytes().await.map_err(unknown)?;
    let body: Value = serde_json::from_slice(&body).map_err(|_| {
        Failure::Unknown("auth.test was not answered by Slack’s API; is api_url right?".to_owned())
    })?;
    match (body["ok"].as_bool(), body["error"].as_str()) {
        (Some(true), _) => Ok((body, scopes)),
        (_, Some(code)) => Err(Failure::Refused(code.to_owned())),
        _ => Err(Failure::Unknown(
            "auth.test was not answered by Slack’s API".to_owned(),
        )),
    }
}

/// Opening asks for an address and dials nothing; the address goes stale by itself.
async fn socket(slack: &Slack) -> Finding {
    let about = "app_token";
    let code = match slack.client.open_socket().await {
        Ok(_) => return Finding::fine(about, "Socket Mode is ready"),
        Err(Failure::Refused(code)) => code,
        Err(failure) => return problem(about, advise("apps.connections.open", about, &failure)),
    };
    match code.as_str() {
        "missing_scope" => Finding::problem(
            about,
            "the app-level token may not open sockets",
            "make one with the scope connections:write (Basic Information, App-Level Tokens)",
        ),
        "not_allowed_token_type" | "invalid_auth" | "not_authed" => Finding::problem(
            about,
            format!("Slack does not accept this as an app-level token ({code})"),
            "use the token that begins with xapp-, from Basic Information, App-Level Tokens",
        ),
        code => Finding::problem(
            about,
            format!("no socket can be opened ({code})"),
            "switch Socket Mode on in the app’s settings, or set inbound = \"http\"",
        ),
    }
}

fn signing_secret(secret: &SecretString) -> Finding {
    let secret = secret.expose_secret();
    let is_one = secret.len() == 32 && secret.chars().all(|c| c.is_ascii_alphanumeric());
    match is_one {
        true => Finding::fine(
            "signing_secret",
            "it looks right; only a request from Slack can prove it",
        ),
        false => Finding::problem(
            "signing_secret",
            "this is not a signing secret",
            "copy the 32 characters from Basic Information, App Credentials, Signing Secret",
        ),
    }
}

impl Slack {
    /// `posts`: whether cards go there; a channel that only stands for its members needs no bot while it is public.
    async fn check_channel(&self, channel: &str, about: &str, posts: bool) -> Finding {
        let answer = match self
            .patiently("conversations.info", &[("channel", channel)])
            .await
        {
            Ok(answer) => answer,
            Err(failure) => return problem(about, advise("conversations.info", about, &failure)),
        };
        let found = &answer["channel"];
        let is = |key: &str| found[key].as_bool().unwrap_or(false);
        let name = found["name"].as_str().unwrap_or(channel);
        if is("is_archived") {
            return Finding::problem(
                about,
                format!("#{name} is archived"),
                "unarchive it in Slack, or name another channel",
            );
        }
        if posts && !is("is_member") {
            return Finding::problem(
                about,
                format!("Switchboard is not in #{name}"),
                format!("type /invite @Switchboard in #{name}"),
            );
        }
        if posts && (is("is_ext_shared") || is("is_pending_ext_shared")) {
            return Finding::note(
                about,
                format!("#{name} is shared with another company, whose people see every card"),
                "name a channel of your own if that is not meant",
            );
        }
        Finding::fine(about, format!("#{name}"))
    }

    async fn check_groups(&self, company: &Company, tell: &mut (dyn FnMut(Finding) + Send)) {
        let groups: BTreeSet<_> = company
            .groups()
            .filter(|group| group.platform.as_str() == PLATFORM)
            .collect();
        let (user_groups, channels): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| group.name.starts_with('S'));
        for group in channels {
            tell(self.check_channel(&group.name, &group.to_string(), false).await);
        }
        let Some(first) = user_groups.first() else {
            return;
        };
        match self.user_groups().await {
            Ok(listed) => {
                for group in user_groups {
                    let about = group.to_string();
                    tell(match listed.get(&group.name).map(Vec::len) {
                        Some(0) => {
                            Finding::note(about, "the user group is empty", "add people to it in Slack")
                        }
                        Some(people) => Finding::fine(about, format!("a user group of {people}")),
                        None => problem(&about, no_such_group(group)),
                    });
                }
            }
            Err(failure) => {
                let about = first.to_string();
                tell(problem(&about, advise("usergroups.list", &about, &failure)));
            }
        }
    }

    async fn check_people(&self, company: &Company, home: &str, tell: &mut (dyn FnMut(Finding) + Send)) {
        let platform = PLATFORM.into();
        for member in company.members.values() {
            let Some(user) = member.identities.get(&platform) else {
                continue;
            };
            let about = format!("{} ({user})", member.id);
            tell(match self.patiently("users.info", &[("user", user)]).await {
                Ok(answer) => match colleague(&answer["user"], home) {
                    Ok(person) => {
                        Finding::fine(about, format!("{} is {} in Slack", member.name, person.name))
                    }
                    Err(why) => Finding::problem(
                        about,
                        format!("{} {why} in Slack, and will be refused", member.name),
                        "name the person’s own account in this workspace, or take the identity out",
                    ),
                },
                Err(failure) => problem(&about, advise("users.info", &about, &failure)),
            });
        }
        for department in company.departments.values() {
            let here = |name: &str| name == PLATFORM;
            let shows_here = department
                .channels
                .iter()
                .any(|channel| here(channel.platform.as_str()));
            let has_group = department
                .groups
                .keys()
                .any(|group| here(group.platform.as_str()));
            let mut known = department.roles.keys().chain(&company.admins);
            let has_person = known.any(|id| {
                company
                    .members
                    .get(id)
                    .is_some_and(|member| member.identities.contains_key(&platform))
            });
            if shows_here && !has_group && !has_person {
                tell(Finding::problem(
                    department.id.to_string(),
                    format!(
                        "nobody of {} is known in Slack, so nobody could press a button there",
                        department.name
                    ),
                    "give its members identities = { slack = \"U…\" }, or the department groups = { \"slack/S…\" = \"agent\" }",
                ));
            }
        }
    }
}
