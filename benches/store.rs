//! What the embedded store costs, at bases of 1,000 and 100,000 leads, and of 1,000,000 with `SWITCHBOARD_BENCH_LARGE=1`.
//!
//! `cargo bench --bench store`; results are in `docs/performance.md`. The folders lie below the target folder, so that
//! they are on a real disk and not in memory. One in a hundred leads of a base is open, the others are resolved.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use divan::{Bencher, counter::ItemsCount};
use jiff::Timestamp;
use switchboard::domain::ids::LeadId;
use switchboard::domain::message::Content;
use switchboard::port::store::{Commit, Queue, Store};
use switchboard::store;

#[allow(dead_code)]
#[path = "../tests/it/store_samples.rs"]
mod store_samples;

use store_samples::{change, claimed, only_lead, opening, posted, resolved};

const TEXT: &str = "@acme I have been waiting for three weeks for my parcel, the tracking page says nothing, and \
    nobody picks up the phone. What is going on? #badservice";

fn main() {
    divan::main();
}

fn sizes() -> Vec<u64> {
    let large = std::env::var_os("SWITCHBOARD_BENCH_LARGE").is_some();
    let sizes = [Some(1_000), Some(100_000), large.then_some(1_000_000)];
    sizes.into_iter().flatten().collect()
}

/// A store of a given size, made once.
struct Base {
    dir: PathBuf,
    store: Option<Arc<dyn Store>>,
    next: AtomicU64,
}

impl Base {
    fn store(&self) -> &dyn Store {
        self.store
            .as_deref()
            .expect("a base is closed only while its opening is measured")
    }

    fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }
}

impl Drop for Base {
    fn drop(&mut self) {
        self.store = None;
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn bases() -> MutexGuard<'static, BTreeMap<u64, Base>> {
    static BASES: Mutex<BTreeMap<u64, Base>> = Mutex::new(BTreeMap::new());
    BASES.lock().unwrap_or_else(PoisonError::into_inner)
}

fn with_base(size: u64, measure: impl FnOnce(&mut Base)) {
    let mut bases = bases();
    // One at a time, so that none of them pays for another's memory.
    bases.retain(|kept, _| *kept == size);
    measure(bases.entry(size).or_insert_with(|| make(size)));
}

fn make(size: u64) -> Base {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("store-{size}"));
    let _ = std::fs::remove_dir_all(&dir);
    let store = store::open(&dir).expect("a new store opens");
    let begun = Instant::now();
    let mut next = 1;
    while next <= size {
        let mut commit = Commit::default();
        for id in next..=size.min(next + 499) {
            let mut opened = opening(id, TEXT);
            if id % 100 != 0 {
                opened.leads[0].after.resolution = resolved();
                opened.errands.clear();
            }
            join(&mut commit, opened);
        }
        next += 500;
        store.commit(&commit).expect("the base is written");
    }
    let totals = store.totals().expect("totals are read");
    eprintln!(
        "base of {size}: written in {:.1} s, {} MB on disk, {} MB resident",
        begun.elapsed().as_secs_f64(),
        totals.bytes_on_disk >> 20,
        resident() >> 20
    );
    Base {
        dir,
        store: Some(store),
        next: AtomicU64::new(size + 1),
    }
}

fn join(commit: &mut Commit, more: Commit) {
    commit.leads.extend(more.leads);
    commit.entries.extend(more.entries);
    commit.seen.extend(more.seen);
    commit.conversations.extend(more.conversations);
    commit.errands.extend(more.errands);
    commit.next_lead = more.next_lead;
    commit.next_errand = more.next_errand;
}

/// Bytes of this process in memory; 0 where the system does not tell.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<u64>().ok());
    pages.unwrap_or_default() * 4096
}

/// A hundred mentions that each open a lead, in one commit: what the desk does under load.
#[divan::bench(args = sizes(), sample_count = 100, sample_size = 1)]
fn open_100_leads(bencher: Bencher, size: u64) {
    with_base(size, |base| {
        bencher
            .counter(ItemsCount::new(100_u64))
            .with_inputs(|| {
                let mut commit = Commit::default();
                (0..100).for_each(|_| join(&mut commit, opening(base.number(), TEXT)));
                commit
            })
            .bench_refs(|commit| base.store().commit(commit).expect("a commit is written"));
        eprintln!("{} MB resident after commits", resident() >> 20);
    });
}

/// The same, and the couriers report the hundred cards of the commit before.
#[divan::bench(args = sizes(), sample_count = 100, sample_size = 1)]
fn open_100_leads_and_report_100_cards(bencher: Bencher, size: u64) {
    with_base(size, |base| {
        let mut over: Vec<_> = Vec::new();
        bencher
            .counter(ItemsCount::new(100_u64))
            .with_inputs(|| {
                let mut commit = Commit::default();
                (0..100).for_each(|_| join(&mut commit, opening(base.number(), TEXT)));
                let posted = std::mem::take(&mut over);
                over = commit
                    .errands
                    .iter()
                    .map(|errand| (errand.effect.key(), errand.id))
                    .collect();
                for (_, id) in &posted {
                    let card = Content::Card(LeadId(id.0));
                    commit
                        .messages
                        .push(self::posted("support", &format!("{:012}", id.0), card));
                }
                commit.errands_done = posted;
                commit
            })
            .bench_local_refs(|commit| base.store().commit(commit).expect("a commit is written"));
    });
}

/// One claim, alone in its commit.
#[divan::bench(args = sizes(), sample_count = 300, sample_size = 1)]
fn claim(bencher: Bencher, size: u64) {
    with_base(size, |base| {
        bencher
            .with_inputs(|| {
                let id = base.number();
                base.store()
                    .commit(&opening(id, TEXT))
                    .expect("a commit is written");
                let lead = base.store().lead(LeadId(id)).expect("a lead is read");
                only_lead(change(&lead.expect("it was just opened"), |lead| {
                    lead.claim = claimed("dana")
                }))
            })
            .bench_refs(|commit| base.store().commit(commit).expect("a commit is written"));
    });
}

/// The first page of a department's queue.
#[divan::bench(args = sizes(), sample_count = 200, sample_size = 1)]
fn queue_of_20(bencher: Bencher, size: u64) {
    let queue = Queue::Department("support".into());
    with_base(size, |base| {
        bencher.bench(|| base.store().queue(&queue, 20).expect("a queue is read"));
    });
}

/// What the ticker asks every second.
#[divan::bench(args = sizes(), sample_count = 200, sample_size = 10)]
fn due_and_totals(bencher: Bencher, size: u64) {
    with_base(size, |base| {
        bencher.bench(|| {
            let due = base
                .store()
                .due(Timestamp::UNIX_EPOCH, 100)
                .expect("due leads are read");
            (due, base.store().totals().expect("totals are read"))
        });
    });
}

/// Opening the folder again.
#[divan::bench(args = sizes(), sample_count = 5, sample_size = 1)]
fn start(bencher: Bencher, size: u64) {
    with_base(size, |base| {
        base.store = None;
        // What a round opened is closed after its time was taken.
        bencher.bench_local(|| store::open(&base.dir).expect("the base opens"));
        base.store = Some(store::open(&base.dir).expect("the base opens"));
        eprintln!("{} MB resident after opening {size}", resident() >> 20);
    });
}
