//! Several platforms at once: one lead shows on all of them, people act wherever they are, and one desk decides.

use super::*;

const ALL: [Surface; 3] = [Surface::Web, Surface::Slack, Surface::Discord];

/// What each platform shows as the lead's status in customer service's channel.
fn statuses(desk: &mut TestDesk, lead: LeadId) -> Vec<String> {
    let look = |surface| {
        desk.go_to(surface);
        desk.card("support", lead).status
    };
    ALL.map(look).into()
}

/// Departments keep only their channel on these surfaces.
fn sits(company: &mut Company, department: &str, surface: Surface) {
    let department = company.departments.get_mut(&department.into());
    let channels = &mut department.expect("a department").channels;
    channels.retain(|channel| channel.platform == surface.platform());
}

#[tokio::test]
async fn one_lead_on_three_platforms_is_claimed_on_one_answered_from_another_and_resolved_on_the_third() {
    on(Surface::Everywhere, async {
        let mut desk = TestDesk::new();
        let lead = desk.question().await;
        assert_eq!(
            statuses(&mut desk, lead),
            ["Waiting for somebody to claim it"; 3],
            "live everywhere at once"
        );
        desk.go_to(Surface::Slack);
        desk.click("dana", "claim", lead).await.done();
        assert_eq!(statuses(&mut desk, lead), ["Claimed by Dana Okafor"; 3]);

        desk.go_to(Surface::Discord);
        let form = desk.click("dana", "reply", lead).await.form();
        desk.send("dana", &form, &[("text", "It left today.")])
            .await
            .done();
        assert_eq!(desk.public(), ["It left today."]);
        for surface in ALL {
            desk.go_to(surface);
            let card = desk.card("support", lead);
            let turn = card.turns.last().expect("a conversation");
            assert_eq!(
                (turn.author.as_ref(), turn.text.as_written()),
                (None, "It left today.")
            );
        }

        desk.go_to(Surface::Web);
        desk.says("dana", "/resolve L-1 answered").await.done();
        assert_eq!(
            statuses(&mut desk, lead),
            ["Resolved as answered by Dana Okafor"; 3]
        );
        let platforms: Vec<_> = desk
            .store
            .timeline(lead, 0, 100)
            .expect("readable")
            .into_iter()
            .filter_map(|entry| entry.via.map(|via| via.to_string()))
            .collect();
        assert_eq!(
            platforms,
            ["slack", "discord", "web"],
            "and the history says where"
        );
    })
    .await;
}

#[tokio::test]
async fn of_three_clicks_on_three_platforms_at_once_one_wins_and_the_others_hear_who() {
    on(Surface::Everywhere, async {
        let mut desk = TestDesk::new();
        let lead = desk.question().await;
        let [web, slack, discord] = ALL.map(|surface| {
            desk.go_to(surface);
            desk.wire()
        });
        let told = futures::join!(
            web.click("dana", "claim", lead, "race-web"),
            slack.click("mateo", "claim", lead, "race-slack"),
            discord.click("yuki", "claim", lead, "race-discord"),
        );
        desk.settle().await;
        let owner = desk.lead(lead).owner().cloned().expect("somebody has it");
        let name = desk.company.name_of(&owner).to_owned();
        for (who, told) in [("dana", told.0), ("mateo", told.1), ("yuki", told.2)] {
            let notice = told.expect("answered").notice();
            match owner.as_str() == who {
                true => assert_eq!((notice.tone, notice.text.as_str()), (Tone::Done, "L-1 is yours.")),
                false => assert_eq!(
                    (notice.tone, notice.text),
                    (Tone::Refused, format!("{name} claimed L-1 just now."))
                ),
            }
        }
        assert_eq!(
            statuses(&mut desk, lead),
            [(); 3].map(|()| format!("Claimed by {name}"))
        );
    })
    .await;
}

#[tokio::test]
async fn a_hand_off_crosses_from_a_department_on_slack_to_one_on_discord() {
    on(Surface::Everywhere, async {
        let apart = |company: &mut Company| {
            sits(company, "support", Surface::Slack);
            sits(company, "sales", Surface::Discord);
        };
        let mut desk = TestDesk::with(apart, scripted::Faults::default());
        desk.go_to(Surface::Slack);
        let lead = desk.claimed().await;
        let form = desk.click("dana", "hand-off", lead).await.form();
        let fields = [
            ("department", "sales"),
            ("summary", "Wants forty lamps for a hotel"),
            ("promised", "a call today"),
        ];
        desk.send("dana", &form, &fields).await.done();
        assert_eq!(buttons(&desk.card("support", lead)), ["Withdraw offer", "Note"]);

        desk.go_to(Surface::Discord);
        assert_eq!(desk.cards("support"), [], "each department only where it sits");
        let there = desk.card("sales", lead);
        assert_eq!(buttons(&there), ["Accept", "Decline"]);
        assert_eq!(there.banners[0].lines[0], "Wants forty lamps for a hotel");
        desk.click("lee", "accept", lead).await.done();
        assert_eq!(desk.card("sales", lead).status, "Claimed by Lee Novak");

        desk.go_to(Surface::Slack);
        assert_eq!(desk.cards("sales"), []);
        assert_eq!(buttons(&desk.card("support", lead)), [""; 0]);
        assert_eq!(
            desk.notices("dana"),
            ["Lee Novak accepted L-1 for Sales. It is off your desk."]
        );
        let told = desk.says("dana", "/reply L-1 Hello").await.refused();
        assert!(told.contains("Sales"), "{told}");
    })
    .await;
}
