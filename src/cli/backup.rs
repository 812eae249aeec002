//! `switchboard backup`: writes every record of a store to one file.

/// Writes a backup of a store
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_args: Args) -> anyhow::Result<()> {
    anyhow::bail!("`switchboard backup` is not built yet")
}
