//! `switchboard run`: the main job.

/// Runs Switchboard for your company
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_args: Args) -> anyhow::Result<()> {
    anyhow::bail!("`switchboard run` is not built yet")
}
