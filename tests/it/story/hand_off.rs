//! Handing off: two phases; the sender stays owner, and its clock runs, until somebody in the other department accepts.

use super::*;

stories! {
    an_offer_shows_in_the_other_channel_with_its_packet_and_is_accepted_there
    a_decline_returns_it_with_the_reason
    nobody_answers_and_the_offer_runs_out_also_across_a_restart
    while_an_offer_is_open_other_things_wait
    two_accept_at_once_and_one_wins
    a_hand_off_is_refused_with_a_reason
    a_confidential_departments_lead_is_a_stub_elsewhere
}

async fn offered(desk: &mut TestDesk) -> LeadId {
    let lead = desk.claimed().await;
    let form = desk.click("dana", "hand-off", lead).await.form();
    let fields = [
        ("department", "sales"),
        ("summary", "Wants forty lamps for a hotel"),
        ("promised", "a call today"),
        ("suggested_reply", "May we call you?"),
    ];
    let told = desk.send("dana", &form, &fields).await.done();
    assert_eq!(
        told,
        "L-1 is offered to Sales. It stays yours, and its clock runs, until they accept."
    );
    lead
}

async fn an_offer_shows_in_the_other_channel_with_its_packet_and_is_accepted_there() {
    let mut desk = TestDesk::new();
    let lead = offered(&mut desk).await;
    let there = desk.card("sales", lead);
    assert_eq!(buttons(&there), ["Accept", "Decline"]);
    assert_eq!(
        there.banners[0].lines,
        [
            "Wants forty lamps for a hotel",
            "Promised: a call today",
            "Suggested reply: May we call you?"
        ]
    );
    assert_eq!(buttons(&desk.card("support", lead)), ["Withdraw offer", "Note"]);
    assert_eq!(
        desk.lead(lead).owner().unwrap().as_str(),
        "dana",
        "the sender stays owner"
    );
    assert!(desk.card("support", lead).due.is_some(), "and its clock runs");

    desk.click("lee", "accept", lead).await.done();
    assert_eq!(desk.lead(lead).department.as_str(), "sales");
    assert_eq!(desk.card("sales", lead).status, "Claimed by Lee Novak");
    assert_eq!(
        buttons(&desk.card("support", lead)),
        [""; 0],
        "nothing to do here any more"
    );
    assert_eq!(
        desk.notices("dana"),
        ["Lee Novak accepted L-1 for Sales. It is off your desk."]
    );
}

async fn a_decline_returns_it_with_the_reason() {
    let mut desk = TestDesk::new();
    let lead = offered(&mut desk).await;
    let form = desk.click("aisha", "decline", lead).await.form();
    assert_eq!(
        desk.send("aisha", &form, &[("reason", " ")])
            .await
            .notice()
            .field
            .as_deref(),
        Some("reason")
    );
    let form = desk.click("aisha", "decline", lead).await.form();
    desk.send("aisha", &form, &[("reason", "Hotels are the contract team's")])
        .await
        .done();
    assert_eq!(
        desk.notices("dana"),
        ["Aisha Rahman declined L-1 for Sales: Hotels are the contract team's. It is still yours."]
    );
    assert_eq!(desk.card("support", lead).status, "Claimed by Dana Okafor");
    assert_eq!(buttons(&desk.card("sales", lead)), [""; 0]);
}

async fn nobody_answers_and_the_offer_runs_out_also_across_a_restart() {
    let mut desk = TestDesk::new();
    let lead = offered(&mut desk).await;
    desk = desk.restart();
    desk.pass(minutes(119)).await;
    assert!(desk.lead(lead).hand_off.is_some());
    desk.pass(minutes(2)).await;
    assert!(desk.lead(lead).hand_off.is_none());
    assert_eq!(desk.lead(lead).owner().unwrap().as_str(), "dana");
    assert!(
        desk.notices("dana")
            .iter()
            .any(|text| text.starts_with("Nobody in Sales took L-1 in time."))
    );
}

async fn while_an_offer_is_open_other_things_wait() {
    let mut desk = TestDesk::new();
    let lead = offered(&mut desk).await;
    assert!(
        desk.says("dana", "/reply L-1 Hello")
            .await
            .refused()
            .starts_with("L-1 is offered to Sales")
    );
    assert!(
        desk.says("dana", "/hand-off L-1 pr Again")
            .await
            .refused()
            .contains("not answered yet")
    );
    assert_eq!(
        desk.click("kofi", "accept", lead).await.refused(),
        "L-1 belongs to Sales, and you do not work there; `/who L-1` says who does."
    );
    desk.click("dana", "withdraw", lead).await.done();
    assert_eq!(
        desk.click("lee", "accept", lead).await.refused(),
        "No hand-off of L-1 is open; it belongs to Customer service and Dana Okafor has it."
    );
}

async fn two_accept_at_once_and_one_wins() {
    let mut desk = TestDesk::new();
    let lead = offered(&mut desk).await;
    desk.click("lee", "accept", lead).await.done();
    let told = desk.click("aisha", "accept", lead).await.refused();
    assert_eq!(
        told,
        "No hand-off of L-1 is open; it belongs to Sales and Lee Novak has it."
    );
}

async fn a_hand_off_is_refused_with_a_reason() {
    let mut desk = TestDesk::new();
    desk.claimed().await;
    assert!(
        desk.says("dana", "/hand-off L-1 support To us")
            .await
            .refused()
            .contains("is with Customer service already")
    );
    assert!(
        desk.says("dana", "/hand-off L-1 nowhere Please")
            .await
            .refused()
            .contains("nowhere")
    );
}

async fn a_confidential_departments_lead_is_a_stub_elsewhere() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    desk.says("dana", "/hand-off L-1 hr They ask about a colleague.")
        .await
        .done();
    desk.click("priya", "accept", lead).await.done();
    let stub = desk.card("support", lead);
    assert!(stub.stub);
    assert!(
        stub.author.is_none() && stub.turns.is_empty() && stub.actions.is_empty() && stub.reasons.is_empty()
    );
    assert!(!desk.card("hr", lead).stub);
    let shown = desk.says("dana", "/show L-1").await.notice();
    assert!(!format!("{shown:?}").contains("4711"), "nor does /show tell");
    let found = desk.says("dana", "/find 4711").await.notice();
    assert!(!format!("{found:?}").contains("Monday"));
}
