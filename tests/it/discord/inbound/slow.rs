//! A desk that is slow, or full: Discord's three seconds are kept all the same, and nothing that was typed is lost.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;
use switchboard::app::front::Front;
use switchboard::domain::card::Card;
use switchboard::domain::event::Event;
use switchboard::domain::ids::MemberId;
use switchboard::domain::lead::Draft;
use switchboard::domain::notice::{Answer, Notice};
use switchboard::domain::staff::Membership;
use switchboard::port::front_desk::{FilledIn, NotTaken};
use switchboard::port::store::Store;
use tokio::sync::Semaphore;

use super::*;

/// The story's desk behind a door that opens when the test says so.
struct Held {
    front: Arc<Front>,
    door: Semaphore,
    full: AtomicBool,
    keeps_nothing: AtomicBool,
}

impl Held {
    async fn pass(&self) -> Result<(), NotTaken> {
        self.door.acquire().await.expect("the door stands").forget();
        match self.full.load(Ordering::SeqCst) {
            true => Err(NotTaken::Busy),
            false => Ok(()),
        }
    }
}

#[async_trait]
impl FrontDesk for Held {
    async fn submit(&self, events: Vec<Event>) -> Result<Vec<Notice>, NotTaken> {
        self.front.submit(events).await
    }

    async fn command(&self, _: &MemberId, _: &PlatformId, _: &str, _: &str) -> Result<Answer, NotTaken> {
        unreachable!("Discord tells options apart")
    }

    async fn told_apart(
        &self,
        who: &MemberId,
        via: &PlatformId,
        command: &str,
        given: Vec<(String, String)>,
        key: &str,
    ) -> Result<Answer, NotTaken> {
        self.pass().await?;
        self.front.told_apart(who, via, command, given, key).await
    }

    async fn click(
        &self,
        who: &MemberId,
        via: &PlatformId,
        command: &str,
        lead: LeadId,
        key: &str,
    ) -> Result<Answer, NotTaken> {
        self.pass().await?;
        self.front.click(who, via, command, lead, key).await
    }

    async fn fill_in(&self, who: &MemberId, via: &PlatformId, form: FilledIn) -> Result<Answer, NotTaken> {
        self.pass().await?;
        self.front.fill_in(who, via, form).await
    }

    fn complete(&self, who: &MemberId, line: &str) -> Vec<(String, String)> {
        self.front.complete(who, line)
    }

    fn card(&self, who: Option<&MemberId>, lead: LeadId, turns: usize) -> Option<Card> {
        self.front.card(who, lead, turns)
    }

    fn history(&self, who: &MemberId, lead: LeadId) -> Notice {
        self.front.history(who, lead)
    }

    fn store(&self) -> Arc<dyn Store> {
        self.front.store()
    }

    fn company(&self) -> Arc<Company> {
        self.front.company()
    }

    fn now(&self) -> Timestamp {
        self.front.now()
    }

    fn learn(&self, news: Membership) {
        self.front.learn(news);
    }

    async fn keep_draft(&self, lead: LeadId, draft: Draft) -> Result<(), NotTaken> {
        match self.full.load(Ordering::SeqCst) {
            true => Err(NotTaken::Busy),
            false if self.keeps_nothing.load(Ordering::SeqCst) => Err(NotTaken::Busy),
            false => self.front.keep_draft(lead, draft).await,
        }
    }
}

async fn held(way: Way) -> (House, Arc<Held>) {
    let story = TestDesk::with(on_discord, switchboard::network::scripted::Faults::default());
    let held = Arc::new(Held {
        front: Arc::clone(&story.front),
        door: Semaphore::new(0),
        full: AtomicBool::new(false),
        keeps_nothing: AtomicBool::new(false),
    });
    let front = Arc::clone(&held) as Arc<dyn FrontDesk>;
    (House::open_with(way, story, front).await, held)
}

/// The words that a person comes to see, once the placeholder was edited.
async fn comes_to_see(house: &House, seen: &Seen) -> String {
    let token = seen.interaction["token"].as_str().expect("a token").to_owned();
    let edited = format!("/{token}/messages/@original");
    house.server.until_asked("PATCH", &edited).await;
    house.words(seen)
}

#[tokio::test]
async fn a_slow_desk_is_waited_for_in_the_open_and_its_answer_follows() {
    for way in BOTH {
        let (mut house, held) = held(way).await;
        let lead = house.story.question().await;
        let seen = house.presses(&dana(), "claim", lead).await;
        assert_eq!(seen.first, json!({ "type": 5, "data": { "flags": 64 } }));
        held.door.add_permits(1);
        assert_eq!(comes_to_see(&house, &seen).await, format!("{lead} is yours."));
    }
}

#[tokio::test]
async fn a_form_that_comes_too_late_to_open_is_offered() {
    let (mut house, held) = held(Way::Gateway).await;
    let lead = house.story.claimed().await;
    let seen = house.presses(&dana(), "note", lead).await;
    assert_eq!(seen.first["type"], 5);
    held.door.add_permits(2);
    comes_to_see(&house, &seen).await;
    let modal = house.presses_own(&dana(), &seen, "Open the form").await;
    assert_eq!(modal.first["type"], 9);
}

#[tokio::test]
async fn in_a_message_of_ones_own_the_answer_takes_its_place() {
    let (mut house, held) = held(Way::Http).await;
    let lead = house.story.claimed().await;
    held.door.add_permits(1);
    let choice = house.presses(&dana(), "resolve", lead).await;
    let seen = house.chooses(&dana(), &choice, "answered").await;
    assert_eq!(seen.first, json!({ "type": 6 }));
    held.door.add_permits(3);
    comes_to_see(&house, &seen).await;
}

#[tokio::test]
async fn what_a_full_desk_cannot_keep_is_shown_to_its_writer() {
    let (mut house, held) = held(Way::Http).await;
    let lead = house.story.claimed().await;
    held.door.add_permits(2);
    let modal = house.presses(&dana(), "note", lead).await;
    held.full.store(true, Ordering::SeqCst);
    let long = format!("Ask the warehouse. {}That is all.", "Twice a day. ".repeat(40));
    let seen = house.sends(&dana(), &modal, &[("text", &long)]).await;
    let said = house.words(&seen);
    assert!(
        said.contains("the queue is full; try again in a moment"),
        "{said}"
    );
    assert!(said.contains(&long), "{said}");
    assert_eq!(house.story.lead(lead).drafts, []);
}

#[tokio::test]
async fn what_was_typed_with_a_command_and_cannot_be_kept_is_given_back() {
    let (mut house, held) = held(Way::Http).await;
    let lead = house.story.claimed().await;
    held.door.add_permits(1);
    held.keeps_nothing.store(true, Ordering::SeqCst);
    let long = format!(
        "A journalist asks. {}That is all.",
        "About the recall. ".repeat(120)
    );
    let options = json!([option("lead", &lead.to_string()), option("summary", &long)]);
    let seen = house.types(&dana(), "hand-off", options).await;
    let said = house.words(&seen);
    assert!(
        said.contains("the queue is full; try again in a moment"),
        "{said}"
    );
    assert!(said.contains(&long), "{said}");
    assert_eq!(house.told(&seen)["components"], json!([]), "nothing to choose");
}
