//! A lead has one owner, whoever is quicker, and everybody sees who.

use super::chromium::Chromium;
use super::page::Page;
use super::switchboard::Switchboard;

#[tokio::test]
async fn of_two_who_claim_at_once_one_wins_and_the_other_reads_who() {
    let Some(chromium) = Chromium::start() else { return };
    let switchboard = Switchboard::demo();
    let mateo = Page::of(&chromium, &switchboard, "mateo", "support").await;
    let yuki = Page::of(&chromium, &switchboard, "yuki", "support").await;
    let lead = mateo.lead("Wren Abernald").await;
    assert_eq!(yuki.lead("Wren Abernald").await, lead);

    // Both press at the same tick of the same clock.
    let race = format!(
        "const button = find('[data-command=\"claim\"]', card('{lead}'));
         window.stillTheSamePage = true;
         setTimeout(() => button.click(), arguments[0] - Date.now());"
    );
    let start = mateo.js("return Date.now() + 400").await;
    for page in [&mateo, &yuki] {
        page.js(&race.replace("arguments[0]", &start.to_string())).await;
    }
    for page in [&mateo, &yuki] {
        page.until_state(&lead, "claimed").await;
        page.until("an answer", "toasts('done').length + toasts('refused').length")
            .await;
    }

    let answers = [
        mateo.js("return [toasts('done'), toasts('refused')]").await,
        yuki.js("return [toasts('done'), toasts('refused')]").await,
    ];
    let won = |answer: &serde_json::Value| answer[0].as_array().is_some_and(|done| !done.is_empty());
    let (winner, refusal) = match (won(&answers[0]), won(&answers[1])) {
        (true, false) => ("Mateo Rivas", &answers[1][1][0]),
        (false, true) => ("Yuki Tanabe", &answers[0][1][0]),
        both => panic!("not one winner: {both:?} {answers:?}"),
    };
    let refusal = refusal.as_str().expect("the loser reads a refusal");
    assert!(refusal.contains(winner), "{refusal}");
    for page in [&mateo, &yuki] {
        let status = page.status(&lead).await;
        assert!(status.contains(winner), "{status}");
        page.until("no reload", "window.stillTheSamePage").await;
    }

    yuki.pictures("claim", Some(&lead)).await;
    mateo.say_times("claim").await;
    yuki.say_times("claim").await;
}
