//! Memory and sled agree on every read after any sequence of commits, leases and restarts.

use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use switchboard::domain::digest::Figures;
use switchboard::domain::effect::Errand;
use switchboard::domain::ids::{Channel, ErrandId, LeadId, MessageRef};
use switchboard::domain::lead::{Lead, Priority};
use switchboard::domain::message::Content;
use switchboard::domain::timeline::Happened;
use switchboard::port::store::{Commit, LeadChange, Queue, Seen, Store};
use switchboard::store;
use switchboard::store::memory::MemoryStore;

use crate::store_samples::*;

const LEADS: u64 = 5;
const CHANNELS: [&str; 2] = ["support", "legal"];

/// One thing that the desk writes; numbers choose among few leads, channels and times, so that they often meet.
#[derive(Clone, Debug)]
enum Write {
    Open {
        id: u64,
        words: usize,
    },
    Change {
        id: u64,
        what: u8,
        seconds: i64,
    },
    Note {
        id: u64,
        words: usize,
    },
    Errand {
        lead: u64,
        channel: usize,
        same: bool,
        dead: bool,
        seconds: i64,
    },
    Done {
        lead: u64,
        channel: usize,
        older: u64,
    },
    Message {
        channel: usize,
        place: u8,
        card: Option<u64>,
    },
    Small {
        number: u32,
    },
}

#[derive(Clone, Debug)]
enum Step {
    Commit(Vec<Write>),
    Lease { now: i64, seconds: i64, limit: usize },
    Release(usize),
    Restart,
}

fn write() -> impl Strategy<Value = Write> {
    let id = || 1..=LEADS;
    let channel = || 0..CHANNELS.len();
    prop_oneof![
        3 => (id(), 1..1500_usize).prop_map(|(id, words)| Write::Open { id, words }),
        5 => (id(), 0..8_u8, 0..9_i64).prop_map(|(id, what, seconds)| Write::Change { id, what, seconds }),
        2 => (id(), 1..900_usize).prop_map(|(id, words)| Write::Note { id, words }),
        4 => (id(), channel(), any::<bool>(), prop::bool::weighted(0.2), 0..9_i64).prop_map(
            |(lead, channel, same, dead, seconds)| Write::Errand { lead, channel, same, dead, seconds }
        ),
        3 => (id(), channel(), 0..2_u64).prop_map(|(lead, channel, older)| Write::Done { lead, channel, older }),
        2 => (channel(), 0..4_u8, prop::option::of(id()))
            .prop_map(|(channel, place, card)| Write::Message { channel, place, card }),
        1 => (0..5_u32).prop_map(|number| Write::Small { number }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => prop::collection::vec(write(), 1..6).prop_map(Step::Commit),
        3 => (0..12_i64, 0..6_i64, 0..4_usize).prop_map(|(now, seconds, limit)| Step::Lease { now, seconds, limit }),
        1 => (0..8_usize).prop_map(Step::Release),
        1 => Just(Step::Restart),
    ]
}

/// The desk's part: turns writes into a commit, starting from what a store holds.
fn commit(store: &dyn Store, writes: &[Write], next_errand: &mut u64) -> Commit {
    let mut commit = Commit::default();
    for write in writes {
        match write {
            Write::Open { id, words } => {
                if current(store, &commit, *id).is_none() {
                    let opened = opening(*id, &"word ".repeat(*words));
                    commit.leads.extend(opened.leads);
                    commit.entries.extend(opened.entries);
                    commit.seen.extend(opened.seen);
                    commit.conversations.extend(opened.conversations);
                    commit.next_lead = Some(LeadId(LEADS + 1));
                }
            }
            Write::Change { id, what, seconds } => {
                if let Some(lead) = current(store, &commit, *id) {
                    commit
                        .leads
                        .push(change(&lead, |lead| edit(lead, *what, *seconds)));
                }
            }
            Write::Note { id, words } => {
                if let Some(before) = current(store, &commit, *id) {
                    let mut after = before.clone();
                    after.version += 1;
                    let text = "note ".repeat(*words);
                    commit
                        .entries
                        .extend(chain(&mut after, vec![Happened::Noted { text }]));
                    commit.leads.push(LeadChange {
                        before: Some(before),
                        after,
                    });
                }
            }
            Write::Errand {
                lead,
                channel,
                same,
                dead,
                seconds,
            } => {
                *next_errand += u64::from(!same);
                let dead = dead.then(|| "gave up".to_owned());
                let errand = card(*next_errand, *lead, CHANNELS[*channel]);
                commit.errands.push(Errand {
                    not_before: at(*seconds),
                    dead,
                    ..errand
                });
                commit.next_errand = Some(ErrandId(*next_errand + 1));
            }
            Write::Done { lead, channel, older } => {
                let id = ErrandId(next_errand.saturating_sub(*older));
                commit
                    .errands_done
                    .push((card(1, *lead, CHANNELS[*channel]).effect.key(), id));
            }
            Write::Message { channel, place, card } => {
                let text = "x".repeat(usize::from(*place) * 3000);
                let content = card.map_or(Content::Notice { lead: None, text }, |id| {
                    Content::Card(LeadId(id))
                });
                commit
                    .messages
                    .push(posted(CHANNELS[*channel], &place.to_string(), content));
            }
            Write::Small { number } => {
                let day = jiff::civil::date(2026, 11, 24);
                let figures = Figures {
                    leads: *number,
                    ..Figures::default()
                };
                let seen = Seen {
                    conversation: number.to_string(),
                    lead: None,
                };
                commit.figures.push(("support".into(), day, figures));
                commit.cursors.push(("feed".into(), number.to_string()));
                commit.digests.push(("support".into(), day));
                commit.seen.push(("x".into(), "m1".into(), seen));
            }
        }
    }
    commit
}

/// A lead as it is after what the commit holds so far.
fn current(store: &dyn Store, commit: &Commit, id: u64) -> Option<Lead> {
    let pending = commit
        .leads
        .iter()
        .rev()
        .find(|change| change.after.id == LeadId(id));
    pending.map_or_else(
        || store.lead(LeadId(id)).unwrap(),
        |change| Some(change.after.clone()),
    )
}

fn edit(lead: &mut Lead, what: u8, seconds: i64) {
    match what {
        0 => lead.claim = claimed(["dana", "eli"][seconds as usize % 2]),
        1 => lead.claim = None,
        2 => lead.hand_off = offered(CHANNELS[seconds as usize % 2]),
        3 => lead.department = CHANNELS[seconds as usize % 2].into(),
        4 => lead.resolution = resolved(),
        5 => lead.resolution = None,
        6 => lead.priority = Priority::ALL[seconds as usize % 4],
        _ => lead.clock.due = Some(at(seconds)),
    }
}

/// Everything that a store can be asked about the few things there are.
fn all_reads(store: &dyn Store) -> String {
    let mut out = Vec::new();
    let mut note = |answer: &dyn std::fmt::Debug| out.push(format!("{answer:?}"));
    for id in (1..=LEADS).map(LeadId) {
        note(&store.lead(id));
        note(&store.timeline(id, 0, usize::MAX));
        note(&store.timeline(id, 2, 2));
        note(&store.cards(id));
        note(&store.seen(&"x".into(), &format!("m{}", id.0)));
        note(&store.conversation(&"x".into(), &format!("c{}", id.0)));
        note(&store.leads_of_author(&"x".into(), &format!("a{}", id.0), 9));
        note(&store.leads_before(Some(id), 3));
        note(&store.leads_from(id, 3));
        note(&store.due(at(id.0 as i64 * 2), 3));
        for channel in CHANNELS {
            note(&store.errand(&card(1, id.0, channel).effect.key()));
        }
    }
    for queue in CHANNELS
        .iter()
        .flat_map(|name| {
            [
                Queue::Department((*name).into()),
                Queue::OfferedTo((*name).into()),
            ]
        })
        .chain(["dana", "eli"].map(|name| Queue::Owner(name.into())))
    {
        note(&store.queue(&queue, 9));
        note(&store.queue(&queue, 2));
        note(&store.queue_length(&queue, 3));
    }
    for channel in CHANNELS.map(|name| Channel::new("web", name)) {
        note(&store.messages(&channel, None, 9));
        note(&store.messages(&channel, Some(&MessageRef::new("2")), 1));
        note(&store.messages_after(&channel, Some(&MessageRef::new("1")), 9));
        note(&store.messages_after(&channel, None, 2));
    }
    note(&store.dead_errands(9));
    note(&store.cursor(&"feed".into()));
    note(&store.last_digest(&"support".into()));
    note(&store.figures(&"support".into(), jiff::civil::date(2026, 11, 24)));
    note(&store.next_numbers());
    note(
        &store
            .totals()
            .map(|totals| (totals.leads, totals.open, totals.errands, totals.dead_errands)),
    );
    out.join("\n")
}

fn run(steps: &[Step], dir: &Path) {
    let memory = MemoryStore::default();
    let mut sled: Arc<dyn Store> = store::open(dir).unwrap();
    let mut next_errand = 1;
    let mut leased: Vec<Errand> = Vec::new();
    for step in steps {
        match step {
            Step::Commit(writes) => {
                let commit = commit(&memory, writes, &mut next_errand);
                memory.commit(&commit).unwrap();
                sled.commit(&commit).unwrap();
            }
            Step::Lease { now, seconds, limit } => {
                let legal = (*limit == 2).then(|| "chat web/legal".to_owned());
                let busy = legal.into_iter().collect();
                let lease = |store: &dyn Store| {
                    store
                        .lease_errands(at(*now), at(now + seconds), *limit, &busy)
                        .unwrap()
                };
                let errands = lease(&memory);
                assert_eq!(errands, lease(&*sled));
                leased.extend(errands);
            }
            Step::Release(index) => {
                if let Some(errand) = leased.get(*index) {
                    let key = errand.effect.key();
                    memory.release_errand(&key, errand.id);
                    sled.release_errand(&key, errand.id);
                }
            }
            Step::Restart => {
                drop(sled);
                sled = store::open(dir).unwrap();
                for errand in leased.drain(..) {
                    memory.release_errand(&errand.effect.key(), errand.id);
                }
            }
        }
        pretty_assert(&all_reads(&memory), &all_reads(&*sled));
    }
    assert_eq!(sled.verify().unwrap(), Vec::<String>::new());
}

/// Shows the first answer that differs, and not all of them.
fn pretty_assert(memory: &str, sled: &str) {
    for (memory, sled) in memory.lines().zip(sled.lines()) {
        assert_eq!(memory, sled);
    }
    assert_eq!(memory.len(), sled.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn memory_and_sled_agree(steps in prop::collection::vec(step(), 1..25)) {
        let dir = tempfile::tempdir().unwrap();
        run(&steps, dir.path());
    }
}
