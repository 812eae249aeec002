//! What Slack's error codes mean for an errand: one table. Codes that are not in it are taken for a no that stays a no.
//! Texts are for people; none holds a body, a token or an address.
//!
//! <https://docs.slack.dev/reference/methods/chat.postMessage#errors>

use super::client::Failure;
use crate::port::delivery_error::DeliveryError;

/// Where a call was going, in words.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// A channel's id, and the department that it belongs to.
    Channel { id: String, department: String },
    /// A member's direct messages, by name.
    Direct(String),
}

/// What a code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Too fast; nothing was done.
    Wait,
    /// It may have been done.
    Uncertain,
    /// The way into this channel is closed.
    Route,
    /// Slack does not let us in at all.
    Credentials,
    /// Slack does not take the message as we built it.
    OurFault,
    /// What we wanted to edit or answer is gone.
    Gone,
    /// The person cannot be written to.
    Nobody,
    Unknown,
}

pub(super) fn meaning(code: &str) -> Meaning {
    match code {
        "ratelimited" | "rate_limited" => Meaning::Wait,
        "internal_error" | "fatal_error" | "service_unavailable" | "request_timeout" => Meaning::Uncertain,
        "channel_not_found"
        | "not_in_channel"
        | "is_archived"
        | "message_limit_exceeded"
        | "messages_tab_disabled"
        | "team_not_found"
        | "posting_to_channel_denied"
        | "ekm_access_denied" => Meaning::Route,
        code if code.starts_with("restricted_action") => Meaning::Route,
        "invalid_auth"
        | "not_authed"
        | "account_inactive"
        | "token_revoked"
        | "token_expired"
        | "missing_scope"
        | "no_permission"
        | "access_denied"
        | "not_allowed_token_type"
        | "team_access_not_granted"
        | "org_login_required" => Meaning::Credentials,
        "invalid_blocks"
        | "invalid_blocks_format"
        | "msg_blocks_too_long"
        | "msg_too_long"
        | "no_text"
        | "attachment_payload_limit_exceeded"
        | "too_many_attachments"
        | "block_mismatch"
        | "metadata_too_large"
        | "metadata_must_be_sent_from_app"
        | "markdown_text_conflict"
        | "invalid_arguments"
        | "invalid_arg_name" => Meaning::OurFault,
        code if code.starts_with("invalid_metadata_") => Meaning::OurFault,
        "message_not_found"
        | "cant_update_message"
        | "edit_window_closed"
        | "is_inactive"
        | "thread_not_found"
        | "cannot_reply_to_message" => Meaning::Gone,
        "user_not_found"
        | "users_not_found"
        | "user_disabled"
        | "user_not_in_channel"
        | "user_not_visible"
        | "cannot_dm_bot" => Meaning::Nobody,
        _ => Meaning::Unknown,
    }
}

/// What a failed call means for the errand behind it.
pub(super) fn delivery(failure: &Failure, place: &Place) -> DeliveryError {
    match failure {
        Failure::NotSent(why) => DeliveryError::Transient(why.clone()),
        Failure::Unknown(why) => DeliveryError::Uncertain(why.clone()),
        Failure::TooFast(wait) => DeliveryError::Wait {
            wait: *wait,
            why: "Slack wants fewer calls".to_owned(),
        },
        Failure::Refused(code) => refused(code, place),
    }
}

fn refused(code: &str, place: &Place) -> DeliveryError {
    match meaning(code) {
        Meaning::Wait => DeliveryError::Wait {
            wait: jiff::SignedDuration::from_secs(30),
            why: "Slack wants fewer calls".to_owned(),
        },
        Meaning::Uncertain => DeliveryError::Uncertain(format!("Slack answered {code}")),
        Meaning::Route => DeliveryError::Blocked(route(code, place)),
        Meaning::Credentials => DeliveryError::Blocked(credentials(code)),
        Meaning::OurFault => DeliveryError::Permanent(format!(
            "Slack does not take the message for {} as Switchboard built it ({code})",
            place.words()
        )),
        Meaning::Gone => DeliveryError::Gone(format!("the message in {} is gone ({code})", place.words())),
        Meaning::Nobody => DeliveryError::Gone(format!(
            "Slack cannot reach {} ({code}): check the member’s Slack id",
            place.words()
        )),
        Meaning::Unknown => DeliveryError::Permanent(format!(
            "Slack refused the message for {} ({code})",
            place.words()
        )),
    }
}

impl Place {
    fn words(&self) -> String {
        match self {
            Self::Channel { id, department } => format!("the Slack channel {id} ({department})"),
            Self::Direct(name) => format!("{name} on Slack"),
        }
    }
}

/// What an administrator must do about a way that is closed.
fn route(code: &str, place: &Place) -> String {
    let words = place.words();
    match (code, place) {
        ("not_in_channel", _) => {
            format!("Switchboard is not in {words}: type /invite @switchboard there")
        }
        ("channel_not_found", Place::Channel { .. }) => format!(
            "Slack knows no {}, or it is private and Switchboard is not in it: check its id in departments.toml, or \
             type /invite @switchboard there",
            words.trim_start_matches("the ")
        ),
        ("is_archived", _) => {
            format!("{words} is archived: unarchive it, or give the department another channel in departments.toml")
        }
        ("message_limit_exceeded", _) => {
            "The Slack workspace has reached its plan’s limit of messages: nothing can be posted until the plan \
             is changed or older messages go"
                .to_owned()
        }
        ("messages_tab_disabled", _) => {
            "Slack does not let Switchboard write to people: switch on the Messages Tab on the app’s page, under \
             App Home"
                .to_owned()
        }
        _ => format!("Slack does not let Switchboard post to {words} ({code}): ask who administers the workspace"),
    }
}

fn credentials(code: &str) -> String {
    match code {
        "missing_scope" | "no_permission" => format!(
            "The Slack app lacks a permission ({code}): update the app with the manifest that `switchboard manifest slack` \
             prints, and install it again"
        ),
        "not_allowed_token_type" => {
            "Slack’s bot_token is not one: it begins with xoxb- and stands under OAuth & Permissions"
                .to_owned()
        }
        _ => format!(
            "Slack does not accept Switchboard’s bot token ({code}): install the app again, put the new token where \
             bot_token says, and restart"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn support() -> Place {
        Place::Channel {
            id: "C0SUPPORT".to_owned(),
            department: "Customer Service".to_owned(),
        }
    }

    fn word(error: &DeliveryError) -> &'static str {
        match error {
            DeliveryError::Transient(_) => "transient",
            DeliveryError::Wait { .. } => "wait",
            DeliveryError::Blocked(_) => "blocked",
            DeliveryError::Uncertain(_) => "uncertain",
            DeliveryError::Permanent(_) => "permanent",
            DeliveryError::Gone(_) => "gone",
        }
    }

    #[test]
    fn every_code_has_its_outcome() {
        let table = [
            ("wait", "ratelimited rate_limited"),
            (
                "uncertain",
                "internal_error fatal_error service_unavailable request_timeout",
            ),
            (
                "blocked",
                "channel_not_found not_in_channel is_archived restricted_action restricted_action_read_only_channel \
                 restricted_action_thread_only_channel messages_tab_disabled message_limit_exceeded invalid_auth \
                 not_authed account_inactive token_revoked token_expired missing_scope no_permission \
                 team_access_not_granted not_allowed_token_type",
            ),
            (
                "permanent",
                "invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long no_text \
                 attachment_payload_limit_exceeded too_many_attachments invalid_metadata_format invalid_metadata_schema \
                 metadata_too_large markdown_text_conflict block_mismatch something_new",
            ),
            (
                "gone",
                "message_not_found cant_update_message edit_window_closed is_inactive thread_not_found user_not_found \
                 user_not_in_channel",
            ),
        ];
        for (wanted, codes) in table {
            for code in codes.split_whitespace() {
                let error = delivery(&Failure::Refused(code.to_owned()), &support());
                assert_eq!(word(&error), wanted, "{code}");
            }
        }
        assert_eq!(
            word(&delivery(&Failure::NotSent(String::new()), &support())),
            "transient"
        );
        assert_eq!(
            word(&delivery(&Failure::Unknown(String::new()), &support())),
            "uncertain"
        );
    }

    #[test]
    fn whoever_can_mend_it_reads_what_to_do() {
        let said = |code: &str| delivery(&Failure::Refused(code.to_owned()), &support()).to_string();
        assert_eq!(
            said("not_in_channel"),
            "Switchboard is not in the Slack channel C0SUPPORT (Customer Service): type /invite @switchboard there"
        );
        assert!(said("token_revoked").contains("install the app again"));
        assert!(said("missing_scope").contains("switchboard manifest slack"));
        assert!(said("is_archived").contains("unarchive it"));
    }
}
