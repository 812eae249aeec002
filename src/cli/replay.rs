//! `switchboard replay`: plays recorded mentions into a store.

/// Plays recorded mentions from a file
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_args: Args) -> anyhow::Result<()> {
    anyhow::bail!("`switchboard replay` is not built yet")
}
