//! The way to a chat channel: it may be slow, or closed until somebody mends it; and what goes along it besides cards.

use super::*;
use switchboard::domain::company::{Member, Role};
use switchboard::domain::ids::Channel;
use switchboard::domain::lead::Draft;
use switchboard::domain::staff::{Group, Membership, Person};
use switchboard::port::delivery_error::DeliveryError;

stories! {
    a_draft_fills_the_same_form_again_until_it_is_sent
}

/// Larkspur Home, whose customer service also has a channel on Slack, and where Slack's group S1 works as agents.
fn on_slack() -> TestDesk {
    let change = |company: &mut Company| {
        let support = company.departments.get_mut(&"support".into()).expect("support");
        support.channels.push(Channel::new("slack", "C1"));
        let group = Group {
            platform: "slack".into(),
            name: "S1".into(),
        };
        support.groups.insert(group, Role::Agent);
    };
    TestDesk::with(change, scripted::Faults::default())
}

fn group_is(desk: &TestDesk, people: &[&str]) {
    let people = people.iter().map(|id| Person {
        id: (*id).to_owned(),
        name: format!("Person {id}"),
    });
    desk.front.learn(Membership::Group {
        group: Group {
            platform: "slack".into(),
            name: "S1".into(),
        },
        people: people.collect(),
    });
}

#[tokio::test]
async fn a_closed_way_waits_and_tells_an_administrator_once() {
    let mut desk = on_slack();
    let invite = "type /invite @switchboard in C1";
    let closed = || DeliveryError::Blocked(invite.to_owned());
    desk.on("slack").fail_next([closed(), closed()]);
    let lead = desk.question().await;
    assert_eq!(desk.on("slack").cards("C1"), []);
    assert_eq!(
        desk.card("support", lead).lead,
        lead,
        "other channels are not held up"
    );
    assert_eq!(desk.notices("amara"), [invite]);

    desk.pass(minutes(2)).await;
    assert_eq!(desk.on("slack").cards("C1"), [], "still closed");
    assert_eq!(desk.notices("amara"), [invite], "told once");

    desk.pass(minutes(2)).await;
    assert_eq!(desk.on("slack").cards("C1").len(), 1, "nothing was given up");
    assert_eq!(desk.store.dead_errands(10).expect("readable"), []);
}

#[tokio::test]
async fn a_lane_that_is_asked_to_wait_rests_and_goes_on_with_the_newest_state() {
    let mut desk = on_slack();
    let wait = DeliveryError::Wait {
        wait: SignedDuration::from_secs(30),
        why: "Slack asked for it".to_owned(),
    };
    desk.on("slack").fail_next([wait]);
    let lead = desk.question().await;
    desk.click("dana", "claim", lead).await.done();
    assert_eq!(desk.on("slack").cards("C1"), [], "nothing goes there for 30 s");

    desk.pass(SignedDuration::from_secs(31)).await;
    let cards = desk.on("slack").cards("C1");
    assert_eq!(cards.len(), 1);
    assert_eq!(cards[0].status, "Claimed by Dana Okafor");
    assert_eq!(desk.on("slack").edits(), 0, "one post showed both changes");
}

#[tokio::test]
async fn the_thread_under_a_card_is_told_what_happens() {
    let mut desk = on_slack();
    let lead = desk.claimed().await;
    desk.says("dana", "/note L-1 Parcel found in Leeds").await.done();
    let lines = desk.on("slack").threads("C1");
    assert_eq!(
        lines,
        [[
            "Dana Okafor claimed it",
            "Dana Okafor noted: Parcel found in Leeds"
        ]]
    );
    desk.click("dana", "release", lead).await.done();
    assert_eq!(desk.on("slack").threads("C1")[0].len(), 3);
}

async fn a_draft_fills_the_same_form_again_until_it_is_sent() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    let draft = |text: &str| Draft {
        by: "dana".into(),
        command: "reply".to_owned(),
        fields: vec![("text".to_owned(), text.to_owned())],
    };
    let value = |form: &Form| match &form.fields[0] {
        switchboard::domain::form::Field::Text { value, .. } => value.clone(),
        other => panic!("not a text: {other:?}"),
    };
    let card = desk.card("support", lead);
    desk.front
        .keep_draft(lead, draft("We are lo"))
        .await
        .expect("kept");
    desk.front
        .keep_draft(lead, draft("We are looking"))
        .await
        .expect("kept");
    desk.settle().await;
    assert_eq!(desk.card("support", lead), card, "nobody else sees it");

    let form = desk.click("dana", "reply", lead).await.form();
    assert_eq!(value(&form), "We are looking");
    desk.send("dana", &form, &[("text", "We are looking for it.")])
        .await
        .done();
    assert_eq!(desk.public(), ["We are looking for it."]);
    let again = desk.click("dana", "reply", lead).await.form();
    assert_eq!(value(&again), "", "sent is sent");
}

#[tokio::test]
async fn people_of_a_group_work_at_once_and_are_not_believed_for_ever() {
    let mut desk = on_slack();
    group_is(&desk, &["U7"]);
    let lead = desk.question().await;
    desk.click("slack-u7", "claim", lead).await.done();
    assert_eq!(desk.card("support", lead).status, "Claimed by Person U7");

    desk.pass(minutes(21)).await;
    let told = desk.says("slack-u7", "/reply L-1 On its way").await.refused();
    assert!(told.contains("last confirmed 21 min ago"), "{told}");
    desk.says("slack-u7", "/note L-1 Asked the depot").await.done();
    group_is(&desk, &["U7"]);
    desk.says("slack-u7", "/reply L-1 On its way").await.done();

    group_is(&desk, &[]);
    let gone = desk.click("slack-u7", "release", lead).await.refused();
    assert!(gone.contains("not a member"), "{gone}");
}

#[tokio::test]
async fn a_member_is_told_on_platforms_that_are_in_use_only() {
    let change = |company: &mut Company| {
        let mateo = company.members.get_mut(&"mateo".into()).expect("mateo");
        *mateo = Member {
            identities: [
                ("web".into(), "lee".to_owned()),
                ("discord".into(), "77".to_owned()),
            ]
            .into(),
            ..mateo.clone()
        };
    };
    let mut desk = TestDesk::with(change, scripted::Faults::default());
    let lead = desk.claimed().await;
    desk.says("dana", "/assign L-1 mateo").await.done();
    assert_eq!(desk.notices("mateo").len(), 1);
    assert_eq!(desk.lead(lead).owner(), Some(&"mateo".into()));
    assert_eq!(desk.store.dead_errands(10).expect("readable"), []);
}
