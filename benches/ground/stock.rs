//! A store with a past: as many leads as wanted, some of them open in one department's channel, every card posted. The
//! desk itself makes it, so that every row is as a real day would have left it.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use switchboard::app::desk::Desk;
use switchboard::app::setup::{Setup, system_clock};
use switchboard::config;
use switchboard::domain::capability::Capabilities;
use switchboard::domain::event::{Ask, Event, Report, Verb};
use switchboard::domain::ids::{LeadId, MessageRef};
use switchboard::domain::lead::Outcome;
use switchboard::domain::mention::{Author, Mention, MentionKind, PublicText};
use switchboard::port::store::Store;
use switchboard::store;

use super::writers::TEXTS;

const BATCH: u64 = 2_000;

/// The desk of the sample company on a store.
pub fn desk(store: &Arc<dyn Store>) -> Desk {
    let settings = config::demo().unwrap_or_else(|problems| panic!("{problems:?}"));
    let routes = settings.routes;
    let setup = Setup {
        roster: Arc::new(switchboard::app::setup::Roster::new(settings.company)),
        assess: Arc::new(move |mention| routes.assess(mention)),
        capabilities: Arc::new(|_, _| Capabilities::read_only()),
        clock: system_clock(),
        quiet: false,
    };
    Desk::new(Arc::clone(store), setup).expect("the store can be read")
}

/// Makes the store. The newest `open` leads are customer service's and open; all others are resolved.
pub fn make(dir: &Path, leads: u64, open: u64) {
    let begun = Instant::now();
    let store = store::open(dir).expect("a new store opens");
    let mut desk = desk(&store);
    let mut micros = Timestamp::now().as_microsecond();
    let mut next = 1;
    while next <= leads {
        let end = (next + BATCH).min(leads + 1);
        let received: Vec<_> = (next..end)
            .map(|number| received(number, number > leads - open))
            .collect();
        desk.step(&received, Timestamp::now())
            .expect("mentions are taken");
        let resolved: Vec<_> = (next..end)
            .filter(|number| *number <= leads - open)
            .map(resolved)
            .collect();
        desk.step(&resolved, Timestamp::now())
            .expect("leads are resolved");
        post(&store, &mut desk, &mut micros);
        next = end;
        if begun.elapsed().as_secs() > 5 && next % 50_000 == 1 {
            eprintln!(
                "  {} of {leads} leads after {:.0} s",
                next - 1,
                begun.elapsed().as_secs_f64()
            );
        }
    }
    eprintln!(
        "  a store of {leads} leads, {open} open, made in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
}

/// Posts what waits, as the web board's couriers do.
fn post(store: &Arc<dyn Store>, desk: &mut Desk, micros: &mut i64) {
    loop {
        let now = Timestamp::now();
        let until = now.checked_add(SignedDuration::from_mins(5)).expect("soon");
        let errands = store
            .lease_errands(now, until, 10_000, &Default::default())
            .expect("errands are read");
        if errands.is_empty() {
            return;
        }
        let reports: Vec<_> = errands
            .into_iter()
            .map(|errand| {
                *micros += 1;
                let about = match &errand.effect {
                    switchboard::domain::effect::Effect::SyncCard { lead, .. } => lead.to_string(),
                    _ => "notice".to_owned(),
                };
                let message = MessageRef::new(format!("{micros:017}-{about}"));
                Event::Reported {
                    errand: Box::new(errand),
                    report: Report::Posted { message },
                }
            })
            .collect();
        desk.step(&reports, now).expect("reports are taken");
    }
}

/// The mention that opens lead number `number` of a stock.
pub fn received(number: u64, in_support: bool) -> Event {
    let text = if in_support {
        TEXTS[0]
    } else {
        TEXTS[(number % TEXTS.len() as u64) as usize]
    };
    let writer = number.wrapping_mul(0x9E37_79B9) % 300_000;
    let mention = Mention {
        connector: "bench".into(),
        network: "x".into(),
        id: format!("s-{number}"),
        kind: MentionKind::Mention,
        author: Author {
            id: format!("u-{writer}"),
            handle: PublicText::new(format!("writer{writer}")),
            name: PublicText::new(format!("Writer {writer}")),
            followers: Some(writer % 4_000),
            ..Author::default()
        },
        text: PublicText::new(text.replace("{n}", &number.to_string())),
        created: Timestamp::now(),
        account: Some("larkspurhome".into()),
        language: None,
        url: Some(format!("https://x.example/writer{writer}/s-{number}")),
        in_reply_to: None,
        conversation: None,
        media: Vec::new(),
        rating: None,
        reply_target: None,
        own: false,
    };
    Event::MentionReceived {
        mention: Box::new(mention),
        backlog: false,
    }
}

fn resolved(number: u64) -> Event {
    let outcome = Outcome::Answered;
    asked(
        number,
        Verb::Resolve {
            outcome,
            note: None,
            duplicate_of: None,
        },
    )
}

pub fn asked(number: u64, verb: Verb) -> Event {
    Event::Asked(Ask {
        lead: LeadId(number),
        by: "amara".into(),
        via: "web".into(),
        verb,
        key: format!("bench-{number}"),
    })
}
