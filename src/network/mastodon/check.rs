//! What `check --online` asks: does the token work, what may it do, does the server hide strangers, what does it allow.

use super::server::Server;
use super::stream;
use super::wire::{Application, Policy};
use crate::port::delivery_error::DeliveryError;
use crate::port::finding::Finding;

/// What reading and replying need; a scope includes those that begin with it.
pub(super) const SCOPES: [&str; 4] = [
    "read:accounts",
    "read:notifications",
    "read:statuses",
    "write:statuses",
];

pub(super) async fn check(server: &Server, name: &str, streaming: bool) -> Vec<Finding> {
    let about = |what: &str| format!("connector {name}: {what}");
    let signed_in = match server.signed_in().await {
        Ok(signed_in) => signed_in,
        Err(error) => return vec![no_entry(about("sign-in"), &error)],
    };
    let software = match signed_in.instance.version.as_str() {
        "" => "an unnamed version".to_owned(),
        version => format!("version {version}"),
    };
    let mut findings = vec![
        Finding::fine(
            about("sign-in"),
            format!("signed in at {} as @{}", server.host(), signed_in.account.acct),
        ),
        Finding::fine(
            about("server"),
            format!(
                "{software}; a reply has at most {} characters, with the name it begins with",
                signed_in.limit()
            ),
        ),
        notifications(server, about("notifications")).await,
    ];
    findings.extend(scopes(server, about("scopes")).await);
    findings.extend(policy(server, about("notification policy")).await);
    if streaming {
        findings.push(match stream::dial(server, signed_in).await {
            Ok(_) => Finding::fine(about("stream"), "the account's stream opens"),
            Err(why) => Finding::note(
                about("stream"),
                format!("{why}; mentions arrive by polling"),
                "let WebSockets through to the server, or set streaming = false",
            ),
        });
    }
    findings
}

fn no_entry(about: String, error: &DeliveryError) -> Finding {
    let todo = match error {
        DeliveryError::Blocked(_) => {
            "make a new access token on the server (Preferences, Development, or `switchboard connect mastodon`) and put it where access_token points"
        }
        _ => "see whether server = \"…\" is the account's server, and whether it can be reached from here",
    };
    Finding::problem(about, error.to_string(), todo)
}

async fn notifications(server: &Server, about: String) -> Finding {
    let query = [("types[]", "mention"), ("limit", "1")];
    match server.get(&["api", "v1", "notifications"], &query).await {
        Ok(_) => Finding::fine(about, "mentions can be read"),
        Err(error) => Finding::problem(
            about,
            format!("mentions cannot be read: {error}"),
            "make an access token with the scope read:notifications (or read)",
        ),
    }
}

/// Servers tell an application's scopes since Mastodon 4.3; others say nothing.
async fn scopes(server: &Server, about: String) -> Option<Finding> {
    let answer = server
        .get(&["api", "v1", "apps", "verify_credentials"], &[])
        .await
        .ok()?;
    let application: Application = answer.json().ok()?;
    if application.scopes.is_empty() {
        return None;
    }
    let has = |scope: &str| {
        let whole = scope.split(':').next().unwrap_or(scope);
        application
            .scopes
            .iter()
            .any(|given| given == scope || given == whole)
    };
    let missing: Vec<&str> = SCOPES.into_iter().filter(|scope| !has(scope)).collect();
    Some(if missing.is_empty() {
        Finding::fine(about, "the application may read mentions and reply")
    } else {
        Finding::problem(
            about,
            format!("the application lacks {}", missing.join(", ")),
            "give the application these scopes and make a new access token",
        )
    })
}

/// Only where the server has such a policy (Mastodon 4.3 and later).
async fn policy(server: &Server, about: String) -> Option<Finding> {
    let answer = server
        .get(&["api", "v2", "notifications", "policy"], &[])
        .await
        .ok()?;
    let policy: Policy = answer.json().ok()?;
    let rules = [
        ("people the account does not follow", &policy.for_not_following),
        ("people who do not follow it", &policy.for_not_followers),
        ("new accounts", &policy.for_new_accounts),
        ("private mentions nobody asked for", &policy.for_private_mentions),
        ("accounts that moderators limited", &policy.for_limited_accounts),
    ];
    let under = |word: &str| -> Vec<&str> {
        rules
            .iter()
            .filter(|(_, rule)| *rule == word)
            .map(|(whom, _)| *whom)
            .collect()
    };
    let todo = "in the account's notification settings, under “Manage who can notify you”, accept them: strangers are the customers";
    let (dropped, filtered) = (under("drop"), under("filter"));
    Some(if !dropped.is_empty() {
        Finding::problem(
            about,
            format!("the server throws away what is said by {}", dropped.join(", ")),
            todo,
        )
    } else if !filtered.is_empty() {
        let what = format!(
            "the server sets aside what is said by {}; Switchboard reads it all the same, but the stream does not announce it, and it may arrive a poll later",
            filtered.join(", ")
        );
        Finding::note(about, what, todo)
    } else {
        Finding::fine(about, "nobody's mentions are held back")
    })
}
