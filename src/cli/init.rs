//! `switchboard init`: writes an annotated configuration for a real company.

/// Writes a configuration for your company
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_args: Args) -> anyhow::Result<()> {
    anyhow::bail!("`switchboard init` is not built yet")
}
