//! A reply goes through the form, is counted as its network counts, and stands in the public thread.

use switchboard::domain::capability::Counting;

use super::chromium::Chromium;
use super::page::Page;
use super::switchboard::Switchboard;

const FIELD: &str = "dialog.form textarea[name='text']";

#[tokio::test]
async fn a_reply_is_counted_and_reaches_the_public_thread_with_its_link() {
    let Some(chromium) = Chromium::start() else { return };
    let switchboard = Switchboard::demo();
    let ines = Page::of(&chromium, &switchboard, "ines", "support").await;
    let lead = ines.lead("Wren Abernald").await;
    ines.press_button(&lead, "claim").await;
    ines.until_state(&lead, "claimed").await;
    ines.press_button(&lead, "reply").await;
    ines.until("the form", "find('dialog.form[open]')").await;

    // X counts wide characters twice and every link as 23.
    let counted = "Hello Wren, 日本語 https://larkspurhome.example/a/long/way/to/a/parcel";
    ines.fill(FIELD, counted).await;
    let counter = format!("{} / 280 weighted", Counting::Weighted.count(counted));
    ines.until(
        &counter,
        &format!("find('#field-text-counter').textContent.startsWith('{counter}')"),
    )
    .await;

    ines.fill(FIELD, &"far too long ".repeat(25)).await;
    ines.click("dialog.form [data-submit='reply']").await;
    ines.until(
        "the refusal",
        "/too long/.test(find('#field-text-error').textContent)",
    )
    .await;
    ines.until(
        "it is on the field",
        "find('dialog.form[open] textarea[aria-invalid=true]')",
    )
    .await;
    ines.picture("reply-too-long").await;

    let reply =
        "Thank you for the order number, Wren. We ask the courier now and write again within the hour.";
    ines.fill(FIELD, reply).await;
    ines.pictures("reply-form", None).await;
    ines.click("dialog.form [data-submit='reply']").await;
    ines.until("the form is gone", "!find('dialog.form')").await;

    ines.until(
        "the reply in the public thread",
        &format!("turns('company').some((turn) => turn.textContent.includes({reply:?}))"),
    )
    .await;
    let link = ines
        .until("its link", "find('a.outside', turns('company').at(-1)).href")
        .await;
    let link = link.as_str().expect("a link");
    assert!(link.starts_with("https://x.example/"), "{link}");
    ines.until(
        "the card shows our reply",
        &format!("find('.turn[data-by=company]', card('{lead}')).textContent.includes({reply:?})"),
    )
    .await;
    ines.until(
        "the card links to it",
        &format!("find('.turn[data-by=company] a.outside', card('{lead}')).href === {link:?}"),
    )
    .await;

    ines.pictures("reply", Some(&lead)).await;
    ines.say_times("reply").await;
}
