//! A kill at any instant is a stop too: the board reconnects by itself and nothing has changed.

use super::chromium::Chromium;
use super::page::Page;
use super::switchboard::Switchboard;

#[tokio::test]
async fn after_a_kill_the_board_reconnects_and_everything_is_as_it_was() {
    let Some(chromium) = Chromium::start() else { return };
    let mut switchboard = Switchboard::demo();
    let mateo = Page::of(&chromium, &switchboard, "mateo", "support").await;
    let lead = mateo.lead("Wren Abernald").await;
    mateo.press_button(&lead, "claim").await;
    mateo.until_state(&lead, "claimed").await;
    mateo.press_button(&lead, "note").await;
    mateo.until("the form", "find('dialog.form[open]')").await;
    mateo
        .fill("dialog.form textarea", "The depot calls back at four.")
        .await;
    mateo.click("dialog.form [data-submit='note']").await;
    mateo.until("the form is gone", "!find('dialog.form')").await;
    mateo.js("window.stillTheSamePage = true").await;
    let cards = "return all('#messages article.card')
        .map((card) => [card.dataset.lead, card.dataset.state, find('.status', card).textContent])";
    let before = mateo.js(cards).await;

    switchboard.kill();
    mateo
        .until(
            "the board says so",
            "find('#live').dataset.state === 'connecting'",
        )
        .await;
    mateo.picture("restart-away").await;
    switchboard.start_again();
    mateo
        .until(
            "the board is back",
            "find('#live').dataset.state === 'live' && window.stillTheSamePage",
        )
        .await;

    let after = mateo.js(cards).await;
    let (before, after) = (
        before.as_array().expect("cards"),
        after.as_array().expect("cards"),
    );
    assert!(
        before.iter().all(|card| after.contains(card)),
        "{before:?}\n{after:?}"
    );
    assert!(
        before
            .iter()
            .any(|card| card[0] == lead.as_str() && card[1] == "claimed")
    );
    // The page was open all the while; a fresh look reads the same from the disk, and work goes on.
    mateo.client.refresh().await.expect("a reload");
    mateo.until_open("mateo").await;
    mateo.until_state(&lead, "claimed").await;
    assert!(mateo.status(&lead).await.contains("Mateo Rivas"));
    mateo.press_button(&lead, "release").await;
    mateo.until_state(&lead, "waiting").await;
    mateo.picture("restart").await;
    mateo.say_times("restart").await;
}
