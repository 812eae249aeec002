//! The gateway: what happens to people's clicks while the line breaks, and how often we say who we are.

use super::*;

#[tokio::test]
async fn a_line_that_breaks_in_the_middle_of_a_click_loses_neither_click_nor_answer() {
    let mut house = House::open(Way::Gateway).await;
    let lead = house.story.question().await;
    let message = house.message().await;
    let custom_id = format!("do|claim|{lead}");
    let interaction = house
        .server
        .interact(&dana(), SUPPORT, Press::Button { message, custom_id });
    house.server.drop_gateway();
    // It happens while nobody listens, and is told when we come back.
    house.server.dispatch("INTERACTION_CREATE", interaction.clone());
    let first = house.server.first_answer(&interaction).await;
    let seen = Seen { interaction, first };
    assert_eq!(house.words(&seen), format!("{lead} is yours."));
    let (_, identified, resumed) = house.server.gateway_counts();
    assert_eq!((identified, resumed), (1, 1));
}

#[tokio::test]
async fn asked_to_come_again_we_resume() {
    let mut house = House::open(Way::Gateway).await;
    let lead = house.story.question().await;
    house.server.ask_to_reconnect();
    house
        .server
        .until(|state| state.gateway().resumes.len() == 1 && state.gateway().ready)
        .await;
    let seen = house.presses(&dana(), "claim", lead).await;
    assert_eq!(house.words(&seen), format!("{lead} is yours."));
    assert_eq!(house.server.gateway_counts().1, 1, "no new identify");
}

#[tokio::test]
async fn a_session_that_is_over_is_begun_anew() {
    let mut house = House::open(Way::Gateway).await;
    let lead = house.story.question().await;
    house.server.invalidate(false);
    house
        .server
        .until(|state| state.gateway().identifies.len() == 2 && state.gateway().ready)
        .await;
    let seen = house.presses(&dana(), "claim", lead).await;
    assert_eq!(house.words(&seen), format!("{lead} is yours."));
}

#[tokio::test]
async fn we_ask_for_no_intents() {
    let house = House::open(Way::Gateway).await;
    house
        .server
        .until(|state| {
            state
                .gateway()
                .identifies
                .iter()
                .all(|identify| identify["intents"] == 0)
        })
        .await;
}

#[tokio::test]
async fn commands_are_registered_in_the_companys_server_once() {
    let house = House::open(Way::Gateway).await;
    let registered = house.server.commands("guild").expect("registered");
    assert!(
        registered
            .as_array()
            .expect("a list")
            .iter()
            .any(|command| command["name"] == "claim")
    );
    assert_eq!(house.server.commands("global"), None, "never for all servers");
    assert_eq!(house.server.asked("PUT", "/commands").len(), 1);

    // Another start finds them as they are.
    house.listens_again().await;
    assert_eq!(house.server.asked("PUT", "/commands").len(), 1);
    assert_eq!(house.server.asked("GET", "/commands").len(), 2);
}

#[tokio::test]
async fn commands_that_nobody_can_list_are_registered_at_each_start() {
    use super::super::server::Fault;
    let house = House::open(Way::Gateway).await;
    for fault in [Fault::Refused(404, 0), Fault::PageAfter] {
        let before = house.server.asked("PUT", "/commands").len();
        house.server.fail_next("GET", "/commands", [fault.clone()]);
        house.listens_again().await;
        assert_eq!(
            house.server.asked("PUT", "/commands").len(),
            before + 1,
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn what_discord_has_an_answer_to_is_followed_up() {
    use super::super::server::Fault;
    let mut house = House::open(Way::Gateway).await;
    let lead = house.story.question().await;
    house
        .server
        .fail_next("POST", "/callback", [Fault::Refused(400, 40060)]);
    let message = house.message().await;
    let custom_id = format!("do|claim|{lead}");
    let interaction = house
        .server
        .interact(&dana(), SUPPORT, Press::Button { message, custom_id });
    house.server.dispatch("INTERACTION_CREATE", interaction);
    house.server.until_asked("POST", "/webhooks/").await;
    let followed = house.server.asked("POST", "/webhooks/");
    assert_eq!(words(&followed[0].body), format!("{lead} is yours."));
    assert_eq!(followed[0].body["flags"], 64, "for Dana alone");
}

#[tokio::test]
async fn an_answer_that_comes_too_late_or_twice_is_no_trouble() {
    use super::super::server::Fault;
    let mut house = House::open(Way::Gateway).await;
    let lead = house.story.question().await;
    house
        .server
        .fail_next("POST", "/callback", [Fault::Refused(404, 10062)]);
    let message = house.message().await;
    let custom_id = format!("do|claim|{lead}");
    let interaction = house
        .server
        .interact(&dana(), SUPPORT, Press::Button { message, custom_id });
    house.server.dispatch("INTERACTION_CREATE", interaction);
    house.server.until_asked("POST", "/callback").await;
    assert_eq!(
        house.story.lead(lead).owner(),
        Some(&"dana".into()),
        "it was done all the same"
    );
    let seen = house.types(&dana(), "mine", json!([])).await;
    assert!(house.words(&seen).contains(&lead.to_string()));
}
