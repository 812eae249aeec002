//! `switchboard check`: reads the whole configuration and reports every problem at once.

/// Checks a configuration and says what to mend
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_args: Args) -> anyhow::Result<()> {
    anyhow::bail!("`switchboard check` is not built yet")
}
