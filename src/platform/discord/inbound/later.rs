//! What follows a first answer, while the interaction's token lives, and first answers sent by a call of their own. The
//! token is all that lets us answer, so it stands in no log; a person's answer is sent once, and what came too late is
//! counted. <https://docs.discord.com/developers/interactions/receiving-and-responding#followup-messages>

use std::time::Duration;

use secrecy::SecretString;
use serde_json::Value;
use tokio::task::JoinHandle;

use super::requests::Reply;
use super::{answer, calls};
use crate::domain::refusal::Refusal;
use crate::platform::discord::Discord;
use crate::platform::discord::client::Failure;
use crate::platform::discord::render::{form, notice};

/// A token lives fifteen minutes; this leaves time to say so.
const TOKEN_LIFE: Duration = Duration::from_secs(14 * 60);

/// What Discord calls the ends that an answer can come to.
/// <https://docs.discord.com/developers/topics/opcodes-and-status-codes#json>
const UNKNOWN_MESSAGE: u32 = 10_008;
const UNKNOWN_WEBHOOK: u32 = 10_015;
const UNKNOWN_INTERACTION: u32 = 10_062;
const ANSWERED_BEFORE: u32 = 40_060;

/// Discord may take a moment to know of an answer that went out in our HTTP response.
const ONE_MOMENT: Duration = Duration::from_secs(1);

/// The body that takes the place of “Switchboard is thinking…”.
pub(super) async fn outcome(rest: JoinHandle<Reply>) -> Value {
    match tokio::time::timeout(TOKEN_LIFE, rest).await {
        Ok(Ok(Reply::Message(body))) => body,
        // Too late to open by itself.
        Ok(Ok(Reply::Modal(late))) => form::preview(&late),
        Ok(Err(_)) => notice::notice(&broken().into()),
        Err(_) => notice::notice(
            &Refusal::because(
                "Switchboard has not come round to this within a quarter of an hour. It is not lost; the lead’s card \
                 will show what became of it.",
            )
            .into(),
        ),
    }
}

/// A request that ended in a mistake of ours.
pub(super) fn broken() -> Refusal {
    Refusal::because(
        "Something broke while this was done; an administrator finds more in the log. Look at the card before you try \
         again.",
    )
}

/// Puts the outcome where the placeholder is.
pub(super) async fn tell(discord: &Discord, token: &SecretString, body: Value) {
    let body = answer::silent(body);
    let mut told = calls::edit_original(discord, token, &body).await;
    if told
        .as_ref()
        .is_err_and(|failure| is_any(failure, &[UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK]))
    {
        tokio::time::sleep(ONE_MOMENT).await;
        told = calls::edit_original(discord, token, &body).await;
    }
    if let Err(failure) = told {
        untold(&failure);
    }
}

/// The first answer by a call of its own, for what came over the gateway. Where Discord has one already, it follows that.
pub(super) async fn first(discord: &Discord, id: &str, token: &SecretString, first: Value) {
    let Err(failure) = calls::answer(discord, id, token, &first).await else {
        return;
    };
    let body = &first["data"];
    if is_any(&failure, &[ANSWERED_BEFORE]) && (body["embeds"].is_array() || body["content"].is_string()) {
        let followed = calls::follow_up(discord, token, &answer::following(body.clone())).await;
        return followed.unwrap_or_else(|failure| untold(&failure));
    }
    untold(&failure);
}

/// The person saw that we failed; what was asked for may still have been done, and shows on the card.
fn untold(failure: &Failure) {
    let too_late = is_any(failure, &[UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK]);
    let why = if too_late { "too late" } else { "failed" };
    metrics::counter!("switchboard_discord_untold_total", "why" => why).increment(1);
    tracing::warn!(
        "an answer did not reach its person on Discord: {}",
        calls::in_words(failure)
    );
}

fn is_any(failure: &Failure, codes: &[u32]) -> bool {
    calls::code(failure).is_some_and(|code| codes.contains(&code))
}
