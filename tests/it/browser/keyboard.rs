//! The whole job with the keyboard alone.

use fantoccini::key::Key;
use serde_json::Value;

use super::chromium::Chromium;
use super::page::Page;
use super::switchboard::Switchboard;

/// Presses Tab until the focus is where an expression over `focused` says.
async fn tab_to(page: &Page, what: &str, expression: &str) {
    for _ in 0..80 {
        let there = page
            .js(&format!(
                "const focused = document.activeElement; return Boolean({expression})"
            ))
            .await;
        if there == Value::Bool(true) {
            return;
        }
        page.key(Key::Tab).await;
    }
    panic!("Tab does not lead to {what}");
}

#[tokio::test]
async fn the_keyboard_alone_is_enough() {
    let Some(chromium) = Chromium::start() else { return };
    let switchboard = Switchboard::demo();
    let yuki = Page::at_the_door(&chromium, &switchboard, "yuki").await;
    tab_to(&yuki, "Yuki", "focused.dataset.member === 'yuki'").await;
    yuki.key(Key::Enter).await;
    yuki.until_open("yuki").await;
    yuki.until(
        "the first channel",
        "find('#channel').dataset.channel === 'support' && cardOf('Wren Abernald')",
    )
    .await;
    let lead = yuki.lead("Wren Abernald").await;

    // The board opens at its end; up to the first card, past it, and down again.
    for (key, limit) in [('k', 80), ('j', 80)] {
        for _ in 0..limit {
            let edge = yuki
                .js(&format!(
                    "return document.activeElement === all('#messages article').at({})",
                    if key == 'k' { 0 } else { -1 }
                ))
                .await;
            if edge == Value::Bool(true) {
                break;
            }
            yuki.key(key).await;
        }
    }
    for _ in 0..80 {
        let there = yuki
            .js(&format!("return document.activeElement === card('{lead}')"))
            .await;
        if there == Value::Bool(true) {
            break;
        }
        yuki.key('k').await;
    }
    yuki.until(
        "the focus on the card",
        &format!("document.activeElement === card('{lead}') && card('{lead}').matches('.selected')"),
    )
    .await;
    yuki.key('c').await;
    yuki.until_state(&lead, "claimed").await;
    yuki.until(
        "the card's status",
        &format!("find('.status', card('{lead}')).textContent.includes('Yuki Tanabe')"),
    )
    .await;
    yuki.until(
        "the reply's button",
        &format!("find('[data-command=reply]', card('{lead}'))"),
    )
    .await;
    yuki.picture("keyboard-card").await;
    yuki.key('r').await;
    yuki.until(
        "the form with the focus in its text",
        "document.activeElement === find('dialog.form[open] textarea')",
    )
    .await;
    // Keys that do something on the board are only letters here.
    let reply = "Thank you, Wren: just checking with the carrier.";
    yuki.types(reply).await;
    tab_to(
        &yuki,
        "the button that sends",
        "focused.dataset.submit === 'reply'",
    )
    .await;
    yuki.picture("keyboard-form").await;
    yuki.key(Key::Enter).await;
    yuki.until("the form is gone", "!find('dialog.form')").await;
    yuki.until(
        "the focus is back on the card",
        &format!("card('{lead}').contains(document.activeElement)"),
    )
    .await;
    yuki.until(
        "the public reply",
        &format!(
            "turns('company').some((turn) => turn.textContent.includes({reply:?}) && find('a.outside', turn))"
        ),
    )
    .await;
    yuki.pictures("keyboard", Some(&lead)).await;
    yuki.say_times("keyboard").await;
}
