//! Replays a recording through the desk, in the recording's own time: every mention happens when it was written, and what
//! falls due in between falls due. The same desk, the same decisions, the same store as in a live run; only notices to
//! staff are left out, since nobody wants to hear of what was overdue years ago.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::event::Event;
use crate::domain::ids::{DepartmentId, LeadId};
use crate::domain::mention::Mention;
use crate::domain::notice::Tone;
use crate::network::recorded::Recording;
use crate::port::store::Store;

use super::desk::Desk;
use super::setup::Setup;

/// Mentions committed together when nothing holds the replay back.
const BATCH: usize = 500;
/// Leads read at once when the departments are counted.
const PAGE: usize = 1_000;

/// How fast time passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    /// As fast as the disk allows.
    Max,
    /// So many seconds of the recording in one second.
    Times(f64),
}

/// What a replay did. `read = mentions + replies + duplicates + skipped`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Played {
    /// Rows of the file.
    pub read: u64,
    /// New mentions, each on exactly one lead.
    pub mentions: u64,
    /// Rows by the company's own accounts: public replies.
    pub replies: u64,
    /// Rows that the store had already.
    pub duplicates: u64,
    /// Rows that could not be read; each is named in the problems.
    pub skipped: u64,
    /// Leads opened by this replay.
    pub leads: u64,
    /// Leads that this replay opened, by department.
    pub departments: BTreeMap<DepartmentId, u64>,
    /// Of those: answered at least once, and answered or overdue after the target.
    pub answered: u64,
    pub breached: u64,
    /// Median seconds to the first answer, over the answered leads.
    pub median_first_response: Option<i64>,
    pub seconds: f64,
    pub per_second: f64,
}

/// Plays the whole recording. `progress` hears, now and then, how many rows are done.
pub fn replay(
    recording: &mut Recording,
    store: &Arc<dyn Store>,
    setup: &Setup,
    speed: Speed,
    progress: &mut dyn FnMut(u64, u64),
) -> anyhow::Result<Played> {
    let started = Instant::now();
    let mut desk = Desk::new(
        Arc::clone(store),
        Setup {
            quiet: true,
            ..setup.clone()
        },
    )?;
    let (first_new, _) = store.next_numbers()?;
    let mut played = Played {
        read: recording.read(),
        skipped: recording.skipped,
        ..Played::default()
    };
    let begins = recording.span().map(|(first, _)| first);
    let mut batch: Vec<(Event, Timestamp)> = Vec::with_capacity(BATCH);
    let (rows, mut done) = (played.read, 0);
    for mention in recording.mentions() {
        let mention = mention.map_err(|problem| anyhow::anyhow!("{problem}"))?;
        let at = mention.created;
        if let (Speed::Times(times), Some(begins)) = (speed, begins) {
            wait_for(started, begins.duration_until(at).as_secs_f64() / times);
        }
        let own = mention.own || is_own(setup, &mention);
        played.replies += u64::from(own);
        played.mentions += u64::from(!own);
        batch.push((
            Event::MentionReceived {
                mention: Box::new(mention),
                backlog: false,
            },
            at,
        ));
        done += 1;
        if batch.len() == BATCH || speed != Speed::Max {
            play(&mut desk, store, setup, &mut batch, &mut played)?;
            progress(done, rows);
        }
    }
    play(&mut desk, store, setup, &mut batch, &mut played)?;
    progress(done, rows);
    count_leads(store, first_new, &mut played)?;
    played.seconds = started.elapsed().as_secs_f64();
    played.per_second = if played.seconds > 0.0 {
        done as f64 / played.seconds
    } else {
        0.0
    };
    Ok(played)
}

fn is_own(setup: &Setup, mention: &Mention) -> bool {
    setup
        .company()
        .is_own_account(&mention.network, mention.author.handle.as_written())
}

/// Commits a batch, then lives through what fell due by its end.
fn play(
    desk: &mut Desk,
    store: &Arc<dyn Store>,
    setup: &Setup,
    batch: &mut Vec<(Event, Timestamp)>,
    played: &mut Played,
) -> anyhow::Result<()> {
    let Some(now) = batch.last().map(|(_, at)| *at) else {
        return Ok(());
    };
    let stepped = desk.step_through(batch.iter().map(|(event, at)| (event, *at)))?;
    for ((event, _), notice) in batch.drain(..).zip(&stepped.notices) {
        if notice.tone == Tone::Plain {
            let own = matches!(&event, Event::MentionReceived { mention, .. } if mention.own || is_own(setup, mention));
            played.duplicates += 1;
            played.replies -= u64::from(own);
            played.mentions -= u64::from(!own);
        }
    }
    loop {
        let due: Vec<Event> = store
            .due(now, BATCH)?
            .into_iter()
            .map(Event::DeadlinePassed)
            .collect();
        if due.is_empty() {
            return Ok(());
        }
        desk.step(&due, now)?;
    }
}

fn wait_for(started: Instant, seconds: f64) {
    let target = Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or_default();
    std::thread::sleep(target.saturating_sub(started.elapsed()));
}

fn count_leads(store: &Arc<dyn Store>, first: LeadId, played: &mut Played) -> anyhow::Result<()> {
    let mut waits: Vec<i64> = Vec::new();
    let mut from = first;
    loop {
        let page = store.leads_from(from, PAGE)?;
        let Some(last) = page.last() else { break };
        from = LeadId(last.id.0 + 1);
        for lead in &page {
            played.leads += 1;
            *played.departments.entry(lead.department.clone()).or_default() += 1;
            played.breached += u64::from(lead.clock.breached);
            let Some(answered) = lead.clock.first_response else {
                continue;
            };
            played.answered += 1;
            if lead.mentions > 0 {
                waits.push(lead.opened.duration_until(answered).as_secs().max(0));
            }
        }
    }
    waits.sort_unstable();
    played.median_first_response = waits.get(waits.len() / 2).copied();
    Ok(())
}
