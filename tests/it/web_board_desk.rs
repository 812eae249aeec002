//! A desk just large enough to stand behind the web board: cards that a test writes by hand, a memory store for the
//! messages, and answers that can be told apart. It decides nothing; the real desk has its own stories.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use async_trait::async_trait;
use jiff::Timestamp;
use switchboard::domain::card::{Card, Emphasis, Turn};
use switchboard::domain::company::Company;
use switchboard::domain::event::Event;
use switchboard::domain::ids::{Channel, LeadId, MemberId, MessageRef, PlatformId};
use switchboard::domain::lead::State;
use switchboard::domain::message::{Content, Message};
use switchboard::domain::notice::{Answer, Notice, Row, Tone};
use switchboard::domain::refusal::Refusal;
use switchboard::platform::web::WebBoard;
use switchboard::port::chat::ChatPlatform;
use switchboard::port::front_desk::{FilledIn, FrontDesk, NotTaken};
use switchboard::port::store::{Commit, Store};
use switchboard::store::memory::MemoryStore;

pub use super::web_board_things::{action, card, company};
use super::web_board_things::{hand_off_form, reply_form};

pub struct HandWrittenDesk {
    pub company: Arc<Company>,
    pub store: Arc<MemoryStore>,
    pub cards: Mutex<BTreeMap<LeadId, Card>>,
    pub now: Mutex<Timestamp>,
    /// What people asked for, one line each.
    pub asked: Mutex<Vec<String>>,
    pub board: OnceLock<Arc<WebBoard>>,
}

impl HandWrittenDesk {
    /// The desk with its board. The clock stands at `now` until a test moves it.
    pub fn open(now: Timestamp) -> (Arc<Self>, Arc<WebBoard>) {
        let desk = Arc::new(Self {
            company: Arc::new(company()),
            store: Arc::default(),
            cards: Mutex::default(),
            now: Mutex::new(now),
            asked: Mutex::default(),
            board: OnceLock::new(),
        });
        let clock = desk.clone();
        let board = Arc::new(WebBoard::new(
            desk.company.clone(),
            Arc::new(move || *clock.now.lock().unwrap()),
            [42; 32],
        ));
        assert!(desk.board.set(board.clone()).is_ok());
        (desk, board)
    }

    /// Posts a card as a courier would, and keeps the message as the desk would.
    pub async fn post(&self, channel: &str, card: Card) -> MessageRef {
        let channel = Channel::new("web", channel);
        let board = self.board.get().expect("an open board");
        let message = board
            .post_card(&channel, &card, &"key".into())
            .await
            .expect("the board takes every card");
        let lead = card.lead;
        self.cards.lock().unwrap().insert(lead, card);
        self.keep(&channel, message.clone(), Content::Card(lead));
        board.changed(&channel, Some(lead));
        message
    }

    pub fn keep(&self, channel: &Channel, message: MessageRef, content: Content) {
        let message = Message {
            channel: channel.clone(),
            message,
            posted: self.now(),
            content,
        };
        let commit = Commit {
            messages: vec![message],
            ..Commit::default()
        };
        self.store.commit(&commit).expect("memory holds it");
    }

    /// Changes a card and tells the boards, as after a commit.
    pub fn change(&self, lead: LeadId, change: impl FnOnce(&mut Card)) {
        if let Some(card) = self.cards.lock().unwrap().get_mut(&lead) {
            change(card);
            card.version += 1;
        }
        for (channel, _) in self.store.cards(lead).expect("memory answers") {
            self.board
                .get()
                .expect("an open board")
                .changed(&channel, Some(lead));
        }
    }

    fn claim(&self, who: &MemberId, lead: LeadId) -> Answer {
        let name = self.company.name_of(who).to_owned();
        let owner = self
            .cards
            .lock()
            .unwrap()
            .get(&lead)
            .and_then(|card| card.owner_name.clone());
        if let Some(owner) = owner {
            return Refusal::because(format!("{owner} claimed this 4 s ago")).into();
        }
        self.change(lead, |card| {
            card.state = State::Claimed;
            card.status = format!("Claimed by {name}");
            card.owner = Some(who.clone());
            card.owner_name = Some(name);
            card.actions = vec![
                action("reply", "Reply", true, Emphasis::Primary),
                action("note", "Note", true, Emphasis::Normal),
                action("hand-off", "Hand off", true, Emphasis::Normal),
                action("resolve", "Resolve", true, Emphasis::Normal),
                action("release", "Release", false, Emphasis::Normal),
            ];
        });
        Answer::Notice(Notice::done(format!("{lead} is yours")))
    }
}

#[async_trait]
impl FrontDesk for HandWrittenDesk {
    async fn submit(&self, _: Vec<Event>) -> Result<Vec<Notice>, NotTaken> {
        Err(NotTaken::ShuttingDown)
    }

    async fn command(
        &self,
        who: &MemberId,
        via: &PlatformId,
        line: &str,
        key: &str,
    ) -> Result<Answer, NotTaken> {
        self.asked
            .lock()
            .unwrap()
            .push(format!("{who} via {via}: {line} ({key})"));
        if line == "/busy" {
            return Err(NotTaken::Busy);
        }
        if line != "/queue" {
            return Ok(Refusal::because(format!("There is no command “{line}”; /help lists them")).into());
        }
        let mut notice = Notice::new(Tone::Plain, "Support has 2 open leads, most urgent first");
        notice.rows = self
            .cards
            .lock()
            .unwrap()
            .values()
            .map(|card| Row {
                lead: Some(card.lead),
                text: card.status.clone(),
                said: card.turns.last().map(|turn| turn.text.clone()),
                at: Some(card.opened),
            })
            .collect();
        Ok(Answer::Notice(notice))
    }

    async fn told_apart(
        &self,
        _: &MemberId,
        _: &PlatformId,
        _: &str,
        _: Vec<(String, String)>,
        _: &str,
    ) -> Result<Answer, NotTaken> {
        unreachable!("the board hands in whole lines")
    }

    async fn click(
        &self,
        who: &MemberId,
        via: &PlatformId,
        command: &str,
        lead: LeadId,
        key: &str,
    ) -> Result<Answer, NotTaken> {
        self.asked
            .lock()
            .unwrap()
            .push(format!("{who} via {via}: {command} {lead} ({key})"));
        Ok(match command {
            "claim" => self.claim(who, lead),
            "reply" => Answer::Form(Box::new(reply_form(lead, self.card(Some(who), lead, 1)))),
            "hand-off" => Answer::Form(Box::new(hand_off_form(lead))),
            other => Answer::Notice(Notice::done(format!("{other} {lead}: done"))),
        })
    }

    async fn fill_in(&self, who: &MemberId, _: &PlatformId, form: FilledIn) -> Result<Answer, NotTaken> {
        self.asked
            .lock()
            .unwrap()
            .push(format!("{who} fills in {form:?}"));
        let value = |name: &str| {
            form.fields
                .iter()
                .find(|(field, _)| field == name)
                .map_or("", |(_, value)| value)
        };
        if value("text").contains("guarantee") {
            return Ok(Refusal::of_field("text", "Support never writes “guarantee”").into());
        }
        if value("text").contains("old news") {
            return Ok(Refusal::because("The author wrote again while you were writing").into());
        }
        let turn = Turn {
            at: self.now(),
            author: None,
            text: value("text").into(),
            url: Some("https://social.example/reply/1".into()),
        };
        self.change(form.lead, |card| {
            card.turns.push(turn);
            card.due = None;
            card.first_response = Some(card.opened);
        });
        Ok(Answer::Notice(Notice::done(format!(
            "Your reply to {} is on its way",
            form.lead
        ))))
    }

    fn complete(&self, _: &MemberId, line: &str) -> Vec<(String, String)> {
        [
            ("/claim", "Take a lead"),
            ("/queue", "Open leads, most urgent first"),
            ("/reply", "Answer in public"),
            ("/find", "Find leads"),
            ("/help", "What the commands do"),
        ]
        .into_iter()
        .filter(|(name, _)| name.starts_with(line))
        .map(|(name, about)| (name.to_owned(), about.to_owned()))
        .collect()
    }

    fn card(&self, who: Option<&MemberId>, lead: LeadId, turns: usize) -> Option<Card> {
        let mut card = self.cards.lock().unwrap().get(&lead)?.clone();
        if who.is_some_and(|who| !self.company.may_read(&card.department, who)) {
            card.stub = true;
            card.author = None;
            card.turns.clear();
            card.actions.clear();
        }
        let hidden = card.turns.len().saturating_sub(turns);
        card.turns.drain(..hidden);
        card.earlier += hidden as u32;
        Some(card)
    }

    fn history(&self, _: &MemberId, lead: LeadId) -> Notice {
        let mut notice = Notice::new(Tone::Plain, format!("History of {lead}"));
        notice.rows = ["Opened for Support", "Claimed by Dana Okafor on web"]
            .into_iter()
            .map(|text| Row {
                lead: None,
                text: text.into(),
                said: None,
                at: Some(self.now()),
            })
            .collect();
        notice
    }

    fn store(&self) -> Arc<dyn Store> {
        self.store.clone()
    }

    fn company(&self) -> Arc<Company> {
        self.company.clone()
    }

    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn learn(&self, _: switchboard::domain::staff::Membership) {}

    async fn keep_draft(&self, _: LeadId, _: switchboard::domain::lead::Draft) -> Result<(), NotTaken> {
        Ok(())
    }
}
