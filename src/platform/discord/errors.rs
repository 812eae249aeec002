//! The one table from Discord's answers to our own policy. Says in words what an administrator can do; no text of Discord's
//! and no address goes in. <https://docs.discord.com/developers/topics/opcodes-and-status-codes>

use jiff::SignedDuration;

use super::client::Failure;
use crate::port::delivery_error::DeliveryError;

/// How long the bot stays away where something before Discord's API turned it off.
const SHUT_OUT: SignedDuration = SignedDuration::from_mins(10);

/// `place` is where it should have gone, in words: “Discord channel 1106298301283012608”.
pub(super) fn delivery_error(failure: Failure, place: &str) -> DeliveryError {
    use DeliveryError::{Blocked, Gone, Permanent, Transient, Uncertain, Wait};
    let (status, code, fields) = match failure {
        Failure::TooFast(wait) => {
            let why = format!("Discord takes no more for {place} for a moment");
            return Wait { wait, why };
        }
        Failure::NotSent(why) => return Transient(why),
        Failure::Unknown(why) => return Uncertain(why),
        Failure::Refused { status, code, fields } => (status, code, fields),
    };
    match (status, code) {
        (401, 0) => Blocked(
            "Discord no longer takes the bot’s token: put the present one where `bot_token` in [discord] says, and \
             restart Switchboard"
                .to_owned(),
        ),
        (_, 10003) => Blocked(format!(
            "{place} does not exist: name another channel in the configuration, or take it out"
        )),
        (_, 10004) => Blocked(
            "the bot is not in the Discord server that [discord] names: invite it, or correct `guild`".to_owned(),
        ),
        (_, 10008) => Gone("the message was deleted on Discord".to_owned()),
        (_, 10015 | 50027) => Gone("the fifteen minutes to answer on Discord are over".to_owned()),
        (_, 10062) => Gone("the answer came later than Discord’s three seconds".to_owned()),
        (_, 40060) => Permanent("this was answered on Discord already".to_owned()),
        (_, 50001) => Blocked(format!(
            "the bot cannot see {place}: give its role “View Channel” there"
        )),
        (_, 50013) => Blocked(format!(
            "the bot may not post in {place}: give its role “Send Messages”, “Embed Links”, “Attach Files”, “Read \
             Message History”, “Create Public Threads” and “Send Messages in Threads” there"
        )),
        (_, 50005) => Gone("the message on Discord is not Switchboard’s own".to_owned()),
        (_, 50006) => Permanent("Discord refused an empty message".to_owned()),
        (_, 50007) => Gone(
            "this person takes no direct messages on Discord from members of the server; they can allow them in the \
             server’s privacy settings"
                .to_owned(),
        ),
        (_, 50008 | 50024) => Blocked(format!(
            "{place} is neither a text channel nor a forum: name another channel in the configuration"
        )),
        (_, 50035) => Permanent(format!(
            "Discord refused the form of a message for {place} ({})",
            fields.join(", ")
        )),
        (_, 40005 | 50045) | (413, _) => {
            Permanent("the pictures are too large for this Discord server".to_owned())
        }
        (_, 30015) => Permanent("these are more pictures than Discord takes at once".to_owned()),
        (_, 50083) => Transient("the thread on Discord is archived".to_owned()),
        (_, 160_005) => Gone("the thread on Discord is locked".to_owned()),
        (_, 160_006) => Transient(format!("too many threads are open on Discord in {place}")),
        (_, 30034) => Wait {
            wait: SignedDuration::from_hours(1),
            why: "Discord takes no more new commands for this server today".to_owned(),
        },
        // Not for the whole channel: only this one old card is edited too often. Waiting gathers its changes into one.
        (_, 30046) => Transient("Discord limits changes to messages older than an hour".to_owned()),
        (_, 20016 | 20028 | 20029) => Wait {
            wait: SignedDuration::from_secs(10),
            why: format!("{place} is in slow mode"),
        },
        // No JSON of Discord's API: whatever stands before it has shut this address out.
        (403 | 429, 0) | (_, 40333) => Wait {
            wait: SHUT_OUT,
            why: "Discord has shut this machine’s address out for a while".to_owned(),
        },
        (403, _) => Blocked(format!(
            "Discord forbids this in {place} (code {code}): look at the bot’s permissions there"
        )),
        (429, _) => Wait {
            wait: SignedDuration::from_secs(30),
            why: format!("Discord takes no more for {place} for a moment (code {code})"),
        },
        _ => Permanent(format!(
            "Discord refused this for {place} (HTTP {status}, code {code})"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_sheet_has_its_policy() {
        let table: &[(u16, &[u32], &str)] = &[
            (401, &[0], "blocked"),
            (404, &[10003, 10004], "blocked"),
            (404, &[10008, 10015, 10062], "gone"),
            (401, &[50027], "gone"),
            (403, &[50001, 50013, 99999], "blocked"),
            (403, &[50005, 50007], "gone"),
            (400, &[40060, 50006, 50035, 50045, 30015, 99999], "permanent"),
            (413, &[0, 40005], "permanent"),
            (400, &[50008, 50024], "blocked"),
            (400, &[50083, 160_006, 30046], "transient"),
            (429, &[30046], "transient"),
            (400, &[160_005], "gone"),
            (400, &[30034, 20016, 20028, 20029], "wait"),
            (429, &[20016, 20028, 20029], "wait"),
            (403, &[0, 40333], "wait"),
        ];
        for (status, codes, policy) in table {
            for code in *codes {
                let failure = Failure::Refused {
                    status: *status,
                    code: *code,
                    fields: vec!["embeds.0.title: BASE_TYPE_MAX_LENGTH".to_owned()],
                };
                let error = delivery_error(failure, "Discord channel 1106");
                assert_eq!(word(&error), *policy, "{status} {code}: {error}");
            }
        }
        let word_of = |failure| word(&delivery_error(failure, "here"));
        assert_eq!(word_of(Failure::Unknown("x".into())), "uncertain");
        assert_eq!(word_of(Failure::NotSent("x".into())), "transient");
        assert_eq!(word_of(Failure::TooFast(SignedDuration::from_secs(1))), "wait");
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
}
