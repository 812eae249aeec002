//! The ledger of a test: what was asked, and what was acknowledged. Filled while the load runs, and asked of the store
//! afterwards (`audit`).

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::Value;

use super::client::{Answered, Client};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Claim,
    Release,
    Note,
    Reply,
    HandOff,
    Accept,
    Resolve,
}

/// One thing that one member asks of one lead; `text` is like no other of this test.
#[derive(Clone, Debug)]
pub struct Request {
    pub who: &'static str,
    pub lead: u64,
    pub what: What,
    pub text: String,
}

impl Request {
    fn line(&self) -> String {
        let (lead, text) = (self.lead, &self.text);
        match self.what {
            What::Claim => format!("/claim L-{lead}"),
            What::Release => format!("/release L-{lead}"),
            What::Note => format!("/note L-{lead} {text}"),
            What::Reply => format!("/reply L-{lead} {text}"),
            What::HandOff => format!("/hand-off L-{lead} sales {text}"),
            What::Accept => format!("/accept L-{lead}"),
            What::Resolve => format!("/resolve L-{lead} answered"),
        }
    }
}

/// A body of a webhook, and the ids of its items.
#[derive(Clone, Debug)]
pub struct Body {
    pub json: String,
    pub ids: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// Mentions that the sender was told we have.
    pub mentions: BTreeSet<String>,
    pub done: Vec<Request>,
    /// Texts of replies that were sent to the desk, acknowledged or not.
    pub replies_asked: BTreeSet<String>,
    /// Sent, and no answer came: they are sent once more, word for word, as a browser or a tool would.
    pub doubtful: Vec<Request>,
    pub doubtful_bodies: Vec<Body>,
    /// The last bodies that were acknowledged.
    pub recent: Vec<Body>,
    /// Answers that were neither a yes nor a polite no, as status and text.
    pub odd: Vec<String>,
    /// Refused because nothing could be written or the program was stopping, in the words of the answer.
    pub not_taken: Vec<String>,
    pub answers: u64,
}

#[derive(Clone, Default)]
pub struct Ledger {
    pages: Arc<Mutex<Pages>>,
    numbers: Arc<AtomicU64>,
}

impl Ledger {
    pub fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap()
    }

    /// A number that was not given out before.
    pub fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// Hands in a request; true when it was done. An error says that the program is gone.
    pub async fn ask(&self, client: &Client, request: Request) -> Result<bool, ()> {
        if request.what == What::Reply {
            self.pages().replies_asked.insert(request.text.clone());
        }
        let answer = client.command(request.who, &request.line(), &request.text).await;
        let mut pages = self.pages();
        match answer {
            Ok((200, answer)) => {
                pages.answers += 1;
                match answer["notice"]["tone"].as_str() {
                    Some("done") => {
                        pages.done.push(request);
                        Ok(true)
                    }
                    Some("refused") => Ok(false),
                    _ => {
                        pages.odd.push(format!("{}: {answer}", request.line()));
                        Ok(false)
                    }
                }
            }
            other => {
                if other.is_err() {
                    pages.doubtful.push(request);
                }
                pages.refused(other)
            }
        }
    }

    /// Sends a webhook; true when it was acknowledged.
    pub async fn deliver(&self, client: &Client, body: Body) -> Result<bool, ()> {
        let answer = client.hook(&body.json).await;
        let mut pages = self.pages();
        match answer {
            Ok((200, answer)) => {
                pages.answers += 1;
                let counted = |name: &str| answer[name].as_u64().unwrap_or_default() as usize;
                if counted("taken") + counted("duplicates") != body.ids.len() {
                    pages.odd.push(format!("{} items: {answer}", body.ids.len()));
                }
                pages.mentions.extend(body.ids.iter().cloned());
                pages.recent.push(body);
                Ok(true)
            }
            other => {
                if other.is_err() {
                    pages.doubtful_bodies.push(body);
                }
                pages.refused(other)
            }
        }
    }

    /// After a restart: what had no answer is sent once more, and what was acknowledged last must be known.
    pub async fn taken_up_again(&self, client: &Client) {
        let (requests, bodies, recent) = {
            let mut pages = self.pages();
            (
                std::mem::take(&mut pages.doubtful),
                std::mem::take(&mut pages.doubtful_bodies),
                std::mem::take(&mut pages.recent),
            )
        };
        for request in requests {
            self.ask(client, request).await.expect("it runs again");
        }
        for body in bodies {
            self.deliver(client, body).await.expect("it runs again");
        }
        for body in recent.iter().rev().take(10) {
            let (status, answer) = client.hook(&body.json).await.expect("it runs again");
            assert_eq!(status, 200, "{answer}");
            assert_eq!(
                (answer["taken"].as_u64(), answer["duplicates"].as_u64()),
                (Some(0), Some(body.ids.len() as u64)),
                "acknowledged before the restart, unknown after it: {:?}",
                body.ids
            );
        }
    }

    /// What people see of what was done since `from` must say so.
    pub async fn seen_on_the_board(&self, client: &Client, from: usize) {
        let done: Vec<Request> = self.pages().done[from..].to_vec();
        let mut histories = BTreeMap::new();
        for request in done.iter().rev().take(60) {
            let history = match histories.entry(request.lead) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => {
                    let path = format!("/board/api/leads/L-{}/history", request.lead);
                    let (status, history) = client.get("amara", &path).await.expect("it runs again");
                    assert_eq!(status, 200, "{history}");
                    place.insert(history.to_string())
                }
            };
            let told = match request.what {
                What::Claim => "claimed it",
                What::Release => "released it",
                What::Accept => "accepted it",
                What::Resolve => "resolved it",
                What::Note | What::Reply | What::HandOff => &request.text,
            };
            assert!(
                history.contains(told),
                "acknowledged and not in the history: {request:?}\n{history}"
            );
        }
    }
}

impl Pages {
    fn refused(&mut self, answer: Answered) -> Result<bool, ()> {
        match answer {
            Ok((503, answer)) => {
                let told = match &answer["error"] {
                    Value::String(told) => told.clone(),
                    _ => answer.to_string(),
                };
                self.not_taken.push(told);
                Ok(false)
            }
            Ok((status, answer)) => {
                self.odd.push(format!("{status}: {answer}"));
                Ok(false)
            }
            Err(_) => Err(()),
        }
    }
}
