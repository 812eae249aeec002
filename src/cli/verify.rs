//! `switchboard verify`: re-reads every record and every history chain.

/// Verifies a store and its history
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_args: Args) -> anyhow::Result<()> {
    anyhow::bail!("`switchboard verify` is not built yet")
}
