//! One person at the board: what they do, what they see.

use std::path::Path;
use std::time::Instant;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::error::CmdError;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use super::chromium::{Chromium, DevTools};
use super::switchboard::Switchboard;
use super::{BEAT, PATIENCE, tell};

/// Words of the board for the scripts of these tests.
const WORDS: &str = r#"
    const find = (selector, within = document) => within.querySelector(selector);
    const all = (selector, within = document) => [...within.querySelectorAll(selector)];
    const card = (lead) => find(`#messages article.card[data-lead="${lead}"]`);
    const cardOf = (words) => all('#messages article.card').find((article) => article.textContent.includes(words));
    const toasts = (tone) => all(`.toast[data-tone="${tone}"] p`).map((toast) => toast.textContent);
    const turns = (by) => all(`#details [data-public-turn="${by}"]`);
"#;

pub struct Page {
    pub client: Client,
    address: String,
    name: String,
}

impl Page {
    /// A fresh browser at the door of the board.
    pub async fn at_the_door(chromium: &Chromium, switchboard: &Switchboard, name: &str) -> Self {
        let page = Self {
            client: chromium.open(name).await,
            address: format!("http://{}/", switchboard.address),
            name: name.to_owned(),
        };
        page.looks(1400, 900, "light").await;
        page.client.goto(&page.address).await.expect("the board opens");
        page.until("the staff to choose from", "all('.staff button').length")
            .await;
        page
    }

    /// A fresh browser of one member, in a channel, live.
    pub async fn of(chromium: &Chromium, switchboard: &Switchboard, member: &str, channel: &str) -> Self {
        let page = Self::at_the_door(chromium, switchboard, member).await;
        page.click(&format!("[data-member='{member}']")).await;
        page.until_open(member).await;
        page.visit(channel).await;
        page
    }

    pub async fn until_open(&self, member: &str) {
        let open = format!("find('#board[data-member={member}]') && find('#live').dataset.state === 'live'");
        self.until("the board is open and live", &open).await;
    }

    pub async fn visit(&self, channel: &str) {
        self.js(&format!("location.hash = '#/{channel}'")).await;
        let there =
            format!("find('#channel').dataset.channel === '{channel}' && find('#messages > *:not(.empty)')");
        self.until("the channel shows", &there).await;
    }

    /// The size of the window, and the colours that the person's system prefers.
    pub async fn looks(&self, width: u32, height: u32, colours: &str) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        let media = json!({ "features": [
            { "name": "prefers-color-scheme", "value": colours },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        for command in [
            DevTools("Emulation.setDeviceMetricsOverride", size),
            DevTools("Emulation.setEmulatedMedia", media),
        ] {
            self.client.issue_cmd(command).await.expect("the look is set");
        }
    }

    /// Runs statements in the page.
    pub async fn js(&self, script: &str) -> Value {
        let script = format!("{WORDS}\n{script}");
        self.client
            .execute(&script, Vec::new())
            .await
            .unwrap_or_else(|error| panic!("{}: {error}\n{script}", self.name))
    }

    /// What an expression says now; null when it fails.
    async fn says(&self, expression: &str) -> Result<Value, CmdError> {
        let script = format!("{WORDS}\ntry {{ return ({expression}) || null; }} catch {{ return null; }}");
        self.client.execute(&script, Vec::new()).await
    }

    /// Waits until an expression is true, and gives its value.
    pub async fn until(&self, what: &str, expression: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.says(expression).await {
                Ok(Value::Null | Value::Bool(false)) if Instant::now() < deadline => {
                    tokio::time::sleep(BEAT).await
                }
                Ok(Value::Null | Value::Bool(false)) => self.give_up(what, expression).await,
                Ok(value) => return value,
                // While the page changes there is nothing to ask.
                Err(_) if Instant::now() < deadline => tokio::time::sleep(BEAT).await,
                Err(error) => panic!("{}: {what}: {error}", self.name),
            }
        }
    }

    async fn give_up(&self, what: &str, expression: &str) -> ! {
        self.picture(&format!("failed-{}", self.name)).await;
        let text = self.js("return document.body.innerText").await;
        panic!(
            "{} waited in vain for: {what}\n{expression}\nThe page says:\n{}",
            self.name,
            text.as_str().unwrap_or_default()
        );
    }

    /// The lead of the card that holds the words.
    pub async fn lead(&self, words: &str) -> String {
        let lead = self
            .until(words, &format!("cardOf({})?.dataset.lead", json!(words)))
            .await;
        lead.as_str().expect("a lead").to_owned()
    }

    /// Waits until a card's state is the given one.
    pub async fn until_state(&self, lead: &str, state: &str) {
        self.until(
            &format!("{lead} is {state}"),
            &format!("card('{lead}').dataset.state === '{state}'"),
        )
        .await;
    }

    /// The line at the foot of a card.
    pub async fn status(&self, lead: &str) -> String {
        self.js(&format!("return find('.status', card('{lead}')).textContent"))
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// A click with the mouse, as soon as there is something to click.
    pub async fn click(&self, selector: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let clicked = match self.client.find(Locator::Css(selector)).await {
                Ok(element) => element.click().await,
                Err(error) => Err(error),
            };
            match clicked {
                Ok(()) => return,
                Err(_) if Instant::now() < deadline => tokio::time::sleep(BEAT).await,
                Err(error) => {
                    self.give_up(&format!("something to click: {error}"), selector)
                        .await
                }
            }
        }
    }

    /// A click on a button of a card.
    pub async fn press_button(&self, lead: &str, command: &str) {
        self.click(&format!(
            "#messages article[data-lead='{lead}'] [data-command='{command}']"
        ))
        .await;
    }

    /// A key, wherever the focus is.
    pub async fn key(&self, key: impl Into<char>) {
        let value = key.into();
        let press = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value });
        self.client
            .perform_actions(press)
            .await
            .expect("the key is pressed");
    }

    /// Types where the focus is.
    pub async fn types(&self, text: &str) {
        let focused = self
            .client
            .active_element()
            .await
            .expect("something has the focus");
        focused.send_keys(text).await.expect("the text is typed");
    }

    /// Replaces what stands in a field.
    pub async fn fill(&self, selector: &str, text: &str) {
        let field = self
            .client
            .find(Locator::Css(selector))
            .await
            .unwrap_or_else(|error| panic!("{selector}: {error}"));
        field.clear().await.expect("the field is cleared");
        field.send_keys(text).await.expect("the text is typed");
    }

    /// Scrolls a card to the middle of the channel.
    pub async fn show(&self, lead: &str) {
        self.js(&format!("card('{lead}').scrollIntoView({{ block: 'center' }})"))
            .await;
    }

    /// Leaves a picture in `target/browser`.
    pub async fn picture(&self, name: &str) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("browser");
        self.picture_into(&folder.join(format!("{name}.png"))).await;
    }

    pub async fn picture_into(&self, file: &Path) {
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("the folder is made");
        let picture = self.client.screenshot().await.expect("a picture");
        std::fs::write(file, picture).expect("the picture is written");
    }

    /// The board as it is, in the dark, and on a phone; with a card in the middle, where one is named.
    pub async fn pictures(&self, name: &str, lead: Option<&str>) {
        let looks = [
            (1400, "light", ""),
            (1400, "dark", "-dark"),
            (360, "light", "-phone"),
        ];
        for (width, colours, suffix) in looks {
            self.looks(width, if width < 500 { 740 } else { 900 }, colours)
                .await;
            if let Some(lead) = lead {
                self.show(lead).await;
            }
            self.picture(&format!("{name}{suffix}")).await;
        }
        self.looks(1400, 900, "light").await;
    }

    /// Nothing is wider than the window.
    pub async fn fits(&self) {
        let wide = self
            .js("return [document.documentElement, document.body, find('#messages'), find('#details'), find('#channel')]
                    .filter((node) => node && node.scrollWidth > node.clientWidth + 1)
                    .map((node) => `${node.tagName}#${node.id} ${node.scrollWidth} > ${node.clientWidth}`)")
            .await;
        assert_eq!(wide, json!([]), "wider than the window");
    }

    /// Says how long the server took for what this page asked: from the request's start to the answer's first byte.
    pub async fn say_times(&self, test: &str) {
        let times = self
            .js("const asked = performance.getEntriesByType('resource').filter((entry) => entry.name.includes('/board/api/'))
                    .map((entry) => [entry.responseStart - entry.requestStart, new URL(entry.name).pathname])
                    .sort((a, b) => a[0] - b[0]);
                 if (!asked.length) return 'nothing was asked';
                 const [slowest, path] = asked.at(-1);
                 const median = asked[asked.length >> 1][0];
                 return `${asked.length} requests, median ${median.toFixed(1)} ms, slowest ${slowest.toFixed(1)} ms (${path})`;")
            .await;
        tell(&format!(
            "{test}, {}: {}",
            self.name,
            times.as_str().unwrap_or_default()
        ));
    }
}
