//! The whole product under blows: the real program, with its own configuration and real HTTP requests, is killed, cut off
//! from power, run on a full disk, stopped under load. Whatever it acknowledged must be there afterwards, and what the
//! public could read must be what it recorded. The public is `scripted/public.jsonl`: what stands there went out.
//!
//! `SWITCHBOARD_KILL_ROUNDS` and `SWITCHBOARD_POWER_ROUNDS` ask for more rounds, `SWITCHBOARD_SEED` repeats a run.

mod audit;
pub mod client;
mod full_disk;
pub mod house;
mod kill;
mod ledger;
mod load;
mod power;
mod refused;
mod stop;

pub use kill::all_errands_are_run;

/// A number from the environment, or the usual one.
fn setting(name: &str, usual: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.and_then(|given| given.parse().ok()).unwrap_or(usual)
}

/// The seed of this run, printed so that a failure can be repeated.
fn seed() -> u64 {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_micros();
    let seed = setting("SWITCHBOARD_SEED", now as u64 % 1_000_000);
    println!("SWITCHBOARD_SEED={seed}");
    seed
}

/// Numbers that look random and repeat with the seed (SplitMix64, <https://prng.di.unimi.it/splitmix64.c>).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit.max(1)
    }

    fn one_of<'a, T>(&mut self, choice: &'a [T]) -> Option<&'a T> {
        choice.get(self.below(choice.len() as u64) as usize)
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
}
