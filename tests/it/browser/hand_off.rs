//! A lead changes departments in two steps, and both channels tell the same.

use super::chromium::Chromium;
use super::page::Page;
use super::switchboard::Switchboard;

#[tokio::test]
async fn a_hand_off_is_accepted_in_the_other_department_and_its_sender_is_told() {
    let Some(chromium) = Chromium::start() else { return };
    let switchboard = Switchboard::demo();
    let mateo = Page::of(&chromium, &switchboard, "mateo", "support").await;
    let aisha = Page::of(&chromium, &switchboard, "aisha", "sales").await;
    let lead = mateo.lead("Wren Abernald").await;
    mateo.press_button(&lead, "claim").await;
    mateo.until_state(&lead, "claimed").await;

    mateo.press_button(&lead, "hand-off").await;
    mateo.until("the form", "find('dialog.form[open]')").await;
    mateo
        .click("dialog.form [name='department'] option[value='sales']")
        .await;
    mateo
        .fill(
            "dialog.form [name='summary']",
            "Wants a second lamp once this one is found.",
        )
        .await;
    mateo.picture("hand-off-form").await;
    mateo.click("dialog.form [data-submit='hand-off']").await;
    mateo.until_state(&lead, "handing_off").await;

    aisha
        .until(
            "the offer in the other channel",
            &format!("find('[data-command=accept]', card('{lead}'))"),
        )
        .await;
    aisha
        .until(
            "the summary",
            &format!("card('{lead}').textContent.includes('Wants a second lamp once this one is found.')"),
        )
        .await;
    aisha.pictures("hand-off-offer", Some(&lead)).await;
    aisha.press_button(&lead, "accept").await;

    for page in [&aisha, &mateo] {
        page.until_state(&lead, "claimed").await;
        page.until(
            "the new owner",
            &format!("find('.status', card('{lead}')).textContent.includes('Aisha Rahman')"),
        )
        .await;
    }
    mateo
        .until(
            "the sender's notice",
            "toasts('plain').some((text) => text.includes('Aisha Rahman') && text.includes('accepted'))",
        )
        .await;

    mateo.pictures("hand-off", Some(&lead)).await;
    mateo.say_times("hand-off").await;
    aisha.say_times("hand-off").await;
}
