//! The load: a listening tool that posts, and members of staff who race for leads, answer, note, hand over and close.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::Dice;
use super::client::Client;
use super::house::said;
use super::ledger::{Body, Ledger, Request, What};

const SUPPORT: [&str; 4] = ["dana", "mateo", "yuki", "ines"];
const SALES: [&str; 2] = ["lee", "aisha"];
/// A breath between two requests of the same person.
const BREATH: Duration = Duration::from_millis(4);

pub struct Load {
    tasks: JoinSet<()>,
    enough: Arc<AtomicBool>,
}

impl Load {
    /// Starts everybody; each goes on until the program is gone or `end` is called.
    pub fn start(client: &Client, ledger: &Ledger, seed: u64) -> Self {
        let mut tasks = JoinSet::new();
        let enough = Arc::new(AtomicBool::new(false));
        let offered = Arc::new(Mutex::new(Vec::new()));
        let mut dice = Dice(seed);
        for _ in 0..2 {
            let (client, ledger, enough) = (client.clone(), ledger.clone(), enough.clone());
            let mut dice = Dice(dice.below(u64::MAX));
            tasks.spawn(async move {
                while !enough.load(Ordering::Relaxed) {
                    let body = body(&ledger, &mut dice);
                    if ledger.deliver(&client, body).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(4 * BREATH).await;
                }
            });
        }
        for who in SUPPORT.into_iter().chain(SALES) {
            let person = Person {
                who,
                client: client.clone(),
                ledger: ledger.clone(),
                dice: Dice(dice.below(u64::MAX)),
                offered: offered.clone(),
                mine: Vec::new(),
            };
            tasks.spawn(person.works(enough.clone()));
        }
        Self { tasks, enough }
    }

    /// Waits until everybody has the answer to the last request, or knows that none will come.
    pub async fn end(mut self) {
        self.enough.store(true, Ordering::Relaxed);
        while let Some(ended) = self.tasks.join_next().await {
            ended.expect("the load does not panic");
        }
    }
}

/// One to four new items, some of them answers to earlier ones.
fn body(ledger: &Ledger, dice: &mut Dice) -> Body {
    let mut items = Vec::new();
    let mut ids = Vec::new();
    for _ in 0..=dice.below(4) {
        let number = ledger.number();
        let id = format!("w-{number}");
        let author = format!("writer-{}", number / 3);
        items.push(json!({
            "id": id,
            "text": format!("{id}: {}", said(number)),
            "author": { "id": author, "handle": author },
            "parent_id": (!number.is_multiple_of(3)).then(|| format!("w-{}", number - 1)),
        }));
        ids.push(id);
    }
    Body {
        json: Value::Array(items).to_string(),
        ids,
    }
}

struct Person {
    who: &'static str,
    client: Client,
    ledger: Ledger,
    dice: Dice,
    /// Leads that were offered to sales.
    offered: Arc<Mutex<Vec<u64>>>,
    mine: Vec<u64>,
}

impl Person {
    async fn works(mut self, enough: Arc<AtomicBool>) {
        let mut open = Vec::new();
        for turn in 0_u32.. {
            if enough.load(Ordering::Relaxed) {
                return;
            }
            if turn.is_multiple_of(20) {
                let Ok((200, answer)) = self.client.get(self.who, "/board/api/public").await else {
                    return;
                };
                open = newest(&answer);
            }
            if self.one_thing(&open).await.is_err() {
                return;
            }
            tokio::time::sleep(BREATH).await;
        }
    }

    async fn one_thing(&mut self, open: &[u64]) -> Result<(), ()> {
        let offer = {
            let mut offered = self.offered.lock().unwrap();
            SALES.contains(&self.who).then(|| offered.pop()).flatten()
        };
        if let Some(lead) = offer {
            if self.ask(What::Accept, lead).await? {
                self.mine.push(lead);
            }
            return Ok(());
        }
        let held = self.dice.one_of(&self.mine).copied();
        let Some(lead) = held.filter(|_| self.dice.below(10) < 6) else {
            // The first few are everybody's favourites, so that people race.
            let favourites = &open[..open.len().min(12)];
            if let Some(&lead) = self.dice.one_of(favourites)
                && self.ask(What::Claim, lead).await?
            {
                self.mine.push(lead);
            }
            return Ok(());
        };
        let what = match self.dice.below(20) {
            0..8 => What::Reply,
            8..14 => What::Note,
            14..16 => What::HandOff,
            16..18 => What::Resolve,
            _ => What::Release,
        };
        if self.ask(what, lead).await? {
            if what == What::HandOff {
                self.offered.lock().unwrap().push(lead);
            }
            if matches!(what, What::Resolve | What::Release) {
                self.mine.retain(|held| *held != lead);
            }
        }
        Ok(())
    }

    async fn ask(&mut self, what: What, lead: u64) -> Result<bool, ()> {
        let text = format!("t-{} by {}", self.ledger.number(), self.who);
        let request = Request {
            who: self.who,
            lead,
            what,
            text,
        };
        self.ledger.ask(&self.client, request).await
    }
}

/// The newest leads that can be answered through us, and one that cannot.
fn newest(answer: &Value) -> Vec<u64> {
    let leads = answer["leads"].as_array().cloned().unwrap_or_default();
    let (news, other): (Vec<_>, Vec<_>) = leads.iter().partition(|lead| lead["network"] == "news");
    other
        .into_iter()
        .chain(news.into_iter().take(1))
        .filter_map(|lead| lead["lead"].as_u64())
        .collect()
}
