//! `switchboard restore`: fills an empty store from a backup.

/// Restores a backup into an empty folder
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_args: Args) -> anyhow::Result<()> {
    anyhow::bail!("`switchboard restore` is not built yet")
}
