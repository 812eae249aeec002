//! `switchboard man`: writes man pages and shell completions.

/// Writes man pages and shell completions
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_args: Args) -> anyhow::Result<()> {
    anyhow::bail!("`switchboard man` is not built yet")
}
