//! `switchboard export`: writes leads or history as CSV or JSON Lines.

/// Exports leads or history
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_args: Args) -> anyhow::Result<()> {
    anyhow::bail!("`switchboard export` is not built yet")
}
