//! What an administrator does about Slack's refusals of what we ask about people and channels. Refusals of posts have their
//! own words, since there a card is at stake.
//!
//! <https://docs.slack.dev/reference/methods> lists each method's codes.

use super::client::Failure;

/// What is wrong and what to do about it; `about` is a channel or group as the configuration writes it, or a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Advice {
    pub what: String,
    pub todo: String,
    /// It stays as it is until somebody does something.
    pub lasting: bool,
}

pub(super) fn advise(method: &str, about: &str, failure: &Failure) -> Advice {
    let lasting = |what: String, todo: &str| Advice {
        what,
        todo: todo.to_owned(),
        lasting: true,
    };
    let passing = |what: String| Advice {
        what,
        todo: "try again in a few minutes; https://slack-status.com says whether Slack itself is down"
            .to_owned(),
        lasting: false,
    };
    let code = match failure {
        Failure::Refused(code) => code.as_str(),
        Failure::TooFast(_) => return passing(format!("Slack wants fewer questions ({method})")),
        Failure::NotSent(why) | Failure::Unknown(why) => return passing(why.clone()),
    };
    match code {
        "plan_upgrade_required" => lasting(
            format!("{about}: user groups need a paid plan of Slack"),
            "name a channel whose members are meant instead, such as \"slack/C0614TZR7\"",
        ),
        "missing_scope" => lasting(
            format!(
                "{about}: the app may not ask this; it lacks the scope {}",
                scope(method)
            ),
            "update the app with `switchboard manifest slack` and install it again",
        ),
        "channel_not_found" => lasting(
            format!("{about}: there is no such channel, or it is private and Switchboard is not in it"),
            "compare the id with the channel’s details in Slack, and type /invite @Switchboard in the channel",
        ),
        "user_not_found" | "user_not_visible" | "users_not_found" => lasting(
            format!("{about}: there is no such person in this workspace"),
            "copy the member id from the person’s profile in Slack (⋮, Copy member ID)",
        ),
        "invalid_auth" | "not_authed" | "token_revoked" | "token_expired" | "account_inactive" => lasting(
            format!("Slack does not accept the bot token ({code})"),
            "install the app again and put the new token, xoxb-…, where [slack] bot_token points",
        ),
        "not_allowed_token_type" => lasting(
            "[slack] bot_token holds another kind of token".to_owned(),
            "use the Bot User OAuth Token, xoxb-…, from OAuth & Permissions",
        ),
        "team_access_not_granted" | "org_login_required" | "access_denied" => lasting(
            format!("{about}: this workspace does not let the app in ({code})"),
            "ask the organisation’s administrator to approve the app for this workspace",
        ),
        other => lasting(
            format!("{about}: Slack answers {other} to {method}"),
            "look the code up in Slack’s reference of this method",
        ),
    }
}

/// The scope without which this method is refused.
fn scope(method: &str) -> &'static str {
    match method {
        "usergroups.list" => "usergroups:read",
        "users.info" => "users:read",
        _ => "channels:read or, for a private channel, groups:read",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_says_what_to_do_and_passing_trouble_is_not_an_administrators() {
        let refused = |method, code: &str| advise(method, "slack/C1", &Failure::Refused(code.to_owned()));
        let table = [
            (
                "usergroups.list",
                "plan_upgrade_required",
                "paid plan",
                "name a channel",
            ),
            (
                "usergroups.list",
                "missing_scope",
                "usergroups:read",
                "manifest slack",
            ),
            (
                "conversations.info",
                "missing_scope",
                "groups:read",
                "manifest slack",
            ),
            (
                "conversations.info",
                "channel_not_found",
                "no such channel",
                "/invite",
            ),
            ("users.info", "user_not_found", "no such person", "Copy member ID"),
            ("auth.test", "token_revoked", "bot token", "xoxb-"),
            ("auth.test", "not_allowed_token_type", "another kind", "xoxb-"),
            ("users.info", "some_new_code", "some_new_code", "reference"),
        ];
        for (method, code, what, todo) in table {
            let advice = refused(method, code);
            assert!(
                advice.lasting && advice.what.contains(what) && advice.todo.contains(todo),
                "{advice:?}"
            );
        }
        for failure in [
            Failure::TooFast(jiff::SignedDuration::from_secs(1)),
            Failure::NotSent("Slack cannot be reached".to_owned()),
            Failure::Unknown("the connection broke".to_owned()),
        ] {
            assert!(!advise("users.info", "U1", &failure).lasting);
        }
    }
}
