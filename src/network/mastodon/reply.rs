//! A reply: addressed to the author, to no larger audience than what it answers, under its content warning, at most once.
//!
//! Mastodon swallows a second post with the same `Idempotency-Key` for an hour; GoToSocial and Takahe never do, and a
//! second one beside the first that is still under way is swallowed by nobody. So the key goes along and nothing depends on
//! it: in doubt the conversation is read first (<https://docs.joinmastodon.org/methods/statuses/#context>).

use jiff::SignedDuration;
use serde_json::json;

use super::mention::Parent;
use super::same;
use super::server::Server;
use super::wire::{Context, Status, each};
use crate::port::delivery_error::DeliveryError;
use crate::port::social::{PublicReply, Published, Reconciled};

/// Servers cut longer conversations (Mastodon at 4,096), and then a missing reply proves nothing.
const WHOLE_CONVERSATION: usize = 4_000;
/// A request whose connection broke may still be at work there for this long.
const UNDER_WAY: SignedDuration = SignedDuration::from_secs(5);

pub(super) async fn publish(server: &Server, reply: &PublicReply) -> Result<Published, DeliveryError> {
    let parent = parent(server, reply).await?;
    let mut body = json!({
        "status": addressed(&reply.text, &parent.acct),
        "in_reply_to_id": parent.id,
        "visibility": parent.reply_visibility(),
    });
    if !parent.spoiler_text.is_empty() {
        body["spoiler_text"] = json!(parent.spoiler_text);
    }
    let answer = server.post(&["api", "v1", "statuses"], &body, &reply.key).await?;
    // It is public by now; an answer that cannot be read is no reason to send it again.
    match answer.json::<Status>() {
        Ok(status) if !status.id.is_empty() => Ok(published(&status)),
        _ => Err(DeliveryError::Uncertain(format!(
            "{} took the reply and answered something unreadable",
            server.host()
        ))),
    }
}

/// Reads the conversation for our own reply. Absent only where the whole of it was read and shows nothing like it.
pub(super) async fn reconcile(server: &Server, reply: &PublicReply) -> Result<Reconciled, DeliveryError> {
    let own = &server.signed_in().await?.account.id;
    let parent = parent(server, reply).await?;
    let answer = server
        .get(&["api", "v1", "statuses", &parent.id, "context"], &[])
        .await?;
    let context: Context = answer.json()?;
    let all = context.descendants.len();
    let descendants: Vec<Status> = each(context.descendants);
    let sent = addressed(&reply.text, &parent.acct);
    // What a server leaves out counts as ours.
    let ours = descendants.iter().find(|status| {
        let author = status.account.as_ref().map_or("", |account| &account.id);
        let answers = status.in_reply_to_id.as_deref().unwrap_or(&parent.id);
        (author.is_empty() || author == own) && answers == parent.id && same::says(&status.content, &sent)
    });
    if let Some(status) = ours {
        return Ok(Reconciled::Found(published(status)));
    }
    if all >= WHOLE_CONVERSATION || descendants.len() < all {
        let why = format!("{} does not show the whole conversation", server.host());
        return Ok(Reconciled::CannotTell(why));
    }
    let age = server.now().duration_since(reply.asked);
    if age < UNDER_WAY {
        return Err(DeliveryError::Transient(
            "it is too early to say that the reply is not there".to_owned(),
        ));
    }
    Ok(Reconciled::Absent)
}

fn published(status: &Status) -> Published {
    Published {
        native_id: Some(status.id.clone()).filter(|id| !id.is_empty()),
        permalink: status.url.clone().or_else(|| status.uri.clone()),
    }
}

/// As the mention told it, otherwise as the server tells it.
async fn parent(server: &Server, reply: &PublicReply) -> Result<Parent, DeliveryError> {
    let told = reply.reply_target.as_deref();
    if let Some(parent) = told.and_then(|told| serde_json::from_str::<Parent>(told).ok()) {
        return Ok(parent);
    }
    let asked = server
        .get(&["api", "v1", "statuses", &reply.answers], &[])
        .await?;
    let status: Status = asked.json()?;
    Ok(Parent::of(&status))
}

/// Nobody is notified of a reply that does not name them; a direct one would be seen by nobody.
fn addressed(text: &str, acct: &str) -> String {
    if acct.is_empty() || names(text, acct) {
        text.to_owned()
    } else {
        format!("@{acct} {text}")
    }
}

fn names(text: &str, acct: &str) -> bool {
    text.split_whitespace().any(|word| {
        let word = word.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '@');
        word.strip_prefix('@').is_some_and(|name| {
            let name = name.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '_');
            name.eq_ignore_ascii_case(acct)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_names_whom_it_answers_once() {
        for (text, acct, expected) in [
            ("hi", "mara@social.example", "@mara@social.example hi"),
            (
                "@mara@social.example hi",
                "mara@social.example",
                "@mara@social.example hi",
            ),
            ("hi @Mara, fine", "mara", "hi @Mara, fine"),
            ("hi (@mara)!", "mara", "hi (@mara)!"),
            ("@mara hi", "mara@social.example", "@mara@social.example @mara hi"),
            ("@marat hi", "mara", "@mara @marat hi"),
            ("hi", "", "hi"),
        ] {
            assert_eq!(addressed(text, acct), expected);
        }
    }
}
