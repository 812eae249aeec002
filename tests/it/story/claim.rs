//! Claiming: one owner, whatever happens at the same time, and every loser is told who won.

use super::*;

stories! {
    a_mention_becomes_a_card_and_dana_claims_it
    a_double_click_and_a_retried_delivery_change_nothing
    claims_are_refused_with_a_reason
    an_idle_claim_is_nudged_then_returns_to_the_queue
    a_restart_forgets_no_claim_and_no_lease
    release_gives_back_and_taking_away_needs_a_reason
    assign_passes_a_lead_to_a_colleague_who_is_told
}

async fn a_mention_becomes_a_card_and_dana_claims_it() {
    let mut desk = TestDesk::new();
    let lead = desk.question().await;
    let card = desk.card("support", lead);
    assert_eq!(card.status, "Waiting for somebody to claim it");
    assert_eq!(
        buttons(&card),
        ["Claim", "Note", "Hand off", "Assign", "Escalate", "Resolve"]
    );
    assert!(card.due.is_some(), "a clock runs");
    assert!(!card.reasons.is_empty(), "the card says why it is here");

    assert_eq!(desk.click("dana", "claim", lead).await.done(), "L-1 is yours.");
    let card = desk.card("support", lead);
    assert_eq!(card.status, "Claimed by Dana Okafor");
    assert!(buttons(&card).contains(&"Reply"));
    assert!(!buttons(&card).contains(&"Claim"));
}

#[tokio::test]
async fn of_many_claims_on_two_platforms_exactly_one_wins_and_each_loser_hears_who() {
    let mut desk = TestDesk::with(
        |company| {
            let support = company.departments.get_mut(&"support".into()).unwrap();
            support
                .channels
                .push(switchboard::domain::ids::Channel::new("slack", "support"));
        },
        scripted::Faults::default(),
    );
    let lead = desk.question().await;
    let people = ["dana", "mateo", "yuki", "ines"];
    let front = Arc::clone(&desk.front);
    let claims = (0..40).map(|turn| {
        let front = Arc::clone(&front);
        let (who, via) = (people[turn % 4], if turn % 2 == 0 { "web" } else { "slack" });
        tokio::spawn(async move {
            let key = format!("race-{turn}");
            let answer = front
                .click(&who.into(), &via.into(), "claim", lead, &key)
                .await
                .unwrap();
            (who, Told(answer).notice())
        })
    });
    let told = futures::future::join_all(claims.collect::<Vec<_>>()).await;
    let told: Vec<_> = told.into_iter().map(|joined| joined.unwrap()).collect();
    let winners: Vec<_> = told
        .iter()
        .filter(|(_, notice)| notice.tone == Tone::Done)
        .collect();
    assert_eq!(winners.len(), 1);
    let owner = desk.lead(lead).owner().cloned().unwrap();
    assert_eq!(winners[0].0, owner.as_str());
    let name = desk.company.name_of(&owner).to_owned();
    for (who, notice) in told.iter().filter(|(_, notice)| notice.tone != Tone::Done) {
        if *who == owner.as_str() {
            assert_eq!(notice.text, "L-1 is yours already; you claimed it just now.");
        } else {
            assert_eq!(notice.text, format!("{name} claimed L-1 just now."));
        }
    }
    desk.settle().await;
    let (web, slack) = (desk.cards("support"), desk.on("slack").cards("support"));
    assert_eq!(web[0].status, format!("Claimed by {name}"));
    assert_eq!(slack[0].status, web[0].status, "both platforms show the same");
}

async fn a_double_click_and_a_retried_delivery_change_nothing() {
    let mut desk = TestDesk::new();
    let lead = desk.question().await;
    let first = desk.click_with_key("dana", "claim", lead, "same").await;
    first.expect("answered").done();
    let before = desk.lead(lead);
    let done = "That was done already; L-1 is as it should be.";
    if let Some(told) = desk.click_with_key("dana", "claim", lead, "same").await {
        assert_eq!(told.refused(), done);
    }
    assert_eq!(desk.lead(lead), before);

    // A platform's half forgets what was delivered when the house is closed; the lead does not.
    desk = desk.restart();
    let again = desk.click_with_key("dana", "claim", lead, "same").await;
    assert_eq!(again.expect("asked").refused(), done);
    assert_eq!(desk.lead(lead), before);
}

async fn claims_are_refused_with_a_reason() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    desk.pass(minutes(3)).await;
    assert_eq!(
        desk.click("yuki", "claim", lead).await.refused(),
        "Dana Okafor claimed L-1 3 min ago."
    );
    assert_eq!(
        desk.click("kofi", "claim", lead).await.refused(),
        "L-1 belongs to Customer service, and you do not work there; `/who L-1` says who does."
    );
    assert_eq!(
        desk.click("lee", "claim", lead).await.refused(),
        "You may read in Customer service but not claim L-1; an agent or lead of Customer service can."
    );
    assert!(
        desk.says("stranger", "/claim L-1")
            .await
            .refused()
            .contains("not a member of")
    );
    assert!(
        desk.says("dana", "/claim L-99")
            .await
            .refused()
            .starts_with("There is no L-99.")
    );
    desk.says("dana", "/resolve L-1 answered").await.done();
    assert_eq!(
        desk.click("yuki", "claim", lead).await.refused(),
        "L-1 was resolved by Dana Okafor as answered just now; `/reopen L-1` brings it back."
    );
}

async fn an_idle_claim_is_nudged_then_returns_to_the_queue() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    desk.pass(minutes(61)).await;
    assert_eq!(
        desk.notices("dana"),
        [
            "L-1 has waited 61 min for you; in 59 min it returns to the queue. A reply, note or snooze keeps it yours."
        ]
    );
    desk.says("dana", "/note L-1 Asked the warehouse.").await.done();
    desk.pass(minutes(100)).await;
    assert_eq!(
        desk.lead(lead).owner().unwrap().as_str(),
        "dana",
        "a note renews the lease"
    );
    desk.pass(minutes(30)).await;
    assert_eq!(desk.lead(lead).owner(), None);
    assert_eq!(
        desk.card("support", lead).status,
        "Waiting for somebody to claim it"
    );
    assert!(
        desk.notices("dana")
            .last()
            .unwrap()
            .starts_with("L-1 went back to the queue")
    );
}

async fn a_restart_forgets_no_claim_and_no_lease() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    desk = desk.restart();
    assert_eq!(desk.lead(lead).owner().unwrap().as_str(), "dana");
    desk.sleep(hours(30));
    desk = desk.restart();
    desk.tick().await;
    desk.settle().await;
    assert_eq!(
        desk.lead(lead).owner(),
        None,
        "the lease ran while the house was off"
    );
}

async fn release_gives_back_and_taking_away_needs_a_reason() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    desk.click("dana", "release", lead).await.done();
    assert_eq!(desk.lead(lead).owner(), None);
    assert_eq!(
        desk.click("dana", "release", lead).await.refused(),
        "Nobody has L-1; it is in the queue."
    );

    desk.click("mateo", "claim", lead).await.done();
    assert_eq!(
        desk.says("yuki", "/release L-1 because").await.refused(),
        "Mateo Rivas has L-1, so only Mateo Rivas or a lead of Customer service can release it."
    );
    let form = desk.click("dana", "release", lead).await.form();
    desk.send("dana", &form, &[("reason", "Mateo is ill")])
        .await
        .done();
    assert_eq!(
        desk.notices("mateo"),
        ["Dana Okafor put L-1 back into the queue: Mateo is ill"]
    );
}

async fn assign_passes_a_lead_to_a_colleague_who_is_told() {
    let mut desk = TestDesk::new();
    let lead = desk.claimed().await;
    assert_eq!(
        desk.says("dana", "/assign L-1 @yuki").await.done(),
        "L-1 is with Yuki Tanabe now."
    );
    assert_eq!(desk.notices("yuki"), ["Dana Okafor assigned L-1 to you."]);
    assert_eq!(desk.card("support", lead).status, "Claimed by Yuki Tanabe");
    assert!(
        desk.says("mateo", "/assign L-1 mateo")
            .await
            .refused()
            .contains("Yuki Tanabe has L-1")
    );
    assert_eq!(
        desk.says("dana", "/assign L-1 kofi").await.refused(),
        "Kofi Mensah is not an agent of Customer service. To pass L-1 to another department, hand it off (`/hand-off L-1`)."
    );
    assert_eq!(
        desk.says("dana", "/assign L-1 yuki").await.refused(),
        "Yuki Tanabe has L-1 already."
    );
}
