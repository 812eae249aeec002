//! `switchboard route`: explains where a text would go, and why.

/// Explains where a mention would go
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_args: Args) -> anyhow::Result<()> {
    anyhow::bail!("`switchboard route` is not built yet")
}
