//! What every chat platform promises to whoever posts through it, one function per promise, run against each of them.
//! A stage is a platform with a way to look at it as its people do; the desk around it is reduced to what it remembers.

use async_trait::async_trait;
use switchboard::domain::card::Card;
use switchboard::domain::ids::{Channel, LeadId, MessageRef};
use switchboard::domain::message::Content;
use switchboard::domain::notice::Row;
use switchboard::port::chat::{ChatPlatform, Posting};
use switchboard::port::delivery_error::DeliveryError;

use super::web_board::start;
use super::web_board_things as things;

mod digests;

use digests::a_digest_is_seen_once;

/// Runs each promise against a new stage of one kind.
macro_rules! promises_of {
    ($platform:ident: $stage:expr; $($promise:ident)*) => {
        mod $platform {
            mod stage;
            use stage::Stage;
            $(#[tokio::test] async fn $promise() { super::$promise(&$stage.await).await })*
        }
    };
}

// It deletes nothing, knows nobody by name and keeps no pictures.
promises_of! { memory: Stage::open();
    a_posted_card_is_seen_and_can_be_edited
    a_posting_that_nobody_heard_of_is_not_repeated
    an_edit_of_a_message_that_is_not_there_says_gone
    a_notice_reaches_one_person_only
    lines_of_a_thread_stand_under_their_card_in_order
    a_digest_is_seen_once
    what_a_stranger_wrote_is_shown_as_it_is
}

// It shows what the desk has, so nothing can be deleted from it, and a lead's history stands behind its card.
promises_of! { web: Stage::open();
    a_posted_card_is_seen_and_can_be_edited
    a_posting_that_nobody_heard_of_is_not_repeated
    a_notice_reaches_one_person_only
    a_notice_to_somebody_it_does_not_know_says_gone
    a_digest_is_seen_once
    what_a_stranger_wrote_is_shown_as_it_is
}

promises_of! { slack: Stage::open();
    a_posted_card_is_seen_and_can_be_edited
    a_posting_that_nobody_heard_of_is_not_repeated
    an_edit_of_a_message_that_is_not_there_says_gone
    a_deleted_card_says_gone_and_can_be_posted_anew
    a_notice_reaches_one_person_only
    a_notice_to_somebody_it_does_not_know_says_gone
    lines_of_a_thread_stand_under_their_card_in_order
    a_digest_is_seen_once
    what_a_stranger_wrote_is_shown_as_it_is
    what_goes_wrong_outside_has_its_right_name
    an_answer_that_never_came_is_not_asked_for_twice
}

promises_of! { discord: Stage::open();
    a_posted_card_is_seen_and_can_be_edited
    a_posting_that_nobody_heard_of_is_not_repeated
    an_edit_of_a_message_that_is_not_there_says_gone
    a_deleted_card_says_gone_and_can_be_posted_anew
    a_notice_reaches_one_person_only
    a_notice_to_somebody_it_does_not_know_says_gone
    lines_of_a_thread_stand_under_their_card_in_order
    a_digest_is_seen_once
    what_a_stranger_wrote_is_shown_as_it_is
    what_goes_wrong_outside_has_its_right_name
    an_answer_that_never_came_is_not_asked_for_twice
}

/// How a platform's next posting goes wrong.
#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    TooFast,
    /// The message is posted, and the answer is lost.
    NoAnswer,
    NotInvited,
    ThrownOut,
}

/// One message as the people in a channel see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// All of its words, as displayed.
    pub text: String,
    pub buttons: Vec<String>,
    /// The thread under it, oldest first.
    pub thread: Vec<String>,
    pub pictures: usize,
    /// Whom or what it calls.
    pub calls: Vec<String>,
}

#[async_trait]
pub trait Looks: Send + Sync {
    fn platform(&self) -> &dyn ChatPlatform;

    fn channel(&self) -> Channel;

    /// The desk has the lead like this when a courier comes to show it.
    fn holds(&self, _: &Card) {}

    /// The desk has heard of this posting.
    fn heard(&self, _: &Channel, _: &MessageRef, _: Content) {}

    /// The channel's messages, oldest first.
    async fn seen(&self) -> Vec<Seen>;

    /// What this member alone was told.
    async fn told(&self, member: &str) -> Vec<String>;

    /// Somebody deletes a message by hand.
    fn delete(&self, _: &MessageRef) {
        unreachable!("nothing is deleted here")
    }

    fn pass(&self, _: jiff::SignedDuration) {
        unreachable!("time stands still here")
    }

    fn trouble(&self, _: Trouble) {
        unreachable!("nothing goes wrong here")
    }
}

async fn post(stage: &dyn Looks, card: &Card, key: &str) -> MessageRef {
    stage.holds(card);
    let message = stage
        .platform()
        .post_card(&stage.channel(), card, &key.into())
        .await;
    let message = message.expect("posted");
    stage.heard(&stage.channel(), &message, Content::Card(card.lead));
    message
}

/// As a courier does: tries again when it was asked to, or a while after nobody knew.
async fn until_posted(stage: &dyn Looks, card: &Card, posting: &Posting) -> MessageRef {
    for _ in 0..10 {
        let posted = stage.platform().post_card(&stage.channel(), card, posting).await;
        match posted {
            Ok(message) => return message,
            Err(DeliveryError::Wait { wait, .. }) => stage.pass(wait),
            Err(_) => stage.pass(jiff::SignedDuration::from_mins(1)),
        }
    }
    panic!("it never comes to an end");
}

fn waiting(lead: u64, text: &str) -> Card {
    things::card(lead, "support", text, start())
}

fn claimed(card: &Card) -> Card {
    Card {
        version: card.version + 1,
        status: "Claimed by Dana Okafor".into(),
        owner: Some("dana".into()),
        owner_name: Some("Dana Okafor".into()),
        actions: vec![
            things::action(
                "reply",
                "Reply",
                true,
                switchboard::domain::card::Emphasis::Primary,
            ),
            things::action(
                "release",
                "Release",
                false,
                switchboard::domain::card::Emphasis::Normal,
            ),
        ],
        ..card.clone()
    }
}

async fn a_posted_card_is_seen_and_can_be_edited(stage: &dyn Looks) {
    let card = waiting(1, "My parcel is lost");
    let message = post(stage, &card, "one").await;
    post(stage, &waiting(2, "Mine too"), "two").await;
    let seen = stage.seen().await;
    assert_eq!(seen.len(), 2);
    assert!(seen[0].text.contains("My parcel is lost"), "{}", seen[0].text);
    assert!(seen[0].text.contains("L-1"), "{}", seen[0].text);
    assert_eq!(seen[0].buttons, ["Claim", "Assign", "Hand off", "Resolve"]);

    let card = claimed(&card);
    stage.holds(&card);
    let edited = stage
        .platform()
        .edit_card(&stage.channel(), &message, &card)
        .await;
    edited.expect("edited");
    let seen = stage.seen().await;
    assert_eq!(seen.len(), 2, "an edit posts nothing");
    assert!(
        seen[0].text.contains("Claimed by Dana Okafor"),
        "{}",
        seen[0].text
    );
    assert_eq!(seen[0].buttons, ["Reply", "Release"]);
    assert!(seen[1].text.contains("Mine too"), "the other card is untouched");
}

async fn a_posting_that_nobody_heard_of_is_not_repeated(stage: &dyn Looks) {
    let card = waiting(1, "My parcel is lost");
    stage.holds(&card);
    let lost = stage
        .platform()
        .post_card(&stage.channel(), &card, &"the same".into())
        .await;
    lost.expect("posted, but nobody heard");
    let again = Posting {
        since: Some(start()),
        ..Posting::from("the same")
    };
    let found = until_posted(stage, &card, &again).await;
    stage.heard(&stage.channel(), &found, Content::Card(card.lead));
    assert_eq!(stage.seen().await.len(), 1);
    post(stage, &waiting(2, "Mine too"), "another").await;
    assert_eq!(stage.seen().await.len(), 2);
}

async fn an_edit_of_a_message_that_is_not_there_says_gone(stage: &dyn Looks) {
    let card = waiting(1, "My parcel is lost");
    let message = post(stage, &card, "one").await;
    let other = MessageRef::new(message.as_str().replace(|c: char| c.is_ascii_digit(), "1"));
    let edited = stage.platform().edit_card(&stage.channel(), &other, &card).await;
    assert!(matches!(edited, Err(DeliveryError::Gone(_))), "{edited:?}");
    assert_eq!(stage.seen().await.len(), 1);
}

async fn a_deleted_card_says_gone_and_can_be_posted_anew(stage: &dyn Looks) {
    let card = waiting(1, "My parcel is lost");
    let message = post(stage, &card, "one").await;
    stage.delete(&message);
    let edited = stage
        .platform()
        .edit_card(&stage.channel(), &message, &card)
        .await;
    assert!(matches!(edited, Err(DeliveryError::Gone(_))), "{edited:?}");
    post(stage, &card, "instead of the first").await;
    assert_eq!(stage.seen().await.len(), 1);
}

async fn what_goes_wrong_outside_has_its_right_name(stage: &dyn Looks) {
    let card = waiting(1, "My parcel is lost");
    for (trouble, name) in [
        (Trouble::TooFast, "Wait"),
        (Trouble::NotInvited, "Blocked"),
        (Trouble::ThrownOut, "Blocked"),
    ] {
        stage.trouble(trouble);
        let posted = stage
            .platform()
            .post_card(&stage.channel(), &card, &"one".into())
            .await;
        let got = match &posted {
            Err(DeliveryError::Wait { .. }) => "Wait",
            Err(DeliveryError::Blocked(_)) => "Blocked",
            _ => "something else",
        };
        assert_eq!(got, name, "{trouble:?}: {posted:?}");
        if let Err(DeliveryError::Wait { wait, .. }) = posted {
            stage.pass(wait);
        }
    }
    assert_eq!(stage.seen().await, []);
}

async fn an_answer_that_never_came_is_not_asked_for_twice(stage: &dyn Looks) {
    let card = waiting(1, "My parcel is lost");
    stage.trouble(Trouble::NoAnswer);
    let posted = stage
        .platform()
        .post_card(&stage.channel(), &card, &"one".into())
        .await;
    assert!(matches!(posted, Err(DeliveryError::Uncertain(_))), "{posted:?}");
    assert_eq!(stage.seen().await.len(), 1, "it is there all the same");
    until_posted(stage, &card, &"one".into()).await;
    assert_eq!(stage.seen().await.len(), 1, "found, and not posted again");
}

async fn a_notice_reaches_one_person_only(stage: &dyn Looks) {
    let text = "Lee Marchetti assigned L-1 to you.";
    let platform = stage.platform();
    let message = platform
        .notify(&"dana".into(), Some(LeadId(1)), text, &"notice".into())
        .await
        .expect("told");
    let private = Channel::private(&platform.id(), &"dana".into());
    let lead = Some(LeadId(1));
    stage.heard(
        &private,
        &message,
        Content::Notice {
            lead,
            text: text.into(),
        },
    );
    let told = stage.told("dana").await;
    assert_eq!(told.len(), 1);
    assert!(told[0].contains(text), "{}", told[0]);
    assert_eq!(stage.told("lee").await, [""; 0]);
    assert_eq!(stage.seen().await, []);
}

async fn a_notice_to_somebody_it_does_not_know_says_gone(stage: &dyn Looks) {
    let told = stage
        .platform()
        .notify(&"nobody".into(), None, "Hello", &"notice".into())
        .await;
    assert!(matches!(told, Err(DeliveryError::Gone(_))), "{told:?}");
}

async fn lines_of_a_thread_stand_under_their_card_in_order(stage: &dyn Looks) {
    let first = post(stage, &waiting(1, "My parcel is lost"), "one").await;
    let second = post(stage, &waiting(2, "Mine too"), "two").await;
    let lines = [
        (&first, "Dana Okafor claimed it"),
        (&second, "Lee Marchetti claimed it"),
        (&first, "Dana Okafor noted: asked the depot"),
    ];
    for (nth, (card, text)) in lines.into_iter().enumerate() {
        let line = Row {
            lead: None,
            text: text.into(),
            said: None,
            at: Some(start()),
        };
        let posting = Posting::from(format!("line-{nth}").as_str());
        let told = stage
            .platform()
            .tell_thread(&stage.channel(), card, &line, &posting)
            .await;
        told.expect("told");
    }
    let seen = stage.seen().await;
    assert_eq!(seen.len(), 2, "a thread's lines are not messages of the channel");
    let holds = |thread: &[String], texts: &[&str]| {
        assert_eq!(thread.len(), texts.len(), "{thread:?}");
        for (line, text) in thread.iter().zip(texts) {
            assert!(line.contains(text), "{line}");
        }
    };
    holds(&seen[0].thread, &[lines[0].1, lines[2].1]);
    holds(&seen[1].thread, &[lines[1].1]);
}

async fn what_a_stranger_wrote_is_shown_as_it_is(stage: &dyn Looks) {
    let hostile = "<!channel> <@U2> @everyone *bold* [safe](https://evil.example) <b>x</b> `code` &amp;";
    let mut card = waiting(1, hostile);
    if let Some(author) = &mut card.author {
        author.name = "<!here> @everyone".into();
    }
    post(stage, &card, "one").await;
    let seen = stage.seen().await;
    assert!(seen[0].text.contains(hostile), "{}", seen[0].text);
    assert_eq!(seen[0].calls, [""; 0]);
}
