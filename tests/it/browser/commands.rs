//! The command line of the board: it completes from the catalogue, and what it answers can be read.

use fantoccini::key::Key;
use serde_json::json;

use super::chromium::Chromium;
use super::page::Page;
use super::switchboard::Switchboard;

async fn run(page: &Page, line: &str) {
    page.fill("#command", line).await;
    page.key(Key::Enter).await;
}

/// That the details hold all these words.
fn details(words: &[&str]) -> String {
    format!(
        "{}.every((word) => find('#details').textContent.includes(word))",
        json!(words)
    )
}

#[tokio::test]
async fn the_command_line_completes_and_answers() {
    let Some(chromium) = Chromium::start() else { return };
    let switchboard = Switchboard::demo();
    let ines = Page::of(&chromium, &switchboard, "ines", "support").await;
    let lead = ines.lead("Wren Abernald").await;

    ines.key('/').await;
    let lines = "all('#completions .line').map((line) => line.textContent.trim())";
    let offered = ines
        .until("completions", &format!("{lines}.length > 10 && {lines}"))
        .await;
    for command in ["/queue", "/mine", "/find", "/help", "/claim", "/hand-off"] {
        let is_offered = offered.as_array().is_some_and(|lines| {
            lines
                .iter()
                .any(|line| line.as_str().is_some_and(|line| line.starts_with(command)))
        });
        assert!(is_offered, "{command} is not in {offered}");
    }
    ines.pictures("commands-completions", None).await;
    ines.types("cla").await;
    ines.until(
        "only claim",
        &format!("{lines}.length && {lines}.every((line) => /claim/.test(line))"),
    )
    .await;
    ines.key(Key::Tab).await;
    ines.until("the command is taken", "find('#command').value === '/claim '")
        .await;
    ines.until(
        "leads are offered",
        &format!("all('#completions li').some((option) => option.textContent.includes('{lead}'))"),
    )
    .await;
    ines.types(&lead).await;
    ines.key(Key::Enter).await;
    ines.until_state(&lead, "claimed").await;
    ines.until("the line is empty", "find('#command').value === ''")
        .await;

    // What is read stands in the pane beside the channel.
    run(&ines, "/mine").await;
    ines.until("what is mine", &details(&["1 open lead", &lead]))
        .await;
    ines.picture("commands-mine").await;
    run(&ines, "/queue").await;
    ines.until("the queue", &details(&["leads are open", &lead]))
        .await;
    ines.pictures("commands-queue", None).await;
    run(&ines, "/find Tuesday").await;
    ines.until("what was found", &details(&["Tuesday", "1 lead matches", &lead]))
        .await;
    ines.fits().await;
    ines.picture("commands-find").await;
    run(&ines, "/help").await;
    ines.until("help", &details(&["/queue", "/reply", "/hand-off"]))
        .await;
    ines.fits().await;
    ines.pictures("commands-help", None).await;
    run(&ines, "/clam L-1").await;
    ines.until(
        "a refusal that helps",
        "toasts('refused').some((text) => text.includes('claim'))",
    )
    .await;
    ines.until("the line stays", "find('#command').value === '/clam L-1'")
        .await;
    ines.picture("commands-refused").await;
    ines.say_times("commands").await;
}
