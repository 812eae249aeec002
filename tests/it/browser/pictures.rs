//! Makes the pictures of the documentation: `tests/run.sh --screenshots`. It tests nothing, and runs only when asked.

use std::path::Path;

use super::chromium::Chromium;
use super::page::Page;
use super::switchboard::Switchboard;

#[tokio::test]
#[ignore = "makes docs/images anew; tests/run.sh --screenshots"]
async fn the_pictures_of_the_documentation() {
    let Some(chromium) = Chromium::start() else { return };
    let switchboard = Switchboard::demo();
    let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/images");
    let dana = Page::of(&chromium, &switchboard, "dana", "support").await;
    let mateo = Page::of(&chromium, &switchboard, "mateo", "support").await;
    let lead = mateo.lead("Wren Abernald").await;
    mateo.press_button(&lead, "claim").await;
    mateo.until_state(&lead, "claimed").await;
    mateo.press_button(&lead, "reply").await;
    mateo.until("the form", "find('dialog.form[open]')").await;
    mateo
        .fill(
            "dialog.form textarea",
            "Thank you for the order number, Wren. Your Alder is at the carrier's Quayside depot; \
             their window is today until six. I'll write again at four.",
        )
        .await;
    mateo.click("dialog.form [data-submit='reply']").await;
    // The author answers in the script, and the lead is lively.
    mateo
        .until(
            "the author's answer",
            "turns('author').length > 1 && turns('company').length",
        )
        .await;

    dana.until(
        "the author's answer",
        &format!("card('{lead}').textContent.includes('Forgiven')"),
    )
    .await;
    // Chosen with the mouse, so that no ring of the keyboard stands around it.
    dana.click(&format!("#messages article[data-lead='{lead}'] .lead"))
        .await;
    dana.js(&format!("card('{lead}').scrollIntoView({{ block: 'start' }})"))
        .await;
    dana.until(
        "the details",
        "turns('author').length > 1 && turns('company').length",
    )
    .await;
    dana.until("quiet", "!all('.toast').length").await;
    dana.picture_into(&images.join("board.png")).await;

    dana.looks(390, 844, "dark").await;
    dana.js(&format!("card('{lead}').scrollIntoView({{ block: 'start' }})"))
        .await;
    dana.picture_into(&images.join("board-phone.png")).await;
}
